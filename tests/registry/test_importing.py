from __future__ import annotations

import csv
import datetime as dt
import gc
import hashlib
import io
import json
import math
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaoyuan.codes import credit_code_faults
from gaoyuan.errors import ColumnsMissing, FileUnreadable, MappingInvalid
from gaoyuan.registry import ImportedFile, UserMapping, import_enterprises
from gaoyuan.registry.reading import ReadSettings
from gaoyuan.registry.reading.spreadsheet import SpreadsheetFile
from gaoyuan.workspace import Workspace, create_workspace

MakeCode = Callable[..., str]
WriteCsv = Callable[..., Path]

HEADER = "企业名称,统一社会信用代码,经营范围,注册地址,行业代码,从业人员,营业收入(万元),成立日期,经度,纬度"


def bring(workspace: Workspace, path: Path, **options) -> ImportedFile:
    """Import a file and check that nothing is lost."""
    (result,) = import_enterprises(workspace, [path], **options)
    assert result.accepted + result.rejected == result.rows
    if not options.get("dry_run"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        held, rejected = workspace.read("register").to_pylist(), workspace.read("rejected").to_pylist()
        rows = [row["row"] for row in held if row["file"] == digest[:16]]
        faults = {row["row"] for row in rejected if row["file"] == digest[:16]}
        assert len(rows) <= result.accepted
        assert len(faults) == result.rejected
        assert not faults & set(rows)
        for row in rejected:
            assert row["reason"]
            assert row["mend"]
            json.loads(row["record"])
    return result


def names(workspace: Workspace) -> list[str]:
    return sorted(workspace.read("register", ["name"])["name"].to_pylist())


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def tables_of(workspace: Workspace) -> dict[str, bytes]:
    return files_of(workspace.path / "tables")


def test_a_whole_row_arrives_in_our_columns_and_units(workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode):
    row = f"高阳县甲毛巾厂,{credit_code(1)},毛巾生产,河北省高阳县,1772,50人,120.5,2019年4月1日,115.78,38.70"
    bring(workspace, write_csv(HEADER, row))
    (held,) = workspace.read("register").to_pylist()
    expected = {
        "enterprise_id": credit_code(1),
        "uscc": credit_code(1),
        "name": "高阳县甲毛巾厂",
        "scope": "毛巾生产",
        "address": "河北省高阳县",
        "industry_given": "1772",
        "employees": 50,
        "revenue_yuan": 1_205_000.0,
        "established": dt.date(2019, 4, 1),
        "longitude": 115.78,
        "latitude": 38.70,
        "row": 2,
        "status": None,
    }
    assert {name: held[name] for name in expected} == expected


def test_english_headings_are_recognised_too(workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode):
    header = "name,uscc,business_scope,registered address,industry code,employees,revenue_wan,established,lon,lat"
    bring(workspace, write_csv(header, f"A Ltd,{credit_code(1)},towels,x,1772,50,120.5,2019-04-01,115.78,38.70"))
    (held,) = workspace.read("register").to_pylist()
    assert (held["name"], held["scope"], held["employees"], held["revenue_yuan"], held["longitude"]) == (
        "A Ltd",
        "towels",
        50,
        1_205_000.0,
        115.78,
    )


def test_a_mapping_overrides_what_the_headings_say(workspace: Workspace, write_csv: WriteCsv):
    path = write_csv("企业名称,曾用名,营收", "新厂,旧厂,3")
    mapping = UserMapping({"name": ("曾用名", None), "revenue_yuan": ("营收", "亿元")})
    bring(workspace, path, mapping=mapping)
    (held,) = workspace.read("register").to_pylist()
    assert (held["name"], held["revenue_yuan"]) == ("旧厂", 3e8)
    # Read by another mapping, the file takes the place of its own earlier rows.
    bring(workspace, path)
    (held,) = workspace.read("register").to_pylist()
    assert (held["name"], held["revenue_yuan"]) == ("新厂", 3.0)
    assert workspace.read("import").num_rows == 1


def test_every_bad_row_is_set_aside_with_file_row_column_value_reason_and_mend(
    workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    good = credit_code(7)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    lines = [
        (f"甲,{good},x,,,,,,,", None, None),
        (f",{credit_code(8)},x,,,,,,,", "企业名称", "the name of the firm is missing"),
        ("乙,9113062800,x,,,,,,,", "统一社会信用代码", "18 characters"),
        (f"丙,{good[:5]}I{good[6:]},x,,,,,,,", "统一社会信用代码", "without I, O, S, V, Z"),
        (f"丁,{wrong},x,,,,,,,", "统一社会信用代码", "check character"),
        ("戊,,x,,0000,,,,,", "行业代码", "no such industry"),
        ("戊,,x,,17725,,,,,", "行业代码", "no such industry"),
        ("己,,x,,,5.5,,,,", "从业人员", "no whole number"),
        ("庚,,x,,,,很多,,,", "营业收入(万元)", "no amount"),
        ("辛,,x,,,,1e400,,,", "营业收入(万元)", "no amount"),
        ("壬,,x,,,,,2019-02-30,,", "成立日期", "no date"),
        ("癸,,x,,,,,2999-01-01,,", "成立日期", "no date, or one in the future"),
        ("子,,x,,,,,,38.70,115.78", "经度", "exchanged"),
        ("丑,,x,,,,,,115.78,", "经度", "only one of"),
        ("寅,,x,,,,,,2.35,48.86", "经度", "outside China"),
        ("卯,,x,,,,,,115°46′,38.7", "经度", "no decimal degrees"),
        ("辰,,x,河北省高阳县,,,,,116.40,39.90", "经度", "outside the county"),
        (f"巳,{good},x,,,,,,,", "统一社会信用代码", "a row above has the same credit code"),
        ("=HYPERLINK(1),,x,,,,,,,", "企业名称", "a formula"),
        ("午,,=cmd|' /C calc'!A0,,,,,,,", "经营范围", "a formula"),
        ("未,x", "", "the row has 2 cells, the header has 10"),
    ]
    path = write_csv(HEADER, *(line for line, _, _ in lines))
    result = bring(workspace, path)
    rejected = {row["row"]: row for row in workspace.read("rejected").to_pylist()}
    assert result.rejected == len(rejected) == len(lines) - 1
    for number, (line, column, reason) in enumerate(lines, start=2):
        if reason is None:
            assert number not in rejected
            continue
        fault = rejected[number]
        assert (fault["file_name"], fault["column"]) == (path.name, column)
        assert reason in fault["reason"]
        assert fault["mend"]
        cells = next(csv.reader([line]))
        record = json.loads(fault["record"])
        if column:
            assert (fault["value"] or "") == cells[HEADER.split(",").index(column)]
            assert list(record.values()) == cells
        else:
            assert record == fault["value"] == line
    assert names(workspace) == ["甲"]
    assert sum(result.reasons.values()) == workspace.read("rejected").num_rows


def test_a_row_with_two_faults_shows_both_and_counts_once(workspace: Workspace, write_csv: WriteCsv):
    result = bring(workspace, write_csv("企业名称,成立日期,从业人员", "甲,昨天,许多", "乙,,"))
    assert (result.rejected, workspace.read("rejected").num_rows) == (1, 2)


def test_codes_of_2011_and_of_any_level_are_accepted_and_2017s_too(workspace: Workspace, write_csv: WriteCsv):
    codes = ["1810", "1751", "175", "17", "C", "C1751", "C1751棉纺纱加工", "棉纺纱加工", "０１１１", "无", ""]
    result = bring(workspace, write_csv("企业名称,行业代码", *(f"甲{i},{code}" for i, code in enumerate(codes))))
    held = {row["name"]: row["industry_given"] for row in workspace.read("register").to_pylist()}
    assert result.rejected == 0
    assert [held[f"甲{i}"] for i in range(len(codes))] == [
        *["1810", "1751", "175", "17", "C", "1751", "1751", "1711", "0111", None, None]
    ]


@pytest.mark.parametrize(("datum", "heading"), [("GCJ-02", "经度(火星坐标)"), ("BD-09", "百度经度"), (None, "经度")])
def test_coordinates_are_converted_once_on_import_and_their_datum_is_recorded(
    workspace: Workspace, write_csv: WriteCsv, datum, heading: str
):
    from gaoyuan.codes import from_wgs84

    lon, lat = from_wgs84([115.7784], [38.7001], datum or "WGS-84")
    bring(workspace, write_csv(f"企业名称,{heading},纬度", f"甲,{lon[0]:.9f},{lat[0]:.9f}"))
    (held,) = workspace.read("register").to_pylist()
    assert held["longitude"] == pytest.approx(115.7784, abs=1e-7)
    assert held["latitude"] == pytest.approx(38.7001, abs=1e-7)
    assert workspace.read("import").to_pylist()[0]["datum"] == (datum or "WGS-84")


def test_the_same_file_imported_twice_changes_nothing(workspace: Workspace, write_csv: WriteCsv):
    path = write_csv("企业名称,成立日期", "甲,2019-04-01", "乙,昨天")
    first = bring(workspace, path)
    before = tables_of(workspace)
    second = bring(workspace, path)
    assert tables_of(workspace) == before
    assert second.unchanged
    assert (second.rows, second.accepted, second.rejected) == (first.rows, first.accepted, first.rejected)
    # Under another name it is the same file.
    copy = path.with_name("copy.csv")
    copy.write_bytes(path.read_bytes())
    assert bring(workspace, copy).unchanged


def test_a_dry_run_says_what_would_be_and_changes_nothing(workspace: Workspace, write_csv: WriteCsv):
    bring(workspace, write_csv("企业名称", "甲", name="first.csv"))
    before = tables_of(workspace)
    tried = bring(workspace, write_csv("企业名称,成立日期", "乙,2019-04-01", "丙,昨天"), dry_run=True)
    assert (tried.rows, tried.accepted, tried.rejected) == (2, 1, 1)
    assert tried.reasons == {"no date, or one in the future": 1}
    assert tables_of(workspace) == before
    assert not (workspace.path / ".staging").exists()
    empty = create_workspace(workspace.path.with_name("empty"))
    bring(empty, write_csv("企业名称", "甲", name="first.csv"), dry_run=True)
    assert tables_of(empty) == {}


def test_a_firm_in_a_later_file_is_updated_and_the_others_stay(
    workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    header = "企业名称,统一社会信用代码,从业人员"
    bring(workspace, write_csv(header, f"甲,{credit_code(1)},5", f"乙,{credit_code(2)},6", name="2018.csv"))
    later = bring(workspace, write_csv(header, f"甲,{credit_code(1)},9", f"丙,{credit_code(3)},7", name="2019.csv"))
    assert later.updated == 1
    held = {row["name"]: row["employees"] for row in workspace.read("register").to_pylist()}
    assert held == {"甲": 9, "乙": 6, "丙": 7}


def test_an_earlier_file_brought_again_after_a_corrected_one_stands_again(
    workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    header, second = "企业名称,统一社会信用代码,从业人员", f"乙,{credit_code(2)},6"
    first = write_csv(header, f"甲,{credit_code(1)},5", second, name="firms.csv")
    bring(workspace, first)
    earlier = first.read_bytes()
    corrected = write_csv(header, f"甲,{credit_code(1)},9", name="firms.csv")
    assert bring(workspace, corrected).updated == 1
    assert bring(workspace, corrected).unchanged
    first.write_bytes(earlier)
    again = bring(workspace, first)
    assert (again.unchanged, again.updated) == (False, 1)
    assert {row["name"]: row["employees"] for row in workspace.read("register").to_pylist()} == {"甲": 5, "乙": 6}
    assert bring(workspace, first).unchanged
    assert sorted(row["accepted"] for row in workspace.read("import").to_pylist()) == [1, 2]


def test_firms_without_a_credit_code_are_told_apart_by_name_and_address(workspace: Workspace, write_csv: WriteCsv):
    result = bring(workspace, write_csv("企业名称,住所", "甲,x", "甲,y", "甲,x", "乙,x"))
    assert result.reasons == {"a row above has no credit code and the same name and place": 1}
    (fault,) = workspace.read("rejected").to_pylist()
    assert fault["row"] == 4
    assert "row 2" in fault["mend"]
    assert json.loads(fault["record"]) == {"企业名称": "甲", "住所": "x"}
    ids = workspace.read("register", ["enterprise_id"])["enterprise_id"].to_pylist()
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("heading", "here", "there"),
    [
        ("省", "河北省", "江苏省"),
        ("市", "保定市", "苏州市"),
        ("区县", "高阳县", "安国市"),
        ("行政区划代码", "130628", "130683"),
        ("经度,纬度", "115.7784,38.7001", "115.3300,38.4200"),
    ],
)
def test_firms_of_one_name_in_two_places_are_two_also_without_address_and_across_files(
    workspace: Workspace, write_csv: WriteCsv, heading: str, here: str, there: str
):
    header = f"企业名称,{heading}"
    first = bring(workspace, write_csv(header, f"张三小卖部,{here}", f"张三小卖部,{there}", name="2018.csv"))
    assert (first.accepted, first.rejected) == (2, 0)
    later = bring(workspace, write_csv(header, f"张三小卖部,{there}", f"李四小卖部,{here}", name="2019.csv"))
    assert later.updated == 1
    assert names(workspace) == ["张三小卖部", "张三小卖部", "李四小卖部"]
    again = bring(workspace, write_csv(header, f"张三小卖部,{here}", f"张三小卖部,{here}", name="2020.csv"))
    assert again.reasons == {"a row above has no credit code and the same name and place": 1}


def test_the_units_in_which_money_was_read_are_said(workspace: Workspace, write_csv: WriteCsv):
    path = write_csv("企业名称,注册资本,营业收入(万元),资产总计(元)", "甲,1,2,3")
    said = str(bring(workspace, path))
    assert "企业名称 → name," in said
    assert "注册资本 → capital_yuan (表头未写单位，按元 no unit in the heading: yuan)" in said
    assert "营业收入(万元) → revenue_yuan (×10,000)" in said
    assert "资产总计(元) → assets_yuan (×1)" in said
    mapped = import_enterprises(workspace, [path], UserMapping({"capital_yuan": ("注册资本", "亿元")}))
    assert "注册资本 → capital_yuan (×100,000,000)" in str(mapped[0])


def test_industry_codes_that_lost_their_leading_zero_get_it_back(workspace: Workspace, tmp_path: Path):
    # A program that holds codes as numbers loses the zero; a row without a code makes floats of them.
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"企业名称": [f"甲{i}" for i in range(4)], "行业代码": [111.0, 1772.0, 121.0, None]}), path)
    bring(workspace, path)
    held = {row["name"]: row["industry_given"] for row in workspace.read("register").to_pylist()}
    assert held == {"甲0": "0111", "甲1": "1772", "甲2": "0121", "甲3": None}


