"""Moving a case through its process: a move is refused with its reason, or gives a new record and a new case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from gaoyuan.exchange.process.guards import guard_holds
from gaoyuan.exchange.process.model import ACTOR, CLOCK, NOW, FactKind, Move, Process, State, Value
from gaoyuan.exchange.process.record import Case, Record, RecordBroken
from gaoyuan.exchange.process.values import check_kind
from gaoyuan.exchange.refusal import Refusal

__all__ = ["Moved", "allowed_moves", "begin", "due_move", "make_move", "pass_deadline", "replay"]

LONGEST = dt.timedelta(days=3653)
"""How far ahead a future moment may lie."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move gave: the case, its new record, whom to tell (roles), and the acts to be carried out."""

    case: Case
    record: Record
    tells: tuple[str, ...]
    does: tuple[str, ...]


def begin(
    process: Process, *, actor: str, role: str, at: dt.datetime, given: Mapping[str, Value] | None = None, why: str = ""
) -> Moved | Refusal:
    """Open a case by the opening move of its process."""
    return _make(process, None, process.moves[process.opening], actor, role, at, given or {}, why)


def make_move(
    process: Process,
    case: Case,
    move: str,
    *,
    actor: str,
    role: str,
    at: dt.datetime,
    given: Mapping[str, Value] | None = None,
    why: str = "",
) -> Moved | Refusal:
    """Make a move by a person: `given` are the facts that it needs, `at` when it is made (with its offset).

    Refused are moves that do not lead out of the state, of another role or party, after the deadline, with facts
    missing, unknown or impossible, without a reason where one is due, and those whose guards do not hold.
    """
    if bad := _bad_time(case, at):
        return bad
    step = process.moves.get(move)
    if step is None or case.state not in step.sources:
        where = process.states[case.state]
        what, what_en = (step.zh, step.en) if step else (move, move)
        return Refusal("not_from_here", f"“{where.zh}”时不能{what}", f"cannot {what_en} while {where.en}")
    if step.timed:
        return Refusal("clock_only", f"{step.zh}由系统按期限执行", f"only the deadline can {step.en}")
    if case.deadline is not None and at >= case.deadline:
        return Refusal(
            "too_late",
            f"期限 {case.deadline:%Y-%m-%d %H:%M %Z} 已过",
            f"the deadline {case.deadline:%Y-%m-%d %H:%M %Z} has passed",
        )
    return _make(process, case, step, actor, role, at, given or {}, why)


def allowed_moves(process: Process, case: Case, *, actor: str, role: str, at: dt.datetime) -> tuple[Move, ...]:
    """Give the moves that someone may try now: of that role and party, before the deadline, facts and guards apart."""
    if case.deadline is not None and at >= case.deadline:
        return ()
    return tuple(
        move
        for move in process.moves_from(case.state)
        if not move.timed and _not_theirs(process, case.facts, move, actor, role) is None
    )


def due_move(process: Process, case: Case, at: dt.datetime) -> Move | None:
    """Give the move that the deadline sets off, or None where it has not passed."""
    if case.deadline is None or at < case.deadline:
        return None
    for name in process.states[case.state].at_deadline:
        move = process.moves[name]
        if all(guard_holds(guard, case.facts, CLOCK, at) for guard in move.guards):
            return move
    raise AssertionError(f"no timed move of {process.key}/{case.state} holds, though the last has no guards")


def pass_deadline(process: Process, case: Case, at: dt.datetime) -> Moved | None:
    """Move a case whose deadline has passed; None where it has not.

    The record bears the time at which it was made, not that of the deadline, so that the next owner has the whole of
    the next period also where the program stood still.
    """
    move = due_move(process, case, at)
    if move is None or case.deadline is None:
        return None
    why = f"期限已到 the deadline passed: {case.deadline.isoformat()}"
    made = _make(process, case, move, CLOCK, CLOCK, at, {}, why)
    assert isinstance(made, Moved), made
    return made


def replay(process: Process, records: Iterable[Record]) -> Case:
    """Fold records to their case; raises RecordBroken at the first that the process would have refused."""
    case: Case | None = None
    for expected, record in enumerate(records, 1):
        if (record.process, record.edition) != (process.key, process.edition):
            raise _broken(record, f"it is of {record.process} edition {record.edition}")
        if record.number != expected:
            raise _broken(record, f"record {expected} belongs here")
        made: Moved | Refusal | None
        if case is None:
            if record.move != process.opening:
                raise _broken(record, "it does not open a case")
            made = begin(
                process, actor=record.actor, role=record.role, at=record.at, given=record.given, why=record.why
            )
        elif record.role == CLOCK:
            made = pass_deadline(process, case, record.at)
        else:
            made = make_move(
                process,
                case,
                record.move,
                actor=record.actor,
                role=record.role,
                at=record.at,
                given=record.given,
                why=record.why,
            )
        if not isinstance(made, Moved) or made.record != record:
            raise _broken(
                record, str(made.en if isinstance(made, Refusal) else "the process would have moved otherwise")
            )
        case = made.case
    if case is None:
        raise RecordBroken("the record is empty", zh="记录为空", mend="Give all records.", mend_zh="给出全部记录")
    return case


def _broken(record: Record, why: str) -> RecordBroken:
    return RecordBroken(
        f"record {record.number} ({record.move}) cannot stand: {why}",
        mend="Take the record from a good copy; never edit it by hand.",
        zh=f"第 {record.number} 条记录不成立",
        mend_zh="用完好的副本替换；不要手工编辑记录",
    )


