"""The app."""

from django.apps import AppConfig


class Delivery(AppConfig):
    """Channels by which organisations are told of what concerns them."""

    name = "gaoyuan.portal.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Have the worker send what is due."""
        from gaoyuan.portal.delivery.sending import send_due
        from gaoyuan.portal.jobs.running import REGULAR

        REGULAR.append(send_due)
