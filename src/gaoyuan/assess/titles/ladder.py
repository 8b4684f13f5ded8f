"""The ladder of enterprise titles: what each firm holds, what it qualifies for, and what is one criterion away."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from gaoyuan.assess.facts.known import known_facts
from gaoyuan.assess.facts.rows import is_own_source, subject_kind
from gaoyuan.assess.facts.title_holders import read_grants
from gaoyuan.assess.logic.states import MANUAL, MET, NOT_APPLICABLE, UNKNOWN, UNMET, Codes, Flags
from gaoyuan.assess.places import holds_in, place_of
from gaoyuan.assess.rules.model import Edition
from gaoyuan.assess.rules.rulebook import as_date, edition
from gaoyuan.assess.titles.firms import Firms, enterprise_columns, read_firms
from gaoyuan.assess.verdicts.judging import Judgements, judge, judge_many
from gaoyuan.assess.verdicts.verdict import Verdict
from gaoyuan.codes import title
from gaoyuan.errors import NotFound
from gaoyuan.registry import match_titles
from gaoyuan.workspace import SCHEMAS, Workspace

LADDER: Mapping[str, str] = {
    "hightech_firm": "cn-hightech-firm",
    "innovative_sme": "cn-innovative-sme",
    "srdi_sme": "cn-srdi-sme",
    "little_giant": "cn-little-giant",
    "single_champion": "cn-single-champion",
    "gazelle": "sd-gazelle",
}
"""The rule of each title, from the feeder to the top."""

Standing = Literal["holds", "qualifies", "for_review", "one_away", "one_unknown", "further", "unknown", "not_here"]
STANDINGS: Mapping[Standing, tuple[str, str]] = {
    "holds": ("已获", "holds it"),
    "qualifies": ("符合", "qualifies"),
    "for_review": ("待评审", "only judgements are open"),
    "one_away": ("差一条", "one criterion away"),
    "one_unknown": ("缺一条事实", "one criterion is unknown"),
    "further": ("差多条", "further away"),
    "unknown": ("未知", "not known"),
    "not_here": ("不适用", "not for this firm"),
}
"""How a firm stands to a title, in both languages. One away: a single criterion is unmet and none is unknown."""
_KEPT: tuple[Standing, ...] = ("holds", "qualifies", "for_review", "one_away", "one_unknown")
_AT_ONCE = 200_000
_NAMES = tuple(STANDINGS)
_SCHEMA = pa.schema([column for column in SCHEMAS["title_standing"].arrow if column.name != "run"])


@dataclass(frozen=True, slots=True)
class Rung:
    """A title of the ladder with its rule, and how many firms stand how to it."""

    title: str
    zh: str
    rule: str
    standings: Mapping[Standing, int]


@dataclass(frozen=True, slots=True)
class LadderResult:
    """How the firms of a workspace stand to each title."""

    firms: int
    as_of: dt.date
    rungs: tuple[Rung, ...]

    def __str__(self) -> str:
        lines = [f"{self.firms:,} 家企业 firms, 评估日 as of {self.as_of}"]
        for rung in self.rungs:
            counts = "，".join(f"{STANDINGS[name][0]} {count:,}" for name, count in rung.standings.items() if count)
            lines.append(f"  {rung.zh} {rung.title} ({rung.rule})：{counts}")
        return "\n".join(lines)


def climb(workspace: Workspace, as_of: dt.date | str | None = None) -> LadderResult:
    """Judge every enterprise by the rules of all titles, and write the table `title_standing`.

    The table has the firms that hold a title, qualify for it, or are one criterion away; the others are counted.
    Raises StepMissing before `observe`, ResultsOutdated where the register has changed since.
    """
    day = as_date(as_of) if as_of is not None else dt.date.today()
    workspace.require_current("enterprise")
    match_titles(workspace)
    rules = ladder_rules(day)
    reads = [name for name in ("register", "enterprise", "title", "fact") if workspace.has(name)]
    counts: dict[str, Counter[Standing]] = {name: Counter() for name in rules}
    editions = {name: rule.sha256 for name, rule in rules.items()}
    with workspace.run("titles", {"as_of": day.isoformat(), "rules": editions}, reads=reads) as run:
        firms = read_firms(workspace, day)
        batches = _standings(firms, rules, day, counts)
        workspace.write("title_standing", pa.RecordBatchReader.from_batches(_SCHEMA, batches), run)
    rungs = tuple(
        Rung(name, title(name).zh, rule.key, {standing: counts[name][standing] for standing in STANDINGS})
        for name, rule in rules.items()
    )
    return LadderResult(len(firms.id), day, rungs)


@dataclass(frozen=True, slots=True)
class OwnRung:
    """How one firm stands to a title, and the verdict under the title's rule."""

    title: str
    zh: str
    standing: Standing
    verdict: Verdict


