"""Figures that are a thousand times off."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gaoyuan.exchange.matching import quantities_in, unit_confusion

TONNES = [(Decimal(one), "t") for one in (10, 20, 40)]


@pytest.mark.parametrize(
    ("figure", "unit", "usual"),
    [(20_000, "t", 20), (25_000, "kg", None), (Decimal("0.02"), "t", 20), (500, "t", None), (20, "kg", 20_000)],
)
def test_a_figure_far_from_what_others_post_is_asked_about(figure: int, unit: str, usual: int | None) -> None:
    assert unit_confusion(Decimal(figure), unit, TONNES) == usual


def test_prices_of_a_unit_change_the_other_way() -> None:
    prices = [(Decimal(one), "t") for one in (4000, 4100, 4200)]
    assert unit_confusion(Decimal(4000), "kg", prices, per_unit=True) == Decimal("4.1")
    assert unit_confusion(Decimal("4.2"), "kg", prices, per_unit=True) is None


def test_too_few_figures_or_units_that_cannot_be_compared_say_nothing() -> None:
    assert unit_confusion(Decimal(10**6), "t", TONNES[:2]) is None
    assert unit_confusion(Decimal(10**6), "件", TONNES) is None


def test_the_own_text_is_held_against_the_figure() -> None:
    assert unit_confusion(Decimal("0.5"), "kg", text="法兰 500 kg") == 500
    assert unit_confusion(Decimal(500), "kg", text="法兰 500 kg，每批 0.5 kg 样品") is None
    assert unit_confusion(Decimal(500), "kg", text="法兰 DN50") is None


def test_quantities_stand_in_texts_in_many_spellings() -> None:
    assert quantities_in("年产3万吨，每卷 1,250.5kg") == [(Decimal(30000), "吨"), (Decimal("1250.5"), "kg")]
    assert quantities_in("M24×80 螺栓 DN50") == []
