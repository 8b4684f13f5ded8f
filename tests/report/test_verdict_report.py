"""The report on a verdict."""

from __future__ import annotations

from gaoyuan.assess.diagnosis import diagnose
from gaoyuan.assess.verdicts.judging import judge
from gaoyuan.report.arranged import ArrangedTable, text_of
from gaoyuan.report.arrangement import arrange
from gaoyuan.report.document import Document, Heading, ItemList, Paragraph
from gaoyuan.report.run_notes import read_runs
from gaoyuan.report.verdict_report import conclusion, criteria_table, verdict_document
from gaoyuan.workspace import Workspace

DAY = "2025-06-01"
FACTS = {
    "area_km2": {"value": 120, "source": "县自然资源局", "run": "run-a"},
    "output_yuan": {"series": {"2022": 5e9, "2023": 6e9, "2024": 7e9}, "source": "县统计局"},
    "little_giants": {"value": 1, "source": "名单", "run": "run-b"},
    "pillar_industry": True,
}


def tables(document: Document) -> dict[str, list[list[str]]]:
    return {
        text_of(block.caption): [[text_of(cell) for cell in row.cells] for row in block.rows]
        for block in arrange(document).blocks
        if isinstance(block, ArrangedTable)
    }


def test_the_conclusion_counts_the_criteria_by_state():
    verdict = judge("cn-sme-cluster", FACTS, DAY)
    said = str(conclusion(verdict, "高阳县毛巾集群").content)
    states = [criterion.state.value for criterion in verdict.criteria.values()]
    assert f"共 {len(states)} 条" in said
    assert f"不符合 {states.count('unmet')} 条" in said
    assert f"{states.count('unknown')} unknown" in said


def test_parts_of_a_criterion_have_rows_of_their_own_with_their_footnotes():
    verdict = judge("cn-sme-cluster", FACTS, DAY)
    (table,) = (
        block
        for block in arrange(verdict_document(verdict)).blocks
        if isinstance(block, ArrangedTable) and "逐条" in text_of(block.caption)
    )
    rows = {text_of(row.cells[0]): row for row in table.rows}
    assert {"定义", "前提", "1.3", "2", "2.1", "2.2"} <= set(rows)
    assert "来源：名单；运行 run-b" in [part.text for part in rows["2.1"].cells[3] if part.kind == "note"]
    assert not [part for part in rows["2"].cells[3] if part.kind == "note"]


def test_every_fact_that_was_used_is_listed_with_year_value_and_source():
    shown = tables(verdict_document(judge("cn-sme-cluster", FACTS, DAY)))["评估所用事实及来源"]
    assert ["总产值", "2023", "60 亿元", "县统计局"] in shown
    assert ["占地面积", "—", "120 平方公里", "县自然资源局"] in shown
    assert ["主导产业为所在县域的支柱或特色产业", "—", "是", "未注明"] in shown


def test_the_plan_gives_for_each_gap_the_smallest_changes():
    verdict = judge("cn-sme-cluster", {**FACTS, "sme_output_share": 0.65}, DAY)
    diagnosis = diagnose("cn-sme-cluster", {**FACTS, "sme_output_share": 0.65}, DAY)
    document = verdict_document(verdict, diagnosis)
    shown = {row[0].split(" ")[0]: row for row in tables(document)["各条差距与办法"]}
    assert "由 65%增至 70%" in shown["1.5"][3]
    assert "1.1" not in shown
    unmet_or_unknown = {plan.id for plan in diagnosis.criteria if plan.state.value in ("unmet", "unknown")}
    assert len(shown) == len(unmet_or_unknown)


def test_facts_that_can_still_change_the_verdict_are_listed_in_order_and_what_people_judge_is_named():
    blocks = verdict_document(judge("cn-sme-cluster", {}, DAY), diagnose("cn-sme-cluster", {}, DAY)).blocks
    worth = [block for block in blocks if isinstance(block, ItemList) and block.ordered]
    assert len(worth) == 1
    assert any(isinstance(one, Paragraph) and "判断的条目：原则、1.1" in str(one.content) for one in blocks)


def test_without_a_diagnosis_there_is_no_plan():
    blocks = verdict_document(judge("cn-sme-cluster", FACTS, DAY)).blocks
    assert "差距与计划" not in [block.text for block in blocks if isinstance(block, Heading)]


def test_points_are_shown_from_the_least_to_the_most():
    verdict = judge("cn-srdi-sme.2022", {"years_in_market": 4}, "2024-06-01")
    scored = [name for name in tables(verdict_document(verdict)) if "评分明细" in name]
    assert scored


def test_with_the_runs_of_a_workspace_footnotes_say_what_they_read(sample_workspace: Workspace):
    notes = read_runs(sample_workspace)
    run = next(run for run in notes.runs.values() if "fact" in run.outputs)
    given = {"area_km2": {"value": 80, "source": "甲", "run": run.id}}
    table = criteria_table(judge("cn-sme-cluster", given, DAY), notes)
    assert "sample-facts.csv（SHA-256 " in str(table.rows)
