"""Needs the map page's bundle, which `make setup` builds."""

from __future__ import annotations

from pathlib import Path

from gaoyuan.workspace import Workspace


def test_the_map_is_one_page_and_says_what_it_shows(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    shown = gaoyuan("map", sample_workspace.path, tmp_path / "map.html")
    assert shown.code == 0, shown.err
    assert str(tmp_path / "map.html") in shown.out
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "connect-src 'none'" in page
    got = gaoyuan("map", sample_workspace.path, tmp_path / "map.html", "--json").json
    assert got["file"] == str(tmp_path / "map.html")
    assert got["clusters"] > 0
    shown = gaoyuan("map", sample_workspace.path, tmp_path / "map.html", "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")
