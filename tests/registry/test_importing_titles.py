from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from gaoyuan.codes import titles
from gaoyuan.errors import ColumnsMissing, FileUnreadable, MappingInvalid, NotFound, StepMissing
from gaoyuan.registry import ImportedTitles, UserMapping, import_enterprises, import_titles, match_titles
from gaoyuan.workspace import Workspace

MakeCode = Callable[..., str]
WriteCsv = Callable[..., Path]

TODAY = dt.date(2026, 11, 22)
CHECK_CHARACTER = "the check character does not fit, so a character of the credit code is wrong"
HEADER = "序号,企业名称,统一社会信用代码,认定名称,批次,认定日期,有效期"


def bring(workspace: Workspace, path: Path, title: str | None = None, **options: Any) -> ImportedTitles:
    """Import a list and check that nothing is lost."""
    (result,) = import_titles(workspace, [path], title, today=TODAY, **options)
    assert result.accepted + result.rejected == result.rows
    assert result.by_code + result.by_name + result.unmatched == (sum(result.titles.values()))
    if not options.get("dry_run"):
        file = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        rejected = [
            row for row in workspace.read("rejected").to_pylist() if (row["file"], row["kind"]) == (file, "titles")
        ]
        assert len({row["row"] for row in rejected}) == result.rejected
        for row in rejected:
            assert row["reason_zh"]
            assert row["mend_zh"]
            json.loads(row["record"])
    return result


def held(workspace: Workspace) -> list[dict[str, Any]]:
    return sorted(workspace.read("title").to_pylist(), key=lambda row: (row["file"], row["row"]))


def reasons(workspace: Workspace) -> dict[int, str]:
    return {row["row"]: row["reason"] for row in workspace.read("rejected").to_pylist()}


def states(workspace: Workspace) -> dict[str, int]:
    return {state.name: state.version for state in workspace.tables()}


@pytest.fixture
def register(workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode) -> Workspace:
    """A workspace with a register of four firms, two of one name."""
    rows = [
        f"高阳甲毛巾有限公司,{credit_code(1)},高阳县",
        f"高阳乙(集团)公司,{credit_code(2)},高阳县",
        f"丁厂,{credit_code(3)},高阳县",
        f"丁厂,{credit_code(4)},安国市",
    ]
    import_enterprises(workspace, [write_csv("企业名称,统一社会信用代码,县区", *rows, name="登记.csv")])
    return workspace


