"""The tables of clusters, derived again from the table `enterprise`."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import scipy.stats
import shapely

from gaoyuan.codes import division_name, industry_name
from gaoyuan.codes.boundaries import cells_of_points
from gaoyuan.observe import DetectionSettings, observe
from gaoyuan.registry import import_enterprises
from gaoyuan.workspace import Workspace, create_workspace


def read(workspace: Workspace) -> SimpleNamespace:
    """The tables as pandas frames: `clusters` found, those only `recognised`, `members`, coded `firms`."""
    clusters = workspace.read("cluster").to_pandas()
    firms = workspace.read("enterprise").to_pandas()
    return SimpleNamespace(
        clusters=clusters[clusters["found_by"].notna()].set_index("cluster_id"),
        recognised=clusters[clusters["found_by"].isna()].set_index("cluster_id"),
        everything=clusters,
        members=workspace.read("cluster_member").to_pandas(),
        firms=firms[firms["industry"].notna()],
    )


@pytest.fixture(scope="module")
def sample(sample_workspace: Workspace) -> SimpleNamespace:
    found = read(sample_workspace)
    placed = found.firms[found.firms["longitude"].notna()]
    cells = cells_of_points(placed["longitude"].to_numpy(), placed["latitude"].to_numpy())
    found.placed = placed.assign(cell=cells)
    return found


@pytest.fixture(scope="module")
def real(real_workspace: Workspace) -> SimpleNamespace:
    return read(real_workspace)


def test_ids_are_unique_and_made_of_place_and_industry(sample: SimpleNamespace, real: SimpleNamespace):
    for found in (sample, real):
        assert found.everything["cluster_id"].is_unique
        for name, row in found.clusters.iterrows():
            assert str(name).startswith(f"{row['county']}-{row['industry']}")


def test_members_are_firms_of_the_industry_and_in_one_cluster_only(sample: SimpleNamespace, real: SimpleNamespace):
    for found in (sample, real):
        assert found.members["enterprise_id"].is_unique
        assert set(found.members["cluster_id"]) == set(found.clusters.index)
        joined = found.members.merge(found.firms, on="enterprise_id", suffixes=("", "_firm"), validate="one_to_one")
        assert len(joined) == len(found.members)
        assert (joined["industry"] == joined["industry_firm"]).all()
        assert (joined["county"].fillna("") == joined["county_firm"].fillna("")).all()
        of_cluster = found.clusters["industry"].reindex(found.members["cluster_id"]).to_numpy()
        assert (found.members["industry"].to_numpy() == of_cluster).all()
        assert found.clusters["firms"].to_dict() == found.members["cluster_id"].value_counts().to_dict()


def test_firms_expected_and_quotient_come_from_the_ground_of_the_members(sample: SimpleNamespace):
    assert (sample.clusters["found_by"] == "cells").all()
    tested, of_industry = len(sample.placed), sample.placed["industry"].value_counts()
    for name, row in sample.clusters.iterrows():
        own = sample.members[sample.members["cluster_id"] == name]
        ground = cells_of_points(own["longitude"].to_numpy(), own["latitude"].to_numpy())
        inside = sample.placed[sample.placed["cell"].isin(np.unique(ground))]
        assert row["place_firms"] == len(inside)
        # Every firm of the industry on that ground is a member.
        assert row["firms"] == (inside["industry"] == row["industry"]).sum()
        assert row["industry_firms"] == of_industry[row["industry"]]
        assert row["tested_firms"] == tested
        expected = len(inside) * of_industry[row["industry"]] / tested
        assert row["expected"] == pytest.approx(expected, rel=1e-12)
        assert row["location_quotient"] == pytest.approx(row["firms"] / expected, rel=1e-12)


def test_p_is_the_exact_tail_of_the_strongest_window(sample: SimpleNamespace, real: SimpleNamespace):
    for found in (sample, real):
        rows = found.clusters
        arguments = (rows["window_firms"] - 1, rows["tested_firms"], rows["industry_firms"], rows["window_place_firms"])
        logs = scipy.stats.hypergeom.logsf(*(column.to_numpy(dtype=np.int64) for column in arguments))
        finite = np.isfinite(logs) & (logs < -1e-6)
        np.testing.assert_allclose(rows["minus_log10_p"].to_numpy()[finite], -logs[finite] / np.log(10.0), rtol=1e-6)
        shown = 10.0 ** -rows["minus_log10_p"].to_numpy()
        np.testing.assert_allclose(rows["p_value"], np.maximum(shown, np.nextafter(0.0, 1.0)), rtol=1e-6)
        assert (rows["p_value"] > 0).all()


def test_q_lies_between_p_and_p_times_the_tests_and_within_the_rate(sample: SimpleNamespace, real: SimpleNamespace):
    for found in (sample, real):
        rows = found.clusters
        assert (rows["q_value"] >= rows["p_value"]).all()
        assert (rows["q_value"] <= np.maximum(rows["p_value"] * rows["tests"], np.nextafter(0.0, 1.0))).all()
        assert (rows["q_value"] <= 0.05).all()
        assert (rows["q_value"] > 0).all()
        ordered = rows.sort_values("minus_log10_p", ascending=False)
        assert ordered["q_value"].is_monotonic_increasing


def test_ranks_count_from_the_strongest_of_each_industry(sample: SimpleNamespace, real: SimpleNamespace):
    for found in (sample, real):
        ranks = found.clusters.groupby("industry")["minus_log10_p"].rank(ascending=False, method="min")
        assert found.clusters["rank"].astype(int).to_dict() == ranks.astype(int).to_dict()


def test_clusters_keep_to_the_settings(sample: SimpleNamespace, real: SimpleNamespace):
    settings = DetectionSettings()
    for found in (sample, real):
        assert (found.clusters["firms"] >= settings.fewest_firms).all()
        assert (found.clusters["location_quotient"] >= settings.least_quotient).all()


def test_sizes_are_sums_over_the_members_that_have_them(sample: SimpleNamespace, real: SimpleNamespace):
    grouped = sample.members.groupby("cluster_id")
    own = pd.DataFrame(
        {
            "employees": grouped["employees"].sum(min_count=1),
            "revenue_yuan": grouped["revenue_yuan"].sum(min_count=1),
            "size_coverage": grouped["revenue_yuan"].count() / grouped.size(),
        }
    ).reindex(sample.clusters.index)
    for column in own.columns:
        np.testing.assert_allclose(sample.clusters[column].astype(float), own[column].astype(float), err_msg=column)
    # The real register has no sizes: unknown is not zero.
    assert real.clusters["employees"].isna().all()
    assert real.clusters["revenue_yuan"].isna().all()
    assert (real.clusters["size_coverage"] == 0).all()


def test_a_footprint_is_drawn_from_the_cells_of_its_members(sample: SimpleNamespace):
    for name, row in sample.clusters.iterrows():
        own = sample.members[sample.members["cluster_id"] == name]
        shape = shapely.from_wkb(row["footprint"])
        assert shape.is_valid
        assert shapely.intersects_xy(shape, own["longitude"], own["latitude"]).all()
        # A cell is 0.7 km²: nothing of the ground is further from a member than a cell and a closed gap are wide.
        corners = shapely.points(shapely.get_coordinates(shape))
        members = shapely.multipoints(shapely.points(own["longitude"], own["latitude"]))
        assert shapely.distance(corners, members).max() < 3.5 / 90.0
        # The area, compared with that of the polygon on a plane of the cluster's latitude.
        latitude = np.radians(shape.centroid.y)
        flat = shapely.area(shape) * 111.2**2 * np.cos(latitude)
        assert row["area_km2"] == pytest.approx(flat, rel=0.02)
        assert row["within_100_km2"] == (row["area_km2"] <= 100.0)


def test_stability_is_a_share(sample: SimpleNamespace):
    assert sample.clusters["stability"].between(0.0, 1.0).all()


def test_a_cluster_is_named_after_the_county_with_most_of_its_firms(sample: SimpleNamespace, real: SimpleNamespace):
    for found in (sample, real):
        for name, row in found.clusters.head(300).iterrows():
            counted = found.members.loc[found.members["cluster_id"] == name, "county"].value_counts()
            listed = str(row["counties"]).split("|")
            assert set(listed) == set(counted.index)
            assert counted.reindex(listed).is_monotonic_decreasing
            assert row["county"] == listed[0]
            assert row["county_name"] == division_name(listed[0])
            assert row["industry_name"] == industry_name(row["industry"])
            assert row["name"].startswith(row["county_name"])
            assert row["name"].endswith("集群")


def test_the_strongest_cluster_stands_first(sample: SimpleNamespace, real: SimpleNamespace):
    for found in (sample, real):
        assert found.clusters["minus_log10_p"].is_monotonic_decreasing
        assert found.everything["found_by"].isna().is_monotonic_increasing


def test_where_only_the_county_is_known_the_clusters_are_those_of_a_test_on_counties(real: SimpleNamespace):
    firms = real.firms[real.firms["county"].notna()]
    counts = firms.groupby(["county", "industry"]).size().rename("firms").reset_index()
    of_county = firms["county"].value_counts().reindex(counts["county"]).to_numpy()
    of_industry = firms["industry"].value_counts().reindex(counts["industry"]).to_numpy()
    counts["p"] = scipy.stats.hypergeom.sf(counts["firms"].to_numpy() - 1, len(firms), of_industry, of_county)
    tests = firms["county"].nunique() * firms["industry"].nunique()
    counts = counts.sort_values("p")
    raised = counts["p"] * tests / np.arange(1, len(counts) + 1)
    counts["q"] = raised[::-1].cummin()[::-1].clip(upper=1.0)
    expected = (of_county * of_industry / len(firms))[counts.index]
    chosen = counts[(counts["q"] <= 0.05) & (counts["firms"] >= 10) & (counts["firms"] >= 2.0 * expected)]
    own = chosen.set_index(chosen["county"] + "-" + chosen["industry"])
    assert (real.clusters["found_by"] == "counties").all()
    assert set(own.index) == set(real.clusters.index)
    assert set(real.clusters["tests"]) == {tests}
    joined = real.clusters.join(own[["q"]])
    large = joined["q"] > 1e-300
    np.testing.assert_allclose(joined["q_value"][large], joined["q"][large], rtol=1e-6)
    for column in ("footprint", "area_km2", "within_100_km2", "stability"):
        assert real.clusters[column].isna().all()


def test_the_coverage_of_a_province_does_not_move_the_test(uneven_workspace: Workspace):
    found = read(uneven_workspace)
    # Jiangxi lacks a third of its firms; nothing becomes a cluster, or is none, for it.
    assert found.clusters.index.tolist() == ["130628-1771"]
    assert found.clusters.loc["130628-1771", "firms"] == 144


def written(folder: Path, text: str) -> Workspace:
    workspace = create_workspace(folder / "workspace")
    (folder / "register.csv").write_text(text, encoding="utf-8")
    import_enterprises(workspace, [folder / "register.csv"])
    return workspace


NOTHING_TO_FIND = {
    "one firm": "企业名称,经营范围,注册地址,成立日期,经度,纬度\n"
    "高阳县某毛巾厂,毛巾制造,河北省保定市高阳县高阳镇1号,2015-01-02,115.78,38.70\n",
    "one name": "企业名称\n某某\n",
    "no date": "企业名称,经营范围,注册地址\n"
    + "".join(f"高阳县某{i}毛巾厂,毛巾制造,河北省保定市高阳县高阳镇{i}号\n" for i in range(50)),
    "no industry": "企业名称,注册地址\n" + "".join(f"某{i},河北省保定市高阳县高阳镇{i}号\n" for i in range(50)),
    "no place": "企业名称,经营范围\n" + "".join(f"某{i}毛巾厂,毛巾制造\n" for i in range(50)),
}


@pytest.mark.parametrize("text", NOTHING_TO_FIND.values(), ids=NOTHING_TO_FIND.keys())
def test_a_register_in_which_there_is_nothing_to_find_is_observed_and_has_no_cluster(tmp_path: Path, text: str):
    workspace = written(tmp_path, text)
    observed = observe(workspace)
    assert observed.enterprises.firms == text.count("\n") - 1
    assert (observed.clusters.on_cells, observed.clusters.on_counties, observed.clusters.members) == (0, 0, 0)
    found = read(workspace)
    assert found.clusters.empty
    assert found.members.empty
    assert observed.clusters.recognised_found == 0
    assert observed.clusters.recognised == len(found.recognised)


def test_in_a_province_without_planted_clusters_nothing_is_found(tmp_path: Path):
    from gaoyuan.sample import write_sample

    workspace = create_workspace(tmp_path / "workspace")
    import_enterprises(workspace, [write_sample(workspace, 3_900, 2).file])
    assert observe(workspace).clusters.members == 0


def test_settings_are_obeyed(own_sample: Workspace):
    everything = read(own_sample).clusters
    observe(own_sample, DetectionSettings(fewest_firms=100, other_radii_km=(2.0,)))
    fewer = read(own_sample).clusters
    assert fewer.index.tolist() == everything.index[everything["firms"] >= 100].tolist()
    assert 0 < len(fewer) < len(everything)
