"""Which resources, bills and reports a viewer may know of."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.booking.models import Bill, Booking, Report, Resource, Sample
from gaoyuan.portal.cases.seeing import seen_by

__all__ = ["bills_of", "bookings_seen_by", "open_to", "own_resources", "reports_of", "resources_seen_by", "samples_of"]


def resources_seen_by(viewer: Viewer) -> QuerySet[Resource]:
    """Give the resources that are shared, and for an owner and its offices also those that are not any more."""
    own = Resource.objects.for_viewer(viewer).values("pk")
    return Resource.unscoped.filter(Q(listed=True) | Q(pk__in=own)).select_related("organisation")


def open_to(viewer: Viewer) -> QuerySet[Resource]:
    """Give the resources that a viewer may ask for: those that are shared, and its own."""
    seen = Resource.unscoped.filter(Q(listed=True) | Q(organisation=viewer.organisation))
    return seen.select_related("organisation").order_by("name", "pk")


def own_resources(viewer: Viewer) -> QuerySet[Resource]:
    """Give the resources of the viewer's own organisation, which alone may change them."""
    if viewer.organisation is None:
        return Resource.unscoped.none()
    return Resource.unscoped.filter(organisation=viewer.organisation).select_related("organisation")


def bookings_seen_by(viewer: Viewer) -> QuerySet[Booking]:
    """Give the bookings of cases that a viewer may know of."""
    return Booking.unscoped.filter(case__in=seen_by(viewer))


def bills_of(viewer: Viewer) -> QuerySet[Bill]:
    """Give the bills that the viewer's organisation is to pay or to be paid."""
    if viewer.organisation is None:
        return Bill.unscoped.none()
    own = viewer.organisation
    return Bill.unscoped.filter(Q(organisation=own) | Q(payer=own)).select_related(
        "organisation", "payer", "booking__resource", "booking__case"
    )


def reports_of(viewer: Viewer) -> QuerySet[Report]:
    """Give the reports that the viewer's organisation has issued or was given."""
    if viewer.organisation is None:
        return Report.unscoped.none()
    own = viewer.organisation
    return Report.unscoped.filter(Q(organisation=own) | Q(booking__organisation=own)).select_related(
        "organisation", "booking__case", "booking__organisation"
    )


def samples_of(viewer: Viewer) -> QuerySet[Sample]:
    """Give the samples of the viewer's organisation, and those that it tests."""
    if viewer.organisation is None:
        return Sample.unscoped.none()
    own = viewer.organisation
    return Sample.unscoped.filter(Q(organisation=own) | Q(laboratory=own)).select_related(
        "organisation", "laboratory", "booking__case"
    )
