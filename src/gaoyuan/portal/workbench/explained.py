"""Explanations of clusters on demand: from the organisation's workspace, where it still holds what was published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.cache import cache

from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.jobs.running import workspace_of
from gaoyuan.portal.snapshots.models import Snapshot

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
    # Loaded on demand: the engine of the workspace takes memory that pages of snapshots never need.
    from gaoyuan.observe import explain
    from gaoyuan.workspace import open_workspace

    try:
        workspace = open_workspace(Path(folder))
        versions = {state.name: state.version for state in workspace.tables()}
        published = snapshot.runs.get("versions", {})
        if any(versions.get(name) != published.get(name) for name in _TABLES):
            return None
        found = explain(workspace, cluster_id)
    except (GaoyuanError, OSError):
        return None
    return {
        "figures": {
            figure.name: {
                "name": figure.name,
                "zh": figure.zh,
                "value": figure.value,
                "unit": figure.unit,
                "formula": figure.formula,
                "inputs": figure.inputs,
                "recomputed": figure.recomputed,
                "agrees": figure.agrees,
                "source": figure.source,
            }
            for figure in found.figures
        },
        "run": {name: value for name, value in found.run.items() if name not in ("outputs", "timings")},
        "files": list(found.files),
    }


def for_public(figure: dict[str, Any]) -> dict[str, Any] | None:
    """Give an explained figure as the public may see it, None where an input counts fewer than three enterprises."""
    from gaoyuan.portal.snapshots.suppression import LEAST_FIRMS

    for name, given in figure["inputs"].items():
        counts = any(name.startswith(known) for known in _COUNTS_OF_FIRMS)
        if counts and isinstance(given, int | float) and 0 < given < LEAST_FIRMS:
            return None
    return figure
