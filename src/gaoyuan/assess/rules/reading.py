"""Reading the criteria of an edition from the plain data of its file, which has been validated before."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gaoyuan.assess.rules.model import (
    APPLICATIONS,
    Application,
    Band,
    Bands,
    BestOf,
    Case,
    Cases,
    Checklist,
    ChecklistItem,
    Choice,
    Criterion,
    GivenPoints,
    Lattice,
    Level,
    Levels,
    Limit,
    Manual,
    Membership,
    Number,
    Part,
    PerUnit,
    Points,
    Quantity,
    Rule,
    Score,
    SettingName,
    Several,
    Status,
    Threshold,
    Together,
    Tree,
)

_Data = Mapping[str, Any]


def read_criteria(entries: Sequence[_Data]) -> tuple[Criterion, ...]:
    """Read the criteria of an edition, in the order of the file."""
    return tuple(read_criterion(entry) for entry in entries)


def read_criterion(entry: _Data, above: Criterion | None = None, at: int = 0) -> Criterion:
    """Read a criterion; what it does not say itself (article, status, words) is that of the criterion `above`."""
    name = str(entry.get("id") or (f"{above.id}.{at + 1}" if above else ""))
    note = entry.get("note") or {}
    shell = Criterion(
        id=name,
        zh=entry.get("zh") or (above.zh if above else ""),
        en=entry.get("en") or (above.en if above else ""),
        article=entry.get("article") or (above.article if above else ""),
        status=Status(entry.get("status") or (above.status if above else "unverified")),
        rule=Manual(),
        hard=entry.get("hard", True),
        applications=_applications(entry.get("application")),
        note_zh=note.get("zh", ""),
        note_en=note.get("en", ""),
    )
    rule = _KINDS[entry["kind"]](entry, shell)
    return replace(shell, rule=rule)


def read_points(entry: _Data) -> Points:
    """Read what gives points."""
    if "bands" in entry:
        bands = tuple(Band(op, _finite(bound), float(points)) for op, bound, points in entry["bands"])
        return _monotone(Bands(_quantity(entry), bands, float(entry.get("otherwise", 0.0))))
    if "choice" in entry:
        return Choice(entry["choice"], _numbers(entry["points"]))
    if "several" in entry:
        points = _numbers(entry["points"])
        return Several(entry["several"], points, float(entry.get("cap", sum(points.values()))))
    if "every" in entry:
        return PerUnit(_quantity(entry), float(entry["every"]), float(entry["points"]), float(entry["cap"]))
    if "given" in entry:
        return GivenPoints(entry["given"], float(entry["most"]))
    if "best_of" in entry:
        return BestOf(tuple(read_points(part) for part in entry["best_of"]))
    return Tree(tuple(_part(part) for part in entry["parts"]), entry.get("cap"))


def _part(entry: _Data) -> Part:
    return Part(
        id=str(entry["id"]),
        zh=entry["zh"],
        en=entry["en"],
        points=read_points(entry),
        weight=float(entry.get("weight", 1.0)),
        floor=entry.get("floor"),
    )


def _monotone(bands: Bands) -> Bands:
    """Give bands as they are; points that go up and down cannot be computed from a range of values."""
    points = [*(band.points for band in bands.bands), bands.otherwise]
    if points != sorted(points) and points != sorted(points, reverse=True):
        raise ValueError(f"the points of the bands of {bands.quantity.metrics} go up and down: {points}")
    return bands


def _quantity(entry: _Data) -> Quantity:
    metrics = entry.get("titles") or entry.get("metric")
    over = entry.get("over")
    years = entry.get("years", 1)
    return Quantity(
        metrics=(metrics,) if isinstance(metrics, str) else tuple(metrics or ()),
        over=(over,) if isinstance(over, str) else tuple(over or ()),
        years=SettingName(years["setting"]) if isinstance(years, Mapping) else int(years),
        take=entry.get("take", "last"),
    )


def _number(value: object) -> Number:
    if isinstance(value, Mapping):
        return SettingName(value["setting"])
    return None if value is None else _finite(value)


def _finite(value: object) -> float:
    number = float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        raise ValueError(f"{value} stands where a number should be")
    return number


def _numbers(entry: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): _finite(points) for name, points in entry.items()}


def _applications(given: Sequence[Application] | None) -> tuple[Application, ...]:
    return tuple(given) if given else APPLICATIONS


def _threshold(entry: _Data, _: Criterion) -> Rule:
    by = entry.get("by")
    return Threshold(_quantity(entry), entry["op"], _number(entry["value"]), dt.date.fromisoformat(by) if by else None)


def _limit(entry: _Data, _: Criterion) -> Rule:
    named = {name: float(group["at_most"]) for group in entry["exceptions"] for name in group["names"]}
    return Limit(_quantity(entry), float(entry["at_most"]), entry["named_by"], named)


def _together(entry: _Data, shell: Criterion) -> Rule:
    parts = tuple(read_criterion(part, shell, at) for at, part in enumerate(entry["criteria"]))
    return Together(parts, entry.get("at_least", 1 if entry["kind"] == "any_of" else None))


def _cases(entry: _Data, shell: Criterion) -> Rule:
    cases = tuple(
        Case(
            read_criterion({"id": f"{shell.id}.when{at + 1}", **case["when"]}, shell),
            read_criterion({"id": f"{shell.id}.{at + 1}", **case["then"]}, shell),
        )
        for at, case in enumerate(entry["cases"])
    )
    otherwise = entry.get("otherwise")
    last = {"id": f"{shell.id}.{len(cases) + 1}", **otherwise} if otherwise else None
    return Cases(cases, read_criterion(last, shell) if last else None)


def _score(entry: _Data, _: Criterion) -> Rule:
    return Score(read_points(entry["score"]), entry.get("op", ">="), _number(entry["value"]))


def _level(entry: _Data) -> Level:
    return Level(str(entry["id"]), entry["zh"], entry["en"], float(entry.get("least", "nan")))


def _levels(entry: _Data, _: Criterion) -> Rule:
    wanted = entry.get("wanted")
    return Levels(
        read_points(entry["score"]) if "score" in entry else _quantity(entry),
        tuple(_level(level) for level in entry["levels"]),
        SettingName(wanted["setting"]) if isinstance(wanted, Mapping) else wanted,
    )


def _lattice(entry: _Data, _: Criterion) -> Rule:
    bounds = {sector: tuple(_numbers(bound) for bound in rows) for sector, rows in entry["bounds"].items()}
    return Lattice(
        entry["sector"], tuple(_level(level) for level in entry["classes"]), bounds, tuple(entry.get("among", ()))
    )


_KINDS: Mapping[str, Callable[[_Data, Criterion], Rule]] = {
    "threshold": _threshold,
    "count": _threshold,
    "target": _threshold,
    "limit": _limit,
    "membership": lambda entry, _: Membership(entry["metric"], tuple(entry["among"])),
    "all_of": _together,
    "any_of": _together,
    "cases": _cases,
    "score": _score,
    "levels": _levels,
    "lattice": _lattice,
    "checklist": lambda entry, _: Checklist(
        tuple(ChecklistItem(metric) for metric in entry["items"]), entry.get("at_least")
    ),
    "manual": lambda entry, _: Manual(entry.get("metric")),
}
KINDS = tuple(_KINDS)
"""The kinds of criteria by the names that files use."""
