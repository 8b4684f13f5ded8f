from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest

from gaoyuan.assess import edition, judge
from gaoyuan.assess.facts.importing import import_facts
from gaoyuan.assess.facts.known import known_facts
from gaoyuan.assess.form import write_form
from gaoyuan.errors import ColumnsMissing, FileUnreadable
from gaoyuan.workspace import Workspace, create_workspace

CLUSTER = "370827-1523"
AS_OF = dt.date(2026, 6, 30)
HEADER = "标识,指标,年份,值,单位,来源\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "工作区 一")


def file_of(tmp_path: Path, rows: str, name: str = "facts.csv") -> Path:
    (tmp_path / name).write_text(HEADER + rows, encoding="utf-8")
    return tmp_path / name


def facts_in(workspace: Workspace) -> set[tuple[object, ...]]:
    rows = workspace.read("fact").to_pylist()
    return {(row["subject"], row["metric"], row["year"], row["value"], row["text"], row["source"]) for row in rows}


def test_values_come_in_with_kind_source_file_row_and_run(workspace: Workspace, tmp_path: Path):
    rows = f"{CLUSTER},output_yuan,2025,45,亿元,县统计局\n370827,employees,2025,12万人,,\n"
    rows += "91350100M000100Y43,size_class,,小型,,\n"
    (imported,) = import_facts(workspace, [file_of(tmp_path, rows)])
    assert (imported.rows, imported.accepted, imported.rejected, imported.subjects) == (3, 3, 0, 3)
    assert facts_in(workspace) == {
        (CLUSTER, "output_yuan", 2025, 4.5e9, None, "县统计局"),
        ("370827", "employees", 2025, 120_000.0, None, "facts.csv"),
        ("91350100M000100Y43", "size_class", None, None, "small", "facts.csv"),
    }
    held = workspace.read("fact").to_pylist()
    assert {row["subject_kind"] for row in held} == {"cluster", "region", "enterprise"}
    assert {row["row"] for row in held} == {2, 3, 4}
    assert {row["run"] for row in held} == {workspace.runs()["run"][0].as_py()}


def test_bad_rows_are_set_aside_whole_with_column_value_row_and_reasons_in_both_languages(
    workspace: Workspace, tmp_path: Path
):
    rows = (
        f"{CLUSTER},area_km2,,80,,甲\n{CLUSTER},sme_output_share,,72,,甲\n,area_km2,,80,,甲\n{CLUSTER},areas,,80,,甲\n"
    )
    (imported,) = import_facts(workspace, [file_of(tmp_path, rows)])
    assert (imported.accepted, imported.rejected) == (1, 3)
    rejected = sorted(workspace.read("rejected").to_pylist(), key=lambda row: row["row"])
    assert [(row["row"], row["column"], row["value"]) for row in rejected] == [
        (3, "值", "72"), (4, "标识", ""), (5, "指标", "areas")
    ]  # fmt: skip
    first = rejected[0]
    assert (first["file_name"], first["kind"]) == ("facts.csv", "facts")
    assert "百分数" in first["reason_zh"]
    assert "percentage" in first["reason"]
    assert "0.72" in first["mend_zh"]
    assert "0.72" in first["mend"]
    assert json.loads(first["record"]) == {
        "标识": CLUSTER, "指标": "sme_output_share", "年份": "", "值": "72", "单位": "", "来源": "甲"
    }  # fmt: skip
    assert "没有这个指标 there is no such metric" in str(imported)


def test_the_same_file_again_changes_nothing(workspace: Workspace, tmp_path: Path):
    file = file_of(tmp_path, f"{CLUSTER},area_km2,,80,,甲\n{CLUSTER},area_km2,,x,,甲\n")
    import_facts(workspace, [file])
    before, held = workspace.tables(), facts_in(workspace)
    (again,) = import_facts(workspace, [file])
    assert (again.unchanged, again.accepted, again.rejected) == (True, 1, 1)
    assert "无变化" in str(again)
    assert workspace.tables() == before
    assert facts_in(workspace) == held


def test_an_earlier_file_imported_again_takes_back_the_values_that_a_newer_one_replaced(
    workspace: Workspace, tmp_path: Path
):
    first = file_of(tmp_path, f"{CLUSTER},area_km2,,80,,甲\n{CLUSTER},counties,,1,,甲\n", "一.csv")
    second = file_of(tmp_path, f"{CLUSTER},area_km2,,81,,甲\n", "二.csv")
    for file, area in ((first, 80.0), (second, 81.0), (first, 80.0), (second, 81.0)):
        assert not import_facts(workspace, [file])[0].unchanged
        assert {row[1:4] for row in facts_in(workspace)} == {("area_km2", None, area), ("counties", None, 1.0)}
        assert import_facts(workspace, [file])[0].unchanged
    assert workspace.read("import").num_rows == 2


