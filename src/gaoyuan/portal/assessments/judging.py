"""Judging what stands in a form: the verdict, the plan, and what is different from before. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gaoyuan.assess.diagnosis import Diagnosis, diagnose
from gaoyuan.assess.rules.choice import own_editions
from gaoyuan.assess.rules.model import APPLICATIONS, Application, Criterion, Edition
from gaoyuan.assess.rules.rulebook import editions
from gaoyuan.assess.verdicts.evaluating import Circumstances
from gaoyuan.assess.verdicts.judging import chosen_settings, judge
from gaoyuan.assess.verdicts.reasons import unit_of
from gaoyuan.assess.verdicts.verdict import Verdict
from gaoyuan.errors import GaoyuanError, NotFound
from gaoyuan.portal.assessments.facts_form import Asked, Row, asked_rows, given_facts, stored_rows
from gaoyuan.portal.assessments.knowing import Known
from gaoyuan.portal.assessments.models import Assessment
from gaoyuan.portal.jobs.running import workspace_of

Plain: TypeAlias = "dict[str, Any]"
Settings: TypeAlias = "dict[str, str]"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the facts of an assessment give."""

    verdict: Verdict
    diagnosis: Diagnosis
    criteria: tuple[Criterion, ...]

    def as_data(self) -> Plain:
        """Give it as plain data."""
        kinds = {one.id: unit_of(one)[0] for one in self.criteria}
        return {"verdict": self.verdict.as_data(), "diagnosis": self.diagnosis.as_data(), "kinds": kinds}

    @property
    def counts(self) -> dict[str, int]:
        """How many criteria are in which state."""
        return dict(Counter(str(one.state) for one in self.verdict.criteria.values()))


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an assessment with what is typed: the rule, what is known, its rows and its settings."""

    rule: Edition
    known: Known
    how: Circumstances
    rows: list[Asked]

    def judged(self, subject: str) -> Judged:
        """Judge what the rows say; what is missing, wrong or disputed is unknown, and unknown never passes."""
        facts = given_facts(self.rows, self.known.facts, subject, self.how.as_of)
        as_of, application, settings = self.how.as_of, self.how.application, self.how.settings
        verdict = judge(self.rule, facts, as_of, application, settings=settings, subject=subject)
        found = diagnose(self.rule, facts, as_of, application, settings=settings, firms=self.known.near)
        return Judged(verdict, found, self.rule.criteria)


def cluster_editions(folder: str = "") -> list[Edition]:
    """Give the editions of rules of clusters: those of a workspace's folder first, then the shipped ones."""
    own: Sequence[Edition] = ()
    if folder:
        from gaoyuan import open as open_workspace

        try:
            own = own_editions(open_workspace(folder))
        except (GaoyuanError, OSError):
            own = ()
    found: dict[str, Edition] = {}
    for one in (*own, *editions()):
        if one.subject == "cluster":
            found.setdefault(one.key, one)
    return list(found.values())


def edition_of(key: str, folder: str = "") -> Edition:
    """Give an edition by its key. Raises NotFound for one that is there no more."""
    shipped = next((one for one in editions() if one.key == key), None)
    for one in (shipped, *(cluster_editions(folder) if shipped is None or folder else ())):
        if one is not None and one.key == key:
            return one
    raise NotFound(f"there is no rule {key!r} any more", zh=f"规则 {key!r} 已不存在")


def form_of(assessment: Assessment, rows: Iterable[Row] | None = None, settings: Settings | None = None) -> Form:
    """Give the form of an assessment as it is saved, or with other rows and settings. Raises InputError for a setting
    that the rule does not take.
    """
    rule = edition_of(assessment.edition, workspace_of(assessment.source))
    known = Known.from_data(assessment.known)
    how = circumstances(
        rule, assessment.as_of, assessment.application, assessment.chosen if settings is None else settings
    )
    given = stored_rows(assessment.facts) if rows is None and assessment.revision else rows
    return Form(rule, known, how, asked_rows(rule, known.facts, how, given))


def circumstances(rule: Edition, as_of: dt.date, application: str, settings: Mapping[str, str]) -> Circumstances:
    """Give what a verdict depends on beside the facts. Raises InputError for a setting that the rule does not take."""
    chosen: Application = next(one for one in APPLICATIONS if one == application)
    given = {name: value for name, value in settings.items() if value != ""}
    return Circumstances(as_of, chosen, chosen_settings(rule, given))


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Plain]:
    """Say which criteria of a verdict (as data) are in another state or have another reason than before."""
    found: list[Plain] = []
    old = before.get("criteria", {})
    for name, one in after["criteria"].items():
        was = old.get(name)
        if was is not None and (was["state"], was["reason_zh"]) != (one["state"], one["reason_zh"]):
            sides = {"before": was, "after": one}
            parts = {
                f"{side}_{part}": held[part]
                for side, held in sides.items()
                for part in ("state", "reason_zh", "reason_en")
            }
            found.append({"id": name, "zh": one["zh"], "en": one["en"], **parts})
    return found
