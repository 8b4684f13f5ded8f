"""Moving cases: the move, its record, who takes part and who is told are written together or not at all."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from django.db import connection, transaction
from django.utils import timezone

from gaoyuan.exchange.process import (
    Case as Standing,
)
from gaoyuan.exchange.process import (
    Moved,
    Process,
    Value,
    as_plain,
    begin,
    make_move,
    pass_deadline,
    process,
)
from gaoyuan.exchange.process.values import as_text, from_text
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case, Counter, Notice, Participation, RecordDetail, RecordLine
from gaoyuan.portal.cases.service import Detail, Refused
from gaoyuan.trust.commitments import Opening, commitment, new_salts

__all__ = ["PROGRAM", "act", "move_by_program", "move_case", "open_case", "pass_deadlines", "standing_of"]

Act: TypeAlias = Callable[[Case, Moved, RecordLine], None]
PROGRAM = "program"
"""Who has moved a case where the portal did so by what it has computed."""
_log = logging.getLogger(__name__)
ACTS: dict[tuple[str, str], Act] = {}
"""What is done when a move asks for it: by process and the act's name; `act` fills it."""


def act(process_key: str, name: str) -> Callable[[Act], Act]:
    """Make a function what is done for an act of a process, in the move's transaction: an error undoes both."""

    def register(work: Act) -> Act:
        ACTS[process_key, name] = work
        return work

    return register


def open_case(
    viewer: Viewer,
    key: str,
    *,
    role: str,
    title: str,
    given: Mapping[str, Value],
    why: str = "",
    detail: Detail | None = None,
) -> Case | Refusal:
    """Open a case of a process for the viewer's organisation, or say why not."""
    own = viewer.organisation
    if own is None:
        return Refusal("nobody", "请先登录", "sign in first")
    asked = process(key)
    try:
        with transaction.atomic():
            at = timezone.now()
            moved = begin(asked, actor=str(own.pk), role=role, at=at, given=given, why=why)
            if isinstance(moved, Refusal):
                return moved
            division = _division_of(own)
            case = Case(organisation=own, process=key, edition=asked.edition, title=title[:300], division=division)
            _write(case, asked, moved, viewer, detail)
            _take_part(own, case, role)
            return case
    except Refused as refused:
        return refused.refusal


def move_case(
    viewer: Viewer,
    case: Case,
    move: str,
    *,
    role: str,
    given: Mapping[str, Value] | None = None,
    why: str = "",
    detail: Detail | None = None,
) -> Case | Refusal:
    """Make a move for the viewer's organisation, or say why not. Two moves at once follow one another: the second is
    judged by where the first has led.
    """
    own = viewer.organisation
    if own is None:
        return Refusal("nobody", "请先登录", "sign in first")
    return _move(case, move, str(own.pk), role, given or {}, why, viewer, detail)


def move_by_program(
    case: Case,
    move: str,
    *,
    role: str,
    given: Mapping[str, Value] | None = None,
    why: str = "",
    detail: Detail | None = None,
) -> Case | Refusal:
    """Make a move that follows from what the portal has computed, such as the offer of a place that became free, or say
    why not. The record names the program as who moved.
    """
    return _move(case, move, PROGRAM, role, given or {}, why, None, detail)


def pass_deadlines(now: dt.datetime | None = None) -> int:
    """Move all cases whose deadline has passed, each by itself, and give how many. One that cannot be moved is left as
    it was, says so (`failing`) and holds up no other.
    """
    at = now or timezone.now()
    done = 0
    for pk in list(Case.unscoped.filter(deadline__lte=at).order_by("deadline").values_list("pk", flat=True)):
        try:
            with _locked(pk) as (held, asked):
                moved = pass_deadline(asked, standing_of(held), max(at, held.last_at))
                if moved is None:
                    continue
                held.failing = ""
                _write(held, asked, moved, None)
                done += 1
        except Exception as fault:
            _log.exception("case %s cannot pass its deadline", pk)
            Case.unscoped.filter(pk=pk).update(failing=(str(fault) or type(fault).__name__)[:2000])
    return done


