"""Properties that hold for every shipped edition, whatever the facts: more of a good thing never harms, what is not
known never passes, and order, snapshots and the number of subjects do not matter."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gaoyuan.assess import Edition, State, Verdict, edition, edition_of, editions, judge, judge_many, metrics
from gaoyuan.assess.facts.assembly import assemble
from gaoyuan.assess.facts.columns import FactColumns, Words
from gaoyuan.assess.facts.metric_catalogue import Metric
from gaoyuan.assess.facts.parsing import parse_facts
from gaoyuan.assess.logic.intervals import Interval
from gaoyuan.assess.logic.states import states_of
from gaoyuan.assess.rules.model import (
    APPLICATIONS,
    Bands,
    BestOf,
    Cases,
    Checklist,
    Criterion,
    GivenPoints,
    Lattice,
    Levels,
    Limit,
    Manual,
    Membership,
    PerUnit,
    Points,
    Quantity,
    Score,
    SettingName,
    Threshold,
    Together,
    Tree,
)
from gaoyuan.assess.rules.walk import metrics_of, own_metrics, points_of, quantities_of, walk
from gaoyuan.assess.verdicts.evaluating import Outcome

AS_OF = dt.date(2025, 6, 1)
YEARS = range(AS_OF.year - 5, AS_OF.year)
EXAMPLES = 8
"""Facts tried a property and edition; there are many editions."""

every_edition = pytest.mark.parametrize("key", sorted(one.key for one in editions()))
few = settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.generate, Phase.shrink))


# Facts at random -----------------------------------------------------------------------------------------------------


def _bounds(one: Edition) -> dict[str, set[float]]:
    """Give the numbers that each metric of an edition is held against."""
    found: dict[str, set[float]] = {name: set() for name in metrics_of(one.criteria)}

    def note(quantity: Quantity, bounds: Iterable[Any]) -> None:
        for name in quantity.metrics:
            found[name].update(
                float(one.settings[bound.name].default or 0.0) if isinstance(bound, SettingName) else float(bound)
                for bound in bounds
                if bound is not None
            )

    for criterion in walk(one.criteria):
        rule = criterion.rule
        if isinstance(rule, Threshold):
            note(rule.quantity, [rule.bound])
        elif isinstance(rule, Limit):
            note(rule.quantity, [rule.at_most, *rule.exceptions.values()])
        elif isinstance(rule, Levels) and isinstance(rule.of, Quantity):
            note(rule.of, [level.least for level in rule.levels])
        elif isinstance(rule, Lattice):
            for rows in rule.bounds.values():
                for row in rows:
                    for name, bound in row.items():
                        found[name].add(bound)
        for points in points_of(criterion):
            if isinstance(points, Bands):
                note(points.quantity, [band.bound for band in points.bands])
            elif isinstance(points, PerUnit):
                note(points.quantity, [points.every, 3 * points.every])
            elif isinstance(points, GivenPoints):
                found[points.metric].update((0.0, points.most / 2, points.most))
    return found


def _words_of(one: Edition) -> dict[str, list[str]]:
    """Give the words that a rule knows for each metric in words that has no closed list of options."""
    found: dict[str, list[str]] = {}
    for criterion in walk(one.criteria):
        rule = criterion.rule
        if isinstance(rule, Lattice):
            found.setdefault(rule.sector, []).extend(rule.bounds)
        elif isinstance(rule, Limit):
            found.setdefault(rule.named_by, []).extend([*rule.exceptions, "another"])
        elif isinstance(rule, Membership):
            found.setdefault(rule.metric, []).extend([*rule.among, "another"])
    return found


def _numbers(metric: Metric, bounds: set[float]) -> list[float]:
    """Give values of a metric at, just above and just below what it is held against, and at its limits."""
    step = 1.0 if metric.kind in ("count", "flag") else 0.01
    tried = {0.0, 1.0, 0.5, 7.0, 1e8, *metric.plausible}
    for bound in bounds:
        tried.update((bound, bound + max(step, abs(bound) * 0.01), bound - max(step, abs(bound) * 0.01), bound * 3))
    low, high = max(metric.least, metric.plausible[0]), min(metric.most, metric.plausible[1])
    whole = (round(value) if metric.kind in ("count", "flag") else value for value in tried if np.isfinite(value))
    return sorted({float(value) for value in whole if low <= value <= high}) or [1.0]


def _entries(metric: Metric, bounds: set[float], words: list[str]) -> st.SearchStrategy[Any]:
    """Give facts of a metric as people write them: missing, plain, by year with holes, from two sources, and wrong."""
    bad = st.sampled_from(["unsaid", -5.0, "5 parsecs", 72.0, 1e30, {"series": {"24": 1.0}}])
    if metric.is_text:
        labels = list(metric.options) or words or ["another"]
        good: st.SearchStrategy[Any] = st.sampled_from(labels)
        if metric.kind == "several":
            good = st.lists(good, unique=True, max_size=len(labels))
        return st.one_of(st.none(), good, good, good, bad)
    numbers = st.sampled_from(_numbers(metric, bounds))
    sources = st.tuples(numbers, numbers).map(
        lambda two: [{"value": two[0], "source": "a"}, {"value": two[1], "source": "b"}]
    )
    kinds = [st.none(), numbers, numbers, sources, bad]
    if metric.series:
        whole = st.fixed_dictionaries({str(year): numbers for year in YEARS})
        holed = st.dictionaries(st.sampled_from([str(year) for year in (*YEARS, AS_OF.year + 1)]), numbers, min_size=1)
        kinds += [st.builds(lambda by_year: {"series": by_year}, years) for years in (whole, whole, whole, holed)]
    return st.one_of(kinds)


_STRATEGIES: dict[str, st.SearchStrategy[dict[str, Any]]] = {}


def _facts(key: str) -> st.SearchStrategy[dict[str, Any]]:
    if key not in _STRATEGIES:
        one = edition(key)
        bounds, words = _bounds(one), _words_of(one)
        each = {name: _entries(metrics()[name], bounds[name], words.get(name, [])) for name in sorted(bounds)}
        _STRATEGIES[key] = st.fixed_dictionaries(each).map(
            lambda facts: {name: fact for name, fact in facts.items() if fact is not None}
        )
    return _STRATEGIES[key]


applications = st.sampled_from(APPLICATIONS)


def _states(verdict: Verdict) -> dict[str, State]:
    return {one.id: one.state for one in verdict.every()} | {"the whole": verdict.state}


# What a good thing is ------------------------------------------------------------------------------------------------


def _better(name: str) -> int:
    return {"higher": 1, "lower": -1, "neither": 0}[metrics()[name].better]


def _asks_for_more(points: Points) -> int:
    """Whether points rise (1) or fall (−1) with the quantity, 0 where they do neither."""
    if isinstance(points, PerUnit):
        return 1
    assert isinstance(points, Bands)
    worth = [*(band.points for band in points.bands), points.otherwise]
    upwards = points.bands[0].operator in (">=", ">")
    if worth == sorted(worth, reverse=True):
        return 1 if upwards else -1
    return -1 if upwards else 1


def _only_helps(criterion: Criterion, name: str) -> bool:
    """Whether all that a criterion (with its parts) asks of a metric is more of what is good."""
    for one in walk([criterion]):
        rule = one.rule
        if isinstance(rule, Cases) and name in metrics_of([case.when for case in rule.cases]):
            return False
        if name not in own_metrics(one):
            continue
        if any(name in quantity.over for quantity in quantities_of(one)):
            return False
        if isinstance(rule, Limit | Lattice | Membership):
            return False
        if isinstance(rule, Threshold) and {">": 1, "<": -1, "=": 0}[rule.operator[0]] != _better(name):
            return False
        if isinstance(rule, Score) and rule.operator[0] != ">":
            return False
        if isinstance(rule, Levels | Manual | Checklist) and _better(name) != 1 and not points_of(one):
            return False
        for points in points_of(one):
            if isinstance(points, Bands | PerUnit) and name in points.quantity.metrics:
                if _asks_for_more(points) != _better(name):
                    return False
            elif isinstance(points, GivenPoints) and points.metric == name and _better(name) == -1:
                return False
    return True


def _with_more(metric: Metric, entry: Any, amount: float) -> Any:
    """Give a fact with more of what is good: of its value, or of its last year, from each source."""
    if isinstance(entry, list):
        return [_with_more(metric, claim, amount) for claim in entry]
    if isinstance(entry, dict) and "series" in entry:
        last = str(AS_OF.year - 1)
        raised = {last: _raised(metric, entry["series"][last], amount)} if last in entry["series"] else {}
        return {**entry, "series": {**entry["series"], **raised}}
    if isinstance(entry, dict):
        return {**entry, "value": _raised(metric, entry["value"], amount)}
    return _raised(metric, entry, amount) if isinstance(entry, float) else entry


def _raised(metric: Metric, value: float, amount: float) -> float:
    more = value + _better(metric.id) * max(1.0, abs(value)) * amount
    low, high = max(metric.least, metric.plausible[0]), min(metric.most, metric.plausible[1])
    more = float(np.clip(more, low, high))
    return float(round(more)) if metric.kind in ("count", "flag") else more


@every_edition
@few
@given(data=st.data())
def test_more_of_a_good_thing_never_turns_met_into_unmet(key: str, data: st.DataObject) -> None:
    one, facts = edition(key), data.draw(_facts(key))
    # A value that is no fact would become one.
    good = [
        name
        for name in sorted(facts)
        if _better(name) and not parse_facts({name: facts[name]}).findings and not metrics()[name].is_text
    ]
    if not good:
        return
    name = data.draw(st.sampled_from(good))
    more = {**facts, name: _with_more(metrics()[name], facts[name], data.draw(st.sampled_from([0.01, 0.3, 2.0])))}
    application = data.draw(applications)
    before, after = (judge(one, these, AS_OF, application) for these in (facts, more))
    for criterion in walk(one.criteria):
        if _only_helps(criterion, name):
            states = _states(before).get(criterion.id), _states(after).get(criterion.id)
            assert states != (State.MET, State.UNMET), f"{name} {facts[name]} -> {more[name]}: {criterion.id}"
    if all(_only_helps(criterion, name) for criterion in one.criteria):
        assert (before.state, after.state) != (State.MET, State.UNMET)


@every_edition
@few
@given(data=st.data())
def test_removing_a_fact_never_turns_unmet_or_unknown_into_met(key: str, data: st.DataObject) -> None:
    one, facts = edition(key), data.draw(_facts(key))
    if not facts:
        return
    name = data.draw(st.sampled_from(sorted(facts)))
    fewer = {other: fact for other, fact in facts.items() if other != name}
    entry = facts[name]
    if isinstance(entry, dict) and "series" in entry and metrics()[name].series and data.draw(st.booleans()):
        year = data.draw(st.sampled_from(sorted(entry["series"])))
        fewer[name] = {"series": {other: value for other, value in entry["series"].items() if other != year}}
    application = data.draw(applications)
    before, after = (_states(judge(one, these, AS_OF, application)) for these in (facts, fewer))
    for criterion, state in before.items():
        if state in (State.UNMET, State.UNKNOWN):
            assert after[criterion] is not State.MET, f"without {name}: {criterion}"


@every_edition
@few
@given(data=st.data())
def test_the_order_of_facts_does_not_matter(key: str, data: st.DataObject) -> None:
    one, facts = edition(key), data.draw(_facts(key))
    order = data.draw(st.permutations(sorted(facts)))
    shuffled = {name: facts[name][::-1] if isinstance(facts[name], list) else facts[name] for name in order}
    assert _states(judge(one, facts, AS_OF)) == _states(judge(one, shuffled, AS_OF))


@every_edition
@few
@given(data=st.data())
def test_the_order_of_criteria_and_of_their_parts_does_not_matter(key: str, data: st.DataObject) -> None:
    one, facts = edition(key), data.draw(_facts(key))
    turned = replace(one, criteria=tuple(_turned(criterion) for criterion in reversed(one.criteria)))
    assert _states(judge(one, facts, AS_OF)) == _states(judge(turned, facts, AS_OF))


def _turned(criterion: Criterion) -> Criterion:
    rule = criterion.rule
    if isinstance(rule, Together):
        return replace(criterion, rule=replace(rule, criteria=tuple(_turned(part) for part in reversed(rule.criteria))))
    if isinstance(rule, Score):
        return replace(criterion, rule=replace(rule, points=_turned_points(rule.points)))
    if isinstance(rule, Levels) and not isinstance(rule.of, Quantity):
        return replace(criterion, rule=replace(rule, of=_turned_points(rule.of)))
    if isinstance(rule, Checklist):
        return replace(criterion, rule=replace(rule, items=rule.items[::-1]))
    return criterion


def _turned_points(points: Points) -> Points:
    if isinstance(points, Tree):
        return replace(
            points, parts=tuple(replace(part, points=_turned_points(part.points)) for part in reversed(points.parts))
        )
    return replace(points, parts=points.parts[::-1]) if isinstance(points, BestOf) else points


# Completions ---------------------------------------------------------------------------------------------------------


def _completed(one: Edition, columns: FactColumns, random: np.random.Generator, size: int) -> FactColumns:
    """Give the columns of one subject with everything that is open filled in at random, `size` times over."""
    filled = FactColumns(size, columns.last_year)
    bounds, words = _bounds(one), _words_of(one)
    for name in sorted(bounds):
        metric = metrics()[name]
        if metric.kind == "several":
            filled.options[name] = {
                option: _drawn(columns.option(name, option), random, size, whole=True) for option in metric.options
            }
        elif metric.is_text:
            word = columns.word(name)
            known = word.labels[word.position[0]] if word.position[0] >= 0 else None
            labels = list(metric.options) or words.get(name, ["another"])
            filled.words[name] = Words.of([known or str(random.choice(labels)) for _ in range(size)])
        else:
            tried = np.array(_numbers(metric, bounds[name]))
            filled.numbers[name] = {
                year: _drawn(
                    columns.number(name, year), random, size, whole=metric.kind in ("count", "flag"), tried=tried
                )
                for year in YEARS
            }
    return filled


def _drawn(
    open_: Interval, random: np.random.Generator, size: int, *, whole: bool, tried: np.ndarray | None = None
) -> Interval:
    if open_.known[0]:
        return Interval(np.full(size, open_.lo[0]), np.full(size, open_.hi[0]))
    low, high = open_.lo[0], open_.hi[0]
    fit = np.array([]) if tried is None else tried[(tried >= low) & (tried <= high)]
    inner = random.uniform(low if np.isfinite(low) else -1e9, high if np.isfinite(high) else max(low, 0.0) + 1e9, size)
    values = np.where(random.random(size) < 0.7, random.choice(fit, size), inner) if fit.size else inner
    values = np.clip(np.round(values) if whole else values, low, high)
    return Interval(values, values)


@every_edition
@few
@given(data=st.data())
def test_what_is_met_or_unmet_stays_so_however_unknown_facts_turn_out(key: str, data: st.DataObject) -> None:
    one, facts, application = edition(key), data.draw(_facts(key)), data.draw(applications)
    columns, _ = assemble(parse_facts(facts), AS_OF)
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    completed = judge_many(one, _completed(one, columns, random, 24), AS_OF, application)
    verdict = judge(one, facts, AS_OF, application)
    states = _states(verdict)
    for name, codes in {**_codes(completed.outcomes), "the whole": completed.states}.items():
        if states[name] in (State.MET, State.UNMET, State.NOT_APPLICABLE):
            assert set(states_of(codes)) == {states[name]}, name


def _codes(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for outcome in outcomes:
        found[outcome.criterion.id] = outcome.states
        found.update(_codes(outcome.parts))
    return found


@every_edition
@few
@given(data=st.data())
def test_a_criterion_that_facts_can_decide_is_known_once_all_facts_are(key: str, data: st.DataObject) -> None:
    """Only the rule's own unknown numbers, people, and quotients by zero leave anything open then."""
    one = edition(key)
    empty = FactColumns(1, AS_OF.year - 1)
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    judged = judge_many(one, _completed(one, empty, random, 24), AS_OF)
    for outcome in judged.outcomes:
        rule = outcome.criterion.rule
        if isinstance(rule, Threshold) and not rule.quantity.over and rule.quantity.take != "growth":
            known = outcome.bound is not None and bool(outcome.bound.known.all())
            assert not known or State.UNKNOWN not in states_of(outcome.states), outcome.criterion.id


