"""Warehouses with docks: handing over there begins within a slot, and each slot takes so many vehicles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import NamedTuple, TypeAlias

from gaoyuan.exchange.freight.effort import Effort
from gaoyuan.exchange.freight.model import Freight, FreightInvalid, Load, Stop
from gaoyuan.exchange.freight.plan import Kind, Plan, Route, Unassigned, Visit, stop_of
from gaoyuan.exchange.freight.planning import replan

__all__ = ["Dock", "Slot", "crowded_slots", "plan_with_docks"]

_MOST_ROUNDS = 8
_USUAL = Effort()


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which vehicles may begin to hand over, in seconds, and how many of them."""

    early: int
    late: int
    vehicles: int


@dataclass(frozen=True, slots=True)
class Dock:
    """A place that takes vehicles only in slots; they do not overlap. Raises FreightInvalid where they do."""

    place: int
    slots: tuple[Slot, ...]

    def __post_init__(self) -> None:
        ordered = sorted(self.slots, key=lambda slot: slot.early)
        for before, after in pairwise(ordered):
            if before.late >= after.early:
                raise FreightInvalid(
                    f"slots of place {self.place} overlap: one ends at {before.late} s, one begins at {after.early} s",
                    zh=f"地点 {self.place} 的月台时段重叠",
                )
        if any(slot.early > slot.late or slot.vehicles < 0 for slot in self.slots):
            raise FreightInvalid(
                f"a slot of place {self.place} ends before it begins, or takes fewer than no vehicles",
                zh=f"地点 {self.place} 的月台时段颠倒或车位数为负",
            )


End: TypeAlias = tuple[str, Kind]
"""One end of a load: its key, and which."""


class _Call(NamedTuple):
    """A vehicle that hands over at a dock without leaving in between; `slot` is None outside of all slots."""

    place: int
    slot: Slot | None
    visits: tuple[Visit, ...]


def plan_with_docks(
    freight: Freight, docks: Sequence[Dock], effort: Effort = _USUAL, kept: Collection[Route] = ()
) -> Plan:
    """Plan as `planning.replan` does, so that no slot of a dock takes more vehicles than it may; routes that are kept
    keep their slots.

    The plan is made without slots first; vehicles that come outside of slots or to a full one are then moved to the
    nearest slot with room that their loads allow, and the plan is made again, with `effort` each time. After eight
    times what still finds no room stays behind with the reason "no_slot".
    """
    by_place = {dock.place: dock for dock in docks}
    slots: dict[End, Slot] = {}
    settled = {load for route in kept for load in route.loads}
    away = {load.key for load in freight.loads if load.key not in settled and not _has_slots(load, by_place)}
    turn = 0
    while True:
        turn += 1
        loads = tuple(
            load if load.key in settled else _within(load, slots, by_place)
            for load in freight.loads
            if load.key not in away
        )
        asked = Freight(loads, freight.vehicles, freight.travel)
        plan = replan(asked, kept, effort)
        moved, homeless = _spread(plan, freight, by_place, settled)
        if turn >= _MOST_ROUNDS:
            # What is moved now might be moved for ever.
            homeless, moved = homeless | {load for load, _ in moved}, {}
        if not moved and not homeless:
            return Plan(plan.routes, (*plan.unassigned, *map(_no_slot, sorted(away))))
        slots |= moved
        away |= homeless


def crowded_slots(plan: Plan, freight: Freight, docks: Sequence[Dock]) -> list[str]:
    """Say where a plan brings more vehicles to a dock than a slot takes, or a vehicle outside of all slots."""
    by_place = {dock.place: dock for dock in docks}
    calls = [call for route in plan.routes for call in _calls(route, freight, by_place)]
    faults = [
        f"{call.visits[0].load} comes to place {call.place} outside of all slots" for call in calls if not call.slot
    ]
    for (place, slot), vehicles in Counter((call.place, call.slot) for call in calls if call.slot).items():
        if slot and vehicles > slot.vehicles:
            faults.append(f"{vehicles} vehicles come to place {place} from {slot.early} to {slot.late} s")
    return faults


