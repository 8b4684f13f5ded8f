"""Importing registers of enterprises: from files to the table `register`, all or nothing per file."""

from __future__ import annotations

import datetime as dt
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
from gaoyuan.registry.fault_words import in_chinese
from gaoyuan.registry.faults import RejectedRows
from gaoyuan.registry.import_records import FILE_DIGITS, held_record, import_record, of_file, sha256_of
from gaoyuan.registry.reading import Source, open_source
from gaoyuan.workspace import SCHEMAS, Run, Workspace

Progress = Callable[[str, int], None]
"""Called with the name of a file and the rows read so far."""

_STAGED = pa.schema([field for field in SCHEMAS["register"].arrow if field.name not in ("run", "file")])
_REASONS_SHOWN = 8


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

    def __str__(self) -> str:
        if self.unchanged:
            return f"{self.path.name}: 已导入过，无变化 imported before, nothing changed ({self.accepted:,} 行 rows)"
        lines = [
            f"{self.path.name}: {self.rows:,} 行 rows, 导入 imported {self.accepted:,}, "
            f"未导入 set aside {self.rejected:,}, 更新 updated {self.updated:,}",
            "  列 columns: "
            + ", ".join(map(str, self.columns.assignments))
            + (f"; 未用 unused: {', '.join(self.columns.unused)}" if self.columns.unused else ""),
        ]
        most = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))[:_REASONS_SHOWN]
        return "\n".join([*lines, *(f"  {count:>8,}  {in_chinese(reason) or ''} {reason}" for reason, count in most)])


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

    Each file is imported whole or not at all: its rows enter the register in one atomic commit, and an import that is
    killed leaves the register as it was before or as it is after. A file all of whose rows stand there already, read by
    the same mapping, changes nothing; read by another mapping it is replaced. A firm that an earlier file has is
    updated from the newer one, and from the earlier one again where that is imported once more. With `dry_run` nothing
    is written. A file that cannot be opened, or whose columns cannot be told, raises FileUnreadable, MappingInvalid or
    ColumnsMissing before any file is imported; one that turns out to be damaged further down raises FileUnreadable,
    and the files before it stay imported.
    """
    mapping, paths = mapping or UserMapping(), [Path(file) for file in files]
    if len(paths) > 1:
        # All are tried before the first is imported, and none is kept: a workbook that is open is held in memory whole.
        for path in paths:
            _open(path, mapping)
    return [
        _import_file(workspace, path, mapping, dry_run=dry_run, today=today or dt.date.today(), progress=progress)
        for path in paths
    ]


def _open(path: Path, mapping: UserMapping) -> tuple[Source, ColumnMap]:
    source = open_source(path, mapping.read, count_known)
    return source, map_columns(source.headings, mapping, where=str(path))


def _import_file(
    workspace: Workspace,
    path: Path,
    user_mapping: UserMapping,
    *,
    dry_run: bool,
    today: dt.date,
    progress: Progress | None,
) -> ImportedFile:
    source, columns = _open(path, user_mapping)
    digest = sha256_of(source.path)
    mapping = json.dumps(columns.as_json(), ensure_ascii=False, sort_keys=True)
    if (before := _imported_before(workspace, digest, mapping)) is not None:
        return ImportedFile(
            source.path, before["rows"], before["accepted"], before["rejected"], 0, columns, unchanged=True
        )
    file = digest[:FILE_DIGITS]
    with (
        workspace.run("import", {"file": str(source.path), "mapping": columns.as_json()}, record=not dry_run) as run,
        workspace.staging() as folder,
    ):
        staged = _Staged(folder)
        run.inputs[source.path.name] = digest
        with RejectedRows(folder / "rejected.parquet", file, source.path.name) as rejected:
            with run.timed("read and check"):
                staged.fill(source, Cleaner(columns, today), rejected, progress)
            with run.timed("duplicates"):
                staged.set_duplicates_aside(workspace, source, columns, rejected)
        result = ImportedFile(
            source.path,
            staged.rows,
            staged.rows - rejected.rows(),
            rejected.rows(),
            0,
            columns,
            rejected.reasons(),
        )
        if not dry_run:
            # The record comes last: an import that is killed before it has not been, and can be repeated.
            with run.timed("write"):
                faults = workspace.parquet(rejected.path).order_by("row")
                workspace.write("rejected", workspace.stream(faults), run, replacing=of_file("enterprises", file))
                result = replace(result, updated=_commit(workspace, run, file, staged))
                record = import_record(
                    "enterprises",
                    path,
                    digest,
                    mapping,
                    rows=result.rows,
                    accepted=result.accepted,
                    rejected=result.rejected,
                    updated=result.updated,
                    datum=columns.datum if columns.heading_of("longitude") else None,
                )
                workspace.write("import", record, run, replacing=of_file("enterprises", file))
    return result


@dataclass(slots=True)
class _Staged:
    """A file's rows, checked and in our columns, on disk beside the workspace's tables until they are committed."""

    folder: Path
    rows: int = 0
    has_duplicates: bool = False

    def fill(self, source: Source, cleaner: Cleaner, rejected: RejectedRows, progress: Progress | None) -> None:
        with pyarrow.parquet.ParquetWriter(self._good, _STAGED, compression="zstd", compression_level=1) as writer:
            for batch in source.batches():
                rejected.add_ragged(batch.ragged)
                self.rows += batch.cells.num_rows + len(batch.ragged)
                if batch.cells.num_rows:
                    cleaned, faults = cleaner.clean(batch.cells)
                    rejected.add(batch.rows, batch.cells, faults)
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

    def set_duplicates_aside(
        self, workspace: Workspace, source: Source, columns: ColumnMap, rejected: RejectedRows
    ) -> None:
        """Reject every row whose firm stands in an earlier row of the file."""
        rows = workspace.parquet(self._good)
        repeated = rows.group_by("enterprise_id").aggregate(first=rows.row.min(), times=rows.count())
        repeated = repeated.filter(ibis._.times > 1)
        later = rows.join(repeated, "enterprise_id").filter(ibis._.row > ibis._.first)
        found = workspace.to_arrow(later.select("row", "first", coded=ibis._.uscc.notnull()).order_by("row"))
        if found.num_rows == 0:
            return
        self.has_duplicates = True
        pyarrow.parquet.write_table(found.select(["row"]), self._duplicates)
        numbers, firsts, coded = (found[name].to_numpy() for name in ("row", "first", "coded"))
        name = columns.heading_of("name") or ""
        # The file is read again for the rows as they stand there, for the staged ones are in our columns and units.
        for batch in source.batches():
            chosen = np.isin(batch.rows, numbers)
            if chosen.any():
                cells = batch.cells.filter(pa.array(chosen))
                at = np.searchsorted(numbers, batch.rows[chosen])
                for some, heading, what in (
                    (coded[at], columns.heading_of("uscc") or name, "the same credit code"),
                    (~coded[at], name, "no credit code and the same name and place"),
                ):
                    rejected.add_repeated(
                        numbers[at[some]],
                        firsts[at[some]],
                        cells.filter(pa.array(some)),
                        heading,
                        f"a row above has {what}",
                    )
            if batch.rows.size and batch.rows[-1] >= numbers[-1]:
                break

    def as_table(self, workspace: Workspace, file: str) -> ir.Table:
        rows = workspace.parquet(self._good)
        if self.has_duplicates:
            rows = rows.anti_join(workspace.parquet(self._duplicates), "row")
        return rows.mutate(file=ibis.literal(file))

    @property
    def _good(self) -> Path:
        return self.folder / "rows.parquet"

    @property
    def _duplicates(self) -> Path:
        return self.folder / "duplicates.parquet"


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
    found = held_record(workspace, "enterprises", digest, mapping)
    if found is None:
        return None
    # Rows of another run mean that an import by another mapping was killed between its rows and its record; missing
    # ones that a newer file has replaced them, so that this one has something to say again.
    register = workspace.table("register")
    own = register.filter(register.file == digest[:FILE_DIGITS])
    of_run = own.filter(own.run == found["run"])
    count, of_run_count = (int(cast(np.int64, workspace.engine.execute(rows.count()))) for rows in (own, of_run))
    return found if count == of_run_count == found["accepted"] else None
