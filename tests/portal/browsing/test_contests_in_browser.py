"""A contest rehearsed by organiser, judge and contestant in Chromium, from its definition to the public results."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

_DEFINITION = """
format: gaoyuan-contest/1
id: small
title: {zh: 小竞赛, en: Small contest}
tracks:
  - id: t
    title: {zh: 赛道, en: Track}
    groups: [{id: g, title: {zh: 小组, en: Group}}]
    advance: 1
    classes: [{id: winner, title: {zh: 优胜, en: Winner}, places: 1}]
criteria: [{id: quality, title: {zh: 质量, en: Quality}, max: 10}]
panel: {group: {size: 1, min_scores: 1}, final: {size: 1, min_scores: 1}}
deadlines:
  entries: 2027-03-31T18:00+08:00
  group_scoring: 2027-04-30T18:00+08:00
  final_scoring: 2027-05-31T18:00+08:00
  appeals: 2027-06-20T18:00+08:00
"""


class Organiser:
    """The page of the organiser, with what is done on it."""

    def __init__(self, visit, address: str) -> None:
        self.visit, self.address = visit, address

    def act(self, name: str, at: str = "") -> None:
        page = self.visit.go(self.address)
        if at:
            page.fill("#at", at)
            page.click("button[value=clock]")
        page.click(f"button[value={name}]")
        expect(page.locator(".message.success, .message.error").first).to_have_class("message success")


@pytest.fixture
def organiser(visit_of):
    visit = visit_of("county")
    page = visit.go("/contests/new/")
    page.check("[name=from][value=file]")
    page.set_input_files("#file", {"name": "small.yaml", "mimeType": "text/yaml", "buffer": _DEFINITION.encode()})
    page.click("main form.stacked button")
    page.locator("button[value=advance]").wait_for()
    return Organiser(visit, page.url)


def test_from_a_definition_to_public_results(organiser, visit_of) -> None:
    """The organiser and the contestant read Chinese, the judge and the public English."""
    host = organiser.visit
    page = host.page
    for field, said in (("judge", "J1"), ("name", "评委甲")):
        page.fill(f"#j-{'id' if field == 'judge' else 'name'}", said)
    page.check("[name=groups][value=g]")
    page.check("[name=finals][value=t]")
    page.click("button[value=judge]")
    link = page.locator("input.link").input_value()
    assert host.faults() == []

    judge = visit_of("judge", "en")
    judge.go(link)
    judge.press("Take the seat")
    judge.page.locator("main .empty").wait_for()
    seat = judge.page.url
    assert judge.faults() == []

    organiser.act("advance", "2027-03-02T09:00")
    contestant = visit_of("cluster")
    entered = contestant.go("/contests/")
    entered.locator("main a[href$='/enter/']").first.click()
    entered.fill("#name", "高阳毛巾集群")
    entered.click("button[value=enter]")
    expect(entered.locator("dl.pairs").first).to_contain_text("高阳毛巾集群")
    assert contestant.faults() == []
    assert contestant.is_narrow()

    organiser.act("advance", "2027-04-01T09:00")
    organiser.act("advance")
    for opened, after in (("2027-04-20T10:00", "2027-05-11T09:00"), ("2027-05-20T10:00", "2027-06-01T09:00")):
        sheet = judge.go(seat)
        sheet.fill("#sheet input[inputmode=decimal]", "11")
        sheet.click("button[value=seal]")
        expect(sheet.locator("[aria-invalid=true]")).to_have_value("11")
        assert judge.faults() == []
        sheet.fill("#sheet input[inputmode=decimal]", "8.5")
        sheet.click("button[value=seal]")
        expect(sheet.locator(".badge.good", has_text="sealed")).to_be_visible()
        assert judge.is_narrow()
        assert "8.5" not in host.go(organiser.address).locator("main").inner_text()
        organiser.act("open", opened)
        organiser.act("advance", after)
    organiser.act("publish")
    # The same pages in the other language, switched in place.
    for visit, path in ((host, organiser.address), (judge, seat), (contestant, entered.url)):
        shown = visit.go(path)
        shown.click("form.language button")
        expect(shown.locator("html")).to_have_attribute("lang", "zh-hans" if visit is judge else "en")
        assert visit.faults() == []
        assert visit.is_narrow()

    public = visit_of("public", "en")
    shown = public.go("/contests/")
    shown.locator("main a", has_text="Small contest").first.click()
    expect(shown.locator(".message.success")).to_be_visible()
    expect(shown.locator("main")).to_contain_text("高阳毛巾集群")
    assert public.faults() == []
    assert public.is_narrow()
    assert [one.complaints for one in (host, judge, contestant)] == [[], [], []]
