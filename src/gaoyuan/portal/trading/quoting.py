"""Quotations as they are kept: encrypted, sealed until the deadline where the demand says so, one of a bidder."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet

from gaoyuan.exchange.quotations import PriceBreak, Quotation
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import CheckedFile, described, save_attachments, unseal_attachments
from gaoyuan.portal.cases.models import Attachment, Case, RecordLine
from gaoyuan.portal.cases.moving import standing_of
from gaoyuan.portal.cases.seeing import roles_of
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.encryption import cipher
from gaoyuan.portal.trading.models import Quote
from gaoyuan.trust.canonical import Json, canonical_json

__all__ = ["Later", "Quoted", "TakenBack", "has_quoted", "is_sealed", "open_quotes", "quotation_of", "quotes_seen_by"]

Terms: TypeAlias = "dict[str, Json]"
_PURPOSE = "quotations"
_SEEN_BY = ("buyer", "office")


@dataclass(frozen=True, slots=True)
class Quoted:
    """The detail of a quotation given (`replaces` is False) or given anew. The record holds a commitment to all of its
    terms and files, salted with a nonce that lies in the encrypted terms, so that it tells nothing before they are
    opened and proves them afterwards.
    """

    organisation: Organisation
    quotation: Quotation
    note: str = ""
    files: Sequence[CheckedFile] = ()
    replaces: bool = False
    nonce: str = field(default_factory=lambda: secrets.token_hex(32))

    def plain(self) -> Mapping[str, Json]:
        """Give the commitment alone."""
        return {"quotation": commitment_of(self.terms())}

    def terms(self) -> Terms:
        """Give all of it as JSON."""
        one = self.quotation
        return {
            "breaks": [[str(part.least), str(part.price_yuan)] for part in one.breaks],
            "lead_days": one.lead_days,
            "valid_until": one.valid_until.isoformat(),
            "min_quantity": None if one.min_quantity is None else str(one.min_quantity),
            "freight_yuan": str(one.freight_yuan),
            "certificates": sorted(one.certificates),
            "note": self.note,
            "files": described(self.files),
            "nonce": self.nonce,
        }

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the one quotation of this bidder; the case is locked."""
        sealed = is_sealed(case)
        held = Quote.unscoped.filter(case=case, organisation=self.organisation).first()
        stands = held is not None and not held.withdrawn
        if stands and not self.replaces:
            raise Refused(Refusal("quoted", "贵单位已经报价：请用“更换报价”", "you have quoted: replace the quotation"))
        if self.replaces and not stands:
            raise Refused(Refusal("not_quoted", "贵单位还没有报价", "you have not quoted yet"))
        quote = held or Quote(case=case, organisation=self.organisation)
        text = json.dumps(self.terms(), ensure_ascii=False)
        quote.content = cipher(_PURPOSE).encrypt(text.encode()).decode()
        quote.sealed, quote.withdrawn = sealed, False
        quote.save()
        if self.files or not stands:
            _drop_files(case, self.organisation)
        save_attachments(case, line, self.organisation, self.files, _SEEN_BY, sealed=sealed)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The detail of a quotation taken back: nobody is shown it any more."""

    organisation: Organisation

    def plain(self) -> Mapping[str, Json]:
        """Give nothing: the move says it."""
        return {}

    def save(self, case: Case, line: RecordLine) -> None:
        """Mark it; the case is locked."""
        held = Quote.unscoped.filter(case=case, organisation=self.organisation, withdrawn=False).first()
        if held is None:
            raise Refused(Refusal("not_quoted", "贵单位还没有报价", "you have not quoted yet"))
        held.withdrawn = True
        held.save()
        _drop_files(case, self.organisation)


@dataclass(frozen=True, slots=True)
class Later:
    """The detail of a deadline that is extended: later than every one that bidders have been told, also where somebody
    else has extended it since the form was shown.
    """

    def plain(self) -> Mapping[str, Json]:
        """Give nothing: the move says it."""
        return {}

    def save(self, case: Case, line: RecordLine) -> None:
        """Refuse an earlier one; the case is locked."""
        before = RecordLine.unscoped.filter(case=case, number__lt=line.number).values_list("plain", flat=True)
        told = [str(plain["given"]["closes_at"]) for plain in before if "closes_at" in plain["given"]]
        known = max((dt.datetime.fromisoformat(one) for one in told), default=None)
        if known is not None and case.deadline is not None and case.deadline <= known:
            raise Refused(
                Refusal(
                    "earlier",
                    "报价期刚刚已被延长到更晚的时间，请重新打开页面",
                    "the deadline has just been extended to a later one: open the page again",
                )
            )


def commitment_of(terms: Mapping[str, Json]) -> str:
    """Give the commitment to the terms of a quotation: the SHA-256 of their canonical JSON, the nonce among them."""
    return hashlib.sha256(canonical_json(terms)).hexdigest()


def is_sealed(case: Case) -> bool:
    """Whether quotations of a case are sealed until its deadline."""
    return bool(standing_of(case).facts.get("sealed"))


def has_quoted(viewer: Viewer, case: Case) -> bool:
    """Whether a quotation of the viewer's organisation stands."""
    own = viewer.organisation
    return own is not None and Quote.unscoped.filter(case=case, organisation=own, withdrawn=False).exists()


def quotes_seen_by(viewer: Viewer, case: Case) -> QuerySet[Quote]:
    """Give the quotations of a case whose terms a viewer may read: his own; the buyer and the office those that are not
    sealed (any more). The viewer may know of the case.
    """
    own = viewer.organisation
    if own is None:
        return Quote.unscoped.none()
    seen = Q(organisation=own)
    if set(roles_of(viewer, case)) & set(_SEEN_BY):
        seen |= Q(sealed=False)
    return Quote.unscoped.filter(seen, case=case, withdrawn=False).select_related("organisation").order_by("pk")


def open_quotes(case: Case) -> None:
    """Open the sealed quotations of a case for its buyer and the office."""
    for one in Quote.unscoped.filter(case=case, sealed=True, withdrawn=False):
        one.sealed = False
        one.save()
    unseal_attachments(case, _SEEN_BY)


def quotation_of(quote: Quote) -> tuple[Quotation, str]:
    """Give the terms and the note of a quotation: for whoever may read them."""
    said = terms_of(quote)
    breaks = tuple(PriceBreak(Decimal(least), Decimal(price)) for least, price in said["breaks"])
    least = said["min_quantity"]
    return (
        Quotation(
            str(quote.organisation.pk),
            breaks,
            int(said["lead_days"]),
            dt.date.fromisoformat(said["valid_until"]),
            None if least is None else Decimal(least),
            Decimal(said["freight_yuan"]),
            frozenset(said["certificates"]),
        ),
        str(said["note"]),
    )


def terms_of(quote: Quote) -> dict[str, Any]:
    """Give the terms as they were committed to."""
    return json.loads(cipher(_PURPOSE).decrypt(quote.content.encode()))


def _drop_files(case: Case, organisation: Organisation) -> None:
    Attachment.unscoped.filter(case=case, organisation=organisation).delete()
