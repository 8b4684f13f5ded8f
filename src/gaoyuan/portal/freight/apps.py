"""The app."""

from django.apps import AppConfig


class Freight(AppConfig):
    """Loads, vehicles and warehouses, plans that bring them together, and trips that carriers accept."""

    name = "gaoyuan.portal.freight"
    label = "freight"

    def ready(self) -> None:
        """Make this the service of its process, and its kind of job known."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from gaoyuan.portal.cases.service import register
        from gaoyuan.portal.freight import acts  # noqa: F401  (its acts register themselves)
        from gaoyuan.portal.freight.making import KIND
        from gaoyuan.portal.freight.service import FreightService
        from gaoyuan.portal.jobs.showing import Text, show

        register("freight", FreightService())
        stages: dict[str, Text] = {"routes": _("building routes"), "offers": _("writing the plan down")}
        show(KIND, _("Freight plan"), stages, lambda job: reverse("freight_plan", args=[job.given["plan"]]))
