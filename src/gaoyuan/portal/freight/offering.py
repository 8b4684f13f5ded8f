"""Offering trips to carriers load by load, and taking loads out of them again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction

from gaoyuan.exchange.freight import Route, faults_of_route, load_prices_fen, without
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import move_by_program
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.freight.models import Declined, Load, Plan, Trip, Vehicle
from gaoyuan.portal.freight.stating import as_plain_route, from_plain_route, stated
from gaoyuan.trust.canonical import Json

__all__ = ["Offer", "release", "release_ended", "send_offers"]

_BINDING = ("offered", "accepted", "under_way")
_GONE = {"zh": "货物或车辆已另有安排", "en": "the load or the vehicle is bound elsewhere by now"}
_UNPAID = {"zh": "各货主的最高运价合计不足以支付这条线路", "en": "what the loads pay at most does not cover the route"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a carrier is offered with a load: the trip, when he picks up and delivers, and what it pays."""

    trip: uuid.UUID
    picks_up: dt.datetime
    delivers: dt.datetime
    price_fen: int

    def plain(self) -> Mapping[str, Json]:
        """Give what it says."""
        return {
            "trip": str(self.trip),
            "picks_up": self.picks_up.isoformat(),
            "delivers": self.delivers.isoformat(),
            "price_yuan": f"{Decimal(self.price_fen) / 100:.2f}",
        }

    def save(self, case: Case, line: RecordLine) -> None:
        """Bind the load to the trip."""
        update_logged(Load.unscoped.filter(case=case), trip=self.trip, price_fen=self.price_fen)


def send_offers(plan: Plan) -> int:
    """Offer all trips of a plan that are not offered yet, each by itself, and give how many were. What has changed
    since the plan was made is left out; its loads stay behind with that reason.
    """
    sent = 0
    update_logged(Plan.objects.of(plan.organisation).filter(pk=plan.pk), state=Plan.State.OFFERED)
    for trip in list(Trip.unscoped.filter(plan=plan, live=False).select_related("vehicle", "organisation")):
        loads = {one[0] for one in trip.visits}
        try:
            with transaction.atomic():
                left = _send(plan, trip)
                sent += 1
        except (Refused, IntegrityError):
            left = [{"load": key, "reason": "no_vehicle", **_GONE} for key in sorted(loads)]
            trip.delete()
        if left:
            _leave(plan, left)
    plan.refresh_from_db()
    return sent


def release(load: Load, *, refused: bool) -> Plan | None:
    """Take a load out of its trip, whose carrier is not offered it again where he has refused it; give its plan."""
    if load.trip is None:
        return None
    trip = Trip.unscoped.select_for_update().select_related("plan", "vehicle", "organisation").get(pk=load.trip.pk)
    if refused:
        Declined.unscoped.get_or_create(organisation=trip.organisation, load=load)
    paid = load.price_fen or 0
    load.trip, load.price_fen = None, None
    load.save(update_fields=["trip", "price_fen"])
    freight, _ = stated(trip.plan.problem, trip.plan)
    route = without(from_plain_route(trip), {str(load.pk)}, freight)
    if route is None:
        trip.live, trip.visits, trip.metres, trip.pay_fen = False, [], 0, 0
    else:
        for name, value in as_plain_route(route).items():
            setattr(trip, name, value)
        trip.pay_fen -= min(paid, trip.pay_fen)
    trip.save()
    return trip.plan


def release_ended(planner: Organisation) -> None:
    """Free the vehicles whose trips have no load any more that is still to be carried."""
    live = Trip.unscoped.filter(plan__organisation=planner, live=True)
    bound = Load.unscoped.filter(case__state__in=_BINDING, trip__isnull=False).values("trip")
    update_logged(live.exclude(pk__in=bound), live=False)


def _send(plan: Plan, trip: Trip) -> list[dict[str, str]]:
    """Offer a trip; give the loads that are no longer for it. Raises Refused where none is left."""
    keys = sorted({int(one[0]) for one in trip.visits})
    list(Case.unscoped.select_for_update().filter(pk__in=Load.unscoped.filter(pk__in=keys).values("case")))
    vehicle = Vehicle.unscoped.select_for_update().get(pk=trip.vehicle.pk)
    carrier = trip.organisation
    declined = Declined.unscoped.filter(organisation=carrier).values("load")
    free = Load.unscoped.filter(pk__in=keys, trip=None, case__state="posted", planner=plan.organisation)
    loads = {str(one.pk): one for one in free.exclude(pk__in=declined).select_related("case")}
    gone = {str(key) for key in keys} - loads.keys()
    route = _route(plan, trip, gone)
    if route is None or not vehicle.offered:
        raise Refused(Refusal("gone", _GONE["zh"], _GONE["en"]))
    freight, _ = stated(plan.problem, plan)
    prices = load_prices_fen(route, freight)
    if prices is None:
        trip.delete()
        return [{"load": key, "reason": "pay", **_UNPAID} for key in sorted(loads)]
    for name, value in as_plain_route(route).items():
        setattr(trip, name, value)
    trip.live, trip.pay_fen = True, sum(prices.values())
    trip.save()
    times = {(one.load, one.kind): plan.begins + dt.timedelta(seconds=one.begins) for one in route.visits}
    for key, load in loads.items():
        offer = Offer(trip.pk, times[key, "pickup"], times[key, "delivery"], prices[key])
        given = {"carrier": str(carrier.pk)}
        moved = move_by_program(load.case, "offer", role="planner", given=given, detail=offer)
        if isinstance(moved, Refusal):
            raise Refused(moved)
    return [{"load": key, "reason": "no_vehicle", **_GONE} for key in sorted(gone)]


def _route(plan: Plan, trip: Trip, gone: Collection[str]) -> Route | None:
    freight, _ = stated(plan.problem, plan)
    route = without(from_plain_route(trip), gone, freight) if gone else from_plain_route(trip)
    return None if route is None or faults_of_route(route, freight) else route


def _leave(plan: Plan, left: list[dict[str, str]]) -> None:
    with transaction.atomic():
        held = Plan.objects.of(plan.organisation).select_for_update().get(pk=plan.pk)
        held.unassigned = [*held.unassigned, *left]
        held.save(update_fields=["unassigned"])
