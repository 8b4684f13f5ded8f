"""Dossiers: how a bank comes to one, whether it may still be opened, and what is written down when it is."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.evidence.keeping import STORE, log_signer
from gaoyuan.portal.evidence.models import Release
from gaoyuan.portal.evidence.releasing import Terms, note_use, pack_of, release, stands
from gaoyuan.portal.finance.models import Dossier
from gaoyuan.trust.failure import NotTrusted
from gaoyuan.trust.pack import Report, Verdict, verify_pack
from gaoyuan.trust.pack.sealing import origin_of
from gaoyuan.trust.policy import Policy

__all__ = ["Ended", "ask_bank", "bank_use", "dossiers_of_firm", "ended", "open_dossier", "take_file"]

_BANK = "bank "


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a dossier is closed: its consent was `withdrawn`, or has `expired`."""

    why: str


def ask_bank(firm: Organisation, bank: Organisation, terms: Terms, by: User | None) -> Dossier:
    """Consent to show records to a bank of the portal, and give it the dossier; of two at once both stand."""
    # The log first, as in every release: who waits for it holds nothing.
    with STORE.alone():
        made, _secret = release(firm, terms, by)
        return _of_release(made, bank, by)


def take_file(bank: Organisation, content: bytes, by: User | None) -> Dossier | Report:
    """Make a dossier of a file that a bank was sent, or give the report of what does not hold.

    A pack of this platform becomes the dossier of its consent here: the bank sees it withdrawn when it is.
    """
    report = checked(content, timezone.now())
    if report.verdict == Verdict.FAILS:
        return report
    own = _released(report)
    if own is not None:
        return _of_release(own, bank, by)
    about = report.about
    with transaction.atomic():
        made, _new = Dossier.unscoped.update_or_create(
            organisation=bank,
            consent=about["id"][:100],
            log=report.log[:1000],
            defaults={
                "content": content,
                "name": about["organisation_name"][:200],
                "purpose": about["purpose"][:300],
                "first": about["first"],
                "last": about["last"],
                "expires": dt.date.fromisoformat(about["expires"]),
                "closed": None,
                "by": by,
            },
        )
    return made


def checked(content: bytes, now: dt.datetime) -> Report:
    """Verify a pack: one of this platform by its key, one of another as far as it goes by itself."""
    signer = log_signer()
    try:
        ours = origin_of(content) == signer.key.name
    except NotTrusted:
        ours = False
    return verify_pack(content, now, Policy((signer.key,)) if ours else None)


def ended(dossier: Dossier) -> Ended | None:
    """Tell why a dossier may not be opened any more, None while it may."""
    if dossier.release is not None and dossier.release.withdrawn is not None:
        return Ended("withdrawn")
    standing = timezone.localdate() <= dossier.expires if dossier.release is None else stands(dossier.release)
    return None if standing else Ended("expired")


def open_dossier(dossier: Dossier) -> Report:
    """Verify the pack of a dossier anew and, where it is the platform's own, write the opening down in the log for the
    enterprise to see. The caller has asked `ended`.
    """
    if dossier.release is None:
        return checked(bytes(dossier.content), timezone.now())
    note_use(dossier.release, bank_use(dossier.organisation))
    return checked(pack_of(dossier.release), timezone.now())


def bank_use(bank: Organisation) -> str:
    """Give what a use by a bank is called in the log and in the list of uses.

    >>> bank_use(Organisation(pk=7))
    'bank 7'
    """
    return f"{_BANK}{bank.pk}"


def dossiers_of_firm(viewer: Viewer) -> QuerySet[Dossier]:
    """Give the dossiers that banks have of the viewer's own organisation, for it to see what they did."""
    if viewer.organisation is None or viewer.role not in (Role.ENTERPRISE, Role.CLUSTER):
        return Dossier.unscoped.none()
    rows = Dossier.unscoped.filter(release__organisation=viewer.organisation)
    return rows.select_related("organisation", "release__withdrawn").defer("release__content", "content")


def _of_release(made: Release, bank: Organisation, by: User | None) -> Dossier:
    key = str(log_signer().key)
    dossier, _new = Dossier.unscoped.get_or_create(
        organisation=bank,
        consent=str(made.pk),
        log=key,
        defaults={
            "release": made,
            "name": made.organisation.name,
            "purpose": made.purpose,
            "first": made.first,
            "last": made.last,
            "expires": made.expires,
            "by": by,
        },
    )
    return dossier


def _released(report: Report) -> Release | None:
    """Find the consent of this platform that a pack is of; only one that its own key has sealed can be."""
    if report.verdict != Verdict.HOLDS or report.log != str(log_signer().key):
        return None
    try:
        identity = uuid.UUID(report.about["id"])
    except ValueError:
        return None
    return Release.unscoped.filter(pk=identity).select_related("organisation").first()
