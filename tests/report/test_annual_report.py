"""The annual report as a document and as files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from gaoyuan.assess.subjects import Assessment
from gaoyuan.assess.verdicts.judging import judge
from gaoyuan.errors import InputError, NotFound, OutputUnknown
from gaoyuan.report import write_annual_report
from gaoyuan.report.annual_evidence import unknown_things
from gaoyuan.report.annual_facts import AnnualFacts, gather
from gaoyuan.report.annual_members import DigitalLevels, Reported
from gaoyuan.report.annual_report import annual_document
from gaoyuan.report.arranged import ArrangedFigure, ArrangedKeyFigures, ArrangedTable, Parts, text_of
from gaoyuan.report.arrangement import arrange
from gaoyuan.report.document import Document, Heading
from gaoyuan.report.run_notes import Number, Origin
from gaoyuan.workspace import Workspace

CASES = ["passes", "fails_by_one", "lacks_facts", "recognised"]
CHAPTERS = [
    "摘要与核心指标", "集群概况", "产值与企业", "主导产业与企业构成", "优质企业与称号", "创新能力", "数字化与绿色化",
    "产业链位置", "同类比较", "认定标准对照", "差距与计划", "数据来源与未知事项", "English summary",
]  # fmt: skip

ReadFacts = Callable[[str], AnnualFacts]


def words(document: Document) -> str:
    """All that a document says, a block a line, without footnotes."""

    def inside(value: object) -> Iterator[str]:
        if (
            isinstance(value, tuple)
            and value
            and all(hasattr(part, "kind") and hasattr(part, "first") for part in value)
        ):
            yield text_of(value)  # pyright: ignore[reportArgumentType]
        elif isinstance(value, tuple):
            for part in value:
                yield from inside(part)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:  # pyright: ignore[reportAttributeAccessIssue]
                if name not in ("svg", "anchor", "kind"):
                    yield from inside(getattr(value, name))
        elif isinstance(value, str):
            yield value

    return "\n".join(inside(arrange(document).blocks))


def notes_of(parts: Parts) -> list[str]:
    return [part.text for part in parts if part.kind == "note"]


@pytest.mark.parametrize("case", CASES)
def test_every_chapter_is_there_whatever_is_known(sample_annual: ReadFacts, case: str):
    document = annual_document(sample_annual(case))
    assert [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1] == CHAPTERS


@pytest.mark.parametrize("case", CASES)
def test_every_known_key_figure_leads_to_a_run_of_the_workspace(
    sample_workspace: Workspace, sample_annual: ReadFacts, case: str
):
    runs = set(sample_workspace.runs()["run"].to_pylist())
    figures = [
        figure
        for block in arrange(annual_document(sample_annual(case))).blocks
        if isinstance(block, ArrangedKeyFigures)
        for figure in block.figures
    ]
    assert len(figures) == 8
    for figure in figures:
        traced = [run for note in notes_of(figure.label) for run in runs if run in note]
        assert bool(traced) == (figure.value != "未知"), text_of(figure.label)


@pytest.mark.parametrize("case", CASES)
def test_every_chart_and_every_table_with_numbers_has_a_footnote_to_a_run(sample_annual: ReadFacts, case: str):
    facts = sample_annual(case)
    for block in arrange(annual_document(facts)).blocks:
        if isinstance(block, ArrangedFigure):
            assert any("运行 " in note for note in notes_of(block.caption)), text_of(block.caption)
        elif isinstance(block, ArrangedTable):
            told = [note for row in block.rows for cell in row.cells for note in notes_of(cell)]
            numbers = any(re.search(r"\d", text_of(row.cells[1])) for row in block.rows)
            exempt = text_of(block.caption) in ("各条差距与办法", "工作区的运行记录")
            assert exempt or not numbers or any("运行 " in note for note in [*notes_of(block.caption), *told])


def test_the_cluster_that_lacks_a_year_says_so_in_chart_table_and_list(sample_annual: ReadFacts):
    facts = sample_annual("lacks_facts")
    said = words(annual_document(facts))
    assert "2024 年未知" in said
    assert "2024 年总产值：没有数据" in list(unknown_things(facts))
    assert "2025 年产值增速" in said
    drawing = next(
        block for block in arrange(annual_document(facts)).blocks
        if isinstance(block, ArrangedFigure) and "总产值" in text_of(block.caption)
    )  # fmt: skip
    assert drawing.svg.count("未知") == 1
    assert "the change over the year before is unknown" in said


def test_the_cluster_that_fails_by_one_criterion_names_it_and_what_would_meet_it(
    sample_workspace: Workspace, sample_annual: ReadFacts
):
    facts = sample_annual("fails_by_one")
    verdicts = sample_workspace.read("sample_verdict").to_pylist()
    criterion = next(row["criterion"] for row in verdicts if row["cluster_id"] == facts.cluster.id)
    told = facts.assessment.verdict.criteria[criterion]
    said = words(annual_document(facts))
    assert f"不符合的有：{criterion} {told.zh}" in said
    assert f"Unmet: {criterion} ({told.en})" in said
    remedies = facts.assessment.diagnosis.criterion(criterion).remedies
    assert remedies[0].text_zh in said


def test_a_cluster_that_is_only_recognised_has_no_invented_numbers(sample_annual: ReadFacts):
    facts = sample_annual("recognised")
    said = words(annual_document(facts))
    assert "登记册没有显示出本集群" in said
    assert "总产值未知：没有任何年份的数据。" in said
    assert "没有成员名单，拥有称号的企业数未知" in said
    assert "the enterprise register does not show it" in said
    assert "nan" not in said.lower()
    assert "None" not in said


def test_titled_firms_are_listed_with_what_they_hold_and_until_when(sample_annual: ReadFacts):
    facts = sample_annual("passes")
    said = words(annual_document(facts))
    for firm in facts.members.titled:
        assert firm.name in said
    assert f"{facts.members.holders} 家成员企业持有有效称号" in said


def test_the_english_summary_says_the_same_numbers_on_a_page_or_less(sample_annual: ReadFacts):
    facts = sample_annual("passes")
    said = words(annual_document(facts))
    english = said[said.rindex("English summary") :]
    output = facts.of_year("output_yuan").value
    assert output is not None
    assert f"{output / 1e9:.4g} bn yuan" in english
    assert f"Firms of the register: {facts.measured('firms').value:.0f} on " in english
    assert len(english) < 2_500


def test_no_titles_and_no_facts_are_said_as_unknown_and_not_as_none(sample_annual: ReadFacts):
    facts = sample_annual("passes")
    bare = replace(
        facts,
        members=replace(facts.members, titles=None, titled=()),
        numbers={},
        series={name: {} for name in facts.series},
    )
    said = words(annual_document(bare))
    assert "没有导入任何称号名单，拥有称号的企业数未知（不等于没有）" in said
    assert "Firms with titles: unknown, for no lists were imported." in said
    assert "主导产业和中小企业产值占集群总产值的比重均未知" in said


def test_members_without_dates_sizes_or_places_are_said_in_words(sample_annual: ReadFacts):
    facts = sample_annual("passes")
    members = replace(
        facts.members, located=0, founded={}, founded_unknown=facts.members.count, sizes={}, revenue=Number(),
        revenue_firms=0, employees=Number(), employees_firms=0, largest=(),
    )  # fmt: skip
    cluster = replace(facts.cluster, footprint=None, outlines={})
    said = words(annual_document(replace(facts, members=members, cluster=cluster)))
    assert f"{members.count} 家成员企业的成立日期均未知" in said
    assert "集群范围未知，不能绘图" in said
    assert "规模构成未知" in said
    assert "登记册中没有成员企业的营业收入，合计未知" in said


def test_what_firms_report_is_summed_with_its_coverage(sample_annual: ReadFacts):
    facts = sample_annual("passes")
    origin = (Origin("7", "fact", "县科技局"),)
    members = replace(
        facts.members,
        reported=(Reported("class1_ip", 21.0, 4, origin),),
        digital=DigitalLevels("cn-digital-level.2024", "评测指标", {"2": 3, "3": 1}, origin),
    )
    said = words(annual_document(replace(facts, members=members)))
    assert "至少 21 项" in said
    assert f"4 / {members.count} 家成员填报" in said
    assert "2 级 3 家、3 级 1 家" in said


def test_falling_output_and_a_verdict_of_another_year_are_said(sample_annual: ReadFacts):
    facts = sample_annual("passes")
    origin = facts.of_year("output_yuan").origins
    falling = {2024: Number(5e9, origin), 2025: Number(4e9, origin)}
    verdict = judge("cn-sme-cluster", {}, "2024-06-30")
    other = Assessment(verdict, facts.assessment.diagnosis, facts.assessment.name)
    said = words(annual_document(replace(facts, series={**facts.series, "output_yuan": falling}, assessment=other)))
    assert "总产值由 2024 年的 50 亿元降至 2025 年的 40 亿元，2025 年比上年下降 20%" in said
    assert "评估所看的最后一年（2023）不是本报告的年度（2025）" in said


def test_the_files_say_what_the_document_says_and_the_same_tables_give_the_same_bytes(
    sample_workspace: Workspace, sample_annual: ReadFacts, tmp_path: Path, chinese_fonts: None
):
    facts = sample_annual("passes")
    first, again = (
        write_annual_report(sample_workspace, facts.cluster.id, 2025, tmp_path / name) for name in ("a.pdf", "b.pdf")
    )
    assert first.read_bytes() == again.read_bytes()
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(first)]
    said = "".join(pages).replace("\u200b", "").replace("\r\n", "").replace("\n", "")
    assert f"{facts.cluster.name}年度发展报告" in said
    assert str(facts.explanation.run["run"]) in said
    assert facts.assessment.verdict.snapshot_sha256 in said
    assert sum("English summary" in page for page in pages) == 2  # the contents, and its own page alone
    assert "Every number has a footnote" in pages[-1]


@pytest.mark.parametrize("ending", [".docx", ".html"])
def test_word_and_web_pages_are_written_too(
    sample_workspace: Workspace, sample_annual: ReadFacts, tmp_path: Path, chinese_fonts: None, ending: str
):
    file = tmp_path / f"报告{ending}"
    write_annual_report(sample_workspace, sample_annual("lacks_facts").cluster.id, 2025, file)
    assert file.stat().st_size > 50_000


def test_wrong_input_is_refused_before_anything_is_written(sample_workspace: Workspace, tmp_path: Path):
    with pytest.raises(OutputUnknown):
        write_annual_report(sample_workspace, "370000-0000", 2025, tmp_path / "report.doc")
    with pytest.raises(InputError, match="not over"):
        write_annual_report(sample_workspace, "370000-0000", 2999, tmp_path / "report.html")
    with pytest.raises(NotFound):
        write_annual_report(sample_workspace, "370000-0000", 2025, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_a_setting_of_the_rule_reaches_the_verdict(sample_workspace: Workspace, sample_annual: ReadFacts):
    cluster = sample_annual("passes").cluster.id
    asked = {"platform_adoption_at_least": 0.05, "sme_rd_growth_above": 0.01}
    facts = gather(sample_workspace, cluster, 2025, settings=asked)
    assert facts.assessment.verdict.state.value == "met"
    assert "结论为“符合”" in words(annual_document(facts))
