"""Walking every path of a process with real moves: that each ends, and that each move can happen, is seen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from gaoyuan.exchange.process.model import Fact, Move, Process, Value
from gaoyuan.exchange.process.record import Case, Record
from gaoyuan.exchange.process.running import Moved, begin, make_move, pass_deadline

__all__ = ["Path", "walk"]

START = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
"""When every walk begins."""


@dataclass(frozen=True, slots=True)
class Path:
    """The records of one case from its opening to where it ended, and the case then."""

    records: tuple[Record, ...]
    case: Case


def walk(process: Process, *, times: int = 1) -> Iterator[Path]:
    """Walk every path of a process on which no move is made more than `times`.

    Each step is a real move, made an hour after the last by the party that the case knows in that role, or by a
    deadline. Where guards look at a fact that the mover gives, the walk branches over values on both sides of every
    value that it is compared with. A path ends in a final state, or where every way on has been used up: there the
    deadline would still end the case, which `Path.case` shows.
    """
    for given in _choices(process, process.moves[process.opening], START, {}):
        role = process.moves[process.opening].roles[0]
        first = begin(process, actor=f"{role}-1", role=role, at=START, given=given, why="walk")
        if isinstance(first, Moved):
            yield from _onwards(process, first.case, (first.record,), Counter(), times)


def _onwards(
    process: Process, case: Case, records: tuple[Record, ...], used: Counter[str], times: int
) -> Iterator[Path]:
    went_on = False
    for made in _steps(process, case, used, times):
        went_on = True
        yield from _onwards(process, made.case, (*records, made.record), used + Counter([made.record.move]), times)
    if not went_on:
        yield Path(records, case)


def _steps(process: Process, case: Case, used: Counter[str], times: int) -> Iterator[Moved]:
    at = case.last_at + dt.timedelta(hours=1)
    if case.deadline is None:
        return
    for move in process.moves_from(case.state):
        if move.timed or used[move.name] >= times:
            continue
        for role in move.roles:
            for given in _choices(process, move, at, case.facts):
                made = make_move(
                    process,
                    case,
                    move.name,
                    actor=_actor(process, case, role),
                    role=role,
                    at=at,
                    given=given,
                    why="walk",
                )
                if isinstance(made, Moved):
                    yield made
    due = pass_deadline(process, case, max(case.deadline, case.last_at))
    if due is not None and used[due.record.move] < times:
        yield due


def _actor(process: Process, case: Case, role: str) -> str:
    party = process.role(role).party
    return str(case.facts.get(party or "", f"{role}-1"))


def _choices(process: Process, move: Move, at: dt.datetime, known: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Give the sets of facts to try for a move: one where no guard looks at them, else both sides of its values."""
    values = [_samples(process, process.facts[name], at, known) for name in move.needs]
    for chosen in product(*values):
        yield dict(zip(move.needs, chosen, strict=True))


def _samples(process: Process, fact: Fact, at: dt.datetime, known: Mapping[str, Value]) -> tuple[Value, ...]:
    guards = [
        guard for move in process.moves.values() for guard in move.guards if fact.name in (guard.fact, guard.other)
    ]
    if fact.kind == "moment":
        return (at + dt.timedelta(days=7),)
    if fact.kind == "flag":
        return (False, True) if guards else (True,)
    if fact.kind == "party":
        bound = [role.name for role in process.roles.values() if role.party == fact.name]
        return (f"{bound[0] if bound else fact.name}-1",)
    marks = [guard.value for guard in guards if guard.value is not None]
    if fact.kind == "text":
        return tuple(dict.fromkeys([*marks, "其他 other"]))
    least = 1 if fact.positive else 0
    numbers: list[Value] = [2]
    for guard in guards:
        other = guard.other if guard.fact == fact.name else guard.fact
        mark = known.get(other) if other is not None else guard.value
        if isinstance(mark, int | Decimal) and guard.operator in ("at_least", "below", "is", "is_not"):
            numbers += [mark, mark - 1]
    kept = dict.fromkeys(number for number in numbers if isinstance(number, int | Decimal) and number >= least)
    return tuple(int(number) if fact.kind == "integer" else Decimal(number) for number in kept)
