"""The last chapters of the annual report: verdict with evidence, gaps and plan, data sources, and what is unknown."""

from __future__ import annotations

from collections.abc import Iterator

from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.source_words import source_zh
from gaoyuan.assess.facts.title_metrics import COUNT_OF_TITLE, counted_as
from gaoyuan.assess.facts.wording import amount_zh
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.verdicts.verdict import Verdict
from gaoyuan.codes import titles as title_vocabulary
from gaoyuan.report.annual_chain import unknown_of_chain
from gaoyuan.report.annual_facts import AnnualFacts
from gaoyuan.report.annual_firms import INNOVATION
from gaoyuan.report.annual_wording import years_zh
from gaoyuan.report.document import Block, Cell, Column, Heading, ItemList, Paragraph, Reference, Table
from gaoyuan.report.run_notes import STEPS_ZH, Origin
from gaoyuan.report.verdict_report import basis, conclusion, criteria_table, criterion_name, plan_blocks, points_table

_KINDS_ZH = {"enterprises": "企业登记", "titles": "称号名单", "facts": "填报事实"}
_ASKED = ("leading_output_share", "sme_output_share", "platform_adoption", "green_level", *INNOVATION)
"""What the report asks of the year and has to name where it is unknown."""


def verdict(facts: AnnualFacts) -> list[Block]:
    """Give the verdict with its evidence and open questions."""
    told = facts.assessment.verdict
    window = told.as_of.year - 1
    blocks: list[Block] = [
        Heading(1, "认定标准对照"),
        conclusion(told, facts.cluster.name),
        Paragraph(f"{basis(told)}评估日 {told.as_of}，按年的指标截至 {window} 年。"),
        Heading(2, "逐条结论"),
    ]
    if window != facts.year:
        blocks.insert(-1, Paragraph(f"注意：评估所看的最后一年（{window}）不是本报告的年度（{facts.year}）。"))
    blocks.append(criteria_table(told, facts.notes))
    blocks.extend(points_table(criterion) for criterion in told.every() if criterion.points)
    blocks += [Heading(2, "未知、待评审与数据问题"), *_open(told)]
    return blocks


def _open(told: Verdict) -> Iterator[Block]:
    """Name the criteria that are open (the table above has the reasons), and what is wrong with the facts."""
    for state in (State.UNKNOWN, State.MANUAL_REVIEW):
        if found := [criterion_name(one.id) for one in told.with_state(state)]:
            said = f"{state.zh} {len(found)} 条：{'、'.join(found)}，原因见"
            yield Paragraph((said, Reference("criteria"), "的“依据”一栏。"))
    if told.findings:
        yield Paragraph("对所给数据的检查发现：")
        yield ItemList(tuple(f"{finding.zh}。{finding.mend_zh}。" for finding in told.findings))
    elif not told.with_state(State.UNKNOWN, State.MANUAL_REVIEW):
        yield Paragraph("没有未知或待评审的条目，所给数据没有发现问题。")


def plan(facts: AnnualFacts) -> list[Block]:
    """Give the gaps and the plan of the diagnosis."""
    return plan_blocks(facts.assessment.diagnosis)


def sources(facts: AnnualFacts) -> list[Block]:
    """Give where all numbers are from, and the list of what is unknown."""
    told = facts.assessment.verdict
    blocks: list[Block] = [
        Heading(1, "数据来源与未知事项"),
        Heading(2, "数据来源"),
        Paragraph(
            "本报告的每个数值都有脚注，指明它的来源、所在的表、生成它的运行以及该运行所读的文件或表版本；"
            "同样的表再次生成本报告，数值不变。"
        ),
        _files(facts),
        _runs(facts),
    ]
    if facts.known:
        blocks.append(_facts(facts))
    blocks.append(
        Paragraph(
            f"认定标准文本：{told.title_zh}（{told.rule}.{told.edition}，{told.status.zh}），规则快照 SHA-256 "
            f"{told.snapshot_sha256}；程序版本 {told.program}。"
        )
    )
    unknown = tuple(unknown_things(facts))
    blocks.append(Heading(2, "未知事项"))
    if unknown:
        blocks.append(Paragraph(f"以下 {len(unknown)} 项未知。未知不按零计，也不视为符合。"))
        blocks.append(ItemList(unknown, ordered=True))
    else:
        blocks.append(Paragraph("本报告所问的各项均有数据。"))
    return blocks


def unknown_things(facts: AnnualFacts) -> Iterator[str]:
    """Give everything that the report asks and nobody has said, one thing a sentence."""
    year, series = facts.year, facts.series["output_yuan"]
    missing = [at for at in range(year - 2, year + 1) if at not in series]
    if missing:
        yield f"{years_zh(missing)} 年总产值：没有数据"
    for name in _ASKED:
        if name not in facts.numbers:
            yield f"{metrics()[name].zh}：没有数据"
    yield from _disputed(facts)
    yield from _of_register(facts)
    yield from _of_titles(facts)
    if not any(one.metric == "class1_ip" for one in facts.members.reported):
        yield f"{metrics()['class1_ip'].zh}：没有企业填报"
    if facts.members.digital is None:
        yield "成员企业的数字化水平等级：没有导入评测结果"
    yield from unknown_of_chain(facts)
    open_ones = facts.assessment.verdict.with_state(State.UNKNOWN)
    if open_ones:
        named = "、".join(criterion_name(one.id) for one in open_ones)
        yield f"认定标准中结论未知的条目：{named}（原因见认定标准对照）"


