"""Finding the firms of a list in the register: by credit code, else by a name that only one firm has."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.registry.identity import comparable_names
from gaoyuan.workspace import Workspace

BY_CODE, BY_NAME = "credit_code", "name"


@dataclass(frozen=True, slots=True)
class Matches:
    """For each firm (n) its `enterprise_id` and by what it was found, null where it was not; `ambiguous` (n) tells of
    which firms the register has several of that name.
    """

    enterprise_id: pa.Array
    matched_by: pa.Array
    ambiguous: pa.Array


def match_firms(workspace: Workspace, codes: pa.Array, names: pa.Array) -> Matches:
    """Find firms (n) by credit code, else by exactly the same name, blanks and width of characters apart.

    A name counts only where one firm of the register has it, and where that firm and the one looked for do not have
    different credit codes. Codes (n, null where unknown) are in their written form. Without a register nothing is
    found.
    """
    plain = comparable_names(names.cast(pa.large_string()))
    held, by_name = _looked_up(workspace, codes.cast(pa.large_string()), plain)
    ids: list[str | None] = []
    found_by: list[str | None] = []
    ambiguous: list[bool] = []
    for code, name in zip(codes.to_pylist(), plain.to_pylist(), strict=True):
        if code is not None and code in held:
            named = {held[code]}
        else:
            named = {firm for firm, own_code in by_name.get(name, ()) if code is None or own_code is None}
        only = next(iter(named)) if len(named) == 1 else None
        ids.append(only)
        found_by.append(None if only is None else BY_CODE if code in held else BY_NAME)
        ambiguous.append(len(named) > 1)
    return Matches(pa.array(ids, pa.string()), pa.array(found_by, pa.string()), pa.array(ambiguous, pa.bool_()))


def _looked_up(
    workspace: Workspace, codes: pa.Array, names: pa.Array
) -> tuple[dict[str, str], dict[str, set[tuple[str, str | None]]]]:
    """Give the firms of the register by those of the codes that it has, and by the names, with their own codes."""
    by_code: dict[str, str] = {}
    by_name: dict[str, set[tuple[str, str | None]]] = {}
    if not workspace.has("register") or not len(names):
        return by_code, by_name
    wanted_codes, wanted_names = codes.drop_null().unique(), names.drop_null().unique()
    for batch in workspace.stream(workspace.table("register").select("enterprise_id", "uscc", "name")):
        code = batch.column("uscc").cast(pa.large_string())
        name = comparable_names(batch.column("name").cast(pa.large_string()))
        chosen = pc.or_(pc.is_in(code, wanted_codes), pc.is_in(name, wanted_names))
        firms = zip(
            *(column.filter(chosen).to_pylist() for column in (batch.column("enterprise_id"), code, name)), strict=True
        )
        for firm, own_code, own_name in firms:
            if own_code is not None:
                by_code[own_code] = firm
            by_name.setdefault(own_name, set()).add((firm, own_code))
    return by_code, by_name
