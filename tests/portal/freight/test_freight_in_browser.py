"""Freight in Chromium: two shippers, a carrier and a cluster organisation go from loads to a signed delivery."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

_PEOPLE = Path(__file__).with_name("people.py")
_PATIENCE = 120_000
_NARROW, _WIDE, _HIGH = 390, 1440, 900
_PLANNED_SECONDS = 240
Look = Callable[[Page, str], None]


class Firms:
    """The pages of those who take part, and what they complain of."""

    def __init__(self, browser: Browser, address: str, portal: Path, axe: str) -> None:
        self.browser, self.address, self._axe = browser, address, axe
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        command = [sys.executable, str(_PEOPLE), str(portal)]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        self.keys: dict[str, str] = json.loads(told.stdout)
        self.complaints: list[str] = []
        self.pages: dict[str, Page] = {}

    def go(self, who: str, path: str) -> Page:
        if who not in self.pages:
            context = self.browser.new_context(viewport={"width": _WIDE, "height": _HIGH}, locale="zh-CN")
            context.add_cookies([{"name": "sessionid", "value": self.keys[who], "url": self.address}])
            page = context.new_page()
            page.set_default_timeout(_PATIENCE)
            page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            self.pages[who] = page
        page = self.pages[who]
        answer = page.goto(path if path.startswith("http") else self.address + path)
        assert answer is not None
        assert answer.status == 200, (who, path, answer.status)
        return page

    def faults(self, page: Page) -> list[str]:
        """Give what keeps people out, by axe-core, and whether a phone has to scroll sideways."""
        page.evaluate(self._axe)
        found = page.evaluate("axe.run()")["violations"]
        told = [
            f"{page.url}: {one['id']} {one['nodes'][0]['html']}"
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
        page.set_viewport_size({"width": _NARROW, "height": _HIGH})
        width = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size({"width": _WIDE, "height": _HIGH})
        return told + ([f"{page.url}: {width} px wide"] if width > _NARROW else [])


@pytest.fixture(scope="module")
def firms(browser: Browser, served, axe: str) -> Iterator[Firms]:
    made = Firms(browser, served.address, served.folder / "portal", axe)
    yield made
    for page in made.pages.values():
        page.context.close()


def test_loads_become_a_trip_there_and_back_that_is_accepted_driven_and_signed(firms: Firms) -> None:
    walk(firms)


def walk(firms: Firms, look: Look = lambda page, name: None) -> None:
    there = post(firms, "mill", "轴承套圈 9 吨", ("119.76, 36.38", "120.20, 36.00"), look)
    post(firms, "trader", "进口钢材 9 吨", ("120.20, 36.00", "119.76, 36.38"), look)
    offer_vehicle(firms, look)
    plan(firms, look)
    page = firms.go("carrier", "/services/freight/trips/")
    assert firms.faults(page) == []
    page.get_by_role("link", name="鲁G12345").click()
    expect(page.get_by_text("接单后显示详细地址与联系人。")).to_be_visible()
    expect(page.get_by_text("李某 138")).to_have_count(0)
    assert firms.faults(page) == []
    look(page, "trip")
    page.get_by_role("button", name="接单", exact=True).click()
    expect(page.get_by_text("李某 138").first).to_be_visible()
    for who, move in (("carrier", "提货"), ("carrier", "送达"), ("mill", "签收")):
        page = firms.go(who, there)
        page.get_by_role("button", name=move, exact=True).click()
        expect(page.get_by_text("已完成", exact=False).or_(page.get_by_role("status")).first).to_be_visible()
    expect(firms.go("mill", there).locator(".badge.good")).to_have_text("已签收")
    look(firms.pages["mill"], "load")
    assert firms.faults(firms.pages["mill"]) == []
    assert firms.complaints == []


def post(firms: Firms, who: str, title: str, ways: tuple[str, str], look: Look) -> str:
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
    look(page, "asked-back")
    page.locator("[name=weight_kg]").fill("9000")
    page.locator("form.stacked button.main").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert firms.faults(page) == []
    return page.url


def offer_vehicle(firms: Firms, look: Look) -> None:
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
    assert firms.faults(page) == []
    look(page, "vehicles")


def plan(firms: Firms, look: Look) -> None:
    page = firms.go("office", "/services/freight/plans/")
    expect(page.get_by_text("2 票货待配")).to_be_visible()
    page.locator("[name=seconds]").fill("1")
    page.get_by_role("button", name="编排线路", exact=True).click()
    address, until = page.url, time.monotonic() + _PLANNED_SECONDS
    # The page asks for itself until the job has ended; a test asks too, so that it need not be in the middle of that.
    while page.get_by_role("button", name="向承运人派单").count() == 0:
        assert time.monotonic() < until, page.locator("main").inner_text()
        time.sleep(1)
        page = firms.go("office", address)
    assert page.locator("svg polyline").count() == 1
    assert firms.faults(page) == []
    look(page, "draft")
    page.get_by_role("button", name="向承运人派单").click()
    expect(page.get_by_text("已向承运人派出 1 条线路。")).to_be_visible()
    assert firms.faults(page) == []
    look(page, "plan")


def moment(hours: float) -> str:
    """Give a moment so many hours from now as the field of the browser takes it."""
    zone = dt.timezone(dt.timedelta(hours=8))
    return (dt.datetime.now(zone) + dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")
