"""The sample's people get through all services by the portal's own pages, and each service does its work for them."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.utils import timezone

from gaoyuan.errors import InputError
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import pass_deadlines
from gaoyuan.portal.demonstration import Player, StoryBroken, play, read_story, require_no_organisations, shown
from gaoyuan.portal.freight.models import Trip
from gaoyuan.portal.jobs.running import REGULAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def players(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Player]:
    # The transaction of a test never commits: what waits for that is done at once.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda work, *given, **named: work())
    return play(read_story())


def text(player: Player, path: str) -> str:
    answer = player.client.get(path)
    assert answer.status_code == 200, (player.name, path, answer.status_code)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def of(process: str) -> Case:
    return Case.unscoped.filter(process=process).earliest("opened")


def test_each_service_does_its_work_for_the_people_of_the_sample(players: dict[str, Player]) -> None:
    demand = of("supply-demand")
    page = text(players["valve"], f"/services/case/{demand.pk}/")
    assert page.index("宏达法兰厂") < (page.find("铸锻厂") if "铸锻厂" in page else len(page))
    assert "118" not in page
    states = {case.process: case.state for case in Case.unscoped.all()}
    assert (states["supply-demand"], states["pool"], states["challenge"]) == ("open", "open", "published")
    found = {one.service: one for one in shown(players)}
    assert {service: one.best for service, one in found.items()} == {
        "supply-demand": "示例县宏达法兰厂",
        "pool": "304 不锈钢板集采",
        "booking": "盐雾试验箱",
        "freight": "2",
        "challenge": "阀体高温涂层",
        "service-request": "示例县检测中心",
        "patent-licence": "一种阀体高温陶瓷涂层",
        "quality": "F02",
    }
    names = {player.user: player for player in players.values()}
    for one in found.values():
        text(names[one.user], one.page)
    assert "找到 3 家" in found["supply-demand"].zh
    assert "2 份密封报价" in found["supply-demand"].zh
    assert "已有 3 家认购" in found["pool"].zh
    assert "已确认 1 个预约，同一时段另有 1 家候补" in found["booking"].zh
    assert "承运方已接 2 票；1 票装不下" in found["freight"].zh
    assert "2 家中小企业揭榜" in found["challenge"].zh
    trip = Trip.unscoped.get()
    assert [one[1] for one in trip.visits] == ["pickup", "delivery", "pickup", "delivery"]
    request = of("service-request")
    assert "检测中心" in text(players["county"], f"/services/case/{request.pk}/")

    pass_deadlines(timezone.now() + dt.timedelta(days=6))
    for regular in REGULAR:
        regular()
    page = text(players["valve"], f"/services/case/{demand.pk}/")
    assert "118" in page
    assert "109" in page
    pool = of("pool")
    assert pool.state == "cleared", pool.failing
    assert "您得到 3500 千克" in text(players["valve"], f"/services/case/{pool.pk}/").replace(",", "")
    for player in players.values():
        for path in ("/services/", "/services/notices/", "/"):
            text(player, path)


def test_a_step_that_a_page_refuses_is_named_with_what_the_page_says(db: None) -> None:
    offer = {"text": "法兰", "price_yuan": "$12"}
    story = {
        "people": {"firm": {"name": "甲厂", "kind": "enterprise"}},
        "steps": [{"says": "x", "by": "firm", "page": "/services/trading/offers/new/", "with": offer}],
    }
    with pytest.raises(StoryBroken, match=r"firm on /services/trading/offers/new/: 200 price_yuan: .*人民币"):
        play(story)


def test_made_up_people_stay_out_of_a_portal_that_is_in_use(published) -> None:
    with pytest.raises(InputError, match="organisations already"):
        require_no_organisations()
