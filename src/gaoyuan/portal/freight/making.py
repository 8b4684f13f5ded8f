"""Making plans in the background, and mending them around what carriers have been offered or have accepted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from gaoyuan.exchange.freight import Effort, Route, crowded_slots, faults_of, plan_with_docks
from gaoyuan.exchange.freight import Plan as Built
from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.freight.models import Load, Plan, Trip, Vehicle
from gaoyuan.portal.freight.offering import release_ended, send_offers
from gaoyuan.portal.freight.stating import Problem, as_plain_route, from_plain_route, problem_of, stated
from gaoyuan.portal.jobs.models import Job, State
from gaoyuan.portal.jobs.running import Tell, kind, start

__all__ = ["KIND", "start_planning"]

KIND = "freight"
_STEPS_A_LOAD, _STEPS = 200, 500
_PAST = {
    "reason": "time",
    "zh": "最晚提货时间早于计划开始或当前时间",
    "en": "its latest pick-up lies before the plan begins, or has passed",
}


def start_planning(plan: Plan, viewer: Viewer | None = None) -> Job | None:
    """Have a plan built, or mended where it has been offered; None where that waits in the queue already."""
    owner = plan.organisation
    waiting = Job.objects.of(owner).filter(kind=KIND, state=State.QUEUED, given__plan=str(plan.pk))
    if waiting.exists():
        return None
    by = viewer if viewer and viewer.organisation == owner else Viewer(Role(owner.kind), None, owner)
    job = start(KIND, by, {"plan": str(plan.pk)})
    update_logged(Plan.objects.of(owner).filter(pk=plan.pk), job=job)
    return job


@kind(KIND)
def work(job: Job, tell: Tell) -> dict[str, Any]:
    """Build the routes of a plan from what its planner has been given and nobody is bound by yet."""
    plan = Plan.objects.of(job.organisation).get(pk=job.given["plan"])
    tell("routes", 0, 2)
    try:
        release_ended(plan.organisation)
        problem, kept, past = _asked(plan)
        freight, docks = stated(problem, plan)
        steps = _STEPS + _STEPS_A_LOAD * len(freight.loads)
        built = plan_with_docks(freight, docks, Effort(seconds=float(plan.seconds), iterations=steps), kept)
        faults = [*faults_of(built, freight), *crowded_slots(built, freight, docks)]
        if faults:
            raise AssertionError(f"a plan that cannot be driven: {faults[0]}")
    except Exception:
        if plan.state == Plan.State.BUILDING:
            update_logged(Plan.objects.of(plan.organisation).filter(pk=plan.pk), state=Plan.State.FAILED)
        raise
    tell("offers", 1, 2)
    mends = plan.state == Plan.State.OFFERED
    with transaction.atomic():
        _write(plan, problem, built, kept, past)
    if mends:
        send_offers(plan)
    return {"plan": str(plan.pk), "routes": len(built.routes), "unassigned": len(built.unassigned) + len(past)}


def _asked(plan: Plan) -> tuple[Problem, list[Route], list[Load]]:
    """Give the problem, the routes that stay as they are, and the loads that come too late for it."""
    owner, now = plan.organisation, timezone.now()
    trips = list(Trip.unscoped.filter(plan=plan, live=True).select_related("vehicle", "vehicle__organisation"))
    bound = [load for trip in trips for load in Load.unscoped.filter(trip=trip).select_related("case")]
    waiting = list(
        Load.unscoped.filter(planner=owner, trip=None, case__state="posted").select_related(
            "case", "from_warehouse", "to_warehouse"
        )
    )
    first = max(plan.begins, now) if trips or plan.state == Plan.State.OFFERED else plan.begins
    past = [load for load in waiting if load.from_late < max(plan.begins, now)]
    loads = [*bound, *(load for load in waiting if load not in past)]
    taken = Trip.unscoped.filter(live=True).values("vehicle")
    free = Vehicle.unscoped.filter(planner=owner, offered=True, ends__gt=first).exclude(pk__in=taken)
    free = list(free.select_related("organisation"))
    vehicles = [*(trip.vehicle for trip in trips), *free]
    not_before: dict[str, dt.datetime] = {str(one.pk): first for one in free}
    problem = problem_of(plan, loads, vehicles, not_before=not_before)
    return problem, [from_plain_route(trip) for trip in trips], past


def _write(plan: Plan, problem: Problem, built: Built, kept: list[Route], past: list[Load]) -> None:
    held = Plan.objects.of(plan.organisation).select_for_update().get(pk=plan.pk)
    for trip in Trip.unscoped.filter(plan=held, live=False):
        trip.delete()
    carriers: dict[str, Organisation] = {
        str(one.pk): one.organisation
        for one in Vehicle.unscoped.filter(pk__in=[one["key"] for one in problem["vehicles"]]).select_related(
            "organisation"
        )
    }
    staying = {route.vehicle for route in kept}
    for route in built.routes:
        if route.vehicle not in staying:
            Trip.objects.create_for(
                carriers[route.vehicle], plan=held, vehicle_id=route.vehicle, pay_fen=0, **as_plain_route(route)
            )
    held.problem = problem
    held.unassigned = [
        *({"load": one.load, "reason": one.reason, "zh": one.zh, "en": one.en} for one in built.unassigned),
        *({"load": str(load.pk), **_PAST} for load in past),
    ]
    if held.state == Plan.State.OFFERED:
        held.repairs += 1
    else:
        held.state = Plan.State.DRAFT
    held.save()
    plan.refresh_from_db()
