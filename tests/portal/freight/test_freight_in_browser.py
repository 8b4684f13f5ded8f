"""Freight in Chromium: two shippers, a carrier and a cluster organisation go from loads to a signed delivery."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ..walking import People

_PEOPLE = Path(__file__).with_name("people.py")
_PLANNED_SECONDS = 240


@pytest.fixture(scope="module")
def firms(people_with, served) -> People:
    """Two shippers, a carrier and a cluster organisation that plans."""
    return people_with(served.do(_PEOPLE, "make"))


def test_loads_become_a_trip_there_and_back_that_is_accepted_driven_and_signed(firms: People) -> None:
    there = post(firms, "mill", "轴承套圈 9 吨", ("119.76, 36.38", "120.20, 36.00"))
    post(firms, "trader", "进口钢材 9 吨", ("120.20, 36.00", "119.76, 36.38"))
    offer_vehicle(firms)
    plan(firms)
    page = firms.go("carrier", "/services/freight/trips/")
    firms.look(page, "trips")
    page.get_by_role("link", name="鲁G12345").click()
    expect(page.get_by_text("接单后显示详细地址与联系人。")).to_be_visible()
    expect(page.get_by_text("李某 138")).to_have_count(0)
    firms.look(page, "trip")
    page.get_by_role("button", name="接单", exact=True).click()
    expect(page.get_by_text("李某 138").first).to_be_visible()
    for who, move in (("carrier", "提货"), ("carrier", "送达"), ("mill", "签收")):
        page = firms.go(who, there)
        page.get_by_role("button", name=move, exact=True).click()
        expect(page.get_by_text("已完成", exact=False).or_(page.get_by_role("status")).first).to_be_visible()
    expect(firms.go("mill", there).locator(".badge.good")).to_have_text("已签收")
    firms.look(firms.page("mill"), "load")
    assert firms.complaints == []


def post(firms: People, who: str, title: str, ways: tuple[str, str]) -> str:
    page = firms.go(who, "/services/freight/new/")
    given = {
        "title": title,
        "weight_kg": "9",
        "volume_m3": "12",
        "pallets": "10",
        "from_place": "某路 1 号",
        "from_point": ways[0],
        "pick_up_by": moment(40),
        "to_place": "某路 2 号",
        "to_point": ways[1],
        "deliver_by": moment(60),
        "contact": "李某 138",
    }
    for name, value in given.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=planner]").select_option(label="潍坊物流办")
    page.get_by_role("button", name="发布", exact=False).or_(page.locator("form.stacked button.main")).first.click()
    expect(page.get_by_text("如果是 9 吨，请填 9000", exact=False)).to_be_visible()
    firms.look(page, "asked-back")
    page.locator("[name=weight_kg]").fill("9000")
    page.locator("form.stacked button.main").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    firms.look(page, f"load-of-{who}")
    return page.url


def offer_vehicle(firms: People) -> None:
    page = firms.go("carrier", "/services/freight/vehicles/")
    given = {
        "plate": "鲁G12345",
        "weight_kg": "10000",
        "volume_m3": "40",
        "pallets": "16",
        "point": "119.76, 36.38",
        "begins": moment(1),
        "ends": moment(70),
        "fixed_yuan": "200",
        "kilometre_yuan": "4.5",
    }
    for name, value in given.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=planner]").select_option(label="潍坊物流办")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("cell", name="鲁G12345")).to_be_visible()
    firms.look(page, "vehicles")


def plan(firms: People) -> None:
    page = firms.go("office", "/services/freight/plans/")
    expect(page.get_by_text("2 票货待配")).to_be_visible()
    page.locator("[name=seconds]").fill("1")
    page.get_by_role("button", name="编排线路", exact=True).click()
    address, until = page.url, time.monotonic() + _PLANNED_SECONDS
    # The page asks for itself until the job has ended; a test asks too, so that it need not be in the middle of that.
    while page.get_by_role("button", name="向承运人派单").count() == 0:
        assert time.monotonic() < until, page.locator("main").inner_text()
        time.sleep(0.2)
        page = firms.go("office", address)
    assert page.locator("svg polyline").count() == 1
    firms.look(page, "draft")
    page.get_by_role("button", name="向承运人派单").click()
    expect(page.get_by_text("已向承运人派出 1 条线路。")).to_be_visible()
    firms.look(page, "plan")


def moment(hours: float) -> str:
    """Give a moment so many hours from now as the field of the browser takes it."""
    zone = dt.timezone(dt.timedelta(hours=8))
    return (dt.datetime.now(zone) + dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")
