"""The app."""

from django.apps import AppConfig


class Contests(AppConfig):
    """Contests: pages of organiser, judge and contestant."""

    name = "gaoyuan.portal.contests"
    label = "contests"
