from __future__ import annotations

import pytest

from gaoyuan.assess import edition, editions
from gaoyuan.assess.places import holds_in, other_region, place_of
from gaoyuan.workspace import Workspace, create_workspace


@pytest.mark.parametrize(
    ("rule", "place", "holds"),
    [
        ("cn-sme-cluster.2022", "650102", True),
        ("sd-3830.2023", "370000", True),
        ("sd-3830.2023", "370211", True),
        ("sd-3830.2023", "320000", False),
        ("cq-33618-map.2023", "500101", True),
        ("cq-33618-map.2023", "510101", False),
        ("sh-sme-cluster.2023", "310115", True),
        ("yn-sme-cluster.2023", "540102", False),
    ],
)
def test_a_rule_holds_in_its_province_and_below(rule: str, place: str, holds: bool):
    assert holds_in(edition(rule), place) is holds
    assert bool(other_region(edition(rule), place)) is not holds


def test_every_rule_holds_in_its_own_region_and_where_nobody_knows():
    for rule in editions():
        assert rule.region == "CN" or holds_in(rule, rule.region)
        assert other_region(rule, None) == []


def test_the_finding_says_where_the_rule_holds_and_where_the_subject_lies():
    (found,) = other_region(edition("yn-sme-cluster.2023"), "370211")
    assert (found.kind, found.used) == ("other_region", True)
    assert "云南" in found.zh
    assert "黄岛区（370211）" in found.zh
    assert "370211" in found.en


def test_the_place_of_a_subject_is_what_the_tables_say_else_what_its_id_says(sample_workspace: Workspace, tmp_path):
    firm = sample_workspace.read("enterprise", ["enterprise_id", "county"]).to_pylist()[0]
    assert place_of(sample_workspace, firm["enterprise_id"]) == firm["county"]
    assert place_of(sample_workspace, "370211-1522") == "370211"
    assert place_of(sample_workspace, "370200") == "370200"
    clusters = sample_workspace.to_arrow(sample_workspace.table("cluster").select("cluster_id", "county")).to_pylist()
    listed = [row for row in clusters if not row["cluster_id"][0].isdigit()]
    assert {row["county"] is None for row in listed} == {True, False}
    for row in listed:
        assert place_of(sample_workspace, row["cluster_id"]) == row["county"]
    empty = create_workspace(tmp_path / "empty")
    assert place_of(empty, "370211-1522") == "370211"
    assert place_of(empty, firm["enterprise_id"]) is None
    assert place_of(empty, "no such thing") is None
