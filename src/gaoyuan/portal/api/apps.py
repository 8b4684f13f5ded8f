"""The app."""

from django.apps import AppConfig


class Api(AppConfig):
    """The JSON interface: typed, described by OpenAPI."""

    name = "gaoyuan.portal.api"
    label = "api"
