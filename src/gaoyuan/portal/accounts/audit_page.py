"""The page of the audit log, for administrators: who changed what, narrowed by person, object and day, and as a
file.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, cast

from auditlog.models import LogEntry
from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from gaoyuan.portal.workbench.exports import table_response

_A_PAGE = 100
_MOST_ROWS = 100_000
_ACTIONS = {
    LogEntry.Action.CREATE: _("made"),
    LogEntry.Action.UPDATE: _("changed"),
    LogEntry.Action.DELETE: _("deleted"),
    LogEntry.Action.ACCESS: _("signed in"),
}
_HEADINGS = (_("Time"), _("Person"), _("Action"), _("What"), _("Object"), _("Changes"), _("Address of the computer"))
Row = tuple[object, ...]


class Narrowing(forms.Form):
    """What of the log is asked for."""

    q = forms.CharField(label=_("Person or object"), max_length=100, required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


@never_cache
def audit(request: HttpRequest) -> HttpResponse:
    """Show the log, newest first, or give it as a file (at most 100,000 rows of it)."""
    form = Narrowing(request.GET)
    found = LogEntry.objects.select_related("actor", "content_type").order_by("-timestamp", "-pk")
    if form.is_valid():
        found = _narrowed(found, form.cleaned_data)
    file = table_response(request, "audit", _HEADINGS, (_row(one) for one in found[:_MOST_ROWS]), None)
    if file is not None:
        return file
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    shown = {"form": form, "page": page, "headings": _HEADINGS, "rows": [_row(one) for one in page]}
    return render(request, "accounts/audit.html", shown)


def _narrowed(found: QuerySet[LogEntry], given: dict[str, Any]) -> QuerySet[LogEntry]:
    asked, since, until = given["q"], given["since"], given["until"]
    if asked:
        found = found.filter(Q(actor__username__icontains=asked) | Q(object_repr__icontains=asked))
    if since:
        found = found.filter(timestamp__gte=timezone.make_aware(datetime.combine(since, time.min)))
    if until:
        found = found.filter(timestamp__lte=timezone.make_aware(datetime.combine(until, time.max)))
    return found


def _row(entry: LogEntry) -> Row:
    person = entry.actor.get_username() if entry.actor else None
    model = entry.content_type.model_class()
    what = model._meta.verbose_name if model else entry.content_type.model
    when = timezone.localtime(entry.timestamp).strftime("%Y-%m-%d %H:%M:%S")
    return (when, person, _ACTIONS[entry.action], what, entry.object_repr, _changes(entry), entry.remote_addr)


def _changes(entry: LogEntry) -> str:
    """Give each changed field with what it was and what it is."""
    if entry.action == LogEntry.Action.DELETE or not isinstance(entry.changes, dict):
        return ""
    changes = cast("dict[str, object]", entry.changes)
    pairs = ((name, one) for name, one in changes.items() if isinstance(one, list) and len(one) == 2)
    return "; ".join(f"{name}: {before} → {after}" for name, (before, after) in pairs)
