"""What follows from moves of freight: the plan mends itself, and a delivery becomes a trade."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from gaoyuan.exchange.process import Moved
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import act
from gaoyuan.portal.freight.making import start_planning
from gaoyuan.portal.freight.models import Load
from gaoyuan.portal.freight.offering import release
from gaoyuan.portal.trades.recording import record_trade

_BY_CARRIER = {"refuse", "give_back", "offer_lapses"}


@act("freight", "repair_plan")
def repair_plan(case: Case, moved: Moved, line: RecordLine) -> None:
    """Take the load out of its trip and have the plan look for another vehicle; accepted loads stay as they are."""
    load = Load.unscoped.select_for_update().filter(case=case).first()
    if load is None:
        return
    plan = release(load, refused=moved.record.move in _BY_CARRIER)
    if plan is not None and moved.record.move in _BY_CARRIER:
        start_planning(plan)


@act("freight", "record_trade")
def record(case: Case, moved: Moved, line: RecordLine) -> None:
    """Record that the carrier has sold the transport to the shipper."""
    load = Load.unscoped.filter(case=case).first()
    carrier = moved.case.facts.get("carrier")
    if load is None or carrier is None:
        return
    record_trade(
        case,
        seller=Organisation.objects.get(pk=int(str(carrier))),
        buyer=case.organisation,
        what=f"公路运输 {case.title}",
        amount_yuan=None if load.price_fen is None else Decimal(load.price_fen) / 100,
        on=timezone.localdate(),
        quantity=Decimal(load.weight_kg) / 1000,
        unit="t",
    )
