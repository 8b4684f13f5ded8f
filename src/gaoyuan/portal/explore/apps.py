"""The app."""

from django.apps import AppConfig


class Explore(AppConfig):
    """Explore: an industry in all regions, as map, table and chart at once."""

    name = "gaoyuan.portal.explore"
    label = "explore"

    def ready(self) -> None:
        """Say at the start what is wrong with boundaries that are set."""
        from gaoyuan.portal.explore.boundaries import check_boundaries

        check_boundaries()
