"""The app of snapshots."""

from django.apps import AppConfig


class Snapshots(AppConfig):
    """Published results."""

    name = "gaoyuan.portal.snapshots"
    label = "snapshots"
