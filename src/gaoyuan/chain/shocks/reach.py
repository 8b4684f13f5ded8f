"""The part of a network that losses of one scenario can reach downstream, and how losses run on in it.

Firms that feed each other all they lose, whatever happens elsewhere, form a closed group: with none of their supplies
replaced and none from outside, each comes to lose as much as the other. Such a group is one node here, and what it
sells to itself is left out, which changes neither the least solution nor whether F(y) ≤ y.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import scipy.sparse.csgraph as csgraph

from gaoyuan.chain.shocks.network import Floats, Network, Offsets, Places

_LEAK = 1e-12

Numbers = npt.NDArray[np.int64]


class Reach(NamedTuple):
    """n firms that can lose anything, as g nodes, in s markets.

    `firm` (n) is a firm's number in the network, `node` (n) its node, `output` (n), `market` (n); `rest` (s) the output
    of a market's other firms, `total` (s) that of all; `start` (g) the loss that a node begins with, `weights` (g).
    Segments are as those of a network: `begins`, `supplier`, `share` and the node `buyer` that needs it.
    """

    firm: Numbers
    node: Numbers
    output: Floats
    market: Numbers
    rest: Floats
    total: Floats
    start: Floats
    weights: Floats
    begins: Offsets
    supplier: Numbers
    share: Floats
    buyer: Numbers


def reach_of(network: Network, firms: Places, losses: Floats) -> Reach:
    """Give what a scenario in which `firms` lose `losses` at first can reach, every firm a node of its own."""
    member = np.flatnonzero(_reached(network, firms)).astype(np.int64)
    place = np.full(network.output.size, -1, np.int64)
    place[member] = np.arange(member.size)
    sizes = network.down_begins[member + 1] - network.down_begins[member]
    seller = np.repeat(np.arange(member.size), sizes)
    at = np.repeat(network.down_begins[member] - (np.cumsum(sizes) - sizes), sizes) + np.arange(seller.size)
    names, segment = np.unique(network.down_segment[at], return_inverse=True)
    order = np.argsort(segment, kind="stable")
    sectors, market = np.unique(network.sector[member], return_inverse=True)
    others = np.ones(network.output.size, np.bool_)
    others[member] = False
    rest = _sums(network.sector[others], network.output[others], network.sector_output.size)[sectors]
    start = np.zeros(member.size)
    np.maximum.at(start, place[firms], losses)
    return Reach(
        member,
        np.arange(member.size, dtype=np.int64),
        network.output[member],
        market.astype(np.int64),
        rest,
        rest + _sums(market, network.output[member], sectors.size),
        start,
        network.weights[member],
        np.concatenate([[0], np.cumsum(np.bincount(segment, minlength=names.size))]).astype(np.int64),
        seller[order],
        network.down_share[at][order],
        place[network.segment_buyer[names]],
    )


def grouped(reach: Reach, kept: Floats) -> Reach:
    """Give a reach of single firms with its closed groups as nodes; `kept` (n) is the share of each firm's loss that
    the market does not replace, or a lower bound of it.
    """
    firms, segments = reach.firm.size, reach.buyer.size
    segment = np.repeat(np.arange(segments), np.diff(reach.begins))
    whole = _sums(segment, reach.share * kept[reach.supplier], segments) >= 1.0 - _LEAK
    group = np.arange(firms)
    while whole.any():
        used = whole[segment]
        ends = (reach.buyer[segment[used]], reach.supplier[used])
        graph = sp.csr_array((np.ones(ends[0].size), ends), shape=(firms, firms))
        _, group = csgraph.connected_components(graph, directed=True, connection="strong")
        leaving = np.bincount(segment[group[reach.buyer[segment]] != group[reach.supplier]], minlength=segments) > 0
        if not (whole & leaving).any():
            break
        whole &= ~leaving
    # Only who keeps such a segment belongs to a group; any other firm is alone.
    closed = np.zeros(firms, np.bool_)
    closed[reach.buyer[whole]] = True
    _, node = np.unique(np.where(closed, group, firms + np.arange(firms)), return_inverse=True)
    count = int(node.max(initial=-1)) + 1
    inner = np.bincount(segment[node[reach.buyer[segment]] != node[reach.supplier]], minlength=segments) == 0
    sizes = np.diff(reach.begins)[~inner]
    start = np.zeros(count)
    np.maximum.at(start, node, reach.start)
    return reach._replace(
        node=node.astype(np.int64),
        start=start,
        weights=_sums(node, reach.weights, count),
        begins=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        supplier=reach.supplier[~inner[segment]],
        share=reach.share[~inner[segment]],
        buyer=node[reach.buyer[~inner]].astype(np.int64),
    )


def _sums(place: npt.NDArray[np.integer], parts: Floats, size: int) -> Floats:
    """Give the sum of the parts of each place, in floats even where there are none."""
    return np.bincount(place, parts, size).astype(np.float64)


@nb.njit(cache=True)
def _reached(network: Network, firms: Places) -> npt.NDArray[np.bool_]:
    found = np.zeros(network.output.size, np.bool_)
    stack = np.empty(network.output.size, np.int64)
    size = 0
    for i in firms:
        if not found[i]:
            found[i] = True
            stack[size] = i
            size += 1
    while size:
        size -= 1
        i = stack[size]
        for link in range(network.down_begins[i], network.down_begins[i + 1]):
            j = network.segment_buyer[network.down_segment[link]]
            if not found[j]:
                found[j] = True
                stack[size] = j
                size += 1
    return found


@nb.njit(cache=True)
def image(reach: Reach, losses: Floats, replaceable: bool) -> tuple[Floats, Numbers, Floats, Floats]:
    """Give F(losses) (g); the segment that decides on each node, −1 where its shock or the cap at 1 does; the share of
    each firm's loss that is not replaced (n), and the output that each market has left (s).
    """
    firms = reach.firm.size
    kept, left = np.ones(firms), reach.rest.copy()
    for i in range(firms):
        left[reach.market[i]] += (1.0 - losses[reach.node[i]]) * reach.output[i]
    if replaceable:
        for i in range(firms):
            available = left[reach.market[i]]
            if available > reach.output[i]:
                kept[i] = reach.output[i] / available
    found, decides = reach.start.copy(), np.full(reach.start.size, -1)
    for segment in range(reach.buyer.size):
        total = 0.0
        for link in range(reach.begins[segment], reach.begins[segment + 1]):
            i = reach.supplier[link]
            total += reach.share[link] * kept[i] * losses[reach.node[i]]
        j = reach.buyer[segment]
        if total > found[j]:
            found[j] = min(1.0, total)
            decides[j] = segment if total < 1.0 else -1
    return found, decides, kept, left


@nb.njit(cache=True)
def swept(reach: Reach, losses: Floats, replaceable: bool, sweeps: int, rising: bool) -> Floats:
    """Give the losses after some steps of F, of which each only raises them, or only lowers them."""
    for _ in range(sweeps):
        found, _, _, _ = image(reach, losses, replaceable)
        found = np.maximum(found, losses) if rising else np.minimum(found, losses)
        if (found == losses).all():
            break
        losses = found
    return losses


@nb.njit(cache=True)
def slope(
    reach: Reach, losses: Floats, decides: Numbers, kept: Floats, left: Floats
) -> tuple[Numbers, Numbers, Floats]:
    """Give the entries (row, column, value) of the slope of F at `losses`, over nodes, then markets.

    The loss of a market is the share of its output that is lost, so that the slope is sparse. No entry is below 0.
    """
    nodes, links = reach.start.size, 0
    for segment in decides:
        if segment >= 0:
            links += reach.begins[segment + 1] - reach.begins[segment]
    rows, columns = np.empty(2 * links + reach.firm.size, np.int64), np.empty(2 * links + reach.firm.size, np.int64)
    values = np.empty(2 * links + reach.firm.size)
    at = 0
    for j in range(nodes):
        if decides[j] < 0:
            continue
        for link in range(reach.begins[decides[j]], reach.begins[decides[j] + 1]):
            i = reach.supplier[link]
            rows[at], columns[at], values[at] = j, reach.node[i], reach.share[link] * kept[i]
            at += 1
            # The fewer are left to replace it, the more of a loss remains.
            if kept[i] < 1.0:
                m = reach.market[i]
                rows[at], columns[at] = j, nodes + m
                values[at] = reach.share[link] * kept[i] * losses[reach.node[i]] * reach.total[m] / left[m]
                at += 1
    for i in range(reach.firm.size):
        m = reach.market[i]
        if reach.output[i] > 0.0:
            rows[at], columns[at], values[at] = nodes + m, reach.node[i], reach.output[i] / reach.total[m]
            at += 1
    return rows[:at], columns[:at], values[:at]
