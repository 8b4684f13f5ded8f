"""What was registered is kept: thirty years after its end nothing of it may be erased before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from gaoyuan.portal.dataproducts.models import Act, Entry, Product
from gaoyuan.portal.evidence.models import LogRecord
from gaoyuan.trust.registry.acts import kept_until

__all__ = ["kept", "retained"]


def kept(product: Product) -> dt.datetime | None:
    """Give until when a product is kept, None for one that was never registered. While a registration stands the time
    counts from the end that it would have.
    """
    end = product.ended or product.until
    return kept_until(end) if product.registered is not None and end is not None else None


def retained(records: Sequence[LogRecord]) -> dict[int, dt.datetime]:
    """Give those of some records of the log that may not be erased yet, each with until when: certificates, and the
    moves of all cases of products that are registered or were.
    """
    now = timezone.now()
    found: dict[int, dt.datetime] = {}
    numbers = [one.pk for one in records]
    for act in Act.unscoped.filter(record__in=numbers).select_related("product"):
        until = kept(act.product)
        if until is not None and until > now:
            found[act.record.pk] = until
    cases = {one.case for one in records if one.case is not None}
    if not cases:
        return found
    asked = Entry.unscoped.filter(case__in=cases).values("product")
    done = Act.unscoped.filter(line__case__in=cases).values("product")
    products = Product.unscoped.filter(Q(case__in=cases) | Q(pk__in=asked) | Q(pk__in=done)).exclude(registered=None)
    for product in products:
        until = kept(product)
        if until is None or until <= now:
            continue
        acts = Act.unscoped.filter(product=product).values_list("line__case", flat=True)
        entries = Entry.unscoped.filter(product=product).values_list("case", flat=True)
        own = {product.case.pk, *acts, *entries}
        for record in records:
            if record.case in own:
                found[record.pk] = max(until, found.get(record.pk, until))
    return found
