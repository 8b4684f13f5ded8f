"""A contest in hand: its record, where it stands, and the acts that add to it.

>>> import datetime as dt
>>> from gaoyuan.assess.contest import Contest, read_definition
>>> contest = Contest.new(read_definition(Path("contest.yaml")), actor="office", clock=clock)  # doctest: +SKIP
>>> contest.advance()                                                               # doctest: +SKIP
>>> contest.enter("E1", "轴承集群", group="A", organisations=["轴承产业促进中心"])      # doctest: +SKIP
>>> contest.save(Path("contest.jsonl"))                                             # doctest: +SKIP
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from gaoyuan.assess.contest.bodies import Body
from gaoyuan.assess.contest.canonical import Json, time_text
from gaoyuan.assess.contest.clocks import Clock, clock_of
from gaoyuan.assess.contest.definition import Definition, RoundName
from gaoyuan.assess.contest.faults import ActRefused, DefinitionInvalid, RecordBroken
from gaoyuan.assess.contest.record import Event, as_bytes, event_after, read_events, read_record
from gaoyuan.assess.contest.rules import apply, begin
from gaoyuan.assess.contest.sealing import SealedSheet
from gaoyuan.assess.contest.staging import finalists, next_stage
from gaoyuan.assess.contest.state import ContestState
from gaoyuan.errors import InputError

__all__ = ["Contest", "editing", "replay"]


def replay(record: bytes | Sequence[Event], *, where: str = "record") -> ContestState:
    """Give where a contest stands from its record alone: a pure function.

    The chain is checked where bytes are given; each event has to be one that the rules allowed at its place. Raises
    RecordBroken naming the first line that is not.
    """
    events = read_events(record, where=where) if isinstance(record, bytes) else record
    if not events:
        raise RecordBroken("记录为空 the record is empty", where=where)
    number = 1
    try:
        state = begin(events[0])
        for number, event in enumerate(events[1:], 2):  # noqa: B007 - the number of the event that fails is named
            apply(state, event)
    except (ActRefused, DefinitionInvalid) as fault:
        raise RecordBroken(
            f"该事件违反竞赛规则 the event breaks the rules: {fault.what}",
            where=f"{where}: 第 {number} 行 line {number}",
        ) from None
    return state


class Contest:
    """A record and where it stands; every act is checked against the rules before it becomes an event.

    `actor` is who acts, `clock` when. Raises ActRefused for an act out of its state or after its deadline; the record
    is then as before.
    """

    def __init__(self, events: Sequence[Event], *, actor: str, clock: Clock, where: str = "record") -> None:
        self.state = replay(events, where=where)
        self._events = list(events)
        self._actor, self.clock = actor, clock

    @classmethod
    def new(cls, definition: Definition, *, actor: str, clock: Clock, rehearsal: bool = False) -> Contest:
        """Begin a contest: a record of one event that holds the definition, and the mark of a rehearsal."""
        body: dict[str, Json] = {"definition": definition.source}
        if rehearsal:
            body["rehearsal"] = True
        first = event_after(None, "defined", body, actor=actor, at=clock())
        return cls([first], actor=actor, clock=clock)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events so far."""
        return tuple(self._events)

    @property
    def record(self) -> bytes:
        """The record's bytes."""
        return as_bytes(self._events)

    def save(self, path: Path) -> None:
        """Write the record of a new contest; raises InputError where the file is there already."""
        try:
            with path.open("xb") as stream:
                stream.write(self.record)
        except FileExistsError:
            raise InputError(
                "文件已存在 the file exists",
                where=str(path),
                mend="换一个文件名 Name another; records are never overwritten.",
            ) from None
        except FileNotFoundError:
            raise InputError("没有此文件夹 there is no such folder", where=str(path.parent), mend="Make it.") from None

    def act(self, kind: str, body: Body) -> Event:
        """Add an event of any kind, if the rules allow it; raises ActRefused otherwise."""
        try:
            event = event_after(self._events[-1], kind, body, actor=self._actor, at=self.clock())
        except (ValueError, UnicodeEncodeError) as fault:
            raise ActRefused(f"内容无法记录 this cannot be recorded: {fault}") from None
        apply(self.state, event)
        self._events.append(event)
        return event

    def enter(
        self,
        entrant: str,
        name: str,
        *,
        group: str,
        organisations: Sequence[str] = (),
        counties: Sequence[str] = (),
    ) -> Event:
        """Enter a cluster into a group, with the organisations behind it and the counties it lies in."""
        body: dict[str, Json] = {"entrant": entrant, "name": name, "group": group}
        return self.act("entered", body | {"organisations": list(organisations), "counties": list(counties)})

    def withdraw(self, entrant: str, reason: str) -> Event:
        """Take an entry back; possible while entries are open."""
        return self.act("withdrawn", {"entrant": entrant, "reason": reason})

    def register_judge(self, judge: str, name: str, **parts: Sequence[str]) -> Event:
        """Register a judge with the parts of `Judge`: organisations, counties, groups, finals, only,
        conflict_entrants, conflict_organisations, conflict_counties.
        """
        return self.act("judge_registered", {"judge": judge, "name": name} | {key: list(v) for key, v in parts.items()})

    def dismiss_judge(self, judge: str, reason: str) -> Event:
        """Take a judge off the register before scoring begins; the id may then be registered again."""
        return self.act("judge_dismissed", {"judge": judge, "reason": reason})

    def declare_conflict(self, judge: str, entrant: str, reason: str) -> Event:
        """Exclude a judge from an entrant; possible until a round's opening begins, even after the sheet is sealed."""
        return self.act("conflict_declared", {"judge": judge, "entrant": entrant, "reason": reason})

    def advance(self) -> Event:
        """Go on to the next state; the finalists are written into the record where the final begins."""
        following = next_stage(self.state)
        if following is None:
            raise ActRefused("竞赛已结束 the contest is over: its results are final")
        body: dict[str, Json] = {"to": following}
        if following == "final_scoring":
            body["finalists"] = {track: list(names) for track, names in finalists(self.state).items()}
        return self.act("advanced", body)

    def seal(self, sheet: SealedSheet) -> Event:
        """Record that a judge has sealed a sheet; its scores stay out of the record. A later sheet replaces it."""
        if sheet.contest != self.state.id:
            raise ActRefused(f"评分表属于另一竞赛 the sheet is of another contest: {sheet.contest!r}")
        return self.act("sealed", {"round": sheet.round, "judge": sheet.judge, "commitment": sheet.commitment})

    def reveal(self, sheet: SealedSheet) -> Event:
        """Open a sealed sheet: it has to be the one that was sealed. The order of opening does not matter."""
        return self.act("revealed", sheet.body())

    def set_aside(self, round_name: RoundName, judge: str, reason: str) -> Event:
        """Go on without a judge's sheet of a round that is being scored: missing, or not the one sealed."""
        return self.act("set_aside", {"round": round_name, "judge": judge, "reason": reason})

    def extend(self, deadline: str, to: dt.datetime, reason: str) -> Event:
        """Put a deadline off."""
        return self.act("extended", {"deadline": deadline, "to": time_text(to), "reason": reason})

    def appeal(self, entrant: str, round_name: RoundName, reason: str) -> str:
        """File an appeal; gives its id."""
        name = f"appeal-{len(self.state.appeals) + 1}"
        self.act("appealed", {"appeal": name, "entrant": entrant, "round": round_name, "reason": reason})
        return name

    def decide_appeal(
        self, appeal: str, *, upheld: bool, reason: str, corrections: Iterable[Mapping[str, Json]] = ()
    ) -> Event:
        """Uphold or reject an appeal; what is upheld may correct (see `CORRECTIONS`)."""
        return self.act(
            "appeal_decided",
            {"appeal": appeal, "upheld": upheld, "reason": reason, "corrections": [dict(part) for part in corrections]},
        )

    def decide(self, matter: str, chosen: Sequence[str], reason: str) -> Event:
        """Decide a matter that `open_matters` names; `chosen` are those of the concerned who get the place."""
        return self.act("decided", {"matter": matter, "chosen": list(chosen), "reason": reason})


@contextmanager
def editing(path: Path, *, actor: str, clock: Clock, at: str | None = None) -> Iterator[Contest]:
    """Hold a record for writing: gives the contest, and appends its new events when the block ends without an error.

    Acts are done at the moment that `clock` gives, those of a rehearsal `at` the one named. Another process that edits
    the same record waits. Raises FileUnreadable or RecordBroken for the record as it is, ActRefused or InputError for
    a moment as `clock_of` does.
    """
    _must_exist(path)
    with path.open("r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        data = stream.read()
        contest = Contest(read_events(data, where=str(path)), actor=actor, clock=clock, where=str(path))
        contest.clock = clock_of(contest.state.definition, clock, at, rehearsal=contest.state.rehearsal)
        before = len(contest.events)
        yield contest
        added = as_bytes(contest.events[before:])
        if added:
            stream.seek(len(data))
            stream.write(added)
            stream.flush()
            os.fsync(stream.fileno())


def _must_exist(path: Path) -> None:
    if not path.is_file():
        read_record(path)
