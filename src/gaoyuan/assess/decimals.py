"""One way to write a decimal down."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["decimal_text"]


def decimal_text(value: Decimal | int) -> str:
    """Write a decimal without exponent or needless zeros.

    >>> decimal_text(Decimal("8.50")), decimal_text(Decimal("1E+2")), decimal_text(Decimal("-0.0"))
    ('8.5', '100', '0')
    """
    value = Decimal(value)
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
