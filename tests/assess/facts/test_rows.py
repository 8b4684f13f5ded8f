from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.assess.facts.rows import FactRow, RowFault, is_own_source, read_fact_rows, subject_kind
from gaoyuan.errors import ColumnsMissing, FileUnreadable

CLUSTER = "370827-1523"
HEADER = "标识,指标,年份,值,单位,来源\n"


def read(tmp_path: Path, rows: str, header: str = HEADER, subject: str | None = None) -> list[FactRow | RowFault]:
    file = tmp_path / "facts.csv"
    file.write_text(header + rows, encoding="utf-8")
    return read_fact_rows(file, subject)


def row_of(tmp_path: Path, metric: str, value: str, unit: str = "", year: str = "") -> FactRow | RowFault:
    (row,) = read(tmp_path, f'{CLUSTER},{metric},{year},"{value}",{unit},统计局\n')
    return row


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("370827-1523", "cluster"),
        ("national_sme_characteristic-001", "cluster"),
        ("370827", "region"),
        ("91350100M000100Y43", "enterprise"),
        ("91350100M000100Y44", None),
        ("x0123456789abcdef", "enterprise"),
        ("xyz", None),
        ("37082", None),
        ("３７０８２７", None),
        ("", None),
    ],
)
def test_a_subject_is_told_by_its_form(subject: str, kind: str | None):
    assert subject_kind(subject) == kind


@pytest.mark.parametrize(
    ("metric", "value", "unit", "read_as"),
    [
        ("output_yuan", "45", "亿元", 4.5e9),
        ("output_yuan", "45亿元", "亿元", 4.5e9),
        ("output_yuan", "450,000 万元", "", 4.5e9),
        ("output_yuan", "4.5E+9", "", 4.5e9),
        ("sme_output_share", "72%", "", 0.72),
        ("sme_output_share", "85 %", "", 0.85),
        ("sme_output_share", "72", "%", 0.72),
        ("sme_output_share", "0.72", "", 0.72),
        ("area_km2", "80平方公里", "", 80.0),
        ("counties", "1", "个", 1.0),
        ("green_level", "是", "", 1.0),
        ("green_level", "No", "", 0.0),
    ],
)
def test_values_are_read_as_offices_write_them(tmp_path: Path, metric: str, value: str, unit: str, read_as: float):
    row = row_of(tmp_path, metric, value, unit)
    assert isinstance(row, FactRow)
    assert (row.value, row.text, row.source) == (read_as, None, "统计局")