# One and many, snapshots ---------------------------------------------------------------------------------------------


@every_edition
@few
@given(data=st.data())
def test_many_subjects_at_once_have_the_verdicts_of_each_alone(key: str, data: st.DataObject) -> None:
    one, application = edition(key), data.draw(applications)
    subjects = [data.draw(_facts(key)) for _ in range(3)]
    together = _stacked([assemble(parse_facts(facts), AS_OF)[0] for facts in subjects])
    many = judge_many(one, together, AS_OF, application)
    codes = {**_codes(many.outcomes), "the whole": many.states}
    for at, facts in enumerate(subjects):
        alone = _states(judge(one, facts, AS_OF, application))
        assert {name: states_of(state)[at] for name, state in codes.items()} == alone


def _stacked(each: list[FactColumns]) -> FactColumns:
    whole = FactColumns(len(each), each[0].last_year)
    for name in {name for columns in each for name in columns.numbers}:
        years = {year for columns in each for year in columns.numbers.get(name, {})} | {whole.last_year}
        whole.numbers[name] = {
            year: _joined([columns.number(name, year) for columns in each]) for year in years if year is not None
        }
    for name in {name for columns in each for name in columns.words}:
        words = [columns.word(name) for columns in each]
        whole.words[name] = Words.of([word.labels[p] if (p := word.position[0]) >= 0 else None for word in words])
    for name in {name for columns in each for name in columns.options}:
        whole.options[name] = {
            option: _joined([columns.option(name, option) for columns in each]) for option in metrics()[name].options
        }
    return whole


def _joined(parts: list[Interval]) -> Interval:
    return Interval(np.concatenate([part.lo for part in parts]), np.concatenate([part.hi for part in parts]))


@every_edition
@few
@given(data=st.data())
def test_a_verdict_judged_again_from_its_snapshot_is_the_same(key: str, data: st.DataObject) -> None:
    facts, application = data.draw(_facts(key)), data.draw(applications)
    verdict = judge(edition(key), facts, AS_OF, application)
    kept = json.loads(json.dumps(verdict.snapshot, ensure_ascii=False))
    again = judge(edition_of(kept), facts, AS_OF, application)
    assert again.as_data() == verdict.as_data()


@every_edition
@few
@given(data=st.data())
def test_a_verdict_is_plain_json(key: str, data: st.DataObject) -> None:
    told = judge(edition(key), data.draw(_facts(key)), AS_OF, data.draw(applications)).as_data()
    assert json.loads(json.dumps(told, ensure_ascii=False, allow_nan=False)) == told
