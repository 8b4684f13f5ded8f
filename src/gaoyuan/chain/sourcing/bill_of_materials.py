"""A bill of materials of many levels, exploded: how much of each part is bought, and when it has to be there.

Material requirements planning (Orlicky 1975) on a graph in which a part may stand under many products: needs are added
up along all paths, dates are counted back by what each assembly takes, so that the latest date of a part is that of the
critical path above it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa

from gaoyuan.chain.sourcing.reading import Columns, Given
from gaoyuan.errors import InputError


class BillLine(NamedTuple):
    """A part to be bought: its `line` (the item, with its day where it has several), `need` in units, `due_days` (None:
    no date; below 0: the day has passed), the lowest `level` at which it stands (1 right below a product), the `path`
    of assemblies from the product down that sets its date, `slack_days` between its lead time and its date (None where
    either is not known), and its `unserved_penalty` in yuan (None where none is given).
    """

    line: Hashable
    item: Hashable
    need: float
    due_days: float | None
    level: int
    path: tuple[Hashable, ...]
    slack_days: float | None
    unserved_penalty: float | None


@dataclass(frozen=True, slots=True)
class Explosion:
    """The parts to be bought, and how many of each assembly are made in between (products included)."""

    lines: tuple[BillLine, ...]
    made: dict[Hashable, float]

    @property
    def critical(self) -> tuple[BillLine, ...]:
        """The lines with the least slack among those of which it is known."""
        known = [line for line in self.lines if line.slack_days is not None]
        least = min((line.slack_days for line in known if line.slack_days is not None), default=None)
        return tuple(line for line in known if line.slack_days == least)

    def to_table(self) -> pa.Table:
        """Give the lines as a table that `source` takes, where every line has a penalty."""
        text = all(isinstance(line.line, str) for line in self.lines)
        return pa.table(
            {
                "line": pa.array([line.line if text else str(line.line) for line in self.lines], pa.string()),
                "item": pa.array([str(line.item) for line in self.lines], pa.string()),
                "need": pa.array([line.need for line in self.lines], pa.float64()),
                "due_days": pa.array([line.due_days for line in self.lines], pa.float64()),
                "unserved_penalty": pa.array([line.unserved_penalty for line in self.lines], pa.float64()),
                "level": pa.array([line.level for line in self.lines], pa.int64()),
                "path": pa.array([" > ".join(map(str, line.path)) for line in self.lines], pa.string()),
                "slack_days": pa.array([line.slack_days for line in self.lines], pa.float64()),
            }
        )


class _Item(NamedTuple):
    assembly_days: float
    lead_days: float | None
    penalty: float | None


class _Demand(NamedTuple):
    need: float
    path: tuple[Hashable, ...]


def explode(
    products: Given, uses: Given, items: Given | None = None, *, shared: Literal["earliest", "by date"] = "earliest"
) -> Explosion:
    """Give what has to be bought to deliver some products, how much and by when.

    `products` has `product`, `quantity` and may have `due_days` (missing: no date). `uses` has `product`, `component`,
    `quantity` (a unit of the product) and may have `scrap`, the share of the component that is lost (at least 0, below
    1: need = quantity / (1 - scrap)); a pair that stands twice is added up. `items` may have `assembly_days` of what is
    made (missing: 0), `lead_days` of what is bought (for the slack) and `penalty_per_unit` in yuan. What has components
    is made, everything else is bought. A component is due when the assembly of its product has to begin.

    A part of several products is one line, due on the earliest of its days ("earliest"), which keeps price tiers
    together; "by date" makes a line for each day. Needs are not rounded to whole units.

    Raises InputError for a product that contains itself, naming the loop, and for cells that cannot be.

    >>> products = [{"product": "bogie", "quantity": 2, "due_days": 60}]
    >>> uses = [{"product": "bogie", "component": "axle", "quantity": 2},
    ...         {"product": "axle", "component": "bearing", "quantity": 4, "scrap": 0.2}]
    >>> items = [{"item": "bogie", "assembly_days": 10}, {"item": "axle", "assembly_days": 5},
    ...          {"item": "bearing", "lead_days": 30}]
    >>> [line] = explode(products, uses, items).lines
    >>> line.line, line.need, line.due_days, line.slack_days, line.path
    ('bearing', 20.0, 45.0, 15.0, ('bogie', 'axle'))
    """
    if shared not in ("earliest", "by date"):
        raise InputError(f"{shared!r} cannot be", where="shared", mend='Give "earliest" or "by date".')
    known = _items(items)
    below = _uses(uses)
    order = _topological(below)
    demands: dict[Hashable, dict[float, _Demand]] = {}
    level: dict[Hashable, int] = {}
    wanted = Columns(products, "products", ("product", "quantity"))
    quantities = wanted.numbers("quantity")
    dates = wanted.numbers("due_days", least=-np.inf, missing=np.inf, infinite=True)
    ends = wanted.ids("product")
    for end, quantity, due in zip(ends, quantities.tolist(), dates.tolist(), strict=True):
        _add(demands, end, due, quantity, (), shared)
        level[end] = 0
    made: dict[Hashable, float] = {}
    for item in [*order, *(end for end in dict.fromkeys(ends) if end not in below)]:
        if item not in demands or item not in below:
            continue
        made[item] = sum(demand.need for demand in demands[item].values())
        begins = known[item].assembly_days if item in known else 0.0
        for due, demand in demands[item].items():
            for component, each in below[item].items():
                _add(demands, component, due - begins, demand.need * each, (*demand.path, item), shared)
        for component in below[item]:
            level[component] = max(level.get(component, 0), level[item] + 1)
    lines = []
    for item, by_date in demands.items():
        if item in below:
            continue
        about = known.get(item, _Item(0.0, None, None))
        for due, demand in sorted(by_date.items()):
            dated = due < np.inf
            lines.append(
                BillLine(
                    line=item if len(by_date) == 1 else f"{item}@{due:g}",
                    item=item,
                    need=demand.need,
                    due_days=due if dated else None,
                    level=level.get(item, 0),
                    path=demand.path,
                    slack_days=due - about.lead_days if dated and about.lead_days is not None else None,
                    unserved_penalty=None if about.penalty is None else about.penalty * demand.need,
                )
            )
    return Explosion(tuple(lines), made)


def _add(
    demands: dict[Hashable, dict[float, _Demand]],
    item: Hashable,
    due: float,
    need: float,
    path: tuple[Hashable, ...],
    shared: str,
) -> None:
    by_date = demands.setdefault(item, {})
    if shared == "earliest" and by_date:
        ((held_due, held),) = by_date.items()
        by_date.clear()
        by_date[min(due, held_due)] = _Demand(held.need + need, path if due < held_due else held.path)
        return
    held = by_date.get(due)
    by_date[due] = _Demand(need, path) if held is None else _Demand(held.need + need, held.path)


def _items(items: Given | None) -> dict[Hashable, _Item]:
    if items is None:
        return {}
    given = Columns(items, "items", ("item",))
    columns = (
        given.unique_ids("item"),
        given.numbers("assembly_days", missing=0.0).tolist(),
        given.numbers("lead_days", missing=np.nan).tolist(),
        given.numbers("penalty_per_unit", missing=np.nan).tolist(),
    )
    return {
        item: _Item(assembly, None if np.isnan(lead) else lead, None if np.isnan(penalty) else penalty)
        for item, assembly, lead, penalty in zip(*columns, strict=True)
    }


def _uses(uses: Given) -> dict[Hashable, dict[Hashable, float]]:
    given = Columns(uses, "uses", ("product", "component", "quantity"))
    scrap = given.numbers("scrap", missing=0.0)
    high = np.flatnonzero(scrap >= 1)
    if high.size:
        raise given.fault(int(high[0]), "scrap", f"{scrap[high[0]]:g} cannot be", "Give a share below 1.")
    each = (given.numbers("quantity") / (1.0 - scrap)).tolist()
    below: dict[Hashable, dict[Hashable, float]] = {}
    for product, component, quantity in zip(given.ids("product"), given.ids("component"), each, strict=True):
        held = below.setdefault(product, {})
        held[component] = held.get(component, 0.0) + quantity
    return below


def _topological(below: dict[Hashable, dict[Hashable, float]]) -> list[Hashable]:
    """Sort what is made so that every product stands before its components. Raises InputError for a loop."""
    above = dict.fromkeys(below, 0)
    for components in below.values():
        for component in components:
            if component in above:
                above[component] += 1
    order = [item for item, count in above.items() if count == 0]
    for item in order:
        for component in below[item]:
            if component in above:
                above[component] -= 1
                if above[component] == 0:
                    order.append(component)
    if len(order) < len(below):
        loop = _loop(below, {item for item, count in above.items() if count > 0})
        raise InputError(
            f"a product contains itself: {' > '.join(map(str, loop))}", where="uses", mend="Take one of these uses out."
        )
    return order


def _loop(below: dict[Hashable, dict[Hashable, float]], tangled: set[Hashable]) -> list[Hashable]:
    """Follow uses upwards among what no order was found for: everything there is used by something there."""
    user = {component: item for item in below if item in tangled for component in below[item] if component in tangled}
    path, seen = [next(item for item in below if item in tangled)], set[Hashable]()
    while path[-1] not in seen:
        seen.add(path[-1])
        path.append(user[path[-1]])
    return path[path.index(path[-1]) :][::-1]
