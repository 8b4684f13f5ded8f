"""What is wrong with facts: each finding says what, of which metric, how to mend it, and whether the fact was used."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "unknown_metric",
    "not_a_fact",
    "not_a_number",
    "wrong_unit",
    "percent_for_fraction",
    "negative",
    "out_of_range",
    "not_whole",
    "not_an_option",
    "bad_year",
    "future_year",
    "unfinished_year",
    "missing_year",
    "sources_disagree",
    "not_in_force",
    "own_number",
    "counted_twice",
    "other_application",
    "other_region",
    "no_titles",
    "made_later",
    "no_trend",
    "no_error",
    "far_extrapolation",
    "not_found",
)
"""The kinds of findings."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a fact or with how a rule is used; `used` says whether the fact still counts."""

    kind: str
    metric: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str
    used: bool = False

    def __str__(self) -> str:
        return f"{self.zh}。{self.mend_zh}。 {self.en}. {self.mend_en}."
