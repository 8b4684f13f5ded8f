"""The record of a contest: one event a line, each carrying the hash of the one before, so that no line can be changed,
taken out or moved without being found.

Each line is canonical JSON of `actor`, `at`, `body`, `kind`, `number`, `previous` and `hash`; `hash` is the SHA-256 of
the canonical JSON of the other six, `previous` the hash of the event before, 64 zeros in the first. The chain is that
of Haber and Stornetta (1991), How to time-stamp a digital document, Journal of Cryptology 3. It cannot tell that lines
are missing at the end: for that the last hash (the head) is published, as every result document does, and given to
`verify`.
"""

from __future__ import annotations

import datetime as dt
import fcntl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gaoyuan.assess.contest.bodies import Body
from gaoyuan.assess.contest.canonical import Json, canonical, parse, parse_time, sha256, time_text
from gaoyuan.assess.contest.faults import RecordBroken
from gaoyuan.errors import FileUnreadable

__all__ = ["NO_EVENT", "Event", "event_after", "read_events", "read_record"]

NO_EVENT = "0" * 64
"""What the first event names as the hash of the event before it."""

_FIELDS = {"actor", "at", "body", "hash", "kind", "number", "previous"}
_MEND = "用备份替换；不要手工编辑记录 Replace the record by a good copy; never edit it by hand."


@dataclass(frozen=True, slots=True)
class Event:
    """One act: its number (from 1), when, what kind, by whom, and what it holds."""

    number: int
    at: dt.datetime
    kind: str
    actor: str
    body: Body
    previous: str
    hash: str

    @property
    def line(self) -> bytes:
        """The event as the record holds it, with the line's end."""
        return canonical(_content(self) | {"hash": self.hash}) + b"\n"


def event_after(last: Event | None, kind: str, body: Body, *, actor: str, at: dt.datetime) -> Event:
    """Make the event that follows another (or None, the first); raises ValueError for a body without canonical form.

    >>> import datetime as dt
    >>> noon = dt.datetime(2026, 5, 1, 12, tzinfo=dt.timezone.utc)
    >>> first = event_after(None, "defined", {}, actor="office", at=noon)
    >>> (first.number, event_after(first, "advanced", {}, actor="office", at=noon).previous == first.hash)
    (1, True)
    """
    at = parse_time(time_text(at))
    number, previous = (1, NO_EVENT) if last is None else (last.number + 1, last.hash)
    bare = Event(number, at, kind, actor, body, previous, "")
    return Event(number, at, kind, actor, body, previous, sha256(canonical(_content(bare))))


def read_record(path: Path) -> tuple[Event, ...]:
    """Read a record from its file, after whoever is adding to it; raises FileUnreadable, or RecordBroken naming the
    line.
    """
    try:
        with path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH)
            data = stream.read()
    except FileNotFoundError:
        raise FileUnreadable(
            "没有此竞赛记录 there is no such record", where=str(path), mend="先新建 Make it: gaoyuan contest new."
        ) from None
    except IsADirectoryError:
        raise FileUnreadable("这是文件夹 this is a folder", where=str(path), mend="Name the record's file.") from None
    return read_events(data, where=str(path))


def read_events(data: bytes, *, where: str = "record") -> tuple[Event, ...]:
    """Read a record's bytes and check the chain: every line canonical, numbered in order, hashed, and linked.

    Raises RecordBroken that names the first line which is changed, missing or out of order.
    """
    if not data:
        raise RecordBroken("记录为空 the record is empty", where=where, mend=_MEND)
    lines = data.split(b"\n")
    if lines.pop():
        raise RecordBroken(
            f"第 {len(lines) + 1} 行不完整 line {len(lines) + 1} is incomplete: it has no end",
            where=where,
            mend="若上次写入中断，删去该行 If a write was cut off, delete that line; else take a good copy.",
        )
    events: list[Event] = []
    for at, line in enumerate(lines, 1):
        events.append(_event(line, events[-1] if events else None, f"{where}: 第 {at} 行 line {at}"))
    return tuple(events)


def as_bytes(events: Iterable[Event]) -> bytes:
    """Give events as the bytes of a record."""
    return b"".join(event.line for event in events)


def _content(event: Event) -> dict[str, Json]:
    return {
        "actor": event.actor,
        "at": time_text(event.at),
        "body": event.body,
        "kind": event.kind,
        "number": event.number,
        "previous": event.previous,
    }


def _event(line: bytes, last: Event | None, where: str) -> Event:
    def broken(what: str) -> RecordBroken:
        return RecordBroken(what, where=where, mend=_MEND)

    try:
        value = parse(line)
        if not isinstance(value, Mapping) or set(value) != _FIELDS:
            raise ValueError(f"it should hold {', '.join(sorted(_FIELDS))}")
        number, body = value["number"], value["body"]
        words = [value[name] for name in ("at", "kind", "actor", "previous", "hash")]
        at, kind, actor, previous, found = (word if isinstance(word, str) else "" for word in words)
        if not isinstance(number, int) or isinstance(number, bool) or not isinstance(body, Mapping):
            raise ValueError("its number or body is of the wrong kind")
        event = Event(number, parse_time(at), kind, actor, body, previous, found)
        if event.line != line + b"\n":
            raise ValueError("it is not in canonical form")
        should = sha256(canonical(_content(event)))
    except (ValueError, UnicodeEncodeError) as fault:
        raise broken(f"该行已被改动 the line is changed: {fault}") from None
    if found != should:
        raise broken("该行已被改动 the line is changed: its contents do not give its hash")
    expected, before = (1, NO_EVENT) if last is None else (last.number + 1, last.hash)
    if number > expected:
        missing = f"{expected}" if number == expected + 1 else f"{expected}–{number - 1}"
        raise broken(f"缺少或错位 event {missing} is missing or out of order here: this line is event {number}")
    if number < expected:
        raise broken(f"次序错乱 out of order: this line is event {number}, where {expected} belongs")
    if previous != before:
        raise broken(
            f"前一行已被替换 the line before is not the one that event {number} followed: the hashes do not link"
        )
    return event
