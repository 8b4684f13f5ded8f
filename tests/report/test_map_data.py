from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from gaoyuan.report.map_data import MapData, read_map_data
from gaoyuan.report.packing import pack, unpack
from gaoyuan.workspace import Workspace


@pytest.fixture(scope="module")
def data(sample_workspace: Workspace) -> MapData:
    return read_map_data(sample_workspace, "sample")


def _read(data: MapData) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    """What arrives in the page."""
    header, arrays = unpack(pack(data.header, data.arrays))
    return cast("dict[str, Any]", header), cast("dict[str, np.ndarray[Any, Any]]", arrays)


def _varints(raw: np.ndarray) -> list[int]:
    found, value, shift = [], 0, 0
    for byte in raw.tolist():
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(value)
            value = shift = 0
    return found


def _cells(data: MapData) -> pd.DataFrame:
    """The industries in counties as the page reads and computes them."""
    header, arrays = _read(data)
    codes, counties = header["industry"]["code"], header["county"]["code"]
    steps, firms = _varints(arrays["cell_county"]), _varints(arrays["cell_firms"])
    rows, at = [], 0
    for code, many in zip(codes, arrays["cell_rows"].tolist(), strict=True):
        county = 0
        for _ in range(many):
            county += steps[at]
            rows.append((counties[county], code, firms[at], int(arrays["cell_q"][at])))
            at += 1
    assert at == len(steps) == len(firms)
    cells = pd.DataFrame(rows, columns=["region", "industry", "firms", "step"])
    sections = cells[cells["industry"].str.len() == 1]
    of_county = cells["region"].map(sections.groupby("region")["firms"].sum())
    of_industry = cells.groupby("industry")["firms"].transform("sum")
    cells["expected"] = of_county * of_industry / sections["firms"].sum()
    cells["location_quotient"] = cells["firms"] / cells["expected"]
    cells["share_of_region"] = cells["firms"] / of_county
    return cells


def test_what_the_page_computes_is_what_the_table_holds(sample_workspace: Workspace, data: MapData):
    table = sample_workspace.read("region_industry").to_pandas()
    table = table[table["region_level"] == "county"]
    both = _cells(data).merge(table, on=["region", "industry"], suffixes=("", "_table"), validate="one_to_one")
    assert len(both) == len(table)
    assert (both["firms"] == both["firms_table"]).all()
    for figure in ("expected", "location_quotient", "share_of_region"):
        np.testing.assert_allclose(both[figure], both[f"{figure}_table"], rtol=1e-9)
    assert ((both["step"] >= 26) == (both["q_value"] <= 0.05)).all()
    assert (both["q_value"] <= 10.0 ** (-both["step"] / 20) * (1 + 1e-9)).all()


def test_each_cluster_keeps_its_figures(sample_workspace: Workspace, data: MapData):
    clusters = sample_workspace.read("cluster").to_pandas()
    header, arrays = _read(data)
    assert header["cluster"]["cluster_id"] == clusters["cluster_id"].tolist()
    found = clusters["found_by"].notna().to_numpy()
    assert data.clusters == found.sum() > 5
    np.testing.assert_array_equal(arrays["cluster_firms"][found], clusters["firms"][found].to_numpy())
    np.testing.assert_allclose(arrays["cluster_expected"][found], clusters["expected"][found], rtol=1e-6)
    np.testing.assert_array_equal(arrays["cluster_q_value"][found], clusters["q_value"][found].to_numpy())
    unknown = clusters["area_km2"].isna().to_numpy()
    assert np.isnan(arrays["cluster_area_km2"][unknown]).all()
    assert (arrays["cluster_rank"][~found] == -1).all()


def test_recognised_clusters_that_were_not_found_are_in_the_data(data: MapData):
    header, _ = _read(data)
    assert header["cluster"]["found_by"].count(None) > 0


def test_holes_of_the_register_are_named_with_their_years(real_workspace: Workspace):
    header, _ = _read(read_map_data(real_workspace, "real"))
    table = real_workspace.read("coverage").to_pandas()
    holes = table[table["hole"]]
    named = {(province, year) for province, years in header["coverage"].items() for year in years}
    assert named == set(zip(holes["province"], holes["year"], strict=True))
    assert named
