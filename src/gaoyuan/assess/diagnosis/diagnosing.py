"""From a verdict to a plan: how far each criterion is, what would meet it, and which facts to collect first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gaoyuan.assess.diagnosis.dials import Dial, Situation, Turns
from gaoyuan.assess.diagnosis.information import worth_of_facts
from gaoyuan.assess.diagnosis.near_firms import firms_words, nearest_firms
from gaoyuan.assess.diagnosis.plan import Change, CriterionPlan, Diagnosis, NearFirm, NextLevel, Remedy, ShortYear
from gaoyuan.assess.diagnosis.remedies import remedies, what_it_asks, years_to_come
from gaoyuan.assess.diagnosis.sentences import change_words, margin_words, plan_words, remedy_words
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.parsing import Facts, GivenFacts, parse_facts
from gaoyuan.assess.logic.states import UNMET, State
from gaoyuan.assess.rules.model import Application, Criterion, Edition, Levels, Threshold
from gaoyuan.assess.rules.rulebook import as_date
from gaoyuan.assess.rules.rulebook import edition as edition_by_id
from gaoyuan.assess.rules.walk import walk
from gaoyuan.assess.verdicts.evaluating import Circumstances, compare, measured, number, window
from gaoyuan.assess.verdicts.judging import Settings, judge
from gaoyuan.assess.verdicts.verdict import CriterionVerdict, Verdict

_BASES = {"output_share": "output_yuan", "revenue_share": "revenue_yuan"}
"""What a share is of, by the end of its metric's id."""


def diagnose(
    edition: Edition | str,
    facts: GivenFacts | Facts,
    as_of: dt.date | str | None = None,
    application: Application = "new",
    *,
    settings: Settings | None = None,
    firms: Iterable[NearFirm] = (),
) -> Diagnosis:
    """Diagnose the facts of a subject under an edition (or the rule of an id in force on the day).

    Gives a plan for every criterion that is unmet, unknown or left to people, and for one with levels the way to the
    next level; and the worth of every fact that is missing or disputed. Every remedy was judged again: with its changes
    the criterion comes out met. `firms` are those near to titles, as the ladder of titles gives them.

    >>> found = diagnose("cn-sme-cluster", {"sme_output_share": 0.65}, "2025-06-01")
    >>> found.criterion("1.5").remedies[0].changes[0].after
    0.7
    """
    day = as_date(as_of) if as_of is not None else dt.date.today()
    rule = edition_by_id(edition, day, application) if isinstance(edition, str) else edition
    parsed, near = parse_facts(facts), list(firms)
    verdict = judge(rule, parsed, day, application, settings=settings)
    situation = Situation.of(parsed, Circumstances(day, application, verdict.settings))
    plans = tuple(_plans(rule, verdict, situation, near))
    worths = worth_of_facts(rule.criteria, situation, verdict.state.code)
    zh, en = _summary(verdict, plans, sum(worth.worth_collecting for worth in worths))
    return Diagnosis(rule.id, rule.edition, day, application, verdict.state, plans, worths, zh, en)


def with_changes(facts: GivenFacts | Facts, changes: Sequence[Change], as_of: dt.date | str) -> Facts:
    """Give facts with changes made, to judge them again. What has no year is of the last full year before `as_of`.

    >>> changes = diagnose("cn-sme-cluster", {"area_km2": 120}, "2025-06-01").criterion("1.3").remedies[0].changes
    >>> with_changes({"area_km2": 120}, changes, "2025-06-01").of("area_km2")[0].value
    100.0
    """
    day = as_date(as_of)
    situation = Situation.of(parse_facts(facts), Circumstances(day, "new", {}))
    return situation.turned({Dial(one.metric, one.years): one.after for one in changes}).facts


def _plans(rule: Edition, verdict: Verdict, situation: Situation, firms: list[NearFirm]) -> Iterator[CriterionPlan]:
    for criterion in rule.criteria:
        told = verdict.criteria[criterion.id]
        if told.state is State.NOT_APPLICABLE:
            continue
        upwards = _next_level(criterion, told, situation)
        if told.state is not State.MET or upwards is not None:
            yield _plan(criterion, told, upwards, situation, firms)


def _plan(
    criterion: Criterion,
    told: CriterionVerdict,
    upwards: NextLevel | None,
    situation: Situation,
    firms: list[NearFirm],
) -> CriterionPlan:
    ways = _ways(criterion, situation) if told.state in (State.UNMET, State.UNKNOWN) else ()
    near = nearest_firms(criterion, firms) if told.state is not State.MET else ()
    soft = told.state is State.UNMET and not told.hard
    judged = soft or any(part.state is State.MANUAL_REVIEW for part in _inside(told))
    words = plan_words(told, margin_words(told), needs_judgement=judged, has_remedy=bool(ways))
    short = tuple(_short_years(criterion, situation))
    unit = told.unit_zh, told.unit_en
    for one in ways[:3]:
        words.append((one.text_zh, one.text_en))
    if upwards is not None:
        words.append(
            (
                f"上一级为{upwards.zh}（{upwards.least:g} 起）",
                f"the next level is {upwards.en} (from {upwards.least:g})",
            )
        )
        words.extend((one.text_zh, one.text_en) for one in upwards.remedies[:1])
    if near:
        words.append(firms_words(near))
    relative = told.margin / abs(told.threshold) if told.margin is not None and told.threshold else None
    return CriterionPlan(
        id=criterion.id,
        zh=criterion.zh,
        en=criterion.en,
        state=told.state,
        hard=criterion.hard,
        needs_judgement=judged,
        margin=told.margin,
        relative_margin=relative,
        unit_zh=unit[0],
        unit_en=unit[1],
        short_years=short,
        remedies=ways,
        next_level=upwards,
        firms=near,
        missing=tuple(dict.fromkeys(name for part in _inside(told) for name in part.missing)),
        text_zh=tuple(zh for zh, _ in words if zh),
        text_en=tuple(en for _, en in words if en),
    )


