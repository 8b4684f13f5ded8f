"""What the page of a dossier shows of a report: figures with definitions, the trend, peers, reasons, and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gaoyuan.portal.finance.charting import Chart, month_chart
from gaoyuan.portal.finance.models import Dossier
from gaoyuan.portal.finance.peers import Peers, peers_of
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.trust.credit import Quartiles, Reason, reasons_of
from gaoyuan.trust.credit.definitions import DEFINITIONS
from gaoyuan.trust.pack import Check, Report, Verdict
from gaoyuan.trust.pack.figures import FIGURES
from gaoyuan.trust.pack.words import NOT_PROVEN, VERDICTS, figure_text

__all__ = ["DossierPage", "PeerRow", "dossier_page", "export_of"]


@dataclass(frozen=True, slots=True)
class PeerRow:
    """A figure beside its peers', as text; no quartiles where there are too few."""

    name: str
    own: str
    lower: str = ""
    median: str = ""
    upper: str = ""
    quarter: int | None = None


@dataclass(frozen=True, slots=True)
class DossierPage:
    """All that the page shows, in the language of the page."""

    verdict: str
    state: str
    checks: Sequence[tuple[Check, str]]
    about: Mapping[str, str]
    log: str
    meant_for_other: bool
    figures: Sequence[tuple[str, str, str]]
    months: Sequence[Sequence[str]]
    chart: Chart | None
    peers: Sequence[PeerRow]
    register: Sequence[PeerRow]
    place: tuple[str, str]
    speaks_for: Sequence[tuple[str, str, str, str]]
    speaks_against: Sequence[tuple[str, str, str, str]]
    neither: Sequence[tuple[str, str, str, str]]
    not_proven: Sequence[str]


def dossier_page(held: Dossier, report: Report) -> DossierPage:
    """Put the report of a dossier into words; one that fails shows its checks and no figure."""
    holds = report.verdict != Verdict.FAILS
    figures = report.figures if holds else {}
    months = figures.get("by_month")
    by_month = months if isinstance(months, list) else []
    firm = held.release.organisation if held.release is not None else None
    peers = peers_of(firm, (held.first, held.last), figures) if holds else Peers({})
    reasons = reasons_of(figures, report.word) if holds else []
    register = {_("Revenue in the register, yuan"): peers.revenue_yuan, _("Employees"): peers.employees}
    return DossierPage(
        _words(VERDICTS[report.verdict]),
        report.verdict.value,
        [(one, _words((one.zh, one.en))) for one in report.checks],
        report.about,
        report.log if report.verdict == Verdict.UNCONFIRMED else "",
        bool(report.about) and report.about.get("recipient") != held.organisation.name,
        [
            (_words(words), figure_text(name, figures[name]), _words(DEFINITIONS[name]))
            for name, words in FIGURES.items()
            if name in figures and name != "by_month"
        ],
        by_month,
        month_chart(by_month, chinese=get_language() != "en") if by_month else None,
        [
            _peer_row(_words(FIGURES[name]), name, figure_text(name, figures.get(name)), one)
            for name, one in peers.figures.items()
        ],
        [_peer_row(name, "", "", one) for name, one in register.items()],
        (peers.county, peers.industry),
        _sentences(reasons, "for"),
        _sentences(reasons, "against"),
        [*_sentences(reasons, "neither"), *_sentences(reasons, "unknown")],
        [_words(one) for one in NOT_PROVEN],
    )


def export_of(request: HttpRequest, page: DossierPage) -> HttpResponse | None:
    """Give the tables of the page as files where they are asked for."""
    return (
        table_response(request, "figures", (_("Figure"), _("Value"), _("What it means")), page.figures, None)
        or table_response(
            request,
            "months",
            (_("Month"), _("Sales, yuan"), _("Purchases, yuan"), pgettext("credit", "Trades")),
            page.months,
            None,
        )
        or table_response(
            request,
            "reasons",
            (pgettext("credit", "Side"), _("In words"), _("Figure"), _("Value"), _("Limits")),
            [
                (side, *one)
                for side, rows in (
                    (pgettext("credit", "for"), page.speaks_for),
                    (pgettext("credit", "against"), page.speaks_against),
                    (pgettext("credit", "neither"), page.neither),
                )
                for one in rows
            ],
            None,
        )
        or table_response(
            request,
            "peers",
            (_("Figure"), _("Own"), _("Lower quartile"), _("Median"), _("Upper quartile"), _("Quarter")),
            [(one.name, one.own, one.lower, one.median, one.upper, one.quarter) for one in page.peers],
            None,
        )
    )


def _sentences(reasons: Sequence[Reason], side: str) -> list[tuple[str, str, str, str]]:
    """Give the sentence, the figure's name, its value and the limits of the reasons on a side."""
    found = []
    for one in reasons:
        if one.side == side:
            good, bad = one.limits
            limits = _("for: %(good)s; against: %(bad)s") % {"good": good or "—", "bad": bad or "—"}
            found.append((_words((one.zh, one.en)), _words(one.criterion.name), one.value, limits))
    return found


def _peer_row(words: str, name: str, own: str, found: Quartiles | None) -> PeerRow:
    if found is None:
        return PeerRow(words, own)
    lower, median, upper = (figure_text(name, one) for one in (found.lower, found.median, found.upper))
    return PeerRow(words, own, lower, median, upper, found.quarter)


def _words(both: tuple[str, str]) -> str:
    return both[1] if get_language() == "en" else both[0]
