"""The app."""

from django.apps import AppConfig


class Desk(AppConfig):
    """The data desk: registers uploaded, mapped, imported, and what was refused."""

    name = "gaoyuan.portal.desk"
    label = "desk"

    def ready(self) -> None:
        """Make the desk's kinds of jobs known, and what they are called."""
        from gaoyuan.portal.desk import importing, publishing

        importing.name_jobs()
        publishing.name_jobs()
