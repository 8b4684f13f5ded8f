"""Mutual guarantees under random entries: what is pledged is always paid in, and no fen is lost in a call."""

from __future__ import annotations

import random

from gaoyuan.trust.credit import (
    CreditRefused,
    MutualEntry,
    MutualStanding,
    add_to_mutual,
    call_shares,
    mutual_standing,
    repayment_shares,
)
from gaoyuan.trust.credit.mutual import MutualKind

KINDS: tuple[MutualKind, ...] = ("contribution", "refund", "pledge", "unpledge", "call", "repayment")


def test_every_pledge_is_money_that_is_there() -> None:
    draw = random.Random(11)
    for _ in range(200):
        standing, taken = MutualStanding(), []
        for _ in range(60):
            kind = draw.choice(KINDS)
            debtor = "" if kind in ("contribution", "refund") else draw.choice("abcd")
            entry = MutualEntry(kind, draw.choice("abcd"), draw.randrange(0, 500), debtor)
            owed = {one: draw.randrange(0, 600) for one in "ab"}
            try:
                standing = add_to_mutual(standing, entry, owed)
            except CreditRefused:
                continue
            taken.append(entry)
            assert all(standing.free(one) >= 0 for one in standing.members)
            assert min((*standing.pledged.values(), *standing.called.values(), 0)) == 0
        assert mutual_standing(taken) == standing


def test_a_call_and_its_repayment_share_out_every_fen() -> None:
    draw = random.Random(13)
    for _ in range(300):
        paid = [MutualEntry("contribution", one, draw.randrange(1, 1000)) for one in "abcd"]
        held = mutual_standing(paid)
        pledges = [MutualEntry("pledge", one, draw.randrange(0, held.free(one) + 1), "a") for one in "bcd"]
        held = mutual_standing([*paid, *pledges])
        amount = draw.randrange(1, held.backing("a") + 1)
        shares = call_shares(held, "a", amount)
        assert sum(part for _, part in shares) == amount
        for payer, part in shares:
            held = add_to_mutual(held, MutualEntry("call", payer, part, "a"), {"a": amount})
        for payer, part in repayment_shares(held, "a", amount):
            held = add_to_mutual(held, MutualEntry("repayment", payer, part, "a"), {})
        assert held.paid_in == mutual_standing(paid).paid_in
