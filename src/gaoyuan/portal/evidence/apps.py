"""The app."""

from django.apps import AppConfig


class EvidenceApp(AppConfig):
    """Records that nobody can rewrite unseen, and packs of them."""

    name = "gaoyuan.portal.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Have the worker enter new records into the log, and ask the witnesses."""
        from gaoyuan.portal.evidence.entering import enter_new
        from gaoyuan.portal.evidence.witnessing import ask_witnesses
        from gaoyuan.portal.jobs.running import REGULAR

        REGULAR.extend((enter_new, ask_witnesses))
