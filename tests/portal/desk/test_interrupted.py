"""The worker as a process of its own, stopped and killed in the middle of an import."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..databases import Databases

_PATIENCE_SECONDS = 240
_DESK = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.desk.models import Upload
from gaoyuan.portal.desk.spaces import own_workspace
from gaoyuan.portal.jobs.models import Job
client = Client(HTTP_HOST="localhost")
user, made = User.objects.get_or_create(username="office")
if made:
    office = Organisation.objects.create(name="office", kind=Role.COUNTY, division="370202")
    Membership.objects.create(user=user, organisation=office)
client.force_login(user, "django.contrib.auth.backends.ModelBackend")
for line in sys.stdin:
    what, *given = line.split()
    if what == "upload":
        client.post("/desk/workspace/")
        body = SimpleUploadedFile("register.csv", Path(given[0]).read_bytes())
        address = client.post("/desk/", {"kind": "enterprises", "file": body}).headers["Location"]
        answer = {"address": address}
    elif what == "import":
        upload = Upload.unscoped.get()
        form = {f"column-{at}": target for at, (target, unit) in enumerate(upload.columns)}
        answer = {"status": client.post(given[0], {"do": "import", **form}).status_code}
    elif what == "stop":
        answer = {"status": client.post(f"/desk/jobs/{Upload.unscoped.get().job_id}/stop/").status_code}
    elif what == "page":
        answer = {"page": client.get(given[0]).content.decode()}
    else:
        job = Job.unscoped.filter(kind="import").first()
        workspace = own_workspace(Organisation.objects.get())
        rows = workspace.read("register", ["row"]).num_rows if workspace.has("register") else 0
        answer = {"state": job and job.state, "stage": job and job.stage, "done": job and job.done,
                  "fault": job and job.fault, "rows": rows, "staging": (workspace.path / ".staging").exists()}
    print(json.dumps(answer), flush=True)
"""


class Desk:
    """The data desk of a portal of its own, without a server, in a process that the tests talk to."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        command = [sys.executable, "-c", _DESK]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment
        )

    def ask(self, *words: str) -> dict[str, object]:
        assert self._process.stdin
        assert self._process.stdout
        print(*words, file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def wait(self, **wanted: object) -> dict[str, object]:
        for _ in range(_PATIENCE_SECONDS * 20):
            found = self.ask("state")
            if all(found[name] == value for name, value in wanted.items()):
                return found
            time.sleep(0.05)
        raise AssertionError(f"{wanted} did not come, but {self.ask('state')}")

    def worker(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "gaoyuan.portal.jobs.worker"], env=self.environment)

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@pytest.fixture
def own_desk(databases: Databases, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(databases.environment(tmp_path / "portal", "migrated"))
    yield made
    made.close()


def test_an_import_whose_worker_is_killed_has_not_been_and_can_be_started_again(own_desk, tmp_path):
    register = tmp_path / "register.csv"
    row = "青岛{}毛巾有限公司,毛巾生产；纺织品批发、零售；货物进出口,山东省青岛市市南区香港中路{}号,2015-03-01\n"
    rows = 200_000
    register.write_text("企业名称,经营范围,住所,成立时间\n" + "".join(row.format(n, n) for n in range(rows)), "utf-8")
    address = str(own_desk.ask("upload", str(register))["address"])
    first = own_desk.worker()
    try:
        while '<table id="columns">' not in str(own_desk.ask("page", address)["page"]):
            time.sleep(0.1)
        own_desk.ask("import", address)
        own_desk.wait(state="running", stage="read")
        own_desk.ask("stop")
        assert own_desk.wait(state="cancelled")["rows"] == 0
        assert own_desk.ask("state")["staging"] is False

        own_desk.ask("import", address)
        own_desk.wait(state="running", stage="read")
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    left = own_desk.ask("state")
    assert (left["state"], left["rows"]) == ("running", 0)

    second = own_desk.worker()
    try:
        failed = own_desk.wait(state="failed")
        assert failed["fault"]
        assert failed["rows"] == 0
        assert "可以重新开始导入" in str(own_desk.ask("page", address)["page"])
        own_desk.ask("import", address)
        assert own_desk.wait(state="done")["rows"] == rows
    finally:
        second.terminate()
        second.wait()
