"""Judging: a rule on the facts of one subject, or of many at once."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from gaoyuan.assess.facts.assembly import assemble
from gaoyuan.assess.facts.columns import FactColumns
from gaoyuan.assess.facts.derived import with_derived
from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.parsing import Facts, GivenFacts, parse_facts
from gaoyuan.assess.logic.states import ORDER, Codes
from gaoyuan.assess.rules.checking import check_settings
from gaoyuan.assess.rules.model import APPLICATIONS, Application, Edition
from gaoyuan.assess.rules.rulebook import as_date
from gaoyuan.assess.rules.rulebook import edition as edition_by_id
from gaoyuan.assess.verdicts.evaluating import Circumstances, Outcome, evaluate, overall
from gaoyuan.assess.verdicts.reasons import told
from gaoyuan.assess.verdicts.verdict import Verdict
from gaoyuan.errors import InputError
from gaoyuan.version import __version__

Settings = Mapping[str, str | float | None]


@dataclass(frozen=True, slots=True)
class Judgements:
    """The states of many subjects under one edition: of the whole (n codes), and criterion by criterion."""

    edition: Edition
    how: Circumstances
    columns: FactColumns
    states: Codes
    outcomes: tuple[Outcome, ...]


def judge(
    edition: Edition | str,
    facts: GivenFacts | Facts,
    as_of: dt.date | str | None = None,
    application: Application = "new",
    *,
    settings: Settings | None = None,
    subject: str = "",
) -> Verdict:
    """Judge the facts of a subject by an edition (or by the id of a rule, in the edition in force on the day).

    Unknown facts leave criteria `unknown`, what people have to judge is `manual_review`, bad facts become findings of
    the verdict and do not count. Windows of years end with the last full year before `as_of` (today where None).
    `settings` override those of the edition. Raises InputError for a setting that the edition does not have.

    >>> verdict = judge("cn-sme-cluster", {"area_km2": 80}, as_of="2025-06-01")
    >>> verdict.criteria["1.3"].state.value, verdict.criteria["1.3"].margin, verdict.state.value
    ('met', 20.0, 'unknown')
    """
    day = as_date(as_of) if as_of is not None else dt.date.today()
    if application not in APPLICATIONS:
        raise InputError(
            f"there are no {application!r} applications",
            mend=f"Name one of: {', '.join(APPLICATIONS)}.",
            zh=f"没有名为 {application!r} 的申报类别",
            mend_zh=f"可用：{'、'.join(APPLICATIONS)}",
        )
    rule = edition_by_id(edition, day, application) if isinstance(edition, str) else edition
    how = Circumstances(day, application, chosen_settings(rule, settings))
    parsed = with_derived(parse_facts(facts), day)
    columns, findings = assemble(parsed, day)
    outcomes = evaluate(rule.criteria, columns, how)
    criteria, missing_years = told(outcomes, parsed, columns, how)
    state = ORDER[int(overall(outcomes)[0])]
    return Verdict(
        subject=subject,
        rule=rule.id,
        edition=rule.edition,
        title_zh=rule.title_zh,
        title_en=rule.title_en,
        document_number=rule.document_number,
        status=rule.status,
        as_of=day,
        application=application,
        settings=how.settings,
        state=state,
        criteria={criterion.id: criterion for criterion in criteria},
        findings=(*_use_of_rule(rule, how), *_own_numbers(rule, how), *findings, *missing_years),
        rule_text=rule.text,
        snapshot_sha256=rule.sha256,
        program=__version__,
    )


def judge_many(
    edition: Edition,
    columns: FactColumns,
    as_of: dt.date | str,
    application: Application = "new",
    *,
    settings: Settings | None = None,
) -> Judgements:
    """Judge many subjects (n) by one edition at once.

    Raises InputError where the columns were made for another year than that of the as-of date.

    >>> from gaoyuan.assess import edition
    >>> from gaoyuan.assess.facts.columns import columns_of
    >>> columns = columns_of({"area_km2": [80.0, 120.0]}, last_year=2024)
    >>> judge_many(edition("cn-sme-cluster.2022"), columns, "2025-06-01").outcomes[5].states.tolist()
    [3, 0]
    """
    how = Circumstances(as_date(as_of), application, chosen_settings(edition, settings))
    if columns.last_year != how.as_of.year - 1:
        raise InputError(
            f"the facts are of up to {columns.last_year}, but the last full year before {how.as_of} is another",
            mend="Give columns made for the year before the as-of date.",
            zh=f"事实截至 {columns.last_year} 年，而评估日 {how.as_of} 之前的完整年度不是它",
            mend_zh="给出评估日前一年的数据",
        )
    outcomes = evaluate(edition.criteria, columns, how)
    return Judgements(edition, how, columns, overall(outcomes), outcomes)


def chosen_settings(rule: Edition, given: Settings | None) -> dict[str, str | float | None]:
    """Give the settings of an edition with those that the user chose in their place."""
    chosen: dict[str, str | float | None] = {name: setting.default for name, setting in rule.settings.items()}
    for name, value in (given or {}).items():
        if name not in rule.settings:
            raise InputError(
                f"{rule.key} has no setting {name!r}",
                mend=f"Settings are: {', '.join(rule.settings) or 'none'}.",
                zh=f"{rule.key} 没有名为 {name!r} 的设置",
                mend_zh=f"现有设置：{'、'.join(rule.settings) or '无'}",
            )
        choices = rule.settings[name].choices
        chosen[name] = _setting(rule, name, value) if not choices else _choice(rule, name, value, choices)
    if given:
        check_settings(rule, {name: chosen[name] for name in given})
    return chosen


def _setting(rule: Edition, name: str, value: str | float | None) -> str | float | None:
    """Numbers come as numbers or as text, with or without a per-cent sign."""
    default = rule.settings[name].default
    if value is None or (isinstance(default, str) and isinstance(value, str)):
        return value
    text = str(value).strip()
    try:
        number = float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(
            f"the setting {name} is a number, not {value!r}",
            mend=f"Write {name}=0.1 or 10%.",
            zh=f"设置 {name} 应为数值，不能是 {value!r}",
            mend_zh=f"写成 {name}=0.1 或 10%",
        )
    return number


def _choice(rule: Edition, name: str, value: str | float | None, choices: tuple[str | float, ...]) -> str | float:
    found = next((choice for choice in choices if str(choice) == str(value)), None)
    if found is None:
        raise InputError(
            f"the setting {name} of {rule.key} cannot be {value!r}",
            mend=f"Choose: {', '.join(map(str, choices))}.",
            zh=f"{rule.key} 的设置 {name} 不能为 {value!r}",
            mend_zh=f"可用：{'、'.join(map(str, choices))}",
        )
    return found


def _own_numbers(rule: Edition, how: Circumstances) -> list[Finding]:
    """Tell which numbers of the rule are the user's own, because no text that was seen has them."""
    own = {
        name: value for name, value in how.settings.items() if value is not None and rule.settings[name].default is None
    }
    return [
        Finding(
            "own_number",
            "",
            f"规则的数值由使用者填入，原文未见：{name} = {value:g}"
            if isinstance(value, float)
            else f"{name} = {value}",
            f"a number of the rule is the user's own, for no text with it was seen: {name} = {value}",
            "附上所依据的文件",
            "Attach the document that it is from",
            used=True,
        )
        for name, value in own.items()
    ]


def _use_of_rule(rule: Edition, how: Circumstances) -> list[Finding]:
    if how.application not in rule.effective:
        return [
            Finding(
                "other_application",
                "",
                f"{rule.title_zh}不适用于{'新申报' if how.application == 'new' else '复核'}",
                f"{rule.title_en} does not hold for {how.application} applications",
                "换用适用的版本",
                "Use an edition that does",
                used=True,
            )
        ]
    if not rule.in_force(how.as_of, how.application):
        begin, end = rule.effective[how.application]
        return [
            Finding(
                "not_in_force",
                "",
                f"{rule.key} 在 {how.as_of} 并不施行（{begin or '…'} 至 {end or '…'}）",
                f"{rule.key} is not in force on {how.as_of} ({begin or '…'} to {end or '…'})",
                "换用当时施行的版本，或改评估日；结论仅供参照",
                "Use the edition of that day, or another date; the verdict is a what-if",
                used=True,
            )
        ]
    return []
