"""What a process is made of: facts, roles, states and moves. Plain data: `reading` makes it, `checking` tries it.

The model is that of transaction processes as data (Sharetribe's transaction process: transitions with a role, a from, a
to, actions and a time), with one law of its own: no state waits without an owner, a deadline, a reason and a move that
the deadline sets off, so that nothing can hang silently.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Value: TypeAlias = "str | int | bool | Decimal | dt.datetime"
FactKind: TypeAlias = Literal["text", "party", "integer", "decimal", "moment", "flag"]
Operator: TypeAlias = Literal[
    "is", "is_not", "at_least", "below", "known", "unknown", "actor", "not_actor", "passed", "ahead"
]

CLOCK = "clock"
"""The role in which a deadline moves a case; nobody else may take it."""
ACTOR, NOW = "$actor", "$now"
"""What an effect may write besides a value or another fact: who moves, and when."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a case knows of itself. `start` is what it knows before any move, None for unknown.

    A number that is `positive` and a moment that is `future` are refused otherwise when they are given.
    """

    name: str
    kind: FactKind
    zh: str
    en: str
    start: Value | None = None
    positive: bool = False
    future: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A part that someone plays in a process; once the fact `party` is known, only that party may play it."""

    name: str
    zh: str
    en: str
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a state ends by itself: `days` after it was entered, or after the moment that the fact `at` holds."""

    days: float = 0.0
    at: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand. A waiting state has an owner (a role), a reason that users see, a deadline, and the moves
    that the deadline sets off, tried in order; a final one has none of these.
    """

    name: str
    zh: str
    en: str
    final: bool = False
    owner: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    deadline: Deadline | None = None
    at_deadline: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition of a move on a fact, and what is said where it does not hold.

    `is`, `is_not`, `at_least` and `below` compare with `value`, or with the fact `other`; `known` and `unknown` ask
    whether there is a value; `actor` and `not_actor` compare with who moves; `passed` and `ahead` ask whether a moment
    has come. An unknown fact meets only `unknown`, `not_actor` and `is_not`.
    """

    fact: str
    operator: Operator
    zh: str
    en: str
    value: Value | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move does to a fact: set it to, add or take a value, `$actor`, `$now` or another fact (`$name`); or clear
    it.
    """

    kind: Literal["set", "add", "take", "clear"]
    fact: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A step of a process: from which states to which, by whom, under which guards, with which effects.

    `needs` are facts that the mover has to give; `why` demands a reason in words. `tells` are the roles to be notified,
    `does` the acts (see Process) that the surrounding program carries out. `to` None stays where the case is.
    """

    name: str
    zh: str
    en: str
    sources: tuple[str, ...]
    to: str | None
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    tells: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    why: bool = False

    @property
    def timed(self) -> bool:
        """Whether the clock makes it."""
        return CLOCK in self.roles


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the surrounding program does when a move asks for it, such as clearing a pool."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its words, roles, facts, states, moves and acts by name, and the move that opens a case.

    The opening move has no sources. An edition is never changed once cases run on it; a change is a new edition.
    """

    key: str
    edition: int
    zh: str
    en: str
    roles: Mapping[str, Role]
    facts: Mapping[str, Fact]
    states: Mapping[str, State]
    moves: Mapping[str, Move]
    acts: Mapping[str, Act]
    opening: str

    @property
    def initial(self) -> State:
        """The state in which a case begins."""
        return self.states[self.moves[self.opening].to or ""]

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """Give the moves that lead out of a state, those of the clock too, in the order of the definition."""
        return tuple(move for move in self.moves.values() if state in move.sources)

    def role(self, name: str) -> Role:
        """Give a role by name, the clock's too."""
        return Role(CLOCK, "系统时钟", "clock") if name == CLOCK else self.roles[name]
