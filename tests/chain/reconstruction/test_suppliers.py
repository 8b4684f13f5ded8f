from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.reconstruction.places import gathered
from gaoyuan.chain.reconstruction.suppliers import (
    Needs,
    buyer_needs,
    draw_suppliers,
    market_of,
    supplier_counts,
)


def test_the_number_of_suppliers_grows_with_what_is_bought_and_has_the_mean_asked_for():
    random = np.random.default_rng(2)
    budget = np.exp(random.normal(10, 2, 20_000))
    budget[:100] = 0.0
    counts = supplier_counts(budget, 7.0, 0.5, random)
    assert (counts[:100] == 0).all()
    assert counts[100:].min() == 1
    assert counts[100:].mean() == pytest.approx(7.0, rel=0.02)
    large, small = budget > np.quantile(budget, 0.9), (budget > 0) & (budget < np.quantile(budget, 0.2))
    assert counts[large].mean() > 5 * counts[small].mean()


def test_purchases_are_right_on_average_by_sector_and_large_ones_are_always_bought():
    count = 40_000
    need = np.array([[0.30, 0.0], [0.02, 0.0], [0.08, 0.0]])
    need = np.column_stack([need[:, 0], np.zeros(3), np.zeros(3)])
    sector, size = np.zeros(count, np.int64), np.full(count, 100.0)
    made = buyer_needs(np.full(count, 4), sector, size, need, np.array([50, 50, 50]), np.random.default_rng(3))
    bought = np.bincount(made.sector, weights=made.amount, minlength=3) / count
    assert bought[0] == pytest.approx(30.0)
    assert bought[1:] == pytest.approx([2.0, 8.0], rel=0.03)
    assert np.bincount(made.buyer, weights=made.suppliers).tolist() == [4.0] * count
    assert (np.bincount(made.buyer[made.sector == 0], minlength=count) == 1).all()


def test_nothing_is_bought_of_a_sector_that_only_the_buyer_is_in():
    need = np.full((2, 2), 0.1)
    made = buyer_needs(np.array([3, 3]), np.array([0, 1]), np.ones(2), need, np.array([1, 1]), np.random.default_rng(0))
    assert sorted(zip(made.buyer.tolist(), made.sector.tolist(), strict=True)) == [(0, 1), (1, 0)]


@pytest.mark.parametrize(("spread", "decay"), [(200.0, 30.0), (5.0, 30.0), (3_000.0, 10.0), (100.0, np.inf)])
def test_a_supplier_is_drawn_in_proportion_to_mass_and_nearness(spread: float, decay: float):
    random = np.random.default_rng(4)
    position = np.vstack([[0.0, 0.0, 0.0], spread * random.random((6, 3))])
    sector = np.array([0, 0, 0, 0, 0, 0, 1])
    mass = np.array([9.0, 1.0, 2.0, 4.0, 1.0, 3.0, 5.0])
    # All buyers stand where the first firm does.
    buyers = 30_000
    position = np.vstack([position, np.zeros((buyers, 3))])
    sector = np.concatenate([sector, np.full(buyers, 2)])
    mass = np.concatenate([mass, np.zeros(buyers)])
    cells = gathered(position, decay)
    needs = Needs(np.arange(7, 7 + buyers), np.zeros(buyers, np.int64), np.ones(buyers, np.int64), np.ones(buyers))
    found = draw_suppliers(needs, market_of(sector, mass, cells, 3), cells, decay, random)
    expected = mass[:6] * np.exp(-np.linalg.norm(position[:6], axis=1) / decay)
    shares = np.bincount(found, minlength=6) / buyers
    np.testing.assert_allclose(shares, expected / expected.sum(), atol=4 * 0.5 / np.sqrt(buyers))


def test_no_buyer_supplies_itself_and_none_is_taken_twice_also_where_all_are_far():
    position = np.array([[0.0, 0, 0], [5_000.0, 0, 0], [5_001.0, 0, 0], [9_000.0, 0, 0]])
    cells = gathered(position, 1.0)
    market = market_of(np.zeros(4, np.int64), np.array([100.0, 1, 1, 1]), cells, 1)
    needs = Needs(np.array([0, 0]), np.array([0, 0]), np.array([2, 5]), np.ones(2))
    found = draw_suppliers(needs, market, cells, 1.0, np.random.default_rng(0))
    assert sorted(found[:2].tolist()) == [1, 2]
    assert sorted(found[2:].tolist()) == [-1, -1, 1, 2, 3]
