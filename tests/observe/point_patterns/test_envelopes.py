"""Simulated envelopes: what chance gives, seeded, and never without error."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from gaoyuan.observe import k_envelope, k_function, kd, kd_envelope, m_envelope, m_function

SITES = np.array([[x, y] for x in range(15) for y in range(15)], dtype=float)
CORNER = SITES.sum(axis=1) < 5


def _envelopes(seed=0, simulations=39):
    return {
        "k": k_envelope(SITES[CORNER], [1.0, 2.0, 4.0], SITES, 225.0, simulations=simulations, seed=seed),
        "kd": kd_envelope(SITES[CORNER], [1.0, 2.0, 4.0], SITES, simulations=simulations, seed=seed),
        "m": m_envelope(SITES, None, CORNER, [1.0, 2.0, 4.0], simulations=simulations, seed=seed),
        "m labels": m_envelope(SITES, None, CORNER, [1.0, 2.0], null="labels", simulations=simulations, seed=seed),
    }


def test_a_clustered_industry_leaves_every_envelope():
    for envelope in _envelopes().values():
        assert envelope.p_value == 1 / 40
        assert (envelope.observed > envelope.upper).any()
        assert envelope.p_concentrated.min() == 1 / 40


def test_the_same_seed_gives_the_same_envelope_and_another_seed_another():
    first, again, other = _envelopes(1), _envelopes(1), _envelopes(2)
    for name, envelope in first.items():
        for left, right in zip(envelope, again[name], strict=True):
            np.testing.assert_array_equal(left, right)
        assert (envelope.mean != other[name].mean).any()


def test_observed_curves_are_those_of_the_measures():
    found = _envelopes()
    np.testing.assert_array_equal(found["k"].observed, k_function(SITES[CORNER], [1.0, 2.0, 4.0], 225.0))
    np.testing.assert_array_equal(found["kd"].observed, kd(SITES[CORNER], [1.0, 2.0, 4.0]))
    np.testing.assert_array_equal(found["m"].observed, m_function(SITES, None, CORNER, CORNER, [1.0, 2.0, 4.0]))


def test_no_probability_is_ever_zero_not_even_at_a_radius_of_zero():
    """pointpats folds p at its middle and gives 0 at r = 0, where all simulations equal what is observed."""
    found = k_envelope(SITES[CORNER], [0.0, 2.0], SITES, 225.0, simulations=19)
    assert found.p_concentrated.tolist() == [1.0, 1 / 20]
    assert found.p_dispersed.tolist() == [1.0, 1.0]
    constant = k_envelope(SITES[CORNER], [0.0], SITES, 225.0, simulations=19)
    assert constant.p_value == 1.0


def test_where_nothing_is_known_nothing_is_found():
    found = m_envelope([[0, 0], [500, 0], [0, 500]], None, [True, True, False], [1.0], simulations=9)
    assert np.isnan(found.observed).all()
    assert np.isnan(found.lower).all()
    assert found.p_value == 1.0
    assert (found.p_concentrated == 1.0).all()


@pytest.mark.parametrize("measure", ["k", "m", "m labels", "kd"])
def test_industries_drawn_by_chance_are_found_no_more_often_than_the_level_says(measure):
    """With 19 simulations p ≤ 0.1 happens by chance in 2 of 20; over 50 industries more than `most` happens in 1 of
    1,000.
    """
    draw, found = np.random.default_rng(7), []
    for seed in range(50):
        chosen = draw.choice(len(SITES), 25, replace=False)
        mask = np.isin(np.arange(len(SITES)), chosen)
        if measure == "k":
            envelope = k_envelope(SITES[mask], [1.0, 3.0], SITES, 225.0, simulations=19, seed=seed)
        elif measure == "kd":
            envelope = kd_envelope(SITES[mask], [1.0, 3.0], SITES, simulations=19, seed=seed)
        else:
            null = "labels" if measure == "m labels" else "locations"
            envelope = m_envelope(SITES, None, mask, [1.0, 3.0], null=null, simulations=19, seed=seed)
        found.append(envelope.p_value)
    least, most = float(binom.ppf(0.001, 50, 0.1)), float(binom.ppf(0.999, 50, 0.1))
    # Ties make the test somewhat cautious, so only the upper bound is strict.
    assert np.sum(np.array(found) <= 0.1 + 1e-12) <= most
    assert np.sum(np.array(found) <= 0.5 + 1e-12) >= least


def test_weights_move_with_their_firms_or_stay_with_their_sites(random):
    """An industry of the largest firms only: with labels drawn anew its firms get the weights of others."""
    weights = np.where(CORNER, 50.0, 1.0)
    moved = m_envelope(SITES, weights, CORNER, [2.0], simulations=39)
    labelled = m_envelope(SITES, weights, CORNER, [2.0], null="labels", simulations=39)
    np.testing.assert_array_equal(moved.observed, labelled.observed)
    assert moved.mean[0] != pytest.approx(labelled.mean[0], rel=0.02)


def test_arguments_that_cannot_be_are_refused_in_words():
    points = SITES[:5]
    with pytest.raises(ValueError, match="at least one simulation"):
        k_envelope(points, [1.0], SITES, 225.0, simulations=0)
    with pytest.raises(ValueError, match="level between 0 and 1"):
        kd_envelope(points, [1.0], SITES, level=1.0)
    with pytest.raises(ValueError, match="at least as many sites as points"):
        k_envelope(SITES, [1.0], points, 225.0)
    with pytest.raises(ValueError, match="at least as many sites as points"):
        kd_envelope(SITES, [1.0], points)
    with pytest.raises(ValueError, match="null is one of locations, labels"):
        m_envelope(SITES, None, CORNER, [1.0], null="places")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="a mask has one entry for each point"):
        m_envelope(SITES, None, [True], [1.0])
