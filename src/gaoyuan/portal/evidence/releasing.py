"""Consents to show records, and the packs that are made under them."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.evidence.entering import enter_new
from gaoyuan.portal.evidence.keeping import STORE, enter, log_signer, newest_checkpoint, openings_of
from gaoyuan.portal.evidence.models import Concern, LogRecord, Release, Signature, Use
from gaoyuan.portal.evidence.rings import rings_of
from gaoyuan.portal.evidence.witnessing import best_checkpoint
from gaoyuan.trust.canonical import Json
from gaoyuan.trust.checkpoints import Checkpoint
from gaoyuan.trust.pack.entries import consent_entry, shown_names, use_entry, withdrawal_entry
from gaoyuan.trust.pack.making import make_pack
from gaoyuan.trust.pack.records import show
from gaoyuan.trust.tiles import TileNodes

__all__ = ["Terms", "note_use", "pack_of", "partners_of", "release", "released_by", "withdraw"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organisation consents to: to whom, what for, which months, until when, and whom it does not name."""

    recipient: str
    purpose: str
    first: str
    last: str
    expires: dt.date
    masked: Sequence[Organisation]


def release(organisation: Organisation, terms: Terms, by: User | None) -> tuple[Release, str]:
    """Enter a consent into the log and make the pack; gives the row, and the secret of the recipient's address, which
    is kept nowhere.
    """
    enter_new()
    identity, secret = uuid.uuid4(), secrets.token_urlsafe(24)
    with STORE.alone():
        entry = consent_entry(
            str(identity),
            (str(organisation.pk), organisation.name),
            recipient=terms.recipient,
            purpose=terms.purpose,
            first=terms.first,
            last=terms.last,
            expires=terms.expires.isoformat(),
            masked=len(terms.masked),
        )
        (record,) = enter([entry])
        made = Release(
            id=identity,
            organisation=organisation,
            recipient=terms.recipient,
            purpose=terms.purpose,
            first=terms.first,
            last=terms.last,
            expires=terms.expires,
            record=record,
            digest=sha256(secret.encode()).hexdigest(),
            by=by,
        )
        _make(made, [str(one.pk) for one in terms.masked])
        made.save()
        made.masked.set(terms.masked)
    return made, secret


def pack_of(made: Release) -> bytes:
    """Give the pack of a consent; once witnesses have cosigned what it speaks of, it is made again with that."""
    best = best_checkpoint()
    if not made.witnessed and best is not None and best.checkpoint.size > made.record.index:
        with STORE.alone():
            _make(made, [str(pk) for pk in made.masked.values_list("pk", flat=True)])
            made.save()
    return bytes(made.content)


def withdraw(made: Release) -> bool:
    """Withdraw a consent; tells whether it stood. The record of it names the consent, for whoever holds the pack."""
    with STORE.alone():
        held = Release.unscoped.select_for_update(of=("self",)).get(pk=made.pk)
        if held.withdrawn is not None:
            return False
        (record,) = enter([withdrawal_entry(str(held.pk), str(held.organisation.pk))])
        held.withdrawn = record
        held.save()
    return True


def note_use(made: Release, what: str) -> None:
    """Write down that a pack was fetched, in the log too."""
    with STORE.alone():
        (record,) = enter([use_entry(str(made.pk), str(made.organisation.pk), what)])
        Use.objects.create_for(made.organisation, release=made, record=record, what=what)


def released_by(secret: str) -> Release | None:
    """Find the consent of a recipient's address."""
    return Release.unscoped.filter(digest=sha256(secret.encode()).hexdigest()).select_related("organisation").first()


def stands(made: Release) -> bool:
    """Tell whether a consent stands today."""
    return made.withdrawn is None and timezone.localdate() <= made.expires


def partners_of(organisation: Organisation) -> list[Organisation]:
    """Give whom an organisation has traded with, by the records of the log."""
    own = LogRecord.objects.filter(kind="trade", concerns__organisation=organisation)
    others = Concern.unscoped.filter(record__in=own).exclude(organisation=organisation).values("organisation")
    return list(Organisation.objects.filter(pk__in=others).order_by("name"))


def _make(made: Release, masked: Sequence[str]) -> None:
    best = best_checkpoint()
    made.witnessed = best is not None and best.checkpoint.size > made.record.index
    opened = best if best is not None and made.witnessed else newest_checkpoint()
    subject = str(made.organisation.pk)
    whole, marks = _chosen(made)
    trades = [one for one in whole if one.kind == "trade"]
    statements, signing = _signatures(trades, made.record.index)
    found = {one.index: one for one in (*whole, *marks, *signing, *_staged(trades, made.record.index))}
    marked = {one.index for one in marks} - {one.index for one in (*whole, *signing)}
    records: list[dict[str, Json]] = []
    for index, one in sorted(found.items()):
        names = shown_names(one.kind, one.said, subject, masked, whole=index not in marked)
        records.append(show(index, one.public, openings_of(one), names, one.erased))
    checkpoint = opened.checkpoint
    before = Release.unscoped.filter(organisation=made.organisation, size__gt=0).values_list("size", "root")
    made.content = make_pack(
        records,
        statements,
        consent=made.record.index,
        subject=subject,
        opened=opened,
        nodes=TileNodes(checkpoint.size, STORE.read),
        signer=log_signer(),
        now=timezone.now(),
        earlier=[Checkpoint(checkpoint.origin, size, bytes.fromhex(root)) for size, root in before],
        word=rings_of(made),
    )
    made.size, made.root = checkpoint.size, checkpoint.root.hex()
    made.sha256 = sha256(made.content).hexdigest()


def _chosen(made: Release) -> tuple[list[LogRecord], list[LogRecord]]:
    """Give the records of the period with the consent, and the two that show that none of the period is missing."""
    concerns = Concern.objects.of(made.organisation).filter(record__index__lte=made.record.index)
    rows = [one.record for one in concerns.select_related("record").order_by("number")]
    months = [f"{one.logged.astimezone(dt.UTC):%Y-%m}" for one in rows]
    before = [one for one, month in zip(rows, months, strict=True) if month < made.first]
    within = [one for one, month in zip(rows, months, strict=True) if made.first <= month <= made.last]
    after = [one for one, month in zip(rows, months, strict=True) if month > made.last]
    whole = within if made.record in within else [*within, made.record]
    return whole, [*before[-1:], *after[:1]]


def _signatures(trades: Iterable[LogRecord], until: int) -> tuple[list[bytes], list[LogRecord]]:
    """Give the statements that sign trades, and the records of these and of their keys."""
    signatures = Signature.unscoped.filter(record__in=[one.pk for one in trades], statement__record__index__lte=until)
    rows = list(signatures.select_related("statement__record", "key__registered", "key__revoked"))
    statements = {one.statement.pk: one.statement for one in rows}
    records = [one.record for one in statements.values()]
    keys = {one.key.pk: one.key for one in rows}.values()
    records += [one.registered for one in keys]
    records += [one.revoked for one in keys if one.revoked is not None and one.revoked.index <= until]
    return [one.text.encode() for one in statements.values()], records


def _staged(trades: Iterable[LogRecord], until: int) -> list[LogRecord]:
    """Give the moves that explain trades: orders, deliveries, acceptances, disputes of their cases."""
    cases = {one.case for one in trades if one.case}
    moves = LogRecord.objects.filter(kind="move", case__in=cases, index__lte=until)
    return [one for one in moves if one.said.get("stage")]
