"""Why a number is what it is: its formula, what went in, the run that made it, the rows of the register behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from gaoyuan.codes import industries as known_industries
from gaoyuan.portal.snapshots.models import Audience, Firm
from gaoyuan.portal.workbench.cluster import FIGURES, quotient_interval, seen_members
from gaoyuan.portal.workbench.explained import StillWorking, explanation, for_public
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.formulas import OF_CELLS, OF_INDUSTRIES, OF_PRODUCTS, OF_REGIONS, Formula
from gaoyuan.portal.workbench.paging import page_of
from gaoyuan.portal.workbench.reading import LEVELS, Look, Row, look_or_404, rows_of

_SOURCE_HEADINGS = (
    _("Enterprise id"),
    _("Enterprise"),
    _("County code"),
    _("County"),
    _("File"),
    _("Row of the file"),
)
_SOURCE = ("enterprise_id", "name", "county", "county_name", "file_name", "row")
_FIRM_HEADINGS = (
    _("Enterprise id"),
    _("Enterprise"),
    _("County code"),
    _("Industry code"),
    _("Persons employed"),
    _("Revenue, yuan"),
)
_KINDS = {
    **dict.fromkeys(("revenue_yuan", "local_output_yuan"), "money"),
    **dict.fromkeys(("p_value", "q_value"), "probability"),
    **dict.fromkeys(("firms", "employees", "coded", "diversity", "regions", "ubiquity"), "count"),
    **dict.fromkeys(("local_firms", "outside_firms"), "count"),
    "rank": "count",
    **dict.fromkeys(("size_coverage", "share_of_region", "coverage", "national_share", "imported_share"), "percent"),
    **dict.fromkeys(("local_supply_low", "local_supply_high"), "percent"),
}
"""How figures are written, where it is not with three digits."""
_AGREE = 1e-4
"""Parts keep six significant digits, so that what is worked out from them agrees to nearly as many."""


def cluster_why(request: HttpRequest, cluster_id: str, figure: str) -> HttpResponse:
    """Explain a number of a cluster. Source rows are for offices, of the enterprises of their division."""
    look = look_or_404(request)
    content = look.part("cluster", cluster_id)
    if figure not in FIGURES or content.get(figure) is None:
        raise Http404
    members = seen_members(look, content)
    rows = _source_rows(content, members)
    if rows is not None:
        cells = [[{**row, "county_name": look.frame.region(row["county"])}[name] for name in _SOURCE] for row in rows]
        file = table_response(request, "source-rows", _SOURCE_HEADINGS, cells, look.snapshot)
        if file is not None:
            return file
    try:
        found = explanation(look.snapshot, cluster_id)
    except StillWorking:
        return still_working(request, look, [(content["name"], "cluster", cluster_id)])
    explained = found["figures"].get(figure) if found else None
    if explained is not None and look.audience == Audience.PUBLIC:
        explained = for_public(explained)
    return render(
        request,
        "workbench/why_cluster.html",
        {
            "look": look,
            "snapshot": look.snapshot,
            "cluster": content,
            "label": FIGURES[figure],
            "kind": _KINDS.get(figure, "figure"),
            "value": content[figure],
            "quotient_interval": quotient_interval(content) if figure == "location_quotient" else None,
            "explained": explained,
            "run": found["run"] if found else look.snapshot.runs.get("made", {}).get("observe"),
            "files": found["files"] if found else [],
            "rows": page_of(request, rows) if rows is not None else None,
        },
    )


def still_working(request: HttpRequest, look: Look, about: list[tuple[str, str, str]]) -> HttpResponse:
    """Say that an explanation is being worked out; the page asks for it again by itself."""
    context = {"look": look, "snapshot": look.snapshot, "about": about}
    answer = render(request, "workbench/still_working.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _source_rows(content: Row, members: list[Row] | None) -> list[Row] | None:
    """Give of each member the file and the row that it was read from."""
    if members is None:
        return None
    return [{**row, "file_name": content["files"].get(row["file"] or "", row["file"])} for row in members]


def region_why(request: HttpRequest, code: str, figure: str) -> HttpResponse:
    """Explain a number of a region, or with `?industry=` of an industry in it."""
    look = look_or_404(request)
    content = look.part("region", code)
    industry = request.GET.get("industry", "")
    if not industry:
        values = {**content}
        return _page(request, look, OF_REGIONS, figure, values, [(content["region_name"], "region", code)])
    cell = next((row for row in rows_of(content["industries"]) if row["industry"] == industry), None)
    if cell is None:
        raise Http404
    values = {**cell, "coded": content["coded"], **_of_level(look, content["region_level"], industry)}
    about = [(content["region_name"], "region", code), (look.frame.industry(industry), "industry", industry)]
    return _page(request, look, OF_CELLS, figure, values, about, firms=_firms(look, code, industry))


def industry_why(request: HttpRequest, code: str, figure: str) -> HttpResponse:
    """Explain a number of an industry over the regions of a level, `?level=`, counties without one."""
    look = look_or_404(request)
    content = look.part("about_industry", code)
    level = request.GET.get("level", "county")
    measured = next((row for row in measures_of(content) if row["region_level"] == level), None)
    if measured is None:
        raise Http404
    return _page(request, look, OF_INDUSTRIES, figure, measured, [(look.frame.industry(code), "industry", code)], level)


def product_why(request: HttpRequest, product: str, figure: str) -> HttpResponse:
    """Explain a number of a product's link in the chain."""
    look = look_or_404(request)
    rows = rows_of({name: column for name, column in look.part("chain", "").items() if name != "links"})
    node = next((row for row in rows if row["product"] == product), None)
    if node is None:
        raise Http404
    return _page(request, look, OF_PRODUCTS, figure, node, [(node["product_name"], "chain_product", product)])


