"""Who scores whom: assignments of judges, and exclusions for conflicts of interest (回避)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gaoyuan.assess.contest.definition import RoundName
from gaoyuan.assess.contest.severity import connected_parts
from gaoyuan.assess.contest.state import ContestState, Entrant, Judge, same_name

__all__ = [
    "Exclusion",
    "assigned",
    "conflict",
    "duty",
    "entrants_of",
    "exclusions",
    "judges_of",
    "panel_faults",
    "parts_of",
]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A judge who does not score an entrant, and why."""

    judge: str
    entrant: str
    reason: str


def conflict(state: ContestState, judge: Judge, entrant: Entrant) -> str | None:
    """Say why a judge may not score an entrant, or None.

    Declared interests always exclude; an equal organisation or county is found where the definition says so.
    """
    later = state.declared.get((judge.id, entrant.id))
    if later is not None:
        return f"申报 declared: {later}"
    if entrant.id in judge.conflict_entrants:
        return "申报：与该参赛单位有利害关系 declared: an interest in the entrant"
    for theirs, declared, own, found, what in (
        (
            entrant.organisations,
            judge.conflict_organisations,
            judge.organisations,
            state.definition.same_organisation,
            "单位 organisation",
        ),
        (entrant.counties, judge.conflict_counties, judge.counties, state.definition.same_county, "县区 county"),
    ):
        names = {same_name(name): name for name in theirs}
        for name in declared:
            if same_name(name) in names:
                return f"申报 declared: {what} {name}"
        if found:
            for name in own:
                if same_name(name) in names:
                    return f"查出 found: 同一{what} {name}"
    return None


def entrants_of(state: ContestState, round_name: RoundName, unit: str) -> list[Entrant]:
    """Give the entrants that are ranked in a group, or in a track's final, in the order of their ids."""
    if round_name == "group":
        found = [entrant for entrant in state.entrants.values() if entrant.group == unit and not entrant.withdrawn]
    else:
        found = [state.entrants[name] for name in state.finalists.get(unit, ())]
    return sorted((entrant for entrant in found if entrant.disqualified is None), key=lambda entrant: entrant.id)


def judges_of(state: ContestState, round_name: RoundName, unit: str) -> list[Judge]:
    """Give the judges assigned to a group or a final, in the order of their ids, without those set aside."""
    return sorted(
        (
            judge
            for judge in state.judges.values()
            if unit in (judge.groups if round_name == "group" else judge.finals)
            and judge.id not in state.set_aside[round_name]
        ),
        key=lambda judge: judge.id,
    )


def assigned(state: ContestState, round_name: RoundName) -> list[Judge]:
    """Give every judge who has entrants to score in a round, in the order of their ids."""
    return [
        judge
        for judge in sorted(state.judges.values(), key=lambda judge: judge.id)
        if judge.id not in state.set_aside[round_name] and next(duty(state, round_name, judge), None) is not None
    ]


def _under(state: ContestState, round_name: RoundName, judge: Judge) -> Iterator[Entrant]:
    for unit in judge.groups if round_name == "group" else judge.finals:
        for entrant in entrants_of(state, round_name, unit):
            if round_name == "final" or not judge.only or entrant.id in judge.only:
                yield entrant


def duty(state: ContestState, round_name: RoundName, judge: Judge) -> Iterator[Entrant]:
    """Give the entrants that a judge has to score in a round: the assigned ones without those of a conflict."""
    for entrant in _under(state, round_name, judge):
        if conflict(state, judge, entrant) is None:
            yield entrant


def exclusions(state: ContestState, round_name: RoundName) -> Iterator[Exclusion]:
    """Give the conflicts among the assignments of a round, by judge and entrant."""
    for judge in sorted(state.judges.values(), key=lambda judge: judge.id):
        for entrant in _under(state, round_name, judge):
            reason = conflict(state, judge, entrant)
            if reason is not None:
                yield Exclusion(judge.id, entrant.id, reason)


def _scorers(state: ContestState, round_name: RoundName, unit: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {entrant.id: [] for entrant in entrants_of(state, round_name, unit)}
    for judge in judges_of(state, round_name, unit):
        for entrant in duty(state, round_name, judge):
            if entrant.id in found:
                found[entrant.id].append(judge.id)
    return found


def parts_of(state: ContestState, round_name: RoundName, unit: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give the connected parts of a panel as assigned: severity is compared within a part only."""
    return connected_parts(_scorers(state, round_name, unit))


def panel_faults(state: ContestState, round_name: RoundName, *, size: bool = True) -> list[str]:
    """Say what the panels of a round lack: judges (unless not `size`), or scores of an entrant after the exclusions."""
    asked, found = state.definition.panels[round_name], []
    for unit in state.units(round_name):
        scorers = _scorers(state, round_name, unit)
        if not scorers:
            continue
        judges = len(judges_of(state, round_name, unit))
        if size and judges < asked.size:
            found.append(f"{unit}: 评委 {judges} 人，应有 {asked.size} 人 {judges} judges, {asked.size} asked for")
        found += [
            f"{unit} {entrant}: 回避后仅 {len(names)} 人评分，至少 {asked.min_scores} 人"
            f" only {len(names)} may score it after exclusions, {asked.min_scores} needed"
            for entrant, names in scorers.items()
            if len(names) < asked.min_scores
        ]
    return found
