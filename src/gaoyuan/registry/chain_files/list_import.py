"""Importing a list: what products, uses, makes and trades have in common, all or nothing per file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.errors import FileUnreadable
from gaoyuan.registry.columns import ColumnMap, FileKind, UserMapping, count_known, map_columns
from gaoyuan.registry.fault_words import in_chinese
from gaoyuan.registry.faults import Fault, RejectedRows
from gaoyuan.registry.import_records import FILE_DIGITS, held_record, import_record, of_file, sha256_of, stands
from gaoyuan.registry.reading import Source, open_source
from gaoyuan.workspace import SCHEMAS, Json, Run, Workspace

Progress: TypeAlias = Callable[[str, int], None]
"""Called with the name of a file and the rows read so far."""

_REASONS_SHOWN = 8
_SEPARATOR = pa.scalar("\x1f", pa.large_string())


class Cleaner(Protocol):
    """Gives the columns of the table for every row of a batch, and the faults."""

    def clean(self, cells: pa.RecordBatch) -> tuple[pa.RecordBatch, list[Fault]]:
        """Clean a batch (n rows with the file's headings)."""
        ...


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list: the table it fills; `cleaner` reads its batches; `matched` finds firms and products of rows in
    the workspace, null where it is not known which is meant; `keys` gives what tells one row from
    another (n texts, null for a row that is always one of its own), and `repeated` says that in words; `notes` tells
    what is strange about a file as a whole, in Chinese and English.
    """

    kind: FileKind
    table: str
    cleaner: Callable[[ColumnMap, dt.date], Cleaner]
    matched: Callable[[Workspace, pa.Table, Run], pa.Table]
    keys: Callable[[pa.Table], pa.Array]
    repeated: str
    about: str
    notes: Callable[[Workspace, pa.Table], list[str]]


@dataclass(frozen=True, slots=True)
class ImportedRows:
    """What became of a file: rows read, accepted, rejected (with the faults counted by reason), older rows replaced,
    and notes on the file as a whole.
    """

    path: Path
    rows: int
    accepted: int
    rejected: int
    updated: int
    columns: ColumnMap
    notes: tuple[str, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False

    def __str__(self) -> str:
        if self.unchanged:
            return f"{self.path.name}: 已导入过，无变化 imported before, nothing changed ({self.accepted:,} 行 rows)"
        most = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))[:_REASONS_SHOWN]
        unused = f"; 未用 unused: {', '.join(self.columns.unused)}" if self.columns.unused else ""
        return "\n".join(
            [
                f"{self.path.name}: {self.rows:,} 行 rows, 导入 imported {self.accepted:,}, "
                f"未导入 set aside {self.rejected:,}, 更新 updated {self.updated:,}",
                "  列 columns: " + ", ".join(map(str, self.columns.assignments)) + unused,
                *(f"  {note}" for note in self.notes),
                *(f"  {count:>8,}  {in_chinese(reason) or ''} {reason}" for reason, count in most),
            ]
        )


def import_list(
    workspace: Workspace,
    files: Sequence[Path],
    kind: ListKind,
    mapping: UserMapping | None = None,
    *,
    source: str | None = None,
    dry_run: bool = False,
    today: dt.date | None = None,
    progress: Progress | None = None,
) -> list[ImportedRows]:
    """Import files of a kind into its table; bad rows go to `rejected` with their reasons.

    Each file is imported whole or not at all. A row that an older file has is updated from the newer one. A file that
    is there already, read in the same way, changes nothing, unless another has updated some of its rows since. Raises
    FileUnreadable, MappingInvalid or ColumnsMissing before any file is imported.
    """
    mapping, paths = mapping or UserMapping(), [Path(file) for file in files]
    if len(paths) > 1:
        for path in paths:
            _open(path, mapping, kind)
    return [
        _import_file(workspace, path, kind, mapping, source, dry_run, today or dt.date.today(), progress)
        for path in paths
    ]


def match_again(workspace: Workspace, kind: ListKind) -> None:
    """Find the firms and products of a table anew where those of the workspace have changed since; else do nothing."""
    if not workspace.has(kind.table) or not workspace.outdated(kind.table):
        return
    with workspace.run("match", {"table": kind.table}) as run:
        held = workspace.read(kind.table)
        found = kind.matched(workspace, held, run)
        workspace.write(kind.table, _with_old_runs(held, found), run)


def replace_rows(workspace: Workspace, kind: ListKind, rows: Sequence[Mapping[str, object]], *, source: str) -> int:
    """Make `rows` all that a table holds of a source that is no file, such as the portal; gives their number.

    Each row has columns of the table, already of their types; what it lacks is unknown. Firms and products are found in
    the workspace as for files. Rows of other sources stay.
    """
    schema = SCHEMAS[kind.table].arrow
    file = hashlib.sha256(source.encode()).hexdigest()[:FILE_DIGITS]
    given = pa.Table.from_pylist([{**row, "row": at} for at, row in enumerate(rows, 1)], schema=schema)
    given = _filled(given, kind.table, file=file, source=source)
    with workspace.run("pass", {"table": kind.table, "source": source}) as run:
        given = kind.matched(workspace, given, run)
        if workspace.has(kind.table):
            held = workspace.read(kind.table).select(schema.names)
            others = held.filter(pc.fill_null(pc.not_equal(held["file"], file), True))
            given = pa.concat_tables([_with_old_runs(others, kind.matched(workspace, others, run)), given])
        workspace.write(kind.table, given, run)
    return len(rows)


def texts_joined(*columns: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Join columns of text (n each) into one key a row, null where one of them is."""
    plain = [column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column for column in columns]
    return pc.binary_join_element_wise(*(column.cast(pa.large_string()) for column in plain), _SEPARATOR)


def _open(path: Path, mapping: UserMapping, kind: ListKind) -> tuple[Source, ColumnMap]:
    source = open_source(path, mapping.read, partial(count_known, kind=kind.kind))
    return source, map_columns(source.headings, mapping, where=str(path), kind=kind.kind)


def _import_file(
    workspace: Workspace,
    path: Path,
    kind: ListKind,
    user_mapping: UserMapping,
    published: str | None,
    dry_run: bool,
    today: dt.date,
    progress: Progress | None,
) -> ImportedRows:
    source, columns = _open(path, user_mapping, kind)
    digest = sha256_of(path)
    read_as: dict[str, Json] = {**columns.as_json(), "source": published}
    mapping = json.dumps(read_as, ensure_ascii=False, sort_keys=True)
    before = held_record(workspace, kind.kind, digest, mapping)
    if before is not None and stands(workspace, kind.table, before):
        if not dry_run:
            match_again(workspace, kind)
        return ImportedRows(path, before["rows"], before["accepted"], before["rejected"], 0, columns, unchanged=True)
    file = digest[:FILE_DIGITS]
    with (
        workspace.run("import", {"file": str(path), "mapping": read_as}, record=not dry_run) as run,
        workspace.staging() as folder,
    ):
        run.inputs[path.name] = digest
        with RejectedRows(folder / "rejected.parquet", file, path.name, kind.kind) as rejected:
            with run.timed("read and check"):
                rows, read = _read(source, kind.cleaner(columns, today), SCHEMAS[kind.table].arrow, rejected, progress)
            rows = _filled(rows, kind.table, file=file, source=published or path.name)
            with run.timed("match"):
                rows = kind.matched(workspace, rows, run)
            rows = _without_repeated(rows, kind, source, columns, rejected)
        result = ImportedRows(
            path,
            rows=read,
            accepted=rows.num_rows,
            rejected=rejected.rows(),
            updated=0,
            columns=columns,
            notes=tuple(kind.notes(workspace, rows)),
            reasons=rejected.reasons(),
        )
        if not dry_run:
            with run.timed("write"):
                result = replace(result, updated=_commit(workspace, run, kind, digest, rows, rejected, mapping, result))
    return result


def _read(
    source: Source, cleaner: Cleaner, schema: pa.Schema, rejected: RejectedRows, progress: Progress | None
) -> tuple[pa.Table, int]:
    """Give the rows without a fault, in the columns of the table, and how many rows there are."""
    good_rows: list[pa.Table] = []
    read = 0
    for batch in source.batches():
        rejected.add_ragged(batch.ragged)
        read += batch.cells.num_rows + len(batch.ragged)
        if batch.cells.num_rows:
            cleaned, faults = cleaner.clean(batch.cells)
            rejected.add(batch.rows, batch.cells, faults)
            good = ~np.logical_or.reduce([fault.rows for fault in faults])
            kept = cleaned.append_column("row", pa.array(batch.rows)).filter(pa.array(good))
            good_rows.append(_in_schema(pa.Table.from_batches([kept]), schema))
        if progress is not None:
            progress(source.path.name, read)
    if read == 0:
        raise FileUnreadable(
            "the file has a header and no rows",
            where=str(source.path),
            mend="Check that the file was saved whole.",
            zh="文件只有表头，没有数据行",
            mend_zh="核对文件是否保存完整",
        )
    return pa.concat_tables(good_rows) if good_rows else schema.empty_table(), read


def _in_schema(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        rows[field.name].cast(field.type) if field.name in rows.column_names else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _filled(rows: pa.Table, table: str, **values: str) -> pa.Table:
    for name, value in values.items():
        at = SCHEMAS[table].arrow.get_field_index(name)
        rows = rows.set_column(at, SCHEMAS[table].arrow.field(name), pa.repeat(pa.scalar(value), rows.num_rows))
    return rows


def _with_old_runs(held: pa.Table, found: pa.Table) -> pa.Table:
    """Keep the run of rows that are as they were; the others get that of the matching."""
    same: npt.NDArray[np.bool_] = np.ones(held.num_rows, dtype=bool)
    for name in held.column_names:
        if name != "run" and not held[name].equals(found[name]):
            equal = pc.equal(held[name], found[name])
            both_null = pc.and_(pc.is_null(held[name]), pc.is_null(found[name]))
            same &= pc.fill_null(pc.or_kleene(equal, both_null), False).to_numpy(zero_copy_only=False).astype(bool)
    at = found.schema.get_field_index("run")
    runs = pc.if_else(pa.array(same), held["run"], pa.scalar(None, pa.string()))
    return found.set_column(at, found.schema.field("run"), runs)


def _without_repeated(
    rows: pa.Table, kind: ListKind, source: Source, columns: ColumnMap, rejected: RejectedRows
) -> pa.Table:
    """Reject every row that stands in an earlier row of the file."""
    keys = kind.keys(rows).to_pandas()
    later = (keys.duplicated() & keys.notna()).to_numpy(dtype=bool)
    if not later.any():
        return rows
    numbers = rows["row"].to_numpy()
    first_of = dict(zip(keys[::-1], numbers[::-1], strict=True))
    firsts = np.array([first_of[key] for key in keys[later]], dtype=np.int64)
    headings = (columns.heading_of(target) for target in ("product_name", "product_code", "name"))
    heading = next(filter(None, headings), "")
    repeated = numbers[later]
    for batch in source.batches():
        chosen = np.isin(batch.rows, repeated)
        if chosen.any():
            at = np.searchsorted(repeated, batch.rows[chosen])
            rejected.add_repeated(
                repeated[at], firsts[at], batch.cells.filter(pa.array(chosen)), heading, kind.repeated
            )
    return rows.filter(pa.array(~later))


def _commit(
    workspace: Workspace,
    run: Run,
    kind: ListKind,
    digest: str,
    rows: pa.Table,
    rejected: RejectedRows,
    mapping: str,
    result: ImportedRows,
) -> int:
    """Write the rows with those of other files that stay, in one commit; gives how many older ones were replaced.

    The record comes last: an import that is killed before it has not been, and can be repeated.
    """
    file = digest[:FILE_DIGITS]
    own = of_file(kind.kind, file)
    if held_record(workspace, kind.kind, digest) is not None:
        # Imported before: that record ends first, so that an import that is killed is not taken for done.
        workspace.write("import", SCHEMAS["import"].arrow.empty_table(), run, replacing=own)
    workspace.write("rejected", workspace.stream(workspace.parquet(rejected.path).order_by("row")), run, replacing=own)
    updated = 0
    if workspace.has(kind.table):
        # What other files say is matched anew as well: this table is as new as the register and the products are now.
        held = workspace.read(kind.table)
        held = held.filter(pc.not_equal(held["file"], file))
        held = _with_old_runs(held, kind.matched(workspace, held, run))
        known = kind.keys(rows)
        replaced = pc.is_in(kind.keys(held), value_set=known.drop_null(), skip_nulls=True)
        updated = int(pc.sum(replaced).as_py() or 0)
        rows = pa.concat_tables([held.filter(pc.invert(replaced)), rows])
    workspace.write(kind.table, rows, run)
    record = import_record(
        kind.kind,
        result.path,
        digest,
        mapping,
        rows=result.rows,
        accepted=result.accepted,
        rejected=result.rejected,
        updated=updated,
    )
    workspace.write("import", record, run, replacing=own)
    return updated
