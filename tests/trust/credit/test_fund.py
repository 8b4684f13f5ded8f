"""The account of a fund under random entries: whatever comes, it stays within its rules."""

from __future__ import annotations

import random

import pytest

from gaoyuan.trust.credit import CreditRefused, FundEntry, FundRules, FundStanding, add_to_fund, fund_standing
from gaoyuan.trust.credit.fund import FundKind

KINDS: tuple[FundKind, ...] = (
    "contribution",
    "withdrawal",
    "cover",
    "release",
    "accept",
    "payment",
    "recovery",
)
RULES = FundRules(share_bp=4000, per_loan=60_000, multiple_percent=300, in_all=400_000, months=12)


def test_no_row_of_entries_leads_out_of_the_rules() -> None:
    draw = random.Random(7)
    for _ in range(200):
        standing, taken = FundStanding(), []
        for _ in range(60):
            kind = draw.choice(KINDS)
            loan = "" if kind in ("contribution", "withdrawal") else f"L{draw.randrange(4)}"
            entry = FundEntry(kind, draw.randrange(-5, 70_000), loan)
            try:
                standing = add_to_fund(standing, entry, RULES)
            except CreditRefused:
                continue
            taken.append(entry)
            assert 0 <= standing.due <= standing.capital
            assert 0 <= standing.covered <= RULES.in_all
            assert all(
                min(one.cover, one.due, one.paid, one.recovered) >= 0 and one.recovered <= one.paid
                for one in standing.loans.values()
            )
            assert standing.capital == (standing.contributed - standing.withdrawn - standing.paid + standing.recovered)
        assert fund_standing(taken) == standing


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (FundEntry("cover", 1, "L1"), "已在册"),
        (FundEntry("cover", 60_001, "L2"), "单笔担保上限"),
        (FundEntry("release", 50_001, "L1"), "在保余额"),
        (FundEntry("payment", 1, "L1"), "应付余额"),
        (FundEntry("recovery", 1, "L1"), "尚可追回"),
        (FundEntry("withdrawal", 100_001), "可用余额"),
        (FundEntry("withdrawal", 99_999), "不足以支撑"),
        (FundEntry("accept", 1), "须指明贷款"),
        (FundEntry("contribution", 0), "须大于零"),
    ],
)
def test_an_entry_beyond_the_rules_is_refused_in_words(entry: FundEntry, said: str) -> None:
    held = fund_standing([FundEntry("contribution", 100_000), FundEntry("cover", 50_000, "L1")])
    with pytest.raises(CreditRefused) as wrong:
        add_to_fund(held, entry, RULES)
    assert said in wrong.value.zh
