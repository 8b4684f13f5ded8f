"""Importing products: what there is in a chain."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import industries
from gaoyuan.registry.chain_files.cells import ChainCells
from gaoyuan.registry.chain_files.list_import import ListKind
from gaoyuan.registry.chain_files.product_names import (
    INPUT,
    PRODUCT,
    comparable_products,
    index_of_products,
    listing_notes,
    sharing_rows,
)
from gaoyuan.registry.columns import ColumnMap
from gaoyuan.registry.faults import Fault
from gaoyuan.registry.industry_cells import industry_code
from gaoyuan.workspace import Run, Workspace

_REFERRING = (("uses", "uses", (PRODUCT, INPUT)), ("makes", "makes", (PRODUCT,)), ("trades", "trade", (PRODUCT,)))
_SEPARATORS = r"\s*[|;；,，、/]\s*"


class ProductCleaner(ChainCells):
    """Cleans batches of a list of products."""

    def __init__(self, columns: ColumnMap, today: dt.date) -> None:
        super().__init__(columns)

    def clean(self, cells: pa.RecordBatch) -> tuple[pa.RecordBatch, list[Fault]]:
        """Give the columns of the table `product` for every row, and the faults."""
        faults: list[Fault] = []
        name = self.needed(cells, "product_name", "the name of the product", faults)
        code = self.text(cells, "product_code", faults)
        given = self.text(cells, "industry_given", faults)
        industry = pa.array(
            [
                found if (found := industry_code(text, zeros_lost=False)) in industries() else None
                for text in given.to_pylist()
            ],
            pa.string(),
        )
        faults.append(
            Fault(
                pc.and_(pc.is_valid(given), pc.is_null(industry)).to_numpy(zero_copy_only=False).astype(bool),
                self.columns.heading_of("industry_given") or "",
                "no such industry in GB/T 4754-2017 or 2011",
                "Give a letter or a code of 2 to 4 digits with its leading zero; leave unknown ones empty.",
            )
        )
        return pa.RecordBatch.from_pydict(
            {
                "product": pc.coalesce(code, comparable_products(name)),
                "product_name": name,
                "aliases": pc.replace_substring_regex(self.text(cells, "aliases", faults), _SEPARATORS, "|"),
                "chain": self.text(cells, "chain", faults),
                "unit": self.text(cells, "unit", faults),
                "industry": industry,
                "imported_share": self.share(cells, "imported_share", faults),
            }
        ), faults


def _as_they_are(workspace: Workspace, rows: pa.Table, run: Run) -> pa.Table:
    return rows


def _notes(workspace: Workspace, rows: pa.Table) -> list[str]:
    """Tell the names that products share once the file is in, those of other files included."""
    called = rows.select(["product", "product_name", "aliases"])
    if workspace.has("product"):
        held = workspace.read("product", called.column_names)
        newer = pc.is_in(held["product"], value_set=called["product"].combine_chunks())
        called = pa.concat_tables([held.filter(pc.invert(newer)), called])
    index = index_of_products(called)
    return listing_notes(
        index,
        (
            (kind, sharing_rows(index, workspace.read(table), *references))
            for kind, table, references in _REFERRING
            if workspace.has(table)
        ),
    )


PRODUCTS = ListKind(
    "products",
    "product",
    ProductCleaner,
    _as_they_are,
    lambda rows: rows["product"].combine_chunks(),
    "a row above has the same product",
    "products",
    _notes,
)
