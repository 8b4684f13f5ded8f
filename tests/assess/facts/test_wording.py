"""Values in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.assess.facts.metric_catalogue import Kind
from gaoyuan.assess.facts.wording import amount_en, amount_zh, digits_that_tell


@pytest.mark.parametrize(
    ("value", "kind", "unit", "zh", "en"),
    [
        (4e9, "money", "元", "40 亿元", "4 bn yuan"),
        (4.5e7, "money", "元", "4,500 万元", "45 m yuan"),
        (300.0, "money", "元", "300 元", "300 yuan"),
        (-4e9, "money", "元", "-40 亿元", "-4 bn yuan"),
        (0.0, "money", "元", "0 元", "0 yuan"),
        (0.7, "share", "", "70%", "70 %"),
        (0.725, "share", "", "72.5%", "72.5 %"),
        (-0.03, "rate", "", "-3%", "-3 %"),
        (12345.0, "count", "家", "12,345 家", "12,345 家"),
        (99.5, "area", "km²", "99.5 km²", "99.5 km²"),
        (float("inf"), "number", "", "∞", "∞"),
    ],
)
def test_a_value_reads_as_people_write_it(value: float, kind: Kind, unit: str, zh: str, en: str) -> None:
    assert amount_zh(value, kind, unit) == zh
    assert amount_en(value, kind, unit) == en


def test_what_is_just_above_a_bound_does_not_read_like_it() -> None:
    assert amount_zh(0.7001, "share") != amount_zh(0.7, "share")


@given(
    bound=st.floats(-1e11, 1e11).filter(lambda value: abs(value) > 1e-6),
    apart=st.floats(-1.0, 1.0).filter(lambda value: abs(value) > 1e-9),
    kind=st.sampled_from(["money", "share", "rate", "count", "number"]),
)
def test_what_is_apart_from_a_bound_reads_apart_from_it(bound: float, apart: float, kind: Kind) -> None:
    value = bound * (1 + apart)
    digits = digits_that_tell(value, bound, kind)
    assert amount_zh(value, kind, "", digits) != amount_zh(bound, kind, "", digits)
