"""Many people at the workbench at once: how fast they are answered, and whether all that was acknowledged is there.

    python -m benchmarks.portal_load [--workspace FOLDER] [--users 100] [--seconds 60] [--workers 1] [--kills 0]
    scripts/with-postgresql.sh .venv/bin/python -m benchmarks.portal_load

Each reads pages and the JSON interface, searches, and saves: keys, names of themes, facts of assessments. With
`--kills` processes of the server are killed (SIGKILL) that many times meanwhile and started again; then answers may
fail, and nothing acknowledged may be lost. It ends with 1 where an answer failed or a write was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from benchmarks.portal_people import Answer, Browser, Person, Server, administrator, office_people, together

_THINK_SECONDS = 1.0
_THEMES = _ASSESSMENTS = 10
"""How many people have a theme, and how many an assessment."""


class Load:
    """People who work until told to stop, and what they were answered."""

    def __init__(self, people: list[Person], places: dict[str, list[str]], think_seconds: float) -> None:
        self._people, self._places, self._think = people, places, think_seconds
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.failures: Counter[str] = Counter()
        self._stop, self._lock = threading.Event(), threading.Lock()

    def run(self, seconds: float, meanwhile: Callable[[float], None]) -> None:
        """Let all work for a time, and do something else meanwhile."""
        working = [threading.Thread(target=self._work, args=(at, one)) for at, one in enumerate(self._people)]

        def ends() -> None:
            meanwhile(time.monotonic() + seconds)
            self._stop.set()

        together(*working, threading.Thread(target=ends))

    def _work(self, number: int, person: Person) -> None:
        chance = random.Random(number)
        while not self._stop.is_set():
            what, ask = self._next(chance, person)
            try:
                answer = ask()
            except (OSError, ValueError) as fault:
                self._note(what, None, type(fault).__name__)
                time.sleep(0.2)
                continue
            fault = "" if answer.status < 400 else f"{answer.status}"
            if what == "write" and not fault and answer.status == 200 and "gaoyuan_" not in answer.text:
                fault = "not saved"
            self._note(what, answer.seconds, fault)
            self._stop.wait(chance.expovariate(1 / self._think) if self._think else 0)

    def _next(self, chance: random.Random, person: Person) -> tuple[str, Callable[[], Answer]]:
        drawn = chance.random()
        if drawn < 0.2:
            own = [person.writes_key]
            own += [person.writes_theme] * 2 if person.theme else []
            own += [person.writes_fact] * 2 if person.assessment else []
            return "write", chance.choice(own)
        what = "search" if drawn < 0.3 else "page" if drawn < 0.6 else "interface"
        place = chance.choice(self._places[what])
        return what, lambda: person.browser.get(place)

    def _note(self, what: str, seconds: float | None, fault: str) -> None:
        with self._lock:
            if seconds is not None:
                self.seconds[what].append(seconds)
            if fault:
                self.failures[f"{what}: {fault}"] += 1


def places_of(reader: Browser) -> dict[str, list[str]]:
    """Give the addresses that people look at: of the strongest clusters, of some regions and industries."""
    clusters = json.loads(reader.get("/api/clusters?size=40").text)["items"]
    frame = json.loads(reader.get("/api/frame").text)
    regions = [code for code in frame["regions"]["region"] if code][:40]
    industries = frame["industries"]["code"][:40]
    ids = [one["cluster_id"] for one in clusters]
    return {
        "interface": [
            *("/api/frame", "/api/clusters?size=20", "/api/snapshots"),
            *(f"/api/clusters/{one}" for one in ids),
            *(f"/api/regions/{one}" for one in regions),
            *(f"/api/industries/{one}" for one in industries),
            *(f"/api/industries/county/{one}" for one in industries),
        ],
        "page": [
            *("/", "/explore/", "/clusters/", "/regions/", "/industries/", "/themes/", "/chain/", "/jobs/"),
            *(f"/clusters/{one}/" for one in ids[:10]),
            *(f"/regions/{one}/" for one in regions[:10]),
            *(f"/industries/{one}/" for one in industries[:10]),
        ],
        "search": ["/api/search?q=37", "/api/search?q=fz", "/search/?q=%E7%BA%BA%E7%BB%87", "/api/search?q=%E9%9D%92"],
    }


def _killer(server: Server, times: int) -> Callable[[float], None]:
    """Give work that kills processes of a server at random moments: one of its processes, its worker, or all."""

    def kills(until: float) -> None:
        chance = random.Random(1)
        for left in range(times, 0, -1):
            time.sleep(max(0.0, chance.uniform(0.5, 1.5) * (until - time.monotonic()) / (left + 1)))
            victim = chance.choice(server.processes())
            if victim == server.process.pid:
                server.end(signal.SIGKILL)
                server.start("--no-publish")
            else:
                os.kill(victim, signal.SIGKILL)
        time.sleep(max(0.0, until - time.monotonic()))

    return kills


def _sample(folder: Path) -> Path:
    command = [str(Path(sys.executable).parent / "gaoyuan"), "demo", str(folder), "--enterprises", "24000", "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def measure(workspace: Path, portal: Path, users: int, seconds: float, workers: int, kills: int, think: float) -> int:
    """Run the load on a server of its own, print what came of it, and give how many answers and writes were lost."""
    server = Server(workspace, portal, workers)
    server.start("--public")
    try:
        inviting = administrator(server)
        places = places_of(inviting)
        cluster = places["interface"][3].rsplit("/", 1)[1]
        people = office_people(server, inviting, "370202", users)
        for one in people[:_THEMES]:
            one.begins_theme()
        for one in people[_THEMES : _THEMES + _ASSESSMENTS]:
            one.begins_assessment(cluster)
        database = os.environ.get("DATABASE_URL", "sqlite").split(":")[0]
        print(f"{users} people, {seconds:g} s, {workers} workers, {database}", flush=True)
        load = Load(people, places, think)
        load.run(seconds, _killer(server, kills) if kills else lambda until: time.sleep(until - time.monotonic()))
        for what, taken in sorted(load.seconds.items()):
            ordered = sorted(taken)
            middle, late = statistics.median(taken) * 1e3, ordered[int(len(taken) * 0.95)] * 1e3
            rate = f"{len(taken):>7} answers{len(taken) / seconds:>7.1f}/s"
            print(f"{what:<10}{rate}   median {middle:7.0f} ms, p95 {late:7.0f} ms")
        print("failed:", dict(load.failures) or "none")
        lost = [line for one in people for line in one.lost()]
        written = sum(len(one.kept.keys) + len(one.kept.acknowledged) for one in people)
        print(f"acknowledged writes looked for: {written}, lost: {lost or 'none'}")
        print("memory, MB:", {name: round(value) for name, value in server.memory().items()})
        return (0 if kills else load.failures.total()) + len(lost)
    finally:
        server.end()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspace", type=Path, help="an observed workspace; without one a sample is made")
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--think", type=float, default=_THINK_SECONDS, help="mean seconds between two requests of one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = given.workspace or _sample(Path(folder) / "workspace")
        portal = Path(folder) / "portal"
        wrong = measure(workspace, portal, given.users, given.seconds, given.workers, given.kills, given.think)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
