"""The list of clusters: filtered, sorted, in pages, as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.home import CLUSTER_HEADINGS, cluster_cells
from gaoyuan.portal.workbench.paging import page_of
from gaoyuan.portal.workbench.reading import Look, Row, in_division, look_of, sorted_rows

SORTED = ("name", "firms", "expected", "location_quotient", "minus_log10_p", "employees", "revenue_yuan", "stability")
_STRONGEST = "-minus_log10_p"
FOUND_BY = ("cells", "counties", "list")
"""What the filter takes: how a cluster was found; `list` are those that only an official list has."""


def clusters(request: HttpRequest) -> HttpResponse:
    """Show the clusters that the filters leave."""
    look = look_of(request)
    if look is None:
        return render(request, "workbench/nothing.html")
    asked = {name: request.GET.get(name, "").strip() for name in ("province", "industry", "found", "q", "sort")}
    rows = sorted_rows(_filtered(look, asked), asked["sort"], SORTED, _STRONGEST)
    file = table_response(request, "clusters", CLUSTER_HEADINGS, cluster_cells(rows), look.snapshot)
    if file is not None:
        return file
    return render(
        request,
        "workbench/clusters.html",
        {
            "look": look,
            "snapshot": look.snapshot,
            "asked": asked,
            "order": asked["sort"] if asked["sort"].removeprefix("-") in SORTED else _STRONGEST,
            "page": page_of(request, rows),
            "every": len(look.clusters),
            "provinces": _provinces(look),
        },
    )


def _filtered(look: Look, asked: dict[str, str]) -> list[Row]:
    rows = look.clusters
    if asked["province"]:
        rows = list(in_division(rows, asked["province"]))
    if asked["industry"]:
        wanted = asked["industry"].casefold()
        rows = [row for row in rows if _is_of(row, wanted)]
    if asked["found"] in FOUND_BY:
        wanted = "" if asked["found"] == "list" else asked["found"]
        rows = [row for row in rows if (row["found_by"] or "") == wanted]
    if asked["q"]:
        wanted = asked["q"].casefold()
        rows = [row for row in rows if wanted in f"{row['name']} {row['cluster_id']} {row['county_name']}".casefold()]
    return rows


def _is_of(row: Row, wanted: str) -> bool:
    """Whether a cluster is of an industry that is named by its code's beginning or by a part of its name."""
    code, name = str(row["industry"] or ""), str(row["industry_name"] or row["theme"] or "")
    return code.startswith(wanted) if wanted.isdigit() else wanted in name.casefold()


def _provinces(look: Look) -> list[tuple[str, str]]:
    codes = sorted({f"{row['county'][:2]}0000" for row in look.clusters if row["county"]})
    return [(code, look.frame.region(code)) for code in codes]
