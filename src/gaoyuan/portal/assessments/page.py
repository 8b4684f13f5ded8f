"""What the page of an assessment shows: criterion by criterion the verdict, the way to meet it, and its facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gaoyuan.assess.facts.metric_catalogue import Kind, metrics
from gaoyuan.assess.facts.source_words import source_en, source_zh
from gaoyuan.assess.facts.wording import amount_en, amount_zh
from gaoyuan.portal.assessments.facts_form import UNITS, Asked
from gaoyuan.portal.assessments.models import Evidence
from gaoyuan.portal.workbench.exports import Cell
from gaoyuan.report.verdict_report import criterion_name

Plain: TypeAlias = "dict[str, Any]"

STATES = {
    "met": _("met"),
    "unmet": _("unmet"),
    "unknown": _("unknown"),
    "manual_review": _("left to people"),
    "not_applicable": _("not applicable"),
}
CRITERIA_HEADINGS = (
    _("Criterion"),
    _("Requirement"),
    _("State"),
    _("Value"),
    _("Threshold"),
    _("Margin"),
    _("Unit"),
    _("Basis"),
    _("Source"),
    _("Article"),
)
FACTS_HEADINGS = (_("Criterion"), _("Fact"), _("Year"), _("Value"), _("As typed"), _("Source"), _("Evidence files"))
_REMEDIES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Input:
    """A row of the form as the page shows it."""

    asked: Asked
    files: tuple[Evidence, ...]

    @property
    def name(self) -> str:
        """The metric's name."""
        return self.asked.metric.zh if chinese() else self.asked.metric.en

    @property
    def unit(self) -> str:
        """The metric's unit, where there is nothing to choose."""
        if self.asked.metric.kind in ("share", "rate"):
            return "%"
        return self.asked.metric.unit_zh if chinese() else self.asked.metric.unit_en

    @property
    def units(self) -> list[tuple[str, str]]:
        """The units to choose from, and how they are called."""
        return [(zh, zh if chinese() else en) for zh, en in UNITS.get(self.asked.metric.kind, ())]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """The answers to choose from: what is sent, its words, whether it is chosen. Empty where people write."""
        metric, chosen = self.asked.metric, self.asked.row.text.split("|")
        options: Iterable[tuple[str, str]] = [
            (key, zh if chinese() else en) for key, (zh, en) in metric.options.items()
        ]
        if metric.kind == "flag":
            options = [("yes", str(_("yes"))), ("no", str(_("no")))]
        elif metric.kind not in ("choice", "several"):
            return []
        return [(key, words, key in chosen) for key, words in options]

    @property
    def unread(self) -> bool:
        """Whether what is typed is none of the choices, and has to be shown beside them so that it is not lost."""
        return bool(self.asked.row.text) and bool(self.choices) and not any(chosen for *_, chosen in self.choices)

    @property
    def how(self) -> str:
        """How the value is written."""
        return str(_HOW.get(self.asked.metric.kind, ""))

    @property
    def fault(self) -> tuple[str, str] | None:
        """What is wrong, and how to mend it."""
        fault = self.asked.fault
        if fault is None:
            return None
        return (fault.zh, fault.mend_zh) if chinese() else (fault.en, fault.mend_en)

    @property
    def claims(self) -> list[tuple[str, str]]:
        """What each source says, where several speak."""
        said = [(told(self.asked.metric.id, one.value), source(one.source)) for one in self.asked.form.claims]
        return said if len(said) > 1 else []

    @property
    def said(self) -> str:
        """The value as it was understood."""
        return "" if self.asked.value is None else told(self.asked.metric.id, self.asked.value)