def test_numbers_that_are_unknown_in_a_parquet_file_cost_no_row(workspace: Workspace, tmp_path: Path):
    path = tmp_path / "f.parquet"
    columns = ["从业人员", "营业收入", "成立日期", "行业代码", "行政区划代码", "经度", "纬度"]
    known = [50.0, 3.5, 20190401.0, 1772.0, 130628.0, 115.7784, 38.7001]
    cells = {name: pa.array([value, math.nan, None]) for name, value in zip(columns, known, strict=True)}
    pq.write_table(pa.table({"企业名称": ["甲", "乙", "丙"]} | cells), path)
    result = bring(workspace, path)
    assert result.reasons == {}
    held = {row["name"]: row for row in workspace.read("register").to_pylist()}
    read = ["employees", "revenue_yuan", "established", "industry_given", "division", "longitude", "latitude"]
    assert [held["甲"][name] for name in read] == [*[50, 3.5, dt.date(2019, 4, 1), "1772", "130628", 115.7784, 38.7001]]
    assert {held[name][column] for name in ("乙", "丙") for column in read} == {None}


def test_of_several_workbooks_only_the_one_being_imported_is_open(
    workspace: Workspace, tmp_path: Path, credit_code: MakeCode
):
    paths = [tmp_path / f"{number}.xlsx" for number in range(3)]
    for number, path in enumerate(paths):
        with xlsxwriter.Workbook(str(path)) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, ["企业名称", "统一社会信用代码"])
            sheet.write_row(1, 0, [f"甲{number}", credit_code(number)])
    open_ones: list[int] = []

    def count(name: str, rows: int) -> None:
        gc.collect()
        # Asked for its class, a lazy object of another test would come to life.
        open_ones.append(sum(type(thing) is SpreadsheetFile for thing in gc.get_objects()))

    import_enterprises(workspace, paths, progress=count)
    assert names(workspace) == ["甲0", "甲1", "甲2"]
    assert open_ones == [1, 1, 1]


