from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.workspace import Workspace, create_workspace

GOOD = "企业名称,经营范围,注册地址,成立日期\n高阳甲毛巾厂,毛巾制造,河北省保定市高阳县1号,2015-01-02\n"
BAD = "高阳乙毛巾厂,毛巾制造,河北省保定市高阳县2号,2015-02-30\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "workspace")


@pytest.fixture
def register(tmp_path: Path) -> Path:
    (tmp_path / "register.csv").write_text(GOOD + BAD, encoding="gb18030")
    return tmp_path / "register.csv"


def test_an_import_tells_rows_columns_reasons_and_what_to_do_next(gaoyuan, workspace: Workspace, register: Path):
    shown = gaoyuan("import", workspace.path, "enterprises", register)
    assert shown.code == 0
    assert "register.csv: 2 行 rows, 导入 imported 1, 未导入 set aside 1" in shown.out
    assert "企业名称 → name" in shown.out
    assert "no date, or one in the future" in shown.out
    assert f"gaoyuan export {workspace.path} rejected rejected.xlsx" in shown.out
    assert f"gaoyuan observe {workspace.path}" in shown.out
    assert "register.csv" in shown.err
    assert workspace.read("register").num_rows == workspace.read("rejected").num_rows == 1


def test_an_import_as_json(gaoyuan, workspace: Workspace, register: Path):
    shown = gaoyuan("import", workspace.path, "enterprises", register, "--json")
    assert (shown.code, shown.err) == (0, "")
    assert shown.json["dry_run"] is False
    (file,) = shown.json["files"]
    assert (file["path"], file["rows"], file["accepted"], file["rejected"]) == (str(register), 2, 1, 1)
    assert file["reasons"] == {"no date, or one in the future": 1}


def test_a_quiet_import_says_nothing(gaoyuan, workspace: Workspace, register: Path):
    shown = gaoyuan("import", workspace.path, "enterprises", register, "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")
    assert workspace.read("register").num_rows == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(gaoyuan, workspace: Workspace, register: Path):
    shown = gaoyuan("import", workspace.path, "enterprises", register, "--dry-run")
    assert shown.code == 0
    assert "2 行 rows, 导入 imported 1, 未导入 set aside 1" in shown.out
    assert "nothing was written" in shown.out
    assert "rejected.xlsx" not in shown.out
    assert workspace.tables() == []
    assert gaoyuan("import", workspace.path, "enterprises", register, "--dry-run", "--json").json["dry_run"] is True


def test_the_same_file_again_changes_nothing(gaoyuan, workspace: Workspace, register: Path):
    gaoyuan("import", workspace.path, "enterprises", register)
    before = workspace.tables()
    shown = gaoyuan("import", workspace.path, "enterprises", register)
    assert "nothing changed" in shown.out
    assert workspace.tables() == before


def test_several_files_are_imported_at_once(gaoyuan, workspace: Workspace, register: Path, tmp_path: Path):
    (tmp_path / "second.csv").write_text(GOOD.replace("甲", "丙"), encoding="utf-8-sig")
    shown = gaoyuan("import", workspace.path, "enterprises", register, tmp_path / "second.csv", "--json")
    assert [file["accepted"] for file in shown.json["files"]] == [1, 1]
    assert workspace.read("register").num_rows == 2


def test_a_mapping_says_what_the_headings_do_not(gaoyuan, workspace: Workspace, tmp_path: Path):
    file, mapping = tmp_path / "strange.csv", tmp_path / "map.toml"
    file.write_text("a,b,c\n高阳甲厂,毛巾制造,1.5\n", encoding="utf-8")
    refused = gaoyuan("import", workspace.path, "enterprises", file)
    assert refused.code == 2
    assert workspace.tables() == []
    mapping.write_text(
        '[columns]\nname = "a"\nscope = "b"\nrevenue_yuan = { heading = "c", unit = "万元" }\n', encoding="utf-8"
    )
    shown = gaoyuan("import", workspace.path, "enterprises", file, "--columns", mapping, "--json")
    assert shown.code == 0
    (row,) = workspace.read("register").to_pylist()
    assert (row["name"], row["scope"], row["revenue_yuan"]) == ("高阳甲厂", "毛巾制造", 15_000.0)


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        '[strange]\nx = "y"\n',
        '[columns]\nno_such_target = "企业名称"\n',
        '[columns]\nname = "没有这一列"\n',
        "[columns]\nname = 3\n",
        '[columns]\nrevenue_yuan = { heading = "经营范围", unit = "里" }\n',
        '[settings]\ndatum = "flat"\n',
    ],
)
def test_a_bad_mapping_ends_with_2_and_nothing_is_written(
    gaoyuan, workspace: Workspace, register: Path, tmp_path: Path, text: str
):
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    shown = gaoyuan("import", workspace.path, "enterprises", register, "--columns", tmp_path / "map.toml")
    assert shown.code == 2
    assert shown.out == ""
    assert shown.err.startswith("错误 error: ")
    assert "Traceback" not in shown.err
    assert workspace.tables() == []


