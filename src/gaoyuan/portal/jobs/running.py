"""Starting jobs and running them: each kind is a function that tells how far it is and asks whether to stop."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any, TypeAlias

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.jobs.models import Job, State
from gaoyuan.portal.jobs.queue import queue

Plain: TypeAlias = "dict[str, Any]"
Tell = Callable[[str, int, int], None]
Work = Callable[[Job, Tell], Plain]

_log = logging.getLogger(__name__)
_TELL_EVERY_SECONDS = 0.5
_INTERRUPTED = "处理被中断，请重新开始 interrupted; start it again"
_INTERNAL = "内部错误，管理员可在日志中查看 internal error; see the server's log"
KINDS: dict[str, Work] = {}
"""Kind to the function that does it; `kind` fills it."""
REGULAR: list[Callable[[], object]] = []
"""What the worker does again and again, every twenty seconds, such as passing deadlines."""


class Stopped(Exception):
    """Somebody has asked that the job ends."""


def kind(name: str) -> Callable[[Work], Work]:
    """Make a function the work of a kind of job. It gets the job and `tell(stage, done, total)`, gives plain data, and
    may raise any error of `gaoyuan.errors` for the user to read.
    """

    def register(work: Work) -> Work:
        KINDS[name] = work
        return work

    return register


def start(name: str, viewer: Viewer, given: Plain) -> Job:
    """Write a job down for the viewer's organisation and put it into the queue once that is on the disk."""
    if name not in KINDS:
        raise LookupError(f"no kind of job is called {name}")
    if viewer.organisation is None:
        raise PermissionError("jobs belong to organisations")
    job = Job.objects.create_for(viewer.organisation, kind=name, given=given, by=viewer.user)
    transaction.on_commit(lambda: _run(str(job.pk)))
    return job


def stop(job: Job) -> None:
    """Ask that a job ends: at once where it waits, else when it next tells how far it is. What has ended stays so."""
    waiting = update_logged(
        Job.unscoped.filter(pk=job.pk, state=State.QUEUED), state=State.CANCELLED, ended=timezone.now()
    )
    if not waiting:
        update_logged(Job.unscoped.filter(pk=job.pk, state=State.RUNNING), stop=True)


def fail_abandoned() -> None:
    """Fail what is written down as running though no worker runs; called when the one worker starts."""
    left = Job.unscoped.filter(state=State.RUNNING)
    update_logged(left, state=State.FAILED, fault=_INTERRUPTED, ended=timezone.now())


def queue_lost() -> int:
    """Put jobs that wait in the table into an empty queue, oldest first, and give their number. A process that was
    killed between the two has left them; one that is in the queue twice is run once.
    """
    if queue.pending_count():
        return 0
    lost = list(Job.unscoped.filter(state=State.QUEUED).order_by("made").values_list("pk", flat=True))
    for pk in lost:
        _run(str(pk))
    return len(lost)


@queue.task()
def _run(pk: str) -> None:
    _drop_old_connection()
    try:
        _work(pk)
    finally:
        _drop_old_connection()


def _drop_old_connection() -> None:
    """Drop a connection that the server has closed meanwhile; one within a transaction is still being used."""
    if not connection.in_atomic_block:
        close_old_connections()


def _work(pk: str) -> None:
    waiting = Job.unscoped.filter(pk=pk, state=State.QUEUED)
    taken = update_logged(waiting, state=State.RUNNING, begun=timezone.now())
    if not taken:
        return
    job = Job.unscoped.select_related("organisation", "by").get(pk=pk)
    try:
        result = KINDS[job.kind](job, _teller(pk))
        json.dumps(result, allow_nan=False)
        end: Plain = {"state": State.DONE, "result": result}
    except Stopped:
        end = {"state": State.CANCELLED}
    except GaoyuanError as fault:
        end = {"state": State.FAILED, "fault": _said(fault)}
    except Exception:
        _log.exception("job %s of kind %s failed", pk, job.kind)
        end = {"state": State.FAILED, "fault": _INTERNAL}
    _end(pk, end)


def _teller(pk: str) -> Tell:
    """Give what a job tells its progress to: each new stage is written at once, steps within it twice a second."""
    mine = Job.unscoped.filter(pk=pk)
    last: tuple[str, float] | None = None

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if last is not None and last[0] == stage and now - last[1] < _TELL_EVERY_SECONDS and done != total:
            return
        last = (stage, now)
        # How far it is comes twice a second, and is nothing that the audit log is asked for.
        mine.update(stage=stage[:40], done=done, total=total)
        if mine.filter(stop=True).exists():
            raise Stopped

    return tell


def _end(pk: str, end: Plain) -> None:
    """Write down how a running job has ended; one that another worker has failed meanwhile stays as it is."""
    running = Job.unscoped.filter(pk=pk, state=State.RUNNING)
    try:
        with transaction.atomic():
            update_logged(running, ended=timezone.now(), **end)
    except (DatabaseError, ValueError):
        # A result that this database cannot keep, such as a zero letter in PostgreSQL.
        _log.exception("the end of job %s cannot be written", pk)
        update_logged(running, ended=timezone.now(), state=State.FAILED, fault=_INTERNAL)


def _said(fault: GaoyuanError) -> str:
    what = f"{fault.where}: {fault.said}" if fault.where else fault.said
    return "\n".join(part for part in (what, fault.mend_said) if part)


def workspace_of(organisation: Organisation) -> str:
    """Give the folder of an organisation's workspace, or that of the nearest organisation above that has one; empty
    where none has.
    """
    above = Organisation.objects.filter(pk__in=[organisation.pk, *organisation.above]).exclude(workspace="")
    nearest = above.order_by("-path").first()
    return nearest.workspace if nearest else ""
