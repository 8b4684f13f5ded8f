"""`gaoyuan serve` and `gaoyuan publish` as a user runs them: the real command, real HTTP."""

from __future__ import annotations

import gzip
import http.client
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gaoyuan.portal.serving.following import end_with_parent
from gaoyuan.workspace import Workspace

from ..databases import Databases

PROGRAM = str(Path(sys.executable).parent / "gaoyuan")
PASSWORD = "correct horse battery 91"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl) -> None:
        return None


class Browser:
    """A browser without scripts: cookies, forms, no redirects."""

    def __init__(self, address: str, cookies: http.cookiejar.CookieJar | None = None) -> None:
        self.address = address.rstrip("/")
        self.cookies = http.cookiejar.CookieJar() if cookies is None else cookies
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _Stay)

    def get(self, path: str) -> tuple[int, str]:
        return self._open(urllib.request.Request(self.address + path))

    def post(self, path: str, **given: str) -> tuple[int, str]:
        token = next(one.value for one in self.cookies if one.name == "csrftoken")
        body = urllib.parse.urlencode({**given, "csrfmiddlewaretoken": token or ""}).encode()
        return self._open(urllib.request.Request(self.address + path, body))

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()


class Served:
    """A running `gaoyuan serve`, with what it has said."""

    def __init__(self, folder: Path, environment: dict[str, str], *options: str) -> None:
        self.port = _free_port()
        self.inside: Browser | None = None
        command = [PROGRAM, "serve", str(folder), "--port", str(self.port), "--quiet", *options]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            preexec_fn=end_with_parent,
        )
        self.said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "用浏览器打开" in line:
                break
        patience = time.monotonic() + 90
        while time.monotonic() < patience:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.2)

    @property
    def browser(self) -> Browser:
        return Browser(f"http://127.0.0.1:{self.port}")

    @property
    def setup_path(self) -> str | None:
        found = re.search(r"http://127\.0\.0\.1:\d+(/setup/\S+)", self.said)
        return found[1] if found else None

    @property
    def administrator(self) -> Browser:
        """Somebody who is signed in as the administrator, whose account is made where there is none."""
        if self.inside is None:
            self.inside = self.browser
            assert self.setup_path is not None, self.said
            self.inside.get(self.setup_path)
            form = {"username": "admin", "email": "", "password1": PASSWORD, "password2": PASSWORD}
            assert self.inside.post(self.setup_path, **form)[0] == 302
        return self.inside

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.end()

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, env=environment)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in found.read_text().split()] if found.exists() else []


def _below(pid: int) -> list[int]:
    return [found for child in _children(pid) for found in (child, *_below(child))]


@pytest.fixture(scope="module")
def folder(demonstrated: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(demonstrated.path, tmp_path_factory.mktemp("serving") / "workspace")


@pytest.fixture(scope="module")
def environment(databases: Databases, folder: Path) -> dict[str, str]:
    """Of a portal that nobody has started yet."""
    return databases.environment(folder / "portal", "nothing")


@pytest.fixture
def empty_portal(databases: Databases, tmp_path: Path) -> dict[str, str]:
    """The environment of a portal into which nothing has been published."""
    return databases.environment(tmp_path / "portal", "migrated")


@pytest.fixture(scope="module")
def served(folder: Path, environment: dict[str, str]) -> Iterator[Served]:
    with Served(folder, environment, "--public") as running:
        yield running


def test_the_first_start_gives_a_link_that_makes_one_administrator_even_of_two_at_once(served) -> None:
    path = served.setup_path
    assert path is not None, served.said
    assert "密码" not in served.said
    browsers = [served.browser for _ in range(4)]
    for browser in browsers:
        assert browser.get(path)[0] == 200
    answers: list[int] = []
    gate = threading.Barrier(len(browsers))

    def send(number: int) -> None:
        gate.wait()
        form = {"username": f"admin{number}", "email": "", "password1": PASSWORD, "password2": PASSWORD}
        answers.append(browsers[number].post(path, **form)[0])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 404, 404, 404]
    inside = [browser for browser in browsers if browser.get("/people/")[0] == 200]
    served.inside = inside[0]
    assert len(inside) == 1
    assert served.browser.get(path)[0] == 404
    assert inside[0].get("/audit/")[0] == 200


