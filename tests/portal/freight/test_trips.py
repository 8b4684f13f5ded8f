"""Loads become trips: posted, planned, offered, accepted or refused, driven, and paid."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gaoyuan.portal.cases.models import Case, Notice, RecordLine
from gaoyuan.portal.freight.models import Declined, Load, Plan, Trip
from gaoyuan.portal.trades.models import Trade

from .conftest import QINGDAO, WEIFANG, Parties, Party, moment, said

pytestmark = pytest.mark.django_db


def posted(party: Party, title: str, planner: Party, **given: object) -> Load:
    answer = party.load(title, planner.own, **given)
    assert answer.status_code == 302, said(answer)
    return Load.unscoped.select_related("case").latest("pk")


def there_and_back(parties: Parties) -> tuple[Load, Load, Plan]:
    """Two loads, one on the way back of the other, and the plan of one vehicle that is offered."""
    there = posted(parties.shipper, "机床", parties.office)
    back = posted(
        parties.other, "进口轴承", parties.office,
        from_point=QINGDAO, to_point=WEIFANG, from_place="某港", to_place="某仓",
    )  # fmt: skip
    assert said(parties.carrier.vehicle("鲁G12345", parties.office.own)) == []
    plan = parties.office.plan()
    assert plan.state == Plan.State.DRAFT, plan.job and plan.job.fault
    assert parties.office.post(f"/services/freight/plans/{plan.pk}/send/").status_code == 302
    for one in (there, back, plan):
        one.refresh_from_db()
    return there, back, plan


def done(party: Party, load: Load, move: str, **given: str) -> None:
    answer = party.post(
        f"/services/case/{load.case.pk}/{move}/", **{f"{move}-{name}": value for name, value in given.items()}
    )
    assert answer.status_code == 302, said(answer)
    load.refresh_from_db()


def test_a_vehicle_carries_a_load_there_and_another_back_and_both_pay_less_than_alone(parties: Parties) -> None:
    there, back, plan = there_and_back(parties)
    trip = Trip.unscoped.get()
    assert trip.live
    assert there.trip == back.trip == trip
    assert [one[:2] for one in trip.visits] == [
        [str(there.pk), "pickup"], [str(there.pk), "delivery"], [str(back.pk), "pickup"], [str(back.pk), "delivery"]
    ]  # fmt: skip
    assert there.price_fen is not None
    assert back.price_fen is not None
    assert there.price_fen + back.price_fen == trip.pay_fen
    page = parties.office.get(f"/services/freight/plans/{plan.pk}/").content.decode()
    assert "鲁G12345" in page
    assert "polyline" in page
    line = RecordLine.unscoped.filter(case=there.case).latest("number")
    assert line.plain["move"] == "offer"
    assert line.plain["actor"] == "program"
    assert Notice.unscoped.filter(organisation=parties.carrier.own, case=there.case).exists()
    answer = parties.carrier.post(f"/services/freight/trips/{trip.pk}/", answer="accept")
    assert answer.status_code == 302, said(answer)
    done(parties.carrier, there, "pick_up")
    done(parties.carrier, there, "deliver")
    done(parties.shipper, there, "sign")
    trade = Trade.unscoped.get()
    assert (trade.organisation, trade.buyer) == (parties.carrier.own, parties.shipper.own)
    assert trade.amount_yuan == Decimal(there.price_fen) / 100
    assert there.price_fen < 100 * (200 + 4 * 2 * 170)


def test_a_refused_load_goes_to_another_carrier_and_what_is_accepted_stays_as_it_is(parties: Parties) -> None:
    there, back, plan = there_and_back(parties)
    trip = Trip.unscoped.get()
    price = there.price_fen
    done(parties.carrier, there, "accept")
    assert said(parties.rival.vehicle("鲁B99999", parties.office.own)) == []
    done(parties.carrier, back, "refuse", why="港口排队")
    trip.refresh_from_db()
    assert {one[0] for one in trip.visits} == {str(there.pk)}
    there.refresh_from_db()
    assert (there.trip, there.price_fen, there.case.state) == (trip, price, "accepted")
    back.case.refresh_from_db()
    assert back.case.state == "offered"
    assert back.case.facts["carrier"] == str(parties.rival.own.pk)
    assert back.trip is not None
    assert back.trip.organisation == parties.rival.own
    plan.refresh_from_db()
    assert plan.repairs == 1
    assert Declined.unscoped.get().organisation == parties.carrier.own
    # Refused by the second too: nobody is left, and the shipper reads why.
    done(parties.rival, back, "refuse", why="太远")
    page = parties.other.get(f"/services/case/{back.case.pk}/").content.decode()
    assert "能运的车都已拒绝" in page
    english = parties.other.client.get(f"/services/case/{back.case.pk}/", headers={"accept-language": "en"})
    assert "every vehicle that could carry it has refused it" in english.content.decode()


def test_a_whole_trip_is_refused_with_a_reason_and_its_vehicle_is_free_again(parties: Parties) -> None:
    there, back, _plan = there_and_back(parties)
    trip = Trip.unscoped.get()
    answer = parties.carrier.post(f"/services/freight/trips/{trip.pk}/", answer="refuse")
    assert "请说明拒单的原因" in answer.content.decode()
    parties.carrier.post(f"/services/freight/trips/{trip.pk}/", answer="refuse", why="车坏了")
    assert not Trip.unscoped.filter(live=True).exists()
    for load in (there, back):
        load.refresh_from_db()
        assert load.trip is None
        assert load.case.state == "posted"
    assert parties.carrier.get(f"/services/freight/trips/{trip.pk}/").status_code == 404


def test_a_load_that_is_withdrawn_leaves_its_trip(parties: Parties) -> None:
    there, back, _plan = there_and_back(parties)
    done(parties.shipper, there, "withdraw", why="改由铁路")
    trip = Trip.unscoped.get()
    assert {one[0] for one in trip.visits} == {str(back.pk)}
    assert Declined.unscoped.count() == 0
    assert parties.carrier.get(f"/services/freight/trips/{trip.pk}/").status_code == 200


def test_what_has_changed_since_the_draft_is_left_out_of_the_offer(parties: Parties) -> None:
    there = posted(parties.shipper, "机床", parties.office)
    back = posted(parties.other, "轴承", parties.office, from_point=QINGDAO, to_point=WEIFANG)
    parties.carrier.vehicle("鲁G12345", parties.office.own)
    first, second = parties.office.plan(), parties.office.plan()
    done(parties.shipper, there, "withdraw", why="不运了")
    parties.office.post(f"/services/freight/plans/{first.pk}/send/")
    back.refresh_from_db()
    trip = Trip.unscoped.get(live=True)
    assert back.trip == trip
    assert {one[0] for one in trip.visits} == {str(back.pk)}
    # The second plan has nothing any more that it could offer, and sending twice offers nothing twice.
    parties.office.post(f"/services/freight/plans/{second.pk}/send/")
    parties.office.post(f"/services/freight/plans/{first.pk}/send/")
    assert Trip.unscoped.filter(live=True).count() == 1
    assert Case.unscoped.get(pk=back.case.pk).number == 2


def test_a_load_that_stays_behind_has_its_reason_on_every_page(parties: Parties) -> None:
    posted(parties.shipper, "冻鱼", parties.office, needs=["reefer"], pay_yuan="5000")
    parties.carrier.vehicle("鲁G12345", parties.office.own)
    plan = parties.office.plan()
    page = parties.office.get(f"/services/freight/plans/{plan.pk}/").content.decode()
    assert "都缺少" in page
    file = parties.office.get(f"/services/freight/plans/{plan.pk}/", format="csv", table="freight-left")
    assert "冻鱼" in file.content.decode("utf-8-sig")
    assert parties.office.get(f"/services/freight/plans/{plan.pk}/", format="xlsx").content.startswith(b"PK")


def test_docks_take_one_vehicle_a_slot(parties: Parties) -> None:
    day = moment(24)[:10]
    answer = parties.office.post(
        "/services/freight/warehouses/", name="西仓", point=WEIFANG, slots=f"{day} 08:00-09:00 1\n{day} 09:00-10:00 1"
    )
    assert answer.status_code == 302, said(answer)
    house = parties.office.own
    from gaoyuan.portal.freight.models import Warehouse

    for number in range(3):
        posted(
            parties.shipper, f"布{number}", parties.office,
            from_warehouse=str(Warehouse.unscoped.get().pk), weight_kg="9000", pick_up_by=f"{day}T23:00",
        )  # fmt: skip
    for number in range(3):
        parties.carrier.vehicle(f"鲁G1000{number}", house)
    plan = parties.office.plan()
    page = parties.office.get(f"/services/freight/plans/{plan.pk}/").content.decode()
    assert Trip.unscoped.filter(plan=plan).count() == 2
    assert "仓库月台没有合适的空闲时段" in page