def _spread(
    plan: Plan, freight: Freight, by_place: dict[int, Dock], settled: Collection[str]
) -> tuple[dict[End, Slot], set[str]]:
    """Say which ends of loads have to come in another slot, and which loads find none."""
    calls = [call for route in plan.routes for call in _calls(route, freight, by_place)]
    room = {(dock.place, slot): slot.vehicles for dock in by_place.values() for slot in dock.slots}
    moved: dict[End, Slot] = {}
    homeless: set[str] = set()
    for call in calls:
        if call.slot and call.visits[0].load in settled:
            room[call.place, call.slot] -= 1
    # Those that could come only soon choose first.
    calls = [call for call in calls if call.visits[0].load not in settled]
    calls.sort(key=lambda call: (min(stop_of(freight, visit).late for visit in call.visits), call.visits[0].begins))
    unsettled: list[_Call] = []
    for call in calls:
        if call.slot and room[call.place, call.slot] > 0:
            room[call.place, call.slot] -= 1
        else:
            unsettled.append(call)
    for call in unsettled:
        begins = call.visits[0].begins
        fitting = [
            slot
            for slot in by_place[call.place].slots
            if room[call.place, slot] > 0 and all(_meet(stop_of(freight, visit), slot) for visit in call.visits)
        ]
        if not fitting:
            homeless |= {visit.load for visit in call.visits}
            continue
        nearest = min(fitting, key=lambda slot: max(slot.early - begins, begins - slot.late))
        room[call.place, nearest] -= 1
        moved |= {(visit.load, visit.kind): nearest for visit in call.visits}
    if moved or homeless:
        # All others keep the slots that they have.
        kept: dict[End, Slot] = {}
        for call in calls:
            if call.slot and call not in unsettled:
                kept |= {(visit.load, visit.kind): call.slot for visit in call.visits}
        moved = kept | moved
    return moved, homeless


def _calls(route: Route, freight: Freight, by_place: dict[int, Dock]) -> list[_Call]:
    """Give a vehicle's calls at docks: one for each slot in which it begins to hand over before it drives on."""
    calls: list[_Call] = []
    for place, visits in groupby(route.visits, key=lambda visit: stop_of(freight, visit).place):
        if place in by_place:
            by_slot = groupby(visits, key=lambda visit: _slot_at(by_place[place], visit.begins))
            calls += [_Call(place, slot, tuple(held)) for slot, held in by_slot]
    return calls


def _slot_at(dock: Dock, begins: int) -> Slot | None:
    return next((slot for slot in dock.slots if slot.early <= begins <= slot.late), None)


def _within(load: Load, slots: dict[End, Slot], by_place: dict[int, Dock]) -> Load:
    """Give a load with its times within the slots that its ends have, else within all slots of its docks."""
    return replace(
        load,
        pickup=_narrowed(load.pickup, slots.get((load.key, "pickup")), by_place),
        delivery=_narrowed(load.delivery, slots.get((load.key, "delivery")), by_place),
    )


def _narrowed(stop: Stop, slot: Slot | None, by_place: dict[int, Dock]) -> Stop:
    dock = by_place.get(stop.place)
    if dock is None:
        return stop
    chosen = [slot] if slot else [one for one in dock.slots if one.vehicles and _meet(stop, one)]
    early = max(stop.early, min(one.early for one in chosen))
    return replace(stop, early=early, late=min(stop.late, max(one.late for one in chosen)))


def _has_slots(load: Load, by_place: dict[int, Dock]) -> bool:
    ends = [stop for stop in (load.pickup, load.delivery) if stop.place in by_place]
    return all(any(one.vehicles and _meet(stop, one) for one in by_place[stop.place].slots) for stop in ends)


def _meet(stop: Stop, slot: Slot) -> bool:
    return stop.early <= slot.late and slot.early <= stop.late


def _no_slot(load: str) -> Unassigned:
    return Unassigned(load, "no_slot", "仓库月台没有合适的空闲时段", "no slot of the warehouse that suits it is left")