def test_a_file_imported_again_with_another_subject_leaves_nothing_at_the_first_one(
    workspace: Workspace, tmp_path: Path
):
    (tmp_path / "f.csv").write_text("指标,值\narea_km2,80\ncounties,x\n", encoding="utf-8")
    import_facts(workspace, [tmp_path / "f.csv"], "370827-0001")
    (again,) = import_facts(workspace, [tmp_path / "f.csv"], CLUSTER)
    assert (again.accepted, again.rejected, again.updated) == (1, 1, 0)
    assert facts_in(workspace) == {(CLUSTER, "area_km2", None, 80.0, None, "f.csv")}
    assert (workspace.read("import").num_rows, workspace.read("rejected").num_rows) == (1, 1)


@pytest.mark.parametrize("moment", ["rejected", "fact", "import"])
def test_an_import_that_fails_while_it_writes_can_be_repeated(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
):
    (tmp_path / "f.csv").write_text("指标,值\narea_km2,80\ncounties,x\n", encoding="utf-8")
    import_facts(workspace, [tmp_path / "f.csv"], CLUSTER)
    write = Workspace.write

    def full_disk(self: Workspace, name: str, *rest: Any, **options: Any) -> int:
        version = write(self, name, *rest, **options)
        if name == moment:
            raise OSError("the disk is full")
        return version

    with monkeypatch.context() as broken:
        broken.setattr(Workspace, "write", full_disk)
        with pytest.raises(OSError, match="disk is full"):
            import_facts(workspace, [tmp_path / "f.csv"], "370827-0001")
    (again,) = import_facts(workspace, [tmp_path / "f.csv"], CLUSTER)
    assert (again.unchanged, again.accepted, again.rejected) == (False, 1, 1)
    assert facts_in(workspace) == {(CLUSTER, "area_km2", None, 80.0, None, "f.csv")}
    assert import_facts(workspace, [tmp_path / "f.csv"], CLUSTER)[0].unchanged


def test_a_corrected_value_takes_the_place_of_that_of_the_same_source_alone(workspace: Workspace, tmp_path: Path):
    first = f"{CLUSTER},area_km2,,80,,甲\n{CLUSTER},area_km2,,95,,乙\n{CLUSTER},output_yuan,2025,45亿元,,甲\n"
    second = f"{CLUSTER},area_km2,,81,,甲\n{CLUSTER},output_yuan,2024,44亿元,,甲\n"
    import_facts(workspace, [file_of(tmp_path, first)])
    (corrected,) = import_facts(workspace, [file_of(tmp_path, second, "二.csv")])
    assert (corrected.accepted, corrected.updated) == (2, 1)
    assert facts_in(workspace) == {
        (CLUSTER, "area_km2", None, 81.0, None, "甲"),
        (CLUSTER, "area_km2", None, 95.0, None, "乙"),
        (CLUSTER, "output_yuan", 2025, 4.5e9, None, "甲"),
        (CLUSTER, "output_yuan", 2024, 4.4e9, None, "甲"),
    }
    verdict = judge("cn-sme-cluster", known_facts(workspace, CLUSTER, AS_OF), AS_OF)
    assert [(found.kind, found.metric, found.used) for found in verdict.findings if found.metric == "area_km2"] == [
        ("sources_disagree", "area_km2", True)
    ]
    assert verdict.criteria["1.3"].state.value == "met"


def test_a_filled_form_comes_back_whole_and_its_corrected_copy_replaces_it(workspace: Workspace, tmp_path: Path):
    import_facts(workspace, [file_of(tmp_path, f"{CLUSTER},area_km2,,80,,县自然资源局\n")])
    rule, known = edition("cn-sme-cluster.2022"), known_facts(workspace, CLUSTER, AS_OF)
    form = write_form(tmp_path / "填报.xlsx", rule, CLUSTER, known, AS_OF).file

    def fill(**values: object) -> None:
        book = openpyxl.load_workbook(form)
        for row in book.worksheets[0].iter_rows(min_row=5):
            if row[1].value in values and row[3].value in (None, 2025):
                row[4].value = values[str(row[1].value)]  # pyright: ignore[reportAttributeAccessIssue]
                row[6].value = row[6].value or "县统计局"  # pyright: ignore[reportAttributeAccessIssue]
        book.save(form)

    fill(output_yuan=45, sme_output_share="85 %", opening="是", negative_events="-1")
    (filled,) = import_facts(workspace, [form])
    assert (filled.rows, filled.accepted, filled.rejected, filled.updated) == (5, 4, 1, 1)
    fill(negative_events=0, area_km2=90)
    (corrected,) = import_facts(workspace, [form])
    assert (corrected.accepted, corrected.rejected, corrected.updated) == (5, 0, 4)
    assert facts_in(workspace) == {
        (CLUSTER, "area_km2", None, 90.0, None, "县自然资源局"),
        (CLUSTER, "output_yuan", 2025, 4.5e9, None, "县统计局"),
        (CLUSTER, "sme_output_share", None, 0.85, None, "县统计局"),
        (CLUSTER, "opening", None, 1.0, None, "县统计局"),
        (CLUSTER, "negative_events", None, 0.0, None, "县统计局"),
    }


