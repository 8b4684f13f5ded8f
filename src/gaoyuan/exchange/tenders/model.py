"""What somebody wants to have from others: requests for quotation, pools, challenges are tenders alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from gaoyuan.errors import InputError

__all__ = ["Award", "Contract", "Line", "Milestone", "Party", "Tender", "TenderInvalid"]

TenderStatus: TypeAlias = Literal["planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"]
AwardStatus: TypeAlias = Literal["pending", "active", "cancelled", "unsuccessful"]
ContractStatus: TypeAlias = Literal["pending", "active", "cancelled", "terminated"]
MilestoneStatus: TypeAlias = Literal["scheduled", "met", "notMet", "partiallyMet"]
Method: TypeAlias = Literal["open", "selective", "limited", "direct"]
Category: TypeAlias = Literal["goods", "works", "services"]


class TenderInvalid(InputError):
    """A tender that contradicts itself."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part; `uscc` is the unified social credit code where it is known."""

    key: str
    name: str
    uscc: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Something wanted, delivered or done: how much of what; `industry` is its class (GB/T 4754) where it is known."""

    key: str
    name: str
    quantity: Decimal | None = None
    unit: str | None = None
    industry: str | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """A decision for one or more suppliers, worth `value` in yuan."""

    key: str
    status: AwardStatus
    date: dt.datetime
    suppliers: tuple[Party, ...]
    value: Decimal | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is due in a contract, and when it was met."""

    key: str
    title: str
    status: MilestoneStatus
    due: dt.datetime | None = None
    met: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract or order that follows from an award, worth `value` in yuan."""

    key: str
    award: str
    status: ContractStatus
    signed: dt.datetime | None = None
    value: Decimal | None = None
    lines: tuple[Line, ...] = ()
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True)
class Tender:
    """A tender as it stands: only what the public may know. `tenderers` and how many there are stay unknown (None) as
    long as answers are sealed. Times have a zone. Raises TenderInvalid where a time has none, answers close before they
    open, a contract's award does not exist, one key is two parties, or something is listed twice.
    """

    key: str
    title: str
    buyer: Party
    status: TenderStatus
    method: Method = "open"
    category: Category = "goods"
    description: str = ""
    lines: tuple[Line, ...] = ()
    value: Decimal | None = None
    opens: dt.datetime | None = None
    closes: dt.datetime | None = None
    tenderers: tuple[Party, ...] | None = None
    awards: tuple[Award, ...] = ()
    contracts: tuple[Contract, ...] = ()

    def __post_init__(self) -> None:
        times = [self.opens, self.closes, *(award.date for award in self.awards)]
        for contract in self.contracts:
            times += [contract.signed, *(time for one in contract.milestones for time in (one.due, one.met))]
        if any(time is not None and time.tzinfo is None for time in times):
            raise TenderInvalid(f"tender {self.key!r} has a time without a zone", zh=f"招标 {self.key} 的时间缺少时区")
        if self.opens and self.closes and self.closes < self.opens:
            raise TenderInvalid(
                f"tender {self.key!r} closes before it opens", zh=f"招标 {self.key} 的截止时间早于开始时间"
            )
        listed = [self.lines, self.tenderers or (), self.awards, self.contracts]
        listed += [part for award in self.awards for part in (award.lines, award.suppliers)]
        listed += [part for contract in self.contracts for part in (contract.lines, contract.milestones)]
        for part in listed:
            keys = [one.key for one in part]
            if len(set(keys)) < len(keys):
                twice = next(key for key in keys if keys.count(key) > 1)
                raise TenderInvalid(f"tender {self.key!r} lists {twice!r} twice", zh=f"招标 {self.key} 中 {twice} 重复")
        awards = {award.key for award in self.awards}
        for contract in self.contracts:
            if contract.award not in awards:
                raise TenderInvalid(
                    f"contract {contract.key!r} follows from no award", zh=f"合同 {contract.key} 没有对应的中标结果"
                )
        named: dict[str, Party] = {}
        for party in self.parties():
            if named.setdefault(party.key, party) != party:
                raise TenderInvalid(f"two parties have the key {party.key!r}", zh=f"编号 {party.key} 对应两个主体")

    def parties(self) -> list[Party]:
        """Give all who take part, the buyer first; some may come twice."""
        suppliers = [party for award in self.awards for party in award.suppliers]
        return [self.buyer, *(self.tenderers or ()), *suppliers]
