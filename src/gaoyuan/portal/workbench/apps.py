"""The app of the pages."""

from django.apps import AppConfig


class Workbench(AppConfig):
    """Pages on snapshots."""

    name = "gaoyuan.portal.workbench"
    label = "workbench"
