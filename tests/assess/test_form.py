from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.assess import Fact, Facts, edition, editions, judge, metrics, parse_facts
from gaoyuan.assess.facts.files import read_facts
from gaoyuan.assess.form import write_form
from gaoyuan.errors import InputError

CLUSTER = "370827-1523"
AS_OF = dt.date(2026, 6, 30)
RULE = "cn-sme-cluster.2022"
HEADER = 4
METRIC, YEAR, VALUE, UNIT, SOURCE, OTHERS, RUN, FILLED, CLAIMS = 2, 4, 5, 6, 7, 8, 11, 12, 13

KNOWN = Facts(
    {
        "area_km2": (Fact("area_km2", 23.824907, {}, "登记数据 register", "run-1"),),
        "little_giants": (
            Fact("little_giants", 3.0, {}, "称号名单 titles: 公告.xlsx", "run-2"),
            Fact("little_giants", 4.0, {}, "县工信局", "run-3"),
        ),
        "output_yuan": (Fact("output_yuan", None, {2024: 4.512345678e9, 2025: 5.0e9}, "县统计局", "run-3"),),
        "sme_output_share": (Fact("sme_output_share", 0.725, {}, "县统计局", "run-3"),),
        "green_level": (Fact("green_level", 1.0, {}, "=cmd|' /C calc'!A0", "run-3"),),
    }
)


def rows_of(file: Path) -> dict[tuple[str, int | None], int]:
    """The number of the row of each metric and year."""
    sheet = openpyxl.load_workbook(file).worksheets[0]
    found: dict[tuple[str, int | None], int] = {}
    for row in range(HEADER + 1, sheet.max_row + 1):
        metric, year = sheet.cell(row, METRIC).value, sheet.cell(row, YEAR).value
        key = str(metric), year if isinstance(year, int) else None
        assert key not in found
        found[key] = row
    return found


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return write_form(tmp_path / "填报 表.xlsx", edition(RULE), CLUSTER, KNOWN, AS_OF, name="嘉祥手套集群").file


@pytest.fixture
def filled(form: Path) -> Callable[..., Facts]:
    """Fill cells in, by metric and year, as an office would, and read the form: `filled(("area_km2", None, 80))`."""

    def fill(*cells: tuple[str, int | None, object] | tuple[str, int | None, object, str]) -> Facts:
        at, book = rows_of(form), openpyxl.load_workbook(form)
        for metric, year, value, *unit in cells:
            sheet, row = book.worksheets[0], at[metric, year]
            sheet.cell(row, VALUE).value = value  # pyright: ignore[reportAttributeAccessIssue] - no merged cell
            if unit:
                sheet.cell(row, UNIT).value = unit[0]  # pyright: ignore[reportAttributeAccessIssue]
        book.save(form)
        return read_facts(form).facts

    return fill


def test_what_is_known_is_filled_in_with_source_and_run_and_the_rest_is_empty_with_its_unit(form: Path):
    sheet, at = openpyxl.load_workbook(form).worksheets[0], rows_of(form)

    def cells(row: int) -> list[object]:
        return [sheet.cell(row, column).value for column in (VALUE, UNIT, SOURCE, RUN)]

    assert cells(at["area_km2", None]) == [23.824907, "平方公里", "登记数据 register", "run-1"]
    assert cells(at["output_yuan", 2025]) == [50, "亿元", "县统计局", "run-3"]
    assert cells(at["output_yuan", 2023]) == [None, "亿元", None, None]
    assert cells(at["green_level", None])[0] == "是"
    assert cells(at["negative_events", None]) == [None, "起", None, None]
    assert sheet.cell(at["green_level", None], SOURCE).data_type == "s"
    assert sheet.column_dimensions["L"].hidden  # and M with it
    assert (sheet.column_dimensions["L"].min, sheet.column_dimensions["L"].max) == (FILLED, CLAIMS)
    assert not any(sheet.column_dimensions[letter].hidden for letter in "ABCDEFGHIJK")


def test_a_metric_has_one_row_that_tells_what_other_sources_say(form: Path):
    sheet, at = openpyxl.load_workbook(form).worksheets[0], rows_of(form)
    row = at["little_giants", None]
    assert (sheet.cell(row, VALUE).value, sheet.cell(row, SOURCE).value) == (3, "称号名单 titles: 公告.xlsx")
    assert sheet.cell(row, OTHERS).value == "来源不一致 sources disagree\n4 家 — 县工信局"
    assert sheet.cell(at["area_km2", None], OTHERS).value is None


