"""Checks that every file of firms needs: text without formulas, names, credit codes."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import CreditCodeFault, credit_code_faults, normalise_credit_codes
from gaoyuan.registry.columns import ColumnMap
from gaoyuan.registry.faults import Fault, Mask
from gaoyuan.registry.values import Parsed, as_text

_LONGEST_NAME = 200

_FORMULA = r"^[-=+@＝＋－＠]|^#(REF|N/A|VALUE|NAME|DIV)"
_FORMULA_IN_TEXT = r"^=.|^[-+@][A-Za-z0-9+\-]*[(|!]|^#(REF!|N/A|VALUE!|NAME\?|DIV/0!)"

_CODE_FAULTS = {
    CreditCodeFault.LENGTH: (
        "a credit code has 18 characters",
        "Look the code up; the 15-digit registration number of before 2015 is not a credit code.",
    ),
    CreditCodeFault.ALPHABET: (
        "a credit code is made of digits and capital letters without I, O, S, V, Z",
        "Compare with the licence: 0 and O, 1 and I, 5 and S, 2 and Z are easily confused.",
    ),
    CreditCodeFault.CHECK_CHARACTER: (
        "the check character does not fit, so a character of the credit code is wrong",
        "Compare with the licence.",
    ),
}


class CellChecks:
    """Reads the columns of batches of one file, as `columns` says which they are, and notes faults."""

    def __init__(self, columns: ColumnMap) -> None:
        self.columns = columns

    def cells(self, cells: pa.RecordBatch, target: str) -> tuple[str, pa.Array] | None:
        """Give the heading and the cells of the column read as `target`, None where the file has none."""
        heading = self.columns.heading_of(target)
        return None if heading is None else (heading, cells.column(heading))

    def text(self, cells: pa.RecordBatch, target: str, faults: list[Fault]) -> pa.Array:
        """Give a column of text, null where unknown; a formula is a fault."""
        found = self.cells(cells, target)
        if found is None:
            return pa.nulls(cells.num_rows, pa.large_string())
        text = as_text(found[1])
        faults.append(
            Fault(
                mask(pc.match_substring_regex(text, _FORMULA_IN_TEXT)),
                found[0],
                "a formula or its error stands where text should be",
                "Copy the column and paste it as values.",
            )
        )
        return text

    def parsed(
        self,
        cells: pa.RecordBatch,
        target: str,
        parse: Callable[[pa.Array], Parsed],
        kind: pa.DataType,
        faults: list[Fault],
        reason: str,
        mend: str,
    ) -> pa.Array:
        """Give a column by a parser, null where unknown; what it cannot read is a fault with this reason and mend."""
        found = self.cells(cells, target)
        if found is None:
            return pa.nulls(cells.num_rows, kind)
        parsed = parse(found[1])
        faults.append(Fault(parsed.faults, found[0], reason, mend))
        return parsed.values

    def names(self, cells: pa.RecordBatch, faults: list[Fault]) -> pa.Array:
        """Give the names of firms; one that is missing, a formula or too long is a fault."""
        heading = self.columns.heading_of("name") or ""
        names = as_text(cells.column(heading))
        length = pc.utf8_length(names)
        faults.append(
            Fault(mask(pc.is_null(names)), heading, "the name of the firm is missing", "Fill it in, or delete the row.")
        )
        formula = pc.match_substring_regex(names, _FORMULA)
        faults.append(
            Fault(
                mask(formula),
                heading,
                "a formula or its error stands where the name should be",
                "Copy the column and paste it as values.",
            )
        )
        faults.append(
            Fault(
                mask(pc.greater(length, _LONGEST_NAME)),
                heading,
                f"a name of more than {_LONGEST_NAME} characters is none",
                "Check whether columns or rows have run together.",
            )
        )
        return names

    def credit_codes(self, cells: pa.RecordBatch, faults: list[Fault]) -> pa.Array:
        """Give credit codes in their written form, null where unknown; one that is not sound is a fault."""
        found = self.cells(cells, "uscc")
        if found is None:
            return pa.nulls(cells.num_rows, pa.large_string())
        codes = normalise_credit_codes(as_text(found[1]))
        kinds = credit_code_faults(codes)
        for kind, (reason, mend) in _CODE_FAULTS.items():
            faults.append(Fault(kinds == kind, found[0], reason, mend))
        return codes


def mask(values: pa.Array) -> Mask:
    """Give truth values (n) as a mask, unknown ones as false."""
    return pc.fill_null(values, False).to_numpy(zero_copy_only=False).astype(bool, copy=False)
