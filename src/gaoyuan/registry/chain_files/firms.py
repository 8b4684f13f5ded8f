"""Finding the firms of a chain's files in the register, each pair of code and name once."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.registry.firm_matching import match_firms
from gaoyuan.registry.identity import comparable_names
from gaoyuan.workspace import Run, Workspace

_SEPARATOR = pa.scalar("\x1f", pa.large_string())


def find_firms(
    workspace: Workspace, rows: pa.Table, run: Run, *, uscc: str, name: str, found: str, by: str
) -> pa.Table:
    """Find the firms of rows by the columns `uscc` and `name`; fills the columns `found` (ids) and `by` (how)."""
    # A register that comes later makes what was matched without one outdated.
    run.inputs["register"] = workspace.version("register") if workspace.has("register") else None
    codes, names = (rows[column].combine_chunks().cast(pa.large_string()) for column in (uscc, name))
    pairs = pc.binary_join_element_wise(
        pc.fill_null(codes, ""), pc.fill_null(names, ""), _SEPARATOR
    ).dictionary_encode()
    first = pc.index_in(pa.array(range(len(pairs.dictionary)), pairs.indices.type), pairs.indices)
    matches = match_firms(workspace, codes.take(first), names.take(first))
    for column, values in ((found, matches.enterprise_id), (by, matches.matched_by)):
        field = rows.schema.field(column)
        rows = rows.set_column(rows.schema.get_field_index(column), field, values.take(pairs.indices).cast(field.type))
    return rows


def firm_keys(rows: pa.Table, found: str, uscc: str, name: str) -> pa.Array:
    """Give what tells the firms of rows (n) apart: id, else credit code, else comparable name."""
    plain = comparable_names(rows[name].combine_chunks().cast(pa.large_string()))
    named = pc.binary_join_element_wise(pa.scalar("name", pa.large_string()), plain, _SEPARATOR)
    known = (rows[column].combine_chunks().cast(pa.large_string()) for column in (found, uscc))
    return pc.coalesce(*known, named)
