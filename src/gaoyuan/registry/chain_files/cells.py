"""Checks that the files of a chain share: names and codes of products, shares, quantities, amounts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import CreditCodeFault, credit_code_faults, normalise_credit_codes
from gaoyuan.registry.cell_checks import CellChecks, mask
from gaoyuan.registry.columns import ColumnMap
from gaoyuan.registry.faults import Fault
from gaoyuan.registry.values import Parsed, as_amount, as_flag, as_number, as_share, as_text

_LONGEST = 200
_FILL_IN = "Fill it in, or delete the row."
Columns = dict[str, pa.Array]


class ChainCells(CellChecks):
    """Reads the columns of batches of a file of a chain, and notes faults."""

    def __init__(self, columns: ColumnMap) -> None:
        super().__init__(columns)

    def needed(self, cells: pa.RecordBatch, target: str, what: str, faults: list[Fault]) -> pa.Array:
        """Give a column of text that no row may leave empty; `what` names it in messages."""
        text = self.text(cells, target, faults)
        heading = self.columns.heading_of(target) or ""
        faults.append(Fault(mask(pc.is_null(text)), heading, f"{what} is missing", _FILL_IN))
        faults.append(_too_long(text, heading))
        return text

    def product(
        self, cells: pa.RecordBatch, which: Literal["product", "input"], what: str, faults: list[Fault]
    ) -> tuple[pa.Array, pa.Array]:
        """Give the codes and the names of the products that rows refer to; a row needs one of the two, and `what` says
        in messages what is missing where it has none.
        """
        code, name = (self.text(cells, f"{which}_{part}", faults) for part in ("code", "name"))
        heading, of_code = (self.columns.heading_of(f"{which}_{part}") or "" for part in ("name", "code"))
        neither = mask(pc.and_(pc.is_null(code), pc.is_null(name)))
        faults.append(Fault(neither, heading or of_code, f"{what} is missing", _FILL_IN))
        faults.append(_too_long(name, heading))
        return code, name

    def codes_of_firms(self, cells: pa.RecordBatch, target: str, faults: list[Fault]) -> pa.Array:
        """Give the credit codes of a side of a trade, null where unknown; one that is not sound is a fault."""
        found = self.cells(cells, target)
        if found is None:
            return pa.nulls(cells.num_rows, pa.large_string())
        codes = normalise_credit_codes(as_text(found[1]))
        faults.append(
            Fault(
                credit_code_faults(codes) > CreditCodeFault.MISSING,
                found[0],
                "no sound credit code",
                "Compare with the licence; leave unknown ones empty.",
            )
        )
        return codes

    def share(self, cells: pa.RecordBatch, target: str, faults: list[Fault]) -> pa.Array:
        """Give a column of shares as fractions of 1; a heading with % or 百分 says that all of it is percent."""
        heading = self.columns.heading_of(target) or ""
        percent = any(mark in heading for mark in ("%", "％", "百分"))
        return self._number(
            cells,
            target,
            partial(as_share, percent=percent),
            faults,
            "no share of 0 to 1",
            "Write 35% or 0.35; leave unknown ones empty.",
        )

    def quantity(self, cells: pa.RecordBatch, target: str, faults: list[Fault], *, negative: bool = False) -> pa.Array:
        """Give a column of numbers, of 0 or more unless they may be `negative`."""
        reason = "no number" if negative else "no number of 0 or more"
        parse = partial(as_number, signed=negative)
        return self._number(cells, target, parse, faults, reason, "Write a number such as 12.5, its unit apart.")

    def amount(self, cells: pa.RecordBatch, target: str, faults: list[Fault], *, negative: bool) -> pa.Array:
        """Give a column of money in yuan, by the unit of its heading."""
        factor = next((given.factor for given in self.columns.assignments if given.target == target), 1.0)
        amount = self._number(
            cells,
            target,
            partial(as_amount, factor=factor),
            faults,
            "no amount of money",
            "Write a number, or a number with 万元 or 亿元.",
        )
        if not negative:
            faults.append(
                Fault(
                    mask(pc.less(amount, 0.0)),
                    self.columns.heading_of(target) or "",
                    "an amount below 0",
                    "Correct it; leave unknown ones empty.",
                )
            )
        return amount

    def flag(self, cells: pa.RecordBatch, target: str, faults: list[Fault]) -> pa.Array:
        """Give a column of yes and no."""
        return self.parsed(
            cells,
            target,
            as_flag,
            pa.bool_(),
            faults,
            "neither yes nor no",
            "Write 是 or 否; leave unknown ones empty.",
        )

    def _number(
        self,
        cells: pa.RecordBatch,
        target: str,
        parse: Callable[[pa.Array], Parsed],
        faults: list[Fault],
        reason: str,
        mend: str,
    ) -> pa.Array:
        return self.parsed(cells, target, parse, pa.float64(), faults, reason, mend)


def _too_long(text: pa.Array, heading: str) -> Fault:
    return Fault(
        mask(pc.greater(pc.utf8_length(text), _LONGEST)),
        heading,
        f"a name of more than {_LONGEST} characters is none",
        "Check whether columns or rows have run together.",
    )
