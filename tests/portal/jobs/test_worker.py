"""The worker as a process of its own: killed, started again, cancelled, and two of them at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..databases import Databases

KINDS = """
import time
from gaoyuan.portal.jobs.running import kind

@kind("slow")
def slow(job, tell):
    for at in range(600):
        tell("step", at, 600)
        time.sleep(0.1)
    return {}

@kind("quick")
def quick(job, tell):
    tell("step", 1, 1)
    return {"said": job.given["say"]}

@kind("spoilt")
def spoilt(job, tell):
    return {"value": float("nan")}
"""
WORKER = "import django; django.setup(); import kinds; from gaoyuan.portal.jobs.worker import main; main()"
ASKER = """
import sys, django; django.setup()
import kinds
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.jobs import running
organisation, _ = Organisation.objects.get_or_create(name="one", kind="county")
viewer = Viewer(Role.COUNTY, None, organisation)
for line in sys.stdin:
    print(eval(line), flush=True)
"""


class Portal:
    """A portal of its own in a folder, with a process that asks it and workers that a test starts and kills."""

    def __init__(self, folder: Path, databases: Databases) -> None:
        (folder / "kinds.py").write_text(KINDS)
        self.environment = {
            **databases.environment(folder, "migrated"),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH", "")])),
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        asker = [sys.executable, "-c", ASKER]
        self.asker = subprocess.Popen(
            asker, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, expression: str) -> str:
        """Give the value of an expression in the portal."""
        assert self.asker.stdin is not None
        assert self.asker.stdout is not None
        print(expression, file=self.asker.stdin, flush=True)
        return self.asker.stdout.readline().strip()

    def begin(self, name: str, **given: str) -> str:
        return self.ask(f"running.start('{name}', viewer, {given}).pk")

    def state(self, number: str) -> str:
        return self.ask(f"Job.unscoped.get(pk='{number}').state")

    def until(self, number: str, state: str) -> None:
        patience = time.monotonic() + 90
        while self.state(number) != state:
            assert time.monotonic() < patience, f"the job is {self.state(number)} and not {state}"
            time.sleep(0.1)

    def start(self) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen([sys.executable, "-c", WORKER], env=self.environment, stderr=subprocess.DEVNULL)
        self.workers.append(worker)
        return worker

    def kill_workers(self) -> None:
        for worker in self.workers:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        self.workers.clear()


@pytest.fixture(scope="module")
def shared_portal(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    made = Portal(tmp_path_factory.mktemp("portal"), databases)
    yield made
    made.asker.kill()
    made.asker.communicate()


@pytest.fixture
def portal(shared_portal: Portal) -> Iterator[Portal]:
    yield shared_portal
    shared_portal.kill_workers()


def test_a_job_of_a_killed_worker_is_failed_and_the_waiting_ones_are_done(portal) -> None:
    worker = portal.start()
    slow = portal.begin("slow")
    waiting = portal.begin("quick", say="等待")
    lost = portal.ask("Job.objects.create_for(organisation, kind='quick', given={'say': 'lost'}).pk")
    portal.until(slow, "running")
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert portal.state(slow) == "running", "nobody is there to write it down"
    portal.start()
    portal.until(waiting, "done")
    portal.until(lost, "done")
    assert portal.ask(f"Job.unscoped.get(pk='{slow}').fault").startswith("处理被中断")
    assert portal.ask(f"Job.unscoped.get(pk='{slow}').ended") != "None"
    assert portal.ask(f"Job.unscoped.get(pk='{waiting}').result") == "{'said': '等待'}"


def test_jobs_are_cancelled_while_they_run_and_while_they_wait(portal) -> None:
    portal.start()
    slow, waiting = portal.begin("slow"), portal.begin("quick", say="")
    portal.until(slow, "running")
    portal.ask(f"[running.stop(Job.unscoped.get(pk=one)) for one in ('{waiting}', '{slow}')]")
    assert portal.state(waiting) == "cancelled"
    portal.until(slow, "cancelled")
    after = portal.begin("quick", say="after")
    portal.until(after, "done")
    portal.ask(f"running.stop(Job.unscoped.get(pk='{after}'))")
    assert portal.state(after) == "done", "what has ended stays so"
    assert portal.state(waiting) == "cancelled"


def test_a_second_worker_waits_for_the_first_and_takes_nothing_from_it(portal) -> None:
    first = portal.start()
    slow = portal.begin("slow")
    portal.until(slow, "running")
    second = portal.start()
    time.sleep(2)
    assert (portal.state(slow), second.poll()) == ("running", None)
    first.send_signal(signal.SIGKILL)
    first.wait()
    portal.until(slow, "failed")


def test_a_result_that_is_no_json_fails_the_job_and_not_the_worker(portal) -> None:
    portal.start()
    spoilt = portal.begin("spoilt")
    portal.until(spoilt, "failed")
    after = portal.begin("quick", say="")
    portal.until(after, "done")
