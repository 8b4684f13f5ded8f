"""Results of inspections are read from tables line by line, each with its reason where it cannot stand."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.network import InspectionItem, NetworkInvalid, is_within, parse_items, read_results

TODAY = dt.date(2026, 6, 1)
ITEMS = parse_items("强力,N,180,\npH,,4,8.5")
LIMITS = st.none() | st.decimals(-100, 100, places=2)


@given(LIMITS, LIMITS, st.decimals(-100, 100, places=2))
def test_a_value_is_accepted_between_the_limits_and_at_them(low, high, value) -> None:
    if low is not None and high is not None and low > high:
        with pytest.raises(NetworkInvalid, match="above the upper"):
            InspectionItem("a", "", low, high)
        return
    item = InspectionItem("a", "", low, high)
    assert is_within(item, value) == (not (low is not None and value < low) and not (high is not None and value > high))
    for limit in (low, high):
        assert limit is None or is_within(item, limit)


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_read_or_refused(content) -> None:
    for table in (content, b"lot,item,value,date\n" + content):
        with contextlib.suppress(NetworkInvalid):
            read = read_results(table, ITEMS, TODAY)
            assert all(zh and en for _, zh, en in read.faults)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("A,强力,1t,N,2026-05-01", "no number"),
        ("A,强力,nan,N,2026-05-01", "no number"),
        ("A,强力,1.1234567,N,2026-05-01", "no number"),
        ("A,强力,200,kg,2026-05-01", "the unit is kg"),
        ("A,强力,200,N,2026-06-02", "lies ahead"),
        ("A,颜色,200,,2026-05-01", "no item"),
        (",强力,200,N,2026-05-01", "lot is missing"),
    ],
)
def test_a_line_that_cannot_stand_says_why_and_the_others_are_read(line, why) -> None:
    table = f"批号,项目,结果,单位,日期\n{line}\nB,pH,7,,2026-05-01\nB,pH,8,,2026-05-01\n"
    read = read_results(table.encode("gb18030"), ITEMS, TODAY)
    assert [(one.lot, one.value) for one in read.results] == [("B", Decimal(7))]
    assert [number for number, _, _ in read.faults] == [2, 4]
    assert why in read.faults[0][2]
    assert "twice" in read.faults[1][2]
