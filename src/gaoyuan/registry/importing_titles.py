"""Importing lists of titled firms: from files to the table `title`, all or nothing per file."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import Title
from gaoyuan.codes import title as title_of
from gaoyuan.errors import ColumnsMissing, FileUnreadable
from gaoyuan.registry.columns import ColumnMap, UserMapping, count_known, map_columns
from gaoyuan.registry.fault_words import in_chinese
from gaoyuan.registry.faults import RejectedRows
from gaoyuan.registry.firm_matching import BY_CODE, BY_NAME, match_firms
from gaoyuan.registry.identity import comparable_names
from gaoyuan.registry.import_records import FILE_DIGITS, held_record, import_record, of_file, sha256_of, stands
from gaoyuan.registry.reading import Source, open_source
from gaoyuan.registry.title_rows import TitleCleaner
from gaoyuan.workspace import SCHEMAS, Json, Run, Workspace

Progress = Callable[[str, int], None]
"""Called with the name of a file and the rows read so far."""

_SCHEMA = SCHEMAS["title"].arrow
_REASONS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ImportedTitles:
    """What became of a list: rows read, accepted, rejected (with the faults counted by reason), and older rows of the
    same grant replaced; of the accepted rows, how many firms were found by credit code and by name, how many not, and
    of these how many because the register has several firms of the name; rows by title.
    """

    path: Path
    rows: int
    accepted: int
    rejected: int
    updated: int
    by_code: int
    by_name: int
    unmatched: int
    ambiguous: int
    titles: dict[str, int]
    columns: ColumnMap
    reasons: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False

    def __str__(self) -> str:
        firms = (
            f"  企业 firms: 按信用代码 by credit code {self.by_code:,}, 按名称 by name {self.by_name:,}, "
            f"登记数据中未找到 not in the register {self.unmatched:,}"
            + (f" (其中重名 of these several of one name {self.ambiguous:,})" if self.ambiguous else "")
        )
        if self.unchanged:
            before = f"已导入过，无变化 imported before, nothing changed ({self.accepted:,} 行 rows)"
            return f"{self.path.name}: {before}\n{firms}"
        most = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))[:_REASONS_SHOWN]
        return "\n".join(
            [
                f"{self.path.name}: {self.rows:,} 行 rows, 导入 imported {self.accepted:,}, "
                f"未导入 set aside {self.rejected:,}, 更新 updated {self.updated:,}",
                "  列 columns: "
                + ", ".join(map(str, self.columns.assignments))
                + (f"; 未用 unused: {', '.join(self.columns.unused)}" if self.columns.unused else ""),
                *(f"  {title_of(name).zh} {name}: {count:,}" for name, count in self.titles.items()),
                firms,
                *(f"  {count:>8,}  {in_chinese(reason) or ''} {reason}" for reason, count in most),
            ]
        )


def import_titles(
    workspace: Workspace,
    files: Sequence[Path],
    title: str | None = None,
    mapping: UserMapping | None = None,
    *,
    source: str | None = None,
    dry_run: bool = False,
    today: dt.date | None = None,
    progress: Progress | None = None,
) -> list[ImportedTitles]:
    """Import lists of titled firms into the table `title`; bad rows go to `rejected` with their reasons.

    A list is CSV, XLSX or Parquet with the firms' names, and where it has them credit codes, titles, batches, dates and
    periods of validity. `title` is the id of the title of all rows, for lists of one title; `source` says where the
    lists were published (the files' names unless given). Where no end of validity is given it is the usual one of the
    title, the last day that it can be where the grant is known to the month or the year.

    Firms are found in the table `register` by credit code, else by a name that only one firm has; rows of firms that
    are not found are kept with a null `enterprise_id`, and found when the register has them and `match_titles` or an
    import runs again. A grant (firm, title, year; where the year is unknown, batch) that an older file has is updated
    from the newer one. A file that is there already, read in the same way, changes nothing, unless another file has
    updated some of its grants since: then it is the newer one.

    Raises NotFound for a title that the vocabulary has not; FileUnreadable, MappingInvalid or ColumnsMissing before any
    file is imported, where one cannot be read, or has no column of titles and no `title` is given.
    """
    given = None if title is None else title_of(title)
    mapping, paths = mapping or UserMapping(), [Path(file) for file in files]
    if len(paths) > 1:
        for path in paths:
            _open(path, mapping, given)
    return [
        _import_file(workspace, path, mapping, given, source, dry_run, today or dt.date.today(), progress)
        for path in paths
    ]


def match_titles(workspace: Workspace) -> None:
    """Find the firms of the table `title` anew where the register has changed since; else nothing changes."""
    if not workspace.has("title") or not workspace.outdated("title"):
        return
    with workspace.run("match", {"table": "title"}) as run:
        held = workspace.read("title")
        found, _ = _matched(workspace, held, run)
        workspace.write("title", found, run)


def _open(path: Path, mapping: UserMapping, title: Title | None) -> tuple[Source, ColumnMap]:
    source = open_source(path, mapping.read, partial(count_known, kind="titles"))
    columns = map_columns(source.headings, mapping, where=str(path), kind="titles")
    if title is None and columns.heading_of("title_given") is None:
        raise ColumnsMissing(
            "no column holds titles, and none is given for the whole file",
            where=str(path),
            mend='Name the title: --title little_giant; or the column in a mapping file: [columns] title_given = "…".',
            zh="没有称号列，也没有为整个文件指明称号",
            mend_zh='指明称号：--title little_giant；或在列映射文件中写 [columns] title_given = "…"',
        )
    return source, columns


def _import_file(
    workspace: Workspace,
    path: Path,
    user_mapping: UserMapping,
    title: Title | None,
    published: str | None,
    dry_run: bool,
    today: dt.date,
    progress: Progress | None,
) -> ImportedTitles:
    source, columns = _open(path, user_mapping, title)
    digest = sha256_of(path)
    file = digest[:FILE_DIGITS]
    read_as: dict[str, Json] = {
        **columns.as_json(),
        "title": title.id if title else None,
        "source": published,
    }
    mapping = json.dumps(read_as, ensure_ascii=False, sort_keys=True)
    before = held_record(workspace, "titles", digest, mapping)
    if before is not None and stands(workspace, "title", before):
        if not dry_run:
            match_titles(workspace)
        return _unchanged(workspace, path, columns, before)
    with (
        workspace.run("import", {"file": str(path), "mapping": read_as}, record=not dry_run) as run,
        workspace.staging() as folder,
    ):
        run.inputs[path.name] = digest
        with RejectedRows(folder / "rejected.parquet", file, path.name, "titles") as rejected:
            with run.timed("read and check"):
                rows, read = _read(source, TitleCleaner(columns, title, today), rejected, progress)
            rows = rows.append_column("file", pa.repeat(pa.scalar(file), rows.num_rows))
            rows = rows.append_column("source", pa.repeat(pa.scalar(published or path.name), rows.num_rows))
            with run.timed("match"):
                rows, ambiguous = _matched(workspace, _in_schema(rows), run)
            rows, ambiguous = _without_repeated(rows, ambiguous, source, columns, rejected)
        by = Counter(rows["matched_by"].to_pylist())
        result = ImportedTitles(
            path,
            rows=read,
            accepted=rows.num_rows,
            rejected=rejected.rows(),
            updated=0,
            by_code=by[BY_CODE],
            by_name=by[BY_NAME],
            unmatched=by[None],
            ambiguous=int(ambiguous.sum()),
            titles=dict(Counter(rows["title"].to_pylist()).most_common()),
            columns=columns,
            reasons=rejected.reasons(),
        )
        if not dry_run:
            with run.timed("write"):
                result = replace(result, updated=_commit(workspace, run, file, digest, rows, rejected, mapping, result))
    return result


def _read(
    source: Source, cleaner: TitleCleaner, rejected: RejectedRows, progress: Progress | None
) -> tuple[pa.Table, int]:
    """Give the rows without a fault, in our columns, and how many rows there are."""
    good_rows: list[pa.RecordBatch] = []
    read = 0
    for batch in source.batches():
        rejected.add_ragged(batch.ragged)
        read += batch.cells.num_rows + len(batch.ragged)
        if batch.cells.num_rows:
            cleaned, faults = cleaner.clean(batch.cells)
            rejected.add(batch.rows, batch.cells, faults)
            good = ~np.logical_or.reduce([fault.rows for fault in faults])
            good_rows.append(cleaned.append_column("row", pa.array(batch.rows)).filter(pa.array(good)))
        if progress is not None:
            progress(source.path.name, read)
    if read == 0:
        raise FileUnreadable("the file has a header and no rows", where=str(source.path), zh="文件只有表头，没有数据行")
    if not good_rows:
        return _SCHEMA.empty_table().select(["uscc", "name", "title", "row"]), read
    return pa.Table.from_batches(good_rows), read


def _in_schema(rows: pa.Table) -> pa.Table:
    """Give rows in the columns of the table `title`, null where they are missing."""
    columns = [
        rows[field.name].cast(field.type) if field.name in rows.column_names else pa.nulls(rows.num_rows, field.type)
        for field in _SCHEMA
    ]
    return pa.Table.from_arrays(columns, schema=_SCHEMA)


def _matched(workspace: Workspace, rows: pa.Table, run: Run) -> tuple[pa.Table, np.ndarray]:
    """Find the firms of rows in the register; gives the rows, those whose firm is another now without their run, and
    which of them (n) are of several firms of one name.
    """
    # A register that comes later makes what was matched without one outdated.
    run.inputs["register"] = workspace.version("register") if workspace.has("register") else None
    found = match_firms(workspace, rows["uscc"].combine_chunks(), rows["name"].combine_chunks())
    columns = {name: rows[name].combine_chunks() for name in rows.column_names}
    same = pc.and_(
        *(
            pc.equal(pc.fill_null(columns[name], ""), pc.fill_null(new, ""))
            for name, new in (("enterprise_id", found.enterprise_id), ("matched_by", found.matched_by))
        )
    )
    columns["run"] = pc.if_else(same, columns["run"], pa.scalar(None, pa.string()))
    columns |= {"enterprise_id": found.enterprise_id, "matched_by": found.matched_by}
    return pa.Table.from_pydict(columns, schema=_SCHEMA), found.ambiguous.to_numpy(zero_copy_only=False)


def _grants(rows: pa.Table) -> list[tuple[str, str, str]]:
    """Give what tells one grant (n) from another: firm, title and year; where the year is unknown, the batch."""
    names = comparable_names(rows["name"].combine_chunks().cast(pa.large_string())).to_pylist()
    columns = (rows[name].to_pylist() for name in ("enterprise_id", "uscc", "title", "granted", "batch"))
    return [
        (firm or code or f"name {name}", title, str(granted.year) if granted else batch or "")
        for name, firm, code, title, granted, batch in zip(names, *columns, strict=True)
    ]


def _without_repeated(
    rows: pa.Table, ambiguous: np.ndarray, source: Source, columns: ColumnMap, rejected: RejectedRows
) -> tuple[pa.Table, np.ndarray]:
    """Reject every row whose grant stands in an earlier row of the list."""
    numbers = rows["row"].to_numpy()
    first: dict[tuple[str, str, str], int] = {}
    earlier = np.array(
        [first.setdefault(grant, int(row)) for grant, row in zip(_grants(rows), numbers, strict=True)], dtype=np.int64
    )
    repeated = earlier != numbers
    if not repeated.any():
        return rows, ambiguous
    heading = columns.heading_of("name") or ""
    for batch in source.batches():
        chosen = np.isin(batch.rows, numbers[repeated])
        if chosen.any():
            at = np.searchsorted(numbers, batch.rows[chosen])
            rejected.add_repeated(
                numbers[at],
                earlier[at],
                batch.cells.filter(pa.array(chosen)),
                heading,
                "a row above has the same firm, title and year",
            )
    kept = ~repeated
    return rows.filter(pa.array(kept)), ambiguous[kept]


def _commit(
    workspace: Workspace,
    run: Run,
    file: str,
    digest: str,
    rows: pa.Table,
    rejected: RejectedRows,
    mapping: str,
    result: ImportedTitles,
) -> int:
    """Write the rows of a list with those of others that stay, in one commit; gives how many older ones were replaced.

    The record comes last: an import that is killed before it has not been, and can be repeated.
    """
    own = of_file("titles", file)
    if held_record(workspace, "titles", digest) is not None:
        # Imported before: that record ends first, so that an import that is killed is not taken for done.
        workspace.write("import", SCHEMAS["import"].arrow.empty_table(), run, replacing=own)
    faults = workspace.parquet(rejected.path).order_by("row")
    workspace.write("rejected", workspace.stream(faults), run, replacing=own)
    updated = 0
    if workspace.has("title"):
        held = workspace.read("title")
        held, _ = _matched(workspace, held.filter(pc.not_equal(held["file"], file)), run)
        new = set(_grants(rows))
        stays = np.array([grant not in new for grant in _grants(held)], dtype=bool)
        updated = int((~stays).sum())
        rows = pa.concat_tables([held.filter(pa.array(stays, pa.bool_())), rows])
    workspace.write("title", rows, run)
    record = import_record(
        "titles",
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


def _unchanged(workspace: Workspace, path: Path, columns: ColumnMap, before: dict[str, int]) -> ImportedTitles:
    held = workspace.table("title")
    rows = workspace.to_arrow(held.filter(held.file == before["file"]))
    by = Counter(rows["matched_by"].to_pylist())
    ambiguous = match_firms(workspace, rows["uscc"].combine_chunks(), rows["name"].combine_chunks()).ambiguous
    return ImportedTitles(
        path,
        rows=before["rows"],
        accepted=before["accepted"],
        rejected=before["rejected"],
        updated=0,
        by_code=by[BY_CODE],
        by_name=by[BY_NAME],
        unmatched=by[None],
        ambiguous=pc.sum(ambiguous).as_py() or 0,
        titles=dict(Counter(rows["title"].to_pylist()).most_common()),
        columns=columns,
        unchanged=True,
    )
