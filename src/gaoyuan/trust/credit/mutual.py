"""Members of a cluster company who stand in for one another: what each paid in, guarantees, and who pays for a default.

Nobody guarantees more than it has paid in, so that every guarantee can be met from money that is there: a member's
backing is what it paid in and has not pledged for others, and what others pledged for it. A default is met from the
debtor's own part first, then by its guarantors in proportion to their pledges; what it pays later goes back to them.
The account only grows. Amounts are in fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from gaoyuan.trust.credit.failure import refused
from gaoyuan.trust.pack.trades import yuan

__all__ = [
    "MutualEntry",
    "MutualKind",
    "MutualStanding",
    "add_to_mutual",
    "call_shares",
    "mutual_standing",
    "repayment_shares",
]

_Key = TypeVar("_Key")
MutualKind = Literal["contribution", "refund", "pledge", "unpledge", "call", "repayment"]


@dataclass(frozen=True, slots=True)
class MutualEntry:
    """A line of the account. `payer` pays in, is paid back, pledges or is called on; `debtor` is the member for whom it
    pledges or pays, empty for a contribution and its refund.
    """

    kind: MutualKind
    payer: str
    amount: int
    debtor: str = ""


@dataclass(frozen=True, slots=True)
class MutualStanding:
    """What an account adds up to: `paid_in` by member, `pledged` and `called` by guarantor and debtor; a member that
    was called on from its own part stands there as its own guarantor.
    """

    paid_in: dict[str, int] = field(default_factory=dict)
    pledged: dict[tuple[str, str], int] = field(default_factory=dict)
    called: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def members(self) -> list[str]:
        """All who are in the account."""
        return sorted({*self.paid_in, *(one for pair in (*self.pledged, *self.called) for one in pair)})

    def free(self, member: str) -> int:
        """What a member paid in and has not pledged for others."""
        given = sum(amount for (payer, _debtor), amount in self.pledged.items() if payer == member)
        return self.paid_in.get(member, 0) - given

    def pledges_for(self, debtor: str) -> dict[str, int]:
        """What others have pledged for a member."""
        return {payer: amount for (payer, whom), amount in self.pledged.items() if whom == debtor and amount}

    def backing(self, debtor: str) -> int:
        """What stands behind a member: its own free part, and the pledges of others."""
        return self.free(debtor) + sum(self.pledges_for(debtor).values())

    def after(self, entry: MutualEntry) -> MutualStanding:
        """Give the standing after an entry; whether the rules allow it is not asked."""
        made = MutualStanding(dict(self.paid_in), dict(self.pledged), dict(self.called))
        made.note(entry)
        return made

    def note(self, entry: MutualEntry) -> None:
        """Write an entry into this standing itself."""
        pair, amount = (entry.payer, entry.debtor), entry.amount
        match entry.kind:
            case "contribution":
                _add(self.paid_in, entry.payer, amount)
            case "refund":
                _add(self.paid_in, entry.payer, -amount)
            case "pledge":
                _add(self.pledged, pair, amount)
            case "unpledge":
                _add(self.pledged, pair, -amount)
            case "call":
                _add(self.paid_in, entry.payer, -amount)
                _add(self.called, pair, amount)
                if entry.payer != entry.debtor:
                    _add(self.pledged, pair, -amount)
            case "repayment":
                _add(self.paid_in, entry.payer, amount)
                _add(self.called, pair, -amount)


def mutual_standing(entries: Iterable[MutualEntry]) -> MutualStanding:
    """Add an account up."""
    standing = MutualStanding()
    for entry in entries:
        standing.note(entry)
    return standing


def add_to_mutual(standing: MutualStanding, entry: MutualEntry, owed: Mapping[str, int]) -> MutualStanding:
    """Give the standing after one more entry; raises CreditRefused where it cannot be. `owed` is what members owe now:
    what stands behind a debt is not taken away before it is paid.

    >>> held = mutual_standing([MutualEntry("contribution", "甲", 10_000), MutualEntry("pledge", "甲", 8_000, "乙")])
    >>> add_to_mutual(held, MutualEntry("pledge", "甲", 2_001, "丙"), {})
    Traceback (most recent call last):
    gaoyuan.trust.credit.failure.CreditRefused: what is paid in and not pledged is 20.00 yuan
    已缴存且未质押的余额为 20.00 元
    >>> add_to_mutual(held, MutualEntry("unpledge", "甲", 1, "乙"), {"乙": 8_000})
    Traceback (most recent call last):
    gaoyuan.trust.credit.failure.CreditRefused: what stands behind the debt of this member cannot be taken away
    该成员欠款未清，不能减少其保障
    """
    pair, amount = (entry.payer, entry.debtor), entry.amount
    if amount <= 0:
        raise refused("金额须大于零", "the amount should be above zero")
    if entry.kind in ("pledge", "unpledge") and entry.payer == entry.debtor:
        raise refused("不能为自己担保", "nobody guarantees for itself")
    free = standing.free(entry.payer)
    match entry.kind:
        case "refund" | "pledge":
            _at_most(amount, free, "已缴存且未质押的余额为", "what is paid in and not pledged is")
        case "unpledge":
            _at_most(amount, standing.pledged.get(pair, 0), "担保余额为", "what is pledged is")
        case "call":
            most = free if entry.payer == entry.debtor else standing.pledged.get(pair, 0)
            _at_most(amount, most, "可代偿余额为", "what may be called is")
        case "repayment":
            _at_most(amount, standing.called.get(pair, 0), "待归还的代偿款为", "what was called and is not repaid is")
        case _:
            pass
    after = standing.after(entry)
    if entry.kind in ("refund", "pledge", "unpledge"):
        for member in {entry.payer, entry.debtor} - {""}:
            if after.backing(member) < min(owed.get(member, 0), standing.backing(member)):
                raise refused(
                    "该成员欠款未清，不能减少其保障", "what stands behind the debt of this member cannot be taken away"
                )
    return after


def call_shares(standing: MutualStanding, debtor: str, amount: int) -> list[tuple[str, int]]:
    """Share a default out: the debtor's own free part first, then its guarantors in proportion to their pledges, whole
    fen, the greatest remainders first. Raises CreditRefused where more is asked for than stands behind the member.

    >>> held = mutual_standing(
    ...     [MutualEntry("contribution", one, 1000) for one in "甲乙丙"]
    ...     + [MutualEntry("pledge", "乙", 300, "甲"), MutualEntry("pledge", "丙", 600, "甲")]
    ... )
    >>> call_shares(held, "甲", 1100)
    [('甲', 1000), ('丙', 67), ('乙', 33)]
    """
    if amount <= 0:
        raise refused("金额须大于零", "the amount should be above zero")
    _at_most(amount, standing.backing(debtor), "该成员的保障合计为", "what stands behind this member is")
    own = min(amount, standing.free(debtor))
    shares = _in_proportion(amount - own, standing.pledges_for(debtor))
    return [(payer, part) for payer, part in [(debtor, own), *shares] if part]


def repayment_shares(standing: MutualStanding, debtor: str, amount: int) -> list[tuple[str, int]]:
    """Share out what a member pays after its default: to its guarantors in proportion to what they were called on for,
    and what is left to its own part. Raises CreditRefused for more than was called.

    >>> calls = [MutualEntry("call", one, part, "甲") for one, part in (("甲", 1000), ("乙", 33), ("丙", 67))]
    >>> repayment_shares(mutual_standing(calls), "甲", 150)
    [('丙', 67), ('乙', 33), ('甲', 50)]
    """
    if amount <= 0:
        raise refused("金额须大于零", "the amount should be above zero")
    called = {payer: part for (payer, whom), part in standing.called.items() if whom == debtor and part}
    _at_most(amount, sum(called.values()), "待归还的代偿款为", "what was called and is not repaid is")
    others = {payer: part for payer, part in called.items() if payer != debtor}
    first = min(amount, sum(others.values()))
    return [*_in_proportion(first, others), *([(debtor, amount - first)] if amount > first else [])]


def _in_proportion(amount: int, weights: Mapping[str, int]) -> list[tuple[str, int]]:
    """Part an amount by weights in whole fen, the greatest remainders first."""
    total = sum(weights.values())
    if not amount or not total:
        return []
    shares = {one: amount * weight // total for one, weight in weights.items()}
    left = sorted(shares, key=lambda one: (-(amount * weights[one] % total), one))
    for one in left[: amount - sum(shares.values())]:
        shares[one] += 1
    return [(one, part) for one, part in sorted(shares.items()) if part]


def _add(to: dict[_Key, int], key: _Key, amount: int) -> None:
    to[key] = to.get(key, 0) + amount


def _at_most(amount: int, most: int, zh: str, en: str) -> None:
    if amount > most:
        raise refused(f"{zh} {yuan(most)} 元", f"{en} {yuan(most)} yuan")
