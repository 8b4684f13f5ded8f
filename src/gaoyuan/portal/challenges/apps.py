"""The app."""

from django.apps import AppConfig


class Challenges(AppConfig):
    """Challenges of firms, and who solves them."""

    name = "gaoyuan.portal.challenges"
    label = "challenges"

    def ready(self) -> None:
        """Make this the service of its process."""
        from gaoyuan.portal.cases.service import register
        from gaoyuan.portal.challenges import acts  # noqa: F401  (its acts register themselves)
        from gaoyuan.portal.challenges.service import ChallengeService

        register("challenge", ChallengeService())
