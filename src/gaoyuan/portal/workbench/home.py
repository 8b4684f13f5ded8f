"""The first page: what the newest results say, and the next step, also where there is nothing yet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.reading import Look, Row, look_of

_STRONGEST = 10
_HOLES = 12
CLUSTER_HEADINGS = (
    _("Cluster id"),
    _("Cluster"),
    _("County code"),
    _("County"),
    _("Industry code"),
    _("Industry"),
    _("Found by"),
    _("Recognised as"),
    _("Enterprises"),
    _("Expected"),
    _("Location quotient"),
    _("q value"),
    _("Persons employed"),
    _("Revenue, yuan"),
    _("Area, km²"),
    _("Stability"),
)
CLUSTER_COLUMNS = (
    "cluster_id",
    "name",
    "county",
    "county_name",
    "industry",
    "industry_name",
    "found_by",
    "recognised",
    "firms",
    "expected",
    "location_quotient",
    "q_value",
    "employees",
    "revenue_yuan",
    "area_km2",
    "stability",
)


def home(request: HttpRequest) -> HttpResponse:
    """Show what the snapshot says as a whole, its strongest clusters, what is missing, and what to do next."""
    look = look_of(request)
    if look is None:
        return render(request, "workbench/nothing.html")
    strongest = [row for row in look.clusters if row["found_by"]][:_STRONGEST]
    file = table_response(request, "strongest-clusters", CLUSTER_HEADINGS, cluster_cells(strongest), look.snapshot)
    if file is not None:
        return file
    return render(request, "workbench/overview.html", {**_overview(look), "strongest": strongest, "look": look})


def cluster_cells(rows: list[Row]) -> list[list[object]]:
    """Give rows of the list of clusters as cells of a file."""
    return [[row.get(name) for name in CLUSTER_COLUMNS] for row in rows]


def _overview(look: Look) -> dict[str, object]:
    found = [row for row in look.clusters if row["found_by"]]
    by_level: dict[str, list[Row]] = {"province": [], "prefecture": [], "county": []}
    for row in look.frame.regions.values():
        by_level.setdefault(str(row["region_level"]), []).append(row)
    holes = [row for row in look.frame.coverage if row["hole"]]
    firms = [row["firms"] for row in by_level["province"]]
    return {
        "snapshot": look.snapshot,
        "found": len(found),
        "recognised": len(look.clusters) - len(found),
        "matched": sum(bool(row["recognised"]) for row in found),
        "provinces": len(by_level["province"]),
        "counties": len(by_level["county"]),
        "firms": sum(number or 0 for number in firms),
        "industries": sum(len(code) == 4 for code in look.frame.industries),
        "first": found[0] if found else None,
        "holes": holes[:_HOLES],
        "more_holes": max(0, len(holes) - _HOLES),
        "comparable": any(row["ratio"] is not None for row in look.frame.coverage),
    }
