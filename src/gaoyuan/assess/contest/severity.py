r"""Strict and lenient judges told apart: the two-way additive model on an incomplete design, in exact arithmetic.

Judge *j* gives entrant *i* the score

.. math:: y_{ij} = a_i - s_j + e_{ij}

with the entrant's level *a*, the judge's severity *s* (above zero: strict) and independent errors of one variance.
Least squares over the pairs that were scored gives

.. math:: \hat a_i = \bar y_i + \frac{1}{n_i}\sum_{j \in J_i} \hat s_j, \qquad \hat s = -C^{+} Q,

where :math:`Q_j = \sum_i (y_{ij} - \bar y_i)` and *C* has :math:`n_j - \sum_{i \ni j} 1/n_i` on its diagonal and
:math:`-\sum_{i \ni j,k} 1/n_i` beside it; severities sum to zero. With residual variance
:math:`\hat\sigma^2 = (\sum (y_{ij} - \bar y_i)^2 - Q^\top C^{+} Q) / (N - I - J + 1)`,

.. math:: \operatorname{var} \hat a_i = \hat\sigma^2 (1/n_i + 1_i^\top C^{+} 1_i / n_i^2), \quad
          \operatorname{var} \hat s_j = \hat\sigma^2 C^{+}_{jj}.

This holds within a connected part of the graph of judges and entrants only: between parts that share no judge, a strict
panel and weak entrants cannot be told apart (Weeks and Williams 1964, Technometrics 6). Every quantity but a square
root is a fraction of whole numbers, so that the same scores give the same digits on every machine.

Sources: Fisher 1940 (Annals of Eugenics 10) and Scheffé 1959 (The Analysis of Variance, 4–5) for the additive analysis
of incomplete blocks; Braun 1988 (Journal of Educational Statistics 13) for readers of essays; Lunz, Wright and Linacre
1990 (Applied Measurement in Education 3) for severity as a facet; MacKay, Kenna, Low and Parker 2017 (Royal Society
Open Science 4, 160760) for panels and the role of connectedness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import lcm

__all__ = ["SeverityFit", "connected_parts", "fit_severity"]


@dataclass(frozen=True, slots=True)
class SeverityFit:
    """The fit of one connected part: levels of entrants, severities of judges, and what their variances are times.

    Attributes
    ----------
    level : entrant -> score corrected for severity
    severity : judge -> points by which the judge stands below the panel; the sum over the part is zero
    residual_variance : points squared; None where no degree of freedom is left
    level_factor, severity_factor : variance / residual variance of each level and severity

    """

    level: Mapping[str, Fraction]
    severity: Mapping[str, Fraction]
    residual_variance: Fraction | None
    level_factor: Mapping[str, Fraction]
    severity_factor: Mapping[str, Fraction]


def connected_parts(pairs: Mapping[str, Sequence[str]]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give the connected parts of a panel, each as (entrants, judges), sorted; `pairs` names each entrant's judges.

    Entrants without a judge belong to no part.

    >>> connected_parts({"A": ["x", "y"], "B": ["y"], "C": ["z"]})
    [(('A', 'B'), ('x', 'y')), (('C',), ('z',))]
    """
    above: dict[str, str] = {}

    def root(judge: str) -> str:
        while above[judge] != judge:
            above[judge] = above[above[judge]]
            judge = above[judge]
        return judge

    for judges in pairs.values():
        for judge in judges:
            above.setdefault(judge, judge)
            above[root(judge)] = root(judges[0])
    found: dict[str, tuple[list[str], list[str]]] = {}
    for judge in sorted(above):
        found.setdefault(root(judge), ([], []))[1].append(judge)
    for entrant in sorted(pairs):
        if pairs[entrant]:
            found[root(pairs[entrant][0])][0].append(entrant)
    return sorted((tuple(entrants), tuple(judges)) for entrants, judges in found.values())


