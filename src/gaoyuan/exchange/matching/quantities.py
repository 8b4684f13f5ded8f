"""Quantities in different units: tonnes against kilograms are compared, pieces against kilograms are not."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["UNITS", "in_unit"]

_KINDS: dict[str, dict[str, Decimal]] = {
    "mass": {"g": Decimal("0.001"), "克": Decimal("0.001"), "kg": Decimal(1), "千克": Decimal(1), "公斤": Decimal(1)}
    | {"t": Decimal(1000), "吨": Decimal(1000), "斤": Decimal("0.5")},
    "length": {"mm": Decimal("0.001"), "毫米": Decimal("0.001"), "cm": Decimal("0.01"), "厘米": Decimal("0.01")}
    | {"m": Decimal(1), "米": Decimal(1), "km": Decimal(1000), "千米": Decimal(1000), "公里": Decimal(1000)},
    "area": {"m2": Decimal(1), "m²": Decimal(1), "平方米": Decimal(1), "亩": Decimal(2000) / 3},
    "volume": {"l": Decimal("0.001"), "升": Decimal("0.001"), "m3": Decimal(1), "m³": Decimal(1), "立方米": Decimal(1)},
    "pieces": {"件": Decimal(1), "个": Decimal(1), "只": Decimal(1), "支": Decimal(1), "pcs": Decimal(1)},
    "sets": {"套": Decimal(1), "set": Decimal(1)},
    "machines": {"台": Decimal(1)},
    "hours": {"h": Decimal(1), "小时": Decimal(1), "工时": Decimal(1)},
}
UNITS: dict[str, tuple[str, Decimal]] = {
    unit: (kind, factor) for kind, units in _KINDS.items() for unit, factor in units.items()
}
"""Each unit with its kind and how many of the kind's own unit it is."""


def in_unit(quantity: Decimal, unit: str, wanted: str) -> Decimal | None:
    """Give a quantity in another unit; None where the two cannot be compared.

    Equal units always can be, known or not.

    >>> in_unit(Decimal("1.5"), "t", "kg"), in_unit(Decimal(3), "件", "kg"), in_unit(Decimal(3), "卷", "卷")
    (Decimal('1500.0'), None, Decimal('3'))
    """
    unit, wanted = unit.strip().lower(), wanted.strip().lower()
    if unit == wanted:
        return quantity
    if unit not in UNITS or wanted not in UNITS or UNITS[unit][0] != UNITS[wanted][0]:
        return None
    return quantity * UNITS[unit][1] / UNITS[wanted][1]
