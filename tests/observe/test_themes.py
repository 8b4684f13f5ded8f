"""The kernels of themes: evidence, expressions and where a scope speaks of a theme."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from gaoyuan.errors import ExpressionInvalid
from gaoyuan.observe import theme_evidence
from gaoyuan.observe.themes import _position_weight, _positions
from gaoyuan.registry.expressions import compiled

FEW = settings(max_examples=40, deadline=None)
COUNTIES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.integers(0, 300)), min_size=1, max_size=12).map(
    lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True))
)


def test_evidence_of_firms_that_weigh_one_is_the_poisson_tail():
    weight, totals = np.array([12, 3, 5]), np.array([100, 400, 500])
    found = theme_evidence(weight, weight, weight, totals)
    expected = -poisson.logsf(weight[0] - 1, weight.sum() * 0.1) / np.log(10.0)
    assert found.evidence[0] == pytest.approx(expected, rel=1e-9)


def test_a_county_without_more_specialists_than_expected_has_no_evidence_and_the_last_rank():
    found = theme_evidence([50, 40, 1], [50, 40, 1], [9, 0, 0], [100, 100, 100])
    assert found.evidence[1:].tolist() == [0.0, 0.0]
    assert found.rank.tolist() == [1, 2, 2]


def test_evidence_that_no_float_holds_as_probability_still_ranks():
    found = theme_evidence([3_000, 2_000, 10], [3_000, 2_000, 10], [900, 800, 0], [3_000, 3_000, 900_000])
    assert found.rank.tolist() == [1, 2, 3]
    assert np.isfinite(found.evidence).all()
    assert found.evidence[0] > 400.0


def test_nothing_said_anywhere_is_no_evidence():
    found = theme_evidence([0, 0], [0, 0], [0, 0], [10, 20])
    assert found.evidence.tolist() == [0.0, 0.0]
    assert found.rank.tolist() == [1, 1]
    assert theme_evidence([], [], [], []).rank.size == 0


@FEW
@given(COUNTIES, st.randoms(use_true_random=False))
def test_evidence_is_never_negative_and_follows_its_counties(counties, random):
    weight, named, more = counties
    totals = weight + named + more
    found = theme_evidence(weight, weight, named, totals)
    assert np.isfinite(found.evidence).all()
    assert (found.evidence >= 0.0).all()
    assert found.rank.min() == 1
    order = list(range(weight.size))
    random.shuffle(order)
    moved = theme_evidence(weight[order], weight[order], named[order], totals[order])
    np.testing.assert_allclose(moved.evidence, found.evidence[order])
    np.testing.assert_array_equal(moved.rank, found.rank[order])


@FEW
@given(COUNTIES)
def test_higher_evidence_has_the_better_rank_and_equal_evidence_the_same(counties):
    weight, named, more = counties
    found = theme_evidence(weight, weight, named, weight + named + more)
    for one, rank in zip(found.evidence, found.rank, strict=True):
        assert rank == 1 + (found.evidence > one).sum()


def test_the_share_of_counties_with_strong_evidence_by_chance_is_small(random):
    """Names thrown on counties by size: evidence above 2 means a chance below a hundredth."""
    strong, seen = 0, 0
    totals = random.integers(100, 5_000, 200)
    for _ in range(20):
        weight = random.poisson(totals * 0.01)
        found = theme_evidence(weight, weight, weight, totals)
        strong, seen = strong + (found.evidence > 2.0).sum(), seen + 200
    assert strong / seen <= 0.01 + 4.0 * np.sqrt(0.01 * 0.99 / seen)


@pytest.mark.parametrize("wrong", ["(毛巾", "[", "*纺织", "(?P<a"])
def test_an_expression_that_is_none_is_refused_with_what_to_write(wrong):
    with pytest.raises(ExpressionInvalid) as refused:
        compiled(wrong)
    assert wrong in refused.value.what
    assert "毛巾|纺织" in str(refused.value.mend)


@pytest.mark.parametrize("wrong", ["", "毛巾|", ".*", "(毛巾)?"])
def test_an_expression_that_matches_every_firm_is_refused(wrong):
    with pytest.raises(ExpressionInvalid, match="matches every firm"):
        compiled(wrong)


def test_the_position_counts_the_things_before_the_theme():
    scopes = ["毛巾生产、销售", "棉纱、毛巾、床单", "货运；仓储，装卸。毛巾", "水产养殖", None, ""]
    assert _positions(scopes, compiled("毛巾")).tolist() == [0, 1, 3, -1, -1, -1]


def test_the_weight_falls_with_the_position_and_is_nothing_where_there_is_none():
    first, second, third, fourth, far, nowhere = _position_weight(np.array([0, 1, 2, 3, 50, -1]))
    assert 1.0 > first > second == third > fourth == far > nowhere == 0.0
