"""Explanations of clusters on demand: from the organisation's workspace, where it still holds what was published."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache

from gaoyuan.portal.confidentiality import LEAST_FIRMS
from gaoyuan.portal.jobs.running import workspace_of
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.workbench.explaining import explain_there

_TABLES = ("cluster", "cluster_member")
_KEPT_SECONDS = 30 * 24 * 3600
_COUNTS_OF_FIRMS = ("members that have it", "with revenue", "members", "k", "n", "K", "firms", "n firms there")
"""Inputs of formulas that count enterprises."""


def explanation(snapshot: Snapshot, cluster_id: str) -> dict[str, Any] | None:
    """Give a cluster's figures with formula, inputs and run as plain data. None where the workspace is away or has
    moved on since the snapshot: then its tables are no longer those that the figures come from.

    What was worked out is kept, for neither a snapshot nor the tables of its versions ever change.
    """
    key = f"explanation:{snapshot.pk}:{cluster_id}"
    kept = cache.get(key)
    if kept is None:
        kept = _explained(snapshot, cluster_id)
        if kept is not None:
            cache.set(key, kept, _KEPT_SECONDS)
    return kept


def _explained(snapshot: Snapshot, cluster_id: str) -> dict[str, Any] | None:
    folder = workspace_of(snapshot.organisation)
    if not folder:
        return None
    published = snapshot.runs.get("versions", {})
    return explain_there(folder, cluster_id, {name: published.get(name) for name in _TABLES})


def for_public(figure: dict[str, Any]) -> dict[str, Any] | None:
    """Give an explained figure as the public may see it, None where an input counts fewer than three enterprises."""
    for name, given in figure["inputs"].items():
        counts = any(name.startswith(known) for known in _COUNTS_OF_FIRMS)
        if counts and isinstance(given, int | float) and 0 < given < LEAST_FIRMS:
            return None
    return figure