def test_columns_are_as_wide_as_what_cannot_be_folded(form: Path):
    sheet = openpyxl.load_workbook(form).worksheets[0]
    for column in (1, METRIC, UNIT):
        texts = [str(sheet.cell(row, column).value or "") for row in range(HEADER + 1, sheet.max_row + 1)]
        letter = sheet.cell(HEADER, column).column_letter  # pyright: ignore[reportAttributeAccessIssue]
        assert sheet.column_dimensions[letter].width > max(map(len, texts))
    assert all(
        sheet.cell(row, column).alignment.wrap_text
        for row in range(HEADER, sheet.max_row + 1)
        for column in range(1, RUN + 1)
    )


@pytest.fixture
def settled(form: Path) -> Callable[[int, object], list[tuple[object, str]]]:
    """Change a cell of the row where two sources disagree, and give what is read of it: `settled(VALUE, 5)`."""

    def change(column: int, cell: object) -> list[tuple[object, str]]:
        book = openpyxl.load_workbook(form)
        book.worksheets[0].cell(rows_of(form)["little_giants", None], column).value = cell  # pyright: ignore
        book.save(form)
        facts = read_facts(form).facts
        assert facts.findings == ()
        return [(fact.value, fact.source) for fact in facts.of("little_giants")]

    return change


def test_a_value_that_somebody_changed_settles_what_sources_disagree_on(settled):
    assert settled(VALUE, 5) == [(5.0, "填报 表.xlsx")]


def test_a_source_that_somebody_named_settles_what_sources_disagree_on(settled):
    assert settled(SOURCE, "实地核对") == [(3.0, "实地核对")]


def test_other_sources_that_somebody_cleared_settle_what_sources_disagree_on(settled):
    assert settled(OTHERS, None) == [(3.0, "称号名单 titles: 公告.xlsx")]


def test_another_cell_that_somebody_changed_settles_nothing(settled):
    assert settled(OTHERS + 1, "？") == [(3.0, "称号名单 titles: 公告.xlsx"), (4.0, "县工信局")]


@pytest.mark.parametrize("kept", ["{", "[]", '{"source": "", "others": [["4", "x", "", ""]]}', '{"others": 1}'])
def test_other_sources_that_somebody_broke_are_told_and_the_value_counts(form: Path, kept: str):
    book = openpyxl.load_workbook(form)
    book.worksheets[0].cell(rows_of(form)["little_giants", None], CLAIMS).value = kept  # pyright: ignore
    book.save(form)
    facts = read_facts(form).facts
    assert [fact.value for fact in facts.of("little_giants")] == [3.0]
    assert [(finding.kind, finding.metric) for finding in facts.findings] == [("not_a_fact", "little_giants")]


def test_sources_of_every_kind_that_disagree_read_back_as_they_were(tmp_path: Path):
    facts = parse_facts(
        {
            "output_yuan": [
                {"series": {"2024": "45亿元", "2025": "50亿元"}, "source": "甲"},
                {"series": {"2025": "51.23456789亿元"}, "source": "乙"},
                {"value": "52亿元", "source": "丙"},
            ],
            "green_level": [{"value": True, "source": "甲"}, {"value": False, "source": "乙"}],
            "sme_output_share": [{"value": "72.5%", "source": "甲"}, {"value": 0.8, "source": "乙"}],
        }
    )
    assert facts.findings == ()
    form = write_form(tmp_path / "f.xlsx", edition(RULE), CLUSTER, facts, AS_OF)
    read = read_facts(form.file).facts
    assert read.findings == ()
    assert [fact.value for fact in read.of("green_level")] == [1.0, 0.0]
    assert [fact.value for fact in read.of("sme_output_share")] == [0.725, 0.8]
    told = {(year, value, fact.source) for fact in read.of("output_yuan") for year, value in fact.series.items()}
    assert told == {(2024, 4.5e9, "甲"), (2025, 5e9, "甲"), (2025, 5.123456789e9, "乙"), (2025, 5.2e9, "丙")}
    judged = [judge(RULE, one, AS_OF) for one in (facts, read)]
    assert judged[0].state == judged[1].state


