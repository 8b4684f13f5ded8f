"""The form of facts: one row a metric and year that the rule asks, as it was typed, checked by the reader of facts.

What is typed is kept as it stands, also where it cannot be used: then it counts as unknown, and the row says why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

from django.http import QueryDict

from gaoyuan.assess.facts.files import facts_of
from gaoyuan.assess.facts.known import far_apart
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.parsing import Facts, Value
from gaoyuan.assess.facts.rows import FactRow, is_own_source
from gaoyuan.assess.facts.values import Refused, read_value
from gaoyuan.assess.form import FormRow, form_rows
from gaoyuan.assess.rules.model import Edition
from gaoyuan.assess.verdicts.evaluating import Circumstances

Plain: TypeAlias = "dict[str, Any]"

UNITS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "money": (("亿元", "100 million yuan"), ("万元", "10,000 yuan"), ("元", "yuan")),
    "area": (("平方公里", "km²"), ("公顷", "hectares"), ("亩", "mu")),
}
"""The units that may be chosen, by kind of metric, the first unless another is; in Chinese and in English."""
MOST_TEXT, MOST_SOURCE = 2_000, 300
_FIRST_YEAR = 1900
_FACTORS = {"money": 1e8}


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was typed: `asked` is the year that the rule asks for, `year` the one given to a stock; `settled`
    says that of several sources this one counts.
    """

    metric: str
    asked: int | None = None
    year: str = ""
    text: str = ""
    unit: str = ""
    source: str = ""
    settled: bool = False

    @property
    def key(self) -> str:
        """What names the row in the form."""
        return f"{self.metric}:{self.asked or ''}"

    def as_data(self) -> Plain:
        """Give it as plain data, with the value that was read."""
        read = read_value(metrics()[self.metric], self.text, self.unit)
        value = None if isinstance(read, Refused) else list(read) if isinstance(read, tuple) else read
        return {**asdict(self), "value": value}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is not used, in both languages; `part` is the input that has to be mended."""

    part: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the form: what is asked, what is typed, what is wrong with it, what stood there at first."""

    form: FormRow
    row: Row
    filled: Row
    value: Value | None
    fault: Fault | None

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.form.metric

    @property
    def key(self) -> str:
        """What names the row in the form."""
        return self.row.key

    @property
    def untouched(self) -> bool:
        """Whether it stands as it was filled in, so that every source still speaks."""
        return self.row == self.filled

    @property
    def disputed(self) -> bool:
        """Whether several sources speak and none was chosen."""
        return self.untouched and len(self.form.claims) > 1


def asked_rows(rule: Edition, known: Facts, how: Circumstances, given: Iterable[Row] | None) -> list[Asked]:
    """Give the rows of the form with what was typed; None for one that is new: what is known is filled in."""
    typed = None if given is None else {row.key: row for row in given}
    found: list[Asked] = []
    for form in form_rows(rule, known, how):
        filled = _filled(form)
        row = filled if typed is None else typed.get(filled.key, filled)
        value, fault = _read(form.metric, row, how.as_of)
        found.append(Asked(form, row, filled, value, fault))
    return found


def read_rows(post: QueryDict, asked: Sequence[Asked]) -> list[Row]:
    """Read what was typed into the form; a row that was not sent stays as it was."""
    return [_sent(post, one) for one in asked]


