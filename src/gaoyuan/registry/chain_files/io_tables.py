"""Importing input-output tables: each file is one table, whole or not at all."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.errors import FileUnreadable, InputError
from gaoyuan.registry.chain_files.io_labels import INTERMEDIATE, known_headings
from gaoyuan.registry.chain_files.io_matrix import IoMatrix, read_io_matrix
from gaoyuan.registry.import_records import FILE_DIGITS, held_record, import_record, of_file, sha256_of
from gaoyuan.registry.reading import ReadSettings, open_source
from gaoyuan.workspace import SCHEMAS, Json, Workspace

UNITS = {
    "元": 1.0,
    "yuan": 1.0,
    "千元": 1e3,
    "万元": 1e4,
    "百万元": 1e6,
    "千万元": 1e7,
    "亿元": 1e8,
    "十亿元": 1e9,
}
"""The units of money that can be named, in yuan."""

DEFAULT_UNIT = "万元"
"""The unit of the tables of the National Bureau of Statistics."""

_LARGEST = 2_000


@dataclass(frozen=True, slots=True)
class ImportedIoTable:
    """What became of a file: the name of its table, its sectors, its rows, the sums of flows and outputs, how many
    cells of an older table of that name it replaced, and notes. Sectors are `measurable` where no flow or output is
    negative.
    """

    path: Path
    table: str
    unit: str
    sectors: int
    rows: int
    flows_yuan: float
    output_yuan: float
    updated: int = 0
    rejected: int = 0
    notes: tuple[str, ...] = field(default=())
    unchanged: bool = False
    measurable: bool = True

    def __str__(self) -> str:
        if self.unchanged:
            return f"{self.path.name}: 已导入过，无变化 imported before, nothing changed (表 table {self.table})"
        replaced = f", 替换 replaced {self.updated:,} 格 cells" if self.updated else ""
        return "\n".join(
            [
                f"{self.path.name}: 表 table {self.table}, {self.sectors} 个部门 sectors, "
                f"单位 unit {self.unit}{replaced}",
                f"  总产出 output {self.output_yuan / 1e8:,.0f} 亿元, 中间流量 flows {self.flows_yuan / 1e8:,.0f} 亿元 "
                "(10⁸ yuan)",
                *(f"  {note}" for note in self.notes),
            ]
        )


def import_io_table(
    workspace: Workspace,
    files: Sequence[Path],
    table: str | None = None,
    unit: str | None = None,
    dry_run: bool = False,
    *,
    source: str | None = None,
) -> list[ImportedIoTable]:
    """Import input-output tables; `read_io_matrix` says which forms are read.

    A table is named after its file, or `table` where there is one file; a table of the same name is replaced. `unit` is
    a name in `UNITS` or the number of yuan in one unit; without it values are in 万元, which a note says. A file that
    is there already under the same name and unit changes nothing. Every file is read before any is written.

    Raises InputError for a unit that is not known, one name for several files, a table that is not square, a cell that
    is no number or an output that is missing; FileUnreadable for what is no table.
    """
    paths = [Path(file) for file in files]
    if table is not None and len(paths) > 1:
        raise InputError(
            f"one name for {len(paths)} tables",
            where=f"--table {table}",
            mend="Import them one by one, or leave the name out: each is then named after its file.",
            zh=f"{len(paths)} 个文件只有一个表名",
            mend_zh="逐个导入；或不写表名，以文件名为表名",
        )
    if table is not None and not table.strip():
        raise InputError("the name of the table is empty", where="--table", zh="表名为空")
    factor = _yuan_in(unit)
    read = [_read(path) for path in paths]
    return [
        _import_file(workspace, path, (table or path.stem).strip(), unit, factor, source, matrix, rows, dry_run)
        for path, (matrix, rows) in zip(paths, read, strict=True)
    ]


def _yuan_in(unit: str | None) -> float:
    named = (unit or DEFAULT_UNIT).strip()
    if named in UNITS:
        return UNITS[named]
    try:
        factor = float(named.replace(",", ""))
    except ValueError:
        factor = math.nan
    if not (math.isfinite(factor) and factor > 0):
        raise InputError(
            f"unit {named!r} is not known",
            where="--unit",
            mend=f"Write one of {', '.join(UNITS)}, or how many yuan one unit is, such as 7000000.",
            zh=f"单位 {named!r} 无法识别",
            mend_zh=f"写作 {'、'.join(UNITS)} 之一，或一个单位合多少元，如 7000000",
        )
    return factor


def _read(path: Path) -> tuple[IoMatrix, int]:
    opened = open_source(path, ReadSettings(), known_headings)
    batches = list(opened.batches())
    ragged = [row for batch in batches for row in batch.ragged]
    if ragged:
        raise InputError(f"row {ragged[0].row}: {ragged[0].reason}", where=str(path), mend=ragged[0].mend)
    held = [batch for batch in batches if batch.cells.num_rows]
    if not held:
        raise FileUnreadable("the file has a header and no rows", where=str(path), zh="文件只有表头，没有数据行")
    rows = pa.Table.from_batches([batch.cells for batch in held])
    if max(rows.num_rows, rows.num_columns) > _LARGEST:
        raise InputError(
            f"{rows.num_rows:,} rows × {rows.num_columns:,} columns are more than an input-output table has",
            where=str(path),
            mend="Give a square matrix of sectors; a list of flows is no matrix.",
            zh=f"{rows.num_rows:,} 行 × {rows.num_columns:,} 列，不像投入产出表",
            mend_zh="请给部门×部门的方阵",
        )
    numbers = np.concatenate([batch.rows for batch in held])
    return read_io_matrix(opened.headings, rows, numbers, str(path)), rows.num_rows


def _import_file(
    workspace: Workspace,
    path: Path,
    name: str,
    unit: str | None,
    factor: float,
    source: str | None,
    matrix: IoMatrix,
    rows: int,
    dry_run: bool,
) -> ImportedIoTable:
    digest = sha256_of(path)
    file = digest[:FILE_DIGITS]
    read_as: dict[str, Json] = {"table": name, "yuan": factor, "source": source}
    mapping = json.dumps(read_as, ensure_ascii=False, sort_keys=True)
    values = pc.multiply(matrix.cells["value"], factor)
    parts = matrix.cells["part"]
    notes = list(matrix.notes)
    if unit is None:
        notes.insert(
            0, f"单位按万元 values are taken to be in {DEFAULT_UNIT}; 其他单位用 otherwise name it with --unit"
        )
    result = ImportedIoTable(
        path,
        name,
        unit or DEFAULT_UNIT,
        len(matrix.codes),
        rows,
        float(pc.sum(values.filter(pc.equal(parts, INTERMEDIATE))).as_py() or 0.0),
        float(pc.sum(values.filter(pc.equal(parts, "output"))).as_py() or 0.0),
        notes=tuple(notes),
        measurable=not matrix.negative_flows and not matrix.negative_outputs,
    )
    count = matrix.cells.num_rows
    held, own = _held(workspace, name, file)
    if held_record(workspace, "io", digest, mapping) is not None and held == own == count:
        return replace(result, notes=(), unchanged=True)
    if dry_run:
        return result
    schema = SCHEMAS["io_table"].arrow
    columns = {
        "table": pa.repeat(pa.scalar(name), count),
        **{key: matrix.cells[key] for key in ("part", "from_code", "from_name", "to_code", "to_name")},
        "value_yuan": values,
        "source": pa.repeat(pa.scalar(source or path.name), count),
        "file": pa.repeat(pa.scalar(file), count),
        "run": pa.nulls(count, pa.string()),
    }
    new = pa.table({key: columns[key] for key in schema.names}).cast(schema)
    with workspace.run("import", {"file": str(path), "mapping": read_as}) as run:
        run.inputs[path.name] = digest
        if held_record(workspace, "io", digest) is not None:
            # That record ends first, so that an import that is killed is not taken for done.
            workspace.write("import", SCHEMAS["import"].arrow.empty_table(), run, replacing=of_file("io", file))
        workspace.write("io_table", new, run, replacing=f"\"table\" = '{name.replace(chr(39), chr(39) * 2)}'")
        record = import_record(
            "io", path, digest, mapping, rows=rows, accepted=rows, rejected=0, updated=held
        )  # fmt: skip
        workspace.write("import", record, run, replacing=of_file("io", file))
    return replace(result, updated=held)


def _held(workspace: Workspace, name: str, file: str) -> tuple[int, int]:
    """Count the cells of the table of that name, and those of them that are of the file."""
    if not workspace.has("io_table"):
        return 0, 0
    cells = workspace.table("io_table")
    files = workspace.to_arrow(cells.filter(cells.table == name).select("file"))["file"]
    return len(files), int(pc.sum(pc.equal(files, file)).as_py() or 0)
