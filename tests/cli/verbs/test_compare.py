from __future__ import annotations

from gaoyuan.observe import compare
from gaoyuan.workspace import Workspace


def test_regions_are_compared_by_location_quotient_unless_told_otherwise(gaoyuan, uneven_workspace: Workspace):
    shown = gaoyuan("compare", uneven_workspace.path, "1771", "130000", "360000")
    assert (shown.code, shown.err) == (0, "")
    title, *head, first, second = shown.out.splitlines()
    assert title.strip() == "location_quotient, 1771"
    assert {"地区代码", "region", "coverage"} <= set(" ".join(head).split())
    assert (first.split()[0], second.split()[0]) == ("130000", "360000")
    assert "67" in second
    quiet = gaoyuan("compare", uneven_workspace.path, "1771", "130000", "360000", "--quiet")
    assert quiet.out.splitlines() == [*head, first, second]


def test_as_json_unknown_is_null(gaoyuan, uneven_workspace: Workspace):
    shown = gaoyuan("compare", uneven_workspace.path, "0121", "130000", "340000", "--json")
    assert shown.code == 0
    assert [row["q_value"] for row in shown.json] == [None, None]
    rows = compare(uneven_workspace, "1771", ["130000", "340000"], "firms").to_dict("records")
    assert gaoyuan("compare", uneven_workspace.path, "1771", "130000", "340000", "--by", "firms", "--json").json == rows
