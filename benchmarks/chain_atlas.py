"""The atlas of a product, 5 levels each way, of 100,000 products with 500,000 uses and 1 million makers, against
networkx doing the same.

    python -m benchmarks.chain_atlas

Both start from what they keep in memory, and end with the same: products by level with state and counts of makers,
links among them, and the 10 largest makers of each.
"""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from benchmarks.measuring import measured
from gaoyuan.chain.atlas import AtlasIndex, StateRule, atlas, atlas_index
from gaoyuan.chain.known_chain import Chain
from gaoyuan.chain.locality import REGISTER, Locality
from gaoyuan.chain.makers import makers
from gaoyuan.chain.product_graph import product_graph
from gaoyuan.chain.purchases import PurchaseRows, Purchases
from gaoyuan.registry.chain_files.product_names import index_of_products

PRODUCTS, USES, MAKES, FIRMS = 100_000, 500_000, 1_000_000, 300_000
LEVELS, MOST_FIRMS = 5, 10
ASKED = PRODUCTS // 2
"""The product that is asked for: half of all could be needed by it, half could need it."""
_REACH = 4_000


class World(NamedTuple):
    """Uses (product, input, share) and makes (product, firm, output), and which firms are local."""

    own: np.ndarray
    other: np.ndarray
    share: np.ndarray
    made: np.ndarray
    maker: np.ndarray
    output: np.ndarray
    place: np.ndarray
    imported: np.ndarray


def world() -> World:
    """Make products of which each needs some of those after it, near ones rather than far ones."""
    random = np.random.default_rng(1)
    own = random.integers(0, PRODUCTS - 1, USES)
    other = np.minimum(own + 1 + random.integers(0, _REACH, USES), PRODUCTS - 1)
    made = (PRODUCTS * random.random(MAKES) ** 1.3).astype(np.int64)
    maker, place = random.integers(0, FIRMS, MAKES), random.integers(0, 2, FIRMS).astype(np.int8)
    output = random.lognormal(15.0, 1.5, MAKES)
    return World(own, other, random.random(USES), made, maker, output, place, random.random(PRODUCTS))


def index() -> AtlasIndex:
    """Compile the world as a workspace's tables are compiled."""
    seen = world()
    names = pa.array([f"产品{number}" for number in range(PRODUCTS)], pa.large_string())
    nothing = pa.nulls(PRODUCTS, pa.large_string())
    products = pa.table(
        {
            "product": names,
            "product_name": names,
            "aliases": nothing,
            "chain": nothing,
            "unit": nothing,
            "industry": nothing,
            "imported_share": pa.array(seen.imported),
        }
    )
    ids = pa.array([f"企业{number}" for number in range(FIRMS)], pa.large_string())
    none, unknown = pa.nulls(FIRMS, pa.large_string()), pa.nulls(FIRMS, pa.float64())
    divisions = pa.array(["370211", "430202"], pa.large_string()).take(pa.array(seen.place.astype(np.int64)))
    firms = pa.table(
        {
            "enterprise_id": ids,
            "name": ids,
            "division": divisions,
            "place": none,
            "industry": none,
            "employees": unknown,
            "revenue_yuan": unknown,
            "size": none,
            "titles": none,
        }
    )
    here = Locality(REGISTER, "全部", ids, ids.slice(0, 0))
    minus = np.full(PRODUCTS, -1, np.int64)
    held = makers(PRODUCTS, seen.made, seen.maker, seen.place, output_yuan=seen.output)
    graph = product_graph(PRODUCTS, seen.own, seen.other, seen.share)
    bought = _no_purchases()
    called = index_of_products(products)
    return atlas_index(Chain(here, dt.date(2026, 1, 1), products, graph, held, firms, minus, minus, bought, called))


def _no_purchases() -> Purchases:
    zero, no_rows, no_number = np.zeros(PRODUCTS), np.zeros(0), np.zeros(0, np.int64)
    rows = PurchaseRows(no_number, no_number, no_rows, no_rows, no_rows)
    return Purchases(zero, zero, zero, np.zeros(PRODUCTS, np.int64), rows)


def ours() -> Callable[[], float]:
    """Ask for the atlas; gives how many products, links and makers it has."""
    ready = index()

    def work() -> float:
        found = atlas(ready, f"产品{ASKED}", upstream=LEVELS, downstream=LEVELS, firms=MOST_FIRMS)
        return float(found.nodes.num_rows + found.links.num_rows + found.firms.num_rows)

    return work