def test_a_mapping_that_is_not_there_ends_with_2(gaoyuan, workspace: Workspace, register: Path, tmp_path: Path):
    shown = gaoyuan("import", workspace.path, "enterprises", register, "--columns", tmp_path / "none.toml")
    assert shown.code == 2
    assert "none.toml: 没有此文件 · there is no such file" in shown.err


@pytest.mark.parametrize("name", ["junk.xlsx", "junk.parquet", "empty.csv", "header.csv", "junk.zip"])
def test_a_file_that_cannot_be_read_ends_with_2_and_changes_nothing(
    gaoyuan, workspace: Workspace, register: Path, tmp_path: Path, name: str
):
    gaoyuan("import", workspace.path, "enterprises", register)
    before = workspace.tables()
    content = {"empty.csv": b"", "header.csv": "企业名称,注册地址\n".encode()}.get(name, bytes(range(256)) * 20)
    (tmp_path / name).write_bytes(content)
    shown = gaoyuan("import", workspace.path, "enterprises", tmp_path / name)
    assert shown.code == 2
    assert name in shown.err
    assert "Traceback" not in shown.err
    assert workspace.tables() == before


def test_one_unreadable_file_among_several_is_found_before_any_is_imported(
    gaoyuan, workspace: Workspace, register: Path, tmp_path: Path
):
    (tmp_path / "junk.xlsx").write_bytes(b"junk")
    shown = gaoyuan("import", workspace.path, "enterprises", register, tmp_path / "junk.xlsx")
    assert shown.code == 2
    assert workspace.tables() == []


TITLES = "企业名称,称号\n高阳甲毛巾厂,专精特新“小巨人”企业\n外县厂,优秀企业\n"


def test_a_list_of_titles_is_imported_and_its_firms_are_found(
    gaoyuan, workspace: Workspace, register: Path, tmp_path: Path
):
    gaoyuan("import", workspace.path, "enterprises", register)
    (tmp_path / "titles.csv").write_text(TITLES, encoding="gb18030")
    shown = gaoyuan("import", workspace.path, "titles", tmp_path / "titles.csv", "--source", "某号公告")
    assert shown.code == 0
    assert "titles.csv: 2 行 rows, 导入 imported 1, 未导入 set aside 1" in shown.out
    assert "专精特新“小巨人”企业 little_giant: 1" in shown.out
    assert "按名称 by name 1" in shown.out
    assert "称号不在词表内" in shown.out
    assert f"gaoyuan export {workspace.path} title titles.xlsx" in shown.out
    (row,) = workspace.read("title").to_pylist()
    assert (row["title"], row["source"], row["matched_by"]) == ("little_giant", "某号公告", "name")


def test_a_title_for_a_whole_list_and_the_result_as_json(gaoyuan, workspace: Workspace, tmp_path: Path):
    (tmp_path / "list.csv").write_text("企业名称\n高阳甲毛巾厂\n", encoding="utf-8")
    refused = gaoyuan("import", workspace.path, "titles", tmp_path / "list.csv")
    assert (refused.code, "--title little_giant" in refused.err) == (2, True)
    refused = gaoyuan("import", workspace.path, "titles", tmp_path / "list.csv", "--title", "best_firm")
    assert (refused.code, "srdi_sme" in refused.err) == (2, True)
    shown = gaoyuan("import", workspace.path, "titles", tmp_path / "list.csv", "--title", "srdi_sme", "--json")
    (file,) = shown.json["files"]
    assert (file["accepted"], file["unmatched"], file["titles"]) == (1, 1, {"srdi_sme": 1})


def test_a_mapping_names_the_columns_of_a_list(gaoyuan, workspace: Workspace, tmp_path: Path):
    file, mapping = tmp_path / "list.csv", tmp_path / "map.toml"
    file.write_text("a,b\n高阳甲厂,高企\n", encoding="utf-8")
    mapping.write_text('[columns]\nname = "a"\ntitle_given = "b"\n', encoding="utf-8")
    assert gaoyuan("import", workspace.path, "titles", file, "--columns", mapping).code == 0
    assert [row["title"] for row in workspace.read("title").to_pylist()] == ["hightech_firm"]
    # The headings of one kind of file are none of the other.
    refused = gaoyuan("import", workspace.path, "enterprises", file, "--columns", mapping)
    assert (refused.code, "no target 'title_given'" in refused.err) == (2, True)


