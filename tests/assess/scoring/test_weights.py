"""Weights: given, equal, entropy and CRITIC, against computation by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pymcdm.weights import entropy_weights as entropy_of_pymcdm

from gaoyuan.assess.scoring import (
    Indicator,
    Weights,
    critic_weights,
    entropy_weights,
    equal_weights,
    given_weights,
    read_facts,
)
from gaoyuan.errors import ComparisonRefused, InputError


def facts_of(columns, kinds=None):
    table = pd.DataFrame(columns)
    return read_facts(table, [Indicator(name, (kinds or {}).get(name, "benefit")) for name in table.columns])


def test_given_weights_are_divided_by_their_sum_and_keep_zero():
    weights = given_weights({"a": 2, "b": 0, "c": 6})
    assert weights.values == (0.25, 0.0, 0.75)
    assert weights.origin == "given"
    assert weights.for_indicators(["c", "a", "b"]).tolist() == [0.75, 0.25, 0.0]


@pytest.mark.parametrize(
    ("weights", "says"),
    [({"a": -1, "b": 2}, "a: -1 is no weight"), ({"a": np.nan}, "nan is no weight"), ({"a": 0}, "sum to nothing"),
     ({}, "sum to nothing"), ({"a": np.inf}, "inf is no weight")],
)  # fmt: skip
def test_weights_that_are_none_are_refused(weights, says):
    with pytest.raises(InputError, match=says):
        given_weights(weights)


@pytest.mark.parametrize("values", [(0.5, 0.6), (1.5, -0.5), (1.0,), (np.nan, 1.0)])
def test_weights_that_were_not_normalised_are_refused(values):
    with pytest.raises(InputError, match="sum to 1"):
        Weights(("a", "b"), values, "given")


def test_weights_for_other_indicators_are_refused_with_both_names():
    with pytest.raises(InputError, match=r"without a weight are \['c'\], without an indicator \['b'\]"):
        equal_weights(["a", "b"]).for_indicators(["a", "c"])


def test_entropy_by_hand():
    # p = 1/4, 3/4: e = 0.811278; an even column has e = 1; all in one place has e = 0.
    weights = entropy_weights(facts_of({"x": [1, 3], "even": [7, 7], "one": [0, 4]}))
    assert weights.values == pytest.approx((0.188722 / 1.188722, 0.0, 1 / 1.188722), abs=1e-6)
    assert (weights.origin, weights.alternatives_used) == ("entropy", 2)


def test_entropy_is_that_of_pymcdm_where_pymcdm_has_an_answer():
    values = np.random.default_rng(1).uniform(0.1, 9, (12, 5))
    found = entropy_weights(facts_of({str(j): column for j, column in enumerate(values.T)}))
    np.testing.assert_allclose(found.values, entropy_of_pymcdm(values), rtol=0, atol=1e-12)


def test_entropy_gives_a_column_of_zeros_no_weight_and_refuses_negative_values():
    assert entropy_weights(facts_of({"zero": [0, 0], "x": [1, 2]})).values == (0.0, 1.0)
    with pytest.raises(InputError, match="growth: entropy weights need shares"):
        entropy_weights(facts_of({"growth": [-0.1, 0.2], "x": [1, 2]}))


def test_critic_by_hand():
    # Scaled deviations 0.408, 0.408, 0.471; correlations xy -0.5, xz 0.866, yz 0.
    columns = {"x": [0, 5, 10], "y": [4, 2, 3], "z": [1, 1, 9]}
    expected = np.array([0.408248 * 1.633975, 0.408248 * 2.5, 0.471405 * 1.133975])
    found = critic_weights(facts_of(columns))
    assert found.values == pytest.approx(expected / expected.sum(), abs=1e-6)
    as_cost = critic_weights(facts_of({**columns, "y": [2, 4, 3]}, {"y": "cost"}))
    assert as_cost.values == pytest.approx(found.values)


def test_critic_gives_a_constant_indicator_no_weight_and_ignores_it():
    plain = critic_weights(facts_of({"x": [0, 5, 10], "y": [4, 2, 3]}))
    found = critic_weights(facts_of({"x": [0, 5, 10], "same": [1, 1, 1], "y": [4, 2, 3]}))
    assert found.for_indicators(["x", "y", "same"]) == pytest.approx((*plain.values, 0.0))


@pytest.mark.parametrize("columns", [{"x": [1, 2, 4], "y": [3, 5, 9]}, {"x": [1, 2, 4], "y": [6, 6, 6]}])
def test_critic_without_any_conflict_weighs_alike_and_says_so(columns):
    found = critic_weights(facts_of(columns))
    assert found.values == ((0.5, 0.5) if columns["y"][0] != columns["y"][1] else (1.0, 0.0))
    assert [finding.kind for finding in found.findings] == ["no conflict"]


@pytest.mark.parametrize("rule", [entropy_weights, critic_weights])
@pytest.mark.parametrize("columns", [{"x": [1.0], "y": [2.0]}, {"x": [1.0, 1.0], "y": [2.0, 2.0]}])
def test_data_that_vary_nowhere_cannot_weigh(rule, columns):
    with pytest.raises(ComparisonRefused, match=r"cannot weigh|need two alternatives"):
        rule(facts_of(columns))


@pytest.mark.parametrize("rule", [entropy_weights, critic_weights])
def test_weights_from_data_rest_on_the_complete_alternatives_only(rule):
    whole = {"x": [1.0, 4.0, 2.0], "y": [3.0, 1.0, 5.0]}
    gaps = {"x": [*whole["x"], np.nan], "y": [*whole["y"], 4.0]}
    assert rule(facts_of(gaps)) == rule(facts_of(whole))
    assert rule(facts_of(gaps)).alternatives_used == 3
