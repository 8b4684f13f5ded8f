"""One search over industries (Chinese, English, code, pinyin initials), regions, clusters and enterprises."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.snapshots.models import Firm
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.reading import NOBODYS, Look, Row, look_of

MOST = 20
"""Results of a kind; a longer word finds what stands behind them."""
_LONGEST = 80
_HEADINGS = (_("Kind"), _("Code"), _("Name"), _("Where"))


def search(request: HttpRequest) -> HttpResponse:
    """Show what a word finds, kind by kind."""
    look = look_of(request)
    if look is None:
        return render(request, "workbench/nothing.html")
    asked = request.GET.get("q", "").replace(NOBODYS, " ").strip()[:_LONGEST]
    groups = found(look, asked) if asked else []
    cells = [[str(name), row["code"], row["name"], row["where"]] for name, rows in groups for row in rows]
    file = table_response(request, "search", _HEADINGS, cells, look.snapshot)
    if file is not None:
        return file
    context = {"look": look, "snapshot": look.snapshot, "q": asked, "groups": groups, "any": bool(cells), "most": MOST}
    return render(request, "workbench/search.html", context)


def found(look: Look, asked: str) -> list[tuple[str, list[Row]]]:
    """Give what a word finds in each kind, the nearest first: equal, then begun by it, then holding it."""
    frame = look.frame
    industries = (
        (_near(asked, code, row["name"], row["english"], row["initials"]), _row("industry", code, row, ""))
        for code, row in frame.industries.items()
    )
    regions = (
        (_near(asked, code, row["region_name"]), _row("region", code, {"name": row["region_name"]}, _above(look, code)))
        for code, row in frame.regions.items()
    )
    clusters = (
        (
            _near(asked, row["cluster_id"], row["name"], row["industry_name"] or ""),
            _row("cluster", row["cluster_id"], row, row["county_name"] or ""),
        )
        for row in look.clusters
    )
    firms = [
        _row("enterprise", one.enterprise_id, {"name": one.name}, frame.region(one.county))
        for one in _firms(look, asked)
    ]
    groups = [
        (gettext("Industries"), _nearest(industries)),
        (gettext("Regions"), _nearest(regions)),
        (gettext("Clusters"), _nearest(clusters)),
        (gettext("Enterprises"), firms),
    ]
    return [(name, rows) for name, rows in groups if rows]


def _near(asked: str, *held: str) -> int | None:
    """Say how near a word is to what is searched: 0 equal, 1 its beginning, 2 a part of it, None not found."""
    wanted = asked.casefold()
    best: int | None = None
    for text in held:
        known = text.casefold()
        how = 0 if known == wanted else 1 if known.startswith(wanted) else 2 if wanted in known else None
        best = how if best is None else best if how is None else min(best, how)
    return best


def _nearest(rows: Iterable[tuple[int | None, Row]]) -> list[Row]:
    kept = [(near, row) for near, row in rows if near is not None]
    return [row for _near_, row in sorted(kept, key=lambda pair: (pair[0], len(pair[1]["name"])))[:MOST]]


def _row(route: str, code: str, row: Row, where: str) -> Row:
    return {
        "code": code,
        "name": row["name"],
        "english": row.get("english", ""),
        "where": where,
        "address": reverse(route, args=[code]),
    }


def _above(look: Look, code: str) -> str:
    return " › ".join(name for _code, name in look.frame.path(code)[:-1])


def _firms(look: Look, asked: str) -> Iterable[Firm]:
    """Give enterprises that the viewer may see, by a part of the name or the whole of a code."""
    return look.firms().filter(Q(name__contains=asked) | Q(uscc=asked) | Q(enterprise_id=asked)).order_by("name")[:MOST]