def _firms(look: Look, region: str, industry: str) -> QuerySet[Firm] | None:
    """Give the enterprises of an industry in a region that the viewer may see; None where he is no office. Those of a
    section are not found by their codes, which begin with its divisions.
    """
    if look.audience == Audience.PUBLIC:
        return None
    inside = region[:2] if region.endswith("0000") else region[:4] if region.endswith("00") else region
    held = look.firms().filter(county__startswith=inside)
    if industry.isdigit():
        return held.filter(industry__startswith=industry).order_by("enterprise_id")
    known = known_industries()
    divisions = [code for code in look.frame.industries if len(code) == 2 and known[code].section == industry]
    wanted = Q()
    for code in divisions:
        wanted |= Q(industry__startswith=code)
    return held.filter(wanted).order_by("enterprise_id") if divisions else held.none()


def measures_of(content: Row) -> list[Row]:
    """Give the measures of an industry, a row a level, the widest level first."""
    columns = {name: column for name, column in content.items() if name != "related"}
    rows = rows_of(columns)
    return sorted(rows, key=lambda row: LEVELS.index(row["region_level"]) if row["region_level"] in LEVELS else 9)


def _of_level(look: Look, level: str, industry: str) -> Row:
    """Give what the whole level has: coded enterprises, and those of the industry; None where that is not shown."""
    coded = [row["coded"] for row in look.frame.regions.values() if row["region_level"] == level]
    about = look.find("about_industry", industry)
    measured = next((row for row in measures_of(about) if row["region_level"] == level), None) if about else None
    return {
        "all_coded": None if None in coded else sum(coded),
        "industry_firms": measured["firms"] if measured else None,
    }


def _page(
    request: HttpRequest,
    look: Look,
    formulas: dict[str, Formula],
    figure: str,
    values: Row,
    about: list[tuple[str, str, str]],
    level: str = "",
    firms: QuerySet[Firm] | None = None,
) -> HttpResponse:
    formula = formulas.get(figure)
    if formula is None or values.get(figure) is None:
        raise Http404
    if firms is not None:
        cells = firms.values_list("enterprise_id", "name", "county", "industry", "employees", "revenue_yuan")
        if (
            file := table_response(request, "enterprises", _FIRM_HEADINGS, cells.iterator(), look.snapshot)
        ) is not None:
            return file
    again = _again(formula, values)
    return render(
        request,
        "workbench/why.html",
        {
            "look": look,
            "snapshot": look.snapshot,
            "figure": figure,
            "formula": formula,
            "value": values[figure],
            "kind": _KINDS.get(figure, "figure"),
            "inputs": [(label, values.get(name)) for name, label in formula.inputs.items()],
            "again": again,
            "agrees": again is not None and math.isclose(again, values[figure], rel_tol=_AGREE),
            "about": about,
            "level": level or values.get("region_level", ""),
            "run": look.snapshot.runs.get("made", {}).get("observe"),
            "version": look.snapshot.runs.get("versions", {}).get(formula.table),
            "firms": page_of(request, cast("Sequence[Firm]", firms)) if firms is not None else None,
        },
    )


def _again(formula: Formula, values: dict[str, Any]) -> float | None:
    if formula.again is None or any(not values.get(name) for name in formula.inputs):
        return None
    return formula.again(values)
