"""The app."""

from django.apps import AppConfig


class Themes(AppConfig):
    """Themes: clusters that no industry code names, found by words."""

    name = "gaoyuan.portal.themes"
    label = "themes"

    def ready(self) -> None:
        """Make the kind of job of themes known, and what it is called."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from gaoyuan.portal.jobs.showing import Text, show
        from gaoyuan.portal.themes import searching

        stages: dict[str, Text] = {"search": _("searching names and business scopes")}
        show(searching.KIND, _("Looking for a theme"), stages, lambda job: reverse("theme", args=[job.given["theme"]]))
