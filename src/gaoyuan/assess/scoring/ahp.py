"""Weights from pairwise judgements: the analytic hierarchy process (AHP, 层次分析法).

Saaty (1980), The analytic hierarchy process. McGraw-Hill, New York.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gaoyuan.assess.scoring.facts import Finding, Matrix, Vector
from gaoyuan.assess.scoring.weights import Consistency, Weights
from gaoyuan.errors import ComparisonRefused, InputError

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Saaty's mean consistency index of random judgements of 1 to 15 indicators (Saaty 1980)."""

GREATEST_RATIO = 0.1
"""Judgements with a greater consistency ratio are to be revised (Saaty 1980)."""

_ROUNDED = 0.05


def ahp_weights(comparisons: pd.DataFrame, *, accept_inconsistent: bool = False) -> Weights:
    """Give the weights of a matrix of pairwise comparisons, with their consistency ratio.

    `comparisons` (m, m) has the indicators as index and columns; the cell (a, b) says how many times as important a is
    as b: 1 to 9 on Saaty's scale or any positive number, 1 on the diagonal, and (b, a) its reciprocal. Reciprocals may
    be rounded (0.33 for 1/3, within 5 %): of each pair the entry of at least 1 is what counts. At most 15 indicators.

    The weights are the principal eigenvector; CI = (λ - m) / (m - 1), CR = CI / RI with Saaty's `RANDOM_INDEX`; one or
    two indicators are always consistent. CR > 0.1 is refused with the judgement that fits the others least;
    `accept_inconsistent` turns the refusal into a finding.

    Raises InputError for a matrix that is not square, lacks a judgement, or is not positive and reciprocal;
    ComparisonRefused for CR > 0.1.

    >>> names = ["output", "patents", "energy"]
    >>> judged = pd.DataFrame([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]], index=names, columns=names)
    >>> weights = ahp_weights(judged)
    >>> [round(value, 3) for value in weights.values], round(weights.consistency.ratio, 3)
    ([0.637, 0.258, 0.105], 0.033)
    """
    names = _names(comparisons)
    matrix = _reciprocal(_judgements(comparisons, names), names)
    size = len(names)
    eigenvalues, eigenvectors = np.linalg.eig(matrix)
    principal = int(np.argmax(np.real(eigenvalues)))
    # Perron and Frobenius: the principal eigenvector of a positive matrix is real and of one sign.
    vector = np.abs(np.real(eigenvectors[:, principal]))
    weights = vector / vector.sum()
    greatest = float(np.real(eigenvalues[principal]))
    index = max((greatest - size) / (size - 1), 0.0) if size > 2 else 0.0
    consistency = Consistency(greatest, index, index / RANDOM_INDEX[size - 1] if size > 2 else 0.0)
    findings: tuple[Finding, ...] = ()
    if consistency.ratio > GREATEST_RATIO:
        about, text = _worst(matrix, weights, names, consistency.ratio)
        if not accept_inconsistent:
            mend = "Revise that judgement or its neighbours, or accept the inconsistency expressly."
            raise ComparisonRefused(
                text,
                where=" / ".join(about),
                mend=mend,
                zh="两两比较前后矛盾",
                mend_zh="修改该判断或相邻判断，或明确接受不一致",
            )
        findings = (Finding("inconsistent judgements", about, text),)
    return Weights(names, tuple(weights.tolist()), "ahp", consistency=consistency, findings=findings)


def _names(comparisons: pd.DataFrame) -> tuple[str, ...]:
    names = tuple(str(name) for name in comparisons.index)
    if not names or names != tuple(str(name) for name in comparisons.columns) or len(set(names)) < len(names):
        raise InputError(
            f"the comparisons have {comparisons.shape[0]} rows and {comparisons.shape[1]} columns that are not the same"
            " indicators in the same order",
            mend="Give a square table with each indicator once, as a row and as a column.",
        )
    if len(names) > len(RANDOM_INDEX):
        raise InputError(
            f"{len(names)} indicators are too many to compare in pairs; {len(RANDOM_INDEX)} are the most",
            mend="Compare groups of indicators first, then the indicators within each group.",
            zh=f"{len(names)} 个指标过多，两两比较最多 {len(RANDOM_INDEX)} 个",
            mend_zh="先比较指标组，再比较组内指标",
        )
    return names


def _judgements(comparisons: pd.DataFrame, names: tuple[str, ...]) -> Matrix:
    matrix = np.array([pd.to_numeric(comparisons.iloc[:, j], errors="coerce") for j in range(len(names))], float).T
    missing = comparisons.isna().to_numpy()
    for row, column in np.argwhere(~(np.isfinite(matrix) & (matrix > 0))):
        raise InputError(
            "a judgement is missing"
            if missing[row, column]
            else f"'{comparisons.iloc[row, column]}' is no positive number",
            where=f"{names[row]} compared with {names[column]}",
            mend="Say how many times as important the row is as the column: 3, 0.333 for a third, 1 if alike.",
        )
    return matrix


def _reciprocal(matrix: Matrix, names: tuple[str, ...]) -> Matrix:
    """Check that judgements and their counterparts agree, and take the entry of at least 1 of each pair as judged."""
    product = matrix * matrix.T
    for row, column in np.argwhere(np.abs(product - 1) > _ROUNDED):
        first, second = matrix[row, column], matrix[column, row]
        where = f"{names[row]} compared with {names[column]}"
        if row == column:
            raise InputError(
                f"an indicator is {first:g} times as important as itself",
                where=where,
                mend="Put 1 there.",
                zh=f"指标与自身相比为 {first:g}",
                mend_zh="改为 1",
            )
        raise InputError(
            f"the judgement is {first:g}, but the other way round it is {second:g} and not {1 / first:.3g}",
            where=where,
            mend="Make one the reciprocal of the other.",
        )
    upper = np.triu(np.where(matrix >= 1, matrix, 1.0 / np.maximum(matrix.T, 1.0)), 1)
    exact = upper + np.divide(1.0, upper.T, out=np.zeros_like(upper), where=upper.T > 0)
    np.fill_diagonal(exact, 1.0)
    return exact


def _worst(matrix: Matrix, weights: Vector, names: tuple[str, ...], ratio: float) -> tuple[tuple[str, str], str]:
    implied = weights[:, None] / weights[None, :]
    row, column = np.unravel_index(int(np.argmax(np.triu(np.abs(np.log(matrix / implied))))), matrix.shape)
    text = (
        f"the judgements contradict each other: consistency ratio {ratio:.3f} is above {GREATEST_RATIO}; the one that"
        f" fits the others least is {names[row]} over {names[column]}, judged {matrix[row, column]:.3g} where the whole"
        f" implies {implied[row, column]:.3g}"
    )
    return (names[row], names[column]), text
