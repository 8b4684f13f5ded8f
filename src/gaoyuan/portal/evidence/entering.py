"""Bringing the log up to the records: moves in the order in which they were committed, then the trades they led to.

What is entered and the note that it was entered are one transaction, so a crash leaves both or neither: the next run
goes on where this one stood. Nothing is entered twice, as the database has one record a move and one a trade; none is
passed over, as the sequence of moves has no gaps below what was committed.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Max

from gaoyuan.exchange.process import process
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case, Participation, RecordLine
from gaoyuan.portal.evidence.keeping import STORE, enter, secret_of
from gaoyuan.portal.evidence.models import LogRecord
from gaoyuan.portal.evidence.stages import stage_of
from gaoyuan.portal.trades.models import Trade
from gaoyuan.trust.pack.entries import LogEntry, move_entry, trade_entry

__all__ = ["enter_new", "fields_of", "pseudonym"]

BATCH = 500


def enter_new() -> int:
    """Enter all moves and trades that the log does not have yet, and give how many."""
    entered = 0
    while found := _enter_some():
        entered += found
    return entered


def _enter_some() -> int:
    if not _lines(1) and not _trades(1):
        return 0
    with STORE.alone():
        lines = _lines(BATCH)
        if lines:
            entries = [_move(line) for line in lines]
            return len(enter(entries, sequences=[line.sequence for line in lines]))
        trades = _trades(BATCH)
        return len(enter([_trade(one) for one in trades], trades=[one.pk for one in trades])) if trades else 0


def _lines(most: int) -> list[RecordLine]:
    last = LogRecord.objects.aggregate(last=Max("sequence"))["last"] or 0
    rows = RecordLine.unscoped.filter(sequence__gt=last).select_related("case").order_by("sequence")
    return list(rows[:most])


def _trades(most: int) -> list[Trade]:
    # A trade's number is given out before it is committed, so a lower one may come later.
    known = LogRecord.objects.filter(trade__isnull=False).values("trade")
    return list(Trade.unscoped.exclude(pk__in=known).select_related("organisation", "buyer").order_by("pk")[:most])


def _move(line: RecordLine) -> LogEntry:
    fields = {"case": str(line.case.pk), **fields_of(line.plain)}
    stage = stage_of(fields["process"], fields["move"])
    return move_entry(line.sequence, fields, stage, _parties(line.case, fields["actor"]))


def fields_of(plain: Mapping[str, object], before: str = "") -> dict[str, str]:
    """Give the record of a move as fields of text, those within others with a point: `given.price_yuan`.

    >>> fields_of({"number": 1, "given": {"title": "布"}, "why": ""})
    {'number': '1', 'given.title': '布', 'why': ''}
    """
    found: dict[str, str] = {}
    for name, value in plain.items():
        if isinstance(value, Mapping):
            found |= fields_of(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = str(value)
    return found


def _parties(case: Case, actor: str) -> list[str]:
    """Give those whose record a move is: who moved, and who is bound in the case as buyer, supplier, owner."""
    asked = process(case.process)
    bound = [name for name, role in asked.roles.items() if role.party]
    rows = Participation.unscoped.filter(case=case, role__in=bound).values_list("organisation", flat=True)
    parties = {case.organisation.pk, *rows}
    if actor.isdigit() and Organisation.objects.filter(pk=int(actor)).exists():
        parties.add(int(actor))
    return [str(party) for party in sorted(parties)]


def _trade(trade: Trade) -> LogEntry:
    seller, buyer = trade.organisation, trade.buyer
    return trade_entry(
        case=str(trade.case.pk),
        seller=(str(seller.pk), seller.name),
        buyer=(str(buyer.pk), buyer.name),
        pseudonyms=(pseudonym(buyer.pk, seller.pk), pseudonym(seller.pk, buyer.pk)),
        what=trade.what,
        amount_yuan="" if trade.amount_yuan is None else f"{trade.amount_yuan:.2f}",
        on=trade.date.isoformat(),
        product=trade.product,
        quantity=_plain(trade.quantity),
        unit=trade.unit,
    )


def pseudonym(of: int, whom: int) -> str:
    """Name an organisation for the packs of another: always the same there, and another in everybody else's."""
    return hmac.digest(secret_of("pseudonyms"), f"{of}|{whom}".encode(), "sha256").hex()[:16]


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def names_of(numbers: Iterable[str]) -> dict[str, str]:
    """Give the names of organisations by their numbers."""
    return {str(one.pk): one.name for one in Organisation.objects.filter(pk__in=[int(one) for one in numbers])}
