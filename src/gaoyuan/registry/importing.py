"""Importing registers of enterprises: from files to the table `register`, all or nothing per file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet
from ibis.expr import types as ir

from gaoyuan.errors import FileUnreadable
from gaoyuan.registry.cleaning import Cleaner
from gaoyuan.registry.columns import ColumnMap, UserMapping, count_known, map_columns
from gaoyuan.registry.faults import RejectedRows
from gaoyuan.registry.reading import Source, open_source
from gaoyuan.workspace import SCHEMAS, Run, Workspace

Progress = Callable[[str, int], None]
"""Called with the name of a file and the rows read so far."""

_STAGED = pa.schema([field for field in SCHEMAS["register"].arrow if field.name not in ("run", "file")])
_FILE_DIGITS = 16


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What became of a file: rows read, accepted, rejected (with the faults counted by reason), and older rows
    replaced.
    """

    path: Path
    rows: int
    accepted: int
    rejected: int
    updated: int
    columns: ColumnMap
    reasons: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False


def import_enterprises(
    workspace: Workspace,
    files: Sequence[Path],
    mapping: UserMapping | None = None,
    *,
    dry_run: bool = False,
    today: dt.date | None = None,
    progress: Progress | None = None,
) -> list[ImportedFile]:
    """Import registers of enterprises into the table `register`; bad rows go to `rejected` with their reasons.

    Each file is imported whole or not at all, in one atomic commit. A file that is there already, read by the same
    mapping, changes nothing; read by another mapping it is replaced. A firm that an earlier file has is updated from
    the newer one. With `dry_run` nothing is written. A file that cannot be read raises FileUnreadable, MappingInvalid
    or ColumnsMissing; the files before it stay imported.
    """
    opened = [(path, open_source(path, (mapping or UserMapping()).read, count_known)) for path in map(Path, files)]
    maps = [map_columns(source.headings, mapping, where=str(path)) for path, source in opened]
    return [
        _import_file(workspace, source, columns, dry_run=dry_run, today=today or dt.date.today(), progress=progress)
        for (_, source), columns in zip(opened, maps, strict=True)
    ]


def _import_file(
    workspace: Workspace,
    source: Source,
    columns: ColumnMap,
    *,
    dry_run: bool,
    today: dt.date,
    progress: Progress | None,
) -> ImportedFile:
    digest = _sha256(source.path)
    mapping = json.dumps(columns.as_json(), ensure_ascii=False, sort_keys=True)
    if (before := _imported_before(workspace, digest, mapping)) is not None:
        return ImportedFile(
            source.path, before["rows"], before["accepted"], before["rejected"], 0, columns, unchanged=True
        )
    file = digest[:_FILE_DIGITS]
    with workspace.staging() as folder:
        staged = _Staged(folder / "rows.parquet", RejectedRows(file, source.path.name))
        with workspace.run(
            "import", {"file": str(source.path), "mapping": columns.as_json()}, record=not dry_run
        ) as run:
            run.inputs[source.path.name] = digest
            with run.timed("read and check"):
                staged.fill(source, Cleaner(columns, today), progress)
            with run.timed("duplicates"):
                staged.set_duplicates_aside(workspace, columns.heading_of("uscc") or columns.heading_of("name") or "")
            result = ImportedFile(
                source.path,
                staged.rows,
                staged.rows - staged.rejected.rows(),
                staged.rejected.rows(),
                0,
                columns,
                staged.rejected.reasons(),
            )
            if not dry_run:
                with run.timed("write"):
                    result = replace(result, updated=_commit(workspace, run, file, staged))
                    workspace.write("rejected", staged.rejected.table(), run, replacing=f"file = '{file}'")
                    workspace.write("import", _import_row(result, digest, mapping), run, replacing=f"file = '{file}'")
    return result


