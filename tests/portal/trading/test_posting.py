"""What people type wrong is answered in words, in both languages, and what looks wrong is asked back about."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.trading.amounts import AmountField, ListField, UnitField, YuanField
from gaoyuan.portal.trading.models import Demand, Offer
from gaoyuan.portal.trading.places import county_named, industry_named

from .firms import DEMAND, Firm, in_days, quote

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,500", 1500), ("１．５万", 15000), (" 0.5 ", Decimal("0.5")), ("", None), ("12.5元", Decimal("12.5"))],
)
def test_amounts_are_read_as_people_write_them(text: str, value: object) -> None:
    field = YuanField() if "元" in text else AmountField()
    assert field.clean(text) == value


@pytest.mark.parametrize(
    ("field", "text", "zh", "en"),
    [
        (AmountField(), "0", "须大于零", "above zero"),
        (AmountField(), "-3", "须大于零", "above zero"),
        (AmountField(), "1e13", "最多一万亿", "million million"),
        (AmountField(), "many", "不是数量", "no amount"),
        (AmountField(), "nan", "不是数量", "no amount"),
        (AmountField(), "5 kg", "请填在单位栏", "its own field"),
        (AmountField(), "0.0000001", "最多六位", "six digits"),
        (YuanField(), "$5", "人民币", "in yuan"),
        (YuanField(), "5 美元", "人民币", "in yuan"),
        (YuanField(), "USD 5", "人民币", "in yuan"),
        (UnitField(), "500kg", "不含数字", "no digits"),
        (ListField(), "a" * 61, "60 字", "60 characters"),
    ],
)
def test_what_is_no_amount_is_refused_in_both_languages(field: AmountField, text: str, zh: str, en: str) -> None:
    for language, said in (("zh-hans", zh), ("en", en)):
        with translation.override(language), pytest.raises(ValidationError, match=said):
            field.clean(text)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"quantity": "-5"}, "须大于零"),
        ({"quantity": "5", "unit": ""}, "须填写计量单位"),
        ({"max_price_yuan": "€ 5"}, "人民币"),
        ({"needed_on": "2001-01-01"}, "该日期已过"),
        ({"county": "没有县"}, "没有县区"),
        ({"county": "鼓楼区"}, "多个同名县区"),
        ({"industry": "9999"}, "没有行业"),
        ({"product": "永动机"}, "没有产品"),
        ({"within_km": "50", "county": ""}, "须填写所在县区"),
        ({"text": "!!"}, "请说明是什么"),
        ({"text": "需要 500 kg 法兰", "quantity": "500", "unit": "吨"}, "是否把千克写成了吨"),
    ],
)
def test_a_demand_that_cannot_be_is_answered_in_words(given: dict[str, str], said: str) -> None:
    answer = Firm("甲厂").client.post("/services/supply-demand/new/", DEMAND | given)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Case.unscoped.exists()


def test_a_figure_a_thousand_times_off_is_asked_back_about_and_believed_when_confirmed() -> None:
    for at, tonnes in enumerate((10, 20, 30)):
        Firm(f"厂{at}").offers("热轧钢卷 Q235B", unit="t", capacity=tonnes, price_yuan=4000)
    buyer = Firm("甲厂")
    given = {"title": "钢卷", "text": "求购热轧钢卷", "quantity": "20000", "unit": "t"}
    page = buyer.client.post("/services/supply-demand/new/", given).content.decode()
    assert "约为 20 t" in page
    assert 'type="checkbox" name="confirmed"' in page
    case = buyer.posts(**given, confirmed="on")
    assert Demand.unscoped.get(case=case).quantity == 20000
    post = {"text": "热轧钢卷 Q235B 现货", "unit": "kg", "price_yuan": "4000"}
    page = buyer.client.post("/services/trading/offers/new/", post).content.decode()
    assert "约为 4 元" in page
    assert not Offer.unscoped.filter(organisation=buyer.own).exists()


def test_what_others_hide_is_not_told_by_the_question_back() -> None:
    for at in range(3):
        Firm(f"厂{at}").posts(text=f"求购热轧钢卷 {at}", quantity="20", unit="t", max_price_yuan="4000")
    answer = Firm("甲厂").client.post(
        "/services/supply-demand/new/",
        DEMAND | {"text": "求购热轧钢卷", "quantity": "20000", "unit": "t", "max_price_yuan": "4"},
    )
    assert answer.status_code == 302, "drafts and limits of others say nothing"


def test_deadlines_are_sound() -> None:
    buyer = Firm("甲厂")
    needed = (timezone.localdate() + dt.timedelta(days=3)).isoformat()
    case = buyer.posts(needed_on=needed)
    assert "须在此之前" in buyer.move(case, "publish", closes_at=in_days(5)).content.decode()
    assert "最长一年" in buyer.move(buyer.posts(text="阀门"), "publish", closes_at=in_days(400)).content.decode()
    buyer.done(case, "publish", closes_at=in_days(2))
    page = buyer.move(case, "extend", closes_at=in_days(1), why="早点").content.decode()
    assert "须晚于已公布的截止时间" in page
    buyer.done(case, "extend", closes_at=in_days(2.5), why="节假日")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"breaks": "100: 12\n50: 13"}, "由小到大"),
        ({"breaks": "100: 12\n200: 13"}, "高于前一档"),
        ({"breaks": "一百件十二块"}, "不是“数量: 单价”"),
        ({"breaks": "$12"}, "人民币"),
        ({"breaks": "100: 12 USD"}, "人民币"),
        ({"breaks": "0"}, "须大于零"),
        ({"valid_until": "2001-01-01"}, "至少应到报价截止日"),
        ({"lead_days": "-1"}, "errorlist"),
        ({"min_quantity": "x"}, "不是数量"),
    ],
)
def test_a_quotation_that_cannot_be_is_answered_in_words(given: dict[str, str], said: str) -> None:
    buyer, bidder = Firm("甲厂"), Firm("乙厂")
    case = buyer.publishes()
    answer = bidder.move(case, "quote", **(quote() | given))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    case.refresh_from_db()
    assert case.facts["quotes"] == "0"


def test_counties_and_industries_are_found_by_name() -> None:
    assert county_named("高密市") == "370785"
    assert county_named("") == ""
    assert industry_named("滚动轴承制造") == "3451"
