"""Importing trades: who sold what to whom."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.registry.cell_checks import mask
from gaoyuan.registry.chain_files.cells import ChainCells
from gaoyuan.registry.chain_files.firms import find_firms, firm_keys
from gaoyuan.registry.chain_files.list_import import ListKind, texts_joined
from gaoyuan.registry.chain_files.product_names import PRODUCT, find_products, product_keys, product_notes
from gaoyuan.registry.columns import ColumnMap
from gaoyuan.registry.faults import Fault
from gaoyuan.registry.identity import comparable_names
from gaoyuan.registry.values import as_date
from gaoyuan.workspace import Run, Workspace


class TradesCleaner(ChainCells):
    """Cleans batches of a list of trades. Returns and corrections have amounts below 0; 0 is kept as it is."""

    def __init__(self, columns: ColumnMap, today: dt.date) -> None:
        super().__init__(columns)
        self._today = today

    def clean(self, cells: pa.RecordBatch) -> tuple[pa.RecordBatch, list[Fault]]:
        """Give the columns of the table `trade` for every row, and the faults."""
        faults: list[Fault] = []
        seller = self.needed(cells, "seller", "the seller", faults)
        buyer = self.needed(cells, "buyer", "the buyer", faults)
        seller_code, buyer_code = (self.codes_of_firms(cells, f"{side}_uscc", faults) for side in ("seller", "buyer"))
        code, product = self.product(cells, "product", "the name of the product", faults)
        same_name = pc.equal(comparable_names(seller), comparable_names(buyer))
        faults.append(
            Fault(
                # Two firms may have one name; their codes tell them apart.
                mask(pc.coalesce(pc.equal(seller_code, buyer_code), same_name)),
                self.columns.heading_of("buyer") or "",
                "seller and buyer are the same firm",
                "Correct one of the two, or delete the row.",
            )
        )
        columns = {
            "seller_uscc": seller_code,
            "seller": seller,
            "buyer_uscc": buyer_code,
            "buyer": buyer,
            "product_code": code,
            "product_name": product,
            "amount_yuan": self.amount(cells, "amount_yuan", faults, negative=True),
            "quantity": self.quantity(cells, "quantity", faults, negative=True),
            "date": self.parsed(
                cells,
                "date",
                partial(as_date, today=self._today),
                pa.date32(),
                faults,
                "no date, or one in the future",
                "Write dates as 2019-04-01.",
            ),
            "number": self.text(cells, "number", faults),
        }
        return pa.RecordBatch.from_pydict(columns), faults


def _matched(workspace: Workspace, rows: pa.Table, run: Run) -> pa.Table:
    for side in ("seller", "buyer"):
        rows = find_firms(
            workspace, rows, run, uscc=f"{side}_uscc", name=side, found=f"{side}_id", by=f"{side}_matched_by"
        )
    return find_products(workspace, rows, run, PRODUCT)


def _keys(rows: pa.Table) -> pa.Array:
    """A trade without the number of a document is always one of its own."""
    sides = (firm_keys(rows, f"{side}_id", f"{side}_uscc", side) for side in ("seller", "buyer"))
    return texts_joined(rows["number"], *sides, product_keys(rows))


def _notes(workspace: Workspace, rows: pa.Table) -> list[str]:
    both = pc.and_(pc.is_valid(rows["seller_id"]), pc.is_valid(rows["buyer_id"]))
    found = pc.sum(both).as_py() or 0
    unknown = rows["amount_yuan"].null_count
    notes = [f"买卖双方都在登记数据中 both sides found in the register: {found:,} / {rows.num_rows:,} 行 rows"]
    notes += product_notes(workspace, rows, PRODUCT)
    return [*notes, f"金额未知 amount unknown: {unknown:,} 行 rows"] if unknown else notes


TRADES = ListKind(
    "trades",
    "trade",
    TradesCleaner,
    _matched,
    _keys,
    "a row above has the same document, seller, buyer and product",
    "trades",
    _notes,
)
