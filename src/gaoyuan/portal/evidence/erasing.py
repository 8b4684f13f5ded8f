"""Erasing what records say (个人信息保护法, article 47): value and salt go, the commitment stays, as does the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence

from gaoyuan.errors import InputError
from gaoyuan.portal.evidence.keeping import STORE, openings_of
from gaoyuan.portal.evidence.models import LogRecord
from gaoyuan.trust.commitments import commitment

__all__ = ["RETENTIONS", "RetentionRuns", "erase"]

RETENTIONS: list[Callable[[Sequence[LogRecord]], Mapping[int, dt.datetime]]] = []
"""What gives those of some records that a law has kept, each with until when; apps add theirs."""

_KEPT = frozenset({"logged"})
"""When a record was entered says nothing of anybody."""


class RetentionRuns(InputError):
    """What is to be erased must be kept yet."""


def erase(records: Collection[int], names: Collection[str] = ()) -> int:
    """Erase fields of records, all without names, and give how many. Nobody can tell afterwards what they said.

    Raises RetentionRuns, and erases nothing, where a law has one of the records kept longer (个人信息保护法, article
    47, the last paragraph: what must be kept is not erased). Packs that were made before hold what they showed;
    consents to them are the organisation's to withdraw. What the cases and trades of the portal themselves say is
    erased there.
    """
    erased = 0
    with STORE.alone():
        held = list(LogRecord.objects.select_for_update().filter(pk__in=records))
        _check_retention(held)
        for record in held:
            for opening in openings_of(record):
                counts = opening.name.startswith("count_")
                if opening.name in _KEPT or counts or (names and opening.name not in names):
                    continue
                record.erased[opening.name] = commitment(opening)
                del record.plain[opening.name]
                erased += 1
            record.save(update_fields=["plain", "erased"])
    return erased


def _check_retention(records: Sequence[LogRecord]) -> None:
    kept: dict[int, dt.datetime] = {}
    for retention in RETENTIONS:
        kept |= retention(records)
    if kept:
        first = min(kept)
        day = kept[first].date().isoformat()
        raise RetentionRuns(
            f"record {first} must be kept until {day}; nothing was erased",
            mend="Leave out records that must be kept.",
            zh=f"第 {first} 条记录须保存至 {day}，未删除任何内容",
            mend_zh="请去掉须保存的记录",
        )
