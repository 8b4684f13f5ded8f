"""The app."""

from django.apps import AppConfig


class Network(AppConfig):
    """The service network, the patent pool and shared quality records."""

    name = "gaoyuan.portal.network"
    label = "network"

    def ready(self) -> None:
        """Make this the service of its processes."""
        from gaoyuan.portal.cases.service import register
        from gaoyuan.portal.network import acts  # noqa: F401  (its acts register themselves)
        from gaoyuan.portal.network.licences import LicenceService
        from gaoyuan.portal.network.service import RequestService

        register("service-request", RequestService())
        register("patent-licence", LicenceService())
