"""The chain: the list of products, what is missing in it, and each product's levels."""

from __future__ import annotations

from collections.abc import Iterator

from gaoyuan.portal.snapshots.columns import plain_columns
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import PartContent, Plain
from gaoyuan.portal.snapshots.suppression import suppressed
from gaoyuan.workspace import Workspace

_PRODUCT = ["product", "product_name", "chain", "industry", "imported_share"]
_USES = ["product", "input", "share", "essential"]
_GAP = [
    "rank",
    "product",
    "product_name",
    "chain",
    "state",
    "local_firms",
    "carried_share",
    "score",
    "reasons_zh",
    "reasons",
]
_NAMES_FIRMS = ["reasons_zh", "reasons"]
"""Columns whose words name enterprises and their shares: not for the public."""


def read(workspace: Workspace) -> Iterator[PartContent]:
    """Give the list of products with what uses what, and the gaps; nothing where the workspace has no chain."""
    if not workspace.has("product"):
        return
    content: dict[str, Plain] = dict(plain_columns(workspace.read("product").to_pandas(), _PRODUCT))
    if workspace.has("uses"):
        content["uses"] = plain_columns(workspace.read("uses").to_pandas(), _USES)
    gaps = workspace.read("chain_gap").to_pandas() if workspace.has("chain_gap") else None
    for audience in Audience:
        own = dict(content)
        if gaps is not None and audience == Audience.OFFICE:
            own["gaps"] = plain_columns(gaps, _GAP)
        elif gaps is not None:
            states = gaps["state"].map(lambda state: shown_state(state, Audience.PUBLIC))
            shown = suppressed(gaps.assign(state=states), {"local_firms": "local_firms"})
            own["gaps"] = plain_columns(shown, [name for name in _GAP if name not in _NAMES_FIRMS])
        yield PartContent(audience, "products", "", own)


def shown_state(state: str, audience: Audience) -> str:
    """Give a link's state as an audience may know it: that there is just one maker is a count of fewer than three, so
    that the public is only told of a weak link.

    >>> shown_state("single_source", Audience.PUBLIC), shown_state("missing", Audience.PUBLIC)
    ('weak', 'missing')
    """
    return "weak" if audience == Audience.PUBLIC and state == "single_source" else state