@pytest.mark.parametrize(
    ("metric", "value", "unit", "year", "kind", "heading"),
    [
        ("area", "80", "", "", "unknown_metric", "指标"),
        ("sme_output_share", "72", "", "", "percent_for_fraction", "值"),
        ("little_giants", "-3", "", "", "negative", "值"),
        ("little_giants", "3.5", "", "", "not_whole", "值"),
        ("little_giants", "2024-03-01", "", "", "not_a_number", "值"),
        ("little_giants", "nan", "", "", "not_a_number", "值"),
        ("little_giants", "inf", "", "", "not_a_number", "值"),
        ("little_giants", "约三家", "", "", "not_a_number", "值"),
        ("green_level", "大概", "", "", "not_an_option", "值"),
        ("output_yuan", "45", "平方公里", "2024", "wrong_unit", "值"),
        ("output_yuan", "45", "", "2024", "wrong_unit", "值"),
        ("output_yuan", "45", "亿元", "2024-01-01", "bad_year", "年份"),
        ("output_yuan", "45", "亿元", "24", "bad_year", "年份"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason_in_both_languages(
    tmp_path: Path, metric: str, value: str, unit: str, year: str, kind: str, heading: str
):
    fault = row_of(tmp_path, metric, value, unit, year)
    assert isinstance(fault, RowFault)
    assert (fault.row, fault.kind, fault.subject, fault.heading) == (2, kind, CLUSTER, heading)
    assert fault.value == {"指标": metric, "值": value, "年份": year}[heading]
    assert fault.cells == {
        "标识": CLUSTER, "指标": metric, "年份": year, "值": value, "单位": unit, "来源": "统计局"
    }  # fmt: skip
    assert all(any("一" <= letter <= "鿿" for letter in text) for text in (fault.zh, fault.mend_zh))
    assert fault.en
    assert fault.mend_en


@pytest.mark.parametrize("subject", ["", "甲集群", "91370827MA3C2B1A20"])
def test_a_row_without_a_subject_that_can_be_is_set_aside(tmp_path: Path, subject: str):
    (fault,) = read(tmp_path, f"{subject},area_km2,,80,,统计局\n")
    assert isinstance(fault, RowFault)
    assert (fault.heading, fault.value) == ("标识", subject)


def test_rows_without_a_value_and_blank_rows_give_nothing(tmp_path: Path):
    assert read(tmp_path, f"{CLUSTER},area_km2,,,,\n,,,,,\n\n{CLUSTER},no_such_metric,,  ,,\n") == []


def test_a_source_that_is_not_named_is_the_file_and_small_letters_of_a_code_are_put_right(tmp_path: Path):
    (row,) = read(tmp_path, "91350100m000100y43,employees,2025年,120 人,,\n")
    assert isinstance(row, FactRow)
    assert (row.subject, row.kind, row.year, row.source) == ("91350100M000100Y43", "enterprise", 2025, "facts.csv")


def test_of_a_value_that_a_source_gives_twice_the_last_counts_and_the_other_is_set_aside(tmp_path: Path):
    rows = (
        f"{CLUSTER},area_km2,,80,,甲\n{CLUSTER},area_km2,,90,,乙\n{CLUSTER},area_km2,,85,,甲\n"
        f"{CLUSTER},output_yuan,2024,50亿元,,甲\n{CLUSTER},output_yuan,2025,51亿元,,甲\n{CLUSTER},output_yuan,2025,51亿元,,甲\n"
    )
    read_rows = read(tmp_path, rows)
    assert [(row.row, type(row)) for row in read_rows] == [
        (2, RowFault), (3, FactRow), (4, FactRow), (5, FactRow), (6, RowFault), (7, FactRow)
    ]  # fmt: skip
    other, same = (row for row in read_rows if isinstance(row, RowFault))
    assert (other.value, other.cells["来源"], other.en) == (
        "80",
        "甲",
        "row 4 gives another value of the same source, which counts",
    )
    assert same.zh == "第 7 行同一来源又给出相同的值，以后者为准"


def test_a_column_is_known_by_a_heading_in_either_language_or_both_and_by_no_other_words(tmp_path: Path):
    header = "value of last year,标识 subject,METRIC,备注 note,数值,Unit\n"
    (row,) = read(tmp_path, f"99,{CLUSTER},area_km2,核实,80,km²\n", header)
    assert isinstance(row, FactRow)
    assert row.value == 80.0


def test_a_table_without_the_columns_it_needs_is_refused(tmp_path: Path):
    with pytest.raises(ColumnsMissing, match="no column for value") as caught:
        read(tmp_path, "a,b\n", "标识,指标\n")
    assert "值 or value" in str(caught.value)
    with pytest.raises(ColumnsMissing, match="subject"):
        read(tmp_path, "area_km2,80\n", "指标,值\n")
    (row,) = read(tmp_path, "area_km2,80\n", "指标,值\n", CLUSTER)
    assert isinstance(row, FactRow)
    assert row.subject == CLUSTER


def test_json_is_said_to_be_for_one_subject(tmp_path: Path):
    (tmp_path / "facts.json").write_text("{}")
    with pytest.raises(FileUnreadable, match="assess WS --facts"):
        read_fact_rows(tmp_path / "facts.json")


def test_a_row_with_too_many_cells_is_set_aside_in_both_languages(tmp_path: Path):
    fault, row = sorted(
        read(tmp_path, f"{CLUSTER},area_km2,,80,,甲\n{CLUSTER},area_km2,,1,2,3,4,5\n"), key=lambda one: -one.row
    )
    assert isinstance(row, FactRow)
    assert isinstance(fault, RowFault)
    assert (fault.row, fault.zh) == (3, "这一行有 8 格，表头有 6 格")


@pytest.mark.parametrize(
    ("value", "unit", "source", "run"),
    [
        ("23.5", "平方公里", "登记数据 register", "r1"),
        ("23.50", "km2", "登记数据 register", "r1"),
        ("24", "平方公里", "facts.csv", ""),
        ("23.5", "公顷", "facts.csv", ""),
    ],
)
def test_what_the_form_had_filled_in_and_somebody_changed_is_no_longer_the_registers(
    tmp_path: Path, value: str, unit: str, source: str, run: str
):
    header = "标识,指标,值,单位,来源,运行,系统值 filled\n"
    (row,) = read(tmp_path, f"{CLUSTER},area_km2,{value},{unit},登记数据 register,r1,23.5平方公里\n", header)
    assert isinstance(row, FactRow)
    assert (row.source, row.run) == (source, run)


def test_the_workspaces_own_sources_are_told_from_others():
    assert is_own_source("登记数据 register")
    assert is_own_source("称号名单 titles: 公告.xlsx")
    assert not is_own_source("县统计局")
