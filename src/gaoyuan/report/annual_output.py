"""The chapter of the annual report on output and firms over the years; a year without data is a gap, never zero."""

from __future__ import annotations

from collections.abc import Sequence

from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.verdicts.verdict import Verdict
from gaoyuan.report.annual_facts import YEARLY, AnnualFacts, growth
from gaoyuan.report.annual_wording import change_zh, metric_zh, noted, over_years_zh, said_zh, years_zh
from gaoyuan.report.charts import bars_over_years
from gaoyuan.report.document import Block, Column, Figure, Heading, Paragraph, Reference, Table
from gaoyuan.report.run_notes import UNKNOWN, Origin

_HUNDRED_MILLION = 1e8
_LONGEST = 15
"""How many years of founding a chart shows at most."""


def output(facts: AnnualFacts) -> list[Block]:
    """Give output and firms over the years."""
    return [
        Heading(1, "产值与企业"),
        Heading(2, "产值"),
        *_output(facts),
        Heading(2, "企业"),
        *_founded(facts),
        *_register(facts),
    ]


def _output(facts: AnnualFacts) -> list[Block]:
    series, year = facts.series["output_yuan"], facts.year
    rate = growth(series, year)
    caption = over_years_zh("总产值", series, year, rate.value)
    known = [at for at, number in series.items() if number.value is not None]
    if not known:
        return [Paragraph(f"{caption}。补充各年产值后，本节将给出逐年图表。")]
    drawn = {at: series.get(at, UNKNOWN).value for at in range(min(min(known), year - 2), year + 1)}
    target = _output_bound(facts.assessment.verdict)
    svg = bars_over_years(
        {at: None if value is None else value / _HUNDRED_MILLION for at, value in drawn.items()},
        "亿元",
        target=None if target is None else ("认定下限", target / _HUNDRED_MILLION),
    )
    span = f"{min(drawn)}–{max(drawn)}"
    notes = facts.notes.of_numbers(series.values())
    figure = Figure(svg, caption, f"柱形图：{span} 年总产值", notes, label="output")
    said = f"{year} 年总产值 {metric_zh(facts.of_year('output_yuan'), 'output_yuan')}"
    said += (
        f"，{change_zh(rate.value)}，各年情况见" if facts.of_year("output_yuan").value is not None else "，各年情况见"
    )
    paragraph = Paragraph((said, Reference("output"), "和", Reference("yearly"), "。"))
    return [paragraph, figure, _yearly_table(facts, sorted(drawn))]


def _output_bound(verdict: Verdict) -> float | None:
    """Give what the rule asks of a year's output, where it asks it of the money itself."""
    for criterion in verdict.every():
        named = {one.metric for one in criterion.evidence} | set(criterion.missing)
        if named == {"output_yuan"} and criterion.threshold is not None and criterion.unit_zh == "元":
            return criterion.threshold
    return None


def _yearly_table(facts: AnnualFacts, years: Sequence[int]) -> Table:
    shown = [name for name in YEARLY if facts.series[name]]
    columns = [Column("年份", width=0.12)]
    for name in shown:
        columns.append(Column(metrics()[name].zh, align="right"))
        if name == "output_yuan":
            columns.append(Column("比上年增长", align="right"))
    rows, origins = [], dict[Origin, None]()
    for year in years:
        cells = [str(year)]
        for name in shown:
            number = facts.series[name].get(year, UNKNOWN)
            origins |= dict.fromkeys(number.origins)
            cells.append(metric_zh(number, name))
            if name == "output_yuan":
                cells.append(said_zh(growth(facts.series[name], year), "rate"))
        rows.append(tuple(cells))
    how = Origin(how="增速由本报告计算：当年值 ÷ 上年值 − 1，任一年未知则未知")
    return Table(tuple(columns), tuple(rows), "逐年情况", facts.notes.of(*origins, how), label="yearly")


def _founded(facts: AnnualFacts) -> list[Block]:
    members, year = facts.members, facts.year
    if not members.count:
        return [Paragraph("登记册没有显示出本集群，没有成员名单，企业的逐年情况未知。")]
    if not members.founded:
        return [Paragraph(f"{members.count} 家成员企业的成立日期均未知，不能给出逐年企业数。")]
    first = max(min(members.founded), year - _LONGEST + 1)
    if first > year:
        return [Paragraph(f"成立日期已知的成员企业均在 {year} 年之后成立，截至该年的企业数为未知。")]
    drawn = {at: float(_until(facts, at)) for at in range(first, year + 1)}
    recent = sum(count for at, count in members.founded.items() if year - 4 <= at <= year)
    undated = f"；另有 {members.founded_unknown} 家成立日期未知，未计入" if members.founded_unknown else ""
    caption = (
        f"现存登记企业中，{year} 年底前成立的有 {_until(facts, year):,} 家，其中 {year - 4}–{year} 年成立 {recent:,} 家"
    )
    remark = (
        "按现存登记企业的成立年份累计；已注销的企业不在登记册内，因此早年的实际企业数可能更多，累计曲线不等于净增长。"
    )
    if missing := [at for at in members.missing_years if at <= year]:
        remark += f"登记册缺少该省 {years_zh(missing)} 年成立的多数企业，累计数偏低。"
    figure = Figure(
        bars_over_years(drawn, "家"),
        caption + undated,
        f"柱形图：{first}–{year} 年各年底前成立的现存企业数",
        facts.notes.of(members.register_origin, members.origin),
        remark=remark,
        label="founded",
    )
    return [figure]


def _until(facts: AnnualFacts, year: int) -> int:
    return sum(count for at, count in facts.members.founded.items() if at <= year)


def _register(facts: AnnualFacts) -> list[Block]:
    members = facts.members
    if not members.count:
        return []
    said = []
    for number, known, name, metric in (
        (members.revenue, members.revenue_firms, "营业收入", "revenue_yuan"),
        (members.employees, members.employees_firms, "从业人员", "employees"),
    ):
        if number.value is None:
            said.append(f"登记册中没有成员企业的{name}，合计未知")
        elif number.whole:
            said.append(f"成员企业登记{name}合计 {metric_zh(number, metric)}（全部成员已知）")
        else:
            known_part = f"{known:,} / {members.count:,} 家已知"
            said.append(f"成员企业登记{name}合计{metric_zh(number, metric)}（{known_part}，为下限）")
    text = f"{'；'.join(said)}。登记数据截至导入之日，不是 {facts.year} 年的统计数。"
    return [Paragraph(noted(text, facts.notes.of(members.origin)))]
