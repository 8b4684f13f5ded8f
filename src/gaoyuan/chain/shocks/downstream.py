"""Losses that run down the chain, with a proven bound: pushed from firm to firm until what is kept back is harmless.

The push only ever raises losses towards the least fixed point, so where it stops is a lower bound x. The upper bound is
y = x + c v + e, with v the potential and e a repair on few firms: y is raised until F(y) ≤ y holds everywhere, which
by monotony (Knaster and Tarski) puts y above the least fixed point.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.chain.shocks.network import Floats, Network, Places
from gaoyuan.chain.shocks.potential import Potential
from gaoyuan.chain.shocks.published import share_not_replaced

ROUNDING = 1e-13
_MOST_REPAIRS = 480
_LEVEL_EVERY = 48
_HELD = 0.25
_TURNS_A_FIRM = 200
_LEAST_TURNS = 20_000


class Field(NamedTuple):
    """What one push writes on, all zero between scenarios: losses, what was passed on, sums by segment, output lost by
    sector; then the same for the upper bound: `raised` e, `extra` passed on beyond the potential, its sums.
    """

    loss: Floats
    passed: Floats
    sums: Floats
    lost: Floats
    raised: Floats
    extra: Floats
    extra_sums: Floats
    upper_lost: Floats
    queue: Places
    waiting: npt.NDArray[np.bool_]
    reached: Places
    special: Places
    is_special: npt.NDArray[np.bool_]
    hot: npt.NDArray[np.bool_]
    moved: npt.NDArray[np.bool_]
    moving: npt.NDArray[np.bool_]
    dirty: Places
    marked: npt.NDArray[np.bool_]


@nb.njit(cache=True)
def new_field(network: Network) -> Field:
    """Give a clean field."""
    firms, sectors, segments = network.output.size, network.sector_output.size, network.segment_buyer.size
    return Field(
        np.zeros(firms),
        np.zeros(firms),
        np.zeros(segments),
        np.zeros(sectors),
        np.zeros(firms),
        np.zeros(firms),
        np.zeros(segments),
        np.zeros(sectors),
        np.empty(firms + 1, np.int32),
        np.zeros(firms, np.bool_),
        np.empty(firms, np.int32),
        np.empty(firms, np.int32),
        np.zeros(firms, np.bool_),
        np.zeros(sectors, np.bool_),
        np.zeros(sectors, np.bool_),
        np.zeros(sectors, np.bool_),
        np.empty(segments, np.int32),
        np.zeros(segments, np.bool_),
    )


@nb.njit(cache=True)
def push_down(
    network: Network,
    potential: Potential,
    field: Field,
    firms: Places,
    shares: Floats,
    scale: float,
    floor: float,
    replaceable: bool,
) -> tuple[int, int]:
    """Push the losses of one scenario on a clean field; gives the number of firms reached and of passes through them.

    A firm keeps back at most `scale` · a quarter of its holding, or `floor` where that is more; whatever it keeps back,
    `repair_upper` counts.
    """
    reached, head, tail, size = 0, 0, 0, field.queue.size
    for k in range(firms.size):
        i = firms[k]
        field.loss[i] = shares[k]
        field.lost[network.sector[i]] += network.output[i] * shares[k]
        field.reached[reached] = i
        reached += 1
    passes = 0
    # Where firms feed each other all they lose, rounding alone may keep them going for ever; `newton` ends it.
    turns = _LEAST_TURNS + _TURNS_A_FIRM * field.loss.size
    while True:
        # Markets that lost output replace less, so that whoever was done may have more to pass on.
        for k in range(reached):
            i = field.reached[k]
            if not field.waiting[i] and _more(network, potential, field, i, scale, floor, replaceable) > 0.0:
                field.waiting[i] = True
                field.queue[tail] = i
                tail = (tail + 1) % size
        if head == tail or turns < 0:
            _unqueue(field, reached)
            return reached, passes
        passes += 1
        while head != tail:
            i = field.queue[head]
            head = (head + 1) % size
            field.waiting[i] = False
            turns -= 1
            if turns < 0:
                continue
            more = _more(network, potential, field, i, scale, floor, replaceable)
            if more == 0.0:
                continue
            field.passed[i] += more
            for link in range(network.down_begins[i], network.down_begins[i + 1]):
                segment = network.down_segment[link]
                field.sums[segment] += network.down_share[link] * more
                j = network.segment_buyer[segment]
                now = min(1.0, field.sums[segment])
                if now <= field.loss[j]:
                    continue
                if field.loss[j] == 0.0:
                    field.reached[reached] = j
                    reached += 1
                field.lost[network.sector[j]] += network.output[j] * (now - field.loss[j])
                field.loss[j] = now
                if not field.waiting[j] and _more(network, potential, field, int(j), scale, floor, replaceable) > 0.0:
                    field.waiting[j] = True
                    field.queue[tail] = j
                    tail = (tail + 1) % size


@nb.njit(cache=True)
def _unqueue(field: Field, reached: int) -> None:
    for k in range(reached):
        field.waiting[field.reached[k]] = False


@nb.njit(cache=True, inline="always")
def _more(
    network: Network, potential: Potential, field: Field, i: int, scale: float, floor: float, replaceable: bool
) -> float:
    """Give what a firm has yet to pass on, 0 where it may keep it back."""
    passing = field.loss[i]
    if replaceable:
        sector = network.sector[i]
        passing *= share_not_replaced(
            float(network.output[i]), float(network.sector_output[sector] - field.lost[sector])
        )
    more = passing - field.passed[i]
    return more if more > max(floor, _HELD * scale * potential.holding[i]) else 0.0


@nb.njit(cache=True)
def repair_upper(
    network: Network, potential: Potential, field: Field, reached: int, scale: float, replaceable: bool
) -> tuple[int, bool]:
    """Raise y = loss + scale · level + raised until F(y) ≤ y; gives the number of special firms, and whether it holds.

    Only buyers of special firms need a look: firms that a loss reached, that were raised, or whose market lost more
    than the margin of σ̂. For every other, F(y) ≤ y is what M(v) ≤ v says.
    """
    special = 0
    for k in range(reached):
        i = field.reached[k]
        field.special[special] = i
        field.is_special[i] = True
        special += 1
    for sector in range(field.lost.size):
        field.upper_lost[sector] = field.lost[sector] + scale * potential.reserve[sector]
    field.moved[:] = True
    levelled = False
    for turn in range(_MOST_REPAIRS):
        if replaceable:
            special = _heat(network, potential, field, special)
        dirty = _pass_extra(network, potential, field, special, scale, replaceable)
        risen = False
        for k in range(dirty):
            segment = field.dirty[k]
            field.marked[segment] = False
            j = network.segment_buyer[segment]
            if field.loss[j] + scale * potential.level[j] + field.raised[j] >= 1.0:
                continue
            total = field.sums[segment] + field.extra_sums[segment] + scale * potential.passed[segment]
            want = total - field.loss[j] - scale * potential.level[j]
            if want > field.raised[j] + ROUNDING:
                if levelled:
                    want = _at_most(network, potential, field, int(segment), scale, float(total)) - total + want
                field.upper_lost[network.sector[j]] += network.output[j] * (want - field.raised[j])
                field.raised[j] = want
                field.moved[network.sector[j]] = True
                risen = True
                if not field.is_special[j]:
                    field.special[special] = j
                    field.is_special[j] = True
                    special += 1
        if not risen:
            return special, True
        if turn % _LEVEL_EVERY == _LEVEL_EVERY - 1:
            _level(network, potential, field, special, scale)
            levelled = True
    return special, False


@nb.njit(cache=True)
def _at_most(network: Network, potential: Potential, field: Field, segment: int, scale: float, total: float) -> float:
    """Give what a segment can lose at most however its suppliers share it, where that is hardly more than `total`."""
    most = total
    for link in range(network.segment_begins[segment], network.segment_begins[segment + 1]):
        i = network.segment_supplier[link]
        most = max(most, min(1.0, field.loss[i] + scale * potential.level[i] + field.raised[i]))
    return float(most) if most <= total + scale else total


@nb.njit(cache=True)
def _level(network: Network, potential: Potential, field: Field, special: int, scale: float) -> None:
    """Put y alike far above the loss wherever it was raised. Firms that feed each other all they lose end up alike,
    but only slowly.
    """
    highest = 0.0
    for k in range(special):
        j = field.special[k]
        if field.raised[j] > 0.0:
            highest = max(highest, scale * potential.level[j] + field.raised[j])
    for k in range(special):
        j = field.special[k]
        more = highest - scale * potential.level[j] - field.raised[j]
        if field.raised[j] > 0.0 and more > 0.0:
            field.upper_lost[network.sector[j]] += network.output[j] * more
            field.raised[j] += more
            field.moved[network.sector[j]] = True


@nb.njit(cache=True)
def _heat(network: Network, potential: Potential, field: Field, special: int) -> int:
    """Make all firms special whose market lost so much that σ̂ is no bound any more."""
    for sector in range(field.hot.size):
        total = network.sector_output[sector]
        if field.hot[sector] or field.upper_lost[sector] * (1.0 + potential.margin) <= total * potential.margin:
            continue
        field.hot[sector] = True
        field.moved[sector] = True
        for place in range(potential.sector_begins[sector], potential.sector_begins[sector + 1]):
            i = potential.firm_of_sector[place]
            if not field.is_special[i]:
                field.special[special] = i
                field.is_special[i] = True
                special += 1
    return special


@nb.njit(cache=True)
def _pass_extra(
    network: Network, potential: Potential, field: Field, special: int, scale: float, replaceable: bool
) -> int:
    """Let the sums of their buyers hold what special firms pass on at y, in place of what the potential says."""
    dirty = 0
    # A firm's part changes only where its own loss or that of its market did, which is in its sector either way.
    field.moving[:] = field.moved
    field.moved[:] = False
    for k in range(special):
        i = field.special[k]
        if not field.moving[network.sector[i]]:
            continue
        upper = min(1.0, field.loss[i] + scale * potential.level[i] + field.raised[i])
        if replaceable:
            sector = network.sector[i]
            upper *= share_not_replaced(
                float(network.output[i]), float(network.sector_output[sector] - field.upper_lost[sector])
            )
        more = upper - field.passed[i] - scale * potential.kept[i] * potential.level[i] - field.extra[i]
        if more == 0.0:
            continue
        field.extra[i] += more
        for link in range(network.down_begins[i], network.down_begins[i + 1]):
            segment = network.down_segment[link]
            field.extra_sums[segment] += network.down_share[link] * more
            if not field.marked[segment]:
                field.marked[segment] = True
                field.dirty[dirty] = segment
                dirty += 1
    return dirty


@nb.njit(cache=True)
def wipe_field(network: Network, field: Field, reached: int, special: int) -> None:
    """Make a field clean again."""
    for k in range(max(reached, special)):
        # All that were reached come first among the special, where there are any.
        i = field.special[k] if special else field.reached[k]
        for link in range(network.down_begins[i], network.down_begins[i + 1]):
            segment = network.down_segment[link]
            field.sums[segment] = 0.0
            field.extra_sums[segment] = 0.0
            field.marked[segment] = False
        field.loss[i] = 0.0
        field.passed[i] = 0.0
        field.raised[i] = 0.0
        field.extra[i] = 0.0
        field.is_special[i] = False
        field.lost[network.sector[i]] = 0.0
        field.hot[network.sector[i]] = False
