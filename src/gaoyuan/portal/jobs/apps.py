"""The app of background work."""

from django.apps import AppConfig


class Jobs(AppConfig):
    """Background work."""

    name = "gaoyuan.portal.jobs"
    label = "jobs"
