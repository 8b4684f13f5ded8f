"""The explore page: an industry in all regions as map, ranked table and chart. The server writes the table, scripts
draw the rest; both read the same parts of the snapshot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode
from uuid import UUID

from csp.decorators import csp_replace
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.viewer import PUBLIC, Viewer
from gaoyuan.portal.explore.boundaries import approved_tag
from gaoyuan.portal.explore.data import shown_to
from gaoyuan.portal.explore.frame import Frame, frame_of
from gaoyuan.portal.explore.measures import EVERY, NAMES, measures_of, theme_of
from gaoyuan.portal.explore.ranking import Row, ranked
from gaoyuan.portal.explore.selection import CHARTS, LEVEL_NAMES, Asked, Selection, read_selection, usual_industry
from gaoyuan.portal.explore.subjects import clusters_of, columns_of, offered, subject
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.templatetags import figures

_ROWS_A_PAGE = 100
_WRITERS: dict[str, Callable[[object], str]] = {
    "count": figures.count,
    "figure": figures.figure,
    "money": figures.money,
    "percent": figures.percent,
    "probability": figures.probability,
}


def explore(request: HttpRequest) -> HttpResponse:
    """Show the view that the address says; without one, the industry of the strongest cluster."""
    snapshot, audience = shown_to(request)
    if snapshot is None:
        return render(request, "explore/explore.html", {"snapshot": None})
    frame, viewer = frame_of(snapshot, audience), viewer_of(request)
    asked = _asked(request, frame, snapshot, audience, viewer)
    if asked.view is None:
        return render(request, "explore/explore.html", {"snapshot": snapshot, "view": None})
    if request.GET.get("of"):
        return redirect(f"{reverse('explore')}?{asked.view.query()}")
    columns = columns_of(asked.view.industry.code, asked.view.level, snapshot, audience, viewer)
    rows = ranked(asked.view, frame, columns)
    file = table_response(request, _file_name(asked.view), _headings(asked.view), _plain(rows, asked.view), snapshot)
    if file is not None:
        return file
    words = request.GET.get("industry", "").strip()
    if words and not asked.mistakes and not asked.others and words != asked.view.industry.code:
        return redirect(f"{reverse('explore')}?{asked.view.query()}")
    return render(request, "explore/explore.html", _context(request, snapshot, audience, frame, asked, rows))


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embed(request: HttpRequest) -> HttpResponse:
    """Show a view of what is public, to stand inside a page of others: without navigation, the same for everybody."""
    snapshot, audience = shown_to(request, everybody=True)
    if snapshot is None:
        return render(request, "explore/embed.html", {"snapshot": None}, status=404)
    frame = frame_of(snapshot, audience)
    asked = _asked(request, frame, snapshot, audience, PUBLIC)
    view = asked.view
    figures = columns_of(view.industry.code, view.level, snapshot, audience, PUBLIC) if view else None
    rows = ranked(view, frame, figures) if view else []
    context: dict[str, object] = {"snapshot": snapshot}
    if asked.view:
        context = _context(request, snapshot, audience, frame, asked, rows, everybody=True)
    return render(request, "explore/embed.html", {**context, "embedded": True})


def _asked(request: HttpRequest, frame: Frame, snapshot: Snapshot, audience: str, viewer: Viewer) -> Asked:
    """Read the address. What `of` names (the choice of all industries or of a theme, in the form) comes before the
    industry; "" there leaves all and themes for an industry.
    """
    given = {name: request.GET[name] for name in request.GET}
    named = given.get("of") or given.get("industry", "")
    return read_selection(given, frame, _usual(snapshot.pk, audience), subject(named.strip(), viewer))


def _context(
    request: HttpRequest,
    snapshot: Snapshot,
    audience: str,
    frame: Frame,
    asked: Asked,
    rows: list[Row],
    everybody: bool = False,
) -> dict[str, object]:
    view = asked.view
    assert view is not None, "a view is shown"
    page = Paginator(rows, _ROWS_A_PAGE).get_page(request.GET.get("page"))
    query, measures = view.query(), measures_of(view.industry.code)
    kind = _kind(view)
    return {
        "snapshot": snapshot,
        "kind": kind,
        "every": EVERY,
        "themes": offered(PUBLIC if everybody else viewer_of(request)),
        "view": view,
        "asked": asked,
        "others": [(one, replace(view, industry=one, at="").query()) for one in asked.others],
        "finding": finding(view, rows),
        "area": frame.area_name(view.region) if view.region else "",
        "areas": list(frame.areas()),
        "levels": {key: name for key, name in LEVEL_NAMES.items() if key in measures.levels},
        "measures": measures.all.values(),
        "charts": CHARTS,
        "file_name": _file_name(view),
        "name_address": _sort_address(view, "name"),
        "columns": [(one, _sort_address(view, key)) for key, one in measures.all.items()],
        "page": page,
        "table": [(row, _address("region", row.region), _cells(row)) for row in page],
        "query": query,
        "hides": audience == "public",
        "boundaries": settings.BOUNDARIES_NOTICE if settings.BOUNDARIES else frame.boundaries,
        "settings_of_script": _for_script(
            view, snapshot, audience, PUBLIC if everybody else viewer_of(request), everybody
        ),
        "embed_address": request.build_absolute_uri(f"{reverse('explore_embed')}?{query}") if snapshot.public else "",
    }


def finding(view: Selection, rows: list[Row]) -> str:
    """Say in a sentence what the view shows: which region leads, and how far."""
    led = [row for row in sorted(rows, key=lambda row: row.rank) if row.figures[view.measure.key] is not None]
    if not led:
        said = _("%(industry)s: no figures of %(measure)s in this selection")
        return said % {"industry": view.title, "measure": view.measure.name}
    first = led[0]
    figure = _WRITERS[view.measure.written](first.figures[view.measure.key])
    said = _("%(industry)s: %(region)s comes first (%(measure)s %(figure)s; regions with figures: %(number)s)")
    return said % {
        "industry": view.title,
        "region": first.above + first.name,
        "measure": view.measure.name,
        "figure": figure,
        "number": f"{len(led):,}",
    }


def _cells(row: Row) -> list[tuple[str, str, object]]:
    """Give the key, the text and the plain figure of each column."""
    return [(key, _WRITERS[NAMES[key].written](figure), figure) for key, figure in row.figures.items()]


def _kind(view: Selection) -> str:
    """Say what is looked at: "industry", "all" or "theme"."""
    code = view.industry.code
    return "theme" if theme_of(code) is not None else EVERY if code == EVERY else "industry"


def _headings(view: Selection) -> list[str]:
    measures = measures_of(view.industry.code).all
    names = [str(one.name) + (_(" (yuan)") if one.written == "money" else "") for one in measures.values()]
    return [_("Rank"), _("Code"), _("Region"), _("In"), _("Industry"), _("Name of the industry"), *names]


def _file_name(view: Selection) -> str:
    return f"explore-{view.industry.code}-{view.level}"


def _plain(rows: list[Row], view: Selection) -> list[list[str | int | float | None]]:
    industry = view.industry
    return [
        [row.rank, row.region, row.name, row.above, industry.code, industry.words, *row.figures.values()]
        for row in rows
    ]


def _sort_address(view: Selection, key: str) -> str:
    """Give the address of the same view sorted by a column, the other way round where it is sorted by it already."""
    return f"?{replace(view, sort=f'-{key}' if view.sort == key else key).query()}"


def _address(route: str, *given: str) -> str:
    """Give the address of another page, "" where the portal has none of that name."""
    try:
        return reverse(route, args=given)
    except NoReverseMatch:
        return ""


def _for_script(
    view: Selection, snapshot: Snapshot, audience: str, viewer: Viewer, everybody: bool
) -> dict[str, object]:
    """Give what the script has to know: where the data of this snapshot are, and the names of figures."""
    measures = measures_of(view.industry.code)
    of = f"?{urlencode({'s': str(snapshot.pk), 'a': audience} | ({'everybody': '1'} if everybody else {}))}"
    return {
        "view": view.plain(),
        "frame": reverse("explore_frame") + of,
        "outlines": reverse("explore_outlines") + of + (f"&b={tag}" if (tag := approved_tag()) else ""),
        "footprints": reverse("explore_footprints", args=["DIVISION"]) + of,
        "industry": reverse("explore_industry", args=["LEVEL", "CODE"]) + of,
        "shown": reverse("explore_industry", args=[view.level, view.industry.code]) + of,
        "embed": "" if everybody or not snapshot.public else reverse("explore_embed"),
        "region": _address("region", "REGION"),
        "cluster": _address("cluster", "CLUSTER"),
        "measures": {
            one.key: {
                "name": str(one.name),
                "explains": str(one.explains),
                "written": one.written,
                "least": one.least_first,
            }
            for one in measures.all.values()
        },
        "columns": list(measures.all),
        "kind": _kind(view),
        "clusters": clusters_of(view.industry.code, snapshot, audience, viewer),
        "name": view.industry.words,
        "usual": measures.usual,
        "levels": {key: str(name) for key, name in LEVEL_NAMES.items()},
        "hides": audience == "public",
        "tianditu": settings.TIANDITU_KEY,
    }


@lru_cache(maxsize=16)
def _usual(snapshot: UUID, audience: str) -> str:
    return usual_industry(snapshot, audience)
