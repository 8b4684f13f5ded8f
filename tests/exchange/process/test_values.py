"""Values of facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.process.model import FactKind, Value
from gaoyuan.exchange.process.values import as_text, check_kind, from_text

BEIJING = dt.timezone(dt.timedelta(hours=8))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, "decimal"),
        (True, "integer"),
        (Decimal("NaN"), "decimal"),
        (Decimal("1E+999999"), "decimal"),
        (Decimal("1E-999999"), "decimal"),
        (10**16, "integer"),
        (dt.datetime(2026, 5, 1), "moment"),
        (" ", "text"),
        ("x", "flag"),
    ],
)
def test_a_value_of_another_kind_or_out_of_bounds_is_none(value: Value, kind: FactKind) -> None:
    assert not check_kind(value, kind)


def test_equal_moments_have_one_text() -> None:
    noon = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
    assert as_text(noon) == as_text(noon.astimezone(BEIJING))


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(-(10**9), 10**9), st.booleans())
def test_values_come_back_from_their_text(number: Decimal, whole: int, flag: bool) -> None:
    assert from_text(as_text(number), "decimal") == number
    assert from_text(as_text(whole), "integer") == whole
    assert from_text(as_text(flag), "flag") is flag


@pytest.mark.parametrize(
    ("text", "kind"), [("x", "decimal"), ("1.5", "integer"), ("yes", "flag"), ("2026-05-01", "moment"), ("", "text")]
)
def test_a_text_of_another_kind_is_refused(text: str, kind: FactKind) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each kind has its own words
        from_text(text, kind)
