"""People at the workbench: a real `gaoyuan serve`, and browsers without scripts that remember what was acknowledged."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

PASSWORD = "correct horse battery 91"
_PATIENCE_SECONDS = 120
_MOST_SECONDS = 60
_IDLE_SECONDS = 5
"""A connection that has been idle longer is not used again: a server may have closed it."""


class Server:
    """A running `gaoyuan serve` of a workspace, with the portal in a folder of its own."""

    def __init__(self, workspace: Path, portal: Path, workers: int = 1) -> None:
        self._workspace, self._workers = workspace, workers
        self._environment = {**os.environ, "GAOYUAN_PORTAL": str(portal)}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.setup = ""

    def start(self, *options: str) -> None:
        """Start it, and wait until it answers."""
        command = [str(Path(sys.executable).parent / "gaoyuan"), "serve", str(self._workspace), "--quiet"]
        command += ["--port", str(self.port), "--workers", str(self._workers), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self._environment)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://[^/]+(/setup/\S+)", line):
                self.setup = found[1]
            if "用浏览器打开" in line:
                break
        patience = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < patience:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError("the server does not start")

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and wait until all of its processes are gone."""
        below = self.processes()
        self.process.send_signal(how)
        self.process.wait(_PATIENCE_SECONDS)
        while any(_runs(pid) for pid in below):
            time.sleep(0.05)

    def processes(self) -> list[int]:
        """Give the numbers of its processes, itself first."""
        return [self.process.pid, *_below(self.process.pid)]

    def memory(self) -> dict[str, float]:
        """Give the memory that each of its processes holds, in MB: a name, and of the largest so far."""
        held: dict[str, float] = {}
        for pid in self.processes():
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            said = Path(f"/proc/{pid}/status").read_text()
            largest = re.search(r"VmHWM:\s+(\d+)", said)
            name = next((one for one in ("granian", "jobs.worker", "themes.finding") if one in command), "serve")
            held[f"{name} {pid}"] = int(largest[1]) / 1e3 if largest else 0.0
        return held


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and ") Z" not in status.read_text()


def _below(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(one) for one in listed.read_text().split()] if listed.exists() else []
    return [one for child in own for one in (child, *_below(child))]


@dataclass(frozen=True)
class Answer:
    """What the server has answered, and how long that took."""

    status: int
    text: str
    location: str
    seconds: float