def test_a_dry_run_tells_the_same_and_writes_nothing(workspace: Workspace, tmp_path: Path):
    (tried,) = import_facts(
        workspace, [file_of(tmp_path, f"{CLUSTER},area_km2,,80,,甲\n{CLUSTER},b,,1,,\n")], dry_run=True
    )
    assert (tried.accepted, tried.rejected) == (1, 1)
    assert workspace.tables() == []


def test_rows_that_name_no_subject_are_of_the_one_that_is_named(workspace: Workspace, tmp_path: Path):
    (tmp_path / "f.csv").write_text("指标,值\narea_km2,80\n", encoding="utf-8")
    import_facts(workspace, [tmp_path / "f.csv"], CLUSTER)
    assert facts_in(workspace) == {(CLUSTER, "area_km2", None, 80.0, None, "f.csv")}


def test_numbers_and_years_of_a_parquet_file_are_read_as_they_are(workspace: Workspace, tmp_path: Path):
    table = pa.table(
        {
            "subject": [CLUSTER] * 4,
            "metric": ["output_yuan", "output_yuan", "area_km2", "green_level"],
            "year": pa.array([2024.0, 2025.0, None, None], pa.float64()),
            "value": [4.123456789e9, 5e9, 80.5, 1.0],
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "f.parquet")
    (imported,) = import_facts(workspace, [tmp_path / "f.parquet"])
    assert imported.rejected == 0
    assert {row[1:4] for row in facts_in(workspace)} == {
        ("output_yuan", 2024, 4.123456789e9), ("output_yuan", 2025, 5e9), ("area_km2", None, 80.5),
        ("green_level", None, 1.0),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["junk.xlsm", "empty.xlsx", "none.csv", "words.txt", "facts.json", "folder"])
def test_a_file_that_holds_no_rows_of_facts_changes_nothing_nor_do_those_beside_it(
    workspace: Workspace, tmp_path: Path, name: str
):
    good, bad = file_of(tmp_path, f"{CLUSTER},area_km2,,80,,甲\n"), tmp_path / name
    content = {
        "junk.xlsm": bytes(range(256)) * 9,
        "empty.xlsx": b"",
        "words.txt": "甲乙丙丁\n".encode(),
        "facts.json": b"{}",
    }
    if name == "folder":
        bad.mkdir()
    elif name != "none.csv":
        bad.write_bytes(content[name])
    with pytest.raises((FileUnreadable, ColumnsMissing)) as caught:
        import_facts(workspace, [good, bad])
    assert name in str(caught.value)
    assert workspace.tables() == []


def test_a_workbook_with_macros_and_a_text_file_are_read_like_any_other(workspace: Workspace, tmp_path: Path):
    book = openpyxl.Workbook()
    for row in (("标识", "指标", "值"), (CLUSTER, "area_km2", 80)):
        book.worksheets[0].append(row)
    book.save(tmp_path / "f.xlsm")
    (tmp_path / "f.txt").write_text(f"标识\t指标\t值\n{CLUSTER}\tcounties\t1\n", encoding="gb18030")
    import_facts(workspace, [tmp_path / "f.xlsm", tmp_path / "f.txt"])
    assert {row[1:4] for row in facts_in(workspace)} == {("area_km2", None, 80.0), ("counties", None, 1.0)}


def test_facts_of_many_subjects_come_in_and_are_replaced_at_once(workspace: Workspace, tmp_path: Path):
    def rows(value: int) -> str:
        return "".join(
            f"{370000 + at % 900:06d}-{1000 + at // 900},firms,{2020 + at % 3 or ''},{value + at},,统计局\n"
            for at in range(5000)
        )

    (first,) = import_facts(workspace, [file_of(tmp_path, rows(1))])
    (second,) = import_facts(workspace, [file_of(tmp_path, rows(2), "again.csv")])
    assert (first.accepted, first.updated, first.rejected) == (5000, 0, 0)
    assert (second.accepted, second.updated) == (5000, 5000)
    assert sum(row[3] for row in facts_in(workspace) if isinstance(row[3], float)) == sum(range(2, 5002))
