"""Bookings hold places, wait, are offered, billed and recorded; the diary in the database is that of the exchange."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gaoyuan.exchange.process import from_plain, process, replay
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.booking.acting import offer_all
from gaoyuan.portal.booking.diary import diary_of, user_of
from gaoyuan.portal.booking.models import Bill, Booking, Closure, HeldUnit, Permit, Resource
from gaoyuan.portal.cases.models import Case, Notice, RecordLine
from gaoyuan.portal.cases.moving import move_case, pass_deadlines, standing_of
from gaoyuan.portal.trades.models import Trade

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def done(result: Case | Refusal) -> Case:
    assert isinstance(result, Case), result
    result.refresh_from_db()
    return result


def code(result: Case | Refusal) -> str:
    assert isinstance(result, Refusal), result.state
    assert result.zh
    assert result.en
    return result.code


def move(viewer: Viewer, case: Case, name: str, role: str = "user", why: str = "") -> Case | Refusal:
    return move_case(viewer, case, name, role=role, why=why)


def shift(case: Case, by: dt.timedelta) -> None:
    """Let a booking begin earlier, as if time had passed."""
    booking = Booking.unscoped.get(case=case)
    Booking.unscoped.filter(pk=booking.pk).update(begins=booking.begins - by, ends=booking.ends - by)
    for unit in HeldUnit.objects.filter(booking=booking).order_by("begins"):
        HeldUnit.objects.filter(pk=unit.pk).update(begins=unit.begins - by)
    case.refresh_from_db()
    starts = dt.datetime.fromisoformat(case.facts["starts_at"]) - by
    case.facts["starts_at"] = starts.isoformat()
    if case.state == "confirmed":
        case.deadline = starts + dt.timedelta(days=1)
    case.save()


def test_a_free_slot_is_confirmed_at_once_at_the_price_of_the_user(firm, owner, book, lab) -> None:
    near, far = done(book(firm("甲厂"))), done(book(firm("乙厂", "110101"), 2, 3))
    own = done(book(owner, 6))
    assert (near.state, far.state, own.state) == ("confirmed", "confirmed", "confirmed")
    prices = [Booking.unscoped.get(case=one).price for one in (near, far, own)]
    assert prices == [Decimal(80), Decimal(360), Decimal(0)]
    assert HeldUnit.objects.filter(resource=lab).count() == 5 * 4
    assert near.title.startswith("盐雾试验箱 ")
    actors = [line.plain["actor"] for line in RecordLine.unscoped.filter(case=near)]
    assert actors == [str(near.organisation.pk), "program"]


def test_the_case_is_what_its_records_fold_to_and_the_diary_what_is_held(firm, book, lab) -> None:
    case = done(book(firm("甲厂"), 0, 2))
    done(book(firm("乙厂"), 1, wait=True))
    definition = process("booking")
    records = [from_plain(line.plain, definition) for line in RecordLine.unscoped.filter(case=case).order_by("number")]
    assert replay(definition, records) == standing_of(case)
    held = {(place, slot) for _, place, slot in diary_of(lab).held()}
    units = {(one.place, one.begins) for one in HeldUnit.objects.all() if one.begins.minute == 0}
    assert held == units


def test_the_database_refuses_to_hold_a_place_twice(firm, book, lab) -> None:
    booking = Booking.unscoped.get(case=done(book(firm("甲厂"))))
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldUnit.objects.create(resource=lab, place=1, begins=booking.begins, booking=booking)


def test_what_the_rules_forbid_leaves_nothing_behind(firm, book, lab, owner) -> None:
    first = firm("甲厂")
    done(book(first))
    before = Case.unscoped.count()
    assert code(book(firm("乙厂"))) == "full"
    assert code(book(first)) == "twice"
    assert code(book(first, hours=30)) == "too_long"
    assert code(book(first, -4 * 24)) == "past"
    assert code(book(first, 24 * 100)) == "too_far"
    lab.quotas = [[2, 7]]
    lab.save()
    assert code(book(first, 3, 2)) == "quota"
    lab.prices = {"member": "80"}
    lab.save()
    assert code(book(firm("外地厂", "110101"), 3)) == "no_price"
    lab.needs = ["上岗证"]
    lab.save()
    assert code(book(first, 3)) == "not_trained"
    Permit.objects.create_for(first.organisation, resource=lab, granted=True)
    assert user_of(lab, first.organisation).has == {"上岗证"}
    lab.listed = False
    lab.save()
    assert code(book(first, 3)) == "withdrawn"
    assert (Case.unscoped.count(), Booking.unscoped.count()) == (before, 1)


def test_a_place_that_becomes_free_is_offered_to_the_first_who_waits(
    firm, book, lab, django_capture_on_commit_callbacks
) -> None:
    first, second, third = firm("甲厂"), firm("乙厂"), firm("丙厂")
    case = done(book(first))
    waits, later = done(book(second, wait=True)), done(book(third, wait=True))
    assert (waits.state, later.state) == ("waiting", "waiting")
    assert offer_all() == 0
    with django_capture_on_commit_callbacks(execute=True):
        done(move(first, case, "cancel"))
    assert (done(waits).state, done(later).state) == ("offered", "waiting")
    assert waits.deadline is not None
    assert abs(waits.deadline - timezone.now() - 6 * HOUR) < HOUR
    assert Notice.objects.for_viewer(second).filter(case=waits).count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        done(move(second, waits, "pass"))
    assert done(later).state == "offered"
    assert done(move(third, later, "take")).state == "confirmed"
    assert HeldUnit.objects.count() == 4
    assert Bill.unscoped.count() == 0


def test_an_offer_that_lapses_goes_to_the_next_also_where_a_process_died_in_between(firm, book) -> None:
    first, second, third = firm("甲厂"), firm("乙厂"), firm("丙厂")
    case = done(book(first))
    waits, later = done(book(second, wait=True)), done(book(third, wait=True))
    done(move(first, case, "cancel"))
    assert offer_all() == 1
    Case.unscoped.filter(pk=waits.pk).update(deadline=timezone.now() - HOUR)
    assert pass_deadlines() == 1
    assert done(waits).state == "cancelled"
    assert offer_all() == 1
    assert offer_all() == 0
    assert done(later).state == "offered"


def test_nobody_can_offer_a_place_out_of_turn(firm, book) -> None:
    first, second = firm("甲厂"), firm("乙厂")
    case = done(book(first))
    waits = done(book(second, wait=True))
    assert first.organisation is not None
    office = Viewer(Role.COUNTY, None, first.organisation.parent)
    given = {"offer_until": timezone.now() + HOUR}
    assert code(move_case(office, waits, "offer", role="office", given=given)) == "full"
    done(move(first, case, "cancel"))
    assert code(move_case(office, waits, "offer", role="office", given=given)) == "full"
    assert done(waits).state == "waiting"


def test_the_owner_approves_and_nothing_is_held_before(firm, book, lab, owner) -> None:
    lab.approval = True
    lab.save()
    first, second, third = firm("甲厂"), firm("乙厂"), firm("丙厂")
    one, two, three = (done(book(who)) for who in (first, second, third))
    assert {one.state, two.state, three.state} == {"pending"}
    assert HeldUnit.objects.count() == 0
    assert one.deadline is not None
    assert one.deadline <= timezone.now() + dt.timedelta(days=2)
    assert done(move(owner, two, "approve", "owner")).state == "confirmed"
    assert code(move(owner, one, "approve", "owner")) == "full"
    assert done(move(owner, one, "approve_to_wait", "owner")).state == "waiting"
    assert code(move(owner, three, "reject", "owner")) == "no_reason"
    assert done(move(owner, three, "reject", "owner", "检修")).state == "rejected"
    done(move(owner, two, "call_off", "owner", "检修"))
    assert offer_all() == 1
    assert done(one).state == "offered"


@pytest.mark.parametrize(("ahead", "charge"), [(30, None), (10, "40.00"), (1.5, "80.00")])
def test_cancelling_late_is_billed_by_the_rules_of_when_it_was_booked(firm, book, lab, noon, ahead, charge) -> None:
    user = firm("甲厂")
    case = done(book(user, 24))
    lab.cancellations = []
    lab.save()
    whole = noon + 24 * HOUR - timezone.now()
    shift(case, dt.timedelta(hours=round(whole / HOUR - ahead)) if ahead != 1.5 else whole - 1.6 * HOUR)
    done(move(user, case, "cancel"))
    bill = Bill.unscoped.filter(booking__case=case).first()
    assert (str(bill.amount) if bill else None) == charge
    assert HeldUnit.objects.count() == 0


def test_what_has_begun_is_not_cancelled_and_nobody_comes_too_early(firm, book, owner) -> None:
    user = firm("甲厂")
    case = done(book(user))
    assert code(move(owner, case, "check_in", "owner")) == "too_early"
    shift(case, dt.timedelta(days=3))
    Case.unscoped.filter(pk=case.pk).update(deadline=timezone.now() + HOUR)
    assert code(move(user, case, "cancel")) == "past"
    assert done(move(user, case, "check_in")).state == "in_use"


def test_who_does_not_come_pays_the_whole_price_and_the_slot_counts_as_missed(firm, book, lab) -> None:
    case = done(book(firm("甲厂")))
    shift(case, dt.timedelta(days=4))
    assert pass_deadlines() == 1
    assert done(case).state == "missed"
    bill = Bill.unscoped.get(booking__case=case)
    assert (bill.amount, bill.reason) == (Decimal(80), "absence")
    assert [one.status for one in diary_of(lab).bookings] == ["missed"]


def test_use_is_billed_and_recorded_as_a_trade_once(firm, book, owner) -> None:
    user = firm("甲厂")
    case = done(book(user, hours=2))
    shift(case, dt.timedelta(hours=round((Booking.unscoped.get(case=case).begins - timezone.now()) / HOUR)))
    done(move(owner, case, "check_in", "owner"))
    done(move(owner, case, "report", "owner"))
    assert done(move(user, case, "accept")).state == "completed"
    bill, trade = Bill.unscoped.get(), Trade.unscoped.get()
    assert (bill.organisation, bill.payer, bill.amount) == (owner.organisation, user.organisation, Decimal(160))
    assert (trade.amount_yuan, trade.quantity, trade.unit) == (Decimal(160), Decimal(2), "h")
    own = done(book(owner, 8))
    shift(own, dt.timedelta(hours=round((Booking.unscoped.get(case=own).begins - timezone.now()) / HOUR) + 3))
    done(move(owner, own, "check_in", "owner"))
    done(move(owner, own, "report", "owner"))
    done(move(owner, own, "accept"))
    assert (Bill.unscoped.count(), Trade.unscoped.count()) == (1, 1)


def test_a_closed_time_is_neither_booked_nor_offered(firm, book, lab, noon) -> None:
    first, second = firm("甲厂"), firm("乙厂")
    case = done(book(first))
    waits = done(book(second, wait=True))
    done(move(first, case, "cancel"))
    Closure.objects.create_for(lab.organisation, resource=lab, begins=noon, ends=noon + HOUR / 2, words="维护")
    assert offer_all() == 0
    assert done(waits).state == "waiting"
    assert code(book(first)) == "not_open"
    assert done(book(first, 1)).state == "confirmed"
    assert Resource.unscoped.get(pk=lab.pk).closures.count() == 1
