"""The figures by which regions are looked at: of an industry, of all industries together, and of a theme."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EVERY = "all"
"""What stands in the address for all industries."""
_THEME = "theme-"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a region. `written` names the filter that writes it; where `least_first` is set the smallest comes
    first.
    """

    key: str
    name: Promise | str
    explains: Promise | str
    written: str
    least_first: bool = False


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of a kind of view in their order in the table, the usual one, and the levels that have them."""

    all: dict[str, Measure]
    usual: str
    levels: tuple[str, ...] = ("county", "prefecture", "province")


def _by_key(*measures: Measure) -> dict[str, Measure]:
    return {one.key: one for one in measures}


_Q = Measure(
    "q_value",
    _("q value"),
    _("Significance of the concentration, corrected for the number of tests; up to 0.05 is significant."),
    "probability",
    least_first=True,
)
OF_INDUSTRY = Measures(
    _by_key(
        Measure("firms", _("Firms"), _("Firms of the industry in the region."), "count"),
        Measure("employees", _("Employees"), _("Employees of those firms that state them."), "count"),
        Measure("revenue_yuan", _("Revenue"), _("Revenue of those firms that state it."), "money"),
        Measure("share_of_region", _("Share of the region"), _("Share of the region's coded firms."), "percent"),
        Measure(
            "location_quotient",
            _("Location quotient"),
            _("Share of the industry among the region's firms over its share everywhere; 1 is average."),
            "figure",
        ),
        _Q,
        Measure(
            "density",
            _("Relatedness density"),
            _("How much of what is related to the industry the region already has, 0 to 1."),
            "figure",
        ),
    ),
    "location_quotient",
)
OF_EVERY = Measures(
    _by_key(
        Measure("firms", _("Firms"), _("All firms of the register in the region."), "count"),
        Measure(
            "diversity",
            pgettext_lazy("explore", "Diversity"),
            _("How many classes the region has with a location quotient of at least 1."),
            "count",
        ),
        Measure(
            "complexity",
            pgettext_lazy("explore", "Complexity"),
            _("Economic complexity, standardised: 0 is the mean of the regions of a level."),
            "figure",
        ),
        Measure(
            "coverage",
            pgettext_lazy("explore", "Coverage"),
            _("Firms of the register over those expected; far below 1 the register has a gap."),
            "percent",
        ),
        Measure(
            "krugman",
            pgettext_lazy("explore", "Specialisation"),
            _("Krugman index: how far the region's industries are from those everywhere, 0 to 2."),
            "figure",
        ),
        Measure(
            "entropy",
            pgettext_lazy("explore", "Entropy"),
            _("How evenly the region's firms are spread over the classes, in bits."),
            "figure",
        ),
    ),
    "diversity",
)
OF_THEME = Measures(
    _by_key(
        Measure("firms", _("Firms"), _("Firms whose name or scope speaks of the theme."), "count"),
        Measure(
            "expected", _("Expected firms"), _("Firms that the county would have were they spread evenly."), "figure"
        ),
        Measure("location_quotient", _("Location quotient"), _("Firms over those expected; 1 is average."), "figure"),
        Measure("in_name", _("In the name"), _("Firms that have the theme in their name."), "count"),
        Measure("first_in_scope", _("First in the scope"), _("Firms whose business scope begins with it."), "count"),
        _Q,
    ),
    "location_quotient",
    ("county",),
)
NAMES = {**OF_THEME.all, **OF_EVERY.all, **OF_INDUSTRY.all}
"""All measures by key."""


def measures_of(subject: str) -> Measures:
    """Give the measures of what the address names: an industry by its code, all, or a theme."""
    if subject == EVERY:
        return OF_EVERY
    return OF_THEME if theme_of(subject) is not None else OF_INDUSTRY


def theme_of(subject: str) -> str | None:
    """Give the id of the theme that an address names, None where it names none.

    >>> theme_of("theme-5f"), theme_of("17")
    ('5f', None)
    """
    return subject.removeprefix(_THEME) if subject.startswith(_THEME) else None


def subject_of_theme(pk: object) -> str:
    """Give what stands in the address for a theme."""
    return f"{_THEME}{pk}"
