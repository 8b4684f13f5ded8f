"""Two to five clusters or regions side by side, and what the data cannot carry said where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.workbench.compared import read_compared
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.reading import Look, Row, look_of, rows_of

FEWEST, MOST = 2, 5
_SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A measure of all that is compared: values in its order, how they are written, and why they are not to be
    compared, where they are not.
    """

    name: str
    label: str | Promise
    kind: str
    values: list[object]
    refused: str = ""
    whys: tuple[str, ...] = ()

    @property
    def cells(self) -> list[tuple[object, str]]:
        """Values with the addresses of their explanations; "" where there is none."""
        whys = self.whys or ("",) * len(self.values)
        return [(value, "" if value is None else why) for value, why in zip(self.values, whys, strict=True)]


Measures: TypeAlias = tuple[tuple[str, str | Promise, str], ...]
Explained: TypeAlias = tuple[str, str, str | None]
"""The route of a thing's explanations, its code, and the industry asked of; None where nothing explains it."""

_OF_CLUSTERS: Measures = (
    ("firms", _("Enterprises"), "count"),
    ("expected", _("Expected"), "figure"),
    ("location_quotient", _("Location quotient"), "figure"),
    ("p_value", _("p value"), "probability"),
    ("q_value", _("q value"), "probability"),
    ("stability", _("Stability"), "figure"),
    ("employees", _("Persons employed"), "count"),
    ("revenue_yuan", _("Revenue"), "money"),
    ("size_coverage", _("Members whose revenue is known"), "percent"),
    ("area_km2", _("Area, km²"), "figure"),
)
_OF_REGIONS: Measures = (
    ("firms", _("Enterprises"), "count"),
    ("coded", _("Coded enterprises"), "count"),
    ("coverage", _("Coverage"), "percent"),
    ("diversity", _("Diversity"), "count"),
    ("krugman", _("Krugman specialisation"), "figure"),
    ("entropy", _("Entropy"), "figure"),
    ("herfindahl", _("Herfindahl index"), "figure"),
    ("complexity", _("Economic complexity"), "figure"),
)
_OF_CELLS: Measures = (
    ("firms", _("Enterprises"), "count"),
    ("employees", _("Persons employed"), "count"),
    ("revenue_yuan", _("Revenue"), "money"),
    ("share_of_region", _("Share of the region"), "percent"),
    ("location_quotient", _("Location quotient"), "figure"),
    ("q_value", _("q value"), "probability"),
)
_SHARES = {"share_of_region", "location_quotient", "q_value", "diversity", "krugman", "entropy", "herfindahl"}
_KNOWN_OF = {"employees": "employees_firms", "revenue_yuan": "revenue_firms"}


def compare(request: HttpRequest) -> HttpResponse:
    """Show what the address names side by side: `?cluster=` or `?region=`, two to five times, with `&industry=`; names
    and initials lead to the same by codes.
    """
    look = look_of(request)
    if look is None:
        return render(request, "workbench/nothing.html")
    asked = read_compared(look, request.GET)
    if asked.by_names and not asked.faulty:
        # The address of a comparison has codes, however it was asked for.
        return redirect(f"{request.path}?{asked.query}")
    clusters, regions, industry = asked.codes["cluster"], asked.codes["region"], asked.industry
    wrong = _wrong(asked.fields["cluster"], asked.fields["region"])
    kind = "cluster" if clusters else "region"
    found = [] if wrong else [look.find(kind, code) for code in clusters or regions]
    things = [one for one in found if one is not None]
    context: dict[str, object] = {
        "look": look,
        "snapshot": look.snapshot,
        "asked": asked,
        "wrong": wrong,
        "asked_clusters": _slots(asked.fields["cluster"]),
        "asked_regions": _slots(asked.fields["region"]),
        "clusters": look.clusters[:_SUGGESTED],
    }
    if len(things) < FEWEST:
        return render(request, "workbench/compare.html", context, status=400 if wrong or asked.faulty else 200)
    if clusters:
        lines, notes = cluster_lines(look, things)
        heads = [("cluster", one["cluster_id"], one["name"]) for one in things]
    else:
        lines, notes = region_lines(look, things, industry)
        heads = [("region", one["region"], one["region_name"]) for one in things]
    headings = [gettext("Measure"), *(name for _route, _code, name in heads), gettext("Not comparable because")]
    cells = [[line.label, *line.values, line.refused] for line in lines]
    file = table_response(request, "comparison", headings, cells, look.snapshot)
    if file is not None:
        return file
    return render(request, "workbench/compare.html", {**context, "heads": heads, "lines": lines, "notes": notes})


