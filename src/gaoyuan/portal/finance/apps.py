"""The app."""

from django.apps import AppConfig


class FinanceApp(AppConfig):
    """The first-loan view of banks, risk-compensation funds, and mutual guarantees of a cluster's members."""

    name = "gaoyuan.portal.finance"
    label = "finance"

    def ready(self) -> None:
        """Make this the service of claims, bring credit entries into the log, close dossiers whose consent ended."""
        from gaoyuan.portal.cases.service import register
        from gaoyuan.portal.finance import claiming  # noqa: F401  (its acts register themselves)
        from gaoyuan.portal.finance.closing import close_ended
        from gaoyuan.portal.finance.lines import enter_lines
        from gaoyuan.portal.finance.service import FundClaims
        from gaoyuan.portal.jobs.running import REGULAR

        register("fund-claim", FundClaims())
        REGULAR.extend((enter_lines, close_ended))
