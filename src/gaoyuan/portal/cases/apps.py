"""The app."""

from django.apps import AppConfig


class Cases(AppConfig):
    """Cases of the services, with their records and notices."""

    name = "gaoyuan.portal.cases"
    label = "cases"

    def ready(self) -> None:
        """Have the worker move cases whose deadlines have passed."""
        from gaoyuan.portal.cases.moving import pass_deadlines
        from gaoyuan.portal.jobs.running import REGULAR

        REGULAR.append(pass_deadlines)
