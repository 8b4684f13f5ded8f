"""Where a cluster stands in its chains, for its annual report: what its firms make, what they lack, what is local.

The states of links are those in the cluster's county, where one is known, as suppliers next door are no gap.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.atlas.link_state import STATES, link_states
from gaoyuan.chain.known_chain import Chain, read_chain
from gaoyuan.chain.local_supply import SupplyRates, local_supply_rate, rates_by_products
from gaoyuan.chain.makers import LOCAL
from gaoyuan.errors import StepMissing
from gaoyuan.report.run_notes import Origin
from gaoyuan.workspace import Workspace

_TABLES = ("product", "uses", "makes", "trade")
_URGENCY = ("missing", "imported", "single_source", "weak", "unknown")
Scope: TypeAlias = Literal["cluster", "county"]


@dataclass(frozen=True, slots=True)
class Link:
    """A product: its makers among the members and in the county (None where no county is known), the share of the
    country that the members state (None where none does), the state of the link in the county (see `link_states`), and
    the names of the cluster's products that need it.
    """

    product: str
    name: str
    members: int
    in_county: int | None
    national_share: float | None
    state: str
    needed_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalRate:
    """A local supply rate (本地配套率): of all purchases of the firms of a `scope`, or of the inputs that they need,
    the share from within it. `rate` is that of what is known, from `low` to `high` with what is not.
    """

    scope: Scope
    by: Literal["trades", "products"]
    rate: float
    low: float
    high: float
    total: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Supply:
    """What the workspace's lists of products, uses, makers and trades say of a cluster; `known` is false without any.

    `made` are the products of the members, `needed` the inputs of these whose link is not strong, the most urgent
    first; `inputs` counts all inputs.
    """

    known: bool = False
    made: tuple[Link, ...] = ()
    needed: tuple[Link, ...] = ()
    inputs: int = 0
    rates: tuple[LocalRate, ...] = ()
    origins: tuple[Origin, ...] = ()


def read_supply(workspace: Workspace, cluster_id: str, county: str, *, has_members: bool) -> Supply:
    """Read a cluster's place in its chains; nothing where the workspace has no products.

    A cluster without known members has neither products nor a rate of its own, only its county's rate.
    """
    if not workspace.has("product"):
        return Supply()
    try:
        around = read_chain(workspace, county or None)
        inside = read_chain(workspace, cluster_id) if has_members else None
    except StepMissing:
        return Supply()
    rates = [*_rates(inside, "cluster"), *(_rates(around, "county") if county else ())]
    origins = tuple(Origin(_runs(workspace, name), name) for name in _TABLES if workspace.has(name))
    if inside is None:
        return Supply(True, rates=tuple(rates), origins=origins)
    needs = _needs(inside, np.flatnonzero(inside.makers.count(LOCAL) > 0))
    link = _links(inside, around, in_county=bool(county))
    links = [link(number, ()) for number in np.flatnonzero(inside.makers.count(LOCAL) > 0).tolist()]
    wanted = [link(number, users) for number, users in needs.items()]
    return Supply(
        True,
        tuple(sorted(links, key=lambda one: (-one.members, one.name))),
        tuple(
            sorted(
                (one for one in wanted if one.state in _URGENCY),
                key=lambda one: (_URGENCY.index(one.state), -len(one.needed_for), one.name),
            )
        ),
        len(needs),
        tuple(rates),
        origins,
    )


def _needs(chain: Chain, made: npt.NDArray[np.int64]) -> dict[int, tuple[str, ...]]:
    """Give of each input of the products the names of those that need it."""
    graph = chain.graph
    needs: dict[int, list[str]] = {}
    for product in made.tolist():
        for number in graph.inputs[graph.input_start[product] : graph.input_start[product + 1]].tolist():
            needs.setdefault(number, []).append(chain.name(product))
    return {number: tuple(dict.fromkeys(names)) for number, names in needs.items()}


def _links(inside: Chain, around: Chain, *, in_county: bool) -> Callable[[int, tuple[str, ...]], Link]:
    """Give the function from the number of a product, and the names of those that need it, to its link."""
    states, members, makers = link_states(around), inside.makers.count(LOCAL), around.makers.count(LOCAL)
    shares = inside.makers.local_sum(inside.makers.national_share)

    def link(number: int, needed_for: tuple[str, ...]) -> Link:
        share = float(shares[number])
        return Link(
            str(inside.products["product"][number].as_py()),
            inside.name(number),
            int(members[number]),
            int(makers[number]) if in_county else None,
            None if math.isnan(share) else min(share, 1.0),
            STATES[states[number]],
            needed_for,
        )

    return link


def _rates(chain: Chain | None, scope: Scope) -> tuple[LocalRate, ...]:
    """Give the rate of all local firms together: by trades where some are known, else by products."""
    if chain is None:
        return ()
    rows = chain.purchases.rows
    traded = local_supply_rate(*([part.sum()] for part in (rows.local_yuan, rows.unknown_yuan, rows.total_yuan)))
    if traded.total[0] > 0:
        return (_rate(scope, "trades", traded),)
    counted = rates_by_products(chain, link_states(chain), np.zeros(chain.graph.products, np.int64), 1)
    return (_rate(scope, "products", counted),) if counted.total[0] > 0 else ()


def _rate(scope: Scope, by: Literal["trades", "products"], rates: SupplyRates) -> LocalRate:
    values = (rates.rate, rates.low, rates.high, rates.total, rates.coverage)
    return LocalRate(scope, by, *(float(one[0]) for one in values))


def _runs(workspace: Workspace, table: str) -> str:
    runs = workspace.to_arrow(workspace.table(table).select("run").distinct())["run"].to_pylist()
    return "|".join(sorted(run for run in runs if run))
