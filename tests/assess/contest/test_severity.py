from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.assess.contest import connected_parts, fit_severity

JUDGES = [f"J{at:02}" for at in range(12)]


def planted(seed: int, noise: int = 0) -> tuple[dict[str, dict[str, Fraction]], dict[str, int], dict[str, int]]:
    """Sixty entrants, three to five of twelve judges each: scores, planted levels, planted severities (sum zero)."""
    chance = random.Random(seed)
    severity = {judge: chance.randint(-8, 8) for judge in JUDGES[:-1]}
    severity[JUDGES[-1]] = -sum(severity.values())
    level = {f"E{at:02}": chance.randint(50, 90) for at in range(60)}
    scores = {
        entrant: {
            judge: Fraction(level[entrant] - severity[judge]) + Fraction(chance.randint(-noise, noise), 10)
            for judge in chance.sample(JUDGES, chance.randint(3, 5))
        }
        for entrant in level
    }
    return scores, level, severity


def test_planted_severities_are_recovered_exactly_without_noise():
    scores, level, severity = planted(1)
    fit = fit_severity(scores)
    assert fit.severity == severity
    assert fit.level == level
    assert fit.residual_variance == 0


def test_planted_severities_are_recovered_within_their_error_and_places_by_raw_means_are_not():
    scores, level, severity = planted(2, noise=20)
    fit = fit_severity(scores)
    variance = fit.residual_variance
    assert variance is not None
    off = [
        abs(float(fit.severity[judge] - severity[judge])) / float(variance * fit.severity_factor[judge]) ** 0.5
        for judge in JUDGES
    ]
    assert max(off) < 4
    raw = {entrant: sum(row.values()) / len(row) for entrant, row in scores.items()}
    wrong_raw = sum(abs(float(raw[entrant] - level[entrant])) for entrant in level)
    wrong = sum(abs(float(fit.level[entrant] - level[entrant])) for entrant in level)
    assert wrong < wrong_raw / 2


def test_the_fit_is_that_of_least_squares_by_another_way():
    scores, _, _ = planted(3, noise=30)
    fit = fit_severity(scores)
    entrants = list(scores)
    rows = [
        (entrants.index(name), JUDGES.index(judge), float(y)) for name in scores for judge, y in scores[name].items()
    ]
    design = np.zeros((len(rows), len(entrants) + len(JUDGES)))
    for at, (entrant, judge, _) in enumerate(rows):
        design[at, entrant], design[at, len(entrants) + judge] = 1, -1
    zero_sum = np.concatenate([np.zeros(len(entrants)), np.ones(len(JUDGES))])
    bordered = np.block([[design.T @ design, zero_sum[:, None]], [zero_sum[None, :], np.zeros((1, 1))]])
    covariance = np.linalg.inv(bordered)[:-1, :-1]
    y = np.array([row[2] for row in rows])
    solved = covariance @ design.T @ y
    residual = y - design @ solved
    freedom = len(rows) - len(entrants) - len(JUDGES) + 1
    assert [float(fit.level[name]) for name in entrants] == pytest.approx(list(solved[: len(entrants)]))
    assert [float(fit.severity[name]) for name in JUDGES] == pytest.approx(list(solved[len(entrants) :]), abs=1e-9)
    assert float(fit.residual_variance or 0) == pytest.approx(float(residual @ residual) / freedom)
    factors = np.diag(covariance)
    assert [float(fit.level_factor[name]) for name in entrants] == pytest.approx(list(factors[: len(entrants)]))
    assert [float(fit.severity_factor[name]) for name in JUDGES] == pytest.approx(list(factors[len(entrants) :]))


def test_severities_sum_to_zero_and_a_complete_design_leaves_the_means():
    scores = {
        name: {judge: Fraction(at * 7 % 11 + judge_at) for judge_at, judge in enumerate("xyz")}
        for at, name in enumerate("ABCDE")
    }
    fit = fit_severity(scores)
    assert sum(fit.severity.values()) == 0
    assert fit.level == {name: sum(row.values()) / 3 for name, row in scores.items()}


def test_without_a_degree_of_freedom_the_error_is_unknown():
    fit = fit_severity({"A": {"x": Fraction(5)}})
    assert (fit.level["A"], fit.severity["x"], fit.residual_variance) == (5, 0, None)


def test_unconnected_parts_are_told_apart_and_not_fitted_together():
    scores = {"A": {"x": Fraction(1), "y": Fraction(2)}, "B": {"z": Fraction(3)}}
    assert connected_parts({name: list(row) for name, row in scores.items()}) == [
        (("A",), ("x", "y")),
        (("B",), ("z",)),
    ]
    with pytest.raises(ValueError, match="not connected"):
        fit_severity(scores)


@given(st.randoms(use_true_random=False), st.integers(-50, 50))
def test_what_a_judge_takes_off_everybody_changes_no_level(chance: random.Random, shift: int):
    scores, _, _ = planted(4, noise=20)
    judge = chance.choice(JUDGES)
    before = fit_severity(scores)
    for row in scores.values():
        if judge in row:
            row[judge] -= shift
    after = fit_severity(scores)
    # The panel's mean severity is zero by definition: all levels move together by the judge's share of it.
    moved = {after.level[name] - before.level[name] for name in scores}
    assert moved == {Fraction(-shift, len(JUDGES))}
    assert after.severity[judge] - before.severity[judge] == shift - Fraction(shift, len(JUDGES))
