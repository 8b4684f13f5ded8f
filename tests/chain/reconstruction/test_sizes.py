from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.reconstruction.sizes import LEAST_KNOWN, fit_sizes
from gaoyuan.errors import InputError


def firms(count: int, seed: int = 3):
    random = np.random.default_rng(seed)
    sector = random.integers(0, 4, count)
    employees = np.round(np.exp(random.normal(3.0, 1.2, count))) + 1
    capital = np.exp(random.normal(14.0, 1.5, count))
    revenue = np.exp(11.0 + 0.5 * sector + 0.9 * np.log(employees) + random.normal(0.0, 0.6, count))
    return revenue, employees, capital, sector


def test_known_revenue_is_the_same_in_every_draw_and_unknown_revenue_spreads():
    revenue, employees, capital, sector = firms(4_000)
    hidden = np.arange(4_000) % 2 == 0
    sizes = fit_sizes(np.where(hidden, np.nan, revenue), employees, capital, sector)
    first, second = (sizes.draw(np.random.default_rng(seed)) for seed in (1, 2))
    np.testing.assert_allclose(first[~hidden], revenue[~hidden])
    np.testing.assert_array_equal(first[~hidden], second[~hidden])
    assert (first[hidden] != second[hidden]).all()
    assert sizes.known.tolist() == (~hidden).tolist()


def test_draws_follow_employees_and_sector_and_have_the_spread_of_the_known_firms():
    revenue, employees, capital, sector = firms(8_000)
    hidden = np.arange(8_000) % 2 == 0
    sizes = fit_sizes(np.where(hidden, np.nan, revenue), employees, capital, sector)
    truth = np.log(revenue[hidden])
    expected = 11.0 + 0.5 * sector[hidden] + 0.9 * np.log(employees[hidden])
    assert np.abs(sizes.centre[hidden] - expected).max() < 0.25
    assert sizes.deviation[hidden].mean() == pytest.approx(0.6, rel=0.05)
    drawn = np.log(sizes.draw(np.random.default_rng(5)))[hidden]
    assert drawn.mean() == pytest.approx(truth.mean(), abs=0.05)
    assert drawn.std() == pytest.approx(truth.std(), rel=0.05)


def test_a_firm_without_employees_and_capital_is_drawn_more_widely():
    revenue, employees, capital, sector = firms(4_000)
    hidden = np.arange(4_000) % 2 == 0
    bare = hidden & (np.arange(4_000) % 4 == 0)
    sizes = fit_sizes(
        np.where(hidden, np.nan, revenue), np.where(bare, np.nan, employees), np.where(bare, 0.0, capital), sector
    )
    assert sizes.deviation[bare].min() > 1.3 * sizes.deviation[hidden & ~bare].max()


def test_a_sector_without_known_firms_takes_what_all_have():
    revenue, employees, capital, sector = firms(1_000)
    revenue[sector == 3] = np.nan
    sizes = fit_sizes(revenue, employees, capital, sector)
    assert np.isfinite(sizes.centre).all()
    assert (sizes.deviation[sector == 3] > 0).all()


def test_too_few_known_firms_are_refused_with_their_number():
    revenue, employees, capital, sector = firms(100)
    revenue[LEAST_KNOWN - 1 :] = np.nan
    with pytest.raises(InputError, match=f"of {LEAST_KNOWN - 1} firms is known"):
        fit_sizes(revenue, employees, capital, sector)
