"""Registers too small or too plain for a cluster: everything runs, and nothing is claimed."""

from __future__ import annotations

import gaoyuan
from gaoyuan import steps


def _register(folder, rows):
    file = folder / "register.csv"
    file.write_text("企业名称,注册地址\n" + "".join(f"{name},{place}\n" for name, place in rows), encoding="utf-8")
    workspace = gaoyuan.create(folder / "workspace")
    steps.import_enterprises(workspace, [file])
    return workspace


def test_a_register_of_one_firm_is_observed_and_shows_no_cluster(tmp_path):
    workspace = _register(tmp_path, [("甲毛巾厂", "河北省保定市高阳县")])
    observed = steps.observe(workspace)
    assert observed.enterprises.firms == 1
    assert observed.clusters.on_cells == observed.clusters.on_counties == observed.clusters.members == 0
    assert workspace.read("cluster_member").num_rows == 0
    assert set(workspace.read("cluster")["found_by"].to_pylist()) <= {None}


def test_firms_that_can_be_neither_coded_nor_located_stay_unknown(tmp_path):
    workspace = _register(tmp_path, [("甲", ""), ("乙", "")])
    steps.observe(workspace)
    rows = workspace.read("enterprise", ["county", "industry", "located_by", "industry_by"]).to_pylist()
    assert {row["county"] for row in rows} == {None}
    assert {row["industry"] for row in rows} == {None}
    assert workspace.read("region_industry").num_rows == 0


def test_the_coverage_of_a_single_province_is_unknown_and_not_full(tmp_path):
    observed = steps.observe(_register(tmp_path, [(f"甲{i}毛巾厂", "河北省保定市高阳县") for i in range(40)]))
    assert observed.coverage.least_share is None
    assert "unknown" in str(observed)