def test_a_third_file_that_cannot_be_read_keeps_the_first_two_out(workspace: Workspace, write_csv: WriteCsv):
    good = [write_csv("企业名称", "甲", name="1.csv"), write_csv("企业名称", "乙", name="2.csv")]
    with pytest.raises(ColumnsMissing):
        import_enterprises(workspace, [*good, write_csv("住所", "x", name="3.csv")])
    assert workspace.tables() == []


def test_duplicates_are_found_also_in_a_file_of_many_and_keep_their_whole_rows(
    workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode
):
    lines = [f"甲{i % 400},{credit_code(i % 400)},其他{i}" for i in range(1000)]
    result = bring(workspace, write_csv("企业名称,统一社会信用代码,备注", *lines))
    assert (result.accepted, result.rejected) == (400, 600)
    assert sorted(workspace.read("register", ["row"])["row"].to_pylist()) == list(range(2, 402))
    for fault in workspace.read("rejected").to_pylist():
        assert json.loads(fault["record"])["备注"] == f"其他{fault['row'] - 2}"
        assert fault["mend"].startswith(f"Compare with row {(fault['row'] - 2) % 400 + 2};")


def test_a_file_whose_every_row_is_bad_leaves_an_empty_register_and_all_reasons(
    workspace: Workspace, write_csv: WriteCsv
):
    result = bring(workspace, write_csv("企业名称,统一社会信用代码", *(f"甲{i},{i}" for i in range(12_000))))
    assert (result.accepted, result.rejected) == (0, 12_000)
    assert workspace.read("register").num_rows == 0
    assert sorted(workspace.read("rejected", ["row"])["row"].to_pylist()) == list(range(2, 12_002))


