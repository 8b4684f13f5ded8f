"""Importing makers: which firm makes which product."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import divisions
from gaoyuan.registry.cell_checks import mask
from gaoyuan.registry.chain_files.cells import ChainCells
from gaoyuan.registry.chain_files.firms import find_firms, firm_keys
from gaoyuan.registry.chain_files.list_import import ListKind, texts_joined
from gaoyuan.registry.chain_files.product_names import PRODUCT, find_products, product_keys, product_notes
from gaoyuan.registry.columns import ColumnMap
from gaoyuan.registry.faults import Fault
from gaoyuan.registry.locating.stated import stated_divisions
from gaoyuan.workspace import Run, Workspace


class MakesCleaner(ChainCells):
    """Cleans batches of a list of makers."""

    def __init__(self, columns: ColumnMap, today: dt.date) -> None:
        super().__init__(columns)

    def clean(self, cells: pa.RecordBatch) -> tuple[pa.RecordBatch, list[Fault]]:
        """Give the columns of the table `makes` for every row, and the faults."""
        faults: list[Fault] = []
        place = self.text(cells, "place", faults)
        code, product = self.product(cells, "product", "the name of the product", faults)
        return pa.RecordBatch.from_pydict(
            {
                "uscc": self.credit_codes(cells, faults),
                "name": self.names(cells, faults),
                "place": place,
                "division": pc.coalesce(self._divisions(cells, faults), stated_divisions(place)),
                "product_code": code,
                "product_name": product,
                "capacity": self.quantity(cells, "capacity", faults),
                "output_yuan": self.amount(cells, "output_yuan", faults, negative=False),
                "national_share": self.share(cells, "national_share", faults),
            }
        ), faults

    def _divisions(self, cells: pa.RecordBatch, faults: list[Fault]) -> pa.Array:
        given = self.text(cells, "division_given", faults)
        known = pa.array(sorted({code for _, code in divisions()}), given.type)
        faults.append(
            Fault(
                mask(pc.and_(pc.is_valid(given), pc.invert(pc.is_in(given, value_set=known)))),
                self.columns.heading_of("division_given") or "",
                "no such division in GB/T 2260, now or since 2002",
                "Give the six-digit code of the county; leave unknown ones empty.",
            )
        )
        return given.cast(pa.string())


def _matched(workspace: Workspace, rows: pa.Table, run: Run) -> pa.Table:
    rows = find_firms(workspace, rows, run, uscc="uscc", name="name", found="enterprise_id", by="matched_by")
    return find_products(workspace, rows, run, PRODUCT)


def _notes(workspace: Workspace, rows: pa.Table) -> list[str]:
    found = rows.num_rows - rows["enterprise_id"].null_count
    return [
        f"登记数据中找到企业 firms found in the register: {found:,} 行 rows, "
        f"未找到 not found {rows.num_rows - found:,}",
        *product_notes(workspace, rows, PRODUCT),
    ]


MAKES = ListKind(
    "makes",
    "makes",
    MakesCleaner,
    _matched,
    lambda rows: texts_joined(firm_keys(rows, "enterprise_id", "uscc", "name"), product_keys(rows)),
    "a row above has the same firm and product",
    "makers",
    _notes,
)
