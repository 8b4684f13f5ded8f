"""The app."""

from django.apps import AppConfig


class Chains(AppConfig):
    """The chain of a product: its levels, what is missing and what is weak."""

    name = "gaoyuan.portal.chains"
    label = "chains"
