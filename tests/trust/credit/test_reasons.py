"""Reasons rest on one figure each; peers are told of from ten on; every figure has its meaning in words."""

from __future__ import annotations

import pytest

from gaoyuan.trust.credit import CRITERIA, quartiles, reasons_of
from gaoyuan.trust.credit.definitions import DEFINITIONS
from gaoyuan.trust.pack.figures import FIGURES, Figure
from gaoyuan.trust.pack.word import RingWord

GOOD: dict[str, Figure] = {
    "months": 12, "months_with_sales": 12, "trades": 60, "longest_gap_months": 0, "growth_bp": 500, "customers": 9,
    "largest_customer_bp": 2000, "disputed_bp": 0, "returned_bp": 0, "both_signed_amount_bp": 9500,
    "with_order_bp": 9000, "with_delivery_bp": 9000, "with_acceptance_bp": 9000, "late_bp": 0, "not_shown": 0,
    "both_ways_bp": 0, "mirrored_pairs": 0,
}  # fmt: skip


def sides(figures: dict[str, Figure], word: RingWord | None = None) -> dict[str, str]:
    return {one.criterion.figure: one.side for one in reasons_of(figures, word)}


def test_a_firm_that_is_sound_has_nothing_against_it() -> None:
    found = sides(GOOD, RingWord(20, (2, 0, 0), 0, 9))
    assert "against" not in found.values()
    assert found["both_signed_amount_bp"] == "for"
    assert found["not_shown"] == "neither"


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.figure)
def test_each_criterion_turns_at_its_own_limits_and_says_so_in_both_languages(criterion) -> None:
    better = 1 if criterion.more else -1
    for limit, side in ((criterion.good, "for"), (criterion.bad, "against")):
        if limit is None:
            continue
        if criterion.figure == "longer_rings":
            found = reasons_of(GOOD, RingWord(9, (0, limit, 0), 0, 9))
        elif criterion.figure == "with_sales_bp":
            found = reasons_of({**GOOD, "months": 10_000, "months_with_sales": limit})
        else:
            found = reasons_of({**GOOD, criterion.figure: limit})
        reason = next(one for one in found if one.criterion is criterion)
        assert reason.side == side
        assert reason.zh
        assert reason.en
        assert any(reason.limits)
        if criterion.figure not in ("longer_rings", "with_sales_bp"):
            less = limit - better if side == "for" else limit + better
            beside = next(one for one in reasons_of({**GOOD, criterion.figure: less}) if one.criterion is criterion)
            assert beside.side != side


def test_what_is_unknown_speaks_for_neither_side() -> None:
    assert set(sides(dict.fromkeys(GOOD))) == {one.figure for one in CRITERIA}
    assert set(sides(dict.fromkeys(GOOD)).values()) == {"unknown"}


def test_nine_peers_give_nothing_and_ten_do() -> None:
    assert quartiles([*range(9), None], 3) is None
    found = quartiles(range(10), 10)
    assert found is not None
    assert (found.lower, found.median, found.upper, found.quarter) == (2, 5, 7, 4)


def test_every_figure_has_its_meaning_in_both_languages() -> None:
    assert list(DEFINITIONS) == list(FIGURES)
    assert all(zh and en for zh, en in DEFINITIONS.values())
