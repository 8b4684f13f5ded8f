"""Standings of groups and finals, who advances, who gets which class, and what is left for the organiser to decide.

Matters to decide have names that the record and the command line use:

- ``advance:GROUP``: a shared place at the boundary of those who go to the final;
- ``class:TRACK:CLASS``: a shared place at the boundary of a class of results;
- ``few:ROUND:ENTRANT``: an entrant with fewer scores than needed: ranked all the same, or not ranked;
- ``finalists:TRACK``: an upheld appeal changes who would have gone to a final that has been held already;
- an appeal's own id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gaoyuan.assess.contest.definition import RoundName, Track
from gaoyuan.assess.contest.ranking import Allotment, Place, Straddling, allot, ranked
from gaoyuan.assess.contest.scoring import PanelScores, panel_scores
from gaoyuan.assess.contest.state import STAGES, ContestState

__all__ = ["Matter", "Standing", "advancing", "classes", "open_matters", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A group or final as it stands: places, and who is not ranked and why (too few scores)."""

    scores: PanelScores
    places: tuple[Place, ...]
    unranked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that the organiser has to decide before the contest goes on: between whom, and for how many places.

    `places` is None where the number does not matter.
    """

    name: str
    between: tuple[str, ...]
    places: int | None
    what: str


def standing(state: ContestState, round_name: RoundName, unit: str) -> Standing:
    """Rank a group or a final from its revealed sheets."""
    scores = panel_scores(state, round_name, unit)
    needed = state.definition.panels[round_name].min_scores
    few = {score.entrant for score in scores.entrants if len(score.totals) < needed} - _accepted(state, round_name)
    places = ranked(state.definition, [score for score in scores.entrants if score.entrant not in few])
    return Standing(scores, places, tuple(sorted(few | set(scores.unscored))))


def advancing(state: ContestState, group: str, held: Standing | None = None) -> Allotment:
    """Give who of a group goes to the final; the one class of places is called ``final``."""
    matter = f"advance:{group}"
    return allot(
        (held or standing(state, "group", group)).places,
        [("final", state.definition.track_of_group[group].advance)],
        lambda straddling: _chosen(state, matter, straddling),
    )


def classes(state: ContestState, track: Track, held: Standing | None = None) -> Allotment:
    """Give who of a track's final gets which class of results."""
    return allot(
        (held or standing(state, "final", track.id)).places,
        [(part.id, part.places) for part in track.classes],
        lambda straddling: _chosen(state, f"class:{track.id}:{straddling.name}", straddling),
    )


def open_matters(state: ContestState) -> tuple[Matter, ...]:
    """Give what waits for a decision, in a fixed order."""
    return tuple(_open(state))


def _open(state: ContestState) -> Iterator[Matter]:
    for appeal in state.appeals.values():
        if appeal.upheld is None:
            yield Matter(appeal.id, (appeal.entrant,), None, f"申诉 appeal of {appeal.entrant}: {appeal.reason}")
    if state.stage == "group_opened":
        for group in state.units("group"):
            held = standing(state, "group", group)
            yield from _few(state, "group", held.unranked)
            yield from _straddled(f"advance:{group}", advancing(state, group, held).open, "晋级 advance to the final")
    if STAGES.index(state.stage) >= STAGES.index("final_opened"):
        yield from _changed_finalists(state)
        for track in state.definition.tracks:
            held = standing(state, "final", track.id)
            yield from _few(state, "final", held.unranked)
            straddling = classes(state, track, held).open
            if straddling is not None:
                title = next(part.title for part in track.classes if part.id == straddling.name)
                yield from _straddled(f"class:{track.id}:{straddling.name}", straddling, str(title))


def _accepted(state: ContestState, round_name: RoundName) -> set[str]:
    start = f"few:{round_name}:"
    last = {decision.matter: decision.chosen for decision in state.decisions if decision.matter.startswith(start)}
    return {entrant for chosen in last.values() for entrant in chosen}


def _chosen(state: ContestState, matter: str, straddling: Straddling) -> Sequence[str] | None:
    decision = state.decided(matter, straddling.between)
    return None if decision is None else decision.chosen


def _few(state: ContestState, round_name: RoundName, unranked: Sequence[str]) -> Iterator[Matter]:
    needed = state.definition.panels[round_name].min_scores
    for entrant in unranked:
        matter = f"few:{round_name}:{entrant}"
        if state.decided(matter, (entrant,)) is None:
            what = f"{entrant} 的有效评分不足 {needed} 个 fewer than {needed} scores count: rank it all the same?"
            yield Matter(matter, (entrant,), None, what)


def _straddled(name: str, straddling: Straddling | None, what: str) -> Iterator[Matter]:
    if straddling is not None:
        names = ", ".join(straddling.between)
        yield Matter(
            name,
            straddling.between,
            straddling.places,
            f"{what}: 剩 {straddling.places} 个名额，并列 {len(straddling.between)} 家"
            f" {straddling.places} places left for {len(straddling.between)} who share a place: {names}",
        )


def _changed_finalists(state: ContestState) -> Iterator[Matter]:
    for track in state.definition.tracks:
        now: set[str] = set()
        for group in track.groups:
            allotted = advancing(state, group.id)
            now |= set(allotted.given["final"])
            if allotted.open is not None:
                now |= set(allotted.open.between) & set(state.finalists.get(track.id, ()))
        changed = tuple(sorted(now ^ set(state.finalists.get(track.id, ()))))
        matter = f"finalists:{track.id}"
        if changed and state.decided(matter, changed) is None:
            what = (
                "更正后小组赛晋级名单有变，综合赛已举行 corrections change who goes to the final, which has been held,"
                f" of {track.id}: {', '.join(changed)}"
            )
            yield Matter(matter, changed, None, what)
