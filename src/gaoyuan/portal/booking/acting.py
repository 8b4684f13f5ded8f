"""What moves of bookings do: places are held and freed, offered to those who wait, used, missed and billed.

Locks are taken in one order, the case, the counter of records, the resource, so that two who move at once never wait
for each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from gaoyuan.exchange import booking as exchange
from gaoyuan.exchange.booking import Done
from gaoyuan.exchange.process import Moved, Value
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.booking.diary import diary_of, kind_of, slots_of, steps_of, user_of
from gaoyuan.portal.booking.models import UNIT_MINUTES, Bill, Booking, HeldUnit, Resource
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import PROGRAM, act, move_by_program
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.trades.recording import record_trade
from gaoyuan.trust.canonical import Json

__all__ = ["Wish", "charge_now", "offer_all", "offer_free"]

_DECIDE_WITHIN = dt.timedelta(days=2)
_FULL = Refusal("full", "名额已满，可以候补", "no place is free; you may wait for one")


@dataclass(frozen=True, slots=True)
class Wish:
    """What opens a booking: slots of a resource, and whether to wait where no place is free."""

    resource: Resource
    begins: dt.datetime
    ends: dt.datetime
    wait: bool

    def plain(self) -> Mapping[str, Json]:
        """Give what it says."""
        return {
            "resource": str(self.resource.pk),
            "begins": self.begins.astimezone(dt.UTC).isoformat(),
            "ends": self.ends.astimezone(dt.UTC).isoformat(),
            "wait": self.wait,
        }

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the booking down; whether it may be is decided by the act that follows."""
        resource = _locked(self.resource.pk)
        if not resource.listed and resource.organisation != case.organisation:
            raise Refused(Refusal("withdrawn", "该资源已停止共享", "the resource is not shared any more"))
        number = Booking.unscoped.filter(resource=resource).aggregate(last=Max("number"))["last"] or 0
        local = timezone.localtime(self.begins)
        case.title = f"{resource.name} {local:%Y-%m-%d %H:%M}–{timezone.localtime(self.ends):%H:%M}"[:300]
        case.save(update_fields=["title"])
        Booking.objects.create_for(
            case.organisation,
            case=case,
            resource=resource,
            number=number + 1,
            begins=self.begins,
            ends=self.ends,
            slot_minutes=resource.slot_minutes,
            user_kind=kind_of(resource, case.organisation),
            cancellations=resource.cancellations,
            wait=self.wait,
        )


@act("booking", "sort")
def sort(case: Case, moved: Moved, line: RecordLine) -> None:
    """Confirm a new booking, put it on the waiting list, ask the owner, or refuse it: then nothing stays of it."""
    booking = _booking(case)
    resource = _locked(booking.resource.pk)
    user = user_of(resource, case.organisation)
    done = exchange.ask(diary_of(resource), user, booking.begins, booking.ends, now=moved.record.at, wait=booking.wait)
    entry = _done(done).booking
    assert entry is not None, "whoever asks gets a booking"
    Booking.unscoped.filter(pk=booking.pk).update(price=entry.price)
    if entry.status == "confirmed":
        _by_program(case, "confirm", {"place_free": True, "needs_approval": False}, "有空位，无须审批 a place is free")
    elif entry.status == "waiting":
        _by_program(case, "enlist", {"place_free": False}, "名额已满 no place is free")
    else:
        until = min(moved.record.at + _DECIDE_WITHIN, booking.begins)
        _by_program(case, "ask_owner", {"needs_approval": True, "decide_by": until}, "须设备方审批 the owner approves")
    case.refresh_from_db()


