"""The levels of a product's chain, walked on a snapshot's list of products and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEVELS = 5


@dataclass(frozen=True, slots=True)
class Node:
    """A product on the page: its figures as the snapshot has them, by name, and its level (−1 … what it needs)."""

    level: int
    figures: Mapping[str, Any]
    feeds: tuple[str, ...]
    """The names of the products of the next level that need it."""
    feeds_to: tuple[str, ...]
    """Their codes."""


def walk(chain: Mapping[str, Any], product: str, levels: int = LEVELS) -> list[Node] | None:
    """Give the products within some levels of one, by level from the farthest inputs to the farthest users and by name;
    None where the chain has no such product. A product on both sides stands on the nearer one, upstream before
    downstream.
    """
    products: Sequence[str] = chain["product"]
    if product not in products:
        return None
    start = products.index(product)
    inputs, users = _neighbours(chain["links"], len(products))
    level = {start: 0}
    for step in range(1, levels + 1):
        for side, sign in ((inputs, -1), (users, 1)):
            border = [one for one, at in level.items() if at == sign * (step - 1)]
            for one in border:
                for other in side[one]:
                    level.setdefault(other, sign * step)
    columns = {name: values for name, values in chain.items() if name != "links"}
    names = chain["product_name"]
    return [
        Node(
            at,
            {name: values[one] for name, values in columns.items()},
            tuple(names[user] for user in users[one] if level.get(user) == at + 1),
            tuple(products[user] for user in users[one] if level.get(user) == at + 1),
        )
        for one, at in sorted(level.items(), key=lambda item: (item[1], names[item[0]]))
    ]


def _neighbours(links: Mapping[str, Sequence[int]], count: int) -> tuple[list[list[int]], list[list[int]]]:
    inputs: list[list[int]] = [[] for _ in range(count)]
    users: list[list[int]] = [[] for _ in range(count)]
    for user, made_of in zip(links["of"], links["input"], strict=True):
        inputs[user].append(made_of)
        users[made_of].append(user)
    return inputs, users
