"""Pages of background work: what runs for one's organisation, how far it is, what came of it, and how to end it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.faults import in_own_language
from gaoyuan.portal.jobs import showing
from gaoyuan.portal.jobs.models import ENDED, Job, State
from gaoyuan.portal.jobs.running import stop
from gaoyuan.portal.workbench.exports import table_response

_A_PAGE = 50
_HEADINGS = (
    gettext_lazy("Job"),
    gettext_lazy("State"),
    gettext_lazy("Organisation"),
    gettext_lazy("By"),
    gettext_lazy("Given"),
    gettext_lazy("Begun"),
    gettext_lazy("Ended"),
    gettext_lazy("Fault"),
)


@never_cache
def jobs(request: HttpRequest) -> HttpResponse:
    """List the jobs of one's organisation and of those below it, newest first."""
    found = Job.objects.for_viewer(viewer_of(request)).select_related("organisation", "by").defer("given", "result")
    cells = (
        (
            showing.title(one.kind),
            one.get_state_display(),
            one.organisation.name,
            one.by.username if one.by else None,
            _moment(one.made),
            _moment(one.begun),
            _moment(one.ended),
            in_own_language(one.fault),
        )
        for one in found.iterator()
    )
    file = table_response(request, "jobs", _HEADINGS, cells, None)
    if file is not None:
        return file
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    live = any(one.state not in ENDED for one in page)
    shown = [(one, showing.title(one.kind), showing.stage(one.stage)) for one in page]
    return render(request, "jobs/jobs.html", {"page": page, "shown": shown, "live": live})


@never_cache
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one job; the page loads itself again until it has ended."""
    one = _one(request, pk)
    shown = {
        "job": one,
        "title": showing.title(one.kind),
        "stage": showing.stage(one.stage),
        "ended": one.state in ENDED,
        "link": showing.link(one),
        "result": showing.lines(one.result),
    }
    return render(request, "jobs/job.html", shown)


@never_cache
def state(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Give where a job stands, for the page's script."""
    one = _one(request, pk)
    return JsonResponse(
        {
            "state": one.state,
            "said": State(one.state).label,
            "stage": showing.stage(one.stage),
            "done": one.done,
            "total": one.total,
            "ended": one.state in ENDED,
            "fault": in_own_language(one.fault),
            "link": showing.link(one),
        }
    )


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that a job ends."""
    one = _one(request, pk)
    if one.state in ENDED:
        messages.info(request, _("The job has ended already."))
    else:
        stop(one)
        messages.success(request, _("The job is being cancelled; what it has begun is taken back."))
    return redirect("job", pk)


def _moment(when: dt.datetime | None) -> str | None:
    return timezone.localtime(when).strftime("%Y-%m-%d %H:%M:%S") if when else None


def _one(request: HttpRequest, pk: UUID) -> Job:
    return get_object_or_404(Job.objects.for_viewer(viewer_of(request)).select_related("organisation", "by"), pk=pk)
