"""Plans as tables: one row a target, with the columns of a plan's file.

Columns are named in Chinese or English; besides the parts of a target there are `baseline_year`, `baseline_value`,
`source`, milestones as `2025-12-31=520亿元; …`, and one column a year for the observed values.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gaoyuan.assess.grids import read_grid
from gaoyuan.assess.targets.plan import read_time
from gaoyuan.errors import InputError

TARGET_PARTS = {
    "id", "zh", "en", "metric", "kind", "unit", "direction", "op", "baseline", "value", "due", "milestones", "observed",
    "workspace", "trend",
}  # fmt: skip
"""What a target of a plan may say."""
_HEADINGS = {
    "标识": "id", "名称": "zh", "指标": "metric", "类型": "kind", "单位": "unit", "方向": "direction",
    "基期": "baseline_year", "基期值": "baseline_value", "目标值": "value", "到期日": "due", "节点": "milestones",
    "来源": "source", "工作区": "workspace", "趋势": "trend",
}  # fmt: skip


def read_table(file: Path) -> dict[str, object]:
    """Give a table of targets (XLSX or CSV, headings in the first row) as the plain data of a YAML plan.

    Columns that no plan has stay under their own names, for the reader of plans to refuse. Raises InputError for a
    table without rows.
    """
    grid = [row for row in read_grid(file) if any(row)]
    if len(grid) < 2:
        raise InputError(
            "the table has no targets",
            where=str(file),
            mend="Give headings and one row a target.",
            zh="表中没有目标",
            mend_zh="给出表头，每个目标一行",
        )
    names = [_heading(cell) for cell in grid[0]]
    return {"id": file.stem, "targets": [_table_row(dict(zip(names, row, strict=False))) for row in grid[1:]]}


def _heading(cell: str) -> str:
    words = cell.split()
    last = words[-1] if words else ""
    return last if last in TARGET_PARTS else _HEADINGS.get(words[0] if words else "", last)


def _table_row(row: Mapping[str, str]) -> dict[str, object]:
    entry: dict[str, object] = {
        name: _number_or_text(cell) if name == "value" else cell
        for name, cell in row.items()
        if cell and name in TARGET_PARTS - {"milestones", "workspace"}
    }
    if row.get("baseline_value"):
        entry["baseline"] = {"year": row.get("baseline_year"), "value": _number_or_text(row["baseline_value"])}
    if row.get("milestones"):
        pairs = [part.split("=", 1) for part in row["milestones"].replace("；", ";").split(";") if part.strip()]
        entry["milestones"] = [{"due": pair[0].strip(), "value": _number_or_text(pair[-1].strip())} for pair in pairs]
    if row.get("workspace"):
        entry["workspace"] = {"figure": row["workspace"]}
    series = {name: _number_or_text(cell) for name, cell in row.items() if cell and read_time(name) is not None}
    if series:
        entry["observed"] = {"source": row.get("source", ""), "series": series}
    extra = {name: cell for name, cell in row.items() if cell and not _placed(name)}
    return {**entry, **extra}


def _placed(name: str) -> bool:
    known = TARGET_PARTS | {"baseline_year", "baseline_value", "source", ""}
    return name in known or read_time(name) is not None


def _number_or_text(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell
