from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from gaoyuan.assess import edition
from gaoyuan.assess.rules.choice import own_editions, rule_for
from gaoyuan.errors import InputError, NotFound
from gaoyuan.workspace import Workspace, create_workspace

DAY = dt.date(2026, 6, 30)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "工作区")


def own_rule(file: Path, **changes: object) -> Path:
    """A copy of the national cluster rule, with some entries changed."""
    file.parent.mkdir(exist_ok=True)
    data = edition("cn-sme-cluster.2022").data
    file.write_text(yaml.safe_dump({**data, **changes}, allow_unicode=True), encoding="utf-8")
    return file


def test_a_shipped_rule_is_meant_by_its_id_on_a_day_or_by_its_edition(workspace: Workspace):
    assert rule_for(workspace, "cn-little-giant", dt.date(2025, 1, 1)).key == "cn-little-giant.2022"
    assert rule_for(workspace, "cn-little-giant", DAY).key == "cn-little-giant.2026"
    assert rule_for(workspace, "cn-little-giant", DAY, "renewal").id == "cn-little-giant"
    assert rule_for(None, "cn-little-giant.2022", DAY) == edition("cn-little-giant.2022")


@pytest.mark.parametrize(
    ("named", "near"),
    [("cn-sme-clusters", "cn-sme-cluster"), ("cn-littel-giant", "cn-little-giant"), ("sd-3830.2024", "sd-3830.2023")],
)
def test_of_a_rule_that_there_is_not_the_near_ones_are_named(named: str, near: str):
    with pytest.raises(NotFound) as caught:
        rule_for(None, named, DAY)
    assert f"Do you mean {near}" in str(caught.value)
    with pytest.raises(NotFound) as caught:
        rule_for(None, "完全不同", DAY)
    assert "Do you mean" not in str(caught.value)
    assert "cn-sme-cluster" in str(caught.value)


def test_a_file_of_ones_own_is_named_by_its_path(tmp_path: Path, workspace: Workspace):
    file = own_rule(tmp_path / "我的 规则.yaml", id="my-county", edition="2026")
    assert rule_for(workspace, str(file), DAY).key == "my-county.2026"
    with pytest.raises(InputError, match="cannot be read"):
        rule_for(workspace, str(tmp_path / "none.yml"), DAY)


def test_rules_of_the_workspace_come_before_shipped_ones_of_the_same_name(workspace: Workspace):
    own_rule(workspace.path / "rules" / "a.yaml", id="my-county", edition="2026")
    own_rule(workspace.path / "rules" / "b.yml", settings={**edition("cn-sme-cluster.2022").data["settings"]})  # type: ignore[dict-item]
    (workspace.path / "rules" / "notes.txt").write_text("no rule")
    assert [one.key for one in own_editions(workspace)] == ["my-county.2026", "cn-sme-cluster.2022"]
    assert rule_for(workspace, "my-county", DAY).key == "my-county.2026"
    assert rule_for(workspace, "cn-sme-cluster", DAY).data is not edition("cn-sme-cluster").data
    assert rule_for(workspace, "cn-sme-cluster.2022", DAY).data is not edition("cn-sme-cluster").data
    assert rule_for(None, "cn-sme-cluster", DAY) == edition("cn-sme-cluster")
    with pytest.raises(NotFound, match="Do you mean my-county"):
        rule_for(workspace, "my-country", DAY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: [1, 2\nb: }", "line 2"),
        ("id: only\n", "does not follow the schema"),
        ("- 1\n", "does not follow the schema"),
        ("", "does not follow the schema"),
    ],
)
def test_a_broken_rule_of_the_workspace_is_told_with_file_and_place(workspace: Workspace, text: str, said: str):
    (workspace.path / "rules").mkdir()
    (workspace.path / "rules" / "坏.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        rule_for(workspace, "cn-sme-cluster", DAY)
    assert said in str(caught.value)
    assert "坏.yaml" in str(caught.value.where)


def test_a_rule_that_speaks_of_a_metric_that_there_is_not_names_it(workspace: Workspace):
    words = {"id": "1", "zh": "甲", "en": "a", "article": "一", "status": "draft"}
    criteria = [{**words, "kind": "threshold", "metric": "areas", "op": ">=", "value": 1}]
    own_rule(workspace.path / "rules" / "a.yaml", criteria=criteria, settings={})
    with pytest.raises(InputError, match="areas"):
        rule_for(workspace, "cn-sme-cluster", DAY)
