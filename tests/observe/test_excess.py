"""Local excess: exact tails and a controlled share of false findings."""

from __future__ import annotations

from fractions import Fraction
from math import comb, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, false_discovery_control, hypergeom, poisson

from gaoyuan.observe import benjamini_hochberg, hypergeometric_log_tail, local_excess
from gaoyuan.observe.excess import poisson_log_tail

FEW = settings(max_examples=60, deadline=None)
CELLS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60)), min_size=1, max_size=12).map(
    lambda cells: (np.array([own for own, _ in cells]), np.array([own + rest for own, rest in cells]))
)


def _exact_tail(successes, population, marked, drawn):
    first = max(0, successes, drawn + marked - population)
    if first > min(marked, drawn):
        return Fraction(0)
    term = ways = comb(marked, first) * comb(population - marked, drawn - first)
    for x in range(first, min(marked, drawn)):
        term = term * (marked - x) * (drawn - x) // ((x + 1) * (population - marked - drawn + x + 1))
        ways += term
    return Fraction(ways, comb(population, drawn))


def test_the_answer_has_an_entry_for_each_cell_and_the_named_parts():
    found = local_excess([3, 0, 1], [4, 6, 10])
    assert {"expected", "location_quotient", "p_value", "q_value"} <= set(found._fields)
    assert all(part.shape == (3,) for part in found)


@FEW
@given(CELLS)
def test_tails_are_exact(cells):
    counts, totals = cells
    found = local_excess(counts, totals)
    for i in np.flatnonzero(totals > 0):
        exact = _exact_tail(int(counts[i]), int(totals.sum()), int(counts.sum()), int(totals[i]))
        assert found.p_value[i] == pytest.approx(float(exact), rel=1e-11)


@pytest.mark.parametrize("successes", [1, 60, 100, 140, 300, 900, 999, 1000])
def test_tails_of_large_tables_keep_eleven_digits(successes):
    """Fractions of whole numbers with thousands of digits are exact."""
    exact = _exact_tail(successes, 100_000, 1_000, 10_000)
    found = hypergeometric_log_tail([successes], 100_000, 1_000, 10_000)[0]
    # A logarithm of a quotient that no float holds, digit by digit.
    expected = log(exact.numerator >> _excess_bits(exact.numerator)) - log(
        exact.denominator >> _excess_bits(exact.denominator)
    )
    expected += (_excess_bits(exact.numerator) - _excess_bits(exact.denominator)) * log(2.0)
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-11)


def _excess_bits(number):
    return max(0, number.bit_length() - 200)


def test_tails_agree_with_scipy_where_it_has_them(random):
    population = random.integers(50, 5_000, 300)
    marked, drawn = random.integers(0, population + 1), random.integers(0, population + 1)
    successes = random.hypergeometric(marked, population - marked, drawn)
    found = np.exp(hypergeometric_log_tail(successes, population, marked, drawn))
    np.testing.assert_allclose(found, hypergeom.sf(successes - 1, population, marked, drawn), rtol=1e-8)


def test_poisson_tails_are_those_of_scipy_and_go_on_where_no_float_holds_them():
    counts, means = np.array([0, 1, 5, 40, 90]), np.array([3.0, 0.2, 5.0, 12.5, 2.0])
    np.testing.assert_allclose(
        poisson_log_tail(counts, means), poisson.logsf(counts - 1, means), rtol=1e-10, atol=1e-15
    )
    # By hand: the first term of the tail and the ratios of those after it.
    x = np.arange(3_000, 3_200)
    terms = x * np.log(10.0) - 10.0 - np.array([lgamma(n + 1.0) for n in x])
    expected = terms[0] + np.log(np.exp(terms - terms[0]).sum())
    assert poisson_log_tail(3_000, 10.0) == pytest.approx(expected, rel=1e-12)
    # The two ways meet without a step.
    near = poisson_log_tail(np.arange(150.0, 220.0), 2.0)
    assert (np.diff(near, 2) < 0.0).all()
    assert poisson_log_tail([2.0], [0.0])[0] == -np.inf
    with pytest.raises(ValueError, match="numbers of at least 0"):
        poisson_log_tail([-1.0], [1.0])


def test_probabilities_are_never_zero_and_their_logarithm_keeps_their_size():
    found = local_excess([5_000, 0], [5_000, 1_000_000])
    assert found.p_value[0] > 0.0
    assert found.q_value[0] > 0.0
    assert found.log_p_value[0] < -20_000.0


def test_what_is_impossible_has_no_probability_and_what_is_certain_has_one():
    assert hypergeometric_log_tail([3], 10, 2, 5)[0] == -np.inf
    assert hypergeometric_log_tail([2], 10, 8, 4)[0] == 0.0
    assert hypergeometric_log_tail([0, 0], [5, 0], [0, 0], [3, 0]).tolist() == [0.0, 0.0]


