"""The app."""

from django.apps import AppConfig


class Explore(AppConfig):
    """Explore: an industry in all regions, as map, table and chart at once."""

    name = "gaoyuan.portal.explore"
    label = "explore"
