"""Explanations on demand: from the organisation's workspace, where it still holds what was published.

The engine that gives them takes seconds to start, more where the machine does other work, so a page waits for a moment
only and then says that it is being worked out.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any, TypeAlias

from django.core.cache import cache

from gaoyuan.portal.confidentiality import LEAST_FIRMS
from gaoyuan.portal.jobs.running import workspace_of
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.workbench.explaining import ask_there

PATIENCE_SECONDS = 1.5
"""How long a page waits for an explanation before it says that it is being worked out."""

Explained: TypeAlias = "dict[str, Any]"

_TABLES = {"cluster": ("cluster", "cluster_member"), "enterprise": ("register", "enterprise")}
_KEPT_SECONDS = 30 * 24 * 3600
_COUNTS_OF_FIRMS = ("members that have it", "with revenue", "members", "k", "n", "K", "firms", "n firms there")
"""Inputs of formulas that count enterprises."""
_MOST_WORKING = 200

_working: dict[str, Future[Explained | None]] = {}
_beginning = threading.Lock()


class StillWorking(Exception):
    """An explanation is being worked out; whoever asks again gets it."""


def explanation(snapshot: Snapshot, cluster_id: str) -> Explained | None:
    """Give a cluster's figures with formula, inputs and run as plain data. None where the workspace is away or has
    moved on since the snapshot: then its tables are no longer those that the figures come from.

    What was worked out is kept, for neither a snapshot nor the tables of its versions ever change. Raises StillWorking
    where it takes longer than a reader waits.
    """
    key = f"explanation:{snapshot.pk}:{cluster_id}"
    kept = cache.get(key)
    if kept is None:
        kept = _asked(snapshot, "cluster", cluster_id)
        if kept is not None:
            cache.set(key, kept, _KEPT_SECONDS)
    return kept


def enterprise_source(snapshot: Snapshot, enterprise_id: str) -> Explained | None:
    """Give the row of the register that an enterprise was read from, what was found out of it, and its file. None as
    for `explanation`, and for an enterprise that the register has not. Not kept: a row is found quickly.
    """
    return _asked(snapshot, "enterprise", enterprise_id)


def _asked(snapshot: Snapshot, kind: str, key: str) -> Explained | None:
    folder = workspace_of(snapshot.organisation)
    if not folder:
        return None
    published = snapshot.runs.get("versions", {})
    versions = {name: published.get(name) for name in _TABLES[kind]}
    name = f"{snapshot.pk}:{kind}:{key}"
    with _beginning:
        if (work := _working.get(name)) is None:
            # What nobody has come back for is worked out again for whoever asks.
            if len(_working) >= _MOST_WORKING:
                for old in [one for one, held in _working.items() if held.done()]:
                    del _working[old]
            work = _working[name] = Future()
            threading.Thread(target=_work, args=(work, kind, folder, key, versions), daemon=True).start()
    try:
        found = work.result(PATIENCE_SECONDS)
    except TimeoutError:
        raise StillWorking from None
    finally:
        if work.done():
            _working.pop(name, None)
    return found


def _work(work: Future[Explained | None], kind: str, folder: str, key: str, versions: dict[str, Any]) -> None:
    try:
        work.set_result(ask_there(kind, folder, key, versions))
    except BaseException as fault:
        work.set_exception(fault)


def for_public(figure: Explained) -> Explained | None:
    """Give an explained figure as the public may see it, None where an input counts fewer than three enterprises."""
    for name, given in figure["inputs"].items():
        counts = any(name.startswith(known) for known in _COUNTS_OF_FIRMS)
        if counts and isinstance(given, int | float) and 0 < given < LEAST_FIRMS:
            return None
    return figure
