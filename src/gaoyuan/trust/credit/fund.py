"""The ledger of a risk-compensation fund (风险补偿资金池): what it has, what it stands for, and what it owes.

Offices and partners pay in. Banks register loans, of each of which the fund covers a share of the loss, up to caps. A
claim that is accepted turns cover into a debt of the fund, the payment ends it, and what the bank recovers later flows
back. The account only grows, and every balance is what its entries add up to. Amounts are in fen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from gaoyuan.trust.credit.failure import refused
from gaoyuan.trust.pack.trades import yuan

__all__ = ["FundEntry", "FundKind", "FundRules", "FundStanding", "LoanStanding", "add_to_fund", "fund_standing"]

FundKind = Literal["contribution", "withdrawal", "cover", "release", "accept", "payment", "recovery"]
_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class FundRules:
    """The rules of a fund: which share of a loss it bears (basis points), how much at most for one loan, how much it
    may cover in all (a multiple of its capital in percent, and a cap), and for how many months a loan may run.
    """

    share_bp: int
    per_loan: int
    multiple_percent: int
    in_all: int
    months: int

    def cover_of(self, principal: int) -> int:
        """Give what the fund covers of a loan, rounded down.

        >>> FundRules(4000, 30_000_000, 500, 10**12, 12).cover_of(100_000_000)
        30000000
        """
        return min(principal * self.share_bp // _WHOLE, self.per_loan)

    def compensation_of(self, loss: int, cover: int) -> int:
        """Give what the fund owes of a loss of a loan that it covers, rounded down."""
        return min(loss * self.share_bp // _WHOLE, cover)

    def capacity(self, capital: int) -> int:
        """Give how much may be covered in all."""
        return min(capital * self.multiple_percent // 100, self.in_all)


@dataclass(frozen=True, slots=True)
class FundEntry:
    """A line of the account: what, how much in fen, and of which loan (empty where it is of none)."""

    kind: FundKind
    amount: int
    loan: str = ""


@dataclass(frozen=True, slots=True)
class LoanStanding:
    """A loan in the account: what is covered of it, owed for it, was paid and came back."""

    cover: int = 0
    due: int = 0
    paid: int = 0
    recovered: int = 0


@dataclass(frozen=True, slots=True)
class FundStanding:
    """What an account adds up to: `capital` is the money there, `covered` what the fund stands for, `due` what it has
    accepted to pay and has not paid, and both by loan.
    """

    capital: int = 0
    contributed: int = 0
    withdrawn: int = 0
    covered: int = 0
    due: int = 0
    paid: int = 0
    recovered: int = 0
    loans: dict[str, LoanStanding] = field(default_factory=dict)

    @property
    def free(self) -> int:
        """The capital that no accepted claim waits for."""
        return self.capital - self.due

    def loan(self, name: str) -> LoanStanding:
        """Give the standing of a loan, all zero for one that is not in the account."""
        return self.loans.get(name, LoanStanding())

    def after(self, entry: FundEntry) -> FundStanding:
        """Give the standing after an entry; whether the rules allow it is not asked."""
        return self._after(entry, dict(self.loans))

    def _after(self, entry: FundEntry, loans: dict[str, LoanStanding]) -> FundStanding:
        """Write the loan of an entry into `loans`, and give the standing that has them."""
        amount, held = entry.amount, loans.get(entry.loan, LoanStanding())
        match entry.kind:
            case "contribution":
                return replace(self, capital=self.capital + amount, contributed=self.contributed + amount)
            case "withdrawal":
                return replace(self, capital=self.capital - amount, withdrawn=self.withdrawn + amount)
            case "cover":
                made = replace(self, covered=self.covered + amount)
                held = replace(held, cover=held.cover + amount)
            case "release":
                made = replace(self, covered=self.covered - amount)
                held = replace(held, cover=held.cover - amount)
            case "accept":
                made = replace(self, covered=self.covered - amount, due=self.due + amount)
                held = replace(held, cover=held.cover - amount, due=held.due + amount)
            case "payment":
                made = replace(self, capital=self.capital - amount, due=self.due - amount, paid=self.paid + amount)
                held = replace(held, due=held.due - amount, paid=held.paid + amount)
            case "recovery":
                made = replace(self, capital=self.capital + amount, recovered=self.recovered + amount)
                held = replace(held, recovered=held.recovered + amount)
        loans[entry.loan] = held
        return replace(made, loans=loans)


def fund_standing(entries: Iterable[FundEntry]) -> FundStanding:
    """Add an account up."""
    standing, loans = FundStanding(), dict[str, LoanStanding]()
    for entry in entries:
        standing = standing._after(entry, loans)
    return replace(standing, loans=loans)


def add_to_fund(standing: FundStanding, entry: FundEntry, rules: FundRules) -> FundStanding:
    """Give the standing after one more entry; raises CreditRefused where the rules do not allow it.

    The fund never promises more than its rules let it, never accepts a claim that its capital does not carry, and never
    pays what it has not accepted. Capital that cover or accepted claims need cannot be withdrawn.

    >>> rules = FundRules(share_bp=5000, per_loan=50_000, multiple_percent=200, in_all=10**9, months=24)
    >>> held = fund_standing([FundEntry("contribution", 30_000)])
    >>> held = add_to_fund(held, FundEntry("cover", 50_000, "L1"), rules)
    >>> add_to_fund(held, FundEntry("cover", 10_001, "L2"), rules)
    Traceback (most recent call last):
    gaoyuan.trust.credit.failure.CreditRefused: the fund may cover 100.00 yuan more
    资金池还可担保 100.00 元
    >>> add_to_fund(held, FundEntry("accept", 30_001, "L1"), rules)
    Traceback (most recent call last):
    gaoyuan.trust.credit.failure.CreditRefused: the fund's free capital is 300.00 yuan
    资金池可用余额为 300.00 元
    """
    held, amount = standing.loan(entry.loan), entry.amount
    if amount <= 0:
        raise refused("金额须大于零", "the amount should be above zero")
    if entry.kind not in ("contribution", "withdrawal") and not entry.loan:
        raise refused("须指明贷款", "name the loan")
    match entry.kind:
        case "withdrawal":
            _at_most(amount, standing.free, "资金池可用余额为", "the fund's free capital is")
            if rules.capacity(standing.capital - amount) < standing.covered:
                raise refused("取出后资金不足以支撑在保余额", "the capital left would not carry what is covered")
        case "cover":
            if held != LoanStanding():
                raise refused("该贷款已在册", "this loan is in the account already")
            _at_most(amount, rules.per_loan, "单笔担保上限为", "one loan is covered up to")
            room = max(rules.capacity(standing.capital) - standing.covered - standing.due, 0)
            _at_most(amount, room, "资金池还可担保", "the fund may cover", " more")
        case "release":
            _at_most(amount, held.cover, "该贷款在保余额为", "what is covered of this loan is")
        case "accept":
            _at_most(amount, held.cover, "该贷款在保余额为", "what is covered of this loan is")
            _at_most(amount, standing.free, "资金池可用余额为", "the fund's free capital is")
        case "payment":
            _at_most(amount, held.due, "该贷款应付余额为", "what is due for this loan is")
            _at_most(amount, standing.capital, "资金池余额为", "the fund's capital is")
        case "recovery":
            _at_most(amount, held.paid - held.recovered, "尚可追回", "what may still come back is")
        case _:
            pass
    return standing.after(entry)


def _at_most(amount: int, most: int, zh: str, en: str, more: str = "") -> None:
    if amount > most:
        raise refused(f"{zh} {yuan(most)} 元", f"{en} {yuan(most)} yuan{more}")