@dataclass(slots=True)
class _Staged:
    """A file's rows, checked and in our columns, on disk beside the workspace's tables until they are committed."""

    path: Path
    rejected: RejectedRows
    rows: int = 0
    duplicates: set[int] = field(default_factory=set)

    def fill(self, source: Source, cleaner: Cleaner, progress: Progress | None) -> None:
        with pyarrow.parquet.ParquetWriter(self.path, _STAGED, compression="zstd", compression_level=1) as writer:
            for batch in source.batches():
                for ragged in batch.ragged:
                    self.rejected.add_line(ragged.row, "", ragged.text[:500], ragged.reason, ragged.mend, ragged.text)
                self.rows += batch.cells.num_rows + len(batch.ragged)
                if batch.cells.num_rows:
                    cleaned, faults = cleaner.clean(batch.cells)
                    self.rejected.add(batch.rows, batch.cells, faults)
                    good = ~np.logical_or.reduce([fault.rows for fault in faults])
                    columns = {
                        **{name: cleaned.column(name) for name in cleaned.schema.names},
                        "row": pa.array(batch.rows),
                    }
                    kept = pa.RecordBatch.from_arrays(
                        [columns[name].cast(kind) for name, kind in zip(_STAGED.names, _STAGED.types, strict=True)],
                        schema=_STAGED,
                    )
                    writer.write_batch(kept if good.all() else kept.filter(pa.array(good)))
                if progress is not None:
                    progress(source.path.name, self.rows)
        if self.rows == 0:
            raise FileUnreadable("the file has a header and no rows", where=str(source.path))

    def set_duplicates_aside(self, workspace: Workspace, heading: str) -> None:
        """Reject every row whose firm stands in an earlier row of the file."""
        rows = workspace.engine.read_parquet(self.path)
        repeated = rows.group_by("enterprise_id").aggregate(first=rows.row.min(), times=rows.count())
        repeated = repeated.filter(ibis._.times > 1)
        later = rows.join(repeated, "enterprise_id").filter(ibis._.row > ibis._.first)
        for line in workspace.to_arrow(later.select("row", "uscc", "name", "address", "first")).to_pylist():
            self.duplicates.add(line["row"])
            first = line.pop("first")
            what = "the same credit code" if line["uscc"] else "no credit code and the same name and address"
            self.rejected.add_line(
                line["row"],
                heading,
                line["uscc"] or line["name"],
                f"a row above has {what}",
                f"Compare with row {first}; keep the right one.",
                line,
            )

    def as_table(self, workspace: Workspace, file: str) -> ir.Table:
        rows = workspace.engine.read_parquet(self.path)
        if self.duplicates:
            rows = rows.filter(ibis._.row.notin(sorted(self.duplicates)))
        return rows.mutate(file=ibis.literal(file))


def _commit(workspace: Workspace, run: Run, file: str, staged: _Staged) -> int:
    """Write the staged rows into the register in one commit; gives how many older rows of their firms they replace."""
    new = (
        staged.as_table(workspace, file)
        .mutate(run=ibis.literal(None, "string"))
        .select(*SCHEMAS["register"].arrow.names)
    )
    if workspace.has("register"):
        held = workspace.table("register")
        others = held.filter(held.file != file)
        updated = int(cast(np.int64, workspace.engine.execute(others.semi_join(new, "enterprise_id").count())))
        if updated:
            # Older rows of the same firms leave in the commit in which the new ones come, so that no reader sees both
            # or neither.
            remaining = others.anti_join(new, "enterprise_id")
            workspace.write("register", workspace.stream(remaining.union(new)), run)
            return updated
    workspace.write("register", workspace.stream(new), run, replacing=f"file = '{file}'")
    return 0


def _imported_before(workspace: Workspace, digest: str, mapping: str) -> dict[str, int] | None:
    if not workspace.has("import"):
        return None
    held = workspace.table("import")
    found = workspace.to_arrow(held.filter((held.sha256 == digest) & (held.mapping == mapping))).to_pylist()
    return found[0] if found else None


def _import_row(result: ImportedFile, digest: str, mapping: str) -> pa.Table:
    row = {
        "file": digest[:_FILE_DIGITS],
        "file_name": result.path.name,
        "sha256": digest,
        "mapping": mapping,
        "rows": result.rows,
        "accepted": result.accepted,
        "rejected": result.rejected,
        "updated": result.updated,
        "datum": result.columns.datum if result.columns.heading_of("longitude") else None,
        "imported": dt.datetime.now(dt.UTC),
    }
    return pa.Table.from_pylist(
        [row], schema=pa.schema([field for field in SCHEMAS["import"].arrow if field.name != "run"])
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