def ladder_of(workspace: Workspace, enterprise: str, as_of: dt.date | str | None = None) -> tuple[OwnRung, ...]:
    """Give how one enterprise, by its id or credit code, stands to every title of the ladder, as `climb` has it.

    Raises NotFound for an enterprise of which the workspace knows nothing, ResultsOutdated as `climb` does.
    """
    day = as_date(as_of) if as_of is not None else dt.date.today()
    if subject_kind(enterprise) != "enterprise":
        raise NotFound(
            f"{enterprise!r} is no enterprise",
            where=str(workspace.path),
            mend="Name a credit code or an enterprise_id of the table register.",
            zh=f"没有标识为 {enterprise!r} 的企业",
            mend_zh="写统一社会信用代码，或表 register 的 enterprise_id",
        )
    match_titles(workspace)
    facts, grants = known_facts(workspace, enterprise, day), read_grants(workspace, day)
    ids, counties = (np.array([one], dtype=object) for one in (enterprise, place_of(workspace, enterprise)))
    given = np.array([any(not is_own_source(one.source) for name in facts for one in facts.of(name))])
    rungs: list[OwnRung] = []
    for name, rule in ladder_rules(day).items():
        verdict = judge(rule, facts, day, subject=enterprise)
        states = [one.state.code for one in verdict.criteria.values() if one.hard]
        at = _standing(
            _without_exceptions(np.array(states, dtype=np.int8)[:, np.newaxis]),
            grants.held(name, ids),
            grants.open(name, ids),
            _in_region(rule, counties),
            given,
        )
        rungs.append(OwnRung(name, title(name).zh, _NAMES[int(at[0])], verdict))
    return tuple(rungs)


def ladder_rules(day: dt.date) -> dict[str, Edition]:
    """Give the edition of each title's rule that is in force on a day."""
    return {name: edition(rule, day) for name, rule in LADDER.items()}


def _standings(
    firms: Firms, rules: Mapping[str, Edition], day: dt.date, counts: Mapping[str, Counter[Standing]]
) -> Iterator[pa.RecordBatch]:
    forms = firms.facts.loc[~firms.facts["source"].map(is_own_source).astype(bool), "subject"].unique()
    for begin in range(0, len(firms.id), _AT_ONCE):
        end = min(begin + _AT_ONCE, len(firms.id))
        columns = enterprise_columns(firms, begin, end, day)
        for name, rule in rules.items():
            judged = judge_many(rule, columns, day)
            held, open_ = (ask(name, firms.id[begin:end]) for ask in (firms.grants.held, firms.grants.open))
            here = _in_region(rule, firms.county[begin:end])
            given = pd.Index(firms.id[begin:end]).isin(forms)
            standing = _standing(_hard(judged), held, open_, here, given)
            found = np.bincount(standing, minlength=len(_NAMES))
            counts[name].update({_NAMES[at]: int(count) for at, count in enumerate(found)})
            yield _batch(firms, begin, name, rule, judged, standing)


def _standing(states: Codes, held: Flags, open_: Flags, here: Flags, given: Flags) -> npt.NDArray[np.int64]:
    """Give how firms (n) stand by the states (criteria, n) of the criteria that a title hangs on.

    Of those that are `open_` the lists leave open whether they hold the title, so their standing is not known. `given`
    are those of which somebody gave facts: where all is unknown, no single fact is what lacks.
    """
    unmet, unknown, manual = ((states == code).sum(axis=0) for code in (UNMET, UNKNOWN, MANUAL))
    ordered: tuple[tuple[Standing, Flags], ...] = (
        ("holds", held),
        ("unknown", open_),
        ("not_here", ~here),
        ("one_away", (unmet == 1) & (unknown == 0)),
        ("further", unmet > 0),
        ("one_unknown", (unknown == 1) & given),
        ("unknown", unknown > 0),
        ("for_review", manual > 0),
    )
    at = [_NAMES.index(name) for name, _ in ordered]
    return np.select([chosen for _, chosen in ordered], at, default=_NAMES.index("qualifies"))


def _batch(
    firms: Firms, begin: int, name: str, rule: Edition, judged: Judgements, standing: npt.NDArray[np.int64]
) -> pa.RecordBatch:
    kept = np.flatnonzero(np.isin(standing, [_NAMES.index(one) for one in _KEPT]))
    states = _hard(judged)[:, kept]
    labels = np.array([outcome.criterion.id for outcome in judged.outcomes if outcome.criterion.hard], dtype=object)
    nearest = [
        next((str(labels[row]) for code in (UNMET, UNKNOWN) for row in np.flatnonzero(column == code)), None)
        for column in states.T
    ]
    own = standing[kept]
    away = np.isin(own, [_NAMES.index("one_away"), _NAMES.index("one_unknown")])
    columns = {
        "enterprise_id": pa.array(firms.id[begin + kept], pa.string()),
        "name": pa.array(firms.name[begin + kept], pa.string()),
        "county": pa.array(firms.county[begin + kept], pa.string()),
        "title": pa.repeat(pa.scalar(name), kept.size),
        "rule": pa.repeat(pa.scalar(rule.key), kept.size),
        "standing": pa.array([_NAMES[at] for at in own.tolist()], pa.string()),
        "criterion": pa.array(
            [one if is_away else None for one, is_away in zip(nearest, away, strict=True)], pa.string()
        ),
        "met": pa.array((states == MET).sum(axis=0), pa.int64()),
        "unmet": pa.array((states == UNMET).sum(axis=0), pa.int64()),
        "unknown": pa.array((states == UNKNOWN).sum(axis=0), pa.int64()),
        "manual_review": pa.array((states == MANUAL).sum(axis=0), pa.int64()),
    }
    return pa.RecordBatch.from_pydict(columns, schema=_SCHEMA)


def _hard(judged: Judgements) -> Codes:
    """Give the states (criteria, n) of the criteria that a title hangs on."""
    return _without_exceptions(np.stack([one.states for one in judged.outcomes if one.criterion.hard]))


def _without_exceptions(states: Codes) -> Codes:
    """What does not apply stands in nobody's way."""
    return np.where(states == NOT_APPLICABLE, MET, states).astype(np.int8)


def _in_region(rule: Edition, county: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Whether firms are where the rule holds; one whose county is unknown is not left out."""
    position, codes = pd.factorize(county)
    # The last one is that of the firms whose county is unknown.
    return np.array([*(holds_in(rule, str(code)) for code in codes), True])[position]