def by_networkx() -> Callable[[], float]:
    """The same with a directed graph of networkx: products and firms are nodes, uses and makes edges with what is known
    of them.
    """
    nx = importlib.import_module("networkx")

    seen = world()
    graph = nx.DiGraph()
    for product in range(PRODUCTS):
        about = {"product": f"产品{product}", "imported_share": float(seen.imported[product])}
        graph.add_node(product, **about, chain=None, industry=None)
    for own, other, share in zip(seen.own.tolist(), seen.other.tolist(), seen.share.tolist(), strict=True):
        if own != other:
            graph.add_edge(own, other, share=share, quantity=None, essential=None)
    made_by = nx.DiGraph()
    for firm, place in enumerate(seen.place.tolist()):
        about = {"enterprise_id": f"企业{firm}", "name": f"企业{firm}", "place": None, "industry": None}
        about |= {"employees": None, "revenue_yuan": None, "size": None, "titles": None}
        where = {"place_kind": "local" if place else "outside", "division": "430202" if place else "370211"}
        made_by.add_node(("firm", firm), **about, **where)
    for product, firm, output in zip(seen.made.tolist(), seen.maker.tolist(), seen.output.tolist(), strict=True):
        if not made_by.has_edge(product, ("firm", firm)):
            made_by.add_edge(product, ("firm", firm), output_yuan=output, capacity=None, national_share=None)

    def work() -> float:
        up = nx.single_source_shortest_path_length(graph, ASKED, cutoff=LEVELS)
        down = nx.single_source_shortest_path_length(graph.reverse(copy=False), ASKED, cutoff=LEVELS)
        level = {product: -steps for product, steps in up.items()}
        for product, steps in down.items():
            if product not in level or steps < -level[product]:
                level[product] = steps
        nodes, firms = [], []
        regions: dict[str, set[object]] = {}
        for product, own in level.items():
            about = graph.nodes[product]
            makers = made_by[product].items() if product in made_by else ()
            held = [{**made_by.nodes[firm], **made} for firm, made in makers]
            local = [one for one in held if one["place_kind"] == "local"]
            for one in held:
                regions.setdefault(one["division"], set()).add(one["enterprise_id"])
            state = _state(len(local), about["imported_share"])
            counts = {"local_firms": len(local), "outside_firms": len(held) - len(local)}
            output = sum(one["output_yuan"] for one in local) if local else None
            nodes.append({**about, "level": own, "state": state, **counts, "local_output_yuan": output})
            held.sort(key=lambda one: (one["place_kind"] != "local", -one["output_yuan"]))
            firms.extend(
                {"product": about["product"], "rank": rank, **one} for rank, one in enumerate(held[:MOST_FIRMS], 1)
            )
        links = [
            {"product": graph.nodes[own]["product"], "input": graph.nodes[other]["product"], **about}
            for own, other, about in graph.subgraph(level).edges(data=True)
        ]
        tables = [pa.Table.from_pylist(rows) for rows in (nodes, links, firms)]
        return float(sum(table.num_rows for table in tables))

    return work


def _state(local: int, imported: float) -> str:
    if local == 0:
        return "imported" if imported >= StateRule().imported_share else "missing"
    return "single_source" if local == 1 else "weak" if local < StateRule().few_makers else "strong"


def main() -> None:
    """Print the comparison."""
    own = measured(ours, repeat=9)
    said = f"{own.seconds * 1e3:.1f} ms by the clock, {own.core_seconds * 1e3:.1f} ms of core time"
    print(f"atlas, {LEVELS} levels each way, {own.answer:,.0f} rows: {said}")
    if importlib.util.find_spec("networkx") is None:
        print("networkx is not installed: pip install networkx")
        return
    for name, theirs in (
        ("first question", measured(by_networkx, repeat=1, warm=False)),
        ("best of 3, after a first one", measured(by_networkx, repeat=3)),
    ):
        same = "same" if own.answer == theirs.answer else f"DIFFERS: {theirs.answer:,.0f}"
        clock, core = theirs.seconds / own.seconds, theirs.core_seconds / own.core_seconds
        print(f"networkx, {name}: {theirs.seconds * 1e3:,.0f} ms by the clock, ", end="")
        print(f"{theirs.core_seconds * 1e3:,.0f} ms of core time: {clock:,.0f} × and {core:,.0f} × ({same})")


if __name__ == "__main__":
    main()
