"""Scores against pymcdm and computation by hand, where all is alike, and with unknown values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pymcdm import methods as pymcdm_methods
from pymcdm import normalizations

from gaoyuan.assess.scoring import Method, Scale, rank_intervals, ranks, score_intervals, scores
from gaoyuan.assess.scoring.methods import MethodName, weighted_sums
from gaoyuan.errors import ComparisonRefused, InputError

EVERY = [
    Method("weighted sum"),
    Method("weighted sum", "max"),
    Method("topsis"),
    Method("topsis", "vector"),
    Method("vikor"),
    Method("promethee ii"),
    Method("promethee ii", "min-max"),
]
INTERVALS = [method for method in EVERY if method.normalisation_used != "vector"]


def named(method):
    return f"{method.name}, {method.normalisation_used}"


# Few distinct values, so that ties and constant columns are frequent.
STEPS = st.integers(0, 8).map(float)


@st.composite
def tables(draw, least=1):
    shape = draw(st.tuples(st.integers(least, 6), st.integers(1, 4)))
    values = draw(hnp.arrays(np.float64, shape, elements=STEPS))
    signs = draw(hnp.arrays(np.float64, shape[1], elements=st.sampled_from([1.0, -1.0])))
    weights = draw(hnp.arrays(np.float64, shape[1], elements=st.integers(0, 5).map(float)))
    assume(weights.sum() > 0)
    return values, weights / weights.sum(), signs


def scale_of(values, signs):
    return Scale(signs, values.min(axis=0), values.max(axis=0))


def merits(values, weights, signs, method):
    sign = 1.0 if method.greater_is_better else -1.0
    return sign * scores(values, weights, scale_of(values, signs), method)


@pytest.fixture(scope="module")
def ordinary():
    draw = np.random.default_rng(3)
    return draw.uniform(1, 9, (9, 5)), draw.dirichlet(np.ones(5)), np.array([1.0, -1.0, 1.0, 1.0, -1.0])


@pytest.mark.parametrize(
    ("method", "body"),
    [
        (EVERY[0], lambda: pymcdm_methods.WSM(normalizations.minmax_normalization)),
        (EVERY[1], lambda: pymcdm_methods.WSM(normalizations.max_normalization)),
        (EVERY[2], pymcdm_methods.TOPSIS),
        (EVERY[3], lambda: pymcdm_methods.TOPSIS(normalizations.vector_normalization)),
        (EVERY[4], pymcdm_methods.VIKOR),
        (EVERY[5], lambda: pymcdm_methods.PROMETHEE_II("usual")),
    ],
    ids=lambda part: named(part) if isinstance(part, Method) else "",
)
def test_scores_of_ordinary_data_are_those_of_pymcdm(method, body, ordinary):
    values, weights, signs = ordinary
    expected = body()(values, weights, signs, validation=False)
    np.testing.assert_allclose(scores(values, weights, scale_of(values, signs), method), expected, rtol=0, atol=1e-12)


def test_scores_by_hand():
    values, weights, signs = np.array([[0.0, 4.0], [5.0, 3.0], [10.0, 2.0]]), np.array([0.6, 0.4]), np.array([1.0, 1.0])
    by_hand: dict[MethodName, list[float]] = {
        "weighted sum": [0.4, 0.5, 0.6],
        "topsis": [0.4, 0.5, 0.6],
        # S = 0.6, 0.5, 0.4 and R = 0.6, 0.3, 0.4.
        "vikor": [1.0, 0.5 * 0.5 + 0.0, 0.5 * (0.1 / 0.3)],
        "promethee ii": [-0.2, 0.0, 0.2],
    }
    for name, expected in by_hand.items():
        assert scores(values, weights, scale_of(values, signs), Method(name)) == pytest.approx(expected), name


def test_v_shape_preference_grows_with_the_difference():
    values, signs = np.array([[0.0], [1.0], [4.0]]), np.array([1.0])
    found = scores(values, np.ones(1), scale_of(values, signs), Method("promethee ii", "min-max"))
    assert found == pytest.approx([-(0.25 + 1) / 2, (0.25 - 0.75) / 2, (1 + 0.75) / 2])


@pytest.mark.parametrize("method", EVERY, ids=named)
@given(table=tables())
def test_scores_are_finite_and_in_range_whatever_is_constant(method, table):
    found = scores(table[0], table[1], scale_of(table[0], table[2]), method)
    low = -1 if method.name == "promethee ii" else 0
    assert np.isfinite(found).all()
    assert found.min() >= low - 1e-12
    assert found.max() <= 1 + 1e-12


@pytest.mark.parametrize("method", EVERY, ids=named)
def test_alternatives_that_are_all_alike_or_alone_share_the_first_rank(method):
    for values in (np.full((3, 2), 7.0), np.zeros((3, 2)), np.array([[3.0, 4.0]])):
        found = merits(values, np.array([0.5, 0.5]), np.array([1.0, -1.0]), method)
        assert set(ranks(found).tolist()) == {1}


@pytest.mark.parametrize("method", EVERY, ids=named)
@given(table=tables(2), other=STEPS)
def test_a_constant_indicator_changes_no_score(method, table, other):
    values, weights, signs = table
    wider = np.column_stack([values, np.full(len(values), other)])
    with_constant = merits(wider, np.append(weights * 0.5, 0.5), np.append(signs, 1.0), method)
    np.testing.assert_allclose(with_constant, merits(values, weights, signs, method), rtol=0, atol=1e-9)


@pytest.mark.parametrize("method", EVERY, ids=named)
@given(table=tables(2), data=st.data())
def test_the_order_of_alternatives_does_not_matter(method, table, data):
    values, weights, signs = table
    order = np.array(data.draw(st.permutations(range(len(values)))))
    found = ranks(merits(values, weights, signs, method))
    assert ranks(merits(values[order], weights, signs, method)).tolist() == found[order].tolist()


@pytest.mark.parametrize("method", EVERY, ids=named)
@given(table=tables(2), data=st.data())
def test_the_unit_of_an_indicator_does_not_matter(method, table, data):
    values, weights, signs = table
    unit = data.draw(hnp.arrays(np.float64, len(weights), elements=st.sampled_from([1e-4, 0.5, 3.0, 1e8])))
    found = ranks(merits(values, weights, signs, method))
    assert ranks(merits(values * unit, weights, signs, method)).tolist() == found.tolist()


@pytest.mark.parametrize("method", EVERY, ids=named)
@given(table=tables(2))
def test_an_alternative_that_is_best_in_everything_is_first(method, table):
    values, weights, signs = table
    values = values + 1
    values[0] = np.where(signs > 0, values.max(axis=0) + 1, values.min(axis=0) - 1)
    assert ranks(merits(values, np.full(len(weights), 1 / len(weights)), signs, method))[0] == 1


@pytest.mark.parametrize("method", EVERY[:2], ids=named)
@given(table=tables(2), more=st.integers(1, 9), data=st.data())
def test_more_of_a_benefit_never_lowers_the_rank_by_weighted_sum(method, table, more, data):
    values, weights, signs = table
    column = data.draw(st.integers(0, len(weights) - 1))
    before = ranks(merits(values, weights, signs, method))[0]
    better = values.copy()
    better[0, column] += more * signs[column]
    assume(better.min() >= 0)
    assert ranks(merits(better, weights, signs, method))[0] <= before


@pytest.mark.parametrize("method", EVERY[:2], ids=named)
@given(table=tables(2))
def test_sums_of_many_samples_rank_as_single_ones(method, table):
    values, weights, signs = table
    scale = scale_of(values, signs)
    expected = ranks(scores(values, weights, scale, method)).tolist()
    assert ranks(weighted_sums(values, weights[None, :], scale, method)[0]).tolist() == expected
    sampled = Scale(signs, scale.low[None, None, :], scale.high[None, None, :])
    assert ranks(weighted_sums(values[None], weights[None, :], sampled, method)[0]).tolist() == expected


@pytest.mark.parametrize("method", INTERVALS, ids=named)
@given(table=tables(2), data=st.data())
def test_intervals_hold_the_score_and_rank_of_every_completion(method, table, data):
    values, weights, signs = table
    unknown = data.draw(hnp.arrays(np.bool_, values.shape))
    inside = data.draw(hnp.arrays(np.float64, values.shape, elements=st.sampled_from([0.0, 0.3, 0.5, 1.0])))
    # The range is wider than what is there, as a declared one may be.
    scale = Scale(signs, np.full(len(weights), 0.0), np.full(len(weights), 10.0))
    low, high = np.where(unknown, 0.0, values), np.where(unknown, 10.0, values)
    completed = low + (high - low) * inside
    found = scores(completed, weights, scale, method)
    least, greatest = score_intervals(low, high, weights, scale, method)
    assert (least <= found + 1e-9).all()
    assert (found <= greatest + 1e-9).all()
    sign = 1.0 if method.greater_is_better else -1.0
    best, worst = rank_intervals(*((least, greatest) if sign > 0 else (-greatest, -least)))
    placed = ranks(sign * found)
    assert (best <= placed).all()
    assert (placed <= worst).all()


@pytest.mark.parametrize("method", INTERVALS, ids=named)
@given(table=tables(2))
def test_intervals_of_what_is_known_are_points(method, table):
    values, weights, signs = table
    scale = scale_of(values, signs)
    for end in score_intervals(values, values, weights, scale, method):
        np.testing.assert_allclose(end, scores(values, weights, scale, method), rtol=0, atol=1e-9)


@pytest.mark.parametrize("method", [m for m in INTERVALS if m.name != "vikor"], ids=named)
def test_the_ends_of_intervals_are_attained(method, ordinary):
    values, weights, signs = ordinary
    scale = scale_of(values, signs)
    low, high = values.copy(), values.copy()
    for row, column in ((0, 1), (0, 2), (4, 0), (5, 4)):
        low[row, column], high[row, column] = scale.low[column], scale.high[column]
    worst, best = np.where(signs > 0, low, high), np.where(signs > 0, high, low)
    least, greatest = score_intervals(low, high, weights, scale, method)
    for own in (0, 4, 5, 6):
        mine = np.arange(len(values))[:, None] == own
        assert scores(np.where(mine, best, worst), weights, scale, method)[own] == pytest.approx(greatest[own])
        assert scores(np.where(mine, worst, best), weights, scale, method)[own] == pytest.approx(least[own])


def test_vector_normalisation_is_refused_for_unknown_values():
    with pytest.raises(ComparisonRefused, match="vector normalisation"):
        score_intervals(
            np.zeros((2, 1)), np.ones((2, 1)), np.ones(1), Scale(np.ones(1), np.zeros(1), np.ones(1)), EVERY[3]
        )


def test_scores_that_differ_by_rounding_share_a_rank():
    assert ranks(np.array([0.1 + 0.2, 0.3, 0.9, 0.1])).tolist() == [2, 2, 1, 4]


def test_normalising_by_the_greatest_refuses_negative_values():
    values = np.array([[-1.0], [2.0]])
    with pytest.raises(InputError, match="at least 0"):
        scores(values, np.ones(1), scale_of(values, np.ones(1)), Method("weighted sum", "max"))


@pytest.mark.parametrize(
    "wrong", [{"name": "electre"}, {"name": "vikor", "normalisation": "vector"}, {"name": "vikor", "group_utility": 2}]
)
def test_methods_that_are_none_are_refused(wrong):
    with pytest.raises(InputError):
        Method(**wrong)
