"""Small contests, held through the same calls as real ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gaoyuan.assess.contest import Contest, Definition, SealedSheet, definition_from, read_definition, seal
from gaoyuan.assess.contest.definition import RoundName
from gaoyuan.assess.contest.panel import assigned, duty

EXAMPLE = Path(__file__).parents[3] / "examples" / "contest.yaml"
CHINA = dt.timezone(dt.timedelta(hours=8))
COUNTIES = {
    "A1": "530101",
    "A2": "530102",
    "A3": "530103",
    "B1": "530104",
    "B2": "530105",
    "C1": "530106",
    "C2": "530107",
}
GROUPS = {"A": "equipment", "B": "materials", "C": "counties"}

Level = Callable[[str, str, RoundName], int]
"""Tenths of a point that a judge takes off each criterion of an entrant in a round."""


class Watch:
    """A clock that stands where it is put, and goes on by a second with each look."""

    def __init__(self, start: dt.datetime) -> None:
        self.now = start

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now

    def after(self, contest: Contest, deadline: str) -> None:
        """Go to the minute after a deadline."""
        self.now = contest.state.deadlines[deadline] + dt.timedelta(minutes=1)  # pyright: ignore[reportArgumentType]


@pytest.fixture
def watch() -> Watch:
    return Watch(dt.datetime(2027, 3, 1, 9, tzinfo=CHINA))


@pytest.fixture
def definition() -> Definition:
    return read_definition(EXAMPLE)


@pytest.fixture
def changed() -> Callable[..., Definition]:
    """The example's definition with some parts replaced."""

    def change(**parts: object) -> Definition:
        return definition_from({**read_definition(EXAMPLE).source, **parts})  # pyright: ignore[reportArgumentType]

    return change


@pytest.fixture
def begun(watch: Watch) -> Callable[[Definition], Contest]:
    def begin(definition: Definition) -> Contest:
        return Contest.new(definition, actor="office", clock=watch)

    return begin


def fill(contest: Contest) -> Contest:
    """Enter seven clusters in three groups and register four judges for everything; entries are open afterwards."""
    contest.advance()
    for name, county in COUNTIES.items():
        contest.enter(
            name, f"集群 {name}", group=GROUPS[name[0]], organisations=[f"促进中心 {name}"], counties=[county]
        )
    for judge in ("J1", "J2", "J3", "J4"):
        contest.register_judge(
            judge,
            f"评委 {judge}",
            organisations=[f"大学 {judge}"],
            groups=list(GROUPS.values()),
            finals=["advanced", "featured"],
        )
    return contest


def scores_of(contest: Contest, judge: str, level: Level) -> dict[str, dict[str, str]]:
    """The sheet that a judge fills: the maximum of each criterion less the level's tenths."""
    state = contest.state
    name = state.scoring_round
    assert name is not None
    found = {}
    for entrant in duty(state, name, state.judges[judge]):
        tenths = level(judge, entrant.id, name)
        found[entrant.id] = {leaf.id: _points(leaf.maximum, tenths) for leaf in state.definition.leaves}
    return found


def _points(maximum: object, tenths: int) -> str:
    whole = int(str(maximum)) * 10 - tenths
    return f"{whole // 10}.{whole % 10}" if whole % 10 else str(whole // 10)


def sealed(contest: Contest, level: Level, of: str = "") -> list[SealedSheet]:
    """Every judge of the round seals a sheet, of this contest unless another is named."""
    state = contest.state
    name = state.scoring_round
    assert name is not None
    sheets = [
        seal(of or state.id, name, judge.id, scores_of(contest, judge.id, level), nonce=f"{at:064x}")
        for at, judge in enumerate(assigned(state, name))
    ]
    for sheet in sheets:
        contest.seal(sheet)
    return sheets


def score(contest: Contest, level: Level) -> None:
    """Seal and open the round's sheets."""
    for sheet in sealed(contest, level):
        contest.reveal(sheet)
    contest.advance()


ORDER: Mapping[str, int] = {"A1": 1, "A2": 3, "A3": 5, "B1": 2, "B2": 4, "C1": 1, "C2": 6}
"""The tenths that a fair judge takes off each cluster: A1 is best."""
STRICT: Mapping[str, int] = {"J1": 0, "J2": 2, "J3": 4, "J4": 6}


def fair(judge: str, entrant: str, round_name: RoundName) -> int:
    return ORDER[entrant] + STRICT[judge]


def to_group_scoring(contest: Contest, watch: Watch) -> Contest:
    fill(contest)
    watch.after(contest, "entries")
    contest.advance()
    contest.advance()
    return contest


def to_final_scoring(contest: Contest, watch: Watch, level: Level = fair) -> Contest:
    to_group_scoring(contest, watch)
    score(contest, level)
    if "group_appeals" in contest.state.deadlines:
        watch.after(contest, "group_appeals")
    contest.advance()
    return contest


def to_appeals(contest: Contest, watch: Watch, level: Level = fair) -> Contest:
    to_final_scoring(contest, watch, level)
    score(contest, level)
    contest.advance()
    contest.advance()
    return contest


def to_the_end(contest: Contest, watch: Watch, level: Level = fair) -> Contest:
    to_appeals(contest, watch, level)
    watch.after(contest, "appeals")
    contest.advance()
    return contest


class Play:
    """The functions above, for tests: `play.fill(contest)`, `play.to_appeals(contest, watch)`."""

    fill = staticmethod(fill)
    scores_of = staticmethod(scores_of)
    sealed = staticmethod(sealed)
    score = staticmethod(score)
    fair = staticmethod(fair)
    to_group_scoring = staticmethod(to_group_scoring)
    to_final_scoring = staticmethod(to_final_scoring)
    to_appeals = staticmethod(to_appeals)
    to_the_end = staticmethod(to_the_end)


@pytest.fixture
def play() -> type[Play]:
    return Play
