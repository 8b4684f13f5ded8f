"""What the public sees of the demonstration's regions and industries gives no hidden count, whatever is added up."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import lsmr

from gaoyuan.codes import industries
from gaoyuan.portal.snapshots.sums import RegionalFigures, public_figures
from gaoyuan.portal.snapshots.suppression import hidden
from gaoyuan.workspace import Workspace

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
Cell = tuple[str, str, str]
"""Level, region and industry; both empty for all."""
TOTALS = ("firms", "location_quotient", "expected", "p_value", "q_value")


@pytest.fixture(scope="module")
def tables(demonstrated: Workspace) -> Tables:
    names = ("region_industry", "region_measure", "industry_measure")
    cells, regions, measures = (demonstrated.read(name).to_pandas() for name in names)
    return cells, regions, measures


@pytest.fixture(scope="module")
def public(tables: Tables) -> RegionalFigures:
    return public_figures(*tables)


def sums_of(counts: dict[Cell, int]) -> list[tuple[Cell, list[Cell]]]:
    """Give every sum of a wider cell's parts that counts the same as that cell."""
    known = industries()
    parts: dict[tuple[str, Cell], list[Cell]] = defaultdict(list)
    for cell in counts:
        level, region, industry = cell
        if level == "county":
            parts["in", ("prefecture", region and region[:4] + "00", industry)].append(cell)
        if level == "prefecture":
            parts["in", ("province", region and region[:2] + "0000", industry)].append(cell)
        if region:
            parts["all", (level, "", industry)].append(cell)
        if industry:
            parts["of", (level, region, known[industry].parent or "")].append(cell)
    return [
        (whole, held) for (_, whole), held in parts.items() if counts.get(whole) == sum(counts[one] for one in held) > 0
    ]


def worked_out(counts: dict[Cell, int], shown: set[Cell]) -> set[Cell]:
    """Give the hidden cells that the sums determine: those at which a random solution of the sums without right side
    is zero.
    """
    unknown = [cell for cell, count in counts.items() if cell not in shown and count]
    column = {cell: at for at, cell in enumerate(unknown)}
    sums = sums_of(counts)
    terms = [
        (row, column[cell], sign)
        for row, (whole, parts) in enumerate(sums)
        for cell, sign in [(whole, -1.0), *((part, 1.0) for part in parts)]
        if cell in column
    ]
    rows, places, signs = zip(*terms, strict=True)
    equations = csr_matrix((signs, (rows, places)), shape=(len(sums), len(unknown)))
    noise = np.random.default_rng(1).normal(size=len(unknown))
    found = lsmr(equations.T.tocsr(), noise, atol=1e-12, btol=1e-12, conlim=0, maxiter=20_000)
    moves = noise - equations.T @ found[0]
    return {cell for cell, move in zip(unknown, moves, strict=True) if abs(move) < 1e-8}


def counted(tables: Tables, number: str) -> dict[Cell, int]:
    """Give the enterprises of every cell; those of `firms` with all totals."""
    cells, regions, _ = tables
    keys = zip(cells["region_level"], cells["region"], cells["industry"], strict=True)
    counts = dict(zip(keys, cells[number].astype(int), strict=True))
    if number == "firms":
        for level, region, coded in zip(regions["region_level"], regions["region"], regions["coded"], strict=True):
            counts[level, region, ""] = int(coded)
        for (level, _region, industry), count in list(counts.items()):
            if _region:
                whole = (level, "", industry)
                counts[whole] = counts.get(whole, 0) + count
    return counts


def seen(public: RegionalFigures, number: str, counts: dict[Cell, int]) -> set[Cell]:
    """Give the cells that the public is shown, or can tell from a quotient of another cell."""
    cells, regions, measures = public.cells, public.regions, public.measures
    rows = cells[cells[number].notna()]
    shown = set(zip(rows["region_level"], rows["region"], rows["industry"], strict=True))
    if number != "firms":
        return shown
    told = cells[cells["firms"].notna() & cells["location_quotient"].notna()]
    shown |= {(level, "", code) for level, code in zip(told["region_level"], told["industry"], strict=True)}
    shares = cells[cells["firms"].notna() & cells["share_of_region"].notna()]
    shown |= {(level, region, "") for level, region in zip(shares["region_level"], shares["region"], strict=True)}
    rows = regions[regions["coded"].notna()]
    shown |= {(level, region, "") for level, region in zip(rows["region_level"], rows["region"], strict=True)}
    rows = measures[measures["firms"].notna()]
    shown |= {(level, "", code) for level, code in zip(rows["region_level"], rows["industry"], strict=True)}
    return shown | {cell for cell in counts if cell[1] == cell[2] == ""}


@pytest.mark.parametrize("number", ["firms", "employees_firms", "revenue_firms"])
def test_no_hidden_count_follows_from_what_is_shown(tables: Tables, public: RegionalFigures, number: str) -> None:
    counts = counted(tables, number)
    shown = seen(public, number, counts)
    assert not {counts[cell] for cell in shown if cell in counts} & {1, 2}
    assert worked_out(counts, shown) == set()


def test_hiding_the_small_cells_alone_would_give_many_of_them(tables: Tables) -> None:
    counts = counted(tables, "firms")
    large = {cell for cell, count in counts.items() if not hidden(count)}
    assert len(worked_out(counts, large)) > len(counts) // 20


def test_most_of_what_covers_three_enterprises_stays_shown(tables: Tables, public: RegionalFigures) -> None:
    could = (~hidden(tables[0]["firms"])).sum()
    assert public.cells["firms"].notna().sum() > could / 2
    provinces = public.cells[
        (public.cells["region_level"] == "province") & (public.cells["industry_level"] == "section")
    ]
    assert provinces["firms"].notna().all()


def test_figures_are_emptied_with_the_enterprises_that_they_cover(public: RegionalFigures) -> None:
    cells = public.cells
    for name in ("share_of_region", "density", *TOTALS):
        assert cells.loc[cells["firms"].isna(), name].isna().all()
    assert cells.loc[cells["revenue_firms"].isna(), "revenue_yuan"].isna().all()
    assert cells.loc[cells["firms"].isna(), ["employees_firms", "revenue_firms"]].fillna(0).eq(0).all(axis=None)


def test_cells_that_other_pages_show_hide_no_others(tables: Tables, public: RegionalFigures) -> None:
    """Of the second cells in counties half are asked to stay."""
    before = (tables[0]["region_level"] == "county") & ~hidden(tables[0]["firms"])
    second = tables[0][before & public.cells["firms"].isna()].iloc[::2]
    assert len(second)
    kept = set(zip(second["region"], second["industry"], strict=True))
    again = public_figures(*tables, kept=kept).cells
    assert again.loc[second.index, "firms"].notna().all()
