"""Enterprises of a snapshot: those that results name, and all where there are not too many."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.portal.snapshots.models import Firm, Snapshot
from gaoyuan.workspace import Workspace

MOST_FIRMS = 500_000
_COLUMNS = ["enterprise_id", "uscc", "name", "county", "industry", "employees", "revenue_yuan"]
_NAMED_BY = ("cluster_member", "title", "title_standing", "firm_risk")


def read_firms(workspace: Workspace, snapshot: Snapshot) -> Iterator[Firm]:
    """Give the enterprises: all of a register of up to half a million, of a larger one those in clusters, with titles
    or in the trade network.
    """
    clusters, titles = _joined(workspace, "cluster_member", "cluster_id"), _joined(workspace, "title", "title")
    rows = workspace.read("enterprise", _COLUMNS)
    if rows.num_rows > MOST_FIRMS:
        named = [workspace.read(name, ["enterprise_id"])["enterprise_id"] for name in _NAMED_BY if workspace.has(name)]
        chosen = pa.concat_arrays([pc.cast(chunk, pa.large_string()) for column in named for chunk in column.chunks])
        rows = rows.filter(pc.is_in(pc.cast(rows["enterprise_id"], pa.large_string()), value_set=chosen))
    for row in rows.to_pandas().itertuples(index=False):
        number = str(row.enterprise_id)
        yield Firm(
            snapshot=snapshot,
            enterprise_id=number,
            uscc=_text(row.uscc),
            name=_text(row.name) or number,
            county=_text(row.county),
            industry=_text(row.industry),
            employees=_number(row.employees),
            revenue_yuan=_number(row.revenue_yuan),
            clusters=clusters.get(number, "")[:400],
            titles=titles.get(number, "")[:400],
        )


def _joined(workspace: Workspace, table: str, column: str) -> dict[str, str]:
    """Give the values of a column by enterprise, with bars between them."""
    if not workspace.has(table):
        return {}
    rows = workspace.read(table, ["enterprise_id", column]).to_pandas().dropna().drop_duplicates()
    return rows.groupby("enterprise_id")[column].agg("|".join).to_dict()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None
