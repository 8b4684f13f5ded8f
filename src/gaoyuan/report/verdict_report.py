"""The report on a verdict: the conclusion, each criterion with its evidence, the facts to check, the rule as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from gaoyuan.assess import CriterionVerdict, State, Verdict
from gaoyuan.assess.facts.source_words import source_zh
from gaoyuan.assess.verdicts.reasons import fact_text
from gaoyuan.assess.verdicts.verdict import Evidence, PointsVerdict
from gaoyuan.report.document import (
    Block,
    Callout,
    Cell,
    Column,
    Document,
    Heading,
    Inline,
    ItemList,
    Note,
    Paragraph,
    Row,
    StateMark,
    Table,
)
from gaoyuan.report.run_notes import Origin, RunNotes

if TYPE_CHECKING:
    from gaoyuan.assess.diagnosis import CriterionPlan, Diagnosis

_FACTS_SHOWN = 10
_WAYS_SHOWN = 3
_APPLICATION = {"new": "新申报", "renewal": "复核"}
_NAMED_IDS = {"def": "定义", "principle": "原则", "precondition": "前提"}
_NO_RUNS = RunNotes()


def verdict_document(
    verdict: Verdict, diagnosis: Diagnosis | None = None, name: str = "", notes: RunNotes = _NO_RUNS
) -> Document:
    """Give the report on a verdict as a document; `name` is that of the subject, `diagnosis` adds the plan, `notes`
    lets footnotes say what the runs read.
    """
    blocks: list[Block] = [
        conclusion(verdict, name),
        Paragraph(basis(verdict)),
        Heading(1, "逐条结论"),
        criteria_table(verdict, notes),
    ]
    scored = [criterion for criterion in verdict.every() if criterion.points]
    blocks.extend(points_table(criterion) for criterion in scored)
    if diagnosis is not None:
        blocks.extend(plan_blocks(diagnosis))
    blocks.extend([Heading(1, "所用事实"), evidence_table(verdict, notes)])
    blocks.extend([Heading(1, "未知、待评审与数据问题"), *open_questions(verdict), *_rule(verdict)])
    return Document(
        title=f"{name or verdict.subject or '对象'}评估报告",
        title_en="Assessment report",
        date=verdict.as_of,
        blocks=tuple(blocks),
        subtitle=f"{verdict.title_zh} · {_APPLICATION[verdict.application]} · 评估日 {verdict.as_of.isoformat()}",
        header=f"{verdict.title_zh} · {verdict.rule}.{verdict.edition}",
    )


def conclusion(verdict: Verdict, name: str = "") -> Callout:
    """Give the conclusion: the state of the whole and how many criteria are in which state, in both languages."""
    counts = Counter(criterion.state for criterion in verdict.criteria.values())
    said_zh = "，".join(f"{state.zh} {counts[state]} 条" for state in State if counts[state])
    said_en = ", ".join(f"{counts[state]} {state.en}" for state in State if counts[state])
    level = f"，等级：{verdict.level}" if verdict.level else ""
    subject = f"{name} {verdict.subject}".strip() or "该对象"
    own = sum(finding.kind == "own_number" for finding in verdict.findings)
    own_zh = f"规则中 {own} 个数值由使用者填入，原文未见。" if own else ""
    own_en = f" {own} of the rule's numbers are the user's own; no text with them was seen." if own else ""
    return Callout(
        verdict.state.value,
        f"{subject}：{verdict.state.zh}{level}。共 {len(verdict.criteria)} 条：{said_zh}。{own_zh}\n"
        f"Verdict: {verdict.state.en}. Of {len(verdict.criteria)} criteria: {said_en}.{own_en}",
    )


def criteria_table(verdict: Verdict, notes: RunNotes = _NO_RUNS) -> Table:
    """Give a row for each criterion and each part of one: words, state, value against what is asked, how sure the text
    is.
    """
    rows = tuple(row for criterion in verdict.criteria.values() for row in _criterion_rows(criterion, notes, 0))
    columns = (
        Column("条目", width=0.08),
        Column("要求", width=0.35),
        Column("结论", width=0.12),
        Column("依据", width=0.29),
        Column("条款与文本", width=0.16),
    )
    caption = f"{verdict.document_number or verdict.title_zh} 逐条结论"
    return Table(columns, rows, caption=caption, label="criteria")


def _criterion_rows(criterion: CriterionVerdict, notes: RunNotes, depth: int) -> Iterator[tuple[Cell, ...]]:
    indent = "\u3000" * depth
    words = criterion.zh if criterion.hard else f"{criterion.zh}（非硬性）"
    told = () if criterion.parts else evidence_notes(criterion.evidence, notes)
    yield (
        criterion_name(criterion.id),
        indent + words,
        StateMark(criterion.state.value),
        (criterion.reason_zh, *told),
        f"{criterion.article}\n{criterion.status.zh}" if depth == 0 else criterion.status.zh,
    )
    for part in criterion.parts:
        yield from _criterion_rows(part, notes, depth + 1)


def criterion_name(name: str) -> str:
    """Give a criterion's id as readers see it: those in words in Chinese.

    >>> criterion_name("precondition"), criterion_name("1.3")
    ('前提', '1.3')
    """
    return _NAMED_IDS.get(name, name)


def points_table(criterion: CriterionVerdict) -> Table:
    """Give the points of a criterion part by part, from the least to the most that the facts allow."""
    rows: list[Row | tuple[Inline, ...]] = []

    def add(parts: tuple[PointsVerdict, ...]) -> None:
        for part in parts:
            floor = "" if part.floor is None else f"≥ {part.floor:g}"
            state: Inline = StateMark(part.state.value) if part.state else ""
            if part.parts:
                rows.append(Row((part.zh, _span(part.least, part.most), floor, state), "total"))
                add(part.parts)
            else:
                rows.append((part.zh, _span(part.least, part.most), floor, state))

    add(criterion.points)
    columns = (Column("项目", width=0.5), Column("得分", align="right"), Column("下限", align="right"), Column("结论"))
    return Table(columns, tuple(rows), caption=f"{criterion.id} 评分明细：{criterion.reason_zh}")


def evidence_table(verdict: Verdict, notes: RunNotes = _NO_RUNS) -> Table:
    """Give every fact that was used, with unit, year, source and run."""
    used = dict.fromkeys(one for criterion in verdict.every() for one in criterion.evidence)
    rows = tuple(
        (
            one.zh,
            str(one.year or "—"),
            (fact_text(one), *evidence_notes([one], notes)),
            source_zh(one.source) or "未注明",
        )
        for one in used
    )
    columns = (
        Column("指标", width=0.4),
        Column("年份", align="centre", width=0.09),
        Column("值", align="right", width=0.2),
        Column("来源"),
    )
    return Table(columns, rows, caption="评估所用事实及来源")


def open_questions(verdict: Verdict) -> list[Block]:
    """Give what is unknown, what people have to judge, and what is wrong with the facts."""
    open_ones = [
        f"{criterion_name(criterion.id)} {criterion.zh}：{criterion.state.zh}。{criterion.reason_zh}"
        for criterion in verdict.with_state(State.UNKNOWN, State.MANUAL_REVIEW)
    ]
    blocks: list[Block] = [ItemList(tuple(open_ones)) if open_ones else Paragraph("没有未知或待评审的条目。")]
    if verdict.findings:
        blocks.append(Paragraph("对所给数据的检查发现："))
        blocks.append(ItemList(tuple(f"{finding.zh}。{finding.mend_zh}。" for finding in verdict.findings)))
    return blocks


def plan_blocks(diagnosis: Diagnosis) -> list[Block]:
    """Give the gaps and the plan of a diagnosis: what each criterion lacks, then the facts worth collecting first."""
    blocks: list[Block] = [Heading(1, "差距与计划"), Paragraph(diagnosis.text_zh)]
    plans = [plan for plan in diagnosis.criteria if plan.state in (State.UNMET, State.UNKNOWN)]
    if plans:
        columns = (
            Column("条目", width=0.26),
            Column("结论", width=0.1),
            Column("现状与差距", width=0.26),
            Column("能使其符合的最小改变"),
        )
        remark = "每种改变都经重新判断，确能使该条符合；同一格内的多行为可供选择的不同办法。"
        blocks.append(Table(columns, tuple(map(_plan_row, plans)), "各条差距与办法", remark=remark))
    judged = [criterion_name(plan.id) for plan in diagnosis.criteria if plan.state is State.MANUAL_REVIEW]
    if judged:
        blocks.append(Paragraph(f"须由人评审并记录判断的条目：{'、'.join(judged)}。"))
    worth = [fact for fact in diagnosis.facts if fact.worth_collecting][:_FACTS_SHOWN]
    if worth:
        blocks.append(Paragraph("最值得先收集的事实（按多快能改变结论排序）："))
        blocks.append(ItemList(tuple(fact.text_zh for fact in worth), ordered=True))
    return blocks


def _plan_row(plan: CriterionPlan) -> tuple[Cell, ...]:
    ways = list(dict.fromkeys(remedy.text_zh for remedy in plan.remedies))
    said = [text.removeprefix(f"{plan.id} {plan.state.zh}：") for text in plan.text_zh if text not in ways]
    return (
        f"{criterion_name(plan.id)} {plan.zh}",
        StateMark(plan.state.value),
        "\n".join(said),
        _ways_text(ways),
    )


def _ways_text(ways: list[str]) -> str:
    """Give ways to mend a criterion one below the other, numbered where there are several."""
    if len(ways) < 2:
        return "".join(ways) or "—"
    return "\n".join(f"（{at}）{way}" for at, way in enumerate(ways[:_WAYS_SHOWN], 1))


def evidence_notes(evidence: Iterable[Evidence], notes: RunNotes = _NO_RUNS) -> tuple[Note, ...]:
    """Give a footnote for each source and run that told a fact."""
    return notes.of(*(Origin(one.run, source=one.source) for one in evidence if one.run))


def _span(least: float, most: float) -> str:
    return f"{least:g}" if least == most else f"{least:g}–{most:g}"


def basis(verdict: Verdict) -> str:
    """Say which text was asked, how sure it is, and what was chosen where it leaves something open."""
    chosen = "；".join(
        f"{_setting_zh(verdict, name)} = {value}" for name, value in verdict.settings.items() if value is not None
    )
    return (
        f"依据：{verdict.title_zh}（{verdict.document_number or '无文号'}，版本 {verdict.rule}.{verdict.edition}，"
        f"文本状态：{verdict.status.zh}）。" + (f"设置：{chosen}。" if chosen else "")
    )


def _setting_zh(verdict: Verdict, name: str) -> str:
    """Give a setting's name and, of its Chinese words, what stands before the first colon."""
    settings = verdict.snapshot.get("settings")
    setting = settings.get(name) if isinstance(settings, Mapping) else None
    words = str(setting.get("zh", "")).split("：")[0] if isinstance(setting, Mapping) else ""
    return f"{words} {name}".strip()


def _rule(verdict: Verdict) -> list[Block]:
    notes = verdict.snapshot.get("notes") or []
    said = tuple(str(note.get("zh", "")) for note in notes if isinstance(note, dict)) if isinstance(notes, list) else ()
    blocks: list[Block] = [
        Heading(1, "规则快照"),
        Paragraph(
            f"本结论所用规则文本的快照随结论保存（JSON），SHA-256：{verdict.snapshot_sha256}。规则此后如有修订，本结论仍以该快照为准。"
            f"程序版本 {verdict.program}。"
        ),
    ]
    if said:
        blocks.append(ItemList(said))
    return blocks
