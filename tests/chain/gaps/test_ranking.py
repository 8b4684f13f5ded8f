"""Scores, ranks and how stable they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.gaps.ranking import GapWeights, ranks, relative, share_among_first, weighted_mean
from gaoyuan.errors import InputError

PART = st.one_of(st.just(float("nan")), st.floats(0, 1))
PARTS = st.lists(st.lists(PART, min_size=4, max_size=4), min_size=1, max_size=20)
WEIGHTS = st.lists(st.floats(0.01, 10), min_size=4, max_size=4)


@given(PARTS, WEIGHTS)
def test_a_score_lies_between_what_the_unknown_could_make_of_it(parts, weights):
    found = weighted_mean(parts, weights)
    known = ~np.isnan(found.score)
    assert (found.low[known] <= found.score[known]).all()
    assert (found.score[known] <= found.high[known]).all()
    assert (~known == np.isnan(parts).all(axis=1)).all()
    assert weighted_mean(np.nan_to_num(parts, nan=0.0), weights).score == pytest.approx(found.low)
    assert weighted_mean(np.nan_to_num(parts, nan=1.0), weights).score == pytest.approx(found.high)


@given(PARTS, WEIGHTS, st.floats(0.1, 100))
def test_only_the_proportions_of_weights_matter(parts, weights, factor):
    scaled = weighted_mean(parts, np.array(weights) * factor).score
    assert scaled == pytest.approx(weighted_mean(parts, weights).score, nan_ok=True)


def test_unknown_parts_are_left_out_and_not_counted_as_zero():
    assert weighted_mean([[0.6, np.nan]], [1, 1]).score.tolist() == [0.6]


def test_a_part_without_weight_does_not_make_a_score():
    assert np.isnan(weighted_mean([[np.nan, 0.5]], [1, 0]).score[0])


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(0, 1)), max_size=20))
def test_a_rank_is_one_more_than_those_above(scores):
    filled = np.nan_to_num(np.array(scores), nan=-1.0)
    close = [np.diff(np.sort(filled))]
    if any(((gap > 0) & (gap < 1e-8)).any() for gap in close):
        return
    assert ranks(scores).tolist() == [int((filled > own).sum()) + 1 for own in filled]


def test_shares_of_the_largest_keep_what_is_unknown():
    assert relative([2.0, 0.0, np.nan]).tolist()[:2] == [1.0, 0.0]
    assert relative([0.0, 0.0]).tolist() == [0.0, 0.0]
    assert relative([]).tolist() == []
    assert np.isnan(relative([np.nan])).all()


def test_where_all_fit_among_the_first_all_are():
    assert share_among_first([[0.1, 0.2]] * 10).tolist() == [1.0] * 10


def test_how_often_one_is_among_the_first_follows_from_the_weights():
    # By two parts the first wins where w > 1 − w, and weights are uniform: half of the time.
    first = share_among_first([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], 1, samples=20_000)
    assert first[:2] == pytest.approx([0.5, 0.5], abs=0.02)
    assert first[2] < 0.001
    # One that is best in all parts is always among them.
    assert share_among_first([[0.9, 0.9], [0.1, 0.8], [0.8, 0.1]], 1).tolist()[0] == 1.0


def test_the_same_seed_gives_the_same_shares():
    parts = np.random.default_rng(1).random((30, 4))
    assert (share_among_first(parts, seed=3) == share_among_first(parts, seed=3)).all()
    assert (share_among_first(parts, seed=3) == share_among_first(parts[::-1], seed=3)[::-1]).all()


@pytest.mark.parametrize("weights", [(-0.1, 1, 1, 1), (0, 0, 0, 0), (float("nan"), 1, 1, 1)])
def test_weights_that_cannot_be_are_refused(weights):
    with pytest.raises(InputError, match="no weights of a gap"):
        GapWeights(*weights)