@pytest.mark.parametrize("option", ["--title", "--source"])
def test_options_of_lists_are_refused_for_registers(gaoyuan, workspace: Workspace, register: Path, option: str):
    refused = gaoyuan("import", workspace.path, "enterprises", register, option, "little_giant")
    assert (refused.code, option in refused.err) == (2, True)
    assert workspace.tables() == []


FACTS = "标识,指标,年份,值,来源\n370827-1523,area_km2,,80,县局\n370827-1523,sme_output_share,,72,县局\n"


def test_a_file_of_facts_is_imported_and_bad_rows_are_told(gaoyuan, workspace: Workspace, tmp_path: Path):
    file = tmp_path / "事实 表.csv"
    file.write_text(FACTS, encoding="gb18030")
    shown = gaoyuan("import", workspace.path, "facts", file)
    assert shown.code == 0
    assert "2 个值 values of 1 个对象 subjects, 导入 imported 1, 未导入 set aside 1" in shown.out
    assert f"gaoyuan assess {workspace.path} --rules cn-sme-cluster" in shown.out
    again = gaoyuan("import", workspace.path, "facts", file, "--json").json["files"][0]
    assert (again["unchanged"], again["accepted"], again["rejected"]) == (True, 1, 1)
    exported = gaoyuan("export", workspace.path, "rejected", tmp_path / "rejected.csv")
    assert exported.code == 0
    assert "百分数" in (tmp_path / "rejected.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("option", ["--title", "--source", "--columns"])
def test_options_of_lists_are_refused_for_facts(gaoyuan, workspace: Workspace, tmp_path: Path, option: str):
    (tmp_path / "f.csv").write_text(FACTS, encoding="utf-8")
    refused = gaoyuan("import", workspace.path, "facts", tmp_path / "f.csv", option, "little_giant")
    assert (refused.code, option in refused.err) == (2, True)
    assert workspace.tables() == []


@pytest.mark.parametrize("name", ["none.xlsx", "empty.xlsx", "facts.json", "words.txt"])
def test_a_file_that_is_no_table_of_facts_ends_with_2(gaoyuan, workspace: Workspace, tmp_path: Path, name: str):
    if name != "none.xlsx":
        (tmp_path / name).write_bytes({"empty.xlsx": b"", "facts.json": b"{}"}.get(name, "甲乙\n丙丁\n".encode()))
    shown = gaoyuan("import", workspace.path, "facts", tmp_path / name)
    assert (shown.code, name in shown.err, "Traceback" in shown.err) == (2, True, False)
    assert workspace.tables() == []


def test_an_input_output_table_is_imported_with_its_name_and_unit(gaoyuan, workspace: Workspace, tmp_path: Path):
    file = tmp_path / "io.csv"
    file.write_text("代码,01,02,FU1,GO\n01,1,2,3,6\n02,2,1,3,6\n", encoding="utf-8")
    shown = gaoyuan("import", workspace.path, "io", file, "--table", "cn", "--unit", "亿元")
    assert shown.code == 0
    assert "io.csv: 表 table cn, 2 个部门 sectors, 单位 unit 亿元" in shown.out
    assert f"gaoyuan chain {workspace.path} sectors" in shown.out
    shown = gaoyuan("import", workspace.path, "products", file, "--table", "cn")
    assert shown.code == 2
    assert "--table is for input-output tables" in shown.err


def test_a_table_that_cannot_be_measured_is_to_be_mended_next(gaoyuan, workspace: Workspace, tmp_path: Path):
    path = tmp_path / "io.csv"
    good = "代码,名称,01,02,FU1,GO\n01,农,20,45,35,100\n02,工,15,30,45,90\n"
    path.write_text(good.replace("20,45,35", "-20,45,75"), encoding="utf-8")
    for _ in range(2):
        shown = gaoyuan("import", workspace.path, "io", path)
        assert shown.code == 0
        assert f"gaoyuan chain {workspace.path} sectors" not in shown.out
        assert f"mend the negative cells, then import again: gaoyuan import {workspace.path} io FILE" in shown.out
    for verb in (("sectors",), ("sector-shock", "--lose", "02=0.5")):
        shown = gaoyuan("chain", workspace.path, *verb)
        assert shown.code == 2
        assert "table io: " in shown.err
        assert "部门 01 农 流向 01 农 的中间流量为负" in shown.err
        assert "sector 01 农: negative flow to 01 农 (-200000)" in shown.err
    path.write_text(good, encoding="utf-8")
    assert f"gaoyuan chain {workspace.path} sectors" in gaoyuan("import", workspace.path, "io", path).out
