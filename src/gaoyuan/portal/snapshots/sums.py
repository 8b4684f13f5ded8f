"""Which figures of regions and industries add up to which, and which of them the public therefore does not see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gaoyuan.codes import industries
from gaoyuan.portal.snapshots.suppression import protected

_LEVELS = ("county", "prefecture", "province")
_NEEDS_TOTALS = ("expected", "location_quotient", "p_value", "q_value")
"""Figures of a cell from which the totals of its industry and of its region can be worked out."""
_SIZES = {"employees": "employees_firms", "revenue_yuan": "revenue_firms"}
_OF_INDUSTRY = (
    "firms",
    "regions",
    "gini",
    "krugman",
    "raw_concentration",
    "herfindahl",
    "ellison_glaeser",
    "size",
    "ubiquity",
    "complexity",
)
_ABOUT_REGIONS = ("region_level", "region", "region_name", "run")
_OF_LOCATED = ("firms", "coverage")


@dataclass(frozen=True, slots=True)
class RegionalFigures:
    """What somebody sees of the tables `region_industry`, `region_measure` and `industry_measure`: the same rows in
    the same order, hidden figures emptied.
    """

    cells: pd.DataFrame
    regions: pd.DataFrame
    measures: pd.DataFrame


def public_figures(
    cells: pd.DataFrame,
    regions: pd.DataFrame,
    measures: pd.DataFrame,
    kept: Iterable[tuple[str, str]] = (),
) -> RegionalFigures:
    """Empty the figures that cover one or two enterprises, and those by which these could be worked out: counties add
    up to prefectures and provinces, classes to groups, divisions, sections and all coded enterprises, and the regions
    of a level to the industry's total, each of which is shown somewhere.

    `kept` names cells by county and industry whose figures other pages show: no second cell is hidden there. Where a
    total is hidden, so are the quotients by which it could be worked out from a cell that is shown.
    """
    added = _Added(cells, regions)
    number, fixed = len(cells), added.of_counties(kept)
    counties = np.zeros(len(added.firms), dtype=bool)
    counties[:number] = (cells["region_level"] == _LEVELS[0]).to_numpy()
    shut = protected(added.firms, added.above, kept=fixed, spare=counties)
    hidden = shut[:number]
    of_region, of_industry = shut[added.region_total], shut[added.industry_total]
    masks = {
        "firms": hidden,
        "density": hidden,
        "share_of_region": hidden | of_region,
        **dict.fromkeys(_NEEDS_TOTALS, hidden | of_region | of_industry),
    }
    within = [np.where(above[:number] < number, above[:number], -1) for above in added.above[:2]]
    for column, known in _SIZES.items():
        counts = cells[known].fillna(0).to_numpy(dtype=np.int64)
        masks[column] = masks[known] = protected(counts, within, hide=hidden, kept=fixed[:number])
    place = slice(number, number + len(regions))
    coded, around = shut[place], added.above[0][place] - number
    inside = np.where((around >= 0) & (around < len(regions)), around, -1)
    located = protected(regions["firms"].fillna(0), [inside])
    of_regions = {
        name: located if name in _OF_LOCATED else coded for name in regions.columns if name not in _ABOUT_REGIONS
    }
    totals = added.totals(measures["region_level"], measures["industry"])
    small = measures["firms"].fillna(0).between(1, 2).to_numpy()
    of_measures = np.where(totals >= 0, shut[totals], False) | small
    return RegionalFigures(
        _emptied(cells, masks),
        _emptied(regions, of_regions),
        _emptied(measures, dict.fromkeys(_OF_INDUSTRY, of_measures)),
    )


class _Added:
    """What adds up: the cells of the table, then the coded enterprises of each region, then the total of each industry
    over the regions of a level, then that of each level. `firms` are the enterprises of each, `above` the whole of each
    by regions, by industries, and over a level; `region_total` and `industry_total` the places of each cell's totals.
    """

    def __init__(self, cells: pd.DataFrame, regions: pd.DataFrame) -> None:
        by_industry = cells.groupby(["region_level", "industry"], as_index=False, sort=False)["firms"].sum()
        by_level = regions.groupby("region_level", as_index=False, sort=False)["coded"].sum()
        whole = pd.concat(
            [
                cells[["region_level", "region", "industry", "firms"]],
                regions[["region_level", "region"]].assign(industry="", firms=regions["coded"]),
                by_industry.assign(region=""),
                by_level.assign(region="", industry="").rename(columns={"coded": "firms"}),
            ],
            ignore_index=True,
        )
        self.firms = whole["firms"].fillna(0).to_numpy(dtype=np.int64)
        places = whole["region_level"].map(str) + ":" + whole["region"].map(str)
        self._region, self._regions = pd.factorize(places)
        self._industry, self._industries = pd.factorize(whole["industry"])
        keys = self._region * np.int64(len(self._industries)) + self._industry
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        around = _renumbered(self._regions, _region_above)[self._region]
        branch = _renumbered(self._industries, _industry_above())[self._industry]
        level = _renumbered(self._regions, _level_of)[self._region]
        self.above = [
            self._find(around, self._industry),
            self._find(self._region, branch),
            self._find(level, self._industry),
        ]
        every = np.full(len(cells), self._industries.get_loc("") if len(regions) else -1)
        self.region_total = self._find(self._region[: len(cells)], every)
        self.industry_total = self.above[2][: len(cells)]

    def totals(self, levels: pd.Series, codes: pd.Series) -> npt.NDArray[np.int64]:
        """Give the places of the totals of industries over levels, -1 for none."""
        region = self._regions.get_indexer(pd.Index(levels.map(str) + ":"))
        return self._find(region, self._industries.get_indexer(pd.Index(codes)))

    def of_counties(self, named: Iterable[tuple[str, str]]) -> npt.NDArray[np.bool_]:
        """Say which places are those of industries in counties, and of these industries' totals."""
        pairs = list(named)
        region = self._regions.get_indexer(pd.Index([f"{_LEVELS[0]}:{county}" for county, _ in pairs]))
        industry = self._industries.get_indexer(pd.Index([industry for _, industry in pairs]))
        own = self._find(region, industry)
        held = np.zeros(len(self.firms), dtype=bool)
        held[own[own >= 0]] = True
        totals = self.above[2][own[own >= 0]]
        held[totals[totals >= 0]] = True
        return held

    def _find(self, region: npt.NDArray[np.int64], industry: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        wanted = region * np.int64(len(self._industries)) + industry
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        known = (region >= 0) & (industry >= 0) & (self._keys[at] == wanted)
        return np.where(known, self._order[at], -1)


def _renumbered(names: pd.Index, above: Callable[[str], str | None]) -> npt.NDArray[np.int64]:
    """Give for each name the number of the one above it, -1 for none."""
    place: dict[str | None, int] = {name: at for at, name in enumerate(names)}
    return np.array([place.get(above(name), -1) for name in names], dtype=np.int64)


def _region_above(place: str) -> str | None:
    """Give where a county or prefecture lies; the total over a level is one of that over the next.

    >>> _region_above("county:370202"), _region_above("prefecture:370200"), _region_above("county:")
    ('prefecture:370200', 'province:370000', 'prefecture:')
    """
    level, _, code = place.partition(":")
    if level == _LEVELS[-1]:
        return None
    wider = _LEVELS.index(level) + 1
    return f"{_LEVELS[wider]}:{code[: 6 - 2 * wider] + '0' * (2 * wider) if code else ''}"


def _level_of(place: str) -> str | None:
    level, _, code = place.partition(":")
    return f"{level}:" if code else None


def _industry_above() -> Callable[[str], str | None]:
    """Give what tells the industry above one; above a section all industries stand under an empty name."""
    known = industries()
    return lambda code: (known[code].parent or "") if code in known else None


def _emptied(rows: pd.DataFrame, masks: dict[str, npt.NDArray[np.bool_]]) -> pd.DataFrame:
    shown = rows.copy()
    for column, shut in masks.items():
        if column in shown and shut.any():
            values = shown[column]
            # Numbers stay numbers, for many of them are written.
            shown[column] = values.mask(shut) if pd.api.types.is_numeric_dtype(values) else values.mask(shut, None)
    return shown