@act("booking", "hold_slots")
def hold_slots(case: Case, moved: Moved, line: RecordLine) -> None:
    """Hold a place; the database refuses one that somebody else holds."""
    booking, now = _booking(case), moved.record.at
    resource = _locked(booking.resource.pk)
    match moved.record.move:
        case "approve":
            done = exchange.approve(diary_of(resource, were={booking.pk: "pending"}), booking.number, now=now)
            entry = _done(done).booking
        case "offer":
            offers = exchange.offer_places(diary_of(resource, were={booking.pk: "waiting"}), now).offered
            entry = next((one for one in offers if one.number == booking.number), None)
        case _:
            diary = diary_of(resource)
            own = diary.booking(booking.number)
            entry = replace(own, place=diary.free_place(own.slots)) if own else None
    if entry is None or entry.place is None or (moved.record.role == "office" and moved.record.actor != PROGRAM):
        raise Refused(_FULL)
    unit = dt.timedelta(minutes=UNIT_MINUTES)
    units = [
        HeldUnit(resource=resource, place=entry.place, begins=slot + at * unit, booking=booking)
        for slot in slots_of(booking)
        for at in range(booking.slot_minutes // UNIT_MINUTES)
    ]
    try:
        with transaction.atomic():
            HeldUnit.objects.bulk_create(units)
    except IntegrityError:
        raise Refused(_FULL) from None
    Booking.unscoped.filter(pk=booking.pk).update(place=entry.place)


@act("booking", "free_slots")
def free_slots(case: Case, moved: Moved, line: RecordLine) -> None:
    """Free what a booking holds; those who wait are offered it once that is on the disk."""
    booking, move = _booking(case), moved.record.move
    resource = _locked(booking.resource.pk)
    if move != "offer_lapses":
        diary = diary_of(resource, were={booking.pk: "offered" if move == "pass" else "confirmed"})
        _done(exchange.cancel(diary, booking.number, now=moved.record.at, by_owner=move == "call_off"))
    HeldUnit.objects.filter(booking=booking).delete()
    Booking.unscoped.filter(pk=booking.pk).update(place=None)
    _offer_soon(resource)


@act("booking", "offer_places")
def offer_places(case: Case, moved: Moved, line: RecordLine) -> None:
    """Offer a place that is free to whoever has just been put on the waiting list."""
    _offer_soon(_booking(case).resource)


@act("booking", "note_use")
def note_use(case: Case, moved: Moved, line: RecordLine) -> None:
    """Note that the user has come."""
    booking = _booking(case)
    diary = diary_of(booking.resource, were={booking.pk: "confirmed"})
    _done(exchange.check_in(diary, booking.number, now=moved.record.at))


@act("booking", "note_absence")
def note_absence(case: Case, moved: Moved, line: RecordLine) -> None:
    """Note that the user has not come; what he held stays held, for nobody else could have had it."""
    booking = _booking(case)
    diary = diary_of(booking.resource, were={booking.pk: "confirmed"})
    _done(exchange.miss(diary, booking.number, now=moved.record.at))


@act("booking", "bill_cancellation")
def bill_cancellation(case: Case, moved: Moved, line: RecordLine) -> None:
    """Bill a late cancellation or an absence by the rules of when it was booked."""
    booking = _booking(case)
    missed = moved.record.move == "no_show"
    amount = booking.price if missed else charge_now(booking, moved.record.at)
    _bill(booking, Bill.For.ABSENCE if missed else Bill.For.CANCELLATION, amount)


@act("booking", "bill_use")
def bill_use(case: Case, moved: Moved, line: RecordLine) -> None:
    """Bill what was used."""
    booking = _booking(case)
    _bill(booking, Bill.For.USE, booking.price)


@act("booking", "record_trade")
def trade(case: Case, moved: Moved, line: RecordLine) -> None:
    """Record the use of another's resource as a trade."""
    booking = _booking(case)
    seller = booking.resource.organisation
    if seller == case.organisation:
        return
    hours = Decimal((booking.ends - booking.begins) // dt.timedelta(minutes=1)) / 60
    record_trade(
        case,
        seller=seller,
        buyer=case.organisation,
        what=booking.resource.name,
        amount_yuan=booking.price,
        on=timezone.localdate(booking.begins),
        quantity=hours,
        unit="h",
    )


def charge_now(booking: Booking, now: dt.datetime) -> Decimal:
    """Give what cancelling a confirmed booking costs now, in yuan."""
    diary = diary_of(booking.resource, were={booking.pk: "confirmed"})
    entry = diary.booking(booking.number)
    assert entry is not None, "the diary holds what it was asked for"
    rules = replace(diary.resource, cancellations=steps_of(booking.cancellations))
    return exchange.cancellation_charge(rules, entry, now)


def offer_free(resource: Resource) -> int:
    """Offer the free places of a resource to those who wait for them, in the order of asking; give how many."""
    made = 0
    diary = diary_of(resource)
    for one in exchange.offer_places(diary, timezone.now()).offered:
        case = Case.unscoped.get(booking__resource=resource, booking__number=one.number)
        given: dict[str, Value] = {"offer_until": one.until} if one.until else {}
        why = "有空位，按申请先后通知 a place is free; the first who waits has it"
        made += isinstance(move_by_program(case, "offer", role="office", given=given, why=why), Case)
    return made


def offer_all() -> int:
    """Offer all places that are free and waited for, those too that a process left which was killed."""
    waiting = Booking.unscoped.filter(case__state="waiting").values("resource")
    return sum(offer_free(one) for one in Resource.unscoped.filter(pk__in=waiting).order_by("pk"))


def _offer_soon(resource: Resource) -> None:
    # Other cases are moved in transactions of their own: this one holds the counter that their moves wait for.
    transaction.on_commit(lambda: offer_free(resource), robust=True)


def _booking(case: Case) -> Booking:
    found = Booking.unscoped.select_related("resource__organisation").filter(case=case).first()
    if found is None:
        raise Refused(Refusal("no_booking", "请先选择资源和时段", "choose a resource and its slots first"))
    return found


def _locked(pk: object) -> Resource:
    """Hold a resource against other bookings and changes of its rules until the transaction ends."""
    return Resource.unscoped.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)


def _done(result: Done | Refusal) -> Done:
    if isinstance(result, Refusal):
        raise Refused(result)
    return result


def _by_program(case: Case, move: str, given: Mapping[str, Value], why: str) -> None:
    made = move_by_program(case, move, role="office", given=given, why=why)
    if isinstance(made, Refusal):
        raise Refused(made)


def _bill(booking: Booking, reason: Bill.For, amount: Decimal) -> None:
    owner, payer = booking.resource.organisation, booking.organisation
    if amount > 0 and owner != payer and not Bill.unscoped.filter(booking=booking).exists():
        Bill.objects.create_for(owner, booking=booking, payer=payer, reason=reason, amount=amount)