def _make(
    process: Process,
    case: Case | None,
    move: Move,
    actor: str,
    role: str,
    at: dt.datetime,
    given: Mapping[str, Value],
    why: str,
) -> Moved | Refusal:
    start = {name: fact.start for name, fact in process.facts.items() if fact.start is not None}
    facts: Mapping[str, Value] = case.facts if case else start
    refused = (
        _bad_time(case, at)
        or _not_theirs(process, facts, move, actor, role)
        or _bad_facts(process, move, given, at)
        or _no_reason(move, why)
    )
    if refused:
        return refused
    known = {**facts, **given}
    for guard in move.guards:
        if not guard_holds(guard, known, actor, at):
            return Refusal("guard", guard.zh, guard.en)
    after = _after(process, move, known, actor, at)
    state = process.states[move.to] if move.to else process.states[case.state if case else ""]
    stays = case is not None and case.state == state.name
    since = case.since if case is not None and stays else at
    deadline = _deadline(state, since, after)
    if isinstance(deadline, Refusal):
        return deadline
    number = case.number + 1 if case else 1
    record = Record(
        number, process.key, process.edition, move.name, actor, role, at, MappingProxyType(dict(given)), why
    )
    held = MappingProxyType(after)
    moved = Case(process.key, process.edition, state.name, since, deadline, held, number, at)
    return Moved(moved, record, move.tells, move.does)


def _bad_time(case: Case | None, at: dt.datetime) -> Refusal | None:
    if at.utcoffset() is None:
        return Refusal("no_offset", "时间缺少时区", "the time has no offset from UTC")
    if case is not None and at < case.last_at:
        return Refusal("before_last", "时间早于上一条记录", "the time is before the last record")
    return None


def _not_theirs(process: Process, facts: Mapping[str, Value], move: Move, actor: str, role: str) -> Refusal | None:
    if not actor.strip():
        return Refusal("nobody", "缺少操作人", "nobody is named who does it")
    if role not in move.roles:
        may_zh = "、".join(process.role(name).zh for name in move.roles)
        may_en = " or ".join(process.role(name).en for name in move.roles)
        return Refusal("wrong_role", f"只有{may_zh}可以{move.zh}", f"only the {may_en} may {move.en}")
    bound = process.role(role).party
    if bound is not None and bound in facts and facts[bound] != actor:
        one = process.role(role)
        return Refusal("wrong_party", f"您不是本单的{one.zh}", f"you are not the {one.en} here")
    return None


def _bad_facts(process: Process, move: Move, given: Mapping[str, Value], at: dt.datetime) -> Refusal | None:
    for name in move.needs:
        if name not in given:
            fact = process.facts[name]
            return Refusal("missing", f"缺少{fact.zh}", f"{fact.en} is missing")
    for name, value in given.items():
        if name not in move.needs:
            return Refusal("not_asked", f"此操作不接受“{name}”", f"this move takes no {name}")
        fact = process.facts[name]
        if not check_kind(value, fact.kind):
            return Refusal("wrong_kind", f"{fact.zh}的格式不对", f"{fact.en} should be of kind {fact.kind}")
        if fact.positive and isinstance(value, int | Decimal) and value <= 0:
            return Refusal("not_positive", f"{fact.zh}须大于零", f"{fact.en} must be above zero")
        if fact.future and isinstance(value, dt.datetime) and value <= at:
            return Refusal("past", f"{fact.zh}已经过去", f"{fact.en} lies in the past")
        if fact.future and isinstance(value, dt.datetime) and value > at + LONGEST:
            return Refusal("too_far", f"{fact.zh}超过十年", f"{fact.en} is more than ten years ahead")
    return None


def _no_reason(move: Move, why: str) -> Refusal | None:
    if move.why and not why.strip():
        return Refusal("no_reason", f"{move.zh}须说明理由", f"say why you {move.en}")
    return None


def _after(process: Process, move: Move, known: Mapping[str, Value], actor: str, at: dt.datetime) -> dict[str, Value]:
    after = dict(known)
    for effect in move.effects:
        if effect.kind == "clear":
            after.pop(effect.fact, None)
            continue
        value = _written(effect.value, after, actor, at)
        if effect.kind in ("add", "take"):
            value = _counted(after.get(effect.fact, 0), value, effect.kind == "add", process.facts[effect.fact].kind)
        after[effect.fact] = value
    return after


def _counted(old: Value, change: Value, more: bool, kind: FactKind) -> Value:
    assert isinstance(old, int | Decimal), "that it counts was checked when the process was built"
    assert isinstance(change, int | Decimal), "that it counts was checked when the process was built"
    new = Decimal(old) + (Decimal(change) if more else -Decimal(change))
    return int(new) if kind == "integer" else new


def _written(value: Value | None, facts: Mapping[str, Value], actor: str, at: dt.datetime) -> Value:
    assert value is not None
    if value == ACTOR:
        return actor
    if value == NOW:
        return at
    if isinstance(value, str) and value.startswith("$"):
        return facts[value[1:]]
    return value


def _deadline(state: State, since: dt.datetime, facts: Mapping[str, Value]) -> dt.datetime | Refusal | None:
    if state.deadline is None:
        return None
    start: Value = since
    if state.deadline.at is not None:
        if state.deadline.at not in facts:
            return Refusal("no_deadline", f"“{state.zh}”的期限还没有定", f"{state.en} would have no deadline yet")
        start = facts[state.deadline.at]
    assert isinstance(start, dt.datetime)
    return start + dt.timedelta(days=state.deadline.days)
