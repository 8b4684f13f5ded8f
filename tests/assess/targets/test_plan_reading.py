from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gaoyuan.assess.targets.plan_reading import plan_of, read_plan
from gaoyuan.errors import InputError, NotFound

PLAN = """
id: plan
title: {zh: 集群计划, en: cluster plan}
region: "370000"
targets:
  - id: output
    zh: 总产值
    metric: output_yuan
    baseline: {year: 2022, value: 400亿元}
    value: 600亿元
    due: 2027-12-31
    milestones: [{due: 2025, value: 520亿元}]
    observed: {source: 统计局, series: {2022: 400亿元, 2023: 4.3e+10, 2025-03-20: 475亿元}}
  - {id: energy, zh: 单位能耗, kind: number, unit: {zh: 吨, en: t}, direction: lower, value: 0.8, due: 2026,
     trend: linear}
  - {id: 5g, zh: 覆盖率, kind: share, value: 90%, due: 2026, workspace: {figure: titled_share}}
"""


def written(folder: Path, text: str) -> str:
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    return str(folder / "plan.yaml")


def test_a_yaml_plan_is_read_with_units_and_dates(tmp_path: Path):
    plan = read_plan(written(tmp_path, PLAN))
    output, energy, share = plan.targets
    assert (plan.id, plan.title_zh, plan.region, plan.findings) == ("plan", "集群计划", "370000", ())
    assert (output.metric.zh, output.metric.unit_zh, output.operator) == ("总产值", "元", ">=")
    assert (output.final.value, output.final.due) == (6e10, dt.date(2027, 12, 31))
    assert output.baseline is not None
    assert (output.baseline.time, output.baseline.value) == (2022.0, 4e10)
    assert [(one.due, one.value) for one in output.milestones] == [(dt.date(2025, 12, 31), 5.2e10)]
    assert [(one.label, one.least, one.source) for one in output.observed] == [
        ("2022", 4e10, "统计局"), ("2023", 4.3e10, "统计局"), ("2025-03-20", 4.75e10, "统计局"),
    ]  # fmt: skip
    assert (energy.operator, energy.form, energy.metric.unit_en, energy.higher) == ("<=", "linear", "t", False)
    assert (share.final.value, share.workspace) == (0.9, {"figure": "titled_share"})


def test_a_table_with_the_same_columns_is_the_same_plan(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    headings = [
        "标识 id", "名称 zh", "指标 metric", "类型 kind", "方向 direction", "基期 baseline_year",
        "基期值 baseline_value", "目标值 value", "到期日 due",
        "节点 milestones", "来源 source", "工作区 workspace", "趋势 trend",
    ]  # fmt: skip
    sheet.append([*headings, 2022, 2023, "2025-03-20"])
    rows: list[dict[str, object]] = [
        {
            "标识 id": "output", "名称 zh": "总产值", "指标 metric": "output_yuan", "基期 baseline_year": 2022,
            "基期值 baseline_value": "400亿元", "目标值 value": "600亿元", "到期日 due": dt.datetime(2027, 12, 31),
            "节点 milestones": "2025=520亿元", "来源 source": "统计局",
        },
        {
            "标识 id": "energy", "名称 zh": "单位能耗", "类型 kind": "number", "方向 direction": "lower",
            "目标值 value": 0.8, "到期日 due": 2026, "趋势 trend": "linear",
        },
        {
            "标识 id": "5g", "名称 zh": "覆盖率", "类型 kind": "share", "目标值 value": "90%", "到期日 due": 2026,
            "工作区 workspace": "titled_share",
        },
    ]  # fmt: skip
    series = [["400亿元", 4.3e10, "475亿元"], [], []]
    for row, values in zip(rows, series, strict=True):
        sheet.append([*(row.get(name) for name in headings), *values])
    book.save(tmp_path / "plan.xlsx")
    from_table, from_yaml = read_plan(str(tmp_path / "plan.xlsx")), read_plan(written(tmp_path, PLAN))
    assert from_table.targets[0] == from_yaml.targets[0]
    assert [(one.id, one.final, one.operator, one.form, one.workspace) for one in from_table.targets] == [
        (one.id, one.final, one.operator, one.form, one.workspace) for one in from_yaml.targets
    ]


def test_the_targets_of_a_shipped_edition_are_a_plan():
    plan = read_plan("sd-3830")
    found = {one.id: one for one in plan.targets}
    assert (plan.document, plan.region) == ("鲁政办字〔2023〕185号", "370000")
    assert (found["provincial"].final.value, found["provincial"].final.due) == (30.0, dt.date(2025, 12, 31))
    assert found["s1000"].final.value is None
    assert found["5g"].metric.kind == "share"
    with pytest.raises(InputError, match="no dated targets"):
        read_plan("cn-sme-cluster")
    with pytest.raises(NotFound):
        read_plan("no-such-plan")


def test_a_value_that_cannot_be_used_is_unknown_with_a_finding():
    entry = {"id": "a", "kind": "share", "value": 90, "due": 2026, "observed": {"series": {2023: "很多", 2024: 0.5}}}
    plan = plan_of({"targets": [entry]}, "here")
    assert plan.targets[0].final.value is None
    assert [one.label for one in plan.targets[0].observed] == ["2024"]
    assert [finding.kind for finding in plan.findings] == ["percent_for_fraction", "not_a_number"]
    assert "2023" in plan.findings[1].zh


@pytest.mark.parametrize("value", [600, 600.0, "600", " 600 "])
def test_money_so_small_that_it_lacks_its_unit_is_asked_back(value: object):
    entry = {"id": "a", "kind": "money", "value": value, "due": 2026, "observed": {"series": {2024: "500亿元"}}}
    plan = plan_of({"targets": [entry]}, "here")
    assert plan.targets[0].final.value is None
    assert [one.least for one in plan.targets[0].observed] == [5e10]
    (finding,) = plan.findings
    assert finding.kind == "wrong_unit"
    assert "600亿元" in finding.mend_zh
    assert "'600元'" in finding.mend_en


@pytest.mark.parametrize(
    ("unit", "value", "yuan"),
    [("亿元", 600, 6e10), ("万元", "60", 6e5), ("亿元", "60万元", 6e5), ("", "600元", 600.0), ("", 6e10, 6e10)],
)
def test_the_unit_of_a_target_is_that_of_its_numbers_without_one(unit: str, value: object, yuan: float):
    entry = {"id": "a", "kind": "money", "unit": unit, "value": value, "due": 2026, "baseline": {"year": 2022}}
    for given in (entry, {**entry, "metric": "sales"}):
        plan = plan_of({"targets": [given]}, "here")
        assert (plan.targets[0].final.value, plan.findings) == (yuan, ())
        assert plan.targets[0].metric.unit_zh == "元"


def test_a_rate_in_percent_without_its_sign_is_asked_back():
    plan = plan_of({"targets": [{"id": "a", "kind": "rate", "value": 15, "due": 2026}]}, "here")
    assert plan.targets[0].final.value is None
    assert [finding.kind for finding in plan.findings] == ["percent_for_fraction"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "money", "unit": "吨"}, "'吨' does not fit the kind money"),
        ({"due": "soon"}, "is no date"),
        ({"due": None}, "is no date"),
        ({"kind": "colour"}, "no kind 'colour'"),
        ({"op": "~"}, "no comparison '~'"),
        ({"direction": "up"}, "no direction 'up'"),
        ({"trend": "cubic"}, "no trend 'cubic'"),
        ({"baseline": {"value": 3}}, "needs a year"),
        ({"milestones": [3]}, "milestone needs"),
        ({"observed": {"series": {"x": 1}}}, "no year or date"),
        ({"observed": [3]}, "need a series"),
        ({"collour": 1}, "no part collour"),
        ({"id": ""}, "needs an id"),
    ],
)
def test_a_target_that_cannot_be_used_is_refused_with_its_place(change: dict[str, Any], said: str):
    entry: dict[str, Any] = {"id": "a", "value": 3, "due": 2026, **change}
    with pytest.raises(InputError, match=said) as fault:
        plan_of({"targets": [entry]}, "here")
    assert "here, targets 1" in (fault.value.where or "")
    assert fault.value.mend


