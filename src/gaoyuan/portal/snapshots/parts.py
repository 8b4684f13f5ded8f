"""What a snapshot consists of: its parts as plain data, read from a workspace's tables.

| kind | key | says |
|---|---|---|
| `frame` | | regions, industries, years and runs: what every page starts from |
| `outlines` | `county` | simplified boundaries, packed; the same for all audiences |
| `industry` | `county:2413` | one industry in all regions of a level, in columns |
| `region` | `370202` | a region: its measures and all of its industries, in columns |
| `about_industry` | `2413` | measures of an industry, its related industries |
| `clusters` | | the list of clusters |
| `cluster` | id | one cluster: figures, footprint, members, titles held |
| `footprints` | `24` | the clusters of a division for the map, footprints packed |
| `product` | id | one product: its largest makers, whom to invite and whom to grow |
| `chain` | | all products with the state of each link, and what needs what |
| `products` | | the list of products, and what is missing |

Every part has a twin for the public, in which no figure covers fewer than three enterprises.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import orjson

from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.workspace import Workspace

Column: TypeAlias = "list[Plain] | npt.NDArray[np.float64] | npt.NDArray[np.int64]"
"""Numbers stand in arrays, where NaN becomes null."""
Plain: TypeAlias = "bool | int | float | str | Column | dict[str, Plain] | orjson.Fragment | None"
"""What a part may hold: what becomes JSON; a fragment is JSON already."""


class PartContent(NamedTuple):
    """A part before it is written."""

    audience: Audience
    kind: str
    key: str
    content: dict[str, Plain]

    def text(self) -> bytes:
        """Give the content as JSON."""
        return orjson.dumps(self.content, option=orjson.OPT_SERIALIZE_NUMPY)


def read_parts(workspace: Workspace) -> Iterator[PartContent]:
    """Give all parts of a workspace's newest results, those of all audiences."""
    from gaoyuan.portal.snapshots import (
        chain_parts,
        cluster_parts,
        frame_parts,
        map_parts,
        product_parts,
        region_parts,
    )
    from gaoyuan.portal.snapshots.figures import read_figures

    figures = read_figures(workspace)
    yield from frame_parts.read(workspace, figures)
    yield from region_parts.read(workspace, figures)
    for module in (cluster_parts, map_parts, chain_parts, product_parts):
        yield from module.read(workspace)


def for_both(kind: str, key: str, content: dict[str, Plain]) -> Iterator[PartContent]:
    """Give a part that holds nothing to hide, for both audiences."""
    for audience in Audience:
        yield PartContent(audience, kind, key, content)
