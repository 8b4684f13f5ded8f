"""Who may have erased what (个人信息保护法, article 47): an organisation what concerns it alone, at once; what concerns
others too the administrator, when it is asked for; nothing that signatures or consents which stand are checked by.

Each erasure is a record of the log itself, which says of which record, so that nobody takes the gap for a fault.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.evidence.entering import enter_record
from gaoyuan.portal.evidence.erasing import erase
from gaoyuan.portal.evidence.keeping import STORE
from gaoyuan.portal.evidence.models import Concern, Erasure, LogRecord, Release
from gaoyuan.portal.evidence.releasing import stands

__all__ = ["Right", "ask", "decide", "right_to"]

_OF_SIGNATURES = frozenset({"key", "revocation", "statement", "erasure"})


class Right(StrEnum):
    """What an organisation may do about a record of its: erase it, ask for that, or neither for the reason named."""

    ERASE = "erase"
    ASK = "ask"
    ASKED = "asked"
    ERASED = "erased"
    SIGNS = "signs"
    STANDS = "stands"


def right_to(record: LogRecord) -> Right:
    """Tell what those whom a record concerns may do about it."""
    if not set(record.plain) - {"logged"} - {name for name in record.plain if name.startswith("count_")}:
        return Right.ERASED
    if record.kind in _OF_SIGNATURES:
        return Right.SIGNS
    release = Release.unscoped.filter(record=record).first() if record.kind == "consent" else None
    if release is not None and stands(release):
        return Right.STANDS
    if Erasure.unscoped.filter(record=record, decided=None).exists():
        return Right.ASKED
    return Right.ERASE if Concern.unscoped.filter(record=record).count() == 1 else Right.ASK


def ask(organisation: Organisation, record: LogRecord, reason: str, by: User | None) -> Right:
    """Erase what a record of an organisation says, or ask for it; gives what it was allowed to do.

    Raises RetentionRuns where the record must be kept longer.
    """
    with STORE.alone():
        held = LogRecord.objects.select_for_update().get(pk=record.pk)
        right = right_to(held)
        if right not in {Right.ERASE, Right.ASK}:
            return right
        try:
            with transaction.atomic():
                made = Erasure.objects.create_for(organisation, record=held, reason=reason, by=by)
        except IntegrityError:
            return Right.ASKED
        if right == Right.ERASE:
            _erase(made, "", by)
    return right


def decide(asked: Erasure, erased: bool, answer: str, by: User | None) -> bool:
    """Erase what was asked for, or refuse it; tells whether nobody had decided yet. Raises RetentionRuns as `ask`."""
    with STORE.alone():
        held = Erasure.unscoped.select_for_update(of=("self",)).get(pk=asked.pk)
        if held.decided is not None:
            return False
        if erased:
            _erase(held, answer, by)
            return True
        held.decided, held.decider, held.answer = timezone.now(), by, answer
        held.save()
    return True


def _erase(asked: Erasure, answer: str, by: User | None) -> None:
    index = asked.record.pk
    erase([index])
    parties = [one.organisation for one in Concern.unscoped.filter(record=index).select_related("organisation")]
    said = {"record": index, "asked_by": asked.organisation.pk}
    enter_record("erasure", f"evidence.erasure:{asked.pk}", parties, said, public={"record": index})
    asked.decided, asked.decider, asked.answer, asked.done = timezone.now(), by, answer, True
    asked.save()
