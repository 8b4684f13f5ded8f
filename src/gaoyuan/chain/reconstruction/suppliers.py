"""Who supplies whom: for every buyer how many suppliers of which sector, and which firms they are."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.chain.reconstruction.places import Cells

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_TRIES = 40


class Needs(NamedTuple):
    """What buyers are to buy (g groups): `buyer`, the `sector` it buys of, number of `suppliers`, `amount` in yuan."""

    buyer: Ints
    sector: Ints
    suppliers: Ints
    amount: Floats


def supplier_counts(budget: npt.ArrayLike, mean: float, exponent: float, random: np.random.Generator) -> Ints:
    """Give how many suppliers each firm (n) has: on average `mean` among those that buy anything, in proportion to
    budget^exponent, at least one, the fraction rounded up or down by chance.
    """
    spent = np.asarray(budget, np.float64)
    counts = np.zeros(spent.size, np.int64)
    buys = spent > 0
    if buys.any():
        share = (spent[buys] / spent[buys].max()) ** exponent
        # At least one each: the factor is found by halving, for what is cut off below has to come off above.
        low, high = 0.0, mean * share.size / share.sum() + 1.0
        for _ in range(60):
            factor = (low + high) / 2.0
            if np.maximum(1.0, factor * share).mean() < mean:
                low = factor
            else:
                high = factor
        wanted = np.maximum(1.0, high * share)
        counts[buys] = np.floor(wanted + random.random(share.size)).astype(np.int64)
    return counts


def buyer_needs(
    counts: Ints, sector: Ints, size: Floats, need: Floats, makers: Ints, random: np.random.Generator
) -> Needs:
    """Part each firm's suppliers (`counts`, n) over the sectors it buys of.

    `need` (s, s) is what a column's firms buy of a row's per yuan of size; `size` (n); `makers` (s) counts the firms of
    a sector. A firm's suppliers are laid over its sectors in proportion to what it buys of each (systematic sampling
    from a start by chance). A sector that takes at least one supplier's part has its suppliers for certain and is
    bought of in full; a smaller one is chosen with a probability equal to its part and then bought of for one
    supplier's part. So purchases are right on average for every firm and sector, and in sum nearly so for every firm.
    """
    starts = random.random(counts.size)
    return Needs(*_buyer_needs(counts, sector, size, np.ascontiguousarray(need.T), makers, starts))


@nb.njit(cache=True)
def _buyer_needs(
    counts: Ints, sector: Ints, size: Floats, need: Floats, makers: Ints, starts: Floats
) -> tuple[Ints, Ints, Ints, Floats]:
    most = int(counts.sum()) + counts.size
    buyer, of = np.empty(most, np.int64), np.empty(most, np.int64)
    number, amount = np.empty(most, np.int64), np.empty(most, np.float64)
    sectors = need.shape[0]
    at = 0
    for j in range(counts.size):
        own = need[sector[j]]
        total = 0.0
        for k in range(sectors):
            if makers[k] > (1 if k == sector[j] else 0):
                total += own[k]
        if counts[j] == 0 or total <= 0.0:
            continue
        slot = total / counts[j]
        run = starts[j]
        for k in range(sectors):
            others = makers[k] - (1 if k == sector[j] else 0)
            if others <= 0 or own[k] <= 0.0:
                continue
            before, run = np.floor(run), run + own[k] / slot
            taken = int(np.floor(run) - before)
            if taken > 0:
                buyer[at], of[at], number[at] = j, k, min(taken, others)
                amount[at] = max(own[k], slot) * size[j]
                at += 1
    return buyer[:at].copy(), of[:at].copy(), number[:at].copy(), amount[:at].copy()


class Market(NamedTuple):
    """The firms of each sector by cell: sector k holds the blocks `blocks[k]` … `blocks[k + 1]`, one for each of its
    cells; block b is `cell[b]` with firms `firm[begins[b]]` …, whose masses add up in `mass` (running sums by block).
    """

    blocks: Ints
    cell: Ints
    begins: Ints
    firm: Ints
    mass: Floats


def market_of(sector: Ints, mass: Floats, cells: Cells, sectors: int) -> Market:
    """Sort firms (n) of a mass above 0 into blocks of one sector and one cell."""
    held = np.flatnonzero(mass > 0)
    order = held[np.lexsort((held, cells.cell[held], sector[held]))]
    key = sector[order] * (int(cells.cell.max(initial=0)) + 1) + cells.cell[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if order.size else np.empty(0, np.int64)
    begins = np.append(starts, order.size).astype(np.int64)
    running = np.cumsum(mass[order])
    before = np.r_[0.0, running][np.repeat(begins[:-1], np.diff(begins))] if order.size else running
    blocks = np.searchsorted(sector[order[starts]] if order.size else starts, np.arange(sectors + 1)).astype(np.int64)
    of_block = cells.cell[order[starts]] if order.size else np.empty(0, np.int64)
    return Market(blocks, of_block.astype(np.int64), begins, order.astype(np.int64), running - before)


def draw_suppliers(needs: Needs, market: Market, cells: Cells, decay_km: float, random: np.random.Generator) -> Ints:
    """Give suppliers for every group, those of a group next to each other, −1 where there is no further one.

    A supplier of the sector is drawn with a probability in proportion to mass · exp(−distance / decay_km), none twice
    and never the buyer. The draw is exact: a cell is drawn by its mass at its nearest possible point, a firm of it by
    mass, and that is accepted with the ratio of the two; where nothing is accepted the firms are looked at one by one.
    """
    order = np.lexsort((np.arange(needs.buyer.size), needs.sector, cells.cell[needs.buyer]))
    first = np.concatenate([[0], np.cumsum(needs.suppliers)]).astype(np.int64)
    return _draw(needs, order.astype(np.int64), first, market, cells, 1.0 / decay_km, random)


@nb.njit(cache=True)
def _draw(
    needs: Needs, order: Ints, first: Ints, market: Market, cells: Cells, rate: float, random: np.random.Generator
) -> Ints:
    found = np.full(first[-1], -1, np.int64)
    most = 0
    for k in range(market.blocks.size - 1):
        most = max(most, market.blocks[k + 1] - market.blocks[k])
    running, nearest = np.zeros(max(most, 1)), np.zeros(max(most, 1))
    last_cell, last_sector = -1, -1
    for place in range(order.size):
        g = int(order[place])
        j, k = int(needs.buyer[g]), int(needs.sector[g])
        begin, end = int(market.blocks[k]), int(market.blocks[k + 1])
        if begin == end:
            continue
        if cells.cell[j] != last_cell or k != last_sector:
            last_cell, last_sector = int(cells.cell[j]), k
            total = 0.0
            for block in range(begin, end):
                nearest[block - begin] = _apart(cells, last_cell, int(market.cell[block]))
                total += market.mass[market.begins[block + 1] - 1] * np.exp(-rate * nearest[block - begin])
                running[block - begin] = total
        start = int(first[g])
        for slot in range(needs.suppliers[g]):
            chosen = -1
            for _ in range(_TRIES):
                if running[end - begin - 1] <= 0.0:
                    break
                mark = random.random() * running[end - begin - 1]
                block = min(begin + int(np.searchsorted(running[: end - begin], mark, side="right")), end - 1)
                low, high = int(market.begins[block]), int(market.begins[block + 1])
                mark = random.random() * market.mass[high - 1]
                at = low + int(np.searchsorted(market.mass[low:high], mark, side="right"))
                i = int(market.firm[min(at, high - 1)])
                accept = np.exp(-rate * max(0.0, _distance(cells, j, i) - nearest[block - begin]))
                if random.random() < accept and i != j and not _holds(found, start, start + slot, i):
                    chosen = i
                    break
            if chosen < 0:
                chosen = _one_by_one(market, cells, begin, end, j, found, start, start + slot, rate, random.random())
            found[start + slot] = chosen
            if chosen < 0:
                break
    return found


@nb.njit(cache=True)
def _one_by_one(
    market: Market,
    cells: Cells,
    begin: int,
    end: int,
    j: int,
    found: Ints,
    start: int,
    stop: int,
    rate: float,
    at: float,
) -> int:
    """Draw among all firms of a sector that are not taken; the nearest distance is taken off, lest all round to 0."""
    least = np.inf
    for place in range(market.begins[begin], market.begins[end]):
        i = int(market.firm[place])
        if i != j and not _holds(found, start, stop, i):
            least = min(least, _distance(cells, j, i))
    if least == np.inf:
        return -1
    total, chosen = 0.0, -1
    for turn in range(2):
        goal, run = at * total, 0.0
        for block in range(begin, end):
            before = 0.0
            for place in range(market.begins[block], market.begins[block + 1]):
                i, mass = int(market.firm[place]), market.mass[place] - before
                before = market.mass[place]
                if i == j or _holds(found, start, stop, i):
                    continue
                run += mass * np.exp(-rate * (_distance(cells, j, i) - least))
                if turn == 1 and run > 0.0:
                    chosen = i
                    if run >= goal:
                        return chosen
        total = run
    return chosen


@nb.njit(cache=True)
def _holds(found: Ints, start: int, stop: int, i: int) -> bool:
    for place in range(start, stop):
        if found[place] == i:
            return True
    return False


@nb.njit(cache=True)
def _distance(cells: Cells, i: int, j: int) -> float:
    total = 0.0
    for axis in range(3):
        total += (cells.position[i, axis] - cells.position[j, axis]) ** 2
    return np.sqrt(total)


@nb.njit(cache=True)
def _apart(cells: Cells, c: int, d: int) -> float:
    """Give how far firms of two cells are apart at least."""
    total = 0.0
    for axis in range(3):
        total += (cells.centre[c, axis] - cells.centre[d, axis]) ** 2
    return max(0.0, np.sqrt(total) - cells.radius[c] - cells.radius[d])
