"""The regions of a view in their order: what the table shows, and its file holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from gaoyuan.portal.explore.frame import DIGITS, Frame
from gaoyuan.portal.explore.measures import NAMES, measures_of
from gaoyuan.portal.explore.selection import Selection

Figure = float | int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A region with its figures by measure; what is unknown or hidden is None. `above` names where it lies."""

    rank: int
    region: str
    name: str
    above: str
    figures: dict[str, Figure]


def ranked(view: Selection, frame: Frame, columns: Mapping[str, Sequence[object]] | None) -> list[Row]:
    """Give the regions of a view that have figures, ranked by its measure; those without one come last, and equals
    stand in the order of their codes. `columns` are the figures by region; the order of rows is that of `view.sort`
    where it is set; ranks stay.
    """
    if columns is None:
        return []
    inside = view.region[: 2 if view.region.endswith("0000") else DIGITS["prefecture"]]
    regions = cast("list[str]", columns["region"])
    kept = [at for at, region in enumerate(regions) if region.startswith(inside)]
    shown = measures_of(view.industry.code).all
    figures = {name: cast("list[Figure]", columns.get(name, [None] * len(regions))) for name in shown}
    measure = view.measure
    kept.sort(key=lambda at: _order(figures[measure.key][at], measure.least_first))
    names = frame.regions[view.level]
    rows = [_row(rank, regions[at], names, view, frame, figures, at) for rank, at in enumerate(kept, start=1)]
    return _sorted(rows, view.sort) if view.sort else rows


def _row(
    rank: int,
    region: str,
    names: dict[str, str],
    view: Selection,
    frame: Frame,
    figures: dict[str, list[Figure]],
    at: int,
) -> Row:
    name = names.get(region, region)
    above = frame.full_name(region, view.level).removesuffix(name)
    return Row(rank, region, name, above, {key: column[at] for key, column in figures.items()})


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    column, turned = sort.removeprefix("-"), sort.startswith("-")
    if column == "name":
        return sorted(rows, key=lambda row: (row.above, row.name), reverse=turned)
    least_first = NAMES[column].least_first != turned
    return sorted(rows, key=lambda row: _order(row.figures[column], least_first))


def _order(figure: Figure, least_first: bool) -> tuple[bool, float]:
    if figure is None:
        return True, 0.0
    return False, figure if least_first else -figure
