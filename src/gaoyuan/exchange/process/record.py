"""The record of a case: one entry a move, which nobody can edit; its state is what the entries fold to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gaoyuan.errors import InputError
from gaoyuan.exchange.process.model import Process, Value
from gaoyuan.exchange.process.values import as_text, from_text

__all__ = ["Case", "Record", "RecordBroken", "as_plain", "from_plain"]


class RecordBroken(InputError):
    """A record that its process could not have written: changed, out of order, or of another process."""


@dataclass(frozen=True, slots=True)
class Record:
    """One move of a case: its number (from 1), who (in which role), when, what, with which facts given, and why."""

    number: int
    process: str
    edition: int
    move: str
    actor: str
    role: str
    at: dt.datetime
    given: Mapping[str, Value]
    why: str


@dataclass(frozen=True, slots=True)
class Case:
    """Where a case stands after its last record: its state since when, what it knows, and by when it moves by itself.

    `deadline` is None in a final state only. `last_at` and `number` are of the last record.
    """

    process: str
    edition: int
    state: str
    since: dt.datetime
    deadline: dt.datetime | None
    facts: Mapping[str, Value]
    number: int
    last_at: dt.datetime


def as_plain(record: Record) -> dict[str, object]:
    """Give a record as plain data of text and numbers, for storage and for signing."""
    return {
        "number": record.number,
        "process": record.process,
        "edition": record.edition,
        "move": record.move,
        "actor": record.actor,
        "role": record.role,
        "at": as_text(record.at),
        "given": {name: as_text(value) for name, value in sorted(record.given.items())},
        "why": record.why,
    }


def from_plain(data: Mapping[str, object], process: Process) -> Record:
    """Read a record from its plain data; raises RecordBroken where it is none of the process."""
    try:
        number, edition, given = data["number"], data["edition"], data["given"]
        if not isinstance(number, int) or not isinstance(edition, int) or not isinstance(given, Mapping):
            raise ValueError("a number or the facts are of the wrong kind")
        texts = {name: str(data[name]) for name in ("process", "move", "actor", "role", "at", "why")}
        at = from_text(texts["at"], "moment")
        facts = {str(name): from_text(str(text), process.facts[str(name)].kind) for name, text in given.items()}
    except (KeyError, ValueError) as fault:
        raise RecordBroken(
            f"a record of {process.key} cannot be read: {fault}",
            mend="Take the record from a good copy; never edit it by hand.",
            zh=f"“{process.zh}”的一条记录无法读取",
            mend_zh="用完好的副本替换；不要手工编辑记录",
        ) from None
    assert isinstance(at, dt.datetime)
    return Record(
        number,
        texts["process"],
        edition,
        texts["move"],
        texts["actor"],
        texts["role"],
        at,
        MappingProxyType(facts),
        texts["why"],
    )
