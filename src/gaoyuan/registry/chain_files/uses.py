"""Importing uses: which product needs which."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.registry.cell_checks import mask
from gaoyuan.registry.chain_files.cells import ChainCells
from gaoyuan.registry.chain_files.list_import import ListKind, texts_joined
from gaoyuan.registry.chain_files.product_names import (
    INPUT,
    PRODUCT,
    comparable_products,
    find_products,
    product_keys,
    product_notes,
)
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
        code, name = self.product(cells, "product", "the name of the product", faults)
        input_code, needed = self.product(cells, "input", "the name of the product that is needed", faults)
        own, other = (
            pc.coalesce(given, comparable_products(called)) for given, called in ((code, name), (input_code, needed))
        )
        faults.append(
            Fault(
                mask(pc.equal(own, other)),
                self.columns.heading_of("input_name") or self.columns.heading_of("input_code") or "",
                "a product that needs itself",
                "Delete the row, or name the input by a name of its own.",
            )
        )
        return pa.RecordBatch.from_pydict(
            {
                "product_code": code,
                "product_name": name,
                "input_code": input_code,
                "input_name": needed,
                "share": self.share(cells, "share", faults),
                "quantity": self.quantity(cells, "quantity", faults),
                "essential": self.flag(cells, "essential", faults),
            }
        ), faults


def _matched(workspace: Workspace, rows: pa.Table, run: Run) -> pa.Table:
    return find_products(workspace, rows, run, PRODUCT, INPUT)


def _notes(workspace: Workspace, rows: pa.Table) -> list[str]:
    notes = product_notes(workspace, rows, PRODUCT, INPUT)
    if not rows.num_rows:
        return notes
    known = rows.filter(pc.is_valid(rows["product"]))
    total = known.group_by("product").aggregate([("share", "sum")])
    over = total.filter(pc.fill_null(pc.greater(total["share_sum"], _MOST_SHARE), False))["product"].to_pylist()
    if not over:
        return notes
    said = ", ".join(sorted(over)[:5])
    return [*notes, f"成本占比之和超过 1 shares that add up to more than 1: {len(over)} 种产品 products ({said})"]


USES = ListKind(
    "uses",
    "uses",
    UsesCleaner,
    _matched,
    lambda rows: texts_joined(product_keys(rows), product_keys(rows, INPUT)),
    "a row above has the same product and input",
    "uses",
    _notes,
)
