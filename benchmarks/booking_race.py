"""Many people race for the slots of a laboratory: nobody may be booked twice, and no confirmation may be lost.

    python -m benchmarks.booking_race [--clients 200] [--slots 50] [--kills 2] [--workers 1]
    scripts/with-postgresql.sh .venv/bin/python -m benchmarks.booking_race

A real `gaoyuan serve`, and people of as many firms who press the button at once, over HTTP, each for slots in an order
of its own; some cancel what they have, some wait for a place. The server with all of its processes is killed (SIGKILL)
meanwhile and started again. Afterwards what everybody was answered is held against the database. It ends with 1 where a
slot is held twice, or anything that was acknowledged is not there.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.portal_people import Browser, Server, together

if TYPE_CHECKING:
    from gaoyuan.portal.booking.models import Resource

_TRIES = 8
"""How many slots somebody tries."""
_CANCELS, _WAITS = 0.2, 0.1
_TOKEN = "a" * 32
_THREADS = 4
_PAUSE_SECONDS, _PATIENCE_SECONDS = 0.5, 900.0
"""How long somebody who was not answered waits until he tries again, and in all until he gives up."""


@dataclass
class Said:
    """What somebody was answered: bookings that were confirmed or put on the waiting list, by their address, and those
    whose cancelling was; and what was sent and never answered.
    """

    booked: dict[str, int] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    unanswered: list[str] = field(default_factory=list)


class Client:
    """Somebody of a firm who is signed in."""

    def __init__(self, number: int, port: int, session: str, resource: str, slots: list[str]) -> None:
        self._chance, self._slots, self._resource = random.Random(number), slots, resource
        self._browser = Browser(port)
        self._browser.cookies |= {"sessionid": session, "csrftoken": _TOKEN}
        self.said, self.answers = Said(), Counter[str]()
        self.seconds: list[float] = []
        self._patience = _PATIENCE_SECONDS

    def race(self, start: threading.Barrier) -> None:
        """Try slots, in an order of its own, until one is confirmed; cancel some, and go on then."""
        start.wait()
        for slot in self._chance.sample(range(len(self._slots)), min(_TRIES, len(self._slots))):
            unanswered = len(self.said.unanswered)
            address = self._book(slot)
            while len(self.said.unanswered) > unanswered and self._patience > 0:
                unanswered = len(self.said.unanswered)
                address = self._book(slot)
            if address and self._chance.random() < _CANCELS:
                self._cancel(address)
            elif address:
                return

    def looks(self) -> int:
        """Look at the laboratory, and give what status that has; 0 where nobody answers."""
        status = self._ask("GET", f"/services/booking/resources/{self._resource}/", {})[0]
        self.seconds.clear()
        self.answers.clear()
        return status

    def _book(self, slot: int) -> str:
        given = {"starts_at": self._slots[slot], "slots": "1"}
        if self._chance.random() < _WAITS:
            given["wait"] = "on"
        address = self._post(f"/services/booking/resources/{self._resource}/book/", given)
        if address:
            self.said.booked[address] = slot
        return address

    def _cancel(self, address: str) -> None:
        page = self._ask("GET", address, {})
        move = "cancel" if f"{address}cancel/" in page[1] else "cancel_waiting"
        if self._post(f"{address}{move}/", {}):
            self.said.cancelled.add(address)

    def _post(self, path: str, given: dict[str, str]) -> str:
        """Send a form, and give where it leads; empty where it was refused or not answered."""
        status, text, location = self._ask("POST", path, given)
        if not status:
            self.said.unanswered.append(path)
        elif status == 200:
            refused = re.search(r'role="alert">([^<]*)<', text)
            self.answers[f"refused: {refused[1] if refused else '?'}"] += 1
        else:
            self.answers[f"{status}"] += 1
        return location if status == 302 else ""

    def _ask(self, method: str, path: str, given: dict[str, str]) -> tuple[int, str, str]:
        try:
            answer = self._browser.post(path, given) if method == "POST" else self._browser.get(path)
        except OSError as fault:
            return self._failed(fault)
        except ValueError as fault:
            return self._failed(fault)
        self.seconds.append(answer.seconds)
        return answer.status, answer.text, answer.location

    def _failed(self, fault: Exception) -> tuple[int, str, str]:
        self.answers[f"no answer: {type(fault).__name__}"] += 1
        time.sleep(_PAUSE_SECONDS)
        self._patience -= _PAUSE_SECONDS
        return 0, "", ""


class Inside:
    """The portal in threads of this process: no server of its own, which is quick and cannot be killed."""

    def start(self, *options: str) -> None:
        """Listen."""
        from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

        from gaoyuan.portal.wsgi import application

        class Silent(WSGIRequestHandler):
            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's own signature)
                pass

        self._server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
        # As many at once as the real server answers.
        places = threading.BoundedSemaphore(_THREADS)

        def answering(environ: dict[str, Any], respond: Any) -> list[bytes]:  # noqa: ANN401  (what WSGI is)
            with places:
                return list(application(environ, respond))

        self._server.set_app(answering)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()


def prepare(clients: int, slots: int) -> tuple[str, list[str], list[str]]:
    """Set the portal up with a laboratory and people; give the laboratory, their sessions, and its slots as typed."""
    from django.test import Client as Signing
    from django.utils import timezone

    from gaoyuan.portal.accounts.models import Membership, Organisation, User
    from gaoyuan.portal.booking.models import Resource

    office = Organisation.objects.create(name="office", kind="county", division="370202")
    owner = Organisation.objects.create(name="laboratory", kind="enterprise", parent=office)
    resource: Resource = Resource.objects.create_for(
        owner, name="chamber", hours=[[day, "00:00", "00:00"] for day in range(7)], prices={"member": "80"}
    )
    sessions = []
    for number in range(clients):
        firm = Organisation.objects.create(name=f"firm {number}", kind="enterprise", parent=office)
        user = User.objects.create(username=f"person {number}")
        Membership.objects.create(user=user, organisation=firm)
        signing = Signing()
        signing.force_login(user, "django.contrib.auth.backends.ModelBackend")
        sessions.append(signing.cookies["sessionid"].value)
    first = timezone.make_aware(dt.datetime.combine(timezone.localdate() + dt.timedelta(days=2), dt.time()))
    typed = [(first + at * dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M") for at in range(slots)]
    return str(resource.pk), sessions, typed


def verdict(resource_pk: str, said: list[Said]) -> list[str]:
    """Hold what was answered against the database; give what is wrong."""
    from django.utils import timezone

    from gaoyuan.exchange.process import from_plain, process, replay
    from gaoyuan.portal.booking.models import UNIT_MINUTES, Booking, HeldUnit, Resource
    from gaoyuan.portal.cases.models import Case, RecordLine
    from gaoyuan.portal.cases.moving import standing_of

    resource = Resource.unscoped.get(pk=resource_pk)
    wrong: list[str] = []
    held = Counter((one.place, one.begins) for one in HeldUnit.objects.filter(resource=resource))
    wrong += [f"{key} is held {number} times" for key, number in held.items() if number > 1]
    bookings = list(Booking.unscoped.filter(resource=resource).select_related("case"))
    living = [one for one in bookings if one.case.state in ("confirmed", "offered")]
    taken = Counter((one.place, one.begins) for one in living)
    wrong += [f"{key} is booked {number} times" for key, number in taken.items() if number > 1]
    wrong += [f"{one} is {one.case.state} without a place" for one in living if one.place is None]
    units = 60 // UNIT_MINUTES
    for one in bookings:
        expected = units if one in living else 0
        found = HeldUnit.objects.filter(booking=one).count()
        if found != expected:
            wrong.append(f"booking {one.number} ({one.case.state}) holds {found} units, not {expected}")
    by_address = {f"/services/case/{one.case.pk}/": one for one in bookings}
    for one in said:
        cancelling = {path.rsplit("/", 2)[0] + "/" for path in one.unanswered}
        for address in one.booked:
            state = by_address[address].case.state if address in by_address else "not there"
            over = {"cancelled"} if address in one.cancelled else {"confirmed", "offered", "waiting"}
            over |= {"cancelled"} if address in cancelling else set()
            if state not in over:
                wrong.append(f"{address} was acknowledged and is {state}")
    definition = process("booking")
    for case in Case.unscoped.filter(process="booking"):
        lines = RecordLine.unscoped.filter(case=case).order_by("number")
        if replay(definition, [from_plain(line.plain, definition) for line in lines]) != standing_of(case):
            wrong.append(f"{case.pk} is not what its records fold to")
    states = Counter(one.case.state for one in bookings)
    print("states:", dict(states), "| slots held now:", len(taken), "| at", timezone.localtime().strftime("%H:%M"))
    return wrong


def measure(workspace: Path, portal: Path, clients: int, slots: int, kills: int, workers: int, inside: bool) -> int:
    """Run the race on a server of its own, print what came of it, and give how much is wrong."""
    from gaoyuan.portal.serving.starting import set_up
    from gaoyuan.workspace.store import create_workspace

    create_workspace(workspace)
    set_up(portal)
    resource, sessions, typed = prepare(clients, slots)
    server = Inside() if inside else Server(workspace, portal, workers)
    server.start("--no-publish")
    try:
        people = [Client(number, server.port, one, resource, typed) for number, one in enumerate(sessions)]
        while people[0].looks() != 200:
            time.sleep(_PAUSE_SECONDS)
        start = threading.Barrier(clients + 1)
        racing = [threading.Thread(target=one.race, args=(start,)) for one in people]

        def kill() -> None:
            start.wait()
            for kill in range(1, kills + 1):
                # In the middle of the race: after one answer for each client, then two.
                while sum(len(one.seconds) for one in people) < kill * clients:
                    time.sleep(0.01)
                    if not any(one.is_alive() for one in racing):
                        return
                server.end(signal.SIGKILL)
                print("killed", flush=True)
                server.start("--no-publish")

        began = time.monotonic()
        together(*racing, threading.Thread(target=kill))
        took = time.monotonic() - began
    finally:
        server.end()
    answers = sum((one.answers for one in people), Counter[str]())
    seconds = sorted(second for one in people for second in one.seconds)
    database = os.environ.get("DATABASE_URL", "sqlite").split(":")[0]
    print(
        f"{clients} clients, {slots} slots, {workers} workers, {database}: {took:.1f} s, {len(seconds)} answers", end=""
    )
    print(f", median {seconds[len(seconds) // 2] * 1e3:.0f} ms, p95 {seconds[int(len(seconds) * 0.95)] * 1e3:.0f} ms")
    for what, number in answers.most_common():
        print(f"{number:>7} {what}")
    said = [one.said for one in people]
    print(
        f"acknowledged: {sum(len(one.booked) for one in said)} bookings, {sum(len(one.cancelled) for one in said)}"
        f" cancellations; never answered: {sum(len(one.unanswered) for one in said)}"
    )
    wrong = verdict(resource, said)
    wrong += [f"{number} answers of {what}" for what, number in answers.items() if what.startswith("5")]
    print("double or lost:", wrong or "none")
    return len(wrong)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--slots", type=int, default=50)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--inside", action="store_true", help="in threads of one process, which is not killed")
    given = parser.parse_args()
    kills = 0 if given.inside else given.kills
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        wrong = measure(
            place / "workspace", place / "portal", given.clients, given.slots, kills, given.workers, given.inside
        )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