def test_the_latest_of_a_stock_comes_first_and_an_older_one_names_its_year(tmp_path: Path):
    facts = parse_facts(
        {"niche_years": [{"series": {"2023": 2}, "source": "甲"}, {"series": {"2025": 4}, "source": "乙"}]}
    )
    form = write_form(tmp_path / "f.xlsx", edition("cn-srdi-sme.2026"), "91350100M000100Y43", facts, AS_OF)
    sheet, at = openpyxl.load_workbook(form.file).worksheets[0], rows_of(form.file)
    row = at["niche_years", 2025]
    assert (sheet.cell(row, VALUE).value, sheet.cell(row, SOURCE).value) == (4, "乙")
    assert str(sheet.cell(row, OTHERS).value).splitlines()[1] == "2023 年 2 年 — 甲"
    read = read_facts(form.file).facts.of("niche_years")
    assert {fact.source: dict(fact.series) for fact in read} == {"乙": {2025: 4.0}, "甲": {2023: 2.0}}


def test_a_form_that_nobody_touched_reads_back_as_what_was_known(form: Path):
    read = read_facts(form)
    assert (read.subject, read.facts.findings) == (CLUSTER, ())
    assert {name: set(map(str, claims)) for name, claims in read.facts.by_metric.items()} == {
        name: set(map(str, claims)) for name, claims in KNOWN.by_metric.items()
    }


def test_cells_have_checks(form: Path):
    sheet, at = openpyxl.load_workbook(form).worksheets[0], rows_of(form)
    checks = {str(check.sqref).removeprefix("E"): check.type for check in sheet.data_validations.dataValidation}
    named = {name: checks.get(str(at[name, None])) for name in ("sme_output_share", "negative_events", "green_level")}
    assert named == {"sme_output_share": "decimal", "negative_events": "whole", "green_level": "list"}


def test_a_form_that_an_office_filled_in_loses_nothing(filled: Callable[..., Facts]):
    facts = filled(
        ("output_yuan", 2023, "45亿元"),
        ("output_yuan", 2024, 460000, "万元"),
        ("sme_output_share", None, "85 %"),
        ("leading_output_share", None, 0.72),
        ("platform_adoption", None, "31%"),
        ("sme_rd_growth", None, 12, "%"),
        ("negative_events", None, 0),
        ("opening", None, "否"),
        ("three_year_plan", None, True),
        ("little_giants", None, "3家"),
    )
    assert facts.findings == ()
    assert facts.of("output_yuan")[0].series == {2023: 4.5e9, 2024: 4.6e9, 2025: 5.0e9} or {
        year: value for claim in facts.of("output_yuan") for year, value in claim.series.items()
    } == {2023: 4.5e9, 2024: 4.6e9, 2025: 5.0e9}
    values = {name: facts.of(name)[0].value for name in facts if name != "output_yuan"}
    assert values == {
        "area_km2": 23.824907,
        "sme_output_share": 0.85,
        "leading_output_share": 0.72,
        "platform_adoption": 0.31,
        "sme_rd_growth": 0.12,
        "negative_events": 0.0,
        "opening": 0.0,
        "three_year_plan": 1.0,
        "little_giants": 3.0,
        "green_level": 1.0,
    }


def test_bad_cells_become_findings_and_the_good_ones_count(filled: Callable[..., Facts]):
    facts = filled(
        ("output_yuan", 2023, dt.date(2023, 12, 31)),
        ("sme_output_share", None, 85),
        ("leading_output_share", None, "七成"),
        ("negative_events", None, -1),
        ("counties", None, 1.5),
        ("opening", None, "基本是"),
        ("area_km2", None, 80, "亩地"),
        ("platform_adoption", None, 0.31),
    )
    kinds = {finding.metric: finding.kind for finding in facts.findings}
    assert kinds == {
        "output_yuan": "not_a_number",
        "sme_output_share": "percent_for_fraction",
        "leading_output_share": "not_a_number",
        "negative_events": "negative",
        "counties": "not_whole",
        "opening": "not_an_option",
        "area_km2": "wrong_unit",
    }
    assert facts.of("platform_adoption")[0].value == 0.31
    assert all("第" in finding.zh and "row" in finding.en for finding in facts.findings)
    assert judge(RULE, facts, AS_OF).criteria["1.5"].state.value == "unknown"


