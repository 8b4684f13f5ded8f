from __future__ import annotations

import pandas as pd
import pytest

from gaoyuan.assess.scoring import Errors, Indicator, rank
from gaoyuan.assess.statistics.ties import places

CLOSE = pd.DataFrame({"output": [90.0, 89.0, 10.0]}, index=["a", "b", "c"])
OUTPUT = [Indicator("output")]


def shown(ranking) -> dict[str, tuple[int, bool]]:
    return {place.subject: (place.rank, place.tied) for place in places(ranking)}


def test_exact_facts_are_told_apart():
    ranking = rank(CLOSE, OUTPUT)
    assert shown(ranking) == {"a": (1, False), "b": (2, False), "c": (3, False)}
    assert [place.ahead for place in places(ranking)] == [1.0, 1.0, None]


def test_a_difference_within_the_errors_is_a_tie_and_shares_its_rank():
    low = pd.DataFrame({"output": {"a": 85.0, "b": 84.0}})
    high = pd.DataFrame({"output": {"a": 95.0, "b": 94.0}})
    ranking = rank(CLOSE, OUTPUT, errors=Errors(low=low, high=high), seed=3)
    assert shown(ranking) == {"a": (1, True), "b": (1, True), "c": (3, False)}
    first, second, _ = places(ranking)
    # Two uniforms of width 10, one higher by 1: 1 - 0.9²/2.
    assert first.ahead == pytest.approx(1 - 0.81 / 2, abs=0.02)
    assert (first.open, second.open) == (True, False)


def test_weights_that_nobody_chose_do_not_tell_apart_what_depends_on_them():
    table = pd.DataFrame({"x": [10.0, 4.0, 0.0], "y": [2.0, 10.0, 0.0]}, index=["a", "b", "c"])
    indicators = [Indicator("x"), Indicator("y")]
    unchosen = rank(table, indicators)
    assert shown(unchosen) == {"a": (1, True), "b": (1, True), "c": (3, False)} or shown(unchosen) == {
        "b": (1, True),
        "a": (1, True),
        "c": (3, False),
    }
    chosen = rank(table, indicators, weights={"x": 0.9, "y": 0.1})
    assert shown(chosen) == {"a": (1, False), "b": (2, False), "c": (3, False)}
    # That other weights would turn the order is said nevertheless.
    assert [place.open for place in places(chosen)] == [True, False, False]


def test_the_same_seed_gives_the_same_places():
    table = pd.DataFrame({"x": [10.0, 4.0, 3.0], "y": [2.0, 10.0, 9.9]}, index=["a", "b", "c"])
    low, high = table - 1, table + 1
    found = [
        places(rank(table, [Indicator("x"), Indicator("y")], errors=Errors(low=low, high=high), seed=5))
        for _ in range(2)
    ]
    assert found[0] == found[1]