def _inside(told: CriterionVerdict) -> Iterator[CriterionVerdict]:
    yield told
    for part in told.parts:
        yield from _inside(part)


def _ways(criterion: Criterion, situation: Situation) -> tuple[Remedy, ...]:
    """Give remedies on the day of the verdict, and those of the earliest later year in which there are any."""
    found = [_remedy(turns, criterion, situation) for turns in remedies(criterion, situation)]
    for years in range(1, years_to_come(criterion, situation) + 1):
        then = situation.later(years)
        later = [turns for turns in remedies(criterion, then) if not _rewrites_the_past(turns, then)]
        if later:
            found.extend(_remedy(turns, criterion, then) for turns in later)
            break
    return tuple(found)


def _rewrites_the_past(turns: Turns, situation: Situation) -> bool:
    past = (Dial(dial.metric, (year,)) for dial in turns for year in dial.years if year < situation.today.year)
    return any(situation.value(dial) is not None for dial in past)


def _remedy(turns: Turns, criterion: Criterion, situation: Situation) -> Remedy:
    dials = sorted(turns, key=lambda dial: (dial.metric, dial.years))
    changes = tuple(_change(dial, turns, criterion, situation) for dial in dials)
    past = _rewrites_the_past(turns, situation)
    zh, en = remedy_words(changes, situation.how.as_of, situation.today, past=past)
    return Remedy(changes, situation.how.as_of, past, zh, en)


def _change(dial: Dial, turns: Turns, criterion: Criterion, situation: Situation) -> Change:
    metric, before, after = metrics()[dial.metric], situation.value(dial), turns[dial]
    number_to_number = isinstance(before, float) and isinstance(after, float) and metric.kind != "flag"
    difference = after - before if number_to_number else None  # type: ignore[operator]
    relative = difference / abs(before) if difference is not None and before else None  # type: ignore[arg-type]
    base = next((name for end, name in _BASES.items() if metric.kind == "share" and metric.id.endswith(end)), None)
    whole = situation.value(situation.dial(base)) if base is not None else None
    amount = difference * whole if difference is not None and isinstance(whole, float) else None
    asks, limit = what_it_asks(dial, turns, criterion, situation)
    change = Change(
        metric=metric.id,
        zh=metric.zh,
        en=metric.en,
        years=dial.years,
        before=before,
        after=after,
        difference=difference,
        relative=relative,
        base=base if amount is not None else None,
        amount=amount,
        asks=asks,
        limit=limit,
    )
    zh, en = change_words(metric, change, to_come=bool(dial.years) and min(dial.years) >= situation.today.year)
    return replace(change, text_zh=zh, text_en=en)


def _short_years(criterion: Criterion, situation: Situation) -> Iterator[ShortYear]:
    """Give the years of windows, each of which has to reach a bound, that are known to fall short of it."""
    for one in walk([criterion]):
        rule = one.rule
        if not isinstance(rule, Threshold) or rule.quantity.take != "minimum":
            continue
        bound = number(rule.bound, situation.how, 1)
        for year in window(rule.quantity, situation.how):
            alone = replace(rule.quantity, years=1, take="last")
            then = situation.later(year + 1 - situation.how.as_of.year)
            value = measured(alone, then.columns, then.how)
            if compare(value, rule.operator, bound)[0] == UNMET and value.known[0] and bound.known[0]:
                yield ShortYear(year, float(value.lo[0]), abs(float(bound.lo[0] - value.lo[0])))


def _next_level(criterion: Criterion, told: CriterionVerdict, situation: Situation) -> NextLevel | None:
    """Give the level above the one reached (the lowest where none is) and what would reach it."""
    rule = criterion.rule
    if not isinstance(rule, Levels) or told.value is None:
        return None
    names = [level.id for level in rule.levels]
    above = names.index(told.level) + 1 if told.level is not None else 0
    if above == len(names):
        return None
    level = rule.levels[above]
    wanted = replace(criterion, rule=replace(rule, wanted=level.id))
    return NextLevel(level.id, level.zh, level.en, level.least, _ways(wanted, situation))


def _summary(verdict: Verdict, plans: Sequence[CriterionPlan], worth: int) -> tuple[str, str]:
    unmet = sum(plan.state is State.UNMET for plan in plans)
    unknown = sum(plan.state is State.UNKNOWN for plan in plans)
    judged = sum(plan.state is State.MANUAL_REVIEW for plan in plans)
    return (
        f"结论：{verdict.state.zh}。不符合 {unmet} 条，未知 {unknown} 条，待人工评审 {judged} 条；"
        f"{worth} 项未知事实还可能改变结论。",
        f"Verdict: {verdict.state.en}. {unmet} criteria unmet, {unknown} unknown, {judged} left to people; "
        f"{worth} unknown facts can still change the verdict.",
    )
