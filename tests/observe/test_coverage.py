"""Coverage: holes where files are missing, and none where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe import coverage

FEW = settings(max_examples=30, deadline=None)
COUNTS = hnp.arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(1, 8)), elements=st.integers(0, 400))


@pytest.fixture
def economy(random):
    """Places and years that follow size and time alike, with the chance of counts."""
    size, time = random.lognormal(0.0, 1.0, 20), np.linspace(1.0, 4.0, 25)
    return random.poisson(200.0 * np.outer(size, time))


def test_missing_files_are_holes_and_nothing_else_is(economy, random):
    missing = random.random(economy.shape) < 0.15
    found = coverage(np.where(missing, 0, economy))
    seen = found.expected >= 30.0
    assert (found.holes[seen] == missing[seen]).all()
    assert not coverage(economy).holes.any()


def test_expectations_are_those_of_the_whole_economy_in_spite_of_holes(economy, random):
    whole = coverage(economy).expected
    holed = coverage(np.where(random.random(economy.shape) < 0.15, 0, economy)).expected
    np.testing.assert_allclose(holed, whole, rtol=0.15)


def test_the_share_of_a_place_is_what_it_has_of_what_it_would_have(economy):
    whole = economy.sum(axis=1)
    holed = economy.copy()
    holed[3, :10] = 0
    found = coverage(holed)
    assert found.share[3] == pytest.approx(holed[3].sum() / whole[3], abs=0.03)
    assert (np.delete(found.share, 3) == 1.0).all()


def test_a_fifth_of_what_is_expected_is_a_hole_and_more_is_none():
    counts = np.full((9, 9), 1_000)
    counts[4, 4] = 199
    counts[6, 2] = 201
    holes = coverage(counts).holes
    assert holes[4, 4]
    assert holes.sum() == 1


def test_places_too_small_to_tell_have_no_holes():
    counts = np.full((5, 5), 25)
    counts[2, 2] = 0
    assert not coverage(counts).holes.any()


def test_a_place_or_year_without_firms_expects_none_and_spoils_no_other(economy):
    found, holed = coverage(economy), coverage(np.insert(np.insert(economy, 2, 0, axis=0), 5, 0, axis=1))
    assert np.isnan(holed.share[2])
    assert (holed.expected[2] == 0.0).all()
    assert (holed.expected[:, 5] == 0.0).all()
    np.testing.assert_allclose(np.delete(np.delete(holed.expected, 2, axis=0), 5, axis=1), found.expected)
    np.testing.assert_array_equal(np.delete(holed.share, 2), found.share)


def test_nothing_at_all_has_no_share():
    assert np.isnan(coverage(np.zeros((2, 3))).share).all()
    assert coverage(np.zeros((0, 3))).share.shape == (0,)


@pytest.mark.parametrize("wrong", [[1, 2], [[1, -1]], [[1, np.nan]]])
def test_counts_that_cannot_be_are_refused_in_words(wrong):
    with pytest.raises(ValueError, match="a table of places and years"):
        coverage(wrong)


@FEW
@given(COUNTS, st.randoms(use_true_random=False))
def test_coverage_follows_its_places_and_its_shares_have_bounds(counts, random):
    found = coverage(counts)
    held = counts.sum(axis=1) > 0
    if held.sum() < 3:
        assert np.isnan(found.share).all()
        assert not found.holes.any()
        return
    enough = counts.sum(axis=1) >= 100
    assert (np.isnan(found.share) == ~enough).all()
    assert ((found.share[enough] > 0.0) & (found.share[enough] <= 1.0)).all()
    assert (counts[found.holes] < 0.2 * found.expected[found.holes]).all()
    order = list(range(counts.shape[0]))
    random.shuffle(order)
    moved = coverage(counts[order])
    np.testing.assert_allclose(moved.share, found.share[order])
