"""The pages of industries: the list, and one industry with its measures, regions, clusters, products and relatives."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from gaoyuan.codes import industries as known_industries
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.formulas import OF_INDUSTRIES
from gaoyuan.portal.workbench.home import CLUSTER_HEADINGS, cluster_cells
from gaoyuan.portal.workbench.paging import page_of
from gaoyuan.portal.workbench.reading import LEVELS, Look, Row, look_of, look_or_404, rows_of, sorted_rows
from gaoyuan.portal.workbench.why import measures_of

SORTED = ("firms", "location_quotient", "share_of_region", "employees", "revenue_yuan", "q_value")
_FIRST = "-firms"
_LIST_HEADINGS = (_("Industry code"), _("Industry"), _("Industry in English"), _("Enterprises"))
_REGION = (
    "region",
    "firms",
    "employees",
    "revenue_yuan",
    "share_of_region",
    "expected",
    "location_quotient",
    "q_value",
)
_REGION_HEADINGS = (
    _("Division code"),
    _("Region"),
    _("Enterprises"),
    _("Persons employed"),
    _("Revenue, yuan"),
    _("Share of the region"),
    _("Expected"),
    _("Location quotient"),
    _("q value"),
)
_MEASURES = ("region_level", *OF_INDUSTRIES)
_MEASURE_HEADINGS = (_("Level"), *(formula.label for formula in OF_INDUSTRIES.values()))


def industries(request: HttpRequest) -> HttpResponse:
    """Show the sections, or what stands directly below an industry, `?in=`."""
    look = look_of(request)
    if look is None:
        return render(request, "workbench/nothing.html")
    above = request.GET.get("in", "")
    rows = children_of(look, above)
    cells = [[row["code"], row["name"], row["english"], row["firms"]] for row in rows]
    file = table_response(request, "industries", _LIST_HEADINGS, cells, look.snapshot)
    if file is not None:
        return file
    context = {"look": look, "snapshot": look.snapshot, "rows": rows, "above": above, "path": path_of(look, above)}
    return render(request, "workbench/industries.html", context)


def industry(request: HttpRequest, code: str) -> HttpResponse:
    """Show an industry."""
    look = look_or_404(request)
    content = look.part("about_industry", code)
    level = request.GET.get("level", "")
    level = level if level in LEVELS else "county"
    places = look.find("industry", f"{level}:{code}")
    cells = [{**row, "region_name": look.frame.region(row["region"])} for row in rows_of(places or {})]
    cells = sorted_rows(cells, request.GET.get("sort", ""), SORTED, _FIRST)
    own = [row for row in look.clusters if str(row["industry"] or "").startswith(code)] if code.isdigit() else []
    related = [{**row, "name": look.frame.industry(row["industry_b"])} for row in rows_of(content.get("related", {}))]
    measures = measures_of(content)
    tables = {
        "regions": (_REGION_HEADINGS, [[row["region"], row["region_name"], *_rest(row)] for row in cells]),
        "measures": (
            (_("Level"), *(formula.label for formula in OF_INDUSTRIES.values())),
            [[row.get(name) for name in _MEASURES] for row in measures],
        ),
        "clusters": (CLUSTER_HEADINGS, cluster_cells(own)),
        "related": (
            (_("Industry code"), _("Industry"), _("Proximity"), _("Coagglomeration")),
            [[row["industry_b"], row["name"], row["proximity"], row["coagglomeration"]] for row in related],
        ),
    }
    for name, (headings, rows) in tables.items():
        file = table_response(request, name, headings, rows, look.snapshot)
        if file is not None:
            return file
    context = {
        "look": look,
        "snapshot": look.snapshot,
        "code": code,
        "industry": content,
        "measures": [
            (name, formula.label, [(row["region_level"], row.get(name)) for row in measures])
            for name, formula in OF_INDUSTRIES.items()
        ],
        "measured_levels": [row["region_level"] for row in measures],
        "level": level,
        "levels": LEVELS,
        "order": request.GET.get("sort") if request.GET.get("sort", "").removeprefix("-") in SORTED else _FIRST,
        "page": page_of(request, cells),
        "regions_held": len(cells),
        "top": max(cells, key=lambda row: row["location_quotient"] or 0, default=None),
        "clusters": own,
        "related": related,
        "products": _products(look, code),
        "path": path_of(look, code)[:-1],
        "below": children_of(look, code),
    }
    return render(request, "workbench/industry.html", context)


def path_of(look: Look, code: str) -> list[tuple[str, str]]:
    """Give code and name of the industries above an industry, the widest first, and of itself."""
    known = known_industries()
    held: list[tuple[str, str]] = []
    at: str | None = code
    while at and at in known:
        held.insert(0, (at, look.frame.industry(at)))
        at = known[at].parent
    return held


def children_of(look: Look, code: str) -> list[Row]:
    """Give the industries directly below one that the register has; the sections without one."""
    known = known_industries()
    wanted = code or None
    return [
        row
        for own, row in look.frame.industries.items()
        if own in known and (known[own].parent or None) == wanted and own != code
    ]


def _products(look: Look, code: str) -> list[Row]:
    """Give the products of the chain that the industry makes."""
    chain = look.find("products", "")
    return (
        [row for row in rows_of(chain) if code.isdigit() and str(row["industry"] or "").startswith(code)]
        if chain
        else []
    )


def _rest(row: Row) -> list[object]:
    return [row.get(name) for name in _REGION]
