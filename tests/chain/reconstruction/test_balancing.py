from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.reconstruction.balancing import aimed_at_blocks, balanced


def test_purchases_are_met_where_sellers_can():
    random = np.random.default_rng(0)
    group, seller = np.repeat(np.arange(200), 5), random.integers(0, 60, 1_000)
    amount = random.random(200) + 0.5
    weight = random.random(1_000) + 0.1
    most = np.full(60, 1.3 * amount.sum() / 60)
    value = balanced(group, seller, amount, weight, most)
    np.testing.assert_allclose(np.bincount(group, weights=value), amount, rtol=1e-4)
    assert (np.bincount(seller, weights=value, minlength=60) <= most * (1 + 1e-9)).all()


@given(st.integers(0, 10_000), st.floats(0.01, 3.0))
def test_no_seller_ever_sells_more_than_it_can_and_no_group_buys_more_than_it_is_to(seed: int, scale: float):
    random = np.random.default_rng(seed)
    group, seller = random.integers(0, 20, 60), random.integers(0, 10, 60)
    amount, most = random.random(20), scale * random.random(10) * (random.random(10) < 0.8)
    value = balanced(group, seller, amount, random.random(60) + 0.01, most)
    assert (value >= 0).all()
    assert (np.bincount(seller, weights=value, minlength=10) <= most * (1 + 1e-9)).all()
    assert (np.bincount(group, weights=value, minlength=20) <= amount * (1 + 1e-5)).all()


def test_blocks_with_few_links_are_left_as_drawn_and_others_are_scaled_by_no_more_than_a_half():
    flows = np.array([[10.0, 10.0], [100.0, 10.0]])
    seller, buyer = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    links = np.array([20, 2, 20, 20])
    scaled = aimed_at_blocks(np.array([8.0, 1.0, 20.0, 12.0]), seller, buyer, links, flows)
    np.testing.assert_allclose(scaled, [10.0, 1.0, 30.0, 10.0])
