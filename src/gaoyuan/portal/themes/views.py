"""Pages of themes: an expression is looked for in the background, its ranking shown, saved and shared."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.roles import CLUSTERS
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.desk.standing import progress_of
from gaoyuan.portal.jobs.models import ENDED, Job
from gaoyuan.portal.jobs.running import start, stop
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.themes.forms import ExpressionForm, SavingForm
from gaoyuan.portal.themes.models import Share, Theme
from gaoyuan.portal.themes.searching import rows_for, source_of
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.paging import page_of

_RECENT_KEPT = 20
_LIST_HEADINGS = (lazy("Theme"), lazy("Expression"), lazy("Organisation"), lazy("Who may see it"), lazy("Found on"))
_COLUMNS = ("rank", "county", "county_name", "firms", "expected", "location_quotient", "in_name", "first_in_scope",
            "evidence", "p_value", "q_value")  # fmt: skip


def themes(request: HttpRequest) -> HttpResponse:
    """Show the themes that the viewer has saved or may see, and take an expression to look for."""
    viewer = viewer_of(request)
    form = ExpressionForm(initial={"expression": request.GET.get("expression", "")})
    source = source_of(viewer.organisation) if viewer.organisation else None
    if request.method == "POST":
        form = ExpressionForm(request.POST)
        if source is None:
            form.add_error(None, _("There is no workspace to look in yet."))
        elif form.is_valid():
            with transaction.atomic():
                made = _make(viewer, form.cleaned_data["expression"])
            return redirect("theme", pk=made.pk)
    own = Theme.objects.for_viewer(viewer).select_related("organisation", "job")
    saved = list(own.exclude(name="").defer("rows"))
    cells = [[str(one), one.expression, one.organisation.name, Share(one.share).label, one.computed] for one in saved]
    file = table_response(request, "themes", _LIST_HEADINGS, cells, None)
    if file is not None:
        return file
    seen = Theme.objects.seen_by(viewer).exclude(pk__in=own.values("pk")).filter(share=Share.PUBLIC)
    return render(
        request,
        "themes/themes.html",
        {
            "form": form,
            "may_search": viewer.role in CLUSTERS,
            "source": source,
            "saved": page_of(request, saved),
            "recent": own.filter(name="").defer("rows")[:_RECENT_KEPT],
            "shared": seen.defer("rows")[:100],
        },
    )


def theme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a theme: how far the search has come, or its counties as table, chart and files."""
    viewer = viewer_of(request)
    found = get_object_or_404(
        Theme.objects.seen_by(viewer).select_related("organisation", "source", "job", "by"), pk=pk
    )
    rows = rows_for(found, viewer)
    snapshot = _as_snapshot(found)
    file = table_response(request, "theme", _headings(), ([row[name] for name in _COLUMNS] for row in rows), snapshot)
    if file is not None:
        return file
    changeable = found.organisation == viewer.organisation and viewer.role in CLUSTERS
    public = _may_be_public(found)
    return render(
        request,
        "themes/theme.html",
        {
            "theme": found,
            "rows": page_of(request, rows),
            "job": found.job,
            "progress": progress_of(found.job),
            "changeable": changeable,
            "saving": SavingForm(instance=found, may_be_public=public) if changeable else None,
            "may_be_public": public,
            "link": request.build_absolute_uri(request.path) if found.share != Share.OWN else "",
            "snapshot": snapshot,
        },
    )


@require_POST
def save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a theme a name, and say who may see it."""
    found = get_object_or_404(_changeable(request), pk=pk)
    form = SavingForm(request.POST, instance=found, may_be_public=_may_be_public(found))
    if form.is_valid():
        form.save()
        messages.success(request, _("The theme is saved."))
    else:
        messages.error(request, " ".join(str(said) for errors in form.errors.values() for said in errors))
    return redirect("theme", pk=pk)


@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look for a theme again, in the workspace as it is now."""
    found = get_object_or_404(_changeable(request).select_related("job"), pk=pk)
    if found.job is None or found.job.state in ENDED:
        with transaction.atomic():
            _start(viewer_of(request), found)
    return redirect("theme", pk=pk)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop the search of a theme."""
    found = get_object_or_404(_changeable(request).select_related("job"), pk=pk)
    if found.job is not None:
        stop(found.job)
    return redirect("theme", pk=pk)


@require_POST
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a theme; a search that goes on for it is stopped."""
    found = get_object_or_404(_changeable(request).select_related("job"), pk=pk)
    if found.job is not None and found.job.state not in ENDED:
        stop(found.job)
    found.delete()
    messages.success(request, _("The theme has been deleted."))
    return redirect("themes")


def _changeable(request: HttpRequest):  # noqa: ANN202  (themes of the viewer's own organisation)
    viewer = viewer_of(request)
    return Theme.objects.for_viewer(viewer).filter(organisation=viewer.organisation)


def _make(viewer: Viewer, expression: str) -> Theme:
    assert viewer.organisation is not None, "the gate lets people of organisations pass only"
    source = source_of(viewer.organisation)
    made = Theme.objects.create_for(viewer.organisation, expression=expression, source=source, by=viewer.user)
    _start(viewer, made)
    # What nobody has given a name is kept for a while.
    unnamed = Theme.objects.of(viewer.organisation).filter(name="", share=Share.OWN)
    old = list(unnamed.filter(job__state__in=ENDED).values_list("pk", flat=True)[_RECENT_KEPT:])
    Theme.unscoped.filter(pk__in=old).delete()
    return made


def _start(viewer: Viewer, found: Theme) -> Job:
    job = start("theme", viewer, {"theme": str(found.pk)})
    source = source_of(found.organisation)
    update_logged(Theme.unscoped.filter(pk=found.pk), job=job, source=source or found.source)
    return job


def _may_be_public(found: Theme) -> bool:
    """Whether the results of the workspace in which a theme was found are public."""
    return Snapshot.objects.filter(organisation=found.source, shown=True, public=True).exists()


def _as_snapshot(found: Theme) -> Snapshot | None:
    """Give where a theme's figures come from and when they were taken, in the words in which files and pages say it."""
    if found.computed is None:
        return None
    shown = Snapshot.objects.filter(organisation=found.source, shown=True).first()
    title = f"{shown.title if shown else found.source.name} · {found.expression}"
    made = {"observe": {"run": found.run, "version": _version()}} if found.run else {}
    return Snapshot(title=title[:200], taken=found.computed, runs={"made": made})


def _version() -> str:
    from gaoyuan.version import __version__

    return __version__


def _headings() -> list[str]:
    return [
        _("Rank"),
        _("Code"),
        _("County"),
        _("Matching firms"),
        _("Expected firms"),
        _("Location quotient"),
        _("In the name"),
        _("First in the scope"),
        _("Strength of evidence"),
        _("p value"),
        _("q value"),
    ]
