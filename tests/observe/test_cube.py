"""Counts rolled up to every level of regions and industries."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gaoyuan.observe.cube import INDUSTRY_LEVELS, REGION_LEVELS, roll_up


@pytest.fixture
def counts():
    """Firms of three classes in two counties of one prefecture, one of another, and one of an unknown county."""
    rows = [
        ("130628", "130600", "1771", 10, 10, 100.0, 5e6, 1_500.0),
        ("130628", "130600", "1761", 4, 2, 20.0, np.nan, 250.0),
        ("130628", "130600", "3670", 1, 0, np.nan, np.nan, np.nan),
        ("130629", "130600", "1771", 2, 2, 8.0, 1e6, 40.0),
        (None, "130600", "1771", 3, 3, 9.0, 3e6, 27.0),
        ("350582", "350500", "1771", 5, 5, 50.0, 2e6, 700.0),
    ]
    columns = ["county", "prefecture", "industry", "firms", "employees_firms", "employees", "revenue_yuan", "squares"]
    return pd.DataFrame(rows, columns=columns).assign(revenue_firms=[8, 0, 0, 1, 3, 2])


def _cells(cube):
    return {
        (region, industry): firms
        for region, industry, firms in zip(
            cube.cells["region"], cube.cells["industry"], cube.cells["firms"], strict=True
        )
    }


def test_counties_and_classes_stay_as_they_are_without_those_of_unknown_county(counts):
    assert _cells(roll_up(counts, "county", "class")) == {
        ("130628", "1771"): 10,
        ("130628", "1761"): 4,
        ("130628", "3670"): 1,
        ("130629", "1771"): 2,
        ("350582", "1771"): 5,
    }


def test_firms_of_an_unknown_county_count_in_their_prefecture_and_province(counts):
    assert _cells(roll_up(counts, "prefecture", "class"))["130600", "1771"] == 15
    assert _cells(roll_up(counts, "province", "class"))["130000", "1771"] == 15


def test_classes_sum_to_groups_divisions_and_sections(counts):
    assert _cells(roll_up(counts, "county", "group"))["130628", "177"] == 10
    assert _cells(roll_up(counts, "county", "division"))["130628", "17"] == 14
    assert _cells(roll_up(counts, "county", "section"))["130628", "C"] == 15


@pytest.mark.parametrize("industry_level", INDUSTRY_LEVELS)
@pytest.mark.parametrize("region_level", REGION_LEVELS)
def test_every_level_holds_every_firm_once(counts, region_level, industry_level):
    cube = roll_up(counts, region_level, industry_level)
    assert cube.cells["firms"].sum() == (22 if region_level == "county" else 25)
    assert not cube.cells.duplicated(["region", "industry"]).any()
    table, regions, industries = cube.table()
    assert table.sum() == cube.cells["firms"].sum()
    assert table.shape == (len(regions), len(industries))
    assert list(regions) == sorted(regions)
    assert list(industries) == sorted(industries)


def test_employees_and_revenue_that_no_firm_gives_stay_unknown(counts):
    cells = roll_up(counts, "county", "class").cells.set_index(["region", "industry"])
    assert np.isnan(cells["employees"].to_dict()["130628", "3670"])
    assert np.isnan(cells["revenue_yuan"].to_dict()["130628", "1761"])
    assert cells["revenue_yuan"].to_dict()["130628", "1771"] == 5e6


def test_size_is_employees_where_half_of_the_firms_give_them_and_else_firms(counts):
    known = roll_up(counts, "county", "class")
    assert known.size == "employees"
    unknown = roll_up(counts.assign(employees_firms=[1, 0, 0, 0, 0, 1]), "county", "class")
    assert unknown.size == "firms"
    assert (unknown.cells["squares"] == unknown.cells["firms"]).all()


def test_no_firms_give_an_empty_cube(counts):
    cube = roll_up(counts.iloc[:0], "county", "class")
    assert cube.cells.empty
    table, regions, industries = cube.table()
    assert table.shape == (0, 0)
    assert len(regions) == len(industries) == 0


def test_firms_whose_size_is_known_are_counted_with_those_that_are_summed(counts):
    cells = roll_up(counts, "province", "division").cells
    known = cells[["region", "industry", "firms", "employees_firms", "revenue_firms"]].to_numpy(dtype=object).tolist()
    assert ["130000", "17", 19, 17, 12] in known
    assert ["130000", "36", 1, 0, 0] in known