class Browser:
    """A browser without scripts: one connection that is kept, cookies, forms, no redirects."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0.0

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, given: Mapping[str, str | list[str]]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, {**given, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})

    def _ask(self, method: str, path: str, given: Mapping[str, str | list[str]] | None) -> Answer:
        kept = self._connection
        if kept is None or time.monotonic() - self._used > _IDLE_SECONDS:
            if kept is not None:
                kept.close()
            kept = self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_MOST_SECONDS)
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None if given is None else urlencode(given, doseq=True)
        if body is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        try:
            kept.request(method, path, body, head)
            answer = kept.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except BaseException:
            kept.close()
            self._connection = None
            raise
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        if answer.will_close:
            self._connection = None
        self._used = time.monotonic()
        return Answer(answer.status, text, answer.headers.get("Location", ""), time.monotonic() - began)


class _Fields(HTMLParser):
    """Reads what a form on a page would send."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.sent, self._form, self._inside, self._select = dict[str, list[str]](), form, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("id") == self._form
        name = given.get("name") or ""
        if not self._inside:
            return
        if tag == "input" and name and given.get("type") not in {"file", "submit"}:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.sent.setdefault(name, []).append(given.get("value") or "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.sent):
            self.sent[self._select] = [given.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""


def form_of(page: str, form: str) -> dict[str, list[str]]:
    """Give what a form of a page, by its id, would send as it stands."""
    read = _Fields(form)
    read.feed(page)
    return read.sent


@dataclass
class Kept:
    """What somebody has written: what was acknowledged last of each thing, and what was sent and not answered."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)


class Person:
    """Somebody with an account, and all that he may write: keys, the name of a theme, a fact of an assessment."""

    def __init__(self, browser: Browser, name: str) -> None:
        self.browser, self.name, self.kept = browser, name, Kept()
        self.theme = self.assessment = ""
        self._count = 0

    def writes_key(self) -> Answer:
        """Make a key for programs."""
        self._count += 1
        name = f"{self.name} {self._count}"
        answer = self.browser.post("/api/tokens/", {"name": name})
        if answer.status == 200 and "gaoyuan_" in answer.text:
            self.kept.keys.append(name)
        return answer

    def writes_theme(self) -> Answer:
        """Give his theme another name."""
        self._count += 1
        name = f"{self.name} 主题 {self._count}"
        self.kept.sent["theme"] = name
        answer = self.browser.post(f"{self.theme}save/", {"name": name, "share": "own"})
        if answer.status == 302:
            self.kept.acknowledged["theme"] = name
        return answer

    def writes_fact(self) -> Answer:
        """Save another value of a fact of his assessment."""
        page = self.browser.get(self.assessment)
        if page.status != 200:
            return page
        self._count += 1
        value = f"{self._count % 1000 / 10:g}%"
        given = form_of(page.text, "facts")
        field_name = next(one for one in given if one.startswith("value-sme_output_share"))
        given |= {field_name: [value], "action": ["save"]}
        self.kept.sent["fact"] = value
        answer = self.browser.post(self.assessment, given)
        if answer.status == 302:
            self.kept.acknowledged["fact"] = value
        return answer

    def begins_theme(self) -> None:
        """Look for a theme, which is then his."""
        answer = self.browser.post("/themes/", {"expression": "毛巾|纺织"})
        if answer.status != 302:
            raise RuntimeError(f"no theme: {answer.status}")
        self.theme = answer.location

    def begins_assessment(self, cluster: str) -> None:
        """Begin an assessment of a cluster."""
        page = self.browser.get(f"/assessments/new/?cluster={cluster}")
        edition = re.search(r'<option value="(cn-sme-cluster[^"]+)"', page.text)
        as_of = re.search(r'name="as_of" value="([^"]+)"', page.text)
        if edition is None or as_of is None:
            raise RuntimeError("no assessment can be begun")
        given = {"cluster": cluster, "edition": edition[1], "application": "new", "as_of": as_of[1]}
        answer = self.browser.post("/assessments/new/", given)
        if answer.status != 302:
            raise RuntimeError(f"no assessment: {answer.status}")
        self.assessment = answer.location

    def lost(self) -> list[str]:
        """Give what was acknowledged and is not there; what was sent and not answered may be there instead."""
        lost: list[str] = []
        if self.kept.keys:
            page = self.browser.get("/api/tokens/").text
            lost += [f"key {name}" for name in self.kept.keys if f">{name}<" not in page]
        if self.theme:
            page = self.browser.get(self.theme).text
            if "theme" in self.kept.acknowledged and not any(
                f'value="{one}"' in page for one in self._possible("theme")
            ):
                lost.append(f"theme {self.kept.acknowledged.get('theme')}")
        if self.assessment:
            given = form_of(self.browser.get(self.assessment).text, "facts")
            shown = next(value for name, value in given.items() if name.startswith("value-sme_output_share"))
            if "fact" in self.kept.acknowledged and shown[0] not in self._possible("fact"):
                lost.append(f"fact {self.kept.acknowledged['fact']}: it is {shown[0]}")
        return lost

    def _possible(self, what: str) -> set[str]:
        return {held[what] for held in (self.kept.acknowledged, self.kept.sent) if what in held}


def administrator(server: Server) -> Browser:
    """Make the administrator by the one-time link that the server has said."""
    browser = Browser(server.port)
    _make_account(browser, server.setup, "administrator")
    return browser


def _make_account(browser: Browser, link: str, name: str) -> None:
    browser.get(link)
    given = {"username": name, "email": "", "password1": PASSWORD, "password2": PASSWORD}
    answer = browser.post(link, given)
    if answer.status != 302:
        raise RuntimeError(f"no account for {name}: {answer.status}")


def office_people(server: Server, inviting: Browser, division: str, number: int) -> list[Person]:
    """Invite people of one new county office, who all sign in by their link."""
    first = inviting.post("/people/", {"name": "区工信局", "kind": "county", "division": division})
    office = re.search(r'<option value="(\d+)">[^<]*区工信局', inviting.get("/people/").text)
    if office is None:
        raise RuntimeError("the office was not made")
    people: list[Person] = []
    for count in range(number):
        answer = first if count == 0 else inviting.post("/people/", {"organisation": office[1]})
        link = re.search(r"http://[^/\s\"<]+(/setup/[^\s\"<]+)", answer.text)
        if link is None:
            raise RuntimeError(f"no invitation: {answer.status}")
        browser = Browser(server.port)
        _make_account(browser, urlsplit(link[1]).path, f"person{count}")
        people.append(Person(browser, f"person{count}"))
    return people


def together(*work: threading.Thread) -> None:
    """Start threads, and wait for all."""
    for one in work:
        one.start()
    for one in work:
        one.join()
