"""What finance says to the log: lines of accounts, and what banks decided.

Lines of funds and of mutual guarantees enter with their rows; entries of credit lines, of which the clearing of a pool
writes many at once, within a minute. Of these all enter, what pools reserve too: an amount is a commitment there, which
nobody can open but the two whose line it is. A decision is a use of a consent, and like any other to all who only see
that there is a record: no bank learns from the log that another has refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.evidence.entering import BATCH, enter_record
from gaoyuan.portal.evidence.keeping import STORE, enter
from gaoyuan.portal.evidence.models import LogRecord
from gaoyuan.portal.pooling.models import CreditEntry
from gaoyuan.trust.pack.entries import LogEntry

__all__ = ["enter_decision", "enter_line", "enter_lines"]

LEDGER = "ledger"
"""The kind of records of accounts."""

_SOURCE = "pooling.creditentry:"


def enter_line(source: str, parties: Iterable[Organisation], fields: Mapping[str, str]) -> LogRecord:
    """Enter a line of an account, in the transaction in which it is written."""
    return enter_record(LEDGER, source, parties, fields)


def enter_decision(source: str, parties: Sequence[Organisation], fields: Mapping[str, str]) -> LogRecord:
    """Enter what a bank did with a consent, in the transaction in which it is written."""
    numbers = [str(pk) for pk in sorted({one.pk for one in parties})]
    (record,) = enter([LogEntry("use", fields, numbers)], sources=[source])
    return record


def enter_lines() -> int:
    """Enter the entries of credit lines that the log does not have yet, and give how many."""
    entered = 0
    while _new(1):
        with STORE.alone():
            found = _new(BATCH)
            entered += len(enter([_entry(one) for one in found], sources=[f"{_SOURCE}{one.pk}" for one in found]))
    return entered


def _new(most: int) -> list[CreditEntry]:
    known = LogRecord.objects.filter(source=OuterRef("said"))
    rows = CreditEntry.unscoped.annotate(said=Concat(Value(_SOURCE), Cast("pk", CharField())))
    rows = rows.exclude(Exists(known)).select_related("organisation", "line__member")
    return list(rows.order_by("pk")[:most])


def _entry(one: CreditEntry) -> LogEntry:
    company, member = one.organisation.pk, one.line.member.pk
    fields = {
        "account": f"credit line {one.line.pk}",
        "kind": one.kind,
        "amount_yuan": f"{one.amount:.2f}",
        "reference": one.reference,
        "member": str(member),
        "at": one.made.isoformat(timespec="seconds"),
    }
    return LogEntry(LEDGER, fields, [str(pk) for pk in sorted({company, member})])
