"""The comparison matrix (比价表): every bidder at the quantity that is wanted, those that meet all conditions first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from gaoyuan.exchange.matching.index import certificate_key
from gaoyuan.exchange.quotations.model import PriceBreak, Quotation

__all__ = ["Compared", "compare"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A bidder's row: the unit price and the whole at the wanted quantity (None where there is no quantity or he does
    not supply so little), what falls short of the demand, and his place among those that meet it, None for others.
    """

    quotation: Quotation
    unit_price: Decimal | None
    total: Decimal | None
    cheaper_at: PriceBreak | None
    too_little: bool
    expired: bool
    late_days: int
    missing: tuple[str, ...]
    over_limit: bool
    place: int | None = None

    @property
    def meets(self) -> bool:
        """Whether nothing falls short."""
        return not (self.too_little or self.expired or self.late_days or self.missing or self.over_limit)


def compare(
    quotations: Iterable[Quotation],
    *,
    quantity: Decimal | None,
    on: dt.date,
    needed_on: dt.date | None = None,
    certificates: Collection[str] = (),
    max_price: Decimal | None = None,
) -> list[Compared]:
    """Compare quotations for an order that would be placed on a day: those that meet the demand by what the whole
    costs, of equal ones the sooner delivered; then the others by the same. Without a quantity the price of the first
    break counts. Equal terms share a place.

    >>> day = dt.date(2026, 5, 1)
    >>> cheap = Quotation("甲", (PriceBreak(Decimal(100), Decimal(9)),), 10, dt.date(2026, 6, 1))
    >>> dear = Quotation("乙", (PriceBreak(Decimal(0), Decimal(12)),), 3, dt.date(2026, 6, 1))
    >>> [(row.quotation.bidder, row.total, row.place) for row in compare([dear, cheap], quantity=Decimal(50), on=day)]
    [('乙', Decimal('600.00'), 1), ('甲', None, None)]
    """
    rows = [_row(one, quantity, on, needed_on, certificates, max_price) for one in quotations]
    rows.sort(key=lambda row: (not row.meets, *_order(row), row.quotation.bidder))
    placed: list[Compared] = []
    for at, row in enumerate(rows):
        if not row.meets:
            placed.append(row)
            continue
        same = bool(placed) and _order(placed[-1]) == _order(row)
        placed.append(_placed(row, placed[-1].place if same else at + 1))
    return placed


def _row(
    one: Quotation,
    quantity: Decimal | None,
    on: dt.date,
    needed_on: dt.date | None,
    certificates: Collection[str],
    max_price: Decimal | None,
) -> Compared:
    price = one.breaks[0].price_yuan if quantity is None else one.unit_price(quantity)
    shown = {certificate_key(name) for name in one.certificates}
    late = 0 if needed_on is None else max(0, (on + dt.timedelta(days=one.lead_days) - needed_on).days)
    return Compared(
        one,
        price,
        None if quantity is None else one.total(quantity),
        None if quantity is None else one.cheaper_at(quantity),
        price is None,
        one.valid_until < on,
        late,
        tuple(sorted(name for name in certificates if certificate_key(name) not in shown)),
        max_price is not None and price is not None and price > max_price,
    )


def _order(row: Compared) -> tuple[Decimal, int]:
    cost = row.total if row.total is not None else row.unit_price
    return (Decimal("Infinity") if cost is None else cost, row.quotation.lead_days)


def _placed(row: Compared, place: int | None) -> Compared:
    return Compared(
        row.quotation,
        row.unit_price,
        row.total,
        row.cheaper_at,
        row.too_little,
        row.expired,
        row.late_days,
        row.missing,
        row.over_limit,
        place,
    )
