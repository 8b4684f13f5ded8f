"""What is to be sourced: lines, suppliers and offers, checked and numbered."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from gaoyuan.chain.sourcing.reading import Columns, Floats, Given, Mask, Tiers, Whole

_LINE_COLUMNS = ("line", "need", "due_days", "unserved_penalty")
_SUPPLIER_COLUMNS = ("supplier", "capacity_hours", "local")
_OFFER_COLUMNS = ("line", "supplier", "price_tiers", "moq", "pack", "lead_days", "hours_per_unit")


@dataclass(frozen=True, slots=True)
class Problem:
    """Lines 0 … n-1, suppliers 0 … m-1 and offers 0 … k-1 as arrays.

    Lines (n): `need` in units, `due_days` (NaN: no date), `penalty` in yuan for not serving it, `wanted` 1 or 2
    suppliers, `critical`. Suppliers (m): `capacity` in hours (NaN: not known), `local`, `place_known`. Offers (k): the
    numbers of their `line` and `supplier`, `tiers`, `moq` and `pack` in units, `lead_days` (NaN: not known), `hours` a
    unit, `certified` where the line's certificates are all held.
    """

    lines: Sequence[Hashable]
    need: Floats
    due_days: Floats
    penalty: Floats
    wanted: Whole
    critical: Mask
    suppliers: Sequence[Hashable]
    capacity: Floats
    local: Mask
    place_known: Mask
    line: Whole
    supplier: Whole
    tiers: Tiers
    moq: Floats
    pack: Floats
    lead_days: Floats
    hours: Floats
    certified: Mask


def read_problem(lines: Given, suppliers: Given, offers: Given) -> Problem:
    """Read and check the three tables; what each column means is told at `source`.

    Raises ColumnsMissing for a table without a column that it needs, and InputError for a cell that cannot be, naming
    table, row and column.
    """
    of_lines, of_suppliers, of_offers = (
        Columns(lines, "lines", _LINE_COLUMNS),
        Columns(suppliers, "suppliers", _SUPPLIER_COLUMNS),
        Columns(offers, "offers", _OFFER_COLUMNS),
    )
    line_ids, supplier_ids = of_lines.unique_ids("line"), of_suppliers.unique_ids("supplier")
    line = of_offers.places("line", line_ids, "lines")
    supplier = of_offers.places("supplier", supplier_ids, "suppliers")
    local, place_known = of_suppliers.truths("local")
    return Problem(
        lines=line_ids,
        need=of_lines.numbers("need"),
        due_days=of_lines.numbers("due_days", least=-np.inf, missing=np.nan, infinite=True),
        penalty=of_lines.numbers("unserved_penalty"),
        wanted=_wanted(of_lines),
        critical=of_lines.truths("critical")[0],
        suppliers=supplier_ids,
        capacity=of_suppliers.numbers("capacity_hours", missing=np.nan, infinite=True),
        local=local,
        place_known=place_known,
        line=line,
        supplier=supplier,
        tiers=of_offers.tiers("price_tiers"),
        moq=of_offers.numbers("moq"),
        pack=of_offers.numbers("pack", above=True),
        lead_days=of_offers.numbers("lead_days", missing=np.nan),
        hours=of_offers.numbers("hours_per_unit"),
        certified=_certified(of_lines, of_suppliers, of_offers, line, supplier),
    )


def _wanted(lines: Columns) -> Whole:
    wanted = lines.numbers("suppliers_wanted", missing=1.0)
    bad = np.flatnonzero((wanted != 1) & (wanted != 2))
    if bad.size:
        raise lines.fault(int(bad[0]), "suppliers_wanted", f"{wanted[bad[0]]:g} cannot be", "Give 1 or 2.")
    return wanted.astype(np.int64)


def _certified(lines: Columns, suppliers: Columns, offers: Columns, line: Whole, supplier: Whole) -> Mask:
    """Tell of each offer whether it or its supplier holds every certificate that the line asks for."""
    passes = np.ones(len(offers), dtype=bool)
    required = lines.sets("certificates_required")
    if required is None:
        return passes
    by_supplier, by_offer = suppliers.sets("certificates"), offers.sets("certificates")
    asking = np.array([bool(names) for names in required], dtype=bool)
    for offer in np.flatnonzero(asking[line]).tolist():
        held = by_supplier[supplier[offer]] if by_supplier is not None else frozenset()
        own = by_offer[offer] if by_offer is not None else frozenset()
        passes[offer] = required[line[offer]] <= (held | own)
    return passes