def fit_severity(scores: Mapping[str, Mapping[str, Fraction]]) -> SeverityFit:
    """Fit the additive model to one connected part; `scores` is entrant -> judge -> score, no entrant empty.

    Raises ValueError where the part is not connected. Takes about n³ steps for n judges.

    >>> given = {"A": {"x": 8, "y": 6}, "B": {"x": 9, "y": 7}, "C": {"y": 5}}
    >>> fit = fit_severity({name: {j: Fraction(y) for j, y in row.items()} for name, row in given.items()})
    >>> {judge: str(points) for judge, points in fit.severity.items()}, {name: str(a) for name, a in fit.level.items()}
    ({'x': '-1', 'y': '1'}, {'A': '7', 'B': '8', 'C': '6'})
    """
    if len(connected_parts({entrant: list(row) for entrant, row in scores.items()})) != 1:
        raise ValueError("the panel is not connected: fit each of its parts by itself")
    judges = sorted({judge for row in scores.values() for judge in row})
    at = {judge: index for index, judge in enumerate(judges)}
    size = len(judges)
    # Whole numbers throughout: scores times `unit`, the matrix times `scale`.
    unit = lcm(*{score.denominator for row in scores.values() for score in row.values()})
    scale = lcm(*{len(row) for row in scores.values()})
    matrix = [[0] * size for _ in judges]
    adjusted = [0] * size
    squares = 0
    rows: dict[str, tuple[tuple[int, ...], list[int]]] = {}
    for entrant, row in scores.items():
        seen = tuple(at[judge] for judge in sorted(row))
        points = [int(row[judges[index]] * unit) for index in seen]
        rows[entrant] = seen, points
        share, total = scale // len(seen), sum(points)
        squares += scale * sum(point * point for point in points) - share * total * total
        for index, point in zip(seen, points, strict=True):
            adjusted[index] += scale * point - share * total
            matrix[index][index] += scale
            line = matrix[index]
            for other in seen:
                line[other] -= share
    determinant, adjugate = _inverse([[cell + 1 for cell in line] for line in matrix])
    # C⁺ = scale · (adjugate / determinant − 1/size²); `adjusted` sums to zero, so that the second term drops out of s.
    lenient = [sum(cell * points for cell, points in zip(line, adjusted, strict=True)) for line in adjugate]
    severity = {judge: Fraction(-lenient[index], determinant * unit) for judge, index in at.items()}

    @cache
    def factor(seen: tuple[int, ...]) -> Fraction:
        inner = sum(adjugate[one][other] for one in seen for other in seen)
        count = len(seen)
        return Fraction(1, count) + scale * (Fraction(inner, determinant * count * count) - Fraction(1, size * size))

    level = {
        entrant: Fraction(
            sum(points) * determinant - sum(lenient[index] for index in seen), len(seen) * determinant * unit
        )
        for entrant, (seen, points) in rows.items()
    }
    freedom = sum(len(row) for row in scores.values()) - len(scores) - size + 1
    explained = Fraction(sum(map(int.__mul__, lenient, adjusted)), determinant)
    return SeverityFit(
        level,
        severity,
        (squares - explained) / (scale * unit * unit * freedom) if freedom > 0 else None,
        {entrant: factor(seen) for entrant, (seen, _) in rows.items()},
        {
            judge: scale * (Fraction(adjugate[index][index], determinant) - Fraction(1, size * size))
            for judge, index in at.items()
        },
    )


def _inverse(matrix: list[list[int]]) -> tuple[int, list[list[int]]]:
    """Give determinant and adjugate of a positive definite matrix of whole numbers: Bareiss 1968, without fractions."""
    size = len(matrix)
    wide = [[*row, *(int(column == at) for column in range(size))] for at, row in enumerate(matrix)]
    last = 1
    for step in range(size):
        pivot_row = wide[step]
        pivot = pivot_row[step]
        for at, row in enumerate(wide):
            if at != step:
                head = row[step]
                wide[at] = [(pivot * cell - head * above) // last for cell, above in zip(row, pivot_row, strict=True)]
        last = pivot
    return last, [row[size:] for row in wide]
