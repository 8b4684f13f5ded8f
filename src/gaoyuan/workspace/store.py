"""A workspace: a folder of versioned tables, and the engine that queries them.

The tables are Delta Lake tables, so every write is atomic and a reader sees the old or the new version, never a
mixture. Queries go through Ibis on an in-memory DuckDB that reads the Parquet files which the newest version of a table
lists.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, Schema, WriterProperties, write_deltalake
from ibis.backends.duckdb import Backend
from ibis.expr import types as ir
from ibis.formats.pyarrow import PyArrowType

from gaoyuan.errors import NotFound, ResultsOutdated, StepMissing, WorkspaceBusy
from gaoyuan.workspace.folders import MARK, check_folder, make_folder
from gaoyuan.workspace.pump import pumped
from gaoyuan.workspace.runs import Json, Run, new_run
from gaoyuan.workspace.tables import SCHEMAS

_WRITER = WriterProperties(compression="ZSTD", compression_level=3)
_MADE_BY = {
    **dict.fromkeys(("register", "rejected", "import", "run"), "import {} enterprises FILE"),
    "title": "import {} titles FILE",
    "fact": "import {} facts FILE",
    "title_standing": "titles {}",
    **dict.fromkeys(("sample_truth", "sample_verdict", "sample_chain"), "sample {}"),
    "product": "import {} products FILE",
    "uses": "import {} uses FILE",
    "makes": "import {} makes FILE",
    "trade": "import {} trades FILE",
    "io_table": "import {} io FILE",
    "estimated_trade": "chain {} reconstruct",
    "supply_rate": "chain {} supply",
    **dict.fromkeys(("chain_gap", "gap_candidate"), "chain {} gaps"),
    "firm_risk": "chain {} risk",
}
"""The verb that writes a table, the workspace left open; `observe` for every other."""

Rows: TypeAlias = pa.Table | pa.RecordBatchReader


@dataclass(frozen=True, slots=True)
class TableState:
    """What a table of a workspace holds now."""

    name: str
    zh: str
    grain: str
    rows: int
    version: int
    bytes: int


class Workspace:
    """A folder of tables. Make one with `create_workspace`, open one with `open_workspace`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        states = self.tables()
        held = "\n".join(f"  {state.name:<20} {state.rows:>12,}  {state.zh}" for state in states) or "  no tables yet"
        return f"Gaoyuan workspace {self.path}\n{held}"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{state.name}</td><td>{state.zh}</td><td>{state.rows:,}</td></tr>" for state in self.tables()
        )
        return f"<b>{self.path}</b><table><tr><th>table</th><th>表</th><th>rows</th></tr>{rows}</table>"

    @cached_property
    def engine(self) -> Backend:
        """The query engine, one connection for the life of this object."""
        spill = self.path / ".spill"
        connection = ibis.duckdb.connect(temp_directory=str(spill))
        connection.raw_sql("SET preserve_insertion_order = false")
        connection.raw_sql("SET enable_progress_bar = false")
        return connection

    def has(self, name: str) -> bool:
        """Whether the table has been written."""
        return DeltaTable.is_deltatable(self._folder(name))

    def table(self, name: str) -> ir.Table:
        """Give the newest version of a table as an Ibis table.

        Raises NotFound for a name that no table of a workspace has, StepMissing for one that no step has written yet.
        """
        delta = self._delta(name)
        # The files lie in one folder; their addresses are not paths, for they are written as in a URL.
        files = [self.path / "tables" / name / uri.rpartition("/")[2] for uri in delta.file_uris()]
        if not files:
            return ibis.memtable(SCHEMAS[name].arrow.empty_table())
        table = self.parquet(*files, name=f"{name}_{delta.version()}_{id(self)}")
        # A workspace of an older Gaoyuan may lack columns that came later: nothing is known of them.
        wanted = SCHEMAS[name].arrow
        lacking = {
            new.name: ibis.null(PyArrowType.to_ibis(new.type)) for new in wanted if new.name not in table.columns
        }
        return table.mutate(**lacking).select(*wanted.names)

    def parquet(self, *files: Path, name: str | None = None) -> ir.Table:
        """Give Parquet files of one schema, such as those in `staging`, as one Ibis table."""
        # The engine would take these two for a pattern.
        exact = [re.sub(r"[*?]", r"[\g<0>]", str(file)) for file in files]
        return self.engine.read_parquet(exact, table_name=name, union_by_name=True)

    def read(self, name: str, columns: Iterable[str] | None = None) -> pa.Table:
        """Give a table, or some columns of it, in memory."""
        table = self.table(name)
        return self.to_arrow(table.select(*columns) if columns is not None else table)

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Run an Ibis expression and give its rows in memory."""
        return self.engine.to_pyarrow(expression)

    def stream(self, expression: ir.Table, rows: int = 200_000) -> pa.RecordBatchReader:
        """Run an Ibis expression and give its rows in batches, so that more than memory holds can pass through."""
        return self.engine.to_pyarrow_batches(expression, chunk_size=rows)

    def version(self, name: str) -> int:
        """Give the version of a table, counted from 0."""
        return self._delta(name).version()

    def outdated(self, name: str) -> bool:
        """Whether what a table was made from has changed since, or the run that wrote it did not end."""
        runs = self._runs_in_order()
        return self.has(name) and self._outdated(name, runs)

    def require_current(self, *names: str) -> None:
        """Raise ResultsOutdated where one of the tables is outdated; one that has not been written is not."""
        runs = self._runs_in_order()
        if any(self.has(name) and self._outdated(name, runs) for name in names):
            raise ResultsOutdated(
                "the register has changed since the results were made, or observing was broken off",
                where=str(self.path),
                mend=f"Run again: gaoyuan observe {self.path}",
                zh="结果生成之后登记数据有变化，或测度中途停止",
                mend_zh=f"重新运行：gaoyuan observe {self.path}",
            )

    def _runs_in_order(self) -> list[tuple[dict[str, int | None], dict[str, int]]]:
        """Give the versions that each run read (None: the table was not there) and wrote, the newest run first."""
        return [
            (
                {name: version for name, version in json.loads(row["inputs"]).items() if name in SCHEMAS},
                {name: written["version"] for name, written in json.loads(row["outputs"]).items()},
            )
            for row in self.runs().select(["inputs", "outputs"]).to_pylist()
        ]

    def _outdated(self, name: str, runs: list[tuple[dict[str, int | None], dict[str, int]]]) -> bool:
        now = self.version(name)
        made = next((read for read, wrote in runs if wrote.get(name) == now), None)
        return made is None or any(self.has(table) and self.version(table) != read for table, read in made.items())

    def tables(self) -> list[TableState]:
        """Give the tables that have been written, in the order of the schemas."""
        states: list[TableState] = []
        for name, schema in SCHEMAS.items():
            if self.has(name):
                delta = self._delta(name)
                actions = pa.table(delta.get_add_actions(flatten=True))
                rows = pc.sum(actions["num_records"]).as_py() or 0
                size = pc.sum(actions["size_bytes"]).as_py() or 0
                states.append(TableState(name, schema.zh, schema.grain, rows, delta.version(), size))
        return states

    def runs(self) -> pa.Table:
        """Give the table of runs, the newest first."""
        if not self.has("run"):
            return SCHEMAS["run"].arrow.empty_table()
        return self.read("run").sort_by([("started", "descending")])

    def write(
        self,
        name: str,
        rows: Rows,
        run: Run,
        mode: Literal["overwrite", "append"] = "overwrite",
        *,
        replacing: str | None = None,
    ) -> int:
        """Write a table in one atomic commit and note it in the run; gives the table's new version.

        `rows` has the table's columns; `run` is filled in where it is missing or null. `replacing` is a condition in
        SQL: with it, only the rows that meet it are replaced. An error in making the rows is raised as it is, an
        interruption ends the writing, and the table stays as it was.
        """
        schema = SCHEMAS[name].arrow
        faults: list[BaseException] = []
        stop = threading.Event()
        reader = _conformed(rows, schema, run.id, faults, stop)
        folder = self._folder(name)
        self._add_new_columns(name)

        def commit() -> None:
            if replacing:
                write_deltalake(folder, reader, mode="overwrite", predicate=replacing, writer_properties=_WRITER)
            else:
                write_deltalake(folder, reader, mode=mode, writer_properties=_WRITER)

        try:
            _done_unless_interrupted(commit, stop)
        except Exception:
            # The writer knows the error in making the rows only as text.
            if faults:
                raise faults[0] from None
            raise
        delta = self._delta(name)
        delta.vacuum(retention_hours=168, dry_run=False)
        actions = pa.table(delta.get_add_actions(flatten=True))
        run.outputs[name] = {"version": delta.version(), "rows": pc.sum(actions["num_records"]).as_py() or 0}
        return delta.version()

    @contextmanager
    def run(
        self, step: str, parameters: Mapping[str, Json] | None = None, *, reads: Iterable[str] = (), record: bool = True
    ) -> Iterator[Run]:
        """Run a step: lock the workspace, note what is read, and record the run when it has succeeded.

        Raises WorkspaceBusy while another process runs a step. A step that fails leaves no record, nor does one that
        only tries (`record` false).
        """
        with self._locked():
            run = new_run(step, parameters)
            for name in reads:
                run.inputs[name] = self.version(name)
            yield run
            if record:
                write_deltalake(self._folder("run"), run.record(), mode="append", writer_properties=_WRITER)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Give an empty folder inside the workspace that is removed afterwards, also after an error."""
        folder = self.path / ".staging"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _add_new_columns(self, name: str) -> None:
        """Give a table that an older Gaoyuan wrote the columns that came later."""
        if not self.has(name):
            return
        delta = self._delta(name)
        held = {field.name for field in delta.schema().fields}
        lacking = [column for column in SCHEMAS[name].arrow if column.name not in held]
        if lacking:
            delta.alter.add_columns(list(Schema.from_arrow(pa.schema(lacking)).fields))

    def _folder(self, name: str) -> str:
        """Give the address of a table's folder, as a URL: a plain path is misread where it has blanks or %."""
        if name not in SCHEMAS:
            raise NotFound(
                f"no table {name!r}",
                mend=f"Tables are: {', '.join(SCHEMAS)}.",
                zh=f"没有名为 {name!r} 的表",
                mend_zh="表名见 gaoyuan tables",
            )
        return (self.path / "tables" / name).absolute().as_uri()

    def _delta(self, name: str) -> DeltaTable:
        folder = self._folder(name)
        if not DeltaTable.is_deltatable(folder):
            verb = _MADE_BY.get(name, "observe {}").format(self.path)
            raise StepMissing(
                f"the table {name!r} has not been written yet",
                where=str(self.path),
                mend=f"Run first: gaoyuan {verb}",
                zh=f"表 {name}（{SCHEMAS[name].zh}）尚未生成",
                mend_zh=f"先运行：gaoyuan {verb}",
            )
        return DeltaTable(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.path / ".lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WorkspaceBusy(
                    "another process is writing to this workspace",
                    where=str(self.path),
                    mend="Wait until it has ended, then try again.",
                    zh="另一个程序正在写入此工作区",
                    mend_zh="等它结束后再试",
                ) from None
            yield


