"""Many firms at the services at once: how fast they are answered, and whether all that was acknowledged is there.

    python -m benchmarks.services_load [--users 100] [--seconds 60] [--workers 1] [--think 1]
    scripts/with-postgresql.sh .venv/bin/python -m benchmarks.services_load

A real `gaoyuan serve`, and firms who post demands and offers, quote, commit to pools, book hours of laboratories, and
read and search lists and pages in between, each as a browser without scripts does. Afterwards everything that was
acknowledged is looked for in the database. It ends with 1 where an answer failed or anything acknowledged is not there.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.portal_people import Answer, Browser, Server, together

_TOKEN = "a" * 32
_WRITES = 0.25
_PARTS = ("法兰", "轴承", "螺栓", "齿轮", "阀门", "弹簧", "密封圈", "联轴器", "电机", "泵体", "叶轮", "钢管")
_KINDS = ("不锈钢", "碳钢", "铝合金", "铸铁", "钛合金", "尼龙", "橡胶", "精密", "锻造", "数控")
_LISTS = (
    *("/", "/services/", "/services/notices/", "/services/trading/offers/", "/services/trading/demands/"),
    *("/services/supply-demand/", "/services/pool/", "/services/booking/", "/services/booking/resources/"),
)
_LABORATORIES, _POOLS, _DEMANDS, _OFFERS = 10, 3, 20, 2_000


@dataclass
class Place:
    """What there is before anybody comes: laboratories, pools and open demands by their keys, slots as typed, and the
    sessions of the firms.
    """

    laboratories: list[str] = field(default_factory=list)
    pools: list[str] = field(default_factory=list)
    demands: list[str] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)
    sessions: list[tuple[int, str]] = field(default_factory=list)


class Firm:
    """Somebody of a firm in a browser, and what was acknowledged."""

    def __init__(self, number: int, port: int, own: int, session: str, place: Place) -> None:
        self.own, self._number, self._place = own, number, place
        self._chance, self._count = random.Random(number), 0
        self.browser = Browser(port)
        self.browser.cookies |= {"sessionid": session, "csrftoken": _TOKEN}
        self.kept: list[tuple[str, str]] = []
        self._committed: set[str] = set()

    def next(self) -> tuple[str, Callable[[], Answer]]:
        """Give what this firm does next, and what that is called."""
        if self._chance.random() < _WRITES:
            acts = {"demand": self._demands, "offer": self._offers, "quote": self._quotes, "book": self._books}
            acts |= {"commit": self._commits} if len(self._committed) < len(self._place.pools) else {}
            name = self._chance.choice(sorted(acts))
            return name, acts[name]
        name = self._chance.choice(("list", "list", "search", "case", "laboratory"))
        place, thing = self._place, self._chance.choice(_PARTS)
        path = {
            "list": self._chance.choice(_LISTS),
            "search": f"/services/trading/{self._chance.choice(('offers', 'demands'))}/?q={thing}",
            "case": f"/services/case/{self._chance.choice(place.demands + place.pools)}/",
            "laboratory": f"/services/booking/resources/{self._chance.choice(place.laboratories)}/",
        }[name]
        return name, lambda: self.browser.get(_quoted(path))

    def _posts(self, kind: str, path: str, given: dict[str, str], thing: str = "") -> Answer:
        answer = self.browser.post(path, given)
        if answer.status == 302:
            self.kept.append((kind, thing or answer.location))
        return answer

    def _thing(self) -> str:
        self._count += 1
        words = self._chance.choice(_KINDS) + self._chance.choice(_PARTS)
        return f"{words} 第{self._number}家{self._count}号 DN{self._chance.randint(10, 900)}"

    def _demands(self) -> Answer:
        thing = self._thing()
        given = {"title": thing, "text": f"求购{thing}", "quantity": "500", "unit": "件"}
        return self._posts("demand", "/services/supply-demand/new/", given)

    def _offers(self) -> Answer:
        given = {"text": self._thing(), "unit": "件", "capacity": "5000", "price_yuan": "100"}
        return self._posts("offer", "/services/trading/offers/new/", given | {"confirmed": "on"})

    def _quotes(self) -> Answer:
        case = self._chance.choice(self._place.demands)
        until = (dt.date.today() + dt.timedelta(days=60)).isoformat()
        given = {"quote-breaks": "100", "quote-lead_days": "9", "quote-valid_until": until, "quote-confirmed": "on"}
        return self._posts("quote", f"/services/case/{case}/quote/", given, case)

    def _commits(self) -> Answer:
        pool = self._chance.choice(sorted(set(self._place.pools) - self._committed))
        self._committed.add(pool)
        given = {"commit-quantity": "100", "commit-tolerance": "0", "commit-limit": "15"}
        return self._posts("commit", f"/services/case/{pool}/commit/", given, pool)

    def _books(self) -> Answer:
        laboratory = self._chance.choice(self._place.laboratories)
        given = {"starts_at": self._chance.choice(self._place.slots), "slots": "1"}
        return self._posts("book", f"/services/booking/resources/{laboratory}/book/", given)


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/?=&")


def prepare(firms: int) -> Place:
    """Fill a portal."""
    from django.test import Client
    from django.utils import timezone

    from gaoyuan.portal.accounts.models import Membership, Organisation, User
    from gaoyuan.portal.booking.models import Resource
    from gaoyuan.portal.cases.models import Case
    from gaoyuan.portal.demonstration import play
    from gaoyuan.portal.trading.models import Offer
    from gaoyuan.portal.trading.searching import index_all

    story: dict[str, Any] = {
        "people": {
            "county": {"name": "县工业局", "kind": "county", "division": "370202"},
            "company": {"name": "集群公司", "kind": "cluster", "under": "county"},
            "steel": {"name": "钢材公司", "kind": "enterprise", "under": "county"},
            "buyer": {"name": "采购公司", "kind": "enterprise", "under": "county"},
        },
        "steps": [],
    }
    for at in range(_POOLS):
        name = f"pool{at}"
        terms = {"supplier": "钢材公司", "closes_at": {"days": 5}, "minimum": 1_000}
        terms |= {"tier_1_volume": 1, "tier_1_price": 16, "tier_2_volume": 100_000, "tier_2_price": 14}
        title = {"title": f"钢板集采 {at}", "specification": "304 2B 3.0 mm", "unit": "千克"}
        story["steps"] += [
            {"says": "", "by": "company", "as": name, "page": "/services/pool/new/", "with": title},
            {"says": "", "by": "company", "page": f"{{{name}}}", "move": "propose", "with": terms},
            {"says": "", "by": "steel", "page": f"{{{name}}}", "move": "accept"},
        ]
    for at in range(_DEMANDS):
        text = f"{_KINDS[at % len(_KINDS)]}{_PARTS[at % len(_PARTS)]} 第{at}批"
        given = {"title": text, "text": f"求购{text}", "quantity": 500, "unit": "件"}
        story["steps"] += [
            {"says": "", "by": "buyer", "as": "demand", "page": "/services/supply-demand/new/", "with": given},
            {"says": "", "by": "buyer", "page": "{demand}", "move": "publish",
             "with": {"closes_at": {"days": 5}, "sealed": "on"}},
        ]  # fmt: skip
    players = play(story)
    office = players["county"].organisation
    place = Place(
        pools=[str(pk) for pk in Case.unscoped.filter(process="pool").values_list("pk", flat=True)],
        demands=[str(pk) for pk in Case.unscoped.filter(process="supply-demand").values_list("pk", flat=True)],
    )
    for at in range(_LABORATORIES):
        hours = [[day, "00:00", "00:00"] for day in range(7)]
        one: Resource = Resource.objects.create_for(
            players["steel"].organisation, name=f"试验箱 {at}", hours=hours, prices={"member": "80"}
        )
        place.laboratories.append(str(one.pk))
    first = timezone.make_aware(dt.datetime.combine(timezone.localdate() + dt.timedelta(days=2), dt.time()))
    place.slots = [(first + at * dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M") for at in range(24 * 14)]
    for number in range(firms):
        firm = Organisation.objects.create(name=f"企业 {number}", kind="enterprise", parent=office)
        user = User.objects.create(username=f"load {number}")
        Membership.objects.create(user=user, organisation=firm)
        signing = Client()
        signing.force_login(user, "django.contrib.auth.backends.ModelBackend")
        place.sessions.append((firm.pk, signing.cookies["sessionid"].value))
    chance = random.Random(5)
    owners = Organisation.objects.filter(kind="enterprise")
    held = [
        Offer(
            organisation=chance.choice(owners),
            text=f"{chance.choice(_KINDS)}{chance.choice(_PARTS)} DN{chance.randint(10, 900)}",
            unit="件",
            price_yuan=chance.randint(20, 300),
            digest=f"load {at}",
        )
        for at in range(_OFFERS)
    ]
    Offer.unscoped.bulk_create(held)
    index_all()
    return place


def lost(firms: list[Firm]) -> list[str]:
    """Give what was acknowledged and is not there."""
    from gaoyuan.portal.booking.models import Booking
    from gaoyuan.portal.cases.models import RecordLine
    from gaoyuan.portal.pooling.models import Commitment
    from gaoyuan.portal.trading.models import Demand, Offer, Quote

    missing: list[str] = []
    for firm in firms:
        for kind, thing in firm.kept:
            key = re.sub(r"^.*/([^/]+)/$", r"\1", thing)
            model, given = {
                "demand": (Demand, {"case": key}),
                "offer": (Offer, {"pk": key, "active": True}),
                "quote": (Quote, {"case": key, "withdrawn": False}),
                "commit": (Commitment, {"case": key}),
                "book": (Booking, {"case": key, "case__state": "confirmed"}),
            }[kind]
            rows = model.unscoped.filter(organisation=firm.own, **given)
            if rows.count() != 1:
                missing.append(f"{kind} {thing} of {firm.own}: {rows.count()}")
            elif kind in {"demand", "book"} and not RecordLine.unscoped.filter(case=key, number=1).exists():
                missing.append(f"the record of {thing}")
    return missing


def measure(folder: Path, users: int, seconds: float, workers: int, think: float) -> int:
    """Run the load, print what came of it, and give how many answers failed and writes were lost."""
    from gaoyuan.portal.serving.starting import set_up
    from gaoyuan.workspace.store import create_workspace

    create_workspace(folder / "workspace")
    set_up(folder / "portal")
    place = prepare(users)
    server = Server(folder / "workspace", folder / "portal", workers)
    server.start("--no-publish")
    taken: dict[str, list[float]] = defaultdict(list)
    failures, answers, lock, over = Counter[str](), Counter[str](), threading.Lock(), threading.Event()
    try:
        firms = [Firm(at, server.port, own, session, place) for at, (own, session) in enumerate(place.sessions)]
        until = time.monotonic() + 120
        while firms[0].browser.get("/services/").status != 200:
            if time.monotonic() > until:
                raise RuntimeError("the server does not answer")
            time.sleep(0.5)
        for path in ("/services/trading/offers/?q=x", f"/services/case/{place.demands[0]}/"):
            firms[0].browser.get(path)

        def works(firm: Firm, number: int) -> None:
            chance = random.Random(1_000 + number)
            over.wait(chance.uniform(0, think))
            while not over.is_set():
                what, ask = firm.next()
                try:
                    answer = ask()
                    status, spent = answer.status, answer.seconds
                except (OSError, ValueError) as fault:
                    status, spent = 0, 0.0
                    with lock:
                        failures[f"{what}: {type(fault).__name__}"] += 1
                with lock:
                    taken[what].append(spent)
                    answers[f"{what} {status}"] += 1
                    # A second quotation for a demand and a taken slot are refused: that is an answer.
                    if status >= 500 or (status >= 400 and what not in {"quote", "commit"}):
                        failures[f"{what}: {status}"] += 1
                over.wait(chance.expovariate(1 / think) if think else 0)

        print(f"{users} firms, {seconds:g} s, {workers} workers, {_database()}", flush=True)
        threads = [threading.Thread(target=works, args=(firm, at)) for at, firm in enumerate(firms)]
        together(*threads, threading.Thread(target=lambda: (time.sleep(seconds), over.set())))
    finally:
        server.end()
    everything = sorted(one for held in taken.values() for one in held)
    for what, held in [*sorted(taken.items()), ("all", everything)]:
        ordered = sorted(held)
        late = ordered[int(len(ordered) * 0.95)] * 1e3
        rate = f"{len(held):>7} answers{len(held) / seconds:>7.1f}/s"
        print(f"{what:<11}{rate}   median {statistics.median(held) * 1e3:6.0f} ms, p95 {late:6.0f} ms")
    print("answers:", dict(sorted(answers.items())))
    print("failed:", dict(failures) or "none")
    missing = lost(firms)
    acknowledged = Counter(kind for firm in firms for kind, _ in firm.kept)
    print("acknowledged:", dict(sorted(acknowledged.items())), "| lost:", missing or "none")
    return failures.total() + len(missing)


def _database() -> str:
    return os.environ.get("DATABASE_URL", "sqlite").split(":")[0]


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--think", type=float, default=1.0, help="mean seconds between two requests of one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = measure(Path(folder), given.users, given.seconds, given.workers, given.think)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
