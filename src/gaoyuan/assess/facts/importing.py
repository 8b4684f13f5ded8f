"""The step that imports files of facts into the table `fact`, all or nothing per file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import pyarrow as pa

from gaoyuan.assess.facts.rows import FactRow, RowFault, read_fact_rows
from gaoyuan.registry.import_records import FILE_DIGITS, held_record, import_record, of_file, sha256_of, stands
from gaoyuan.workspace import SCHEMAS, Run, Workspace

_SCHEMA = pa.schema([column for column in SCHEMAS["fact"].arrow if column.name != "run"])
_REJECTED = pa.schema([column for column in SCHEMAS["rejected"].arrow if column.name != "run"])
_KEY = ("subject_kind", "subject", "metric", "year", "source")
_REASONS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ImportedFacts:
    """What became of a file: values read, now in the table, set aside, and older values of the same source replaced."""

    path: Path
    rows: int
    accepted: int
    rejected: int
    updated: int
    subjects: int
    reasons: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False

    def __str__(self) -> str:
        if self.unchanged:
            return (
                f"{self.path.name}: 已导入过，无变化 imported before, nothing changed ({self.accepted:,} 个值 values)"
            )
        most = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))[:_REASONS_SHOWN]
        lines = [
            f"{self.path.name}: {self.rows:,} 个值 values of {self.subjects:,} 个对象 subjects, "
            f"导入 imported {self.accepted:,}, 未导入 set aside {self.rejected:,}, 更新 updated {self.updated:,}"
        ]
        return "\n".join([*lines, *(f"  {count:>8,}  {reason}" for reason, count in most)])


def import_facts(
    workspace: Workspace, files: Sequence[Path], subject: str | None = None, *, dry_run: bool = False
) -> list[ImportedFacts]:
    """Import files of facts into the table `fact`; bad rows go to `rejected` with their reasons.

    `subject` is that of rows which name none. A value of a subject, metric and year that the same source gave before is
    replaced; another source's stays beside it. A file that is there already changes nothing, unless another file has
    replaced some of its values since; imported with another `subject`, it takes its own place. Raises FileUnreadable
    and ColumnsMissing for a file that cannot be used: before any is imported where one is no table of facts, else
    those before it stay imported.
    """
    paths = [Path(file) for file in files]
    if len(paths) > 1:
        for path in paths:
            read_fact_rows(path, subject)
    return [_import_file(workspace, path, subject, dry_run) for path in paths]


def _import_file(workspace: Workspace, path: Path, subject: str | None, dry_run: bool) -> ImportedFacts:
    read = read_fact_rows(path, subject)
    digest = sha256_of(path)
    mapping = json.dumps({"subject": subject}, sort_keys=True)
    before = held_record(workspace, "facts", digest, mapping)
    if before is not None and stands(workspace, "fact", before):
        return ImportedFacts(path, before["rows"], before["accepted"], before["rejected"], 0, 0, unchanged=True)
    rows = [row for row in read if isinstance(row, FactRow)]
    faults = [row for row in read if isinstance(row, RowFault)]
    updated = 0
    if not dry_run:
        with workspace.run("import", {"file": str(path), "subject": subject}) as run:
            run.inputs[path.name] = digest
            updated = _write(workspace, run, path, digest, mapping, rows, faults)
    return ImportedFacts(
        path,
        rows=len(read),
        accepted=len(rows),
        rejected=len(faults),
        updated=updated,
        subjects=len({row.subject for row in rows}),
        reasons=dict(Counter(f"{fault.zh} {fault.en}" for fault in faults)),
    )


def _write(
    workspace: Workspace,
    run: Run,
    path: Path,
    digest: str,
    mapping: str,
    rows: Sequence[FactRow],
    faults: Sequence[RowFault],
) -> int:
    """Write the values of a file with those of others that stay; gives how many older ones of others were replaced.

    The record comes last: an import that is killed before it has not been, and can be repeated.
    """
    file = digest[:FILE_DIGITS]
    own = of_file("facts", file)
    if held_record(workspace, "facts", digest) is not None:
        workspace.write("import", SCHEMAS["import"].arrow.empty_table(), run, replacing=own)
    workspace.write("rejected", _rejected(faults, file, path.name), run, replacing=own)
    new = _table(rows, file)
    updated = 0
    if workspace.has("fact"):
        held = workspace.table("fact")
        held = held.filter(held.file != file)
        keys = ibis.memtable(new.select(_KEY))
        keys = keys.mutate(year=ibis.coalesce(keys.year, 0))
        old = held.mutate(key_year=ibis.coalesce(held.year, 0))
        same = [old[name] == keys[name] for name in _KEY if name != "year"]
        kept = workspace.to_arrow(old.anti_join(keys, [*same, old.key_year == keys.year]).drop("key_year"))
        updated = workspace.to_arrow(held.select("subject")).num_rows - kept.num_rows
        with_run = new.append_column("run", pa.repeat(pa.scalar(run.id), new.num_rows))
        new = pa.concat_tables([kept.select(with_run.column_names).cast(with_run.schema), with_run])
    workspace.write("fact", new, run)
    record = import_record(
        "facts",
        path,
        digest,
        mapping,
        rows=len(rows) + len(faults),
        accepted=len(rows),
        rejected=len(faults),
        updated=updated,
    )
    workspace.write("import", record, run, replacing=own)
    return updated


def _table(rows: Sequence[FactRow], file: str) -> pa.Table:
    columns = {
        "subject_kind": [row.kind for row in rows],
        "subject": [row.subject for row in rows],
        "metric": [row.metric for row in rows],
        "year": [row.year for row in rows],
        "value": [row.value for row in rows],
        "text": [row.text for row in rows],
        "source": [row.source for row in rows],
        "source_run": [row.run or None for row in rows],
        "file": [file] * len(rows),
        "row": [row.row for row in rows],
    }
    return pa.Table.from_pydict(columns, schema=_SCHEMA)


def _rejected(faults: Iterable[RowFault], file: str, name: str) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "file": file,
                "file_name": name,
                "kind": "facts",
                "row": fault.row,
                "column": fault.heading,
                "value": fault.value,
                "reason_zh": fault.zh,
                "mend_zh": fault.mend_zh,
                "reason": fault.en,
                "mend": fault.mend_en,
                "record": json.dumps(fault.cells, ensure_ascii=False),
            }
            for fault in faults
        ],
        schema=_REJECTED,
    )
