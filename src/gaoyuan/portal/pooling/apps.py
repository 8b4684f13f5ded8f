"""The app."""

from django.apps import AppConfig


class Pooling(AppConfig):
    """Pooled orders, with the credit lines of those who buy for others."""

    name = "gaoyuan.portal.pooling"
    label = "pooling"

    def ready(self) -> None:
        """Make this the service of its process, and have the worker announce what has been cleared."""
        from gaoyuan.portal.cases.service import register
        from gaoyuan.portal.jobs.running import REGULAR
        from gaoyuan.portal.pooling import settling  # noqa: F401  (its acts)
        from gaoyuan.portal.pooling.clearing import announce_all
        from gaoyuan.portal.pooling.service import Pools

        register("pool", Pools())
        REGULAR.append(announce_all)