def test_what_is_published_is_read_by_everybody_with_public(served) -> None:
    status, body = served.browser.get("/api/clusters")
    assert status == 200
    assert json.loads(body)["total"] > 0
    request = urllib.request.Request(f"{served.browser.address}/api/frame", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert "regions" in json.loads(gzip.decompress(answer.read()))
    assert served.browser.get("/static/../../etc/passwd")[0] == 404


def test_a_host_that_is_not_ours_is_refused(served) -> None:
    request = urllib.request.Request(f"{served.browser.address}/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)


def test_a_killed_background_worker_is_started_again(served) -> None:
    def workers() -> list[int]:
        return [pid for pid in _children(served.process.pid) if b"jobs.worker" in _command(pid)]

    [before] = workers()
    os.kill(before, signal.SIGKILL)
    patience = time.monotonic() + 60
    while workers() in ([], [before]):
        assert time.monotonic() < patience
        time.sleep(0.2)
    assert served.browser.get("/accounts/login/")[0] == 200


def test_a_port_in_use_is_said_before_anything_is_done(served, folder, environment) -> None:
    done = _run(environment, "serve", str(folder), "--port", str(served.port))
    assert (done.returncode, done.stdout) == (2, "")
    assert "已有其他程序占用" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_publishing_again_while_it_is_served_replaces_what_is_shown(served, folder, environment) -> None:
    before = json.loads(served.browser.get("/api/snapshots")[1])
    done = _run(environment, "publish", str(folder), "--public", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    made = json.loads(done.stdout)
    after = json.loads(served.browser.get("/api/snapshots")[1])
    assert [one["id"] for one in after] == [made["snapshot"]] != [one["id"] for one in before]
    assert made["parts"] > 0 < made["firms"]


def test_a_publishing_that_is_killed_leaves_the_old_snapshot_whole(served, folder, environment) -> None:
    def shown() -> tuple[str, str]:
        browser = served.browser
        return json.loads(browser.get("/api/snapshots")[1])[0]["id"], browser.get("/api/clusters?size=500")[1]

    before = shown()
    command = [PROGRAM, "publish", str(folder), "--public"]
    publishing = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert publishing.stderr is not None
    for line in publishing.stderr:
        if "parts" in line or "firms" in line:
            break
    publishing.send_signal(signal.SIGKILL)
    publishing.communicate()
    assert shown() == before
    done = _run(environment, "publish", str(folder), "--public", "--json")
    assert done.returncode == 0, done.stderr
    after = shown()
    assert after[0] == json.loads(done.stdout)["snapshot"]
    assert after[1] == before[1], "nothing of the killed one is left among the new"


def test_an_unknown_organisation_is_said(folder, served, environment) -> None:
    done = _run(environment, "publish", str(folder), "--organisation", "没有的局")
    assert done.returncode == 2
    assert "没有名为" in done.stderr
    assert "Traceback" not in done.stderr


class _Writer(threading.Thread):
    """Sends a form again and again, whatever happens to the server, and remembers what was acknowledged."""

    def __init__(self, send: Callable[[int], bool]) -> None:
        super().__init__()
        self._send, self._stopped = send, threading.Event()
        self.sent, self.acknowledged = 0, list[int]()

    def run(self) -> None:
        while not self._stopped.is_set():
            self.sent += 1
            try:
                if self._send(self.sent):
                    self.acknowledged.append(self.sent)
            except (OSError, http.client.HTTPException):
                self._stopped.wait(0.1)

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def wait_for_more(self, number: int) -> None:
        """Wait until so many more have been acknowledged."""
        wanted, patience = len(self.acknowledged) + number, time.monotonic() + 60
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < patience, "nothing is acknowledged any more"
            time.sleep(0.01)


def _begun(browser: Browser, cluster: str) -> str:
    """Begin an assessment; gives its address."""
    page = browser.get("/assessments/new/")[1]
    edition = re.search(r'<option value="(cn-sme-cluster[^"]+)"', page)
    assert edition is not None
    given = {"cluster": cluster, "edition": edition[1], "application": "new", "as_of": "2026-06-30"}
    status, _ = browser.post("/assessments/new/", **given)
    assert status == 302
    found = re.search(r'href="(/assessments/[0-9a-f-]{36}/)"', browser.get("/assessments/")[1])
    assert found is not None
    return found[1]


def _shown(browser: Browser, address: str) -> tuple[int, float]:
    """Give the revision of an assessment and the value of the fact that the writers write, in percent."""
    page = browser.get(address)[1]
    revision = re.search(r'name="revision" value="(\d+)"', page)
    value = re.search(r'name="value-sme_output_share:" value="([^"]*)%"', page)
    assert revision is not None
    return int(revision[1]), float(value[1]) if value else -1.0


def test_what_was_acknowledged_outlives_every_kill_of_the_server_and_nothing_is_half(
    served, folder, environment
) -> None:
    first = served.administrator
    cluster = json.loads(first.get("/api/clusters?size=1")[1])["items"][0]["cluster_id"]
    address = _begun(first, cluster)
    begun, _ = _shown(first, address)
    with Served(folder, environment, "--no-publish") as second:
        # One database and one key of sessions: who is signed in at one server is at the other.
        one, other = (Browser(second.browser.address, first.cookies) for _ in range(2))

        def sends_key(number: int) -> bool:
            status, page = one.post("/api/tokens/", name=f"written {number} times")
            return status == 200 and "gaoyuan_" in page

        def sends_fact(number: int) -> bool:
            given = {"revision": str(_shown(other, address)[0]), "action": "save"}
            return other.post(address, **given, **{"value-sme_output_share:": f"{number / 10}%"})[0] == 302

        keys, facts = _Writer(sends_key), _Writer(sends_fact)
        keys.start()
        facts.start()
        try:
            for _ in range(2):
                keys.wait_for_more(3)
                facts.wait_for_more(2)
                [granian] = [pid for pid in _children(second.process.pid) if b"granian" in _command(pid)]
                os.kill(_children(granian)[-1], signal.SIGKILL)
            keys.wait_for_more(3)
            facts.wait_for_more(2)
            below = _below(second.process.pid)
            assert second.end(signal.SIGKILL) == -signal.SIGKILL
            _wait_for_end(below)
        finally:
            keys.stop()
            facts.stop()
    listed = first.get("/api/tokens/")[1]
    assert [number for number in keys.acknowledged if f">written {number} times<" not in listed] == []
    revision, value = _shown(first, address)
    assert value in {facts.acknowledged[-1] / 10, facts.sent / 10}
    assert len(facts.acknowledged) <= revision - begun <= facts.sent, "each save counts once, with its verdict"
    criterion = first.get(f"{address}?format=csv")[1]
    assert f"{value:g}%" in criterion.replace(".0%", "%"), "the verdict is that of the facts"


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_all_of_its_processes_and_starts_again_without_a_link(served, folder, environment, how) -> None:
    with Served(folder, environment, "--no-publish") as second:
        assert second.setup_path is None, "there is an administrator"
        assert second.browser.get("/accounts/login/")[0] == 200
        below = _below(second.process.pid)
        assert len(below) >= 3, "the server, its process and the worker"
        code = second.end(how)
    assert code == 0
    _wait_for_end(below)


def _wait_for_end(below: list[int]) -> None:
    patience = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text() for pid in below):
        assert time.monotonic() < patience, "processes are left behind"
        time.sleep(0.2)


def test_a_workspace_without_results_is_served_with_what_to_do_next(empty_portal, tmp_path) -> None:
    assert _run(empty_portal, "init", str(tmp_path / "empty")).returncode == 0
    with Served(tmp_path / "empty", empty_portal) as running:
        assert "observe" in running.said
        assert running.setup_path is not None
        assert running.browser.get("/")[0] == 200
        assert running.end() == 0
    done = _run(empty_portal, "publish", str(tmp_path / "empty"))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_reached_is_said(tmp_path) -> None:
    assert _run(dict(os.environ), "init", str(tmp_path / "empty")).returncode == 0
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    environment.pop("GAOYUAN_PORTAL", None)
    command = [PROGRAM, "publish", str(tmp_path / "empty")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 2
    assert "数据库" in done.stderr
    assert "Traceback" not in done.stderr
