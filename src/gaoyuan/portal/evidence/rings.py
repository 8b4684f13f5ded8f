"""Rings of trade that no single enterprise can see: counted among all who agreed, and told as the platform's word."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal

from django.db.models import Sum

from gaoyuan.portal.evidence.models import LogRecord, Release
from gaoyuan.portal.trades.models import Consent, Trade
from gaoyuan.trust.pack.word import RingWord, count_rings

__all__ = ["days_of", "rings_of"]


def rings_of(made: Release) -> RingWord:
    """Count the rings through an organisation in the months of its consent, among the trades that the log had then:
    those whose both sides let their trades be used, itself by this consent.
    """
    willing = {*Consent.unscoped.filter(given=True).values_list("organisation", flat=True), made.organisation.pk}
    logged = LogRecord.objects.filter(index__lte=made.record.index, trade__isnull=False).values("trade")
    trades = Trade.unscoped.filter(
        organisation__in=willing, buyer__in=willing, date__range=days_of(made.first, made.last), pk__in=logged
    )
    rows = trades.order_by().values_list("organisation", "buyer").annotate(sold=Sum("amount_yuan"))
    flows = {(str(seller), str(buyer)): int((sold or Decimal(0)) * 100) for seller, buyer, sold in rows}
    return count_rings(flows, str(made.organisation.pk), made.record.index + 1)


def days_of(first: str, last: str) -> tuple[dt.date, dt.date]:
    """Give the first and the last day of months.

    >>> days_of("2026-01", "2026-02")[1]
    datetime.date(2026, 2, 28)
    """
    year, month = map(int, last.split("-"))
    return dt.date.fromisoformat(f"{first}-01"), dt.date(year, month, calendar.monthrange(year, month)[1])