def test_a_whole_row_arrives_with_its_firm_title_batch_and_dates(
    register: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    path = write_csv(HEADER, f"1,高阳甲毛巾有限公司,{credit_code(1)},国家级专精特新“小巨人”企业,第五批,2023年7月14日,")
    result = bring(register, path, source="工信部企业函〔2023〕000号")
    (row,) = held(register)
    expected = {
        "enterprise_id": credit_code(1),
        "matched_by": "credit_code",
        "uscc": credit_code(1),
        "name": "高阳甲毛巾有限公司",
        "title": "little_giant",
        "title_given": "国家级专精特新“小巨人”企业",
        "level": "national",
        "batch": "第五批",
        "granted": dt.date(2023, 7, 14),
        "granted_precision": "day",
        "valid_to": dt.date(2026, 7, 13),
        "valid_by": "rule",
        "source": "工信部企业函〔2023〕000号",
        "file": hashlib.sha256(path.read_bytes()).hexdigest()[:16],
        "row": 2,
    }
    assert {name: row[name] for name in expected} == expected
    assert (result.titles, result.by_code, result.updated) == ({"little_giant": 1}, 1, 0)


def test_an_office_workbook_with_lines_above_its_header_is_read(register: Workspace, tmp_path: Path):
    path = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("附件")
        sheet.merge_range(0, 0, 0, 4, "2024年度省级专精特新中小企业名单")
        sheet.write_row(2, 0, ["序号", "企业名称", "称号", "认定年份", "有效期至"])
        sheet.write_row(3, 0, [1, "高阳乙（集团）公司", "省级“专精特新”中小企业", 2024])
        sheet.write_datetime(3, 4, dt.datetime(2027, 3, 31))
        sheet.write_row(4, 0, [2, "外县企业", "创新型中小企业", "2024年度"])
    result = bring(register, path)
    first, second = held(register)
    assert (first["title"], first["matched_by"], first["uscc"]) == ("srdi_sme", "name", None)
    assert (first["granted"], first["granted_precision"]) == (dt.date(2024, 1, 1), "year")
    assert (first["valid_to"], first["valid_by"]) == (dt.date(2027, 3, 31), "given")
    assert (second["title"], second["enterprise_id"], second["name"]) == ("innovative_sme", None, "外县企业")
    # Three years from some day in 2024 end on the day before the last one of 2027 at the latest.
    assert (second["valid_to"], second["valid_by"]) == (dt.date(2027, 12, 30), "rule")
    assert first["source"] == "名单.xlsx"
    assert (result.by_name, result.unmatched, result.ambiguous) == (1, 1, 0)


def test_one_title_can_be_given_for_the_whole_file(register: Workspace, write_csv: WriteCsv):
    result = bring(register, write_csv("企业名称,批次", "高阳甲毛巾有限公司,第三批", "丁厂,"), "single_champion")
    first, second = held(register)
    assert (first["title"], first["level"], first["title_given"], first["batch"]) == (
        "single_champion",
        "national",
        None,
        "第三批",
    )
    # Two firms of the register have the second name: it is kept, without either.
    assert (second["enterprise_id"], second["matched_by"]) == (None, None)
    assert (result.unmatched, result.ambiguous) == (1, 1)
    assert "重名 of these several of one name 1" in str(result)


def test_a_list_without_titles_needs_one_and_says_how(register: Workspace, write_csv: WriteCsv):
    with pytest.raises(ColumnsMissing, match="--title"):
        import_titles(register, [write_csv("企业名称,批次", "甲,1")])
    with pytest.raises(NotFound, match="little_giant"):
        import_titles(register, [write_csv("企业名称", "甲")], "小巨人")
    with pytest.raises(ColumnsMissing, match="names of firms"):
        import_titles(register, [write_csv("称号,批次", "小巨人,1")])
    assert not register.has("title")


def test_what_the_cell_of_a_title_says_of_batch_and_year_counts_where_no_column_does(
    workspace: Workspace, write_csv: WriteCsv
):
    bring(workspace, write_csv("企业名称,称号", "甲,第五批专精特新小巨人企业（2023年）"))
    (row,) = held(workspace)
    assert (row["batch"], row["granted"], row["granted_precision"]) == ("第五批", dt.date(2023, 1, 1), "year")


def test_a_column_of_levels_counts_with_the_title(workspace: Workspace, write_csv: WriteCsv):
    lines = ("甲,制造业单项冠军,国家级", "乙,制造业单项冠军,省级", "丙,制造业单项冠军,市级")
    bring(workspace, write_csv("企业名称,称号,级别", *lines))
    assert [row["title"] for row in held(workspace)] == ["single_champion", "provincial_single_champion"]
    assert reasons(workspace) == {4: "no title that is known, or one that may mean several"}


@pytest.mark.parametrize(
    ("granted", "validity", "expected"),
    [
        ("2023-07-14", "3年", (dt.date(2023, 7, 14), dt.date(2026, 7, 13), "given")),
        ("2023-07", "", (dt.date(2023, 7, 1), dt.date(2026, 7, 30), "rule")),
        ("2019", "", (dt.date(2019, 1, 1), dt.date(2022, 12, 30), "rule")),
        ("2023-07", "三年", (dt.date(2023, 7, 1), dt.date(2026, 7, 30), "rule")),
        ("2024-02", "1年", (dt.date(2024, 2, 1), dt.date(2025, 2, 27), "rule")),
        ("2023", "2026-06-30", (dt.date(2023, 1, 1), dt.date(2026, 6, 30), "given")),
        ("", "2023年7月1日至2026年6月30日", (dt.date(2023, 7, 1), dt.date(2026, 6, 30), "given")),
        ("2023", "三年", (dt.date(2023, 1, 1), dt.date(2026, 12, 30), "rule")),
        ("", "", (None, None, None)),
        ("", "至2026年6月", (None, dt.date(2026, 6, 30), "given")),
        ("2026-11-22", "", (dt.date(2026, 11, 22), dt.date(2029, 11, 21), "rule")),
    ],
)
def test_the_end_of_validity_is_given_or_the_last_that_can_be_or_unknown(
    workspace: Workspace, write_csv: WriteCsv, granted: str, validity: str, expected: tuple[object, ...]
):
    bring(workspace, write_csv("企业名称,认定时间,有效期", f"甲,{granted},{validity}"), "srdi_sme")
    (row,) = held(workspace)
    assert (row["granted"], row["valid_to"], row["valid_by"]) == expected


def test_a_title_whose_usual_validity_is_not_known_has_no_end(workspace: Workspace, write_csv: WriteCsv):
    bring(workspace, write_csv("企业名称,认定时间", "甲,2024-03-01"), "gazelle")
    (row,) = held(workspace)
    assert (row["valid_to"], row["valid_by"]) == (None, None)


def test_rows_at_fault_are_set_aside_with_their_reasons(
    workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    wrong = credit_code(1)[:-1] + ("0" if credit_code(1)[-1] != "0" else "1")
    rows = {
        "1,,,专精特新小巨人企业,,,": "the name of the firm is missing",
        f"2,甲,{wrong},专精特新小巨人企业,,,": CHECK_CHARACTER,
        "3,乙,,,,,": "no title is given",
        "4,丙,,优秀企业,,,": "no title that is known, or one that may mean several",
        "5,丁,,单项冠军培育企业,,,": "no title that is known, or one that may mean several",
        "6,戊,,专精特新小巨人企业,,2026-11-23,": "no date, or one in the future",
        "7,己,,专精特新小巨人企业,,去年,": "no date, or one in the future",
        "8,庚,,2027年专精特新小巨人企业,,,": "no date, or one in the future",
        "9,辛,,专精特新小巨人企业,,2023-07-01,长期": "no last day, and no period of validity",
        "10,壬,,专精特新小巨人企业,,2023-07-01,2023-06-30": "the title ends before it was granted",
        "11,癸,,专精特新小巨人企业,,,2023-07-01至2022-06-30": "the title ends before it was granted",
        "12,=A1,,专精特新小巨人企业,,,": "a formula or its error stands where the name should be",
        "13,子,,专精特新小巨人企业,=B2,,": "a formula or its error stands where text should be",
    }
    result = bring(workspace, write_csv(HEADER, *rows))
    assert (result.accepted, result.rejected) == (0, len(rows))
    assert reasons(workspace) == dict(enumerate(rows.values(), start=2))
    assert workspace.read("title").num_rows == 0


def test_a_row_that_names_another_title_than_the_whole_file_is_set_aside(workspace: Workspace, write_csv: WriteCsv):
    bring(workspace, write_csv("企业名称,称号", "甲,专精特新小巨人企业", "乙,高新技术企业", "丁,"), "little_giant")
    assert [(row["name"], row["title_given"]) for row in held(workspace)] == [
        ("甲", "专精特新小巨人企业"),
        ("丁", None),
    ]
    (row,) = workspace.read("rejected").to_pylist()
    assert row["reason"] == "the row names 高新技术企业 hightech_firm, not the title given for the whole file"
    assert row["reason_zh"] == "这一行的称号是 高新技术企业 hightech_firm，与为整个文件指定的称号不同"


@pytest.mark.parametrize("said", ["已撤销小巨人企业", "小巨人培育企业", "拟认定专精特新小巨人企业", "示范单位"])
def test_a_cell_that_is_no_title_is_not_taken_for_the_one_of_the_whole_file(
    workspace: Workspace, write_csv: WriteCsv, said: str
):
    result = bring(workspace, write_csv("企业名称,称号", f"甲,{said}", "乙,小巨人"), "little_giant")
    assert (result.accepted, result.rejected) == (1, 1)
    assert reasons(workspace) == {2: "no title that is known, or one that may mean several"}


def test_a_grant_that_stands_twice_in_a_list_is_set_aside_the_second_time(
    register: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    lines = (
        f"1,高阳甲毛巾有限公司,{credit_code(1)},高新技术企业,,2023-10-16,",
        "2,高阳甲毛巾有限公司,,高新技术企业,,2023年,",
        "3,高阳甲毛巾有限公司,,高新技术企业,,2020-12-01,",
        "4,高阳甲毛巾有限公司,,专精特新中小企业,,2023-10-16,",
    )
    bring(register, write_csv(HEADER, *lines))
    assert [row["row"] for row in held(register)] == [2, 4, 5]
    assert reasons(register) == {3: "a row above has the same firm, title and year"}
    (row,) = [row for row in register.read("rejected").to_pylist() if row["row"] == 3]
    assert row["mend"] == "Compare with row 2; keep the right one."


def test_the_same_file_again_changes_nothing(register: Workspace, write_csv: WriteCsv, credit_code: MakeCode):
    path = write_csv(HEADER, f"1,甲,{credit_code(1)},高新技术企业,,2023-10-16,", "2,丁厂,,高企,,,", "3,,,,,,")
    first = bring(register, path)
    before = states(register)
    again = bring(register, path)
    assert again.unchanged
    assert states(register) == before
    assert (again.rows, again.accepted, again.rejected) == (first.rows, first.accepted, first.rejected)
    assert (again.by_code, again.unmatched, again.ambiguous) == (first.by_code, first.unmatched, first.ambiguous)
    assert "nothing changed" in str(again)


def test_the_same_file_read_in_another_way_takes_its_own_place(workspace: Workspace, write_csv: WriteCsv):
    path = write_csv("企业名称,曾用名", "新厂,旧厂")
    bring(workspace, path, "gazelle")
    bring(workspace, path, "unicorn", source="名单")
    assert [(row["title"], row["source"]) for row in held(workspace)] == [("unicorn", "名单")]
    bring(workspace, path, "unicorn", source="名单", mapping=UserMapping({"name": ("曾用名", None)}))
    assert [row["name"] for row in held(workspace)] == ["旧厂"]
    assert workspace.read("import").num_rows == 1


def test_a_newer_file_updates_the_grants_that_it_has_and_keeps_the_others(
    register: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    old = (
        f"1,甲,{credit_code(1)},高新技术企业,,2023年,",
        "2,高阳乙(集团)公司,,高新技术企业,,2023年,",
        "3,丙,,高企,,2023年,",
    )
    bring(register, write_csv(HEADER, *old, name="旧.csv"))
    new = (f"1,乙,{credit_code(2)},高新技术企业,,2023-10-16,", f"2,甲,{credit_code(1)},高新技术企业,,2026-10-16,")
    result = bring(register, write_csv(HEADER, *new, name="新.csv"))
    assert result.updated == 1
    grants = {(row["name"], row["granted"], row["granted_precision"]) for row in held(register)}
    assert grants == {
        ("甲", dt.date(2023, 1, 1), "year"),
        ("丙", dt.date(2023, 1, 1), "year"),
        ("乙", dt.date(2023, 10, 16), "day"),
        ("甲", dt.date(2026, 10, 16), "day"),
    }


def test_an_earlier_file_imported_again_takes_back_the_grants_that_a_newer_one_updated(
    workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    first = write_csv(HEADER, f"1,甲,{credit_code(1)},高企,,2023-01-05,", "2,乙,,高企,,2023年,", name="一.csv")
    second = write_csv(HEADER, f"1,甲,{credit_code(1)},高企,,2023-10-16,", name="二.csv")
    for path, day in ((first, 5), (second, 16), (first, 5), (second, 16)):
        result = bring(workspace, path)
        assert not result.unchanged
        assert [row["granted"].day for row in held(workspace) if row["name"] == "甲"] == [day]
        before = states(workspace)
        assert bring(workspace, path).unchanged
        assert states(workspace) == before
    assert {row["name"] for row in held(workspace)} == {"甲", "乙"}


def test_a_list_matched_without_a_register_records_no_version_of_one(workspace: Workspace, write_csv: WriteCsv):
    bring(workspace, write_csv("企业名称", "甲"), "gazelle")
    assert json.loads(workspace.runs()["inputs"][0].as_py())["register"] is None


def test_firms_are_found_when_the_register_comes_later(
    workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    path = write_csv(HEADER, f"1,甲厂,{credit_code(1)},高新技术企业,,,", "2,乙厂,,高新技术企业,,,", name="名单.csv")
    assert bring(workspace, path).unmatched == 2
    before = {row["name"]: row["run"] for row in held(workspace)}
    import_enterprises(
        workspace, [write_csv("企业名称,统一社会信用代码", f"甲厂改名,{credit_code(1)}", "丙厂,", name="登记.csv")]
    )
    assert workspace.outdated("title")
    match_titles(workspace)
    assert not workspace.outdated("title")
    rows = {row["name"]: row for row in held(workspace)}
    assert (rows["甲厂"]["enterprise_id"], rows["乙厂"]["enterprise_id"]) == (credit_code(1), None)
    # Only the row that changed names the new run.
    assert (rows["甲厂"]["run"] == before["甲厂"], rows["乙厂"]["run"] == before["乙厂"]) == (False, True)
    version = workspace.version("title")
    match_titles(workspace)
    assert workspace.version("title") == version
    import_enterprises(workspace, [write_csv("企业名称", "乙厂", name="登记2.csv")])
    again = bring(workspace, path)
    assert (again.unchanged, again.by_code, again.by_name) == (True, 1, 1)


def test_matching_without_titles_does_nothing(workspace: Workspace):
    match_titles(workspace)
    assert workspace.tables() == []


def test_one_file_can_be_a_register_and_a_list_of_titles(
    workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    lines = (f"甲厂,{credit_code(1)},高新技术企业,2010-01-01", ",,高新技术企业,2010-01-01", "丙厂,,优秀企业,2010-02-30")
    path = write_csv("企业名称,统一社会信用代码,称号,成立日期", *lines)
    (as_register,) = import_enterprises(workspace, [path], today=TODAY)
    as_list = bring(workspace, path)
    assert (as_register.rejected, as_list.rejected) == (2, 2)
    kinds = [row["kind"] for row in workspace.read("rejected").to_pylist()]
    assert (kinds.count("enterprises"), kinds.count("titles")) == (2, 2)
    before = states(workspace)
    assert import_enterprises(workspace, [path], today=TODAY)[0].unchanged
    assert bring(workspace, path).unchanged
    assert states(workspace) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(register: Workspace, write_csv: WriteCsv, credit_code: MakeCode):
    path = write_csv(HEADER, f"1,甲,{credit_code(1)},高新技术企业,,2023-10-16,", "2,乙,,优秀企业,,,")
    before = states(register)
    tried = bring(register, path, dry_run=True)
    assert states(register) == before
    done = bring(register, path)
    assert (tried.accepted, tried.rejected, tried.by_code) == (done.accepted, done.rejected, done.by_code) == (1, 1, 1)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_lists_in_any_encoding_are_read(workspace: Workspace, write_csv: WriteCsv, encoding: str):
    bring(workspace, write_csv("企业名称,称号", "高阳甲厂,专精特新“小巨人”企业", encoding=encoding))
    assert [row["title"] for row in held(workspace)] == ["little_giant"]


def test_dates_that_a_parquet_file_holds_as_dates_are_read(workspace: Workspace, tmp_path: Path):
    columns = {"企业名称": ["甲"], "认定日期": [dt.date(2023, 7, 14)], "有效期至": [dt.datetime(2026, 7, 13)]}
    pq.write_table(pa.table(columns), tmp_path / "名单.parquet")
    bring(workspace, tmp_path / "名单.parquet", "little_giant")
    (row,) = held(workspace)
    assert (row["granted"], row["valid_to"]) == (dt.date(2023, 7, 14), dt.date(2026, 7, 13))


def test_a_row_with_too_many_cells_is_set_aside(workspace: Workspace, write_csv: WriteCsv):
    result = bring(workspace, write_csv("企业名称,称号", "甲,高企", "乙,高企,多"))
    assert (result.accepted, result.rejected) == (1, 1)


def test_a_file_that_cannot_be_read_is_found_before_any_is_imported(
    workspace: Workspace, write_csv: WriteCsv, tmp_path
):
    (tmp_path / "junk.xlsx").write_bytes(b"junk")
    with pytest.raises((FileUnreadable, ColumnsMissing)):
        import_titles(workspace, [write_csv("企业名称,称号", "甲,高企"), tmp_path / "junk.xlsx"])
    with pytest.raises(FileUnreadable, match="no rows"):
        import_titles(workspace, [write_csv("企业名称,称号", name="leer.csv")])
    with pytest.raises(MappingInvalid):
        import_titles(workspace, [write_csv("a,称号", "甲,高企")], mapping=UserMapping({"name": ("b", None)}))
    assert workspace.tables() == []


def test_every_title_of_the_vocabulary_can_be_given(workspace: Workspace, write_csv: WriteCsv):
    for title in titles():
        bring(workspace, write_csv("企业名称", f"{title}的企业", name=f"{title}.csv"), title)
    assert {row["title"] for row in held(workspace)} == set(titles())


def test_a_workspace_without_titles_says_how_to_import_them(workspace: Workspace):
    with pytest.raises(StepMissing, match=r"import .* titles FILE"):
        workspace.read("title")


@pytest.mark.parametrize("moment", ["rejected", "title", "import"])
def test_an_import_that_fails_while_it_writes_can_be_repeated(
    register: Workspace,
    write_csv: WriteCsv,
    credit_code: MakeCode,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
):
    path = write_csv(HEADER, f"1,甲,{credit_code(1)},高新技术企业,,2023年,", "2,乙,,优秀企业,,,")
    bring(register, path, "hightech_firm")
    write = Workspace.write

    def full_disk(self: Workspace, name: str, *rest: Any, **options: Any) -> int:
        version = write(self, name, *rest, **options)
        if name == moment:
            raise OSError("the disk is full")
        return version

    with monkeypatch.context() as broken:
        broken.setattr(Workspace, "write", full_disk)
        with pytest.raises(OSError, match="disk is full"):
            import_titles(register, [path], today=TODAY)
    result = bring(register, path)
    assert (result.unchanged, result.accepted, result.rejected) == (False, 1, 1)
    assert [(row["name"], row["title"]) for row in held(register)] == [("甲", "hightech_firm")]
    assert bring(register, path).unchanged