def test_rows_columns_and_titles_that_an_office_adds_do_no_harm(form: Path):
    book = openpyxl.load_workbook(form)
    sheet, at = book.worksheets[0], rows_of(form)
    sheet.cell(at["negative_events", None], VALUE).value = 0  # pyright: ignore
    sheet.insert_rows(at["negative_events", None])
    sheet.insert_rows(1, 2)
    sheet.cell(1, 1).value = "嘉祥县 2025 年度填报"  # pyright: ignore
    sheet.merge_cells("A1:J2")
    sheet.insert_cols(3)
    sheet.cell(HEADER + 2, 3).value = "经办人 value checked by"  # pyright: ignore
    book.save(form)
    facts = read_facts(form).facts
    assert facts.findings == ()
    assert set(facts) == {*KNOWN, "negative_events"}


def test_a_row_whose_subject_or_metric_somebody_broke_is_told(form: Path):
    book = openpyxl.load_workbook(form)
    sheet, at = book.worksheets[0], rows_of(form)
    sheet.cell(at["area_km2", None], 1).value = None  # pyright: ignore
    sheet.cell(at["green_level", None], METRIC).value = "green level"  # pyright: ignore
    book.save(form)
    read = read_facts(form)
    assert read.subject == CLUSTER
    assert not {"area_km2", "green_level"} & set(read.facts)
    assert sorted(finding.kind for finding in read.facts.findings) == ["not_a_fact", "unknown_metric"]


@pytest.mark.parametrize("rule", editions(), ids=lambda rule: rule.key)
def test_the_form_of_every_rule_asks_all_it_needs_and_gives_back_every_value(tmp_path: Path, rule):
    subject = {"cluster": CLUSTER, "enterprise": "91350100M000100Y43"}.get(rule.subject, "370827")
    empty = write_form(tmp_path / "empty.xlsx", rule, subject, Facts({}), AS_OF)
    assert (empty.filled, empty.empty) == (0, len(rows_of(empty.file)))
    asked = {metric: None for metric, _ in rows_of(empty.file)}
    given: dict[str, object] = {}
    for name in asked:
        metric = metrics()[name]
        plain = {"share": 0.25, "flag": True, "several": list(metric.options), "text": "1761"}
        value = plain.get(metric.kind, max(1.0, metric.plausible[0]))
        value = list(metric.options)[-1] if metric.kind == "choice" else value
        given[name] = {"series": dict.fromkeys(range(2018, 2026), value)} if metric.series else value
    facts = parse_facts(given)
    assert facts.findings == ()
    full = write_form(tmp_path / "full.xlsx", rule, subject, facts, AS_OF)
    assert full.empty == 0
    read = read_facts(full.file, subject).facts
    assert read.findings == ()
    for name in asked:
        fact, back = facts.of(name)[0], read.of(name)[0]
        assert back.value == fact.value
        assert back.series.items() <= fact.series.items()
    assert judge(rule, read, AS_OF).state == judge(rule, facts, AS_OF).state


def test_a_value_without_a_year_stands_for_the_last_year_and_the_latest_of_a_stock_for_today(tmp_path: Path):
    facts = parse_facts(
        {"revenue_yuan": 6.0e7, "niche_years": {"series": {"2023": 2, "2025": 4, "2027": 6}}, "size_class": "small"}
    )
    form = write_form(tmp_path / "f.xlsx", edition("cn-srdi-sme.2026"), "91350100M000100Y43", facts, AS_OF)
    sheet, at = openpyxl.load_workbook(form.file).worksheets[0], rows_of(form.file)
    shown = {key: sheet.cell(row, VALUE).value for key, row in at.items()}
    assert shown["revenue_yuan", 2025] == 6000
    assert shown["revenue_yuan", 2024] is None
    assert shown["niche_years", 2025] == 4
    assert shown["size_class", None] == "小型"


@pytest.mark.parametrize(
    "name", ["facts.csv", "facts", "missing folder/facts.xlsx", "x" * 300 + ".xlsx", "folder.xlsx"]
)
def test_a_form_that_cannot_be_written_leaves_nothing(tmp_path: Path, name: str):
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(InputError):
        write_form(tmp_path / name, edition(RULE), CLUSTER, KNOWN, AS_OF)
    assert [file.name for file in tmp_path.iterdir()] == ["folder.xlsx"]
