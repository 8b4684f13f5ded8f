"""Acts on a contest by the engine's own functions: read the record, act, write what it adds in one transaction."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gaoyuan.assess import contest as engine
from gaoyuan.assess.contest.canonical import time_text
from gaoyuan.errors import FileUnreadable, GaoyuanError
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.contests.models import Contest, RecordLine
from gaoyuan.portal.desk.archives import check_workbook
from gaoyuan.portal.faults import fault_words, in_own_language

EXAMPLE = Path(__file__).parent / "example.yaml"
MOST_BYTES = 5 << 20
_MOST_ACTOR = 100
_OWN_FILE = re.compile(r"^\S*/file\.\w+(: )?")
"""How places begin that are in a file that was sent: the folder is nobody's business."""


@dataclass
class Held:
    """A contest that is being acted on: its row and its engine."""

    row: Contest
    engine: engine.Contest

    @property
    def state(self) -> engine.ContestState:
        """Where it stands."""
        return self.engine.state


def begin(viewer: Viewer, organisation: Organisation, definition: engine.Definition, at: str | None) -> Contest:
    """Begin a contest; `at` is the first moment of a rehearsal, None for a contest. Raises ActRefused, InputError."""
    rehearsal = at is not None
    clock = engine.clock_of(definition, timezone.now, at, rehearsal=rehearsal)
    made = engine.Contest.new(definition, actor=actor_of(viewer), clock=clock, rehearsal=rehearsal)
    with transaction.atomic():
        row = Contest.objects.create_for(
            organisation,
            title_zh=made.state.title.zh[:300],
            title_en=made.state.title.en[:300],
            rehearsal=rehearsal,
            moment=at or "",
            made_by=viewer.user,
        )
        _write(row, made, 0)
    return row


@contextmanager
def editing(contests: QuerySet[Contest], pk: object, viewer: Viewer, at: str = "") -> Iterator[Held]:
    """Hold one of some contests for an act; what the engine adds to its record is written when the block ends without
    an error. A rehearsal goes by the moment given, else by the one of the last act. Raises Contest.DoesNotExist.
    """
    with transaction.atomic():
        row = contests.select_for_update(of=("self",)).get(pk=pk)
        made = engine.Contest(engine.read_events(row.record), actor=actor_of(viewer), clock=timezone.now)
        moment = (at or row.moment) if row.rehearsal else None
        made.clock = engine.clock_of(made.state.definition, timezone.now, moment, rehearsal=row.rehearsal)
        if moment:
            row.moment = time_text(made.clock())
        before = len(made.events)
        yield Held(row, made)
        _write(row, made, before)


def state_of(row: Contest) -> engine.ContestState:
    """Give where a contest stands, from its record alone."""
    return engine.replay(row.record)


def actor_of(viewer: Viewer) -> str:
    """Give the name by which the record knows who acts."""
    assert viewer.user is not None, "the gate lets people pass only"
    return viewer.user.get_username()[:_MOST_ACTOR]


def said(fault: GaoyuanError) -> str:
    """Give what is wrong as the portal shows it, without the name of a file that only the portal knows."""
    where = _OWN_FILE.sub("", fault.where or "")
    text = fault_words(fault, where=False)
    return f"{in_own_language(where)}: {text}" if where and where != "record" and not where.startswith("--") else text


def now_of(row: Contest) -> dt.datetime | str:
    """Give the moment by which a contest goes."""
    return row.moment if row.rehearsal else timezone.now()


@contextmanager
def uploaded(file: UploadedFile | None, endings: tuple[str, ...]) -> Iterator[Path]:
    """Put a file that was sent into a folder of its own for the engine to read. Raises FileUnreadable for none, one of
    another ending, or one that is too great.
    """
    if file is None or not file.size:
        raise FileUnreadable("no file was chosen, or it is empty", zh="没有选择文件，或文件为空")
    ending = Path(str(file.name or "")).suffix.lower()
    if ending not in endings:
        known = " ".join(endings)
        raise FileUnreadable(f"the file has to be one of: {known}", zh=f"文件须为：{known}")
    if file.size > MOST_BYTES:
        most = f"{MOST_BYTES >> 20} MB"
        raise FileUnreadable(f"the file is greater than {most}", zh=f"文件超过 {most}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{ending}"
        path.write_bytes(file.read())
        if ending == ".xlsx":
            check_workbook(path)
        yield path


def _write(row: Contest, made: engine.Contest, before: int) -> None:
    for event in made.events[before:]:
        RecordLine.objects.create_for(row.organisation, contest=row, number=event.number, line=event.line.decode())
    row.stage, row.head, row.events = made.state.stage, made.state.head, made.state.events
    row.save()
