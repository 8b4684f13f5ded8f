"""The page of the runs of a workspace: what was read, when, and what was written."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.desk.standing import runs_of
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.paging import page_of


def runs(request: HttpRequest) -> HttpResponse:
    """Show the runs of the organisation's workspace, the newest first."""
    organisation = viewer_of(request).organisation
    if organisation is None:
        raise Http404
    found = runs_of(organisation)
    headings = [_("Run"), _("Step"), _("Began"), _("Seconds"), _("Read"), _("Written"), _("Version")]
    cells = (
        [
            one.run,
            one.step,
            timezone.localtime(one.started).strftime("%Y-%m-%d %H:%M:%S"),
            one.seconds,
            "; ".join(one.inputs),
            "; ".join(one.outputs),
            one.version,
        ]
        for one in found
    )
    file = table_response(request, "runs", headings, cells, None)
    return file or render(request, "desk/runs.html", {"runs": page_of(request, found), "organisation": organisation})
