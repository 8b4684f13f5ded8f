"""Verdicts for other pages: those on a cluster that somebody has signed."""

from __future__ import annotations

from django.db.models import QuerySet

from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.assessments.models import Assessment, State
from gaoyuan.portal.snapshots.models import Snapshot


def verdicts_of(viewer: Viewer, snapshot: Snapshot, cluster_id: str) -> QuerySet[Assessment]:
    """Give the signed assessments of a cluster of a snapshot that the viewer may see, the newest first; each has its
    verdict as `judgement`.
    """
    held = Assessment.objects.for_viewer(viewer).filter(
        subject=cluster_id,
        state=State.SIGNED,
        source_id=snapshot.organisation_id,  # pyright: ignore[reportAttributeAccessIssue]
    )
    return held.select_related("judgement").defer("judgement__data", "facts", "known").order_by("-signed")
