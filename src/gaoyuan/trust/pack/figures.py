"""The figures of a pack, from its records alone: whoever has the pack finds the same to the last digit.

All arithmetic is of whole numbers: amounts are in fen, shares in basis points (hundredths of a percent), rounded half
up, so that programs in other languages agree. A share of nothing is unknown (None), not zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from gaoyuan.trust.pack.records import PackRecord
from gaoyuan.trust.pack.rings import mirrored_pairs, overlap
from gaoyuan.trust.pack.trades import Trade, months_between, trades_of, yuan

__all__ = ["FIGURES", "Figure", "figures_of", "sales_figures", "share"]

Figure: TypeAlias = "int | str | list[list[str]] | None"

FIGURES: dict[str, tuple[str, str]] = {
    "trades": ("交易笔数", "Trades in the period"),
    "sales_yuan": ("销售额（元）", "Sales, yuan"),
    "purchases_yuan": ("采购额（元）", "Purchases, yuan"),
    "amounts_unknown": ("未载明金额的交易", "Trades without an amount"),
    "months": ("期间月数", "Months in the period"),
    "months_with_sales": ("有销售的月份", "Months with sales"),
    "longest_gap_months": ("最长连续无销售月数", "Longest run of months without sales"),
    "growth_bp": ("后半期比前半期销售增长", "Sales of the second half against the first"),
    "customers": ("客户数", "Customers"),
    "suppliers": ("供方数", "Suppliers"),
    "largest_customer_bp": ("最大客户占销售额", "Largest customer's share of sales"),
    "three_largest_bp": ("前三大客户占销售额", "Three largest customers' share of sales"),
    "hhi_bp": ("客户集中度（赫芬达尔指数，1 为独家）", "Concentration of customers (Herfindahl; 1 is one customer)"),
    "disputed_bp": ("有争议的交易占比", "Trades in dispute"),
    "returned_bp": ("有退货的交易占比", "Trades with returns"),
    "both_signed_bp": ("双方签名的交易占比（按笔）", "Trades that both parties signed, by number"),
    "both_signed_amount_bp": ("双方签名的交易占比（按金额）", "Trades that both parties signed, by amount"),
    "with_order_bp": ("有订单记录的交易占比", "Trades with a record of the order"),
    "with_delivery_bp": ("有交货记录的交易占比", "Trades with a record of delivery"),
    "with_acceptance_bp": ("有验收记录的交易占比", "Trades with a record of acceptance by the other side"),
    "bookings": ("设备预约使用次数", "Uses of shared equipment"),
    "not_shown": ("内容已删除的记录", "Records whose content was erased"),
    "late_bp": ("成交七日后才入日志的交易占比", "Trades entered more than seven days afterwards"),
    "both_ways_partners": ("既是客户又是供方的对手数", "Partners who are customers and suppliers"),
    "both_ways_bp": ("双向对冲交易占比", "Trade that goes both ways with the same partners"),
    "mirrored_pairs": ("三十日内金额近似的互售对数", "Sales mirrored by a purchase of the amount within 30 days"),
    "by_month": ("逐月：月份、销售、采购、笔数", "By month: month, sales, purchases, trades"),
}
"""What each figure is, in Chinese and English, in the order in which they are shown."""

Signed = Mapping[bytes, frozenset[str]]
"""Hash of a record to the parties whose signatures of it hold."""


def figures_of(
    records: Sequence[PackRecord], subject: str, period: tuple[str, str], signed: Signed
) -> dict[str, Figure]:
    """Compute the figures of a subject over a period of months, both included, from the records of a pack."""
    months = months_between(*period)
    trades = [one for one in trades_of(records, subject) if months[0] <= one.month <= months[-1]]
    sales, bought = [one for one in trades if one.sold], [one for one in trades if not one.sold]
    total, spent = _sum(sales), _sum(bought)
    monthly = {month: [0, 0, 0] for month in months}
    for one in trades:
        monthly[one.month][0 if one.sold else 1] += one.amount or 0
        monthly[one.month][2] += 1
    stages = _stages(records)
    both = [one for one in trades if len(signed.get(one.record.leaf, frozenset())) == 2]
    ways = overlap(trades)
    return {
        "trades": len(trades),
        "sales_yuan": yuan(total),
        "purchases_yuan": yuan(spent),
        "amounts_unknown": sum(one.amount is None for one in trades),
        "months": len(months),
        **sales_figures([(one.month, one.partner, one.amount or 0) for one in sales], months),
        "suppliers": len({one.partner for one in bought}),
        "disputed_bp": share(_with(trades, stages, "dispute"), len(trades)),
        "returned_bp": share(_with(trades, stages, "return"), len(trades)),
        "both_signed_bp": share(len(both), len(trades)),
        "both_signed_amount_bp": share(_sum(both), total + spent),
        "with_order_bp": share(_with(trades, stages, "order"), len(trades)),
        "with_delivery_bp": share(_with(trades, stages, "delivery"), len(trades)),
        "with_acceptance_bp": share(_with(trades, stages, "acceptance"), len(trades)),
        "bookings": sum("booking" in found for found in stages.values()),
        "not_shown": sum(_is_empty(one) and months[0] <= one["logged"][:7] <= months[-1] for one in records),
        "late_bp": share(sum(one.late for one in trades), len(trades)),
        "both_ways_partners": ways.partners,
        "both_ways_bp": share(2 * ways.both_ways, total + spent),
        "mirrored_pairs": mirrored_pairs(trades),
        "by_month": [[month, yuan(sold), yuan(paid), str(number)] for month, (sold, paid, number) in monthly.items()],
    }


def sales_figures(sales: Sequence[tuple[str, str, int]], months: Sequence[str]) -> dict[str, int | None]:
    """Compute what sales alone give, each its month, its customer and its amount in fen: of an enterprise from its
    pack, and of its peers from what a platform knows, by one definition.

    >>> found = sales_figures([("2026-01", "b", 300), ("2026-02", "c", 900)], ["2026-01", "2026-02"])
    >>> found["largest_customer_bp"], found["growth_bp"], found["months_with_sales"]
    (7500, 20000, 2)
    """
    with_sales = {month for month, _customer, _amount in sales}
    by_month = dict.fromkeys(months, 0)
    by_customer: dict[str, int] = {}
    for month, customer, amount in sales:
        by_month[month] += amount
        by_customer[customer] = by_customer.get(customer, 0) + amount
    largest, total = sorted(by_customer.values(), reverse=True), sum(by_customer.values())
    return {
        "months_with_sales": len(with_sales),
        "longest_gap_months": _longest_gap(months, with_sales),
        "growth_bp": _growth(list(by_month.values())),
        "customers": len(by_customer),
        "largest_customer_bp": share(sum(largest[:1]), total),
        "three_largest_bp": share(sum(largest[:3]), total),
        "hhi_bp": share(sum(one * one for one in largest), total * total),
    }


def share(part: int, whole: int) -> int | None:
    """Give a part of a whole in basis points, rounded half up; None where the whole is nothing.

    >>> share(1, 3), share(1, 20_000), share(0, 0)
    (3333, 1, None)
    """
    return (part * 20_000 + whole) // (2 * whole) if whole > 0 else None


def _growth(monthly: Sequence[int]) -> int | None:
    """Compare two halves of one length; of an odd number of months the middle one is in neither."""
    half = len(monthly) // 2
    before, after = sum(monthly[:half]), sum(monthly[len(monthly) - half :])
    grown = share(after, before)
    return None if half == 0 or grown is None else grown - 10_000


def _longest_gap(months: Sequence[str], with_sales: set[str]) -> int:
    longest = running = 0
    for month in months:
        running = 0 if month in with_sales else running + 1
        longest = max(longest, running)
    return longest


def _stages(records: Iterable[PackRecord]) -> dict[str, set[str]]:
    """Give the stages that the records of each case show."""
    found: dict[str, set[str]] = {}
    for one in records:
        if one.kind == "move" and one["stage"]:
            found.setdefault(one["case"], set()).add(one["stage"])
    return found


def _is_empty(record: PackRecord) -> bool:
    return record.kind in {"trade", "move"} and not record["on"] and not record["move"]


def _with(trades: Iterable[Trade], stages: Mapping[str, set[str]], stage: str) -> int:
    return sum(stage in stages.get(one.case, ()) for one in trades)


def _sum(trades: Iterable[Trade]) -> int:
    return sum(one.amount or 0 for one in trades)
