"""Publishing: a workspace's newest results become the snapshot that an organisation's pages show."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import transaction

from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.snapshots.firms import FIELDS, read_firms
from gaoyuan.portal.snapshots.models import Firm, Part, Snapshot
from gaoyuan.portal.snapshots.parts import PartContent, read_parts
from gaoyuan.portal.snapshots.writing import in_batches, write_rows
from gaoyuan.workspace import Workspace

Progress = Callable[[str, int], None]
_RESULTS = ("cluster", "region_industry", "region_measure", "coverage")
_PART = ("audience", "kind", "key", "body")
_BATCH = 200
_FIRM_BATCH = 20_000


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
    for counts["parts"] in write_rows(Part, {"snapshot": made.pk}, _PART, _packed(read_parts(workspace)), _BATCH):
        show("parts", counts["parts"])
    for counts["firms"] in write_rows(Firm, {"snapshot": made.pk}, FIELDS, read_firms(workspace), _FIRM_BATCH):
        show("firms", counts["firms"])
    made.counts, made.runs = counts, {"versions": versions, "made": _made(workspace)}
    with transaction.atomic():
        old = list(Snapshot.objects.filter(organisation=organisation, shown=True).values_list("pk", flat=True))
        update_logged(Snapshot.objects.filter(pk__in=old), shown=False)
        made.shown = True
        made.save()
    Snapshot.objects.filter(pk__in=old).delete()
    return made


def _packed(parts: Iterable[PartContent]) -> Iterator[tuple[str, str, str, bytes]]:
    """Give parts as rows; while some are packed on other processors the next are made."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for batch in in_batches(parts, _BATCH):
            bodies = pool.map(_zipped, [part.text() for part in batch])
            for part, body in zip(batch, bodies, strict=True):
                yield part.audience.value, part.kind, part.key, body


def _zipped(text: bytes) -> bytes:
    # The same content gives the same bytes: no time of making in the head.
    return gzip.compress(text, compresslevel=4, mtime=0)


def _made(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Give of each step the newest run: its number, its time and its version."""
    runs = workspace.runs().to_pandas().drop_duplicates("step")
    return {
        str(row["step"]): {"run": str(row["run"]), "when": row["started"].isoformat(), "version": str(row["version"])}
        for row in runs.to_dict("records")
    }
