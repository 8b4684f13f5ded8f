"""Which facts are worth collecting first: those through which a verdict can still change, alone or with few others.

Under interval logic a verdict changes through unknown facts only if they turn out to have values for which a criterion
comes out otherwise. For each criterion the smallest sets of unknown facts are looked for that can change its state,
trying the values at which its rule turns; a fact belongs to a set where the set without it would not do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np

from gaoyuan.assess.diagnosis.dials import Dial, Situation, Turns, display_step, rows_of
from gaoyuan.assess.diagnosis.plan import FactWorth
from gaoyuan.assess.diagnosis.turning_points import numbers_held_against
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.parsing import Value
from gaoyuan.assess.logic.states import MANUAL, MET, NOT_APPLICABLE, UNKNOWN, UNMET, Codes
from gaoyuan.assess.rules.model import (
    Criterion,
    Lattice,
    Limit,
    Membership,
)
from gaoyuan.assess.rules.walk import metrics_of, own_metrics, quantities_of, walk
from gaoyuan.assess.verdicts.evaluating import evaluate, window

_ROWS = 6000
"""At most so many completions of sets of one size are tried for a criterion; above that sets are shrunk greedily."""
_VALUES = 9


@dataclass(frozen=True, slots=True)
class UnknownFact:
    """A fact that is missing or disputed in some years (none where it is not asked by year)."""

    metric: str
    years: tuple[int, ...]
    why: str


@dataclass(slots=True)
class _Found:
    """The smallest sets through which a fact can bring a criterion to each state, and whether they are surely that."""

    sizes: dict[int, int] = field(default_factory=dict)
    exact: dict[int, bool] = field(default_factory=dict)

    def note(self, state: int, size: int, *, exact: bool) -> None:
        if size < self.sizes.get(state, size + 1):
            self.sizes[state], self.exact[state] = size, exact


@dataclass(frozen=True, slots=True)
class _Criterion:
    """A criterion with its present state and what each unknown fact can do to it."""

    criterion: Criterion
    state: int
    found: Mapping[str, _Found]


def worth_of_facts(criteria: Sequence[Criterion], situation: Situation, whole: int) -> tuple[FactWorth, ...]:
    """Give the worth of every unknown fact for a verdict of which the whole is in a state (code), best first."""
    unknown = unknown_facts(criteria, situation)
    each = [_explored(criterion, unknown, situation) for criterion in criteria]
    each = [one for one in each if one.state != NOT_APPLICABLE]
    worths = [_worth(fact, each, whole) for fact in unknown.values()]
    order = {worth.metric: at for at, worth in enumerate(worths)}
    return tuple(
        sorted(
            worths,
            key=lambda worth: (
                worth.for_verdict or 10**6,
                worth.for_criteria or 10**6,
                -len(worth.criteria),
                order[worth.metric],
            ),
        )
    )


def unknown_facts(criteria: Iterable[Criterion], situation: Situation) -> dict[str, UnknownFact]:
    """Give the facts that criteria ask for and that are missing or disputed, by metric."""
    asked: dict[str, set[int]] = {}
    last = situation.columns.last_year
    for criterion in walk(criteria):
        if situation.how.application not in criterion.applications:
            continue
        by_quantity = {
            name: set(window(quantity, situation.how))
            for quantity in quantities_of(criterion)
            for name in (*quantity.metrics, *quantity.over)
        }
        for quantity in quantities_of(criterion):
            for name in (*quantity.metrics, *quantity.over):
                by_quantity[name] |= set(window(quantity, situation.how))
        for name in sorted(own_metrics(criterion)):
            asked.setdefault(name, set()).update(by_quantity.get(name, {last}))
    found = {name: _unknown(metrics()[name], years, situation) for name, years in asked.items()}
    return {name: fact for name, fact in found.items() if fact is not None}


def _unknown(metric: Metric, years: set[int], situation: Situation) -> UnknownFact | None:
    columns = situation.columns
    given = bool(situation.facts.of(metric.id))
    if metric.kind == "several":
        known = [columns.option(metric.id, option).known[0] for option in metric.options]
        return None if all(known) else UnknownFact(metric.id, (), "disputed" if given else "missing")
    if metric.is_text:
        known_word = columns.word(metric.id).position[0] >= 0
        return None if known_word else UnknownFact(metric.id, (), "disputed" if given else "missing")
    open_ = sorted(year for year in years if not columns.number(metric.id, year).known[0])
    if not open_:
        return None
    said = columns.numbers.get(metric.id, {})
    missing = [year for year in open_ if year not in said and not (year == columns.last_year and None in said)]
    by_year = metric.series or len(years) > 1
    return UnknownFact(metric.id, tuple(open_) if by_year else (), "missing" if missing else "disputed")


# What a criterion can become -----------------------------------------------------------------------------------------


def _explored(criterion: Criterion, unknown: Mapping[str, UnknownFact], situation: Situation) -> _Criterion:
    own = [unknown[name] for name in sorted(metrics_of([criterion]) & set(unknown))]
    now = int(evaluate([criterion], situation.columns, situation.how)[0].states[0])
    found = {fact.metric: _Found() for fact in own}
    if now in (UNKNOWN, MANUAL) or (now == UNMET and not criterion.hard):
        values = {fact.metric: _completions(fact, criterion, situation) for fact in own}
        done = _by_size(criterion, values, now, found, situation)
        if not done:
            _by_shrinking(criterion, values, now, found, situation)
    return _Criterion(criterion, now, found)


def _by_size(
    criterion: Criterion,
    values: Mapping[str, list[Turns]],
    now: int,
    found: Mapping[str, _Found],
    situation: Situation,
) -> bool:
    """Try all sets of one fact, of two, and so on; give whether all sets were tried or every fact has its answer."""
    for size in range(1, len(values) + 1):
        sets = list(combinations(values, size))
        corners = {name: turns if size == 1 else _corners(turns) for name, turns in values.items()}
        rows = sum(int(np.prod([len(corners[name]) for name in names])) for names in sets)
        if size > 1 and (rows > _ROWS):
            return False
        tried: list[tuple[tuple[str, ...], tuple[Turns, ...]]] = [
            (names, chosen) for names in sets for chosen in product(*(corners[name] for name in names))
        ]
        codes = _codes(criterion, [_joined(chosen) for _, chosen in tried], situation)
        changed = [
            (names, chosen, int(code)) for (names, chosen), code in zip(tried, codes, strict=True) if code != now
        ]
        _note_needed(criterion, changed, found, situation)
        if all(one.sizes for one in found.values()):
            # Each fact can change the state in a set of this size; larger sets add other states only.
            return size > 1 or all(_both_ways(one, now) for one in found.values())
    return True


def _note_needed(
    criterion: Criterion,
    changed: list[tuple[tuple[str, ...], tuple[Turns, ...], int]],
    found: Mapping[str, _Found],
    situation: Situation,
) -> None:
    """Note for each fact of a set that changes the state whether the set without it would give another one."""
    without = [
        (name, len(names), code, _joined(turns for other, turns in zip(names, chosen, strict=True) if other != name))
        for names, chosen, code in changed
        for name in names
        if found[name].sizes.get(code, len(names) + 1) > len(names)
    ]
    if not without:
        return
    codes = _codes(criterion, [rest for _, _, _, rest in without], situation)
    for (name, size, code, _), rest in zip(without, codes, strict=True):
        if rest != code:
            found[name].note(code, size, exact=True)


def _by_shrinking(
    criterion: Criterion,
    values: Mapping[str, list[Turns]],
    now: int,
    found: Mapping[str, _Found],
    situation: Situation,
) -> None:
    """From all facts at their worst or best, leave out what is not needed: sets that do, if not surely the smallest."""
    for end in (0, -1):
        corner = {name: _corners(turns)[end] for name, turns in values.items()}
        state = int(_codes(criterion, [_joined(corner.values())], situation)[0])
        if state == now:
            continue
        alone = _codes(criterion, [_joined([turns]) for turns in corner.values()], situation)
        order = [name for _, name in sorted(zip(alone.tolist(), corner, strict=True), key=lambda one: one[0])]
        for name in values:
            if state in found[name].sizes:
                continue
            kept = dict(corner)
            for other in [*(one for one in order if one != name), name]:
                fewer = {one: turns for one, turns in kept.items() if one != other}
                if _codes(criterion, [_joined(fewer.values())], situation)[0] == state:
                    kept = fewer
            if name in kept:
                found[name].note(state, len(kept), exact=False)


def _both_ways(found: _Found, now: int) -> bool:
    return now == UNKNOWN and {MET, UNMET} <= set(found.sizes)


def _codes(criterion: Criterion, each: list[Turns], situation: Situation) -> Codes:
    return evaluate([criterion], rows_of(situation.columns, each), situation.how)[0].states


def _joined(several: Iterable[Turns]) -> Turns:
    return {dial: value for turns in several for dial, value in turns.items()}


def _corners(completions: list[Turns]) -> list[Turns]:
    """Give the ends of what a fact can be, and of what has no order all of it that is tried."""
    first = next(iter(completions[0]))
    metric = metrics()[first.metric]
    if metric.is_text or metric.better == "neither":
        return completions
    return [completions[0], completions[-1]]


# The values that are tried -------------------------------------------------------------------------------------------


def _completions(fact: UnknownFact, criterion: Criterion, situation: Situation) -> list[Turns]:
    """Give values that an unknown fact may have: its ends, and those at which the criterion turns, worst first."""
    metric = metrics()[fact.metric]
    if metric.is_text:
        return [{Dial(metric.id): value} for value in _words(metric, criterion)]
    marks = sorted(numbers_held_against(metric.id, criterion, situation))
    years = [(year,) for year in fact.years] or [()]
    tried = [_values(metric, Dial(metric.id, year), marks, situation) for year in years]
    if len(years) > 1:
        tried = [[values[0], values[len(values) // 2], values[-1]] for values in tried]
    dials = [Dial(metric.id, year) for year in years]
    found = [dict(zip(dials, chosen, strict=True)) for chosen in list(product(*tried))[:243]]
    return found[::-1] if metric.better == "lower" else found  # type: ignore[return-value]


def _values(metric: Metric, dial: Dial, marks: list[float], situation: Situation) -> list[float]:
    known = situation.number(dial)
    far = 1e3 * max([1.0, *map(abs, marks)])
    low = max(float(known.lo[0]), -far if np.isinf(metric.plausible[0]) else metric.plausible[0])
    high = min(float(known.hi[0]), far if np.isinf(metric.plausible[1]) else metric.plausible[1])
    if low > high:
        low, high = float(known.lo[0]), float(known.hi[0])
    step = display_step(metric, max(map(abs, marks), default=1.0))
    near = [mark + shift for mark in marks for shift in (-step, 0.0, step)]
    if metric.kind in ("count", "flag"):
        near = [float(round(value)) for value in near]
    inner = sorted({value for value in near if low < value < high})
    if len(inner) > _VALUES:
        inner = [inner[at] for at in np.linspace(0, len(inner) - 1, _VALUES).astype(int)]
    return sorted({low, *inner, high})


def _words(metric: Metric, criterion: Criterion) -> list[Value]:
    if metric.kind == "several":
        return [(), *[(option,) for option in metric.options], tuple(sorted(metric.options))]
    named: dict[str, None] = dict.fromkeys(metric.options)
    for one in walk([criterion]):
        rule = one.rule
        if isinstance(rule, Membership) and rule.metric == metric.id:
            named.update(dict.fromkeys(rule.among))
        elif isinstance(rule, Lattice) and rule.sector == metric.id:
            named.update(dict.fromkeys(rule.bounds))
        elif isinstance(rule, Limit) and rule.named_by == metric.id:
            named.update(dict.fromkeys(rule.exceptions))
    return [*named, "—"] if not metric.options else [*named]


# From criteria to the whole ------------------------------------------------------------------------------------------


def _worth(fact: UnknownFact, each: list[_Criterion], whole: int) -> FactWorth:
    touching = [one for one in each if fact.metric in one.found and one.found[fact.metric].sizes]
    sizes = [
        (size, one.found[fact.metric].exact[state])
        for one in touching
        for state, size in one.found[fact.metric].sizes.items()
    ]
    for_criteria, sure = min(sizes, default=(None, True), key=lambda one: one[0] or 0)
    for_verdict, sure_of_whole = _for_whole(fact.metric, each, whole)
    metric = metrics()[fact.metric]
    names = tuple(one.criterion.id for one in touching)
    zh, en = _said(metric, fact, for_verdict, names, exact=sure_of_whole)
    return FactWorth(
        metric=metric.id,
        zh=metric.zh,
        en=metric.en,
        years=fact.years,
        why=fact.why,
        for_verdict=for_verdict,
        for_criteria=for_criteria,
        exact=sure_of_whole if for_verdict is not None else sure,
        criteria=names,
        text_zh=zh,
        text_en=en,
    )


def _for_whole(name: str, each: list[_Criterion], whole: int) -> tuple[int | None, bool]:
    """Give the smallest set through which a fact can change the state of the whole: by failing it, or by settling all
    that keeps it where it is.
    """
    if whole not in (UNKNOWN, MANUAL):
        return None, True
    ways: list[tuple[int, bool]] = []
    for one in each:
        found = one.found.get(name)
        if found is not None and one.criterion.hard and UNMET in found.sizes:
            ways.append((found.sizes[UNMET], found.exact[UNMET]))
    holding = [one for one in each if _as_whole(one.criterion, one.state) == whole]
    if any(name in one.found for one in holding):
        total, sure = 0, True
        for one in holding:
            own = _least_out(one, name, whole) or _least_out(one, None, whole)
            if own is None:
                break
            total, sure = total + own[0], sure and own[1]
        else:
            if any(_least_out(one, name, whole) for one in holding):
                # Facts that several criteria share are counted more than once.
                shared = len({other for one in holding for other in one.found}) < sum(len(one.found) for one in holding)
                ways.append((total, sure and not shared))
    return min(ways, default=(None, True), key=lambda one: one[0] or 0)


def _least_out(one: _Criterion, name: str | None, whole: int) -> tuple[int, bool] | None:
    """Give the smallest set that brings a criterion out of the state that holds the whole, without failing it."""
    found = [one.found[name]] if name is not None and name in one.found else []
    found = list(one.found.values()) if name is None else found
    ways = [
        (size, way.exact[state])
        for way in found
        for state, size in way.sizes.items()
        if _as_whole(one.criterion, state) > whole
    ]
    return min(ways, default=None)


def _as_whole(criterion: Criterion, state: int) -> int:
    """Give what a criterion's state is for the whole: a soft one that is not met asks for a judgement."""
    return MANUAL if state == UNMET and not criterion.hard else state


