"""The app."""

from django.apps import AppConfig


class Trades(AppConfig):
    """Trades that follow from cases of the services, and who lets them into the workspace."""

    name = "gaoyuan.portal.trades"
    label = "trades"

    def ready(self) -> None:
        """Have the worker write what both sides have agreed to into the workspaces."""
        from gaoyuan.portal.jobs.running import REGULAR
        from gaoyuan.portal.trades.passing import pass_trades

        REGULAR.append(pass_trades)
