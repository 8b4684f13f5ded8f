"""Supply and demand through the pages: from an offer and a demand to the delivery, between three firms."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.models import Case, Notice
from gaoyuan.portal.trades.models import Trade
from gaoyuan.portal.trading.models import Demand, Offer

from .firms import DEMAND, Firm, closed, faults, quote

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n...\n%%EOF\n"


def test_a_demand_goes_from_the_draft_to_the_delivery() -> None:
    buyer, near, far, office = (
        Firm("甲厂"),
        Firm("乙厂", "370203"),
        Firm("丙厂", "110101"),
        Firm("局", role=Role.COUNTY),
    )
    answer = near.client.post(
        "/services/trading/offers/new/",
        {
            "text": "不锈钢法兰 DN50–600",
            "unit": "件",
            "min_quantity": "100",
            "price_yuan": "12 元",
            "county": ["市北区", "370203"][1],
            "certificates": "ISO 9001",
        },
    )
    assert answer.status_code == 302, faults(answer)
    case = buyer.publishes(
        county="370202",
        certificates="iso9001",
        attached=[SimpleUploadedFile("图纸.pdf", PDF)],
    )
    assert [one.organisation for one in Notice.unscoped.filter(case=case)] == [near.own]
    page = buyer.page(f"/services/case/{case.pk}/")
    assert "规格符合：DN50–600" in page
    assert "具备 iso9001" in page
    assert "图纸.pdf" in near.page(f"/services/case/{case.pk}/")
    assert "规格符合" not in near.page(f"/services/case/{case.pk}/")
    near.done(case, "quote", **quote("100: 12.5\n600: 10", certificates="ISO9001", freight_yuan="100"))
    far.done(case, "quote", **quote("11", days=40))
    closed(case)
    page = buyer.page(f"/services/case/{case.pk}/")
    assert "6350.00" in page
    assert "订 600 总价更低" in page
    assert "缺 iso9001" in page
    assert page.index("乙厂</th>") < page.index("丙厂</th>")
    sheet = load_workbook(
        io.BytesIO(buyer.client.get(f"/services/trading/quotations/{case.pk}/?format=xlsx").content)
    ).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["乙厂", "丙厂"]
    assert rows[1][3] == 6350
    buyer.done(case, "award", supplier=str(near.own.pk))
    assert "6350" in near.page(f"/services/case/{case.pk}/")
    assert "6350" not in far.page(f"/services/case/{case.pk}/")
    assert "6350" in office.page(f"/services/case/{case.pk}/")
    near.done(case, "confirm")
    near.done(case, "deliver")
    buyer.done(case, "accept")
    trade = Trade.unscoped.get(case=case)
    assert (trade.organisation, trade.buyer, trade.amount_yuan, trade.quantity) == (near.own, buyer.own, 6350, 500)


def test_pages_stand_in_both_languages_and_as_files() -> None:
    buyer, seller = Firm("甲厂"), Firm("乙厂")
    offer = seller.offers("不锈钢法兰 DN50–600", unit="件", capacity=5000)
    case = buyer.publishes()
    for path in ("offers/", "offers/new/", f"offers/{offer.pk}/", "demands/", f"quotations/{case.pk}/"):
        assert "Services" in seller.page(f"/services/trading/{path}", "en")
        assert "服务" in seller.page(f"/services/trading/{path}")
    assert "法兰" in seller.page(f"/services/trading/offers/{offer.pk}/")
    assert "求购DN100" in buyer.client.get("/services/trading/demands/?format=csv").content.decode("utf-8-sig")
    assert "5000" in buyer.client.get("/services/trading/offers/?format=csv").content.decode("utf-8-sig")
    assert "不锈钢法兰" in buyer.page("/services/trading/offers/?q=法兰")
    assert "不锈钢法兰" not in buyer.page("/services/trading/offers/?q=轴承")
    seller.client.post(f"/services/trading/offers/{offer.pk}/end/")
    assert buyer.client.get(f"/services/trading/offers/{offer.pk}/").status_code == 404
    assert "不锈钢法兰" not in buyer.page("/services/trading/offers/?q=法兰")
    assert seller.client.get(f"/services/trading/offers/{offer.pk}/").status_code == 200
    for path in ("change/", "end/"):
        assert buyer.client.post(f"/services/trading/offers/{offer.pk}/{path}").status_code == 404


def test_a_draft_is_changed_and_its_owner_alone_sees_it() -> None:
    buyer, other = Firm("甲厂"), Firm("乙厂")
    case = buyer.posts()
    assert other.client.get(f"/services/case/{case.pk}/").status_code == 404
    buyer.done(case, "revise", **(DEMAND | {"title": "阀门", "text": "求购阀门", "quantity": "7"}))
    case.refresh_from_db()
    assert case.title == "阀门"
    assert Demand.unscoped.get(case=case).quantity == 7


def test_the_same_post_is_refused_in_words() -> None:
    buyer, other = Firm("甲厂"), Firm("乙厂")
    buyer.posts()
    answer = buyer.client.post("/services/supply-demand/new/", DEMAND | {"text": "求购 DN100 不锈钢法兰。"})
    assert "已有相同的需求" in answer.content.decode()
    assert Case.unscoped.count() == 1
    other.posts()
    post = {"text": "法兰", "unit": "件", "capacity": "5"}
    assert other.client.post("/services/trading/offers/new/", post).status_code == 302
    assert "已发布过" in other.client.post("/services/trading/offers/new/", post).content.decode()
    assert Offer.unscoped.count() == 1