_HOW: Mapping[str, Any] = {
    "share": _("72% or 0.72"),
    "rate": _("12% or 0.12"),
    "count": _("a whole number"),
    "money": _("a number in the unit beside it, or with its own: 45亿元"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A criterion with its verdict (plain data), its plan, and the rows that it asks."""

    verdict: Plain
    plan: Plain | None
    kind: Kind
    inputs: list[Input] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The criterion's number, or in Chinese its name where it has one."""
        name = str(self.verdict["id"])
        return criterion_name(name) if chinese() else name

    @property
    def words(self) -> str:
        """The requirement."""
        return said(self.verdict)

    @property
    def reason(self) -> str:
        """Why it is in its state."""
        return said(self.verdict, "reason")

    @property
    def value(self) -> str:
        """The value, or the span in which it lies; that it is not below nothing says nothing."""
        one = self.verdict
        least, most = one["least"], one["most"]
        if one["value"] is not None or (not least and most is None):
            return self._amount(one["value"])
        if most is None:
            return f"≥ {self._amount(least)}"
        return f"{self._amount(least)} … {self._amount(most)}" if least is not None else f"≤ {self._amount(most)}"

    @property
    def threshold(self) -> str:
        """What is asked."""
        if self.verdict["threshold"] is None:
            return ""
        return f"{_SIGNS.get(self.verdict['operator'], '')} {self._amount(self.verdict['threshold'])}"

    @property
    def margin(self) -> str:
        """How far the value is from what is asked, positive on the good side."""
        text = self._amount(self.verdict["margin"])
        return f"+{text}" if text and (self.verdict["margin"] or 0) > 0 else text

    @property
    def sources(self) -> list[str]:
        """Who said the facts."""
        every = [one["source"] for part in _inside(self.verdict) for one in part["evidence"]]
        return list(dict.fromkeys(source(one) for one in every if one))

    @property
    def remedies(self) -> list[str]:
        """The smallest changes that would meet it."""
        return [said(one, "text") for one in (self.plan or {}).get("remedies", ())[:_REMEDIES_SHOWN]]

    @property
    def advice(self) -> list[str]:
        """What the plan says beside the changes."""
        plan = self.plan or {}
        told_already = set(self.remedies)
        lines = plan.get("text_zh" if chinese() else "text_en", ())
        return [line for line in lines[1:] if line not in told_already]

    def _amount(self, value: float | None) -> str:
        if value is None:
            return ""
        if chinese():
            return amount_zh(value, self.kind, self.verdict["unit_zh"])
        return amount_en(value, self.kind, self.verdict["unit_en"])


_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "="}


def sections(data: Mapping[str, Any], rows: Sequence[Asked], files: Iterable[Evidence]) -> list[Section]:
    """Give the criteria in the rule's order; a row that several ask stands with the first of them."""
    plans = {one["id"]: one for one in data["diagnosis"]["criteria"]}
    kinds = data.get("kinds", {})
    found = {
        name: Section(one, plans.get(name), kinds.get(name, "number"))
        for name, one in data["verdict"]["criteria"].items()
    }
    by_fact: dict[str, list[Evidence]] = {}
    for one in files:
        by_fact.setdefault(one.fact, []).append(one)
    for row in rows:
        home = next((name for name in row.form.criteria if name in found), None)
        if home is not None:
            found[home].inputs.append(Input(row, tuple(by_fact.get(row.key, ()))))
    return list(found.values())


def criteria_cells(held: Iterable[Section]) -> list[list[Cell]]:
    """Give the criteria as cells of a file, numbers in the metric's unit."""
    return [
        [
            one.verdict["id"],
            one.words,
            STATES[one.verdict["state"]],
            one.verdict["value"],
            one.verdict["threshold"],
            one.verdict["margin"],
            said(one.verdict, "unit"),
            one.reason,
            "；".join(one.sources),
            one.verdict["article"],
        ]
        for one in held
    ]


def fact_cells(held: Iterable[Section]) -> list[list[Cell]]:
    """Give the facts of the criteria as cells of a file: what was understood, and what was typed."""
    cells: list[list[Cell]] = []
    for one in held:
        for asked in one.inputs:
            row = asked.asked.row
            files = "；".join(f"{file.name} (SHA-256 {file.sha256})" for file in asked.files)
            year = row.asked if row.asked is not None else row.year
            cells.append([one.verdict["id"], asked.name, year, asked.said, row.text, source(row.source), files])
    return cells


def said(one: Mapping[str, Any], name: str = "") -> str:
    """Give a text of plain data in the language of the page.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     said({"zh": "面积", "en": "area"}), said({"text_zh": "甲", "text_en": "A"}, "text")
    ('area', 'A')
    """
    ending = "zh" if chinese() else "en"
    text = one.get(f"{name}_{ending}" if name else ending)
    return "；".join(text) if isinstance(text, list | tuple) else str(text or "")


def source(name: str) -> str:
    """Give the name of a source in the language of the page."""
    return source_zh(name) if chinese() else source_en(name)


def told(metric: str, value: object) -> str:
    """Give a value of a metric in words."""
    known = metrics().get(metric)
    if known is None:
        return str(value)
    if known.kind == "flag":
        return str(_("yes") if value else _("no"))
    if isinstance(value, float | int):
        return amount_zh(value, known.kind, known.unit_zh) if chinese() else amount_en(value, known.kind, known.unit_en)
    names = value if isinstance(value, list | tuple) else [value]
    at = 0 if chinese() else 1
    options = [known.options[str(name)][at] if name in known.options else str(name) for name in names]
    return "、".join(options) if chinese() else ", ".join(options)


def chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def _inside(one: Plain) -> Iterable[Plain]:
    yield one
    for part in one["parts"]:
        yield from _inside(part)