UNREADABLE = {
    "empty": (b"", "empty"),
    "header only": ("企业名称,住所\n".encode(), "a header and no rows"),
    "blank rows only": ("企业名称,住所\n,\n\n".encode(), "a header and no rows"),
    "no name": ("住所,电话\nx,1\n".encode(), "no column holds the names of firms"),
    "junk": (bytes(range(256)) * 40, "no column holds|neither text"),
    "cut zip": (b"PK\x03\x04" + b"\0" * 100, "damaged"),
    "cut parquet": (b"PAR1" + b"\x15" * 100, "damaged"),
    "open quote": ('企业名称,住所\n"甲,x\n'.encode() + "乙,x\n".encode() * 100, "never closed"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_fails_with_one_message_and_changes_nothing(
    workspace: Workspace, write_csv: WriteCsv, tmp_path: Path, case: str
):
    bring(workspace, write_csv("企业名称", "甲"))
    before = tables_of(workspace)
    data, what = UNREADABLE[case]
    bad = tmp_path / "bad.dat"
    bad.write_bytes(data)
    with pytest.raises((FileUnreadable, ColumnsMissing), match=what) as caught:
        import_enterprises(workspace, [bad])
    assert caught.value.where == str(bad)
    assert tables_of(workspace) == before
    assert names(workspace) == ["甲"]
    # One that is wrong when opened keeps the good ones given with it out, too.
    good = write_csv("企业名称", "乙", name="good.csv")
    with pytest.raises((FileUnreadable, ColumnsMissing)):
        import_enterprises(workspace, [bad, good])
    assert names(workspace) == ["甲"]


def test_a_mapping_that_names_a_missing_column_changes_nothing(workspace: Workspace, write_csv: WriteCsv):
    with pytest.raises(MappingInvalid, match="no column '全称'"):
        import_enterprises(workspace, [write_csv("企业名称", "甲")], UserMapping({"name": ("全称", None)}))
    assert workspace.tables() == []


def test_a_parquet_file_damaged_inside_changes_nothing(workspace: Workspace, tmp_path: Path):
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"企业名称": [f"甲{i}" for i in range(50_000)]}), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 2000] = b"\xff" * 2000
    path.write_bytes(data)
    with pytest.raises(FileUnreadable, match="damaged"):
        import_enterprises(workspace, [path])
    assert workspace.tables() == []


