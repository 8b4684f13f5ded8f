"""The app of people and organisations."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """People, organisations, roles."""

    name = "gaoyuan.portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Keep every change in the audit log: all models are there by now."""
        from gaoyuan.portal.accounts.audit import log_all
        from gaoyuan.portal.accounts.second_factor import check_roles

        log_all()
        check_roles()