def test_a_cell_without_firms_says_nothing_and_spoils_no_other():
    whole, holed = local_excess([3, 1], [4, 10]), local_excess([3, 0, 1], [4, 0, 10])
    for with_hole, without in zip(holed, whole, strict=True):
        assert np.isnan(with_hole[1])
        np.testing.assert_array_equal(with_hole[[0, 2]], without)


def test_an_industry_without_firms_is_nowhere_in_excess():
    found = local_excess([0, 0], [4, 10])
    assert found.p_value.tolist() == found.q_value.tolist() == [1.0, 1.0]
    assert np.isnan(found.location_quotient).all()
    assert all(part.size == 0 for part in local_excess([], []))


def test_counts_that_cannot_be_are_refused_in_words():
    for counts, totals in (([1.5], [2]), ([-1], [2]), ([np.nan], [2]), ([1], [np.inf])):
        with pytest.raises(ValueError, match="whole numbers of at least 0"):
            local_excess(counts, totals)
    with pytest.raises(ValueError, match="no more firms of one industry than firms"):
        local_excess([3], [2])
    with pytest.raises(ValueError, match="one entry for each cell"):
        local_excess([1, 2], [3])
    with pytest.raises(ValueError, match="one entry for each cell"):
        local_excess([[1]], [[3]])


@FEW
@given(CELLS)
def test_expected_firms_sum_to_the_firms_there_are_and_quotients_are_their_ratio(cells):
    counts, totals = cells
    found = local_excess(counts, totals)
    held = totals > 0
    assert found.expected[held].sum() == pytest.approx(counts.sum())
    if counts.sum():
        np.testing.assert_allclose((found.location_quotient * found.expected)[held], counts[held], rtol=1e-12)


@FEW
@given(CELLS, st.randoms(use_true_random=False))
def test_findings_follow_their_cells(cells, random):
    order = list(range(cells[0].size))
    random.shuffle(order)
    found, moved = local_excess(*cells), local_excess(cells[0][order], cells[1][order])
    for part, moved_part in zip(found, moved, strict=True):
        np.testing.assert_allclose(moved_part, part[order], rtol=1e-12)


@FEW
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_q_values_are_those_of_scipy(p_values):
    np.testing.assert_allclose(benjamini_hochberg(p_values), false_discovery_control(p_values), rtol=1e-12)


@FEW
@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=20), st.integers(1, 10))
def test_leaving_out_the_largest_p_values_never_makes_a_finding(p_values, left_out):
    ordered = np.sort(p_values)
    kept = ordered[: max(1, ordered.size - left_out)]
    whole, part = benjamini_hochberg(ordered), benjamini_hochberg(kept, tests=ordered.size)
    assert (part >= whole[: kept.size] * (1.0 - 1e-12)).all()
    missed = (whole[: kept.size] <= 0.05) & (part > 0.05)
    # A finding can be missed only where a value left out was itself below the level.
    assert not missed.any() or ordered[kept.size] <= 0.05


@FEW
@given(st.lists(st.tuples(st.floats(1e-12, 1.0), st.booleans()), min_size=1, max_size=30))
def test_p_values_left_out_count_as_one_whatever_they_are(tests):
    values, kept = np.array([p for p, _ in tests]), np.array([given for _, given in tests])
    part = benjamini_hochberg(values[kept], tests=values.size)
    np.testing.assert_allclose(part, benjamini_hochberg(np.where(kept, values, 1.0))[kept], rtol=1e-12)
    assert (part >= benjamini_hochberg(values)[kept] * (1.0 - 1e-12)).all()


def test_unknown_p_values_stay_unknown_and_do_not_count():
    found = benjamini_hochberg([0.01, np.nan, 0.04, 0.03])
    assert np.isnan(found[1])
    np.testing.assert_allclose(found[[0, 2, 3]], benjamini_hochberg([0.01, 0.04, 0.03]))
    assert benjamini_hochberg([]).size == 0


def test_p_values_that_cannot_be_are_refused_in_words():
    for wrong in ([-0.1], [1.2]):
        with pytest.raises(ValueError, match="p values lie between 0 and 1"):
            benjamini_hochberg(wrong)
    with pytest.raises(ValueError, match="at least as many tests as p values"):
        benjamini_hochberg([0.1, 0.2], tests=1)


def test_worlds_without_excess_are_flagged_in_at_most_one_of_twenty(random):
    """Firms of the industry are thrown on all firms 300 times; the upper 95 % limit of the rate stays below 7.5 %."""
    totals = np.concatenate([random.integers(1, 30, 150), random.integers(100, 900, 20)])
    flagged = 0
    for _ in range(300):
        counts = random.multivariate_hypergeometric(totals, 400)
        flagged += bool((local_excess(counts, totals).q_value <= 0.05).any())
    assert beta.ppf(0.95, flagged + 1, 300 - flagged) < 0.075
