"""Publishing: a workspace's newest results become the snapshot that an organisation's pages show."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import transaction

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.snapshots.firms import read_firms
from gaoyuan.portal.snapshots.models import Firm, Part, Snapshot
from gaoyuan.portal.snapshots.parts import PartContent, read_parts
from gaoyuan.workspace import Workspace

Progress = Callable[[str, int], None]
_RESULTS = ("cluster", "region_industry", "region_measure", "coverage")
_BATCH = 500
_FIRM_BATCH = 5_000
T = TypeVar("T")


def publish(
    workspace: Workspace, organisation: Organisation, *, public: bool = False, progress: Progress | None = None
) -> Snapshot:
    """Make the snapshot of a workspace's newest results and show it in the place of the organisation's one before.

    All parts are written first, in batches; then one transaction takes the old one away and shows the new one, so that
    readers see the old or the new one. What a publishing that was broken off has left is taken away by the next.
    Raises StepMissing where `observe` has not been run, ResultsOutdated where the register has changed since.
    """
    show = progress or (lambda what, done: None)
    workspace.require_current(*_RESULTS)
    versions = {state.name: state.version for state in workspace.tables()}
    Snapshot.objects.filter(organisation=organisation, shown=False).delete()
    made = Snapshot.objects.create(organisation=organisation, title=workspace.path.name, public=public)
    counts = {"parts": 0, "firms": 0}
    for parts in _batches(read_parts(workspace), _BATCH):
        Part.objects.bulk_create([_row(made, part) for part in parts])
        counts["parts"] += len(parts)
        show("parts", counts["parts"])
    for firms in _batches(read_firms(workspace, made), _FIRM_BATCH):
        Firm.objects.bulk_create(firms)
        counts["firms"] += len(firms)
        show("firms", counts["firms"])
    made.counts, made.runs = counts, {"versions": versions, "made": _made(workspace)}
    with transaction.atomic():
        old = list(Snapshot.objects.filter(organisation=organisation, shown=True).values_list("pk", flat=True))
        Snapshot.objects.filter(pk__in=old).update(shown=False)
        made.shown = True
        made.save()
    Snapshot.objects.filter(pk__in=old).delete()
    return made


def _row(snapshot: Snapshot, part: PartContent) -> Part:
    text = json.dumps(part.content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # The same content gives the same bytes: no time of making in the head.
    body = gzip.compress(text.encode(), compresslevel=4, mtime=0)
    return Part(snapshot=snapshot, audience=part.audience, kind=part.kind, key=part.key, body=body)


def _made(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Give of each step the newest run: its number, its time and its version."""
    runs = workspace.runs().to_pandas().drop_duplicates("step")
    return {
        str(row["step"]): {"run": str(row["run"]), "when": row["started"].isoformat(), "version": str(row["version"])}
        for row in runs.to_dict("records")
    }


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    held = iter(items)
    while batch := list(islice(held, size)):
        yield batch
