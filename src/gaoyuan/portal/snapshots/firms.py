"""Enterprises of a snapshot: those that results name, and all where there are not too many."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.workspace import Workspace

MOST_FIRMS = 500_000
_BATCH = 50_000
_LONGEST_LIST = 400
_COLUMNS = ["enterprise_id", "uscc", "name", "county", "industry", "employees", "revenue_yuan"]
_NAMED_BY = ("cluster_member", "title", "title_standing", "firm_risk")


FIELDS = (
    "enterprise_id",
    "uscc",
    "name",
    "county",
    "industry",
    "employees",
    "revenue_yuan",
    "clusters",
    "titles",
)


def read_firms(workspace: Workspace) -> Iterator[tuple[object, ...]]:
    """Give the enterprises as rows of `FIELDS`: all of a register of up to half a million, of a larger one those in
    clusters, with titles or in the trade network.
    """
    clusters, titles = _joined(workspace, "cluster_member", "cluster_id"), _joined(workspace, "title", "title")
    rows = workspace.read("enterprise", _COLUMNS)
    if rows.num_rows > MOST_FIRMS:
        named = [workspace.read(name, ["enterprise_id"])["enterprise_id"] for name in _NAMED_BY if workspace.has(name)]
        chosen = pa.concat_arrays([pc.cast(chunk, pa.large_string()) for column in named for chunk in column.chunks])
        rows = rows.filter(pc.is_in(pc.cast(rows["enterprise_id"], pa.large_string()), value_set=chosen))
    for batch in rows.to_batches(max_chunksize=_BATCH):
        numbers, names = batch["enterprise_id"].to_pylist(), batch["name"].to_pylist()
        sizes = [_numbers(batch[name]) for name in ("employees", "revenue_yuan")]
        yield from zip(
            numbers,
            batch["uscc"].to_pylist(),
            [name or number for name, number in zip(names, numbers, strict=True)],
            batch["county"].to_pylist(),
            batch["industry"].to_pylist(),
            *sizes,
            [clusters.get(number, "")[:_LONGEST_LIST] for number in numbers],
            [titles.get(number, "")[:_LONGEST_LIST] for number in numbers],
            strict=True,
        )


def _joined(workspace: Workspace, table: str, column: str) -> dict[str, str]:
    """Give the values of a column by enterprise, with bars between them."""
    if not workspace.has(table):
        return {}
    rows = workspace.read(table, ["enterprise_id", column]).to_pandas().dropna().drop_duplicates()
    joined: dict[str, str] = {}
    for number, value in zip(rows["enterprise_id"], rows[column], strict=True):
        joined[number] = f"{joined[number]}|{value}" if number in joined else value
    return joined


def _numbers(column: pa.Array) -> list[float | None]:
    """Give numbers, None for what is no number."""
    return [None if value is None or value != value else float(value) for value in column.to_pylist()]
