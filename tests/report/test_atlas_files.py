"""An atlas as JSON and as a workbook."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.chain.atlas import atlas, atlas_index
from gaoyuan.chain.atlas.profiles import profile, profiles
from gaoyuan.chain.known_chain import read_chain
from gaoyuan.errors import InputError, OutputUnknown
from gaoyuan.report.atlas_files import check_atlas_path, write_atlas
from gaoyuan.workspace import Workspace


def _written(workspace: Workspace, path: Path, style: str = "four-maps-six-lists", product: str = "试验机车"):
    one = profile(style)
    chain = read_chain(workspace)
    found = atlas(atlas_index(chain, one.states), product)
    return write_atlas(found, one, path, workspace=workspace, locality=chain.locality), found


def test_json_holds_the_whole_atlas_with_codes_and_nulls(atlas_workspace: Workspace, tmp_path: Path):
    written, found = _written(atlas_workspace, tmp_path / "a.json")
    data = json.loads(written.file.read_text(encoding="utf-8"))
    assert data["nodes"] == found.nodes.to_pylist()
    assert data["links"] == found.links.to_pylist()
    assert data["firms"] == found.firms.to_pylist()
    assert data["regions"] == found.regions.to_pylist()
    assert [one["id"] for one in data["lists"]] == [one.id for one in profile().lists]
    assert [one["id"] for one in data["maps"]] == [one.id for one in profile().maps]
    assert data["findings"]["headline"]["zh"] == written.headline.zh
    assert any("makes" in one["zh"] for one in data["sources"])


@pytest.mark.parametrize("style", [one.id for one in profiles()])
def test_a_workbook_has_a_sheet_for_every_list_and_every_table(style: str, atlas_workspace: Workspace, tmp_path: Path):
    written, found = _written(atlas_workspace, tmp_path / "a.xlsx", style)
    book = openpyxl.load_workbook(written.file)
    lists = profile(style).lists
    for at, one in enumerate(lists, start=1):
        assert book[f"{at} {one.title.zh}"[:31]].max_row > 1
    assert len(book.sheetnames) == 1 + len(lists) + 4
    assert book["产品 products"].max_row == found.nodes.num_rows + 1
    assert book["投入 links"].max_row == found.links.num_rows + 1
    assert book["生产企业 makers"].max_row == found.firms.num_rows + 1
    assert [cell.value for cell in book["投入 links"][1]][:2] == ["产品 product", "产品标识 product id"]


def test_what_would_run_as_a_formula_is_text(atlas_workspace: Workspace, tmp_path: Path):
    (tmp_path / "t.csv").write_text("项目,网址\n=cmd|'/c calc'!A1,http://x.cn\n", encoding="utf-8")
    style = tmp_path / "own.yaml"
    style.write_text(
        "{id: own, title: {zh: =自定}, status: own, maps: [{id: m, title: {zh: 图}, shows: null, file: t.csv}], "
        "lists: [{id: l, title: {zh: 表}, rows: file, file: t.csv}]}",
        encoding="utf-8",
    )
    written, _ = _written(atlas_workspace, tmp_path / "a.xlsx", str(style))
    book = openpyxl.load_workbook(written.file)
    for name in ("1 表", "图1 图"):
        cell = book[name].cell(2, 1)
        assert (cell.value, cell.data_type) == ("=cmd|'/c calc'!A1", "s")
        assert book[name].cell(2, 2).hyperlink is None
    assert book["说明 about"]["B6"].data_type == "s"


def test_a_list_without_data_says_what_to_import(atlas_workspace: Workspace, tmp_path: Path):
    written, _ = _written(atlas_workspace, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(written.file)["3 招商目标企业清单"]
    assert "gaoyuan chain WS gaps" in str(sheet.cell(2, 1).value)
    assert {one.zh for one in written.without_data} == {
        "技术路线图",
        "招商目标企业清单",
        "重点项目清单",
        "人才与技术攻关需求清单",
    }


def test_what_a_list_lacks_is_said_below_its_headings_and_widens_no_column(atlas_workspace: Workspace, tmp_path: Path):
    written, _ = _written(atlas_workspace, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(written.file)
    for name in ("4 重点项目清单", "6 人才与技术攻关需求清单"):
        assert len(str(book[name].cell(2, 1).value)) > 30
        assert book[name].column_dimensions["A"].width < 20
    about = book["说明 about"]
    assert {about.cell(row, 2).alignment.wrap_text for row in range(2, about.max_row + 1)} == {True, None}


def test_sheets_of_lists_with_odd_titles_have_names_that_a_workbook_may_have(
    atlas_workspace: Workspace, tmp_path: Path
):
    style = tmp_path / "own.yaml"
    lists = ", ".join(
        f"{{id: l{at}, title: {{zh: '{title}'}}, rows: null}}"
        for at, title in enumerate(("重点[1]/企业*?", "很长" * 30, "''"), start=1)
    )
    style.write_text(f"{{id: own, title: {{zh: 自定}}, status: own, maps: [], lists: [{lists}]}}", encoding="utf-8")
    written, _ = _written(atlas_workspace, tmp_path / "a.xlsx", str(style))
    names = openpyxl.load_workbook(written.file).sheetnames
    assert len(names) == 8
    assert max(map(len, names)) == 31


def test_what_was_written_is_said_in_both_languages(atlas_workspace: Workspace, tmp_path: Path):
    written, found = _written(atlas_workspace, tmp_path / "a.json")
    said = str(written)
    assert str(written.file) in said
    assert f"{written.upstream.products} 种产品" in said
    assert f"{written.upstream.products} products" in said
    assert "没有数据 no data: 技术路线图 technology route" in said
    assert written.upstream.products + written.downstream.products + 1 == found.nodes.num_rows
    assert sum(written.upstream.states.values()) == written.upstream.products


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.html.gz"])
def test_an_ending_of_no_face_is_refused_before_any_work(name: str, tmp_path: Path):
    with pytest.raises(OutputUnknown, match=r"\.html, \.json, \.xlsx"):
        check_atlas_path(tmp_path / name)


def test_a_file_in_no_folder_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no such folder"):
        check_atlas_path(tmp_path / "nowhere" / "a.html")


def test_an_atlas_that_cannot_be_made_leaves_the_old_file(atlas_workspace: Workspace, tmp_path: Path):
    (tmp_path / "a.json").write_text("old")
    style = tmp_path / "own.yaml"
    style.write_text(
        "{id: own, title: {zh: 自定}, status: own, maps: [], "
        "lists: [{id: l, title: {zh: 表}, rows: file, file: no.csv}]}",
        encoding="utf-8",
    )
    with pytest.raises(InputError):
        _written(atlas_workspace, tmp_path / "a.json", str(style))
    assert (tmp_path / "a.json").read_text() == "old"
