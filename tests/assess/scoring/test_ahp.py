"""Weights from pairwise judgements, against an example of Saaty (1980), exact eigenvalues and pymcdm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymcdm.weights.subjective import AHP

from gaoyuan.assess.scoring import ahp_weights
from gaoyuan.errors import ComparisonRefused, InputError

# Saaty (1980): the wealth of seven nations.
NATIONS = [[4, 9, 6, 6, 5, 5], [7, 5, 5, 3, 4], [1 / 5, 1 / 5, 1 / 7, 1 / 5], [1, 1 / 3, 1 / 3], [1 / 3, 1 / 3], [2]]


def judged(upper, digits=None):
    """Make the whole matrix from the judgements above the diagonal."""
    size = len(upper) + 1
    matrix = np.eye(size)
    for i, row in enumerate(upper):
        for j, value in enumerate(row, start=i + 1):
            matrix[i, j], matrix[j, i] = value, 1 / value
    names = [f"i{number:02d}" for number in range(size)]
    return pd.DataFrame(matrix if digits is None else matrix.round(digits), index=names, columns=names)


def test_the_wealth_of_nations_is_that_of_saaty():
    found = ahp_weights(judged(NATIONS))
    assert np.round(found.values, 3).tolist() == [0.427, 0.230, 0.021, 0.052, 0.052, 0.123, 0.094]
    assert found.consistency is not None
    assert found.consistency.principal_eigenvalue == pytest.approx(7.608, abs=5e-4)
    assert found.consistency.ratio == pytest.approx(0.608 / 6 / 1.32, abs=1e-4)
    assert found.origin == "ahp"


def test_a_circle_of_judgements_has_the_ratio_of_its_exact_eigenvalue():
    # Of three, λ = 1 + t + 1/t with t the cube root of a_13 / (a_12 a_23); the eigenvector is the geometric mean.
    found = ahp_weights(judged([[2, 1 / 4], [2]]), accept_inconsistent=True)
    t = (1 / 16) ** (1 / 3)
    assert found.consistency is not None
    assert found.consistency.principal_eigenvalue == pytest.approx(1 + t + 1 / t)
    assert found.consistency.ratio == pytest.approx((1 + t + 1 / t - 3) / 2 / 0.58)
    means = np.array([0.5, 1.0, 2.0]) ** (1 / 3)
    assert found.values == pytest.approx((means / means.sum()).tolist())


def test_inconsistent_judgements_are_refused_with_the_worst_of_them_or_accepted_with_a_finding():
    # All alike but for one judgement.
    contradictory = judged([[1, 1, 1], [1, 1], [9]])
    with pytest.raises(ComparisonRefused, match=r"i02 / i03: .*is above 0.1; .*is i02 over i03, judged 9"):
        ahp_weights(contradictory)
    found = ahp_weights(contradictory, accept_inconsistent=True)
    assert [(finding.kind, finding.about) for finding in found.findings] == [
        ("inconsistent judgements", ("i02", "i03"))
    ]


@pytest.mark.parametrize("upper", [NATIONS, [[3, 5], [3]], [[2]]])
def test_weights_are_those_of_pymcdm(upper):
    matrix = judged(upper)
    np.testing.assert_allclose(ahp_weights(matrix).values, AHP(matrix=matrix.to_numpy())(), rtol=0, atol=1e-12)


def test_reciprocals_may_be_rounded_and_change_nothing():
    assert ahp_weights(judged(NATIONS, digits=2)).values == pytest.approx(
        ahp_weights(judged(NATIONS)).values, abs=0.005
    )
    upper = [[3, 5], [2]]
    assert ahp_weights(judged(upper, digits=2)).values == pytest.approx(ahp_weights(judged(upper)).values, abs=1e-12)


@given(st.lists(st.floats(0.1, 1.0), min_size=1, max_size=15))
def test_consistent_judgements_give_back_the_weights(raw):
    weights = np.array(raw) / sum(raw)
    names = [str(number) for number in range(len(raw))]
    found = ahp_weights(pd.DataFrame(weights[:, None] / weights[None, :], index=names, columns=names))
    assert found.values == pytest.approx(weights.tolist(), abs=1e-9)
    assert found.consistency is not None
    assert found.consistency.ratio == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        (0, 1, np.nan, "i00 compared with i01: a judgement is missing"),
        (2, 1, np.nan, "i02 compared with i01: a judgement is missing"),
        (0, 1, -3, "i00 compared with i01: '-3.0' is no positive number"),
        (0, 1, 0, "i00 compared with i01: '0.0' is no positive number"),
        (0, 1, 4, "i00 compared with i01: the judgement is 4, but the other way round it is 0.333333 and not 0.25"),
        (1, 1, 2, "i01 compared with i01: an indicator is 2 times as important as itself"),
    ],
)
def test_judgements_that_cannot_be_are_refused_with_their_place(row, column, value, says):
    matrix = judged([[3, 5], [3]])
    matrix.iloc[row, column] = value
    with pytest.raises(InputError, match=says):
        ahp_weights(matrix)


def test_a_word_for_a_judgement_is_refused():
    matrix = judged([[3]]).astype(object)
    matrix.iloc[0, 1] = "more"
    with pytest.raises(InputError, match="'more' is no positive number"):
        ahp_weights(matrix)


def test_tables_that_are_not_square_have_other_names_or_are_too_large_are_refused():
    matrix = judged([[3, 5], [3]])
    for wrong in (matrix.iloc[:2], matrix.iloc[::-1], matrix.iloc[:0, :0], matrix.iloc[[0, 0], [0, 0]]):
        with pytest.raises(InputError, match="not the same"):
            ahp_weights(wrong)
    with pytest.raises(InputError, match="16 indicators are too many"):
        ahp_weights(judged([[1] * number for number in range(15, 0, -1)]))
