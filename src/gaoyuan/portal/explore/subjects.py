"""What can be looked at beside industries: all industries together, and themes that have been searched for."""

from __future__ import annotations

from typing import TypeAlias, cast
from uuid import UUID

from django.utils.translation import gettext as _

from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.explore.frame import Industry
from gaoyuan.portal.explore.measures import EVERY, OF_EVERY, OF_THEME, subject_of_theme, theme_of
from gaoyuan.portal.snapshots.models import Part, Snapshot
from gaoyuan.portal.themes.models import Theme
from gaoyuan.portal.themes.searching import rows_for

Columns: TypeAlias = "dict[str, list[object]]"
"""The regions of a level under `region`, and their figures by measure; what is unknown or hidden is None."""
_MOST_THEMES = 100


def subject(asked: str, viewer: Viewer) -> Industry | None:
    """Give what an address names beside industries, as if it were one: None where it names no such thing, or a theme
    that the viewer may not see.
    """
    if asked == EVERY:
        return _as_industry(EVERY, _("All industries"))
    found = _theme(asked, viewer)
    return _as_industry(asked, str(found)) if found is not None else None


def offered(viewer: Viewer) -> list[tuple[str, str]]:
    """Give address and name of the themes that a viewer may choose, the newest first."""
    themes = Theme.objects.seen_by(viewer).exclude(name="").filter(rows__isnull=False)
    return [(subject_of_theme(one.pk), one.name) for one in themes.only("pk", "name")[:_MOST_THEMES]]


def columns_of(
    asked: str, level: str, snapshot: Snapshot, audience: str, viewer: Viewer
) -> dict[str, list[object]] | None:
    """Give the figures of what an address names, by regions of a level; None where there are none."""
    if asked == EVERY:
        return _every(level, snapshot, audience)
    if theme_of(asked) is None:
        part = Part.objects.filter(snapshot=snapshot, audience=audience, kind="industry", key=f"{level}:{asked}")
        found = part.first()
        return cast("Columns", found.content()) if found is not None else None
    theme = _theme(asked, viewer)
    if theme is None or level not in OF_THEME.levels:
        return None
    rows = sorted(rows_for(theme, viewer), key=lambda row: str(row["county"]))
    return {"region": [row["county"] for row in rows], **{key: [row[key] for row in rows] for key in OF_THEME.all}}


def clusters_of(asked: str, snapshot: Snapshot, audience: str, viewer: Viewer) -> dict[str, list[str]] | None:
    """Give the clusters of a theme that are shown to an audience (`ids`), and the divisions of the classification in
    which they lie (`divisions`); None for what is no theme.
    """
    theme = _theme(asked, viewer)
    if theme is None:
        return None
    held = {one["cluster_id"]: one["industry"] for one in theme.clusters or []}
    shown = Part.objects.filter(snapshot=snapshot, audience=audience, kind="cluster", key__in=list(held))
    ids = sorted(shown.values_list("key", flat=True))
    return {"ids": ids, "divisions": sorted({held[one][:2] for one in ids})}


def _every(level: str, snapshot: Snapshot, audience: str) -> Columns | None:
    part = Part.objects.filter(snapshot=snapshot, audience=audience, kind="frame", key="").first()
    if part is None:
        return None
    held = cast("Columns", part.content()["regions"])
    kept = [at for at, one in enumerate(held["region_level"]) if one == level]
    return {key: [held[key][at] for at in kept] for key in ("region", *OF_EVERY.all)}


def _theme(asked: str, viewer: Viewer) -> Theme | None:
    try:
        pk = UUID(theme_of(asked) or "")
    except ValueError:
        return None
    return Theme.objects.seen_by(viewer).filter(pk=pk, rows__isnull=False).first()


def _as_industry(code: str, name: str) -> Industry:
    return Industry(code, name, "", "", "")
