"""What a plan says: who supplies each line, what it costs, how far from the best it can be, and why."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import pyarrow as pa

Goal: TypeAlias = Literal["lowest price", "fewest suppliers", "most local"]
About: TypeAlias = Literal["not local", "not served", "assumed", "second source"]

_WORDS: dict[str, tuple[str, str]] = {
    "no local offer": ("本地无报价", "no local supplier offers it"),
    "no offer": ("无任何报价", "nobody offers it"),
    "nothing needed": ("需求量为零", "nothing is needed"),
    "no price": ("报价无价格", "the offer has no price"),
    "not certified": ("缺少所要求的认证", "a required certificate is missing"),
    "lead time unknown": ("交货期未知", "the lead time is not known"),
    "too late": ("交货迟 {amount:,.1f} 天", "too late by {amount:,.1f} days"),
    "capacity too small": ("产能总量不足,缺 {amount:,.2f} 小时", "the whole capacity is {amount:,.2f} hours short"),
    "capacity taken": ("产能已被占用,缺 {amount:,.2f} 小时", "the capacity left is {amount:,.2f} hours short"),
    "dearer": ("贵 {amount:,.2f} 元", "dearer by {amount:,.2f} yuan"),
    "one supplier more": ("需多用一家供应商", "it would take one supplier more"),
    "dearer than the penalty": ("比不供应的损失贵 {amount:,.2f} 元", "dearer than the penalty by {amount:,.2f} yuan"),
    "place unknown": ("供应商所在地未知", "where the supplier is is not known"),
    "capacity unknown": ("产能未知,按不受限计", "the capacity is not known and was taken as unlimited"),
    "only one supplier": ("仅一家能供应", "only one supplier can deliver"),
    "one half each": (
        "已供应一半,另一半须由另一家供应",
        "delivers one half, and the other has to come from another supplier",
    ),
    "stand-in without room": ("备选供应商产能已被占用", "the stand-in's capacity is taken"),
}
_ABOUT = {
    "not local": ("非本地", "not local"),
    "not served": ("未供应", "not served"),
    "assumed": ("假定", "assumed"),
    "second source": ("第二来源", "second source"),
}


class Reason(NamedTuple):
    """One reason: what it is about, its `code`, the supplier that it names, and by how much (days late, hours short or
    yuan dearer, as the code says).
    """

    about: About
    code: str
    supplier: Hashable | None = None
    amount: float | None = None

    @property
    def chinese(self) -> str:
        """The reason in Chinese."""
        return self._said(0)

    @property
    def english(self) -> str:
        """The reason in English."""
        return self._said(1)

    def _said(self, language: int) -> str:
        who = "" if self.supplier is None else f"{self.supplier} "
        said = _WORDS[self.code][language].format(amount=0.0 if self.amount is None else self.amount)
        return f"{_ABOUT[self.about][language]}{':' if language == 0 else ': '}{who}{said}"

    def __str__(self) -> str:
        return f"{self.chinese} {self.english}"


class Purchase(NamedTuple):
    """What is bought for a line from one supplier: quantity in units, the tier's least quantity, its price in yuan a
    unit, the cost and the premium on it in yuan, the supplier's hours that it takes, and whether the supplier is local.
    """

    line: Hashable
    supplier: Hashable
    quantity: float
    tier_from: float
    unit_price: float
    cost: float
    premium: float
    hours: float
    local: bool


class SecondSource(NamedTuple):
    """The second supplier of a line: `bought` where it delivers half of the line; else a stand-in, which could deliver
    all of it for `extra_cost` yuan more, within the capacity that the plan leaves it where `has_room`.
    """

    supplier: Hashable
    bought: bool
    has_room: bool
    extra_cost: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A sourcing plan.

    `assignment` names the supplier of each line, or None where it is not served; `quantity` what is bought for it, 0
    where nothing is. A line that is split between two suppliers has the cheaper one here and the other in
    `second_sources`, where critical lines have their stand-ins. `purchases` has one entry for each line and supplier.

    `objective` is what the goal minimises: `purchase_cost` + `premium_cost` + `penalty_cost` + `goal_cost`, in yuan; no
    plan has one below `lower_bound`, and `gap` is (objective - lower_bound) / objective. `reasons` tells of every line
    why it is not local and why not served, and what was assumed; a line of which there is nothing to tell has none.
    """

    goal: Goal
    nonlocal_premium: float
    assignment: Mapping[Hashable, Hashable | None]
    quantity: Mapping[Hashable, float]
    purchases: tuple[Purchase, ...]
    second_sources: Mapping[Hashable, SecondSource]
    purchase_cost: float
    premium_cost: float
    penalty_cost: float
    goal_cost: float
    objective: float
    lower_bound: float
    gap: float
    reasons: Mapping[Hashable, tuple[Reason, ...]]

    @property
    def suppliers_used(self) -> int:
        """How many suppliers the plan buys from."""
        return len({purchase.supplier for purchase in self.purchases})

    @property
    def local_share(self) -> float | None:
        """The share of the purchase cost that stays local; None where nothing is paid."""
        local = sum(purchase.cost for purchase in self.purchases if purchase.local)
        return local / self.purchase_cost if self.purchase_cost > 0 else None

    def to_table(self) -> pa.Table:
        """Give the plan as a table: one row for each purchase and each line not served, in the order of the lines."""
        bought: dict[Hashable, list[Purchase]] = {}
        for purchase in self.purchases:
            bought.setdefault(purchase.line, []).append(purchase)
        rows = []
        for line in self.assignment:
            said = {
                "reasons": "; ".join(reason.chinese for reason in self.reasons[line]),
                "reasons_english": "; ".join(reason.english for reason in self.reasons[line]),
            }
            stand_in = self.second_sources.get(line)
            said["second_source"] = str(stand_in.supplier) if stand_in is not None else ""
            rows += (
                {**purchase._asdict(), "line": str(line), "supplier": str(purchase.supplier), **said}
                for purchase in bought.get(line, ())
            )
            if line not in bought:
                rows.append({"line": str(line), "quantity": 0.0, **said})
        return pa.Table.from_pylist(rows, schema=_TABLE)


_TABLE = pa.schema([
    ("line", pa.string()), ("supplier", pa.string()), ("quantity", pa.float64()), ("tier_from", pa.float64()),
    ("unit_price", pa.float64()), ("cost", pa.float64()), ("premium", pa.float64()), ("hours", pa.float64()),
    ("local", pa.bool_()), ("second_source", pa.string()), ("reasons", pa.string()), ("reasons_english", pa.string()),
])  # fmt: skip
