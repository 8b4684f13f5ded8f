"""The published cascade: all firms at once, step by step, until a step moves little.

Diem, Borsos, Reisch, Kertész & Thurner (2022), Quantifying firm-level economic systemic risk from nation-wide supply
networks, Scientific Reports 12:7719. The steps here are the same, but each touches only firms that something reached.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.chain.shocks.network import Floats, Network, Places
from gaoyuan.chain.shocks.scenarios import Scenarios

Stop = Literal["firm", "ratio"]

_CHUNKS = 16
_PULL_SHARE = 0.3


class Board(NamedTuple):
    """What one cascade writes on: losses, sums and lists of what was reached; all zero between scenarios."""

    down: Floats
    next_down: Floats
    passed: Floats
    segments: Floats
    lost: Floats
    up: Floats
    up_step: Floats
    sums: Floats
    shocked: Floats
    reached: Places
    risen: Places
    dirty: Places
    marked: npt.NDArray[np.bool_]
    up_risen: Places
    up_dirty: Places
    up_marked: npt.NDArray[np.bool_]


def run_published(
    network: Network, scenarios: Scenarios, tolerance: float, replaceability: bool, stop: Stop, most: int
) -> tuple[Floats, Floats, Floats, npt.NDArray[np.int64]]:
    """Give the combined, downstream and upstream index and the number of steps of each scenario.

    `stop`: `firm` ends when no firm's loss moved by more than `tolerance` in a step, `ratio` when the index grew by no
    more than that share. At most `most` steps.
    """
    return _run(network, scenarios, tolerance, replaceability, stop == "ratio", most, _CHUNKS)


def published_losses(
    network: Network, scenarios: Scenarios, tolerance: float, replaceability: bool, stop: Stop, most: int
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Give every firm's downstream and upstream loss (scenarios, firms) when the published cascade stops, and the
    number of steps of each scenario.
    """
    count = scenarios.begins.size - 1
    down, up = np.zeros((count, network.output.size)), np.zeros((count, network.output.size))
    steps = _losses(network, scenarios, tolerance, replaceability, stop == "ratio", most, down, up)
    return down, up, steps


@nb.njit(cache=True)
def _board(network: Network) -> Board:
    firms, sectors, segments = network.output.size, network.sector_output.size, network.segment_buyer.size
    return Board(
        np.zeros(firms),
        np.zeros(firms),
        np.zeros(firms),
        np.zeros(segments),
        np.zeros(sectors),
        np.zeros(firms),
        np.zeros(firms),
        np.zeros(firms),
        np.zeros(firms),
        np.empty(firms, np.int32),
        np.empty(firms, np.int32),
        np.empty(segments, np.int32),
        np.zeros(segments, np.bool_),
        np.empty(firms, np.int32),
        np.empty(firms, np.int32),
        np.zeros(firms, np.bool_),
    )


@nb.njit(cache=True, parallel=True)
def _run(
    network: Network, scenarios: Scenarios, tolerance: float, replaceable: bool, ratio: bool, most: int, chunks: int
) -> tuple[Floats, Floats, Floats, npt.NDArray[np.int64]]:
    count = scenarios.begins.size - 1
    both, down, up, steps = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count, np.int64)
    for chunk in nb.prange(chunks):
        board = _board(network)
        for scenario in range(chunk, count, chunks):
            first, last = scenarios.begins[scenario], scenarios.begins[scenario + 1]
            taken, reached = _cascade(
                network,
                board,
                scenarios.firm[first:last],
                scenarios.loss[first:last],
                tolerance,
                replaceable,
                ratio,
                most,
            )
            steps[scenario] = taken
            weights = network.weights
            for i in range(weights.size):
                both[scenario] += weights[i] * max(board.down[i], board.up[i])
                down[scenario] += weights[i] * board.down[i]
                up[scenario] += weights[i] * board.up[i]
            _wipe(network, board, reached)
    return both, down, up, steps


@nb.njit(cache=True)
def _losses(
    network: Network,
    scenarios: Scenarios,
    tolerance: float,
    replaceable: bool,
    ratio: bool,
    most: int,
    down: Floats,
    up: Floats,
) -> npt.NDArray[np.int64]:
    board, steps = _board(network), np.zeros(scenarios.begins.size - 1, np.int64)
    for scenario in range(scenarios.begins.size - 1):
        first, last = scenarios.begins[scenario], scenarios.begins[scenario + 1]
        steps[scenario], reached = _cascade(
            network, board, scenarios.firm[first:last], scenarios.loss[first:last], tolerance, replaceable, ratio, most
        )
        down[scenario] = board.down
        up[scenario] = board.up
        _wipe(network, board, reached)
    return steps


@nb.njit(cache=True)
def _wipe(network: Network, board: Board, reached: int) -> None:
    for k in range(reached):
        i = board.reached[k]
        for link in range(network.down_begins[i], network.down_begins[i + 1]):
            board.segments[network.down_segment[link]] = 0.0
        board.down[i] = 0.0
        board.next_down[i] = 0.0
        board.passed[i] = 0.0
    board.lost[:] = 0.0
    board.up[:] = 0.0
    board.sums[:] = 0.0
    board.shocked[:] = 0.0


