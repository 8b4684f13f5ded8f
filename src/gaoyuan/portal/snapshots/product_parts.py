"""The chain as the atlas shows it: every product with its state, its makers, and who could fill a gap."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gaoyuan.chain.atlas import atlas_index, every_product
from gaoyuan.chain.known_chain import read_chain
from gaoyuan.portal.snapshots.chain_parts import shown_state
from gaoyuan.portal.snapshots.columns import grouped_columns, plain_columns
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import PartContent, Plain
from gaoyuan.portal.snapshots.suppression import suppressed
from gaoyuan.workspace import Workspace

NODE = [
    "product",
    "product_name",
    "chain",
    "industry",
    "state",
    "local_firms",
    "outside_firms",
    "local_output_yuan",
    "national_share",
    "local_supply_low",
    "local_supply_high",
    "imported_share",
]
_OF_LOCAL = ("local_firms", "local_output_yuan", "national_share", "local_supply_low", "local_supply_high")
_FIRM = ["rank", "place_kind", "enterprise_id", "name", "division", "employees", "titles", "output_yuan"]
_CANDIDATE = ["side", "rank", "enterprise_id", "name", "place", "fit", "reasons_zh", "reasons"]
_MAKERS = 10


def read(workspace: Workspace) -> Iterator[PartContent]:
    """Give the chain, and of each product its makers and candidates; those one by one are for offices alone."""
    if not workspace.has("product") or not workspace.has("uses"):
        return
    atlas = every_product(atlas_index(read_chain(workspace)), firms=_MAKERS)
    nodes = atlas.nodes.to_pandas()
    position = {product: at for at, product in enumerate(nodes["product"])}
    links = pd.DataFrame(atlas.links.to_pylist(), columns=["product", "input", "share", "essential"])
    ends: dict[str, Plain] = {
        "of": [position[one] for one in links["product"]],
        "input": [position[one] for one in links["input"]],
        **plain_columns(links, ["share", "essential"]),
    }
    for audience in Audience:
        shown = nodes.assign(state=[shown_state(str(state), audience) for state in nodes["state"]])
        if audience == Audience.PUBLIC:
            shown = suppressed(shown, {**dict.fromkeys(_OF_LOCAL, "local_firms"), "outside_firms": "outside_firms"})
        yield PartContent(audience, "chain", "", {**plain_columns(shown, NODE), "links": ends})
    firms = pd.DataFrame(atlas.firms.to_pylist()).reindex(columns=["product", *_FIRM]).sort_values(["product", "rank"])
    makers = {key[0]: columns for key, columns in grouped_columns(firms, ["product"], _FIRM)}
    candidates = _candidates(workspace)
    for product in nodes["product"]:
        content: dict[str, Plain] = {"makers": makers.get(product, {}), "candidates": candidates.get(product, {})}
        yield PartContent(Audience.OFFICE, "product", product, content)
        yield PartContent(Audience.PUBLIC, "product", product, {})


def _candidates(workspace: Workspace) -> dict[str, dict[str, Plain]]:
    if not workspace.has("gap_candidate"):
        return {}
    rows = workspace.read("gap_candidate").to_pandas().sort_values(["product", "side", "rank"], kind="stable")
    return {key[0]: columns for key, columns in grouped_columns(rows, ["product"], _CANDIDATE)}