def _move(
    case: Case,
    move: str,
    actor: str,
    role: str,
    given: Mapping[str, Value],
    why: str,
    viewer: Viewer | None,
    detail: Detail | None,
) -> Case | Refusal:
    try:
        with _locked(case.pk) as (held, asked):
            at = max(timezone.now(), held.last_at)
            moved = make_move(asked, standing_of(held), move, actor=actor, role=role, at=at, given=given, why=why)
            if isinstance(moved, Refusal):
                return moved
            if viewer is not None and viewer.organisation is not None:
                _take_part(viewer.organisation, held, role)
            _write(held, asked, moved, viewer, detail)
            return held
    except Refused as refused:
        return refused.refusal


def standing_of(case: Case) -> Standing:
    """Give where a case stands in the terms of the engine."""
    kinds = process(case.process).facts
    facts = {name: from_text(text, kinds[name].kind) for name, text in case.facts.items()}
    return Standing(case.process, case.edition, case.state, case.since, case.deadline, facts, case.number, case.last_at)


@contextmanager
def _locked(pk: object) -> Iterator[tuple[Case, Process]]:
    """Hold a case against other moves until the transaction ends."""
    with transaction.atomic():
        case = Case.unscoped.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
        yield case, process(case.process)


def _write(case: Case, asked: Process, moved: Moved, viewer: Viewer | None, detail: Detail | None = None) -> None:
    now = moved.case
    case.state, case.since, case.deadline = now.state, now.since, now.deadline
    case.facts = {name: as_text(value) for name, value in now.facts.items()}
    case.number, case.last_at = now.number, now.last_at
    case.save()
    for name, role in asked.roles.items():
        party = now.facts.get(role.party) if role.party else None
        if (
            party is not None
            and not Participation.unscoped.filter(case=case, organisation_id=party, role=name).exists()
        ):
            Participation.objects.create_for(Organisation.objects.get(pk=party), case=case, role=name)
    line = _write_line(case, moved, viewer, detail)
    if detail is not None:
        detail.save(case, line)
    for name in moved.does:
        work = ACTS.get((asked.key, name))
        if work is not None:
            work(case, moved, line)
    told = Participation.unscoped.filter(case=case, role__in=moved.tells).exclude(organisation_id=_mover(moved))
    for pk in sorted(set(told.values_list("organisation", flat=True))):
        Notice.objects.create_for(Organisation.objects.get(pk=pk), case=case, line=line)


def _write_line(case: Case, moved: Moved, viewer: Viewer | None, detail: Detail | None) -> RecordLine:
    """Write the record of a move, with a commitment to every field of its detail; their salts stay outside."""
    owner = viewer.organisation if viewer is not None and viewer.organisation is not None else case.organisation
    plain: dict[str, object] = dict(as_plain(moved.record))
    said = dict(detail.plain()) if detail is not None else {}
    salts = new_salts(said)
    if said:
        plain["commitments"] = {name: commitment(Opening(name, said[name], salts[name])) for name in sorted(said)}
    line = RecordLine.objects.create_for(
        case.organisation,
        case=case,
        number=moved.record.number,
        sequence=_next("records"),
        plain=plain,
        by=viewer.user if viewer else None,
    )
    if said:
        hexed = {name: salt.hex() for name, salt in salts.items()}
        RecordDetail.objects.create_for(owner, line=line, plain=said, salts=hexed)
    return line


def _take_part(organisation: Organisation, case: Case, role: str) -> None:
    if not Participation.unscoped.filter(case=case, organisation=organisation, role=role).exists():
        Participation.objects.create_for(organisation, case=case, role=role)


def _mover(moved: Moved) -> int:
    return int(moved.record.actor) if moved.record.actor.isdigit() else 0


def _next(name: str) -> int:
    """Take the next number; until this transaction ends, others wait for theirs."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Counter._meta.db_table)
        # One statement, for two could be parted by another's.
        cursor.execute(
            f"INSERT INTO {table} (name, last) VALUES (%s, 1)"
            f" ON CONFLICT (name) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [name],
        )
        row = cursor.fetchone()
    assert row is not None, "the statement gives the row that it has written"
    return int(row[0])


def _division_of(organisation: Organisation) -> str:
    """Give the division of an organisation, or of the nearest above that has one."""
    chain = Organisation.objects.filter(pk__in=[organisation.pk, *organisation.above]).exclude(division="")
    nearest = chain.order_by("-path").first()
    return nearest.division if nearest else ""
