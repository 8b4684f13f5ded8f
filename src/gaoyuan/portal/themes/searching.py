"""The job that looks for a theme, and what of its counties somebody may see."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import OFFICES
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.confidentiality import LEAST_FIRMS
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.jobs.running import Tell, kind, workspace_of
from gaoyuan.portal.themes.finding import find
from gaoyuan.portal.themes.models import Theme

KIND = "theme"
_COUNTED = ("in_name", "first_in_scope")


@kind(KIND)
def search(job: Job, tell: Tell) -> dict[str, Any]:
    """Look for a theme in the workspace on which its organisation's pages stand, and keep the counties with it."""
    theme = Theme.objects.of(job.organisation).get(pk=job.given["theme"])
    tell("search", 0, 0)
    found = find(workspace_of(job.organisation), theme.expression, lambda: tell("search", 0, 0))
    # What an organisation that is no office may not see is not kept for it either.
    rows = found["rows"] if job.organisation.kind in OFFICES else without_small(found["rows"])
    values = {"rows": rows, "clusters": found["clusters"], "run": found["run"], "computed": timezone.now()}
    update_logged(Theme.unscoped.filter(pk=theme.pk), **values)
    return {"theme": str(theme.pk), "counties": len(rows)}


def source_of(organisation: Organisation) -> Organisation | None:
    """Give the organisation whose workspace an organisation's pages stand on; None where there is none."""
    folder = workspace_of(organisation)
    if not folder:
        return None
    held = Organisation.objects.filter(pk__in=[organisation.pk, *organisation.above], workspace=folder)
    return held.order_by("-path").first()


def rows_for(theme: Theme, viewer: Viewer) -> list[dict[str, Any]]:
    """Give the counties that a viewer may see: offices all, others those with at least three matching firms, ranked
    among all.
    """
    rows: list[dict[str, Any]] = theme.rows or []
    return rows if viewer.is_office else without_small(rows)


def without_small(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out counties with fewer than three matching firms, and empty the other figures that cover one or two.

    >>> few, some = {"firms": 2, "in_name": 2, "first_in_scope": 0}, {"firms": 5, "in_name": 1, "first_in_scope": 0}
    >>> without_small([few, some])
    [{'firms': 5, 'in_name': None, 'first_in_scope': 0}]
    """
    return [
        {**row, **{name: None for name in _COUNTED if row[name] is not None and 0 < row[name] < LEAST_FIRMS}}
        for row in rows
        if row["firms"] >= LEAST_FIRMS
    ]
