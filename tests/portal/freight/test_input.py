"""What is typed wrong into the forms of freight is answered in words, in both languages, and nothing is lost."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gaoyuan.portal.freight.models import Load, Plan, Vehicle, Warehouse

from .conftest import QINGDAO, WEIFANG, Parties, moment, said

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"weight_kg": "12"}, "如果是 12 吨，请填 12000"),
        ({"weight_kg": "60000"}, "合法载不了这么多"),
        ({"weight_kg": "9000000"}, "公路运不了"),
        ({"weight_kg": "-5"}, "货物总有重量"),
        ({"weight_kg": "9000", "volume_m3": "0.01"}, "请核对千克与立方米"),
        ({"to_point": WEIFANG}, "提货地与送货地相同"),
        ({"to_point": "36.07, 120.38"}, "经度在前"),
        ({"to_point": "这里"}, "用逗号隔开"),
        ({"to_point": "nan, nan"}, "没有这样的点"),
        ({"to_point": "", "to_county": "无此县"}, "无此县"),
        ({"to_point": "", "to_county": ""}, "请说明地点"),
        ({"pick_up_by": moment(-3)}, "已经过去"),
        ({"deliver_by": moment(-1)}, "送达时间必须晚于提货时间"),
        ({"from_early": moment(40)}, "开始时间晚于结束时间"),
        ({"deliver_by": moment(9000)}, "超过一年"),
        ({"pay_yuan": "$500"}, ""),
        ({"needs": ["wings"]}, ""),
        ({"planner": "999999"}, ""),
        ({"handling_minutes": "1e9"}, ""),
    ],
)
def test_an_impossible_load_is_asked_back(parties: Parties, given: dict[str, object], answer: str) -> None:
    page = parties.shipper.load("机床", parties.office.own, **given)
    assert page.status_code == 200
    complaints = " ".join(said(page))
    assert complaints
    assert answer in complaints
    assert "机床" in page.content.decode()
    assert not Load.unscoped.exists()


def test_what_was_asked_back_is_taken_once_it_is_confirmed(parties: Parties) -> None:
    page = parties.shipper.load("样品", parties.office.own, weight_kg="12")
    assert 'type="checkbox" name="sure"' in page.content.decode()
    assert parties.shipper.load("样品", parties.office.own, weight_kg="12", sure="on").status_code == 302
    assert Load.unscoped.get().weight_kg == 12


def test_a_load_is_posted_once_and_again_when_the_first_has_ended(parties: Parties) -> None:
    times = {"pick_up_by": moment(30), "deliver_by": moment(48)}
    assert parties.shipper.load("机床", parties.office.own, **times).status_code == 302
    assert "请勿重复发布" in " ".join(said(parties.shipper.load("机床", parties.office.own, **times)))
    assert parties.other.load("机床", parties.office.own, **times).status_code == 302
    first = Load.objects.of(parties.shipper.own).select_related("case").get()
    parties.shipper.post(f"/services/case/{first.case.pk}/withdraw/", **{"withdraw-why": "改期"})
    assert parties.shipper.load("机床", parties.office.own, **times).status_code == 302
    assert Load.objects.of(parties.shipper.own).count() == 2


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"weight_kg": "10"}, "如果是 10 吨，请填 10000"),
        ({"plate": " "}, ""),
        ({"ends": moment(-2), "begins": moment(-4)}, "时间已过"),
        ({"ends": moment(0)}, "开始时间晚于结束时间"),
        ({"ends": moment(2000)}, "最多登记一个月"),
        ({"kilometre_yuan": "-4"}, ""),
        ({"point": "200, 10"}, "没有这样的点"),
    ],
)
def test_an_impossible_vehicle_is_asked_back(parties: Parties, given: dict[str, object], answer: str) -> None:
    page = parties.carrier.vehicle("鲁G12345", parties.office.own, **given)
    assert page.status_code == 200
    assert answer in " ".join(said(page))
    assert not Vehicle.unscoped.exists()


def test_a_plate_stands_in_the_list_once_and_can_come_back(parties: Parties) -> None:
    assert parties.carrier.vehicle("鲁G·12345", parties.office.own).status_code == 302
    assert "已在您的列表中" in " ".join(said(parties.carrier.vehicle("鲁g12345", parties.office.own)))
    assert parties.rival.vehicle("鲁G12345", parties.office.own).status_code == 302
    held = Vehicle.objects.of(parties.carrier.own).get()
    parties.carrier.post(f"/services/freight/vehicles/{held.pk}/withdraw/")
    assert parties.carrier.vehicle("鲁G12345", parties.office.own).status_code == 302


def test_a_vehicle_is_changed_and_its_plans_keep_the_one_they_were_built_with(parties: Parties) -> None:
    carrier = parties.carrier
    assert carrier.vehicle("鲁G12345", parties.office.own).status_code == 302
    before = Vehicle.objects.of(carrier.own).get()
    address = f"/services/freight/vehicles/{before.pk}/"
    form = carrier.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in typed.items() if value is not None and value is not False}
    given |= {name: str(form[name]).split('value="')[1].split('"')[0] for name in ("begins", "ends")}
    assert "没有这样的点" in " ".join(said(carrier.post(address, **given | {"point": "200, 10"})))
    changed = carrier.post(address, **given | {"weight_kg": "12000"})
    assert said(changed) == []
    assert changed.status_code == 302
    after = Vehicle.objects.of(carrier.own).get(offered=True)
    assert (after.weight_kg, after.plate, after.per_kilometre_fen) == (12000, "鲁G12345", before.per_kilometre_fen)
    assert (round(after.longitude, 4), after.planner) == (round(before.longitude, 4), before.planner)
    before.refresh_from_db()
    assert (before.offered, before.weight_kg) == (False, form["weight_kg"].value())
    # The form of the one before, sent once more, changes nothing.
    assert carrier.post(address, **given).status_code == 404
    assert Vehicle.objects.of(carrier.own).filter(offered=True).count() == 1
    assert parties.rival.get(f"/services/freight/vehicles/{after.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("slots", "answer"),
    [
        ("tomorrow", "第 1 行"),
        ("2001-01-01 08:00-09:00 1", "时间已过"),
        ("2199-02-30 08:00-09:00 1", "第 1 行"),
        ("2199-02-28 10:00-09:00 1", "开始晚于结束"),
        ("2199-02-28 08:00-10:00 1\n2199-02-28 09:00-11:00 1", "时段有重叠"),
    ],
)
def test_impossible_slots_are_asked_back(parties: Parties, slots: str, answer: str) -> None:
    page = parties.office.post("/services/freight/warehouses/", name="西仓", point=QINGDAO, slots=slots)
    assert answer in " ".join(said(page))
    assert not Warehouse.unscoped.exists()


def test_a_plan_does_not_begin_in_the_past(parties: Parties) -> None:
    page = parties.office.post(
        "/services/freight/plans/", title="", begins=moment(-30), detour="1.3", speed="50", seconds="1"
    )
    assert "时间已过" in " ".join(said(page))
    assert not Plan.unscoped.exists()


def test_an_empty_plan_says_what_to_do(parties: Parties) -> None:
    plan = parties.office.plan()
    page = parties.office.get(f"/services/freight/plans/{plan.pk}/").content.decode()
    assert "没有可编排的内容" in page


def test_a_plan_that_is_still_being_built_has_a_page(parties: Parties) -> None:
    waiting = Plan.objects.create_for(parties.office.own, title="计划", begins=timezone.now())
    page = parties.office.get(f"/services/freight/plans/{waiting.pk}/")
    assert "编排中" in page.content.decode()
