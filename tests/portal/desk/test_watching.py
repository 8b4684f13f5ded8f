from __future__ import annotations

import threading

import pytest

from gaoyuan.errors import InputError
from gaoyuan.portal.desk import watching
from gaoyuan.portal.desk.watching import watched
from gaoyuan.portal.jobs.running import Stopped


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    monkeypatch.setattr(watching, "_TELL_EVERY_SECONDS", 0.001)


def test_the_progress_of_another_thread_is_told_by_the_jobs_own():
    here, told, seen = threading.get_ident(), [], threading.Event()

    def tell(stage, done, total):
        told.append((threading.get_ident(), stage, done, total))
        if stage == "read":
            seen.set()

    def work(progress):
        progress("read", 5)
        seen.wait()
        return "done"

    assert watched(work, tell) == "done"
    assert {one[0] for one in told} == {here}
    assert (here, "read", 5, 0) in told


def test_work_that_is_stopped_ends_at_its_next_step_and_nothing_goes_on_behind():
    ended = []

    def work(progress):
        try:
            while True:
                progress("read", 1)
        finally:
            ended.append(True)

    def stop(stage, done, total):
        raise Stopped

    with pytest.raises(Stopped):
        watched(work, stop)
    assert ended == [True]


def test_work_that_ends_without_another_step_has_been_done_although_it_was_stopped():
    asked = threading.Event()

    def stop(stage, done, total):
        asked.set()
        raise Stopped

    def work(progress):
        asked.wait()
        return "committed"

    assert watched(work, stop) == "committed"


def test_an_error_of_the_work_comes_out_as_it_is():
    def work(progress):
        raise InputError("no such thing")

    with pytest.raises(InputError, match="no such thing"):
        watched(work, lambda stage, done, total: None)


def test_an_error_of_time_of_the_work_is_not_taken_for_waiting():
    def work(progress):
        raise TimeoutError("of the work")

    with pytest.raises(TimeoutError, match="of the work"):
        watched(work, lambda stage, done, total: None)
