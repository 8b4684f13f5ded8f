"""The result document: canonical JSON made from the record alone, with the record's head and its own hash.

Whoever has the record makes the same bytes again; whoever has the document can tell whether a record is the one it was
made from. It holds what the record has shown: of a round that has not been opened it has nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from gaoyuan.assess.contest.canonical import Json, canonical, decimal_text, parse, rounded, sha256, time_text
from gaoyuan.assess.contest.contest import replay
from gaoyuan.assess.contest.definition import RoundName
from gaoyuan.assess.contest.faults import RecordBroken
from gaoyuan.assess.contest.panel import exclusions
from gaoyuan.assess.contest.ranking import Place
from gaoyuan.assess.contest.record import Event, read_events
from gaoyuan.assess.contest.standings import Standing, advancing, classes, open_matters, standing
from gaoyuan.assess.contest.state import ROUNDS, ContestState

__all__ = ["result", "result_bytes", "verify_result"]

FORMAT = "gaoyuan-contest-result/1"


def result(state: ContestState) -> dict[str, Json]:
    """Give the result document of where a contest stands; scores are decimal strings, unknown ones null.

    `classes` says who got which class of results (pending ones apart), `rounds` gives places, scores before and after
    correction with standard errors, and each judge's severity; `findings` what limits them; `open` what is undecided;
    `rehearsal` whether nothing of it counts.
    """
    definition = state.definition
    document: dict[str, Json] = {
        "format": FORMAT,
        "contest": state.id,
        "rehearsal": state.rehearsal,
        "title": {"zh": state.title.zh, "en": state.title.en},
        "stage": state.stage,
        "record": {"events": state.events, "head": state.head, "at": time_text(state.at)},
        "definition": sha256(canonical(definition.source)),
        "scoring": {
            "correction": definition.correction,
            "trim": definition.trim,
            "decimals": definition.decimals,
            "ties": [str(breaker) for breaker in definition.ties],
        },
        "deadlines": {name: time_text(moment) for name, moment in state.deadlines.items()},
        "entrants": {
            entrant.id: {
                "name": entrant.name,
                "group": entrant.group,
                "withdrawn": entrant.withdrawn,
                "disqualified": entrant.disqualified,
            }
            for entrant in sorted(state.entrants.values(), key=lambda entrant: entrant.id)
        },
        "rounds": {name: _round(state, name) for name in ROUNDS if state.opened(name)},
        "finalists": {track: list(names) for track, names in sorted(state.finalists.items())},
        "classes": _classes(state),
        "open": [
            {"matter": matter.name, "between": list(matter.between), "places": matter.places}
            for matter in open_matters(state)
        ],
        "decisions": [
            {
                "event": decision.number,
                "matter": decision.matter,
                "between": list(decision.between),
                "chosen": list(decision.chosen),
                "reason": decision.reason,
            }
            for decision in state.decisions
        ],
        "appeals": [
            {
                "appeal": appeal.id,
                "entrant": appeal.entrant,
                "round": appeal.round,
                "at": time_text(appeal.at),
                "reason": appeal.reason,
                "upheld": appeal.upheld,
                "decision": appeal.decision,
                "corrections": list(appeal.corrections),
            }
            for appeal in state.appeals.values()
        ],
    }
    return document | {"hash": sha256(canonical(document))}


def result_bytes(record: bytes | Sequence[Event] | ContestState) -> bytes:
    """Give the result document's bytes from a record (or its replayed state): canonical JSON and a line's end."""
    state = record if isinstance(record, ContestState) else replay(record)
    return canonical(result(state)) + b"\n"


def verify_result(record: bytes, document: bytes) -> None:
    """Check that a result document is what the record gives, now or at the event at which it was made.

    Raises RecordBroken where the document's own hash is wrong, its head is not in the record (the record is another one
    or lacks lines at its end), or the record gives other results.
    """
    try:
        given = parse(document)
        if not isinstance(given, Mapping) or given.get("format") != FORMAT:
            raise ValueError(f"it is no {FORMAT}")
        named = given.get("record")
        head = named.get("head") if isinstance(named, Mapping) else None
        bare = {name: part for name, part in given.items() if name != "hash"}
        if given.get("hash") != sha256(canonical(bare)):
            raise ValueError("its contents do not give its hash")
    except ValueError as fault:
        raise RecordBroken(f"结果文件已被改动 the result document is changed: {fault}") from None
    events = read_events(record)
    at = next((event.number for event in events if event.hash == head), None)
    if at is None:
        raise RecordBroken(
            "结果文件所据的事件不在记录中 the record has no event with the document's head:"
            " it is another record, or lacks lines at its end"
        )
    if result_bytes(events[:at]) != document:
        raise RecordBroken("由记录重算的结果与文件不同 the record gives other results than the document")


def _round(state: ContestState, name: RoundName) -> Json:
    return {
        "units": {unit: _unit(state, name, standing(state, name, unit)) for unit in state.units(name)},
        "exclusions": [
            {"judge": one.judge, "entrant": one.entrant, "reason": one.reason} for one in exclusions(state, name)
        ],
        "set_aside": dict(sorted(state.set_aside[name].items())),
        "commitments": dict(sorted(state.commitments[name].items())),
        "void": [
            {"judge": judge, "entrant": entrant, "appeal": appeal}
            for (of, judge, entrant), appeal in sorted(state.void.items())
            if of == name
        ],
        "replaced": [
            {"judge": judge, "entrant": entrant} for of, judge, entrant in sorted(state.replaced) if of == name
        ],
    }


def _unit(state: ContestState, name: RoundName, held: Standing) -> Json:
    body: dict[str, Json] = {
        "places": [_place(state, place) for place in held.places],
        "unranked": list(held.unranked),
        "judges": [
            {
                "judge": reading.judge,
                "scores": reading.scores,
                "mean": _text(reading.mean),
                "severity": _text(reading.severity),
                "standard_error": _text(reading.standard_error),
                "part": reading.part,
            }
            for reading in held.scores.judges
        ],
        "parts": held.scores.parts,
        "findings": list(held.scores.notes),
    }
    if name == "group":
        allotted = advancing(state, held.scores.unit, held)
        body["advance"] = list(allotted.given["final"])
        body["undecided"] = [] if allotted.open is None else list(allotted.open.between)
    return body


def _place(state: ContestState, place: Place) -> Json:
    score, decimals = place.score, state.definition.decimals
    return {
        "place": place.place,
        "entrant": score.entrant,
        "score": _text(score.score),
        "raw": _text(score.raw),
        "standard_error": _text(score.standard_error),
        "judges": len(score.totals),
        "totals": {judge: _text(rounded(total, decimals)) for judge, total in sorted(score.totals.items())},
        "criteria": {leaf: _text(rounded(mean, decimals)) for leaf, mean in score.leaf_means.items()},
        "part": score.part,
        "shared_with": list(place.shared_with),
        "equal_score": list(place.equal_score),
        "broken_by": place.broken_by,
    }


def _classes(state: ContestState) -> Json:
    if not state.opened("final"):
        return {}
    found: dict[str, Json] = {}
    for track in state.definition.tracks:
        allotted = classes(state, track)
        found[track.id] = {
            "classes": {name: list(entrants) for name, entrants in allotted.given.items()},
            "undecided": list(allotted.waiting),
        }
    return found


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)
