"""Who may see which rows of the register. Everything that a page or a file shows is asked for here."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.seeing import seen_by
from gaoyuan.portal.dataproducts.models import Act, Entry, Product

__all__ = ["STANDING", "STATES", "entries_seen_by", "holdings", "published", "shown_state", "transfers_noticed"]

STANDING = ("registered", "renewing", "cancelling")
"""The states of a case in which the registration stands."""
STATES: dict[str, tuple[str, ...]] = {
    "noticed": ("noticed",),
    "registered": STANDING,
    "expired": ("expired",),
    "cancelled": ("cancelled",),
}
"""What the register shows, and the states of the case that it is."""


def published() -> QuerySet[Product]:
    """Give what everybody may read: products that are in their public notice, and those registered, now or before."""
    states = [state for states in STATES.values() for state in states]
    return Product.unscoped.filter(case__state__in=states).select_related("organisation", "case", "entry__quality")


def shown_state(product: Product) -> str:
    """Give the key in STATES of a published product."""
    return next((key for key, states in STATES.items() if product.case.state in states), "")


def holdings(viewer: Viewer) -> QuerySet[Product]:
    """Give the products whose registration stands, and which the viewer's organisation holds."""
    if viewer.organisation is None:
        return Product.unscoped.none()
    return Product.objects.of(viewer.organisation).filter(case__state__in=STANDING).select_related("case", "entry")


def entries_seen_by(viewer: Viewer) -> QuerySet[Entry]:
    """Give the descriptions that a viewer may see, samples with them: those that hold or once held of a published
    product, and those of cases that he may know of.
    """
    public = Q(pk__in=published().values("entry")) | Q(pk__in=Act.unscoped.values("entry"))
    if viewer.organisation is None:
        return Entry.unscoped.filter(public)
    return Entry.unscoped.filter(public | Q(case__in=seen_by(viewer).values("pk")))


def transfers_noticed(product: Product) -> QuerySet[Case]:
    """Give the transfers of a product that are in their public notice."""
    return Case.unscoped.filter(
        process="data-product-transfer", state="noticed", facts__product=str(product.pk)
    ).order_by("opened")


def day_of(moment: dt.datetime | None) -> str:
    """Give the day of a moment in the portal's zone, empty for none."""
    from django.utils import timezone

    return timezone.localtime(moment).date().isoformat() if moment else ""
