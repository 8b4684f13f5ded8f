"""The page of a cluster: footprint, members, strength with uncertainty, titles, place in the chain, trend."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gaoyuan.codes.enterprise_titles import titles as title_vocabulary
from gaoyuan.observe.specialisation import location_quotient_interval
from gaoyuan.portal.trades.proposing import next_of_cluster
from gaoyuan.portal.workbench.exports import Cell, table_response
from gaoyuan.portal.workbench.footprints import footprint_svg
from gaoyuan.portal.workbench.paging import page_of
from gaoyuan.portal.workbench.reading import Look, Row, look_or_404, rows_of

VERDICTS = ("assessments/cluster_verdicts.html", "workbench/no_verdicts.html")
"""The template that the app of assessments gives for a cluster's page (with `cluster`, `snapshot`, `viewer`), and what
stands there without it."""

_ALIKE = 8
_MEMBER = (
    "enterprise_id",
    "name",
    "county",
    "county_name",
    "industry",
    "class",
    "established",
    "employees",
    "revenue_yuan",
)
_UNITS = {"revenue_yuan": _("yuan"), "area_km2": "km²"}
_MAKES = ("product", "product_name", "makers", "state")
_LACKS = ("lacks", "lacks_name", "lacks_for", "lacks_state")
_MEMBER_HEADINGS = (
    _("Enterprise id"),
    _("Enterprise"),
    _("County code"),
    _("County"),
    _("Industry code"),
    _("Industry"),
    _("Established"),
    _("Persons employed"),
    _("Revenue, yuan"),
)


def cluster(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Show a cluster."""
    look = look_or_404(request)
    content = look.part("cluster", cluster_id)
    members = seen_members(look, content)
    tables = tables_of(look, content, members)
    for name, (headings, rows) in tables.items():
        file = table_response(request, name, headings, rows, look.snapshot)
        if file is not None:
            return file
    alike = [row for row in look.clusters if row["industry"] == content["industry"] and row["cluster_id"] != cluster_id]
    return render(
        request,
        "workbench/cluster.html",
        {
            "look": look,
            "snapshot": look.snapshot,
            "members": page_of(request, members) if members is not None else None,
            "hidden_members": (content["firms"] or 0) - len(members) if members is not None else 0,
            "alike": alike[:_ALIKE] if content["industry"] else [],
            "path": look.frame.path(content["county"]) if content["county"] else [],
            "verdicts": VERDICTS,
            "next_services": next_of_cluster(look.viewer, content["chain"]),
            **words_of(content),
        },
    )


def words_of(content: Row) -> dict[str, object]:
    """Give what the page of a cluster and its twin to embed show alike."""
    trend = rows_of(content["trend"])
    return {
        "cluster": content,
        "quotient_interval": quotient_interval(content),
        "footprint": content["footprint"],
        "drawing": footprint_svg(content["footprint"]) if content["footprint"] else "",
        "titles": title_rows(content["titles"]),
        "makes": rows_of({name: content["chain"].get(name, []) for name in _MAKES}),
        "lacks": rows_of({name: content["chain"].get(name, []) for name in _LACKS}),
        "trend": trend,
        "busiest": max(trend, key=lambda row: row["firms"], default=None),
    }


def quotient_interval(content: Row) -> tuple[float, float] | None:
    """Give the 95 % interval of a cluster's location quotient, None where firms or expectation are not shown."""
    if content.get("location_quotient") is None or content.get("firms") is None or not content.get("expected"):
        return None
    low, high = location_quotient_interval(content["firms"], content["expected"])
    return float(low), float(high)


def seen_members(look: Look, content: Row) -> list[Row] | None:
    """Give the members that the viewer may see one by one; None where he is no office."""
    if "members" not in content:
        return None
    return [row for row in rows_of(content["members"]) if look.viewer.sees_firms(row["county"])]


def title_rows(counted: dict[str, int]) -> list[Row]:
    """Give titles with their names and how many enterprises hold each."""
    known = title_vocabulary()
    return [
        {
            "title": code,
            "zh": known[code].zh if code in known else code,
            "en": known[code].en if code in known else code,
            "firms": firms,
        }
        for code, firms in counted.items()
    ]


def tables_of(
    look: Look, content: Row, members: list[Row] | None
) -> dict[str, tuple[tuple[object, ...], list[list[Cell]]]]:
    """Give the tables of the page by name: headings and rows, as they are exported."""
    chain = content["chain"]
    tables: dict[str, tuple[tuple[object, ...], list[list[Cell]]]] = {}
    key = content["cluster_id"]
    if members is not None:
        frame = look.frame
        named = [
            {**row, "county_name": frame.region(row["county"]), "class": frame.industry(row["industry"])}
            for row in members
        ]
        tables["members"] = (_MEMBER_HEADINGS, [[row[name] for name in _MEMBER] for row in named])
    tables["trend"] = (
        (_("Cluster id"), _("First year"), _("Last year"), _("Enterprises founded")),
        [[key, row["from"], row["to"], row["firms"]] for row in rows_of(content["trend"])],
    )
    tables["titles"] = (
        (_("Cluster id"), _("Title"), _("Title"), _("Enterprises")),
        [[key, row["title"], row["zh"], row["firms"]] for row in title_rows(content["titles"])],
    )
    tables["products"] = (
        (_("Product"), _("Product"), _("Makers"), _("State of the link")),
        [list(values) for values in zip(*(chain.get(name, []) for name in _MAKES), strict=True)],
    )
    tables["lacking"] = (
        (_("Input"), _("Input"), _("Needed for"), _("State of the link")),
        [list(values) for values in zip(*(chain.get(name, []) for name in _LACKS), strict=True)],
    )
    known = [name for name in FIGURES if content.get(name) is not None]
    figures = [(FIGURES[name], _UNITS.get(name, ""), content[name]) for name in known]
    tables["figures"] = ((_("Figure"), _("Unit"), _("Value")), [list(one) for one in figures])
    return tables


FIGURES: Mapping[str, str | Promise] = {
    "firms": _("Enterprises"),
    "expected": _("Expected by chance"),
    "location_quotient": _("Location quotient"),
    "p_value": _("p value"),
    "q_value": _("q value, for all tests"),
    "minus_log10_p": _("Minus the decimal logarithm of p"),
    "rank": _("Rank in its industry"),
    "employees": _("Persons employed"),
    "revenue_yuan": _("Revenue"),
    "size_coverage": _("Members whose revenue is known"),
    "area_km2": _("Area, km²"),
    "stability": _("Stability, 0 to 1"),
}
"""The numbers of a cluster with their names, each of which its page can explain."""