def test_the_same_rows_as_csv_in_every_encoding_xlsx_and_parquet_make_the_same_register(
    tmp_path: Path, credit_code: MakeCode
):
    header = ["企业名称", "统一社会信用代码", "经营范围", "从业人员", "成立日期"]
    rows = [[f"甲{i}厂", credit_code(i), f"毛巾、浴巾，“{i}”", str(i), f"2019-04-{i + 1:02}"] for i in range(20)]
    rows.append(["坏厂", "123", "x", "1", "2019-04-01"])
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    paths = []
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"):
        paths.append(tmp_path / f"{encoding}.csv")
        paths[-1].write_bytes(text.getvalue().encode(encoding))
    paths.append(tmp_path / "f.xlsx")
    with xlsxwriter.Workbook(str(paths[-1])) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    paths.append(tmp_path / "f.parquet")
    pq.write_table(pa.table(dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))), paths[-1])
    registers = []
    for number, path in enumerate(paths):
        workspace = create_workspace(tmp_path / str(number))
        result = bring(workspace, path)
        assert (result.accepted, result.rejected) == (20, 1)
        held = workspace.read("register").sort_by("uscc").drop_columns(["file", "run", "row"])
        registers.append(held.to_pylist())
    assert all(register == registers[0] for register in registers)


