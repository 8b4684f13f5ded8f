"""Numbers of the annual report in words, in both languages: unknown is said, and what is a lower bound says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gaoyuan.assess.facts.metric_catalogue import Kind, metrics
from gaoyuan.assess.facts.wording import amount_en, amount_zh
from gaoyuan.report.document import Inline, Note
from gaoyuan.report.run_notes import Number

UNKNOWN_ZH, UNKNOWN_EN = "未知", "unknown"
_SMALLEST = 1e-300
_SAME = 0.0005
"""A rate nearer to zero than this reads as no change."""


def said_zh(number: Number, kind: Kind, unit: str = "") -> str:
    """Say a number in Chinese.

    >>> said_zh(Number(2.6e10, whole=False), "money"), said_zh(Number(), "money")
    ('至少 260 亿元', '未知')
    """
    if number.claims:
        return f"来源不一致（{' / '.join(amount_zh(value, kind, unit) for value in number.claims)}）"
    if number.value is None:
        return UNKNOWN_ZH
    if kind == "flag":
        return "是" if number.value else "否"
    return ("" if number.whole else "至少 ") + amount_zh(number.value, kind, unit)


def said_en(number: Number, kind: Kind, unit: str = "") -> str:
    """Say a number in English."""
    if number.claims:
        return f"disputed ({' / '.join(amount_en(value, kind, unit) for value in number.claims)})"
    if number.value is None:
        return UNKNOWN_EN
    if kind == "flag":
        return "yes" if number.value else "no"
    return ("" if number.whole else "at least ") + amount_en(number.value, kind, unit)


def metric_zh(number: Number, metric: str) -> str:
    """Say a number of a metric in Chinese, with the metric's unit."""
    known = metrics()[metric]
    return said_zh(number, known.kind, known.unit_zh)


def metric_en(number: Number, metric: str) -> str:
    """Say a number of a metric in English, with the metric's unit."""
    known = metrics()[metric]
    return said_en(number, known.kind, known.unit_en)


def parts_zh(number: Number, kind: Kind, unit: str = "") -> tuple[str, str]:
    """Give a number for a large display: the value, and its unit apart.

    >>> parts_zh(Number(4.5e10), "money"), parts_zh(Number(0.142), "rate"), parts_zh(Number(), "count", "家")
    (('450', '亿元'), ('14.2%', ''), ('未知', ''))
    """
    if number.value is None:
        return UNKNOWN_ZH, ""
    value, _, named = amount_zh(number.value, kind, unit).partition(" ")
    return ("" if number.whole else "≥ ") + value, named


def q_text(q: float | None) -> str:
    """Write a probability that may be too small for a number.

    >>> q_text(5e-324), q_text(0.0123), q_text(None)
    ('< 1e-300', '0.012', '未知')
    """
    if q is None:
        return UNKNOWN_ZH
    return f"< {_SMALLEST:.0e}" if q < _SMALLEST else f"{q:.2g}"


def change_zh(rate: float | None) -> str:
    """Say a growth over the year before.

    >>> change_zh(0.142), change_zh(-0.05), change_zh(0.0), change_zh(None)
    ('比上年增长 14.2%', '比上年下降 5%', '与上年持平', '比上年的增速未知')
    """
    if rate is None:
        return "比上年的增速未知"
    if abs(rate) < _SAME:
        return "与上年持平"
    return f"比上年{'增长' if rate > 0 else '下降'} {amount_zh(abs(rate), 'rate', '', 3)}"


def change_en(rate: float | None) -> str:
    """Say a growth over the year before in English."""
    if rate is None:
        return "the change over the year before is unknown"
    if abs(rate) < _SAME:
        return "unchanged over the year before"
    return f"{'up' if rate > 0 else 'down'} {amount_en(abs(rate), 'rate', '', 3)} over the year before"


def years_zh(years: Sequence[int]) -> str:
    """Say years, runs of them from the first to the last.

    >>> years_zh([2019, 2021, 2022, 2023])
    '2019、2021–2023'
    """
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def over_years_zh(name: str, series: Mapping[int, Number], year: int, growth: float | None) -> str:
    """Say how a yearly amount of money went up to the report's year, as a caption: without a full stop.

    >>> one = Number(4.0e9)
    >>> over_years_zh("产值", {}, 2025, None), over_years_zh("产值", {2025: one}, 2025, None)
    ('产值未知：没有任何年份的数据', '只知道 2025 年的产值，为 40 亿元')
    >>> over_years_zh("产值", {2022: Number(5.0e9), 2024: one}, 2025, None)
    '产值由 2022 年的 50 亿元降至 2024 年的 40 亿元；2023、2025 年未知'
    """
    known = {at: number.value for at, number in sorted(series.items()) if number.value is not None}
    if not known:
        return f"{name}未知：" + ("各来源不一致" if series else "没有任何年份的数据")
    first, last = min(known), max(known)
    if first == last:
        said = f"只知道 {first} 年的{name}，为 {amount_zh(known[first], 'money')}"
        return said if first == year else f"{said}；{year} 年未知"
    before, now = known[first], known[last]
    if abs(now - before) < _SAME * abs(before):
        said = f"{name}在 {first} 年和 {last} 年同为 {amount_zh(now, 'money')}"
    else:
        went = "增至" if now > before else "降至"
        said = f"{name}由 {first} 年的 {amount_zh(before, 'money')}{went} {last} 年的 {amount_zh(now, 'money')}"
    if growth is not None and last == year:
        said += f"，{year} 年{change_zh(growth)}"
    missing = [at for at in range(first, year + 1) if at not in known]
    return f"{said}；{years_zh(missing)} 年未知" if missing else said


def listed_zh(items: Sequence[str], most: int = 6) -> str:
    """Give a list in words, the rest of a long one counted.

    >>> listed_zh(["甲", "乙", "丙"], 2)
    '甲、乙等 3 项'
    """
    return "、".join(items) if len(items) <= most else f"{'、'.join(items[:most])}等 {len(items)} 项"


def noted(sentence: str, notes: Sequence[Note]) -> tuple[Inline, ...]:
    """Give a sentence with its footnotes before its full stop.

    >>> noted("企业 40 家。", [Note("运行 7")])
    ('企业 40 家', Note(text='运行 7'), '。')
    """
    if not sentence.endswith("。") or not notes:
        return (sentence, *notes)
    return (sentence[:-1], *notes, "。")


def capital(sentence: str) -> str:
    """Begin an English sentence with a capital."""
    return sentence[:1].upper() + sentence[1:]
