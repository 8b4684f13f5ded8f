"""What is wrong with a process: checked once, when it is built, so that no case of it can hang or fail half-way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gaoyuan.exchange.process.model import ACTOR, CLOCK, NOW, Effect, Guard, Move, Process, State, Value
from gaoyuan.exchange.process.values import check_kind

__all__ = ["faults_of"]

_NUMBERS = ("integer", "decimal")


def faults_of(process: Process) -> tuple[str, ...]:
    """Give everything that is wrong with a process, in English, in a fixed order; empty for a sound one.

    Sound is: every name that is used exists; every waiting state has an owner who can move it, a reason in both
    languages, a deadline, and moves for it of which the last always holds; final states lead nowhere; every state can
    be reached, and a final one from it; effects and guards fit the kinds of their facts.
    """
    found = [*_names(process)]
    if found:
        return tuple(found)
    for state in process.states.values():
        found += _state(process, state)
    for move in process.moves.values():
        found += _move(process, move)
    found += _ways(process)
    return tuple(found)


def _names(process: Process) -> Iterator[str]:
    if process.opening not in process.moves:
        yield f"the opening move {process.opening} does not exist"
        return
    opening = process.moves[process.opening]
    if opening.sources or opening.to is None or opening.timed:
        yield f"the opening move {process.opening} should lead from nowhere to a state, and not be the clock's"
    for role in process.roles.values():
        if role.party is not None:
            yield from _unknown(f"role {role.name}", "fact", [role.party], process.facts)
    if CLOCK in process.roles:
        yield f"{CLOCK} is no role of a process's own"
    for state in process.states.values():
        where = f"state {state.name}"
        yield from _unknown(where, "role", [state.owner] if state.owner else [], process.roles)
        yield from _unknown(where, "move", state.at_deadline, process.moves)
        if state.deadline is not None and state.deadline.at is not None:
            yield from _unknown(where, "fact", [state.deadline.at], process.facts)
    for move in process.moves.values():
        where = f"move {move.name}"
        yield from _unknown(where, "state", [*move.sources, *([move.to] if move.to else [])], process.states)
        yield from _unknown(where, "role", [role for role in move.roles if role != CLOCK], process.roles)
        yield from _unknown(where, "role", move.tells, process.roles)
        yield from _unknown(where, "act", move.does, process.acts)
        yield from _unknown(where, "fact", move.needs, process.facts)
        used = [guard.fact for guard in move.guards] + [guard.other for guard in move.guards if guard.other]
        yield from _unknown(where, "fact", used, process.facts)
        written = [effect.fact for effect in move.effects] + [_source(effect.value) for effect in move.effects]
        yield from _unknown(where, "fact", [name for name in written if name], process.facts)


def _unknown(where: str, what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    there = set(known)
    for name in names:
        if name not in there:
            yield f"{where} names the {what} {name}, which does not exist"


def _source(value: Value | None) -> str:
    """Give the fact that an effect copies, "" where it copies none."""
    copies = isinstance(value, str) and value.startswith("$") and value not in (ACTOR, NOW)
    return str(value)[1:] if copies else ""


def _state(process: Process, state: State) -> Iterator[str]:
    where = f"state {state.name}"
    leaving = process.moves_from(state.name)
    if state.final:
        if leaving or state.owner or state.deadline or state.at_deadline:
            yield f"{where} is final, but has moves, an owner or a deadline"
        return
    if not state.owner:
        yield f"{where} waits without an owner"
    elif not any(state.owner in move.roles for move in leaving):
        yield f"{where}: its owner {state.owner} can make no move out of it"
    if not (state.reason_zh and state.reason_en):
        yield f"{where} waits without a reason in both languages"
    if state.deadline is None or not state.at_deadline:
        yield f"{where} waits without a deadline and a move for it"
        return
    if state.deadline.at is not None and process.facts[state.deadline.at].kind != "moment":
        yield f"{where}: its deadline {state.deadline.at} is no moment"
    elif state.deadline.at is not None and not process.facts[state.deadline.at].future:
        yield f"{where}: its deadline {state.deadline.at} might be given in the past"
    if state.deadline.days < 0 or (state.deadline.at is None and state.deadline.days == 0):
        yield f"{where}: its deadline should lie after it is entered"
    timed = [process.moves[name] for name in state.at_deadline]
    for move in timed:
        if move not in leaving or not move.timed:
            yield f"{where}: {move.name} should be a move of the clock that leads out of it"
        elif move.to in (None, state.name) and not _changes_deadline(state, move):
            yield f"{where}: {move.name} stays there without a later deadline"
    if timed[-1].guards:
        yield f"{where}: the last move of its deadline, {timed[-1].name}, should have no guards, lest it hangs"
    for move in leaving:
        if move.timed and move.name not in state.at_deadline:
            yield f"{where}: its deadline never sets off {move.name}"


def _changes_deadline(state: State, move: Move) -> bool:
    return state.deadline is not None and any(effect.fact == state.deadline.at for effect in move.effects)


def _move(process: Process, move: Move) -> Iterator[str]:
    where = f"move {move.name}"
    if not move.roles:
        yield f"{where} may be made by nobody"
    if move.timed and (len(move.roles) > 1 or move.needs or move.why):
        yield f"{where} is the clock's, and can ask nobody for facts or reasons"
    if move.to is None and any(process.states[name].final for name in move.sources):
        yield f"{where} moves a final state"
    if not move.sources and move.name != process.opening:
        yield f"{where} leads out of no state"
    for guard in move.guards:
        yield from _guard(process, where, guard)
    for effect in move.effects:
        yield from _effect(process, move, effect)


def _guard(process: Process, where: str, guard: Guard) -> Iterator[str]:
    kind = process.facts[guard.fact].kind
    compares = guard.operator in ("is", "is_not", "at_least", "below")
    if not (guard.zh and guard.en):
        yield f"{where}: the guard on {guard.fact} does not say in both languages why it refuses"
    if compares == (guard.value is None and guard.other is None):
        yield f"{where}: the guard on {guard.fact} should compare with one value or fact, or with none"
    if guard.value is not None and not check_kind(guard.value, kind):
        yield f"{where}: the guard on {guard.fact} compares {kind} with {guard.value!r}"
    if guard.other is not None and process.facts[guard.other].kind != kind:
        yield f"{where}: the guard on {guard.fact} compares it with {guard.other}, of another kind"
    needed = {"actor": ("party",), "not_actor": ("party",), "passed": ("moment",), "ahead": ("moment",)}
    needed |= {"at_least": _NUMBERS, "below": _NUMBERS}
    if guard.operator in needed and kind not in needed[guard.operator]:
        yield f"{where}: {guard.operator} cannot be asked of {guard.fact}, a {kind}"


def _effect(process: Process, move: Move, effect: Effect) -> Iterator[str]:
    where, kind = f"move {move.name}", process.facts[effect.fact].kind
    if effect.kind == "clear":
        return
    if effect.kind in ("add", "take") and kind not in _NUMBERS:
        yield f"{where} counts with {effect.fact}, a {kind}"
    source = _source(effect.value)
    given = {ACTOR: "party", NOW: "moment"}.get(effect.value) if isinstance(effect.value, str) else None
    if source:
        given = process.facts[source].kind
        sure = source in move.needs or process.facts[source].start is not None
        sure = sure or any(guard.fact == source and guard.operator != "unknown" for guard in move.guards)
        if not sure:
            yield f"{where} copies {source}, which may be unknown: ask for it or guard it"
    if given is not None and given != kind:
        yield f"{where} writes {given} into {effect.fact}, a {kind}"
    if given is None and (effect.value is None or not check_kind(effect.value, kind)):
        yield f"{where} writes {effect.value!r} into {effect.fact}, a {kind}"


def _ways(process: Process) -> Iterator[str]:
    steps = {(source, move.to or source) for move in process.moves.values() for source in move.sources}
    reached = _closure({process.initial.name}, steps)
    ending = _closure(
        {state.name for state in process.states.values() if state.final}, {(after, before) for before, after in steps}
    )
    for name in process.states:
        if name not in reached:
            yield f"state {name} cannot be reached"
        if name not in ending:
            yield f"state {name} can never come to an end"


def _closure(start: set[str], steps: set[tuple[str, str]]) -> set[str]:
    found, new = set(start), set(start)
    while new:
        new = {after for before, after in steps if before in new} - found
        found |= new
    return found
