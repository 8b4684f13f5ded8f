"""Whom a request goes to: the county's providers first, then the city's, then the province's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gaoyuan.exchange.network.model import KINDS, LEVELS, Level, Provider, Request

__all__ = ["DAYS_TO_ANSWER", "Routed", "Suited", "route_request"]

DAYS_TO_ANSWER: dict[Level, int] = {"county": 3, "city": 5, "province": 7}
"""After how many days without an answer a request climbs to the next level (those of the process `service-request`); a
network may agree on others."""
_LEVEL_NAMES: dict[Level, tuple[str, str]] = {
    "county": ("县级", "county"),
    "city": ("市级", "city"),
    "province": ("省级", "province"),
}


@dataclass(frozen=True, slots=True)
class Suited:
    """A provider that could answer, and why it stands where it stands."""

    provider: Provider
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a request is: its level, who is asked there (the best first), when it climbs on (None: it cannot), and what
    was found on the levels below. Without a provider on any level `level` is the province and nobody is asked.
    """

    level: Level
    asked: tuple[Suited, ...]
    climbs: dt.datetime | None
    zh: str
    en: str


def route_request(
    request: Request,
    providers: Sequence[Provider],
    *,
    since: dt.datetime | None = None,
    passed: Collection[Level] = (),
    declined: Collection[str] = (),
    days: dict[Level, int] = DAYS_TO_ANSWER,
) -> Routed:
    """Say who is asked now. `passed` are the levels that have had their time, `declined` the providers that will not,
    `since` when the request came to its level (usually when it was asked).

    On a level those come first that name the industry most exactly, then those with most room, then by key. A provider
    that is full is not asked; a level whose providers are all full or have declined is passed over, and that is told.

    >>> near = Provider("a", "县中心", "county", "370202", frozenset({"testing"}))
    >>> above = Provider("b", "市中心", "city", "370200", frozenset({"testing"}))
    >>> asked = Request("r", "testing", "370202", "2710", dt.datetime(2026, 5, 1, 9))
    >>> route_request(asked, [near, above]).level, route_request(asked, [near, above], passed=["county"]).level
    ('county', 'city')
    """
    told_zh: list[str] = []
    told_en: list[str] = []
    for level in LEVELS:
        if level in passed:
            continue
        zh, en = _LEVEL_NAMES[level]
        of_kind = [
            one
            for one in providers
            if one.level == level
            and request.kind in one.kinds
            and one.serves(request.division)
            and _exactness(one, request.industry) is not None
        ]
        willing = [one for one in of_kind if one.key not in declined and one.open_requests < one.most_open]
        if willing:
            climbs = None
            if level != LEVELS[-1]:
                climbs = (since or request.asked) + dt.timedelta(days=days[level])
            ranked = sorted(willing, key=lambda one: _order(one, request.industry))
            return Routed(
                level,
                tuple(_suited(one, request) for one in ranked),
                climbs,
                "；".join([*told_zh, f"由{zh}机构答复"]),
                "; ".join([*told_en, f"the {en} level answers"]),
            )
        told_zh.append(f"{zh}机构已满或已谢绝" if of_kind else f"{zh}没有此类机构")
        told_en.append(f"the {en} level is full or has declined" if of_kind else f"the {en} level has no such provider")
    return Routed(LEVELS[-1], (), None, "；".join(told_zh), "; ".join(told_en))


def _exactness(provider: Provider, industry: str | None) -> int | None:
    """Say how exactly a provider names an industry, in digits; None where it serves others only."""
    if not provider.industries:
        return 0
    matching = [len(prefix) for prefix in provider.industries if industry is not None and industry.startswith(prefix)]
    return max(matching, default=None)


def _order(provider: Provider, industry: str | None) -> tuple[int, int, str]:
    room = provider.most_open - provider.open_requests
    return -(_exactness(provider, industry) or 0), -room, provider.key


def _suited(provider: Provider, request: Request) -> Suited:
    kind_zh, kind_en = KINDS[request.kind]
    digits = _exactness(provider, request.industry) or 0
    code = (request.industry or "")[:digits]
    room = provider.most_open - provider.open_requests
    zh = f"提供{kind_zh}服务" + (f"，专注行业 {code}" if digits else "") + f"，还可受理 {room} 件"
    en = f"offers {kind_en}" + (f" for industry {code}" if digits else "") + f", can take {room} more"
    return Suited(provider, zh, en)
