"""Quotations and the matrix that compares them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.quotations import PriceBreak, Quotation, QuotationInvalid, compare, price_breaks

DAY = dt.date(2026, 5, 1)


def quotation(bidder: str, text: str, days: int = 10, **more: Any) -> Quotation:
    return Quotation(bidder, price_breaks(text), days, dt.date(2026, 6, 1), **more)


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("12.5", [(0, "12.5")]),
        ("12.5 元", [(0, "12.5")]),
        ("100: 12.5\n1,000起：11.8元", [(100, "12.5"), (1000, "11.8")]),
        ("100 12;500以上 11", [(100, "12"), (500, "11")]),
        ("1\t9", [(1, "9")]),
    ],
)
def test_price_breaks_are_read_as_people_write_them(text: str, breaks: list[tuple[int, str]]) -> None:
    assert [(one.least, one.price_yuan) for one in price_breaks(text)] == [
        (least, Decimal(price)) for least, price in breaks
    ]


@pytest.mark.parametrize("text", ["", "a: b", "10: 5\nten: 4", "10: nan", "10: -"])
def test_what_are_no_price_breaks_is_refused(text: str) -> None:
    with pytest.raises(QuotationInvalid):
        quotation("甲", text)


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("10: 5\n10: 4", {}, "smallest first"),
        ("10: 5\n20: 6", {}, "cost more than before"),
        ("0", {}, "cannot be"),
        ("5", {"freight_yuan": Decimal(-1)}, "freight"),
        ("5", {"min_quantity": Decimal(0)}, "minimum"),
        ("\n".join(f"{at}: 5" for at in range(21)), {}, "price breaks"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_the_reason(text: str, more: dict[str, Any], said: str) -> None:
    with pytest.raises(QuotationInvalid, match=said) as fault:
        quotation("甲", text, **more)
    assert fault.value.zh


def test_a_quantity_below_minimum_or_first_break_has_no_price() -> None:
    one = quotation("甲", "100: 5", min_quantity=Decimal(200), freight_yuan=Decimal("0.5"))
    assert one.unit_price(Decimal(199)) is None
    assert one.total(Decimal(199)) is None
    assert one.total(Decimal(200)) == Decimal("1000.50")
    assert one.least == 200


def test_those_that_meet_the_demand_stand_first_by_what_the_whole_costs() -> None:
    rows = compare(
        [
            quotation("dear", "12", certificates=frozenset({"ISO9001"})),
            quotation("cheap by freight", "10", freight_yuan=Decimal(500), certificates=frozenset({"ISO 9001"})),
            quotation("cheapest without certificate", "1"),
            quotation("late", "2", days=60, certificates=frozenset({"ISO 9001"})),
            quotation("too little", "1000: 1", certificates=frozenset({"ISO 9001"})),
            quotation("over the limit", "21", certificates=frozenset({"ISO 9001"})),
        ],
        quantity=Decimal(100),
        on=DAY,
        needed_on=dt.date(2026, 6, 1),
        certificates=["ISO 9001:2015"],
        max_price=Decimal(20),
    )
    assert [(row.quotation.bidder, row.place) for row in rows[:2]] == [("dear", 1), ("cheap by freight", 2)]
    short = {row.quotation.bidder: row for row in rows[2:]}
    assert short["cheapest without certificate"].missing == ("ISO 9001:2015",)
    assert short["late"].late_days == 29
    assert short["too little"].too_little
    assert short["over the limit"].over_limit
    assert all(row.place is None for row in rows[2:])


def test_equal_terms_share_a_place_and_an_expired_quotation_has_none() -> None:
    rows = compare([quotation("乙", "5"), quotation("甲", "5"), quotation("丙", "6")], quantity=Decimal(1), on=DAY)
    assert [row.place for row in rows] == [1, 1, 3]
    (expired,) = compare([quotation("甲", "5")], quantity=None, on=dt.date(2026, 6, 2))
    assert expired.expired
    assert expired.unit_price == 5


@given(
    st.lists(st.integers(1, 10_000), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(1, 10_000), min_size=6, max_size=6),
    st.integers(1, 12_000),
)
def test_ordering_more_is_only_proposed_where_it_costs_less(steps: list[int], prices: list[int], quantity: int) -> None:
    falling = sorted(prices, reverse=True)
    breaks = tuple(
        PriceBreak(Decimal(least), Decimal(price)) for least, price in zip(sorted(steps), falling, strict=False)
    )
    one = Quotation("甲", breaks, 1, DAY)
    now, better = one.total(Decimal(quantity)), one.cheaper_at(Decimal(quantity))
    if better is not None:
        more = one.total(better.least)
        assert now is not None
        assert more is not None
        assert more < now
        assert better.least > quantity
