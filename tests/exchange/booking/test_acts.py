"""Booking, waiting, cancelling: what each act gives, and what holds after any of them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.booking import (
    Diary,
    Done,
    Quota,
    Resource,
    User,
    approve,
    ask,
    cancel,
    check_in,
    miss,
    offer_places,
    pass_time,
    slots_on,
    take_offer,
    utilisation,
)
from gaoyuan.exchange.booking.rules import over_quota
from gaoyuan.exchange.refusal import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 5, 4, tzinfo=SHANGHAI)
NOW = MONDAY - dt.timedelta(days=3)
A, B, C, D = (User(name, "member") for name in ("甲厂", "乙厂", "丙厂", "丁厂"))
HOUR = dt.timedelta(hours=1)


def done(result: Done | Refusal) -> Done:
    assert isinstance(result, Done), result
    return result


def code(result: Done | Refusal) -> str:
    assert isinstance(result, Refusal), result
    assert result.zh
    assert result.en
    return result.code


def book(
    diary: Diary, user: User, hour: float, hours: float = 1, *, now: dt.datetime = NOW, wait: bool = False
) -> Done | Refusal:
    start = MONDAY + hour * HOUR
    return ask(diary, user, start, start + hours * HOUR, now=now, wait=wait)


@pytest.fixture
def full(lab: Resource) -> Diary:
    """Monday at 8 both chambers are taken (bookings 1 and 2), and two wait (3 and 4)."""
    diary = Diary(lab)
    for user, wait in ((A, False), (B, False), (C, True), (D, True)):
        diary = done(book(diary, user, 8, wait=wait)).diary
    return diary


def test_a_free_place_is_confirmed_at_once_at_its_price(lab: Resource) -> None:
    made = done(book(Diary(lab), User("戊所", "external"), 9, 3)).booking
    assert made is not None
    assert (made.status, made.place, made.price, len(made.slots)) == ("confirmed", 1, Decimal(360), 3)


def test_what_cannot_be_booked_is_refused_with_its_kind(lab: Resource, full: Diary) -> None:
    empty = Diary(lab)
    assert code(book(full, User("戊", "member"), 8)) == "full"
    assert code(book(full, A, 8)) == "twice"
    assert code(book(full, C, 8, wait=True)) == "twice"
    assert code(book(empty, A, 8.5)) == "not_open"
    assert code(book(empty, A, 11, 3)) == "not_open"
    assert code(book(empty, A, 20)) == "not_open"
    assert code(book(empty, A, 9, -1)) == "not_open"
    assert code(book(empty, A, 5 * 24 + 9)) == "not_open"
    assert code(book(empty, User("戊", "guest"), 9)) == "no_price"
    assert code(book(Diary(replace(lab, needs=frozenset({"上岗证"}))), A, 9)) == "not_trained"
    assert code(book(Diary(replace(lab, most_slots=2)), A, 8, 3)) == "too_long"
    assert code(book(empty, A, 9, now=MONDAY + 8.5 * HOUR)) == "too_soon"
    assert code(book(Diary(replace(lab, horizon_days=2)), A, 9)) == "too_far"
    assert code(ask(empty, A, dt.datetime(2026, 5, 4, 9), MONDAY, now=NOW)) == "no_offset"
    assert code(cancel(empty, 7, now=NOW)) == code(approve(full, 1, now=NOW)) == code(take_offer(full, 3, now=NOW))


def test_a_cancelled_place_is_offered_to_the_first_who_waits(full: Diary) -> None:
    made = done(cancel(full, 1, now=NOW))
    assert [(one.user, one.status, one.place, one.until) for one in made.offered] == [
        (C, "offered", 1, NOW + 6 * HOUR),
    ]  # fmt: skip
    taken = done(take_offer(made.diary, 3, now=NOW + HOUR))
    assert taken.booking is not None
    assert (taken.booking.status, taken.booking.place, taken.booking.until) == ("confirmed", 1, None)


def test_an_offer_that_is_not_taken_in_time_goes_to_the_next(full: Diary) -> None:
    diary = done(cancel(full, 1, now=NOW)).diary
    late = NOW + 6 * HOUR
    assert code(take_offer(diary, 3, now=late)) == "too_late"
    passed = pass_time(diary, late)
    assert [one.number for one in passed.ended] == [3]
    assert [one.number for one in passed.offered] == [4]
    assert pass_time(passed.diary, late).offered == ()


def test_a_refused_offer_goes_to_the_next(full: Diary) -> None:
    diary = done(cancel(full, 1, now=NOW)).diary
    made = done(cancel(diary, 3, now=NOW))
    assert (made.charge, [one.number for one in made.offered]) == (0, [4])


def test_who_waits_in_vain_leaves_the_list_when_the_slots_begin(full: Diary) -> None:
    assert [one.number for one in pass_time(full, MONDAY + 8 * HOUR).ended] == [3, 4]


def test_an_offer_ends_when_its_slots_begin(full: Diary) -> None:
    made = done(cancel(full, 1, now=MONDAY + 5 * HOUR, by_owner=True))
    assert [one.until for one in made.offered] == [MONDAY + 8 * HOUR]


@pytest.mark.parametrize(("hours", "charge"), [(24, "0.00"), (23.9, "40.00"), (2, "40.00"), (1.9, "80.00")])
def test_cancelling_costs_by_how_late_it_is_and_nothing_for_the_owner(full: Diary, hours: float, charge: str) -> None:
    at = MONDAY + (8 - hours) * HOUR
    assert done(cancel(full, 1, now=at)).charge == Decimal(charge)
    assert done(cancel(full, 1, now=at, by_owner=True)).charge == 0


def test_what_has_begun_is_not_cancelled_by_its_user(full: Diary) -> None:
    assert code(cancel(full, 1, now=MONDAY + 8 * HOUR)) == "past"
    assert done(cancel(full, 1, now=MONDAY + 8 * HOUR, by_owner=True)).charge == 0


def test_a_pending_booking_holds_nothing_until_it_is_approved(lab: Resource) -> None:
    diary = Diary(replace(lab, approval=True, places=1))
    first = done(book(diary, A, 8))
    second = done(book(first.diary, B, 8))
    assert second.diary.held() == ()
    approved = done(approve(second.diary, 2, now=NOW))
    assert [one[1] for one in approved.diary.held()] == [1]
    assert code(approve(approved.diary, 1, now=NOW)) == "full"
    waiting = done(approve(approved.diary, 1, now=NOW, wait=True))
    assert [one.number for one in done(cancel(waiting.diary, 2, now=NOW)).offered] == [1]


def test_nobody_gets_round_the_approval_by_waiting(lab: Resource) -> None:
    diary = done(book(Diary(replace(lab, approval=True, places=1)), A, 8)).diary
    diary = done(approve(diary, 1, now=NOW)).diary
    waits = done(book(diary, B, 8, wait=True))
    assert waits.booking is not None
    assert waits.booking.status == "pending"
    assert done(cancel(waits.diary, 1, now=NOW)).offered == ()


def test_a_quota_holds_on_every_way_to_a_booking(lab: Resource) -> None:
    diary = Diary(replace(lab, places=1, quotas=(Quota(3, 7),)))
    diary = done(book(diary, A, 8, 1)).diary
    diary = done(book(diary, B, 9, 2)).diary
    assert code(book(diary, B, 13, 2)) == "quota"
    diary = done(book(diary, B, 8, wait=True)).diary
    diary = done(book(diary, C, 8, wait=True)).diary
    diary = done(book(diary, B, 24 + 8, 1)).diary
    assert [one.user for one in done(cancel(diary, 1, now=NOW)).offered] == [C]


def attempt(
    diary: Diary, what: str, user: User, hour: int, hours: int, number: int, now: dt.datetime
) -> Done | Refusal:
    match what:
        case "ask" | "wait":
            return book(diary, user, hour, hours, now=now, wait=what == "wait")
        case "cancel" | "own":
            return cancel(diary, number, now=now, by_owner=what == "own")
        case "approve":
            return approve(diary, number, now=now, wait=number % 2 == 0)
        case "take":
            return take_offer(diary, number, now=now)
    return pass_time(diary, now)


@given(st.integers(0, 10**9), st.booleans(), st.integers(1, 2))
def test_no_slot_is_held_twice_no_quota_broken_and_nobody_waits_for_a_free_place(
    lab: Resource, seed: int, approval: bool, places: int
) -> None:
    draw = random.Random(seed)
    resource = replace(lab, approval=approval, places=places, quotas=(Quota(4, 7),))
    diary, now = Diary(resource), NOW
    for _ in range(60):
        now += draw.choice([0, 0, 0, 1, 7]) * HOUR / 2
        diary = pass_time(diary, now).diary
        what = draw.choice(["ask", "wait", "wait", "cancel", "own", "approve", "take", "time"])
        number = draw.choice([one.number for one in diary.bookings] or [1])
        user, hour, hours = draw.choice((A, B, C, D)), draw.choice([8, 9, 10, 33]), draw.randint(1, 3)
        result = attempt(diary, what, user, hour, hours, number, now)
        if isinstance(result, Done):
            diary = result.diary
        keys = diary.held()
        assert len(keys) == len(set(keys))
        assert all(1 <= place <= places for _, place, _ in keys)
        open_slots = {slot for day in range(3) for slot in slots_on(resource, MONDAY.date() + dt.timedelta(days=day))}
        for one in diary.bookings:
            assert set(one.slots) <= open_slots
            assert (one.place is not None) == (one.status in ("confirmed", "offered"))
            assert (one.until is not None) == (one.status == "offered")
            assert over_quota(diary, one.user, (), None) is None
            if one.status == "waiting" and over_quota(diary, one.user, one.slots, one.number) is None:
                assert diary.free_place(one.slots) is None


def test_who_came_has_used_the_slots_and_who_did_not_has_missed_them_at_the_whole_price(full: Diary) -> None:
    start = MONDAY + 8 * HOUR
    assert code(check_in(full, 1, now=start - 3 * HOUR)) == "too_early"
    assert code(check_in(full, 3, now=start)) == code(check_in(full, 9, now=start)) == "no_such"
    came = done(check_in(full, 1, now=start - HOUR))
    assert came.booking is not None
    assert (came.booking.status, came.charge) == ("used", Decimal(80))
    assert code(cancel(came.diary, 1, now=start - HOUR)) == "no_such"
    assert code(miss(came.diary, 2, now=start - HOUR)) == "too_early"
    missed = done(miss(came.diary, 2, now=start + HOUR))
    assert missed.charge == Decimal(80)
    counted = utilisation(missed.diary, MONDAY.date(), MONDAY.date())
    assert (counted.open_slots, counted.booked, counted.used, counted.missed) == (16, 2, 1, 1)
    assert (counted.used_share, counted.hours(counted.booked)) == (1 / 16, 2.0)


def test_what_has_been_closed_meanwhile_is_neither_offered_nor_approved(full: Diary, lab: Resource) -> None:
    shut = frozenset({MONDAY.date()})
    closed = replace(full, resource=replace(lab, closed=shut))
    assert done(cancel(closed, 1, now=NOW)).offered == ()
    pending = done(book(Diary(replace(lab, approval=True)), A, 8)).diary
    assert code(approve(replace(pending, resource=replace(lab, closed=shut)), 1, now=NOW)) == "not_open"
    freed = replace(full, bookings=full.bookings[1:])
    assert [one.number for one in offer_places(freed, NOW).offered] == [3]
