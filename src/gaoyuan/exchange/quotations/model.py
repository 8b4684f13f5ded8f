"""What a bidder asks for an order: unit prices that fall with the quantity, a minimum, a time and a validity."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from gaoyuan.errors import InputError

__all__ = ["PriceBreak", "Quotation", "QuotationInvalid", "price_breaks"]

_FEN = Decimal("0.01")
_GREATEST = Decimal(10) ** 12
_MOST_BREAKS = 20
_LINE = re.compile(r"^(?P<least>[\d.,，\s]+?)\s*(?:起|以上|\+|及以上)?\s*[:：=\t ]\s*(?P<price>[\d.,，]+)\s*元?$")


class QuotationInvalid(InputError):
    """A quotation that cannot be."""


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From which quantity on a unit costs what, in yuan."""

    least: Decimal
    price_yuan: Decimal


@dataclass(frozen=True, slots=True)
class Quotation:
    """A bidder's terms. `breaks` are ordered by quantity and a unit never costs more of more; `freight_yuan` is added
    once to the order; `lead_days` counts from the order. Raises QuotationInvalid for terms that cannot be.
    """

    bidder: str
    breaks: tuple[PriceBreak, ...]
    lead_days: int
    valid_until: dt.date
    min_quantity: Decimal | None = None
    freight_yuan: Decimal = Decimal(0)
    certificates: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.breaks or len(self.breaks) > _MOST_BREAKS:
            raise _wrong(
                f"a quotation has 1 to {_MOST_BREAKS} price breaks",
                f"报价须有 1 至 {_MOST_BREAKS} 档价格",
            )
        for one in self.breaks:
            if not (0 <= one.least <= _GREATEST and 0 < one.price_yuan <= _GREATEST):
                raise _wrong("a quantity or a price cannot be", "数量或单价不可能成立")
        for one, other in zip(self.breaks, self.breaks[1:], strict=False):
            if other.least <= one.least:
                raise _wrong(
                    f"the quantity {other.least:f} follows {one.least:f}: name each once, the smallest first",
                    f"数量 {other.least:f} 排在 {one.least:f} 之后：各档数量应由小到大、不重复",
                )
            if other.price_yuan > one.price_yuan:
                raise _wrong(
                    f"from {other.least:f} on a unit would cost more than before",
                    f"自 {other.least:f} 起的单价高于前一档",
                )
        if self.lead_days < 0 or self.lead_days > 3650:
            raise _wrong("the time of delivery is 0 to 3650 days", "交期须为 0 至 3650 天")
        if not 0 <= self.freight_yuan <= _GREATEST:
            raise _wrong("the freight cannot be", "运费不可能成立")
        if self.min_quantity is not None and not 0 < self.min_quantity <= _GREATEST:
            raise _wrong("the minimum quantity cannot be", "起订量不可能成立")

    @property
    def least(self) -> Decimal:
        """The smallest quantity that is supplied."""
        return max(self.min_quantity or Decimal(0), self.breaks[0].least)

    def unit_price(self, quantity: Decimal) -> Decimal | None:
        """Give what a unit costs in yuan at a quantity; None below the smallest.

        >>> breaks = (PriceBreak(Decimal(0), Decimal(10)), PriceBreak(Decimal(100), Decimal(9)))
        >>> quotation = Quotation("甲", breaks, 7, dt.date(2027, 1, 1))
        >>> quotation.unit_price(Decimal(99)), quotation.unit_price(Decimal(100))
        (Decimal('10'), Decimal('9'))
        """
        if quantity < self.least:
            return None
        return next(one.price_yuan for one in reversed(self.breaks) if one.least <= quantity)

    def total(self, quantity: Decimal) -> Decimal | None:
        """Give what the order costs with its freight, to the fen; None below the smallest quantity."""
        price = self.unit_price(quantity)
        if price is None:
            return None
        return (price * quantity + self.freight_yuan).quantize(_FEN, ROUND_HALF_UP)

    def cheaper_at(self, quantity: Decimal) -> PriceBreak | None:
        """Give the break above a quantity at which all of the order costs less than the quantity itself does, the
        cheapest such; None where ordering more never costs less.

        >>> breaks = (PriceBreak(Decimal(0), Decimal(10)), PriceBreak(Decimal(100), Decimal(9)))
        >>> Quotation("甲", breaks, 7, dt.date(2027, 1, 1)).cheaper_at(Decimal(95)).least
        Decimal('100')
        """
        now = self.total(quantity)
        above = [(self.total(one.least), one) for one in self.breaks if one.least > quantity]
        less = [(total, one) for total, one in above if now is not None and total is not None and total < now]
        return min(less, key=lambda pair: pair[0])[1] if less else None


def price_breaks(text: str) -> tuple[PriceBreak, ...]:
    r"""Read price breaks as people write them, one on a line: the quantity from which on it holds, then the unit price;
    one price alone holds for every quantity. Raises QuotationInvalid that names the line.

    >>> price_breaks("100: 12.5\n1000起：11 元")[1]
    PriceBreak(least=Decimal('1000'), price_yuan=Decimal('11'))
    >>> price_breaks("12.5")
    (PriceBreak(least=Decimal('0'), price_yuan=Decimal('12.5')),)
    """
    lines = [line.strip() for line in re.split(r"[\n;；]", text) if line.strip()]
    if len(lines) == 1 and (alone := _number(lines[0].removesuffix("元"))) is not None:
        return (PriceBreak(Decimal(0), alone),)
    found = []
    for at, line in enumerate(lines, start=1):
        read = _LINE.match(line)
        least, price = (_number(read["least"]), _number(read["price"])) if read else (None, None)
        if least is None or price is None:
            raise _wrong(
                f'line {at} ("{line[:40]}") is no quantity and price: write "100: 12.5"',
                f"第 {at} 行“{line[:40]}”不是“数量: 单价”，例如“100: 12.5”",
            )
        found.append(PriceBreak(least, price))
    return tuple(found)


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _wrong(said: str, zh: str) -> QuotationInvalid:
    return QuotationInvalid(said, mend="Change it and send it again.", zh=zh, mend_zh="修正后再提交")
