"""Bidders, a buyer and the clock race for a demand: one award wins, sealed quotations stay sealed, none is lost.

    python -m benchmarks.quotes_race [--bidders 20] [--seconds 4]
    scripts/with-postgresql.sh .venv/bin/python -m benchmarks.quotes_race

Everybody works in a thread with a connection of his own, through the portal's pages, and all at once. Until the
deadline bidders quote, quote twice at once, replace and take back, while buyer, office and rivals read every page and
file and the clock tries to close; the deadline comes in the middle of it. Then the buyer extends another demand twice
at once and awards to everybody at once, and the supplier confirms and declines at once. What everybody was answered is
held against the database. It ends with 1 where two have won, anything acknowledged is not there, anything was read too
early or changed too late, or a page has failed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from gaoyuan.portal.accounts.models import Organisation
    from gaoyuan.portal.accounts.viewer import Viewer
    from gaoyuan.portal.cases.models import Case


@dataclass
class Firm:
    """A firm or an office, and what it was last acknowledged: its price, None after it has taken it back."""

    own: Organisation
    client: Client
    viewer: Viewer
    price: str | None = None
    prices: set[str] = field(default_factory=set)
    late: list[str] = field(default_factory=list)


class Race:
    """What happened, gathered from all threads."""

    def __init__(self) -> None:
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def note(self, what: str) -> None:
        """Count an answer."""
        with self._lock:
            self.answers[what] += 1

    def fails(self, what: str) -> None:
        """Keep what is wrong."""
        with self._lock:
            self.wrong.append(what)

    def together(self, *works: Callable[[], None]) -> None:
        """Do all at once, each on a connection of its own."""
        from django.db import connection

        start = threading.Barrier(len(works))

        def doing(work: Callable[[], None]) -> None:
            start.wait()
            try:
                work()
            except Exception as fault:
                self.fails(f"{type(fault).__name__}: {fault}")
            finally:
                connection.close()

        threads = [threading.Thread(target=doing, args=(work,)) for work in works]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    def move(self, firm: Firm, case: Case, move: str, **given: str) -> bool:
        """Send a form of a case; gives whether that was acknowledged."""
        path = f"/services/case/{case.pk}/{move}/"
        answer = firm.client.post(path, {f"{move}-{name}": value for name, value in given.items()})
        self.note(f"{move} {answer.status_code}")
        if answer.status_code >= 500:
            self.fails(f"{path}: {answer.status_code}")
        return answer.status_code == 302


def firm(name: str, kind: str, parent: Organisation | None) -> Firm:
    """Make a firm or an office with one of its people, who is signed in."""
    from django.test import Client

    from gaoyuan.portal.accounts.models import Membership, Organisation, User
    from gaoyuan.portal.accounts.roles import Role
    from gaoyuan.portal.accounts.viewer import Viewer

    division = "370202" if kind == "county" else ""
    own = Organisation.objects.create(name=name, kind=kind, parent=parent, division=division)
    user = User.objects.create(username=f"quotes race {name}")
    Membership.objects.create(user=user, organisation=own)
    client = Client(SERVER_NAME="localhost", headers={"accept-language": "zh-hans"})
    client.raise_request_exception = False
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return Firm(own, client, Viewer(Role(kind), user, own))


def published(buyer: Firm, title: str, ahead: dt.timedelta) -> Case:
    """Post a demand through the page, and publish it, sealed, until a moment to the second."""
    from django.utils import timezone

    from gaoyuan.portal.cases.models import Case
    from gaoyuan.portal.cases.moving import move_case

    text = {"title": title, "text": f"求购DN100不锈钢法兰 {title}", "quantity": "500", "unit": "件"}
    answer = buyer.client.post("/services/supply-demand/new/", text)
    assert answer.status_code == 302, answer.content.decode()
    case = Case.unscoped.get(pk=re.findall(r"case/([^/]+)/", answer["Location"])[0])
    given = {"closes_at": timezone.now() + ahead, "sealed": True}
    made = move_case(buyer.viewer, case, "publish", role="buyer", given=given)
    assert isinstance(made, Case), made
    return made


def until_the_deadline(race: Race, buyer: Firm, office: Firm, bidders: list[Firm], seconds: float) -> Case:
    """Let the deadline come while all work and read."""
    from django.utils import timezone

    from gaoyuan.portal.cases.models import Case
    from gaoyuan.portal.cases.moving import pass_deadlines
    from gaoyuan.portal.trading.models import Quote
    from gaoyuan.portal.trading.quoting import terms_of

    case = published(buyer, "密封的需求", dt.timedelta(seconds=seconds))
    closes_at = case.deadline
    assert closes_at is not None, "an open demand has a deadline"
    valid = (timezone.localdate() + dt.timedelta(days=60)).isoformat()
    ends = time.monotonic() + seconds + 2

    def bids(one: Firm, number: int) -> Callable[[], None]:
        def work() -> None:
            count = 0
            while time.monotonic() < ends:
                count += 1
                price = f"{9000 + number}.{count:03d}"
                move = "quote" if one.price is None else "take_back" if count % 5 == 0 else "replace"
                one.prices.add(price)
                given = {} if move == "take_back" else {"breaks": price, "lead_days": "9", "valid_until": valid}
                if race.move(one, case, move, **given):
                    one.price = None if move == "take_back" else price
                    # The answer may have taken its time: well after the deadline nothing can have been taken.
                    if timezone.now() > closes_at + dt.timedelta(seconds=5):
                        one.late.append(price)

        return work

    def reads(one: Firm) -> Callable[[], None]:
        def work() -> None:
            while timezone.now() < closes_at:
                for path in (f"/services/case/{case.pk}/", f"/services/trading/quotations/{case.pk}/?format=csv"):
                    page = one.client.get(path).content.decode()
                    before = timezone.now() < closes_at
                    seen = {price for bidder in bidders if bidder is not one for price in bidder.prices}
                    found = [price for price in seen if price in page] if before else []
                    race.note("read before the deadline" if before else "read after it")
                    if found:
                        race.fails(f"{one.own.name} reads {found[0]} before the deadline")

        return work

    def closes() -> None:
        while time.monotonic() < ends:
            pass_deadlines()
            time.sleep(0.05)

    twice = [bids(one, at) for at, one in enumerate(bidders)]
    race.together(*twice, reads(buyer), reads(office), reads(bidders[0]), closes, closes)
    case = Case.unscoped.get(pk=case.pk)
    standing = {one.organisation.pk: one for one in Quote.unscoped.filter(case=case, withdrawn=False)}
    for one in bidders:
        held = standing.pop(one.own.pk, None)
        price = terms_of(held)["breaks"][0][1] if held else None
        if price != one.price:
            race.fails(f"{one.own.name} was acknowledged {one.price}, and {price} stands")
        race.wrong += [f"{one.own.name}: {late} was taken after the deadline" for late in one.late]
        if held is not None and held.sealed:
            race.fails(f"{one.own.name}'s quotation is still sealed")
    acknowledged = sum(one.price is not None for one in bidders)
    if case.state != "comparing" or case.facts["quotes"] != str(acknowledged):
        race.fails(f"{case.state} with {case.facts['quotes']} quotations, and {acknowledged} were acknowledged")
    return case


def at_once(race: Race, buyer: Firm, bidders: list[Firm], case: Case) -> None:
    """Quote twice, extend twice, award to everybody, confirm and decline, each at once."""
    from django.utils import timezone

    from gaoyuan.portal.cases.models import Case, RecordLine
    from gaoyuan.portal.trading.models import Quote

    def won(firms: list[Firm], move: str, of: Case, given: list[dict[str, str]]) -> list[int]:
        found: list[int] = []

        def trying(at: int) -> Callable[[], None]:
            def work() -> None:
                if race.move(firms[at], of, move, **given[at]):
                    found.append(at)

            return work

        race.together(*(trying(at) for at in range(len(firms))))
        return found

    other = published(buyer, "延期的需求", dt.timedelta(days=2))
    valid = (timezone.localdate() + dt.timedelta(days=90)).isoformat()
    quote = {"breaks": "12", "lead_days": "9", "valid_until": valid}
    if len(won([bidders[0]] * 4, "quote", other, [quote] * 4)) != 1 or Quote.unscoped.filter(case=other).count() != 1:
        race.fails("somebody has quoted twice")
    days = [timezone.localtime() + dt.timedelta(days=at) for at in (9, 5, 7, 3)]
    moments = [day.strftime("%Y-%m-%dT%H:%M") for day in days]
    extended = won([buyer] * 4, "extend", other, [{"closes_at": moment, "why": "晚些"} for moment in moments])
    shown = timezone.localtime(Case.unscoped.get(pk=other.pk).deadline).strftime("%Y-%m-%dT%H:%M")
    if not extended or shown != max(moments[at] for at in extended):
        race.fails(f"extended to {[moments[at] for at in extended]}, and the deadline is {shown}")
    standing = [one for one in bidders if one.price is not None]
    awards = [{"supplier": str(one.own.pk)} for one in standing]
    winners = won([buyer] * len(standing), "award", case, awards)
    case = Case.unscoped.get(pk=case.pk)
    if [str(standing[at].own.pk) for at in winners] != [case.facts.get("supplier")] or case.state != "awarded":
        race.fails(f"{len(winners)} awards were acknowledged, and {case.facts.get('supplier')} stands")
    elif RecordLine.unscoped.filter(case=case, plain__move="award").count() != 1:
        race.fails("the record holds more than one award")
    else:
        supplier = standing[winners[0]]
        made: list[str] = []

        def answers(move: str, given: dict[str, str]) -> Callable[[], None]:
            return lambda: made.append(move) if race.move(supplier, case, move, **given) else None

        race.together(*[answers("confirm", {}), answers("decline", {"why": "产能不足"})] * 2)
        state = {"confirm": "ordered", "decline": "comparing"}[made[0]] if len(made) == 1 else ""
        if Case.unscoped.get(pk=case.pk).state != state:
            race.fails(f"{made} were acknowledged of an award")


def verdict(race: Race) -> None:
    """Fold the records of all cases again."""
    from gaoyuan.exchange.process import from_plain, process, replay
    from gaoyuan.portal.cases.models import Case, RecordLine
    from gaoyuan.portal.cases.moving import standing_of

    definition = process("supply-demand")
    for case in Case.unscoped.filter(process="supply-demand"):
        lines = RecordLine.unscoped.filter(case=case).order_by("number")
        if replay(definition, [from_plain(line.plain, definition) for line in lines]) != standing_of(case):
            race.fails(f"{case.pk} is not what its records fold to")


def main() -> None:
    """Set a portal up and race."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bidders", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=4.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        from gaoyuan.portal.serving.starting import set_up

        set_up(Path(folder) / "portal")
        # What is refused is no news here.
        logging.getLogger("django.request").setLevel(logging.ERROR)
        office = firm("quotes office", "county", None)
        buyer = firm("quotes buyer", "enterprise", office.own)
        bidders = [firm(f"quotes bidder {at}", "enterprise", office.own) for at in range(given.bidders)]
        race = Race()
        # What is loaded and compiled at the first time is none of the race.
        published(buyer, "先前的需求", dt.timedelta(days=2))
        case = until_the_deadline(race, buyer, office, bidders, given.seconds)
        at_once(race, buyer, bidders, case)
        verdict(race)
    for what, number in sorted(race.answers.items()):
        print(f"{number:>7} {what}")
    print("lost, double, early or late:", race.wrong or "none")
    sys.exit(1 if race.wrong else 0)


if __name__ == "__main__":
    main()