def test_what_is_no_plan_is_refused(tmp_path: Path):
    for data in (None, [], {"targets": []}, {"targets": 3}):
        with pytest.raises(InputError, match="no list of targets"):
            plan_of(data, "here")
    with pytest.raises(InputError, match="no part colour"):
        plan_of({"targets": [{"id": "a", "due": 2026}], "colour": 1}, "here")
    with pytest.raises(InputError, match="there twice"):
        plan_of({"targets": [{"id": "a", "due": 2026}, {"id": "a", "due": 2026}]}, "here")
    with pytest.raises(InputError, match="cannot be read"):
        read_plan(str(tmp_path / "none.yaml"))
    (tmp_path / "plan.csv").write_text("id,due\n", encoding="utf-8")
    with pytest.raises(InputError, match="no targets"):
        read_plan(str(tmp_path / "plan.csv"))


@pytest.mark.parametrize(
    "change",
    [
        ("due: 2027-12-31", "due: 2025-02-30"),
        ("due: 2027-12-31", 'due: "0000"'),
        ("due: 2027-12-31", "due: [2027]"),
        ("due: 2027-12-31", 'due: "²⁰²⁴"'),
        ("baseline: {year: 2022", "baseline: {year: ²⁰²²"),
        ("milestones: [{due: 2025, value: 520亿元}]", "milestones: 5"),
        ("milestones: [{due: 2025, value: 520亿元}]", "milestones: {due: 2025}"),
        ("2025-03-20: 475亿元", "2025-02-30: 475亿元"),
        ("workspace: {figure: titled_share}", "workspace: x"),
        ("workspace: {figure: titled_share}", "workspace: [figure]"),
        ("title: {zh: 集群计划, en: cluster plan}", "title: [a]"),
        ("id: plan", "id: " + "[" * 100_000),
    ],
)
def test_a_plan_with_a_strange_date_or_shape_is_refused_with_the_place(change: tuple[str, str], tmp_path: Path):
    assert change[0] in PLAN
    with pytest.raises(InputError, match=r"plan\.yaml"):
        read_plan(written(tmp_path, PLAN.replace(*change)))


def test_a_misspelt_metric_is_refused_with_the_one_that_is_near():
    entry = {"id": "a", "metric": "outptu_yuan", "value": 1e9, "due": 2027}
    with pytest.raises(InputError, match="outptu_yuan") as fault:
        plan_of({"id": "p", "targets": [entry]}, "here")
    assert "output_yuan" in (fault.value.mend or "")
    assert plan_of({"id": "p", "targets": [{**entry, "kind": "money"}]}, "here").targets
