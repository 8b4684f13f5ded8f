"""Which registered providers a station may name for a request, and the climb past levels that have none."""

from __future__ import annotations

import uuid

from gaoyuan.exchange.network import Level, Request, Routed, ServiceKind, Suited, route_request
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.cases.moving import move_by_program
from gaoyuan.portal.network.models import Provider, ServiceRequest

__all__ = ["LEVEL_OF", "climb", "named_for", "routed", "station_division"]

LEVEL_OF: dict[str, Level] = {"at_county": "county", "at_city": "city", "at_province": "province"}
"""Which level a request stands at, by the state of its case."""
_DIGITS: dict[Level, int] = {"county": 6, "city": 4, "province": 2}
_UP = {"at_county": ("refer_to_city", "county"), "at_city": ("refer_to_province", "city")}
_LEVELS: tuple[Level, ...] = ("county", "city", "province")


def station_division(level: Level, division: str) -> str:
    """Give the division of the station of a level that answers for a county.

    >>> station_division("city", "370202")
    '370200'
    """
    return division[: _DIGITS[level]].ljust(6, "0")


def asked(row: ServiceRequest) -> Request:
    """Give a request in the terms of the exchange."""
    kind: ServiceKind = row.kind  # pyright: ignore[reportAssignmentType]
    return Request(str(row.pk), kind, row.case.division, row.industry or None, row.case.opened)


def routed(row: ServiceRequest, *, passed: list[Level]) -> Routed:
    """Say who is asked, with the providers that are registered now; the firm itself is none."""
    held = Provider.unscoped.filter(active=True).exclude(party=row.organisation).select_related("party")
    held = held.filter(division__startswith=row.case.division[:2])
    return route_request(
        asked(row), [one.serving() for one in held], passed=passed, declined=[str(one) for one in row.declined]
    )


def named_for(row: ServiceRequest) -> list[Suited]:
    """Give the providers that the station may name where the request stands: those of its level, the best first; the
    last station those of all levels.
    """
    level = LEVEL_OF.get(row.case.state)
    if level is None:
        return []
    found: list[Suited] = []
    for one in _LEVELS if level == "province" else (level,):
        there = routed(row, passed=[other for other in _LEVELS if other != one])
        found += there.asked if there.level == one else ()
    return found


def climb(pk: uuid.UUID) -> None:
    """Take a request past stations that have nobody to name, at once and with the reason in its record."""
    while True:
        row = ServiceRequest.unscoped.select_related("case", "organisation").filter(case=pk).first()
        if row is None or row.case.state not in _UP:
            return
        level = LEVEL_OF[row.case.state]
        there = routed(row, passed=[one for one in _LEVELS if _LEVELS.index(one) < _LEVELS.index(level)])
        # Where nobody is registered on any level people have to look for somebody, the nearest first.
        if there.level == level or not there.asked:
            return
        move, role = _UP[row.case.state]
        if isinstance(move_by_program(row.case, move, role=role, why=f"{there.zh} {there.en}"), Refusal):
            return
