"""Importing uses: which product needs which."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.registry.cell_checks import mask
from gaoyuan.registry.chain_files.cells import ChainCells
from gaoyuan.registry.chain_files.list_import import ListKind, texts_joined
from gaoyuan.registry.chain_files.product_names import comparable_products, product_index, unlisted_products
from gaoyuan.registry.columns import ColumnMap
from gaoyuan.registry.faults import Fault
from gaoyuan.workspace import Run, Workspace

_MOST_SHARE = 1.01


class UsesCleaner(ChainCells):
    """Cleans batches of a list of uses."""

    def __init__(self, columns: ColumnMap, today: dt.date) -> None:
        super().__init__(columns)

    def clean(self, cells: pa.RecordBatch) -> tuple[pa.RecordBatch, list[Fault]]:
        """Give the columns of the table `uses` for every row, and the faults."""
        faults: list[Fault] = []
        name = self.needed(cells, "product_name", "the name of the product", faults)
        needed = self.needed(cells, "input_name", "the name of the product that is needed", faults)
        codes = [self.text(cells, target, faults) for target in ("product_code", "input_code")]
        own, other = (
            pc.coalesce(code, comparable_products(called)) for code, called in zip(codes, (name, needed), strict=True)
        )
        faults.append(
            Fault(
                mask(pc.equal(own, other)),
                self.columns.heading_of("input_name") or "",
                "a product that needs itself",
                "Delete the row, or name the input by a name of its own.",
            )
        )
        return pa.RecordBatch.from_pydict(
            {
                # Codes until the products are looked up.
                "product": codes[0],
                "product_name": name,
                "input": codes[1],
                "input_name": needed,
                "share": self.share(cells, "share", faults),
                "quantity": self.quantity(cells, "quantity", faults),
                "essential": self.flag(cells, "essential", faults),
            }
        ), faults


def _matched(workspace: Workspace, rows: pa.Table, run: Run) -> pa.Table:
    run.inputs["product"] = workspace.version("product") if workspace.has("product") else None
    index = product_index(workspace)
    for own, name in (("product", "product_name"), ("input", "input_name")):
        found = index.find(rows[own].combine_chunks(), rows[name].combine_chunks())
        rows = rows.set_column(rows.schema.get_field_index(own), rows.schema.field(own), found)
    return rows


def _notes(workspace: Workspace, rows: pa.Table) -> list[str]:
    notes = unlisted_products(workspace, rows["product"], rows["input"])
    if not rows.num_rows:
        return notes
    total = rows.group_by("product_name").aggregate([("share", "sum")])
    over = total.filter(pc.fill_null(pc.greater(total["share_sum"], _MOST_SHARE), False))["product_name"].to_pylist()
    if not over:
        return notes
    said = ", ".join(sorted(over)[:5])
    return [*notes, f"成本占比之和超过 1 shares that add up to more than 1: {len(over)} 种产品 products ({said})"]


USES = ListKind(
    "uses",
    "uses",
    UsesCleaner,
    _matched,
    lambda rows: texts_joined(rows["product"], rows["input"]),
    "a row above has the same product and input",
    "uses",
    _notes,
)
