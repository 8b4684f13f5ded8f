"""The largest remainder."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.pools.rounding import share_out


@given(st.integers(0, 10**6), st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(any))
def test_parts_sum_to_the_total_and_each_is_its_share_rounded(total: int, weights: list[int]) -> None:
    parts = share_out(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


def test_nothing_is_shared_among_nobody_but_nothing() -> None:
    assert share_out(0, []) == ()
    with pytest.raises(ValueError, match="nobody"):
        share_out(1, [0, 0])
