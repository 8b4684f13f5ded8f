"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Trading(AppConfig):
    """Supply and demand."""

    name = "gaoyuan.portal.trading"
    label = "trading"
    verbose_name = _("Supply and demand")

    def ready(self) -> None:
        """Give the process its service and its acts, and keep the search up with what is posted."""
        from gaoyuan.portal.cases.service import register
        from gaoyuan.portal.jobs.running import REGULAR
        from gaoyuan.portal.trading import acting, searching
        from gaoyuan.portal.trading.service import TradingService

        register("supply-demand", TradingService())
        searching.follow()
        REGULAR.append(searching.index_fresh)
        acting.register()
