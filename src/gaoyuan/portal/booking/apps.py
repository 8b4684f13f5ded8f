"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Booking(AppConfig):
    """Shared laboratories and capacity."""

    name = "gaoyuan.portal.booking"
    label = "booking"
    verbose_name = _("Shared laboratories and capacity")

    def ready(self) -> None:
        """Give the process its service, and have the worker offer places that have become free."""
        from gaoyuan.portal.booking.acting import offer_all
        from gaoyuan.portal.booking.service import BookingService
        from gaoyuan.portal.cases.service import register
        from gaoyuan.portal.jobs.running import REGULAR

        register("booking", BookingService())
        REGULAR.append(offer_all)
