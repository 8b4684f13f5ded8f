"""Who sees what: shippers their own loads, carriers no more than they need, planners what was given to them."""

from __future__ import annotations

import pytest

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.seeing import roles_of, seen_by
from gaoyuan.portal.freight.models import Load, Trip

from .conftest import Parties, said
from .test_trips import done, posted, there_and_back

pytestmark = pytest.mark.django_db


def page_of(party: object, address: str) -> str:
    return party.get(address).content.decode()  # type: ignore[attr-defined]


def test_a_shipper_sees_his_own_loads_alone_in_lists_exports_and_counts(parties: Parties) -> None:
    posted(parties.shipper, "机床", parties.office)
    posted(parties.other, "轴承", parties.office)
    for format in ("", "csv"):
        answer = parties.shipper.get("/services/freight/", format=format)
        text = answer.content.decode("utf-8-sig")
        assert "机床" in text
        assert "轴承" not in text
    assert {one.title for one in seen_by(parties.carrier.viewer)} == set()
    assert {one.title for one in seen_by(parties.office.viewer)} == {"机床", "轴承"}
    foreign = Load.objects.of(parties.other.own).get().case
    assert parties.shipper.get(f"/services/case/{foreign.pk}/").status_code == 404
    assert "planner" in roles_of(parties.office.viewer, foreign)
    assert roles_of(parties.carrier.viewer, foreign) == []


def test_a_carrier_sees_address_and_contact_only_once_he_has_accepted_and_never_what_is_paid_at_most(
    parties: Parties,
) -> None:
    load = posted(parties.shipper, "机床", parties.office, pay_yuan="98765.43")
    parties.carrier.vehicle("鲁G12345", parties.office.own)
    plan = parties.office.plan()
    parties.office.post(f"/services/freight/plans/{plan.pk}/send/")
    trip = Trip.unscoped.get()
    addresses = (f"/services/case/{load.case.pk}/", f"/services/freight/trips/{trip.pk}/")
    files = (f"/services/freight/trips/{trip.pk}/?format=csv", "/services/freight/trips/?format=csv")
    for address in (*addresses, *files):
        page = page_of(parties.carrier, address)
        assert "王某" not in page
        assert "某路 1 号" not in page
        assert "98765" not in page
        assert "98,765" not in page
    assert "9,000" in page_of(parties.carrier, addresses[0])
    done(parties.carrier, load, "accept")
    for address in addresses:
        page = page_of(parties.carrier, address)
        assert "王某" in page
        assert "某路 1 号" in page
        assert "98765" not in page
    assert "98765.43" in page_of(parties.shipper, addresses[0])


def test_a_carrier_who_has_refused_sees_the_load_no_more_and_the_next_nothing_of_him(parties: Parties) -> None:
    _there, back, _plan = there_and_back(parties)
    parties.rival.vehicle("鲁B99999", parties.office.own)
    done(parties.carrier, back, "refuse", why="司机请假")
    assert parties.carrier.get(f"/services/case/{back.case.pk}/").status_code == 404
    page = page_of(parties.rival, f"/services/case/{back.case.pk}/")
    assert "司机请假" not in page
    assert "丙运输" not in page
    assert "拒单次数" not in page
    assert "司机请假" in page_of(parties.office, f"/services/case/{back.case.pk}/")


def test_what_belongs_to_others_is_answered_like_what_does_not_exist(parties: Parties) -> None:
    there_and_back(parties)
    trip = Trip.unscoped.get()
    for party, address in (
        (parties.rival, f"/services/freight/trips/{trip.pk}/"),
        (parties.shipper, f"/services/freight/trips/{trip.pk}/"),
        (parties.rival, f"/services/freight/plans/{trip.plan.pk}/"),
    ):
        assert party.get(address).status_code == 404
    assert parties.rival.post(f"/services/freight/trips/{trip.pk}/", answer="accept").status_code == 404
    assert parties.rival.post(f"/services/freight/vehicles/{trip.vehicle.pk}/withdraw/").status_code == 404
    assert "鲁G12345" not in page_of(parties.rival, "/services/freight/vehicles/?format=csv")


def test_an_office_of_another_county_neither_sees_nor_plans(parties: Parties) -> None:
    posted(parties.shipper, "机床", parties.office)
    parties.carrier.vehicle("鲁G12345", parties.office.own)
    far = Organisation.objects.create(name="外县局", kind=Role.COUNTY, division="110101")
    office = type(parties.office)(far, parties.office.client, parties.office.catch)
    assert said(parties.shipper.load("货", far)) != []
    plan = parties.office.plan()
    plan.organisation = far
    plan.save()
    assert office.get(f"/services/freight/plans/{plan.pk}/").status_code == 404