def _disputed(facts: AnnualFacts) -> Iterator[str]:
    for name, number in facts.numbers.items():
        if number.claims:
            yield f"{metrics()[name].zh}：各来源不一致，须核对"
    for name, series in facts.series.items():
        if years := [at for at, number in series.items() if number.claims]:
            yield f"{years_zh(years)} 年{metrics()[name].zh}：各来源不一致，须核对"


def _of_register(facts: AnnualFacts) -> Iterator[str]:
    members = facts.members
    if not facts.cluster.found_by:
        yield "成员名单、范围、面积和集聚程度：登记册没有显示出本集群"
        return
    for known, what in (
        (members.located, "坐标"),
        (members.revenue_firms, "营业收入"),
        (members.employees_firms, "从业人员"),
        (members.count - members.founded_unknown, "成立日期"),
        (members.sized, "企业规模"),
    ):
        if known < members.count:
            yield f"{members.count - known:,} 家成员企业的{what}（{known:,} / {members.count:,} 家已知）"
    if facts.number("area_km2").value is None and facts.measured("area_km2").value is None:
        yield "占地面积：没有坐标可算，也没有填报"
    if facts.measured("stability").value is None:
        yield "换用其他窗口半径时的稳定度"
    if members.missing_years:
        yield f"该省 {years_zh(members.missing_years)} 年成立的多数企业：登记册中没有"


def _of_titles(facts: AnnualFacts) -> Iterator[str]:
    members = facts.members
    if not members.count:
        yield "拥有称号的企业：没有成员名单"
        return
    if members.titles is None:
        yield "拥有称号的企业：没有导入任何称号名单"
        return
    listed = {count.title for count in members.titles}
    names = [title_vocabulary()[title].zh for title in COUNT_OF_TITLE if not listed & {*counted_as(title)}]
    if names:
        yield f"{'、'.join(names)}：没有导入名单"
    if members.unmatched:
        yield f"称号名单中未能与登记企业对应的 {members.unmatched} 条记录是否属于本集群"
    if unsure := sum(count.open for count in members.titles):
        yield f"{unsure} 项称号在 {facts.as_of} 是否有效：名单没有给出起止日期"


def _files(facts: AnnualFacts) -> Table:
    rows = tuple(
        (
            (file.name, *facts.notes.of(Origin(file.run, "import"))),
            _KINDS_ZH.get(file.kind, file.kind or "未注明"),
            f"{file.accepted:,}",
            f"{file.rejected:,}",
            file.imported,
            file.sha256,
        )
        for file in facts.files
    )
    columns = (
        Column("文件", width=0.24),
        Column("内容", width=0.11),
        Column("导入行", align="right", width=0.1),
        Column("未导入", align="right", width=0.09),
        Column("导入日", width=0.13),
        Column("SHA-256"),
    )
    return Table(columns, rows, "导入的文件", label="files")


def _runs(facts: AnnualFacts) -> Table:
    rows = tuple(
        (run.id, f"{STEPS_ZH.get(run.step, '')} {run.step}".strip(), run.started, run.reads_zh(), run.program)
        for run in sorted(facts.notes.runs.values(), key=lambda run: run.id)
    )
    columns = (
        Column("运行", width=0.28),
        Column("步骤", width=0.18),
        Column("开始（UTC）", width=0.14),
        Column("读取"),
        Column("程序", width=0.08),
    )
    return Table(columns, rows, "工作区的运行记录", label="runs")


def _facts(facts: AnnualFacts) -> Table:
    """Give every fact of the cluster, used by the rule or not."""
    rows: list[tuple[Cell, ...]] = []
    for name in facts.known:
        metric = metrics()[name]
        for claim in facts.known.of(name):
            notes = facts.notes.of(Origin(claim.run, source=claim.source))
            source = source_zh(claim.source) or "未注明"
            for year, value in claim.series.items():
                rows.append((metric.zh, str(year), (amount_zh(value, metric.kind, metric.unit_zh), *notes), source))
            if claim.value is not None:
                rows.append((metric.zh, "—", (_value_zh(claim.value, name), *notes), source))
    columns = (
        Column("指标", width=0.42),
        Column("年份", align="centre", width=0.09),
        Column("值", align="right", width=0.2),
        Column("来源"),
    )
    return Table(columns, tuple(rows), "关于本集群的全部事实", label="facts")


def _value_zh(value: float | str | tuple[str, ...], name: str) -> str:
    metric = metrics()[name]
    if isinstance(value, str | tuple):
        chosen = (value,) if isinstance(value, str) else value
        return "、".join(metric.options.get(one, (one, one))[0] for one in chosen)
    if metric.kind == "flag":
        return "是" if value else "否"
    return amount_zh(value, metric.kind, metric.unit_zh)
