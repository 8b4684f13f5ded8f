"""Two at once: one award wins, deadlines only move back, sealed quotations stay sealed, and none is lost."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import move_case
from gaoyuan.portal.trading.quoting import Later

from .firms import Firm

ROOT = Path(__file__).parents[3]


def test_bidders_buyers_and_the_clock_at_once_lose_nothing_and_read_nothing_early() -> None:
    # In a process and on a database of its own: threads need transactions that end, tests undo theirs.
    command = [sys.executable, "-m", "benchmarks.quotes_race", "--bidders", "4", "--seconds", "4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said = {what: int(number) for number, what in re.findall(r"^ *(\d+) (.+)$", done.stdout, re.M)}
    assert said["award 302"] == 1
    assert said["quote 302"] >= 2
    assert said["read before the deadline"] >= 1
    assert said.get("confirm 302", 0) + said.get("decline 302", 0) == 1


@pytest.mark.django_db
def test_a_deadline_extended_meanwhile_is_not_drawn_nearer_again() -> None:
    buyer = Firm("甲厂")
    case = buyer.publishes(days=2)
    days = {days: timezone.now() + dt.timedelta(days=days) for days in (5, 9)}

    def extended(number: int) -> Case | Refusal:
        given = {"closes_at": days[number]}
        return move_case(buyer.viewer, case, "extend", role="buyer", given=given, why="晚些", detail=Later())

    assert isinstance(extended(9), Case)
    earlier = extended(5)
    assert isinstance(earlier, Refusal)
    case.refresh_from_db()
    assert case.deadline == days[9]
