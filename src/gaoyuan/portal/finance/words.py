"""What the lines of accounts are called."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

__all__ = ["LINE_WORDS", "MUTUAL_WORDS"]

LINE_WORDS = {
    "contribution": pgettext_lazy("fund", "paid in"),
    "withdrawal": pgettext_lazy("fund", "taken out"),
    "cover": pgettext_lazy("fund", "loan covered"),
    "release": pgettext_lazy("fund", "cover ended"),
    "accept": pgettext_lazy("fund", "claim accepted"),
    "payment": pgettext_lazy("fund", "compensation paid"),
    "recovery": pgettext_lazy("fund", "recovered"),
}
"""Lines of a fund."""

MUTUAL_WORDS = {
    "contribution": pgettext_lazy("mutual", "paid in"),
    "refund": pgettext_lazy("mutual", "paid back"),
    "pledge": pgettext_lazy("mutual", "guarantee given"),
    "unpledge": pgettext_lazy("mutual", "guarantee taken back"),
    "call": pgettext_lazy("mutual", "called on"),
    "repayment": pgettext_lazy("mutual", "repaid after a call"),
}
"""Lines of a mutual guarantee account."""
