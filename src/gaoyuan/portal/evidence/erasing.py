"""Erasing what records say (个人信息保护法, article 47): value and salt go, the commitment stays, as does the log."""

from __future__ import annotations

from collections.abc import Collection

from gaoyuan.portal.evidence.keeping import STORE, openings_of
from gaoyuan.portal.evidence.models import LogRecord
from gaoyuan.trust.commitments import commitment

__all__ = ["erase"]

_KEPT = frozenset({"logged"})
"""When a record was entered says nothing of anybody."""


def erase(records: Collection[int], names: Collection[str] = ()) -> int:
    """Erase fields of records, all without names, and give how many. Nobody can tell afterwards what they said.

    Packs that were made before hold what they showed; consents to them are the organisation's to withdraw. What the
    cases and trades of the portal themselves say is erased there.
    """
    erased = 0
    with STORE.alone():
        for record in LogRecord.objects.select_for_update().filter(pk__in=records):
            for opening in openings_of(record):
                counts = opening.name.startswith("count_")
                if opening.name in _KEPT or counts or (names and opening.name not in names):
                    continue
                record.erased[opening.name] = commitment(opening)
                del record.plain[opening.name]
                erased += 1
            record.save(update_fields=["plain", "erased"])
    return erased
