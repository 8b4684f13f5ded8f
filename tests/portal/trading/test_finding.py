"""Who fits whom: candidates of the database, the ranking of the kernel, and what nobody may learn from it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from gaoyuan.portal.cases.models import Case, Notice, RecordLine
from gaoyuan.portal.trading.acting import tell_counterparts
from gaoyuan.portal.trading.finding import counterparts, fitting_demands
from gaoyuan.portal.trading.models import Demand, Offer, Quote
from gaoyuan.portal.trading.places import Chain
from gaoyuan.portal.trading.searching import index_all, search

from .firms import Firm, closed, quote

pytestmark = pytest.mark.django_db


def texts(text: str, model: type[Offer] | type[Demand] = Offer) -> list[str]:
    rows = {row.pk: row.text for row in model.unscoped.all()}
    return [rows[pk] for pk in search(model, text, 10)]


def test_words_of_two_characters_codes_and_parts_of_words_are_found() -> None:
    firm = Firm("甲厂")
    for text in ("深沟球轴承 6204-2RS", "不锈钢法兰 DN50–600", "六角螺栓 M24×80 GB/T 5782-2016", "Φ50 圆钢"):
        firm.offers(text)
    assert texts("轴承") == ["深沟球轴承 6204-2RS"]
    assert texts("6204-2rs") == ["深沟球轴承 6204-2RS"]
    assert texts("法兰") == ["不锈钢法兰 DN50–600"]
    assert texts("ø50") == ["Φ50 圆钢"]
    assert texts("GB 5782") == ["六角螺栓 M24×80 GB/T 5782-2016"]
    assert texts("毛巾") == texts("") == texts("' OR 1=1 -- \" * ( ) & | !") == []


def test_those_with_all_of_the_words_stand_first() -> None:
    firm = Firm("甲厂")
    firm.offers("不锈钢板")
    firm.offers("碳钢法兰")
    firm.offers("不锈钢法兰")
    assert texts("不锈钢法兰")[0] == "不锈钢法兰"
    assert set(texts("不锈钢法兰")) == {"不锈钢板", "碳钢法兰", "不锈钢法兰"}


def test_the_index_follows_every_change() -> None:
    seller, buyer = Firm("甲厂"), Firm("乙厂")
    offer = seller.offers("不锈钢法兰")
    offer.text = "轴承"
    offer.save()
    assert texts("法兰") == []
    assert texts("轴承") == ["轴承"]
    offer.active = False
    offer.save()
    assert texts("轴承") == []
    buyer.posts(text="求购毛巾")
    assert texts("毛巾", Demand) == []
    published = buyer.publishes(text="求购浴巾")
    assert texts("浴巾", Demand) == ["求购浴巾"]
    buyer.done(published, "withdraw", why="不要了")
    assert texts("浴巾", Demand) == []
    offer.delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trading_offer_words")
    kept = seller.offers("阀门")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trading_offer_words")
    assert texts("阀门") == []
    index_all()
    assert texts("阀门") == [kept.text]


def planted() -> tuple[Demand, dict[str, Offer]]:
    """A demand and firms that fit it best, well, and not: the order is known from how they were made."""
    buyer = Firm("需方", "370785")
    before = Firm("做过的")
    case = buyer.publishes(text="求购DN80不锈钢法兰 旧", industry="3489", days=1)
    before.done(case, "quote", **quote("10"))
    closed(case)
    buyer.done(case, "award", supplier=str(before.own.pk))
    for firm, move in ((before, "confirm"), (before, "deliver"), (buyer, "accept")):
        firm.done(case, move)
    fits = {"unit": "件", "capacity": 5000, "min_quantity": 100, "certificates": ["ISO 9001"], "industry": "3489"}
    offers = {
        "best": before.offers("不锈钢法兰 DN50–600 PN16", county="370785", price_yuan=20, lead_days=5, **fits),
        "further": Firm("远的").offers("不锈钢法兰 DN50–600 PN16", county="110101", price_yuan=20, lead_days=5, **fits),
        "dearer": Firm("贵的").offers("不锈钢法兰 DN50–600", county="110101", price_yuan=29, lead_days=25, **fits),
        "small": Firm("小的").offers("不锈钢法兰 DN15–40", county="370785", price_yuan=20, **fits),
        "too dear": Firm("太贵的").offers("不锈钢法兰 DN50–600", county="370785", price_yuan=31, **fits),
        "no certificate": Firm("无证的").offers("不锈钢法兰 DN50–600", county="370785", price_yuan=20, unit="件"),
        "too far for it": Firm("不送的").offers("不锈钢法兰 DN50–600", county="110101", reach_km=50, **fits),
        "other": Firm("别的").offers("深沟球轴承 6204-2RS", county="370785", **fits),
        "own": buyer.offers("不锈钢法兰 DN50–600", county="370785", **fits),
    }
    case = buyer.posts(
        text="求购DN100不锈钢法兰",
        county="高密市",
        certificates="ISO9001",
        max_price_yuan="30",
        industry="3489",
        needed_on=(timezone.localdate() + dt.timedelta(days=90)).isoformat(),
    )
    return Demand.unscoped.select_related("case", "organisation").get(case=case), offers


def test_planted_counterparts_are_found_in_their_order_with_true_reasons() -> None:
    demand, offers = planted()
    found = counterparts(demand, top=20, chain=Chain(), private=True)
    names = {offer.pk: name for name, offer in offers.items()}
    assert [names[one.row.pk] for one in found] == ["best", "further", "dearer"]
    reasons = {reason.part: reason.zh for reason in found[0].match.reasons}
    assert reasons["text"] == "含“不锈钢、法兰”"
    assert reasons["size"] == "规格符合：DN50–600"
    assert reasons["chain"] == "同一行业小类 3489"
    assert reasons["distance"] == "距离 0 km"
    assert reasons["price"] == "单价 20 元/件 不超限价"
    assert reasons["certificates"] == "具备 ISO9001"
    assert reasons["record"] == "已交付 1 单类似订单"
    assert "record" not in {reason.part for reason in found[1].match.reasons}


def test_a_hidden_limit_decides_for_the_buyer_alone() -> None:
    demand, offers = planted()
    open_to_all = counterparts(demand, top=20, chain=Chain(), private=False)
    assert offers["too dear"].pk in {one.row.pk for one in open_to_all}
    assert not any(reason.part == "price" for one in open_to_all for reason in one.match.reasons)


def test_publication_tells_the_firms_that_fit_whatever_the_hidden_limit_is() -> None:
    demand, _offers = planted()
    buyer = demand.organisation
    told: list[set[str]] = []
    for limit in ("30", "0.01"):
        Demand.unscoped.filter(pk=demand.pk).update(max_price_yuan=limit)
        case = Case.unscoped.get(pk=demand.case.pk)
        Notice.unscoped.filter(case=case).delete()
        tell_counterparts(case, None, RecordLine.unscoped.filter(case=case).latest("number"))  # pyright: ignore[reportArgumentType]
        told.append({one.organisation.name for one in Notice.unscoped.filter(case=case)})
    assert told[0] == told[1] == {"做过的", "远的", "贵的", "太贵的"}
    assert buyer.name not in told[0]
    assert not Quote.unscoped.filter(case=demand.case).exists()


def test_an_offer_is_shown_the_open_demands_that_it_fits_and_no_drafts() -> None:
    seller, buyer = Firm("甲厂"), Firm("乙厂")
    offer = seller.offers("不锈钢法兰 DN50–600", unit="件", capacity=1000)
    fits = buyer.publishes(title="合适", text="求购DN100不锈钢法兰", quantity="500")
    buyer.publishes(title="太大", text="求购DN800不锈钢法兰", quantity="500")
    buyer.publishes(title="太多", text="求购DN100不锈钢法兰 大量", quantity="5000")
    buyer.posts(title="草稿", text="求购DN150不锈钢法兰", quantity="50")
    seller.publishes(title="自己的", text="求购DN100不锈钢法兰 自用", quantity="50")
    page = seller.page(f"/services/trading/offers/{offer.pk}/")
    assert [one.row.case.pk for one in fitting_demands(offer, top=9, chain=Chain()) if isinstance(one.row, Demand)] == [
        fits.pk
    ]
    assert "合适" in page
    assert not [word for word in ("太大", "太多", "草稿", "自己的") if word in page]


def test_products_near_in_the_chain_are_candidates_without_a_common_word() -> None:
    seller, buyer = Firm("甲厂"), Firm("乙厂")
    offer = seller.offers("精密铸锻件", product="billet")
    case = buyer.posts(text="求购法兰")
    demand = Demand.unscoped.select_related("case", "organisation").get(case=case)
    demand.product = "flange"
    chain = Chain({"billet": "钢坯", "flange": "法兰"}, {"flange": {"billet": 0.5}})
    (found,) = counterparts(demand, top=5, chain=chain, private=True)
    assert found.row.pk == offer.pk
    assert found.match.reasons[0].zh == "产业链相邻环节或相近行业"
