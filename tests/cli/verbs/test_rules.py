from __future__ import annotations

import json
from pathlib import Path

import pytest

from gaoyuan.assess import editions, metrics
from gaoyuan.assess.rules.walk import walk
from gaoyuan.workspace import create_workspace


def test_all_editions_are_listed_with_place_status_and_time_in_force(gaoyuan):
    shown = gaoyuan("rules")
    assert (shown.code, shown.err) == (0, "")
    for one in editions():
        assert one.key in shown.out
    assert "官方原文" in shown.out
    assert "未核实" in shown.out


def test_all_editions_as_json_are_the_files(gaoyuan):
    assert gaoyuan("rules", "--json").json == [one.data for one in editions()]


@pytest.mark.parametrize("rule", editions(), ids=lambda rule: rule.key)
def test_every_edition_can_be_shown_criterion_by_criterion(gaoyuan, rule):
    shown = gaoyuan("rules", rule.key)
    assert (shown.code, shown.err) == (0, "")
    assert f"{rule.status.zh} {rule.status.value}" in shown.out
    assert rule.url in shown.out or "text not seen" in shown.out
    text = shown.out.replace("\n", "").replace(" ", "")
    assert all(criterion.id in text for criterion in walk(rule.criteria))
    assert gaoyuan("rules", rule.key, "--json").json == rule.data
    quiet = gaoyuan("rules", rule.key, "--quiet")
    assert len(quiet.out) < len(shown.out)
    assert "来源 source" not in quiet.out


@pytest.mark.parametrize(
    ("day", "key"),
    [("2026-03-31", "cn-little-giant.2022"), ("2026-04-01", "cn-little-giant.2026")],
)
def test_the_edition_of_the_day_is_shown(gaoyuan, day: str, key: str):
    shown = gaoyuan("rules", "cn-little-giant", "--as-of", day, "--json").json
    assert f"{shown['id']}.{shown['edition']}" == key


def test_the_edition_that_a_renewal_is_judged_by_may_be_another(gaoyuan):
    shown = gaoyuan("rules", "cn-srdi-sme", "--as-of", "2026-06-30", "--application", "renewal", "--json")
    assert shown.code == 0
    assert "renewal" in shown.json["application"]
    assert gaoyuan("rules", "cn-srdi-sme", "--application", "again").code == 2


def test_metrics_are_listed_with_unit_and_options(gaoyuan):
    shown = gaoyuan("rules", "--metrics")
    assert shown.code == 0
    assert "占地面积" in shown.out
    listed = gaoyuan("rules", "--metrics", "--json").json
    assert [one["id"] for one in listed] == list(metrics())
    assert next(one for one in listed if one["id"] == "area_km2")["unit_zh"] == "平方公里"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cn-sme-clustr",), "Do you mean cn-sme-cluster"),
        (("cn-sme-cluster", "--as-of", "gestern"), "is no date"),
        (("cn-sme-cluster", "--as-of", "2019-01-01"), "in force"),
        (("none.yaml",), "none.yaml"),
    ],
)
def test_what_there_is_not_ends_with_2_and_says_what_there_is(gaoyuan, arguments: tuple[str, ...], said: str):
    shown = gaoyuan("rules", *arguments)
    assert (shown.code, shown.out) == (2, "")
    assert said in shown.err
    assert "Traceback" not in shown.err
    error = json.loads(gaoyuan("rules", *arguments, "--json").err)["error"]
    assert set(error) == {"what", "what_zh", "where", "mend", "mend_zh"}


def test_a_rule_file_of_ones_own_is_shown_or_its_fault(gaoyuan, tmp_path: Path):
    folder = tmp_path / "我 的"
    folder.mkdir()
    own = {**next(one for one in editions() if one.key == "cn-sme-cluster.2022").data, "id": "my-county"}
    (folder / "规则.yaml").write_text(json.dumps(own, ensure_ascii=False), encoding="utf-8")
    assert gaoyuan("rules", folder / "规则.yaml", "--json").json["id"] == "my-county"
    (folder / "规则.yaml").write_text("id: a\nid: [", encoding="utf-8")
    shown = gaoyuan("rules", folder / "规则.yaml")
    assert shown.code == 2
    assert "line 3, column 1" in shown.err
    assert "规则.yaml" in shown.err


def test_rules_of_a_workspace_are_listed_before_the_shipped_ones(gaoyuan, tmp_path: Path):
    workspace = create_workspace(tmp_path / "工作 区")
    asked = ("rules", "--workspace", workspace.path)
    assert gaoyuan(*asked, "--json").json == [one.data for one in editions()]
    (workspace.path / "rules").mkdir()
    own = {**next(one for one in editions() if one.key == "cn-sme-cluster.2022").data, "id": "my-county"}
    (workspace.path / "rules" / "规则.yaml").write_text(json.dumps(own, ensure_ascii=False), encoding="utf-8")
    shown = gaoyuan(*asked)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.index("my-county.2022") < shown.out.index("cn-sme-cluster.2022")
    assert "工作区自有规则 rules of the workspace" in shown.out
    assert "my-county" not in gaoyuan("rules").out
    assert [one["id"] for one in gaoyuan(*asked, "--json").json][:2] == ["my-county", editions()[0].id]
    assert gaoyuan("rules", "my-county", *asked[1:], "--json").json["id"] == "my-county"
    assert gaoyuan("rules", "my-county").code == 2
    (workspace.path / "rules" / "坏.yaml").write_text("id: [\n", encoding="utf-8")
    broken = gaoyuan(*asked)
    assert broken.code == 2
    assert "坏.yaml" in broken.err
    assert gaoyuan("rules", "--workspace", tmp_path / "none").code == 3