def _slots(named: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give what the form's fields hold: what was named, and empty ones up to five."""
    return [*named[:MOST], *[("", "")] * (MOST - len(named))]


def _wrong(clusters: list[tuple[str, str]], regions: list[tuple[str, str]]) -> str:
    if clusters and regions:
        return gettext("Compare clusters with clusters, or regions with regions.")
    named = clusters or regions
    if len(named) > MOST:
        return gettext("Name two to five to compare.")
    return ""


def cluster_lines(look: Look, clusters: list[Row]) -> tuple[list[Line], list[str]]:
    """Give the measures of clusters, and what is to be known of all of them."""
    found_by = {one["found_by"] for one in clusters}
    refused: dict[str, str] = {}
    if _uneven(look, [one["size_coverage"] for one in clusters]):
        refused["revenue_yuan"] = gettext("revenue is known of uneven parts of the members")
    known = [_share(one["employees_firms"], one["firms"]) for one in clusters]
    if _uneven(look, known):
        refused["employees"] = gettext("it is known of uneven parts of the members, or of none")
    if len(found_by) > 1:
        for name in ("area_km2", "stability"):
            refused[name] = gettext("the clusters were found in different ways")
    notes = []
    if None in found_by:
        notes.append(
            gettext("A cluster that only an official list has was never tested: the register does not show it.")
        )
    if len({str(one["county"])[:2] for one in clusters if one["county"]}) > 1:
        notes.append(gettext("Counts of different provinces also differ by how much of each the register holds."))
    return _lines(_OF_CLUSTERS, clusters, refused, [("why", str(one["cluster_id"]), "") for one in clusters]), notes


def region_lines(look: Look, regions: list[Row], industry: str) -> tuple[list[Line], list[str]]:
    """Give the measures of regions, or of an industry in them."""
    refused = _refused_regions(look, regions)
    explained: list[Explained] = [("region_why", str(one["region"]), "") for one in regions]
    notes = []
    if len({one["region_level"] for one in regions}) > 1:
        notes.append(gettext("The regions are of different levels: a province holds more of everything than a county."))
    if not industry:
        return _lines(_OF_REGIONS, regions, refused, explained), notes
    if industry not in look.frame.industries:
        notes.append(gettext("The register has no enterprises of this industry, or there is no such code."))
        return _lines(_OF_REGIONS, regions, refused, explained), notes
    cells = [_cell(one, industry) for one in regions]
    for name, number in _KNOWN_OF.items():
        if _uneven(look, [_share(cell[number], cell["firms"]) for cell in cells if cell["firms"] != 0]):
            refused[name] = gettext("it is known of uneven parts of the enterprises, or of none")
    notes.insert(0, look.frame.industry(industry))
    # An industry of which a region has no enterprise has no figures there to be explained.
    cells_explained: list[Explained] = [
        (route, code, industry if "industry" in cell else None)
        for (route, code, _none), cell in zip(explained, cells, strict=True)
    ]
    return _lines(_OF_CELLS, cells, refused, cells_explained), notes


def _cell(region: Row, industry: str) -> Row:
    """Give an industry in a region: without an enterprise of it zeros, hidden figures as None."""
    found = next((row for row in rows_of(region["industries"]) if row["industry"] == industry), None)
    if found is not None:
        return found
    empty = dict.fromkeys(("q_value", "employees", "revenue_yuan", *_KNOWN_OF.values()))
    return {**empty, "firms": 0, "share_of_region": 0.0, "location_quotient": 0.0}


def _refused_regions(look: Look, regions: list[Row]) -> dict[str, str]:
    """Refuse counts between provinces of uneven coverage, and shares of fewer than thirty enterprises."""
    refused: dict[str, str] = {}
    if len({str(one["region"])[:2] for one in regions}) > 1 and _uneven(look, [one["coverage"] for one in regions]):
        why = gettext("the register holds uneven or unknown parts of the enterprises there are")
        refused |= dict.fromkeys(("firms", "coded", "employees", "revenue_yuan", "diversity"), why)
    few = [str(one["region_name"]) for one in regions if (one["coded"] or 0) < look.fewest_firms]
    if few:
        why = gettext("shares of fewer than {few} enterprises say nothing ({where})")
        refused |= dict.fromkeys(_SHARES, why.format(few=look.fewest_firms, where=", ".join(few)))
    return refused


def _uneven(look: Look, shares: list[float | None]) -> bool:
    """Whether the least share is too far below the greatest, or one is unknown or nothing."""
    known = [share for share in shares if share]
    return len(known) < len(shares) or (bool(known) and min(known) < look.least_coverage_ratio * max(known))


def _share(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _lines(measures: Measures, things: list[Row], refused: dict[str, str], explained: list[Explained]) -> list[Line]:
    return [
        Line(
            name,
            label,
            kind,
            [one.get(name) for one in things],
            refused.get(name, ""),
            tuple(_why(route, code, name, industry) for route, code, industry in explained),
        )
        for name, label, kind in measures
    ]


def _why(route: str, code: str, figure: str, industry: str | None) -> str:
    if industry is None:
        return ""
    address = reverse(route, args=[code, figure])
    return f"{address}?{urlencode({'industry': industry})}" if industry else address