def test_ten_thousand_columns_are_no_hindrance(workspace: Workspace, write_csv: WriteCsv):
    header = "企业名称," + ",".join(f"列{i}" for i in range(9999))
    rows = [f"甲{i}," + ",".join(["1"] * 9999) for i in range(5)]
    result = bring(workspace, write_csv(header, *rows, "乙,1"))
    assert (result.accepted, result.rejected) == (5, 1)
    assert len(result.columns.unused) == 9999


def test_a_second_import_does_not_disturb_one_that_is_going_on(workspace: Workspace, write_csv: WriteCsv):
    from gaoyuan.errors import WorkspaceBusy

    with workspace.run("import"), workspace.staging() as folder:
        (folder / "rows.parquet").write_text("of the first")
        with pytest.raises(WorkspaceBusy):
            import_enterprises(create_workspace(workspace.path), [write_csv("企业名称", "甲")])
        assert (folder / "rows.parquet").read_text() == "of the first"


def test_progress_tells_the_rows_read(workspace: Workspace, write_csv: WriteCsv):
    told: list[tuple[str, int]] = []
    path = write_csv("企业名称", "甲", "乙")
    import_enterprises(workspace, [path], progress=lambda name, rows: told.append((name, rows)))
    assert told[-1] == (path.name, 2)


def test_the_delimiter_and_quotes_of_the_mapping_are_obeyed(workspace: Workspace, write_csv: WriteCsv):
    mapping = UserMapping(read=ReadSettings(delimiter="||", quotes=False))
    bring(workspace, write_csv("企业名称||住所", '"甲||高阳'), mapping=mapping)
    (held,) = workspace.read("register").to_pylist()
    assert (held["name"], held["address"]) == ('"甲', "高阳")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.text("甲乙=#\"',; \n\0a", max_size=6),
            st.sampled_from(["", "914403001922038216", "914403001922038217", "9" * 18, "无"]),
            st.sampled_from(["", "2019-04-01", "昨天", "20190431", "2019年"]),
            st.sampled_from(["", "1772", "9999", "C", "1810"]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_whatever_rows_come_none_is_lost_and_a_second_import_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, str]], encoding: str
):
    folder = tmp_path_factory.mktemp("import")
    workspace = create_workspace(folder / "workspace")
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("企业名称", "信用代码", "成立日期", "行业代码"), *rows])
    path = folder / "f.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    filled = sum(any(cell.strip() for cell in row) for row in rows)
    if not filled:
        with pytest.raises(FileUnreadable, match="no rows"):
            import_enterprises(workspace, [path])
        return
    result = bring(workspace, path)
    assert result.rows == filled
    codes = workspace.read("register", ["uscc"])["uscc"]
    assert set(credit_code_faults(codes.combine_chunks()).tolist()) <= {0, 1}
    before = tables_of(workspace)
    assert bring(workspace, path).unchanged
    assert tables_of(workspace) == before
