"""The pages of regions: the list, and one region with its measures, industries, clusters and the regions in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.formulas import OF_REGIONS
from gaoyuan.portal.workbench.home import CLUSTER_HEADINGS, cluster_cells
from gaoyuan.portal.workbench.paging import page_of
from gaoyuan.portal.workbench.reading import LEVELS, Look, Row, in_division, look_of, look_or_404, rows_of, sorted_rows

INDUSTRY_LEVELS = ("section", "division", "group", "class")
SORTED = ("firms", "location_quotient", "share_of_region", "employees", "revenue_yuan", "q_value", "density")
_FIRST = "q_value"
_WEAK_COVERAGE = 0.9
_REGION = ("region", "region_name", "region_level", "firms", "coded", "coverage", "diversity", "krugman", "entropy")
_REGION_HEADINGS = (
    _("Division code"),
    _("Region"),
    _("Level"),
    _("Enterprises"),
    _("Coded enterprises"),
    _("Coverage"),
    _("Diversity"),
    _("Krugman specialisation"),
    _("Entropy"),
)
_CELL = ("industry", "industry_name", "industry_level", "firms", "employees", "revenue_yuan", "share_of_region")
_CELL_MORE = ("expected", "location_quotient", "p_value", "q_value", "density")
_CELL_HEADINGS = (
    _("Industry code"),
    _("Industry"),
    _("Level"),
    _("Enterprises"),
    _("Persons employed"),
    _("Revenue, yuan"),
    _("Share of the region"),
    _("Expected"),
    _("Location quotient"),
    _("p value"),
    _("q value"),
    _("Relatedness density"),
)


def regions(request: HttpRequest) -> HttpResponse:
    """Show the regions of a level."""
    look = look_of(request)
    if look is None:
        return render(request, "workbench/nothing.html")
    level = request.GET.get("level", "")
    level = level if level in LEVELS else "prefecture"
    rows = [row for row in look.frame.regions.values() if row["region_level"] == level]
    rows = sorted_rows(rows, request.GET.get("sort", ""), ("region", *_REGION[3:]), "region")
    file = table_response(request, "regions", _REGION_HEADINGS, _cells(rows, _REGION), look.snapshot)
    if file is not None:
        return file
    context = {
        "look": look,
        "snapshot": look.snapshot,
        "page": page_of(request, rows),
        "level": level,
        "levels": LEVELS,
    }
    return render(request, "workbench/regions.html", context)


def region(request: HttpRequest, code: str) -> HttpResponse:
    """Show a region."""
    look = look_or_404(request)
    content = look.part("region", code)
    level = request.GET.get("level", "")
    level = level if level in INDUSTRY_LEVELS else "class"
    cells = [row for row in rows_of(content["industries"]) if row["industry_level"] == level]
    # Where the column that is asked for has ties, the greater industry stands first.
    cells = sorted_rows(sorted_rows(cells, "", (), "-firms"), request.GET.get("sort", ""), SORTED, _FIRST)
    inner = _inner(look, code)
    own = list(in_division(look.clusters, code))
    tables = {
        "industries": (_CELL_HEADINGS, _cells(cells, (*_CELL, *_CELL_MORE))),
        "clusters": (CLUSTER_HEADINGS, cluster_cells(own)),
        "regions": (_REGION_HEADINGS, _cells(inner, _REGION)),
    }
    for name, (headings, rows) in tables.items():
        file = table_response(request, name, headings, rows, look.snapshot)
        if file is not None:
            return file
    context = {
        "look": look,
        "snapshot": look.snapshot,
        "order": request.GET.get("sort") if request.GET.get("sort", "").removeprefix("-") in SORTED else _FIRST,
        "industry_level": level,
        "industry_levels": INDUSTRY_LEVELS,
        "page": page_of(request, cells),
        "clusters": own,
        "inner": inner,
        "path": look.frame.path(code)[:-1],
        **region_words(look, content),
    }
    return render(request, "workbench/region.html", context)


def region_words(look: Look, content: Row) -> dict[str, object]:
    """Give what the page of a region and its twin to embed show alike."""
    classes = [row for row in rows_of(content["industries"]) if row["industry_level"] == "class"]
    strong = [row for row in classes if (row["location_quotient"] or 0) > 1 and _significant(row)]
    strong.sort(key=lambda row: -row["location_quotient"])
    return {
        "region": content,
        "measures": [(name, formula.label, content.get(name)) for name, formula in OF_REGIONS.items()],
        "classes": len(classes),
        "strong": len(strong),
        "strongest": strong[:5],
        "weak": content["coverage"] is not None and content["coverage"] < _WEAK_COVERAGE,
        "holes": [
            row for row in look.frame.coverage if row["hole"] and row["province"] == f"{content['region'][:2]}0000"
        ],
    }


def _significant(row: Row) -> bool:
    return row["q_value"] is not None and row["q_value"] <= 0.05


def _inner(look: Look, code: str) -> list[Row]:
    """Give the regions of the next level below that lie in a region."""
    level = str(look.frame.regions[code]["region_level"]) if code in look.frame.regions else "county"
    if level == "county":
        return []
    below = LEVELS[LEVELS.index(level) + 1]
    return [
        row
        for row in in_division(look.frame.regions.values(), code, "region")
        if row["region_level"] == below and row["region"] != code
    ]


def _cells(rows: list[Row], columns: tuple[str, ...]) -> list[list[object]]:
    return [[row.get(name) for name in columns] for row in rows]
