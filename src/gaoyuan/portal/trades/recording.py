"""Recording the trades that a case has led to."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.trades.models import Trade

__all__ = ["record_trade"]

_FEN, _MILLIONTH = Decimal("0.01"), Decimal("0.000001")


def record_trade(
    case: Case,
    *,
    seller: Organisation,
    buyer: Organisation,
    what: str,
    amount_yuan: Decimal | None,
    on: dt.date,
    product: str = "",
    quantity: Decimal | None = None,
    unit: str = "",
) -> Trade | None:
    """Record a sale that a case has led to, once for each seller and buyer: a second call changes nothing and gives
    what stands. `product` is a code or a name in the chain; what is not known is None or empty.

    None where seller and buyer are one: nothing was traded then. Called within the transaction of the case's move.
    """
    if seller.pk == buyer.pk:
        return None
    made, _ = Trade.unscoped.get_or_create(
        case=case,
        organisation=seller,
        buyer=buyer,
        defaults={
            "what": what[:300],
            "product": product[:200],
            "quantity": None if quantity is None else quantity.quantize(_MILLIONTH, ROUND_HALF_UP),
            "unit": unit[:40],
            "amount_yuan": None if amount_yuan is None else amount_yuan.quantize(_FEN, ROUND_HALF_UP),
            "date": on,
        },
    )
    return made
