"""Amounts to the fen, with thousands as accountants write them in both languages."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def yuan(amount: object) -> str:
    """Give an amount in yuan with two digits after the point.

    >>> yuan(Decimal("1234567.5")), yuan(None)
    ('1,234,567.50', '—')
    """
    return f"{amount:,.2f}" if isinstance(amount, Decimal | int | float) and not isinstance(amount, bool) else "—"
