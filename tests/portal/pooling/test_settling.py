"""Withdrawals pay their difference, bills follow the delivery, and everything sums to the fen."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from gaoyuan.exchange.pools import Schedule, Tier
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import move_case
from gaoyuan.portal.pooling.credit import add, balance_of, line_of, open_line
from gaoyuan.portal.pooling.models import Commitment
from gaoyuan.portal.trades.models import Trade

from .campaigns import TERMS, Campaign, client_for, done, firm

Opened = Callable[..., Campaign]


def paid(pool: Campaign) -> Decimal:
    rows = Commitment.unscoped.filter(case=pool.case)
    return sum(((one.settled_bill or Decimal(0)) + (one.charge or Decimal(0)) for one in rows), Decimal(0))


@pytest.mark.parametrize("seed", range(4))
def test_bills_and_charges_sum_to_the_invoice_to_the_fen(campaign: Opened, seed: int) -> None:
    draw = random.Random(seed)
    terms = Schedule(
        (Tier(1, Decimal("3.337")), Tier(90, Decimal("3.001")), Tier(150, Decimal("2.719"))),
        minimum=20,
        fixed_cost=Decimal("77.77"),
        on_shortfall=draw.choice(["keep_price", "recompute"]),
    )
    pool = campaign(terms)
    for at in range(5):
        pool.commit(f"厂{at}", draw.randint(15, 60), "9")
    pool.close()
    rows = list(Commitment.unscoped.filter(case=pool.case))
    assert sum((one.bill or 0 for one in rows), Decimal(0)) == pool.pool.invoice
    before = {one.alias: one.bill for one in rows}
    left = pool.withdraw("厂1")
    assert isinstance(left, Case), left
    assert {one.alias: one.bill for one in Commitment.unscoped.filter(case=pool.case)} == before
    pool.deliver(draw.choice([int(pool.again().facts["volume"]), 70]))
    assert pool.case.state == "settled"
    assert paid(pool) == pool.pool.settled_invoice
    assert sum(one.settled_quantity or 0 for one in Commitment.unscoped.filter(case=pool.case)) == pool.pool.delivered


def test_who_withdraws_pays_the_difference_and_no_other_bill_changes(campaign: Opened) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "12")
    pool.commit("乙厂", 50, "12")
    pool.close()
    done(pool.withdraw("乙厂"))
    assert pool.of("乙厂").charge == 120
    assert pool.again().facts["volume"] == "60"
    assert isinstance(pool.withdraw("乙厂"), Refusal)
    pool.deliver(60)
    assert (pool.of("甲厂").settled_bill, pool.of("乙厂").settled_quantity, paid(pool)) == (480, 0, 600)


def test_a_withdrawal_that_would_break_the_minimum_is_refused_with_its_reason(campaign: Opened) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "12")
    pool.commit("乙厂", 20, "12")
    pool.close()
    refused = pool.withdraw("甲厂")
    assert isinstance(refused, Refusal)
    assert "货物归您" in refused.zh
    assert pool.again().facts["volume"] == "80"


def test_no_more_than_was_ordered_can_be_delivered(campaign: Opened) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "12")
    pool.close()
    with pytest.raises(AssertionError, match="订货量 60"):
        pool.deliver(61)
    with pytest.raises(AssertionError, match="订货量 60"):
        done(move_case(pool.supplier, pool.case, "deliver", role="supplier", given={"delivered": 0}))


def test_the_settlement_leads_to_trades_of_supplier_and_members(campaign: Opened) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "12")
    pool.commit("乙厂", 50, "12")
    pool.close()
    pool.deliver(110)
    trades = {trade.buyer.name: trade for trade in Trade.unscoped.filter(case=pool.case)}
    assert {name: trade.amount_yuan for name, trade in trades.items()} == {"甲厂": 480, "乙厂": 400}
    assert {trade.organisation.name for trade in trades.values()} == {"钢厂"}


def test_a_company_that_buys_for_its_members_lends_within_their_limits(campaign: Opened) -> None:
    pool = campaign(TERMS, on_credit=True)
    company = pool.organiser.organisation
    assert company is not None
    refused = pool.commit("甲厂", 60, "12")
    assert isinstance(refused, Refusal)
    assert "授信" in refused.zh
    for name, limit in (("甲厂", 600), ("乙厂", 300)):
        member = firm(name).organisation
        assert member is not None
        assert add(open_line(company, member), "limit", Decimal(limit)) is None
    done(pool.commit("甲厂", 60, "12"))
    assert isinstance(pool.commit("乙厂", 50, "12"), Refusal)
    done(pool.commit("乙厂", 30, "8.01"))

    def balance(name: str) -> tuple[Decimal, Decimal]:
        member = firm(name).organisation
        assert member is not None
        line = line_of(company, member)
        assert line is not None
        held = balance_of(line)
        return held.reserved, held.owed

    # The most by the public prices, whatever the sealed limit.
    assert (balance("甲厂"), balance("乙厂")) == ((600, 0), (300, 0))
    done(pool.change("乙厂", 10))
    assert balance("乙厂") == (100, 0)
    pool.close()
    assert (balance("甲厂"), balance("乙厂")) == ((600, 0), (0, 0))
    pool.deliver(50)
    assert balance("甲厂") == (0, 500)
    sides = {(one.organisation.name, one.buyer.name, one.amount_yuan) for one in Trade.unscoped.filter(case=pool.case)}
    assert sides == {("集群公司", "甲厂", 500), ("钢厂", "集群公司", 500)}


def test_what_a_failed_pool_reserved_is_released(campaign: Opened) -> None:
    pool = campaign(TERMS, on_credit=True)
    company, member = pool.organiser.organisation, firm("甲厂").organisation
    assert company is not None
    assert member is not None
    line = open_line(company, member)
    add(line, "limit", Decimal(1000))
    done(pool.commit("甲厂", 40, "12"))
    assert balance_of(line).reserved == 400
    pool.close()
    assert pool.case.state == "failed"
    assert balance_of(line).reserved == 0


def test_the_page_of_credit_lines_tells_the_company_no_reservation(campaign: Opened) -> None:
    pool = campaign(TERMS, on_credit=True)
    company = client_for(pool.organiser)
    posted = {"member": "甲厂", "kind": "limit", "amount": "1000", "reference": "董事会"}
    firm("甲厂")
    assert company.post("/services/pools/credit/", posted).status_code == 302
    done(pool.commit("甲厂", 40, "12"))
    for address in ("/services/pools/credit/", "/services/pools/credit/?format=csv"):
        page = company.get(address).content.decode("utf-8-sig")
        assert "甲厂" in page
        assert "400" not in page
    assert "400" in client_for(pool.members["甲厂"]).get("/services/pools/credit/").content.decode()
    for wrong, said in (
        ({"member": "无此厂"}, "没有这样名称的其他企业"),
        ({"kind": "payment", "member": "钢厂"}, "没有授信额度"),
        ({"amount": "0.001"}, "errorlist"),
        ({"amount": "-1"}, "errorlist"),
    ):
        assert said in company.post("/services/pools/credit/", posted | wrong).content.decode(), wrong
    # Whether a lower limit is taken does not tell what is reserved either.
    assert company.post("/services/pools/credit/", posted | {"amount": "100"}).status_code == 302


def test_a_pool_in_dispute_is_settled_by_what_the_office_finds_delivered(campaign: Opened) -> None:
    pool = campaign(replace(TERMS, on_shortfall="recompute"))
    pool.commit("甲厂", 60, "9")
    pool.commit("乙厂", 50, "12")
    pool.close()
    given = {"delivery_due": timezone.now() + dt.timedelta(days=9)}
    done(move_case(pool.organiser, pool.case, "order", role="organiser", given=given))
    done(move_case(pool.members["甲厂"], pool.case, "dispute", role="member", why="少货"))
    done(move_case(pool.office, pool.case, "mediate", role="office", given={"delivered": 55}, why="按实收结算"))
    assert (pool.of("甲厂").settled_bill, pool.of("乙厂").settled_bill) == (270, 250)