@nb.njit(cache=True)
def _cascade(
    network: Network,
    board: Board,
    firms: Places,
    losses: Floats,
    tolerance: float,
    replaceable: bool,
    ratio: bool,
    most: int,
) -> tuple[int, int]:
    """Run one scenario on a clean board; gives the number of steps, and of firms with a downstream loss."""
    reached, risen = 0, 0
    index = 0.0
    for k in range(firms.size):
        i, loss = firms[k], losses[k]
        board.down[i] = loss
        board.next_down[i] = loss
        board.up[i] = loss
        board.shocked[i] = loss
        board.lost[network.sector[i]] += network.output[i] * loss
        board.reached[reached] = i
        reached += 1
        board.up_risen[risen] = i
        board.up_step[risen] = loss
        risen += 1
        index += network.weights[i] * loss
    steps = 0
    while steps < most:
        steps += 1
        dirty = _pass_down(network, board, reached, replaceable)
        moved_up, risen, rise_up = _step_up(network, board, risen)
        moved, reached, rise = _take_down(network, board, dirty, reached)
        before = index
        index += rise + rise_up
        if ratio:
            if index <= before * (1.0 + tolerance):
                break
        elif max(moved, moved_up) <= tolerance:
            break
    return steps, reached


@nb.njit(cache=True)
def _pass_down(network: Network, board: Board, reached: int, replaceable: bool) -> int:
    """Pass on what firms lost since they passed anything last; gives the number of segments that this touched."""
    dirty = 0
    for k in range(reached):
        i = board.reached[k]
        passing = board.down[i]
        if replaceable:
            sector = network.sector[i]
            passing *= share_not_replaced(
                float(network.output[i]), float(network.sector_output[sector] - board.lost[sector])
            )
        more = passing - board.passed[i]
        if more == 0.0:
            continue
        board.passed[i] = passing
        for link in range(network.down_begins[i], network.down_begins[i + 1]):
            segment = network.down_segment[link]
            board.segments[segment] += network.down_share[link] * more
            if not board.marked[segment]:
                board.marked[segment] = True
                board.dirty[dirty] = segment
                dirty += 1
    return dirty


@nb.njit(cache=True, inline="always")
def share_not_replaced(output: float, available: float) -> float:
    """Give the share of a firm's loss that no other firm of its market makes good, by the output still available.

    An empty market replaces nothing.
    """
    return output / available if available > output else 1.0


@nb.njit(cache=True)
def _take_down(network: Network, board: Board, dirty: int, reached: int) -> tuple[float, int, float]:
    """Let buyers lose what their segments lost; gives the largest move, the firms reached and the rise of the index."""
    risen = 0
    for k in range(dirty):
        segment = board.dirty[k]
        board.marked[segment] = False
        j = network.segment_buyer[segment]
        loss = min(1.0, board.segments[segment])
        if loss > board.next_down[j]:
            if board.next_down[j] == board.down[j]:
                board.risen[risen] = j
                risen += 1
            board.next_down[j] = loss
    moved, rise = 0.0, 0.0
    for k in range(risen):
        j = board.risen[k]
        before, after = board.down[j], board.next_down[j]
        if before == 0.0:
            board.reached[reached] = j
            reached += 1
        moved = max(moved, after - before)
        board.lost[network.sector[j]] += network.output[j] * (after - before)
        rise += network.weights[j] * (max(after, board.up[j]) - max(before, board.up[j]))
        board.down[j] = after
    return float(moved), reached, float(rise)


@nb.njit(cache=True)
def _step_up(network: Network, board: Board, risen: int) -> tuple[float, int, float]:
    """Take one upstream step; gives the largest move, the number of firms that moved, and the rise of the index."""
    links = 0
    for k in range(risen):
        j = board.up_risen[k]
        links += network.back_begins[j + 1] - network.back_begins[j]
    many = links > _PULL_SHARE * network.back_share.size
    dirty = _sum_all_up(network, board) if many else _sum_up(network, board, risen)
    moved, rise, now = 0.0, 0.0, 0
    for k in range(dirty):
        i = board.up_dirty[k]
        board.up_marked[i] = False
        before, after = board.up[i], max(board.shocked[i], min(1.0, board.sums[i]))
        if after > before:
            board.up[i] = after
            board.up_risen[now] = i
            board.up_step[now] = after - before
            now += 1
            moved = max(moved, after - before)
            rise += network.weights[i] * (max(board.down[i], after) - max(board.down[i], before))
    return float(moved), now, float(rise)


@nb.njit(cache=True)
def _sum_up(network: Network, board: Board, risen: int) -> int:
    """Add what firms lost in the last step to the sums of their suppliers; gives the number of suppliers."""
    dirty = 0
    for k in range(risen):
        j, step = board.up_risen[k], board.up_step[k]
        for link in range(network.back_begins[j], network.back_begins[j + 1]):
            i = network.back_supplier[link]
            board.sums[i] += network.back_share[link] * step
            if not board.up_marked[i]:
                board.up_marked[i] = True
                board.up_dirty[dirty] = i
                dirty += 1
    return dirty


@nb.njit(cache=True)
def _sum_all_up(network: Network, board: Board) -> int:
    """Sum up every firm anew, which costs less once most of them lose."""
    for i in range(board.up.size):
        total = 0.0
        for link in range(network.up_begins[i], network.up_begins[i + 1]):
            total += network.up_share[link] * board.up[network.up_buyer[link]]
        board.sums[i] = total
        board.up_dirty[i] = i
    return board.up.size
