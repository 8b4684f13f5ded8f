"""Reports of quality: of a table of the organisation's own workspace, as a job; of a file, at once and without keeping
it.

Only the organisation's own workspace counts, never that of an office above it: what an office's tables are like is not
for those below to tell.
"""

from __future__ import annotations

import hashlib
import io
import json
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc_csv
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gaoyuan.errors import FileUnreadable, NotAWorkspace, NotFound
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.dataproducts.models import QualityReport
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.jobs.running import Tell, kind
from gaoyuan.portal.jobs.showing import Text, show
from gaoyuan.trust.canonical import canonical_json
from gaoyuan.trust.registry.quality import TableQuality, measure_table
from gaoyuan.workspace import SCHEMAS, TableState, Workspace, open_workspace

__all__ = ["KIND", "MOST_FILE_BYTES", "measure_file", "tables_of"]

KIND = "data quality"
MOST_FILE_BYTES = 20 << 20
_MOST_COMPARED = 2_000_000
"""Rows up to which it is counted how many differ from all others."""
_HIDDEN = frozenset({"run", "import"})
"""Tables of the workspace that are no data of anybody's."""


def name_jobs() -> None:
    """Say what this kind of job and its stages are called, and where what it gives is seen."""
    stages: dict[str, Text] = {"measure columns": _("measuring columns"), "compare rows": _("comparing rows")}

    def place(job: Job) -> str:
        made = (job.result or {}).get("report")
        return reverse("data_quality_report", args=[made]) if made else reverse("data_quality")

    show(KIND, _("Measuring the quality of a table"), stages, place)


def tables_of(organisation: Organisation) -> list[TableState]:
    """Give the tables of an organisation's own workspace that can be measured; none where it has none."""
    workspace = _workspace(organisation)
    return [one for one in workspace.tables() if one.name not in _HIDDEN and one.rows] if workspace else []


@kind(KIND)
def measure(job: Job, tell: Tell) -> dict[str, Any]:
    """Measure a table column by column, and keep the report."""
    workspace = _workspace(job.organisation)
    name = str(job.given.get("table", ""))
    if workspace is None or name in _HIDDEN or name not in SCHEMAS or not workspace.has(name):
        raise NotFound("the workspace has no such table", zh="工作区没有这张表")
    state = next(one for one in workspace.tables() if one.name == name)
    schema = SCHEMAS[name]
    tell("compare rows", 0, 0)
    different = _different(workspace, state)
    columns = [column.name for column in schema.columns]
    tell("measure columns", 0, len(columns))
    found = measure_table(
        [(one, partial(_column, workspace, name, one)) for one in columns],
        state.rows,
        timezone.localdate(),
        different,
        lambda done: tell("measure columns", done, len(columns)),
    )
    wrote = {
        row["run"]: row for row in workspace.runs().select(["run", "outputs"]).to_pylist() if name in row["outputs"]
    }
    run = next((key for key, row in wrote.items() if _wrote(row["outputs"], name, state.version)), "")
    report = keep(job.organisation, f"{schema.zh} {name}", found, version=state.version, run=run)
    return {"report": str(report.pk), "rows": state.rows}


def measure_file(organisation: Organisation, name: str, content: bytes) -> QualityReport:
    """Measure a CSV file (UTF-8 or GB 18030) and keep the report, not the file. Raises FileUnreadable."""
    text = _as_utf8(content)
    options = pc_csv.ConvertOptions(column_types={}, strings_can_be_null=True)
    try:
        heading = pc_csv.read_csv(io.BytesIO(text), pc_csv.ReadOptions(autogenerate_column_names=True)).slice(0, 1)
        names = [str(one[0].as_py() or "").strip() for one in heading.columns] if heading.num_rows else []
        if len(set(names)) != len(names) or not all(names):
            raise FileUnreadable("a column has no name, or two have the same", zh="有的列没有名称，或者列名重复")
        options.column_types = dict.fromkeys(names, pa.string())
        table = pc_csv.read_csv(
            io.BytesIO(text),
            pc_csv.ReadOptions(column_names=names, skip_rows=1),
            convert_options=options,
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise FileUnreadable(f"the file is no CSV: {str(fault)[:200]}", zh="文件不是有效的 CSV") from None
    if not table.num_rows:
        raise FileUnreadable("the file has no rows below its heading", zh="文件没有数据行")
    different = table.group_by(names).aggregate([]).num_rows
    found = measure_table(
        [(one, partial(table.column, one)) for one in names], table.num_rows, timezone.localdate(), different
    )
    return keep(organisation, name[-200:], found)


def keep(
    organisation: Organisation, source: str, found: TableQuality, *, version: int | None = None, run: str = ""
) -> QualityReport:
    """Keep a report."""
    content = {**found.plain(), "source": source, "version": version, "run": run}
    digest = hashlib.sha256(canonical_json(content)).hexdigest()
    return QualityReport.objects.create_for(
        organisation, source=source, version=version, run=run, content=content, sha256=digest
    )


def _workspace(organisation: Organisation) -> Workspace | None:
    if not organisation.workspace:
        return None
    try:
        return open_workspace(organisation.workspace)
    except NotAWorkspace:
        return None


def _column(workspace: Workspace, table: str, column: str) -> pa.ChunkedArray:
    return workspace.read(table, [column])[column]


def _different(workspace: Workspace, state: TableState) -> int | None:
    if state.rows > _MOST_COMPARED:
        return None
    rows = workspace.table(state.name).distinct().count().as_table()
    return int(workspace.to_arrow(rows).column(0)[0].as_py())


def _wrote(outputs: str, name: str, version: int) -> bool:
    written = json.loads(outputs).get(name)
    return isinstance(written, dict) and written.get("version") == version


def _as_utf8(content: bytes) -> bytes:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    raise FileUnreadable("the file is neither UTF-8 nor GB 18030 text", zh="文件不是 UTF-8 或 GB 18030 文本")
