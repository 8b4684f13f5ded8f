"""What moves of a demand set off: counterparts are told, sealed quotations opened, the trade recorded."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from gaoyuan.exchange.process import Moved
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case, Notice, RecordLine
from gaoyuan.portal.cases.moving import act, standing_of
from gaoyuan.portal.trades.recording import record_trade
from gaoyuan.portal.trading import quoting
from gaoyuan.portal.trading.finding import counterparts
from gaoyuan.portal.trading.models import Demand
from gaoyuan.portal.trading.places import chain_of
from gaoyuan.portal.trading.searching import PROCESS

__all__ = ["register", "tell_counterparts"]

TOLD = 10
"""How many counterparts are told of a new demand."""


def register() -> None:
    """Make these the acts of the process."""
    act(PROCESS, "match")(tell_counterparts)
    act(PROCESS, "open_quotes")(_open)
    act(PROCESS, "record_trade")(_record)


def tell_counterparts(case: Case, moved: Moved, line: RecordLine) -> None:
    """Tell the firms whose offers fit a demand best that it has been published. Only what everybody may know of the
    demand decides who is told: a hidden limit price cannot be read from it.
    """
    demand = Demand.unscoped.select_related("case", "organisation").filter(case=case).first()
    if demand is None:
        return
    found = counterparts(demand, top=TOLD, chain=chain_of(), private=False)
    for firm in dict.fromkeys(one.row.organisation for one in found):
        if not Notice.unscoped.filter(line=line, organisation=firm).exists():
            Notice.objects.create_for(firm, case=case, line=line)


def _open(case: Case, moved: Moved, line: RecordLine) -> None:
    quoting.open_quotes(case)


def _record(case: Case, moved: Moved, line: RecordLine) -> None:
    facts = standing_of(case).facts
    supplier, price = facts.get("supplier"), facts.get("price_yuan")
    if not supplier:
        return
    demand = Demand.unscoped.filter(case=case).first()
    record_trade(
        case,
        seller=Organisation.objects.get(pk=int(str(supplier))),
        buyer=case.organisation,
        what=case.title,
        amount_yuan=price if isinstance(price, Decimal) else None,
        on=timezone.localdate(moved.record.at),
        product=demand.product if demand else "",
        quantity=demand.quantity if demand else None,
        unit=demand.unit if demand else "",
    )
