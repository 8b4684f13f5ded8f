"""The job that observes a workspace anew and publishes what was found for its organisation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.desk.spaces import own_workspace
from gaoyuan.portal.desk.telling import for_pages
from gaoyuan.portal.desk.watching import watched
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.jobs.running import Tell, kind
from gaoyuan.portal.jobs.showing import Text, show


def name_jobs() -> None:
    """Say what this kind of job and its stages are called, and where what it gives is seen."""
    stages: dict[str, Text] = {
        "code and locate": _("coding and locating enterprises"),
        "measure": _("measuring"),
        "detect": _("detecting clusters"),
        "parts": _("publishing results"),
        "firms": _("publishing enterprises"),
    }
    show("observe and publish", _("Observing and publishing"), stages, lambda job: reverse("desk"))


@kind("observe and publish")
def observe_and_publish(job: Job, tell: Tell) -> dict[str, Any]:
    """Observe and publish; the pages show the old results until the new ones are there whole.

    Observing that is stopped leaves the workspace's results outdated, and the pages as they were.
    """
    from gaoyuan.observe import observe
    from gaoyuan.portal.snapshots.publishing import publish

    try:
        workspace = own_workspace(job.organisation)
        observed = watched(lambda progress: observe(workspace, progress=progress), tell)
        made = publish(
            workspace,
            job.organisation,
            public=bool(job.given.get("public")),
            progress=lambda stage, done: tell(stage, done, 0),
        )
    except GaoyuanError as fault:
        raise for_pages(fault) from fault
    if workspace.path.name == str(job.organisation.pk):
        # A workspace that the portal has made is called by a number.
        made.title = job.organisation.name
        made.save(update_fields=["title"])
    clusters = observed.clusters
    return {
        "snapshot": str(made.pk),
        "firms": observed.enterprises.firms,
        "clusters": clusters.on_cells + clusters.on_counties,
        "public": made.public,
        "run": observed.run,
    }
