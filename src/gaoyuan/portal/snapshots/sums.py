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
class PublicFigures:
    """What the public sees of the tables `region_industry`, `region_measure` and `industry_measure`: the same rows in
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
) -> PublicFigures:
    """Empty the figures that cover one or two enterprises, and those by which these could be worked out: counties add
    up to prefectures and provinces, classes to groups, divisions, sections and all coded enterprises, and the regions
    of a level to the industry's total, each of which is shown somewhere.

    `kept` names cells by county and industry whose figures other pages show: no second cell is hidden there. Where a
    total is hidden, so are the quotients by which it could be worked out from a cell that is shown.
    """
    added = _Added.of(cells, regions)
    shut = protected(added.firms, added.above, kept=added.of_counties(kept))
    number = len(cells)
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
        masks[column] = masks[known] = protected(counts, within, hide=hidden)
    located = protected(regions["firms"].fillna(0), [added.above[0][added.coded] - number])
    coded = shut[added.coded]
    of_regions = {
        name: located if name in _OF_LOCATED else coded for name in regions.columns if name not in _ABOUT_REGIONS
    }
    totals = added.find(_codes(measures["region_level"]), measures["industry"])
    small = measures["firms"].fillna(0).between(1, 2).to_numpy()
    of_measures = np.where(totals >= 0, shut[totals], False) | small
    return PublicFigures(
        _emptied(cells, masks), _emptied(regions, of_regions), _emptied(measures, dict.fromkeys(_OF_INDUSTRY, of_measures))
    )


@dataclass(frozen=True, slots=True)
class _Added:
    """Cells, then the coded enterprises of regions, then the totals of industries by level, then those of levels: the
    enterprises of each, and the whole of each by regions, by industries, and over the regions of a level. The first
    cells are those of the table; `coded` are the places of regions, `region_total` and `industry_total` those of the
    totals of each cell.
    """

    firms: npt.NDArray[np.int64]
    above: list[npt.NDArray[np.int64]]
    coded: slice
    region_total: npt.NDArray[np.int64]
    industry_total: npt.NDArray[np.int64]
