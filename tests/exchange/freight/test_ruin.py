"""Ruin and recreate gives up vehicles that are not needed, from any plan that it is given."""

from __future__ import annotations

import time

import numpy as np
import pytest

from gaoyuan.exchange.freight import Effort
from gaoyuan.exchange.freight.route_arrays import Asked
from gaoyuan.exchange.freight.ruin import ruin_and_recreate

LOADS = 6


def asked() -> Asked:
    """Six loads that one vehicle can carry one after another, each from a place of its own to the next; two kinds of
    vehicle, the second smaller than all loads.
    """
    at = np.array([0, *range(2 * LOADS)])
    metres = (np.abs(at[:, None] - at) * 1000).astype(np.int64)
    none = np.zeros(len(at), dtype=np.int64)

    def two(first: int, second: int) -> np.ndarray:
        return np.array([first, second], dtype=np.int64)

    return Asked(
        1, metres, metres, none, none + 10**9, none, np.full((LOADS, 1), 5, dtype=np.int64), np.full(LOADS, 1e9),
        two(LOADS, LOADS), two(0, 0), two(0, 0), np.array([[9], [3]], dtype=np.int64), two(0, 0), two(10**9, 10**9),
        two(10**9, 10**9), np.array([1e6, 1.0]), np.array([0.1, 0.1]), np.zeros(2),
        np.array([[True] * LOADS, [False] * LOADS]),
    )  # fmt: skip


def test_six_vehicles_become_one() -> None:
    begin = [(0, [1 + 2 * load, 2 + 2 * load]) for load in range(LOADS)]
    routes, left = ruin_and_recreate(asked(), lambda: 0.0, most=20, begin=begin)
    assert left == []
    assert len(routes) == 1
    kind, places = routes[0]
    assert kind == 0
    assert sorted(places) == list(range(1, 2 * LOADS + 1))
    assert all(places.index(1 + 2 * load) < places.index(2 + 2 * load) for load in range(LOADS))


def test_loads_are_put_somewhere_even_without_any_round_and_the_same_every_time() -> None:
    first, second = (ruin_and_recreate(asked(), lambda: 0.0, seed=3, most=0) for _ in range(2))
    assert first == second
    assert first[1] == []


def test_an_effort_needs_an_end_and_a_clock_ends_it() -> None:
    with pytest.raises(ValueError, match="without an end"):
        Effort(seconds=None)
    effort = Effort(seconds=1e-9, clock=time.process_time)
    assert effort.share(effort.clock(), 0.5)() >= 0
    assert effort.until(effort.clock() - 1)(0)