def _said(
    metric: Metric, fact: UnknownFact, for_verdict: int | None, criteria: tuple[str, ...], *, exact: bool
) -> tuple[str, str]:
    when_zh = f"（{'、'.join(map(str, fact.years))} 年）" if fact.years else ""
    when_en = f" ({', '.join(map(str, fact.years))})" if fact.years else ""
    why_zh = "来源不一致" if fact.why == "disputed" else "缺失"
    head_zh, head_en = f"{metric.zh}{when_zh}{why_zh}", f"{metric.en}{when_en} is {fact.why}"
    named_zh = f"（条款 {'、'.join(criteria)}）" if criteria else ""
    named_en = f" (criteria {', '.join(criteria)})" if criteria else ""
    if for_verdict == 1:
        return (
            f"{head_zh}：查清这一项就可能改变结论{named_zh}",
            f"{head_en}: it alone can change the verdict{named_en}",
        )
    if for_verdict is not None:
        least = "" if exact else "至多"
        return (
            f"{head_zh}：与其他 {for_verdict - 1} 项事实一起{least}可能改变结论{named_zh}",
            f"{head_en}: can change the verdict with {'' if exact else 'at most '}{for_verdict - 1} others{named_en}",
        )
    if criteria:
        return (
            f"{head_zh}：只影响条款 {'、'.join(criteria)}，已不能改变结论，就本结论不必收集",
            f"{head_en}: not worth collecting: can change criteria {', '.join(criteria)}, but not the verdict",
        )
    return (
        f"{head_zh}：无论取何值都不改变结论，不必为此收集",
        f"{head_en}: no value of it changes anything; not worth collecting for this verdict",
    )