def stored_rows(data: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Read what `Row.as_data` gave."""
    names = Row.__dataclass_fields__
    return [Row(**{name: part for name, part in one.items() if name in names}) for one in data]


def given_facts(asked: Sequence[Asked], known: Facts, subject: str, as_of: dt.date) -> Facts:
    """Give the facts to judge: what the rows say, and of what no row asks what is known.

    A row that nobody has touched says what its sources say, also where they disagree; one that somebody has changed or
    settled says its own value. Findings tell where it is far from what was known.
    """
    own: list[FactRow] = []
    kept: list[FactRow] = []
    for number, one in enumerate(asked, 1):
        if one.fault is not None or one.value is None:
            continue
        if one.untouched:
            kept += [
                _fact_row(number, subject, one, claim.value, claim.year, claim.source, claim.run)
                for claim in one.form.claims
            ]
        else:
            year = one.row.asked or (int(one.row.year) if one.row.year else None)
            source = "" if is_own_source(one.row.source) and not _same_value(one) else one.row.source
            own.append(_fact_row(number, subject, one, one.value, year, source, ""))
    asked_of = {one.metric.id for one in asked}
    rest = {name: claims for name, claims in known.by_metric.items() if name not in asked_of}
    said = facts_of([*own, *kept])
    far = far_apart(facts_of(own), known, as_of)
    return Facts({**rest, **said.by_metric}, (*known.findings, *far))


def _fact_row(number: int, subject: str, one: Asked, value: Value, year: int | None, source: str, run: str) -> FactRow:
    text = "|".join(value) if isinstance(value, tuple) else value if isinstance(value, str) else None
    plain = value if isinstance(value, float) else None
    return FactRow(number, "cluster", subject, one.metric.id, year, plain, text, source, run)


def _same_value(one: Asked) -> bool:
    return bool(one.form.claims) and one.form.claims[0].value == one.value


def _filled(form: FormRow) -> Row:
    """Give the row as it is filled in: what the first source says, in the unit that people use."""
    metric, series = form.metric, form.metric.series
    units = UNITS.get(metric.kind, ())
    empty = Row(metric.id, form.year if series else None, unit=units[0][0] if units else "")
    if not form.claims:
        return empty
    first = form.claims[0]
    year = "" if series or first.year is None else str(first.year)
    return replace(empty, year=year, text=_shown(metric, first.value), source=first.source[:MOST_SOURCE])


def _shown(metric: Metric, value: Value) -> str:
    if metric.kind == "flag":
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "|".join(value)
    if isinstance(value, str):
        return value
    if metric.kind in ("share", "rate"):
        return f"{value * 100:.12g}%"
    return f"{value / _FACTORS.get(metric.kind, 1.0):.15g}"


def _sent(post: QueryDict, one: Asked) -> Row:
    key = one.key
    if f"value-{key}" not in post and f"sent-{key}" not in post:
        return one.row
    text = "|".join(post.getlist(f"value-{key}")).strip()[:MOST_TEXT]
    units = [name for name, _ in UNITS.get(one.metric.kind, ())]
    unit = post.get(f"unit-{key}", "")
    return Row(
        one.metric.id,
        one.row.asked,
        post.get(f"year-{key}", "").strip()[:20] if not one.metric.series else "",
        text.replace("\0", ""),
        unit if unit in units else one.filled.unit,
        post.get(f"source-{key}", "").strip().replace("\0", "")[:MOST_SOURCE],
        f"settled-{key}" in post,
    )


def _read(metric: Metric, row: Row, as_of: dt.date) -> tuple[Value | None, Fault | None]:
    if not row.text:
        return None, None
    read = read_value(metric, row.text, row.unit)
    if isinstance(read, Refused):
        return None, Fault("value", read.zh, read.en, read.mend_zh, read.mend_en)
    if read == ():
        return None, None
    return read, _year_fault(row.year, as_of)


def _year_fault(year: str, as_of: dt.date) -> Fault | None:
    if not year:
        return None
    if not (year.isdecimal() and len(year) == 4 and int(year) >= _FIRST_YEAR):
        return Fault(
            "year",
            f"“{year}”不是年份",
            f"{year!r} is no year",
            "年份写成四位数字，如 2024，或留空",
            "Write four digits, such as 2024, or leave it empty",
        )
    if int(year) > as_of.year:
        return Fault(
            "year",
            f"{year} 年在评估日 {as_of} 之后",
            f"{year} is after the as-of date {as_of}",
            "填写评估日以前的年份",
            "Give a year before that day",
        )
    return None