def create_workspace(path: str | os.PathLike[str]) -> Workspace:
    """Make a workspace in a folder that is new or empty.

    A folder that is a workspace already is opened and left as it is. Raises InputError where the folder holds anything
    else, cannot be made, or has a path in which tables cannot be stored.
    """
    folder = Path(path)
    if (folder / MARK).exists():
        return open_workspace(folder)
    make_folder(folder)
    return Workspace(folder)


def open_workspace(path: str | os.PathLike[str]) -> Workspace:
    """Open a workspace; raises NotAWorkspace where the folder is none or a newer Gaoyuan made it, InputError where it
    lies in a path in which tables cannot be stored.
    """
    folder = Path(path)
    check_folder(folder)
    return Workspace(folder)


def _done_unless_interrupted(work: Callable[[], None], stop: threading.Event) -> None:
    """Do work in a thread of its own, so that this one hears an interruption, which then sets `stop`."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="gaoyuan-write") as pool:
        try:
            pool.submit(work).result()
        except KeyboardInterrupt:
            stop.set()
            raise


def _conformed(
    rows: Rows, schema: pa.Schema, run: str, faults: list[BaseException], stop: threading.Event
) -> pa.RecordBatchReader:
    """Give rows in a table's columns and types until `stop` is set; an error in making them is added to `faults`."""
    batches = rows.to_batches() if isinstance(rows, pa.Table) else rows

    def cast() -> Iterator[pa.RecordBatch]:
        try:
            for batch in batches:
                if stop.is_set():
                    raise InterruptedError("the writing was interrupted")
                columns = [
                    _runs(batch, run) if name == "run" else batch.column(name).cast(kind)
                    for name, kind in zip(schema.names, schema.types, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(columns, schema=schema)
        except BaseException as fault:
            faults.append(fault)
            raise

    return pa.RecordBatchReader.from_batches(schema, pumped(cast()))


def _runs(batch: pa.RecordBatch, run: str) -> pa.Array:
    if "run" in batch.schema.names:
        return pc.fill_null(batch.column("run").cast(pa.string()), run)
    return pa.repeat(pa.scalar(run), batch.num_rows)
