from __future__ import annotations

import json

import pytest

from gaoyuan.assess.titles.ladder import LADDER
from gaoyuan.workspace import Workspace, create_workspace

DAY = ("--as-of", "2026-06-30")


def test_how_all_firms_stand_is_told_and_written(gaoyuan, own_sample: Workspace):
    shown = gaoyuan("titles", own_sample.path, *DAY)
    assert (shown.code, shown.err) == (0, "")
    assert "专精特新中小企业 srdi_sme (cn-srdi-sme.2026)：已获" in shown.out
    assert f"gaoyuan export {own_sample.path} title_standing" in shown.out
    rungs = gaoyuan("titles", own_sample.path, *DAY, "--json").json["rungs"]
    assert [rung["title"] for rung in rungs] == list(LADDER)
    table = own_sample.read("title_standing").to_pandas()
    assert sum(rung["standings"]["holds"] for rung in rungs) == (table["standing"] == "holds").sum()
    quiet = gaoyuan("titles", own_sample.path, *DAY, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_one_firm_is_told_title_by_title(gaoyuan, sample_workspace: Workspace):
    holder = sample_workspace.read("title").to_pandas().query("title == 'single_champion'")["enterprise_id"].iloc[0]
    shown = gaoyuan("titles", sample_workspace.path, "--enterprise", holder, *DAY)
    assert (shown.code, shown.err) == (0, "")
    assert "已获 holds it" in shown.out
    assert f"gaoyuan assess {sample_workspace.path} --rules" in shown.out
    told = gaoyuan("titles", sample_workspace.path, "--enterprise", holder, *DAY, "--json").json
    assert {one["title"]: one["standing"] for one in told}["single_champion"] == "holds"
    assert all(one["verdict"]["subject"] == holder and one["verdict"]["snapshot"] for one in told)
    assert "gaoyuan assess" not in gaoyuan("titles", sample_workspace.path, "--enterprise", holder, *DAY, "-q").out


@pytest.mark.parametrize("enterprise", ["91110000100000000X", "370211-1522", "某厂"])
def test_an_unknown_firm_ends_with_2(gaoyuan, sample_workspace: Workspace, enterprise: str):
    shown = gaoyuan("titles", sample_workspace.path, "--enterprise", enterprise, "--json")
    assert (shown.code, shown.out) == (2, "")
    assert enterprise in json.loads(shown.err)["error"]["what"]


def test_before_observe_the_workspace_is_not_ready(gaoyuan, tmp_path):
    shown = gaoyuan("titles", create_workspace(tmp_path / "w").path)
    assert (shown.code, "gaoyuan observe" in shown.err) == (3, True)
