"""Composite scores (综合得分) of alternatives: weighted sum, TOPSIS, VIKOR and PROMETHEE II, computed by pymcdm.

What pymcdm leaves undefined (a division by zero where alternatives or all values of an indicator are alike) has a
defined answer here, and unknown values give intervals of scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from gaoyuan.assess.scoring.facts import Matrix, Vector
from gaoyuan.errors import ComparisonRefused, InputError

MethodName = Literal["weighted sum", "topsis", "vikor", "promethee ii"]
Normalisation = Literal["min-max", "max", "vector", "none"]

TIE = 1e-9
"""Scores that differ by no more than this are the same; what is left is rounding."""

_ALIKE = 1e-12
_NORMALISATIONS: dict[MethodName, tuple[Normalisation, ...]] = {
    "weighted sum": ("min-max", "max"),
    "topsis": ("min-max", "vector"),
    "vikor": ("min-max",),
    "promethee ii": ("none", "min-max"),
}


@dataclass(frozen=True)
class Method:
    """A method with its parameters.

    - `weighted sum` (加权求和): Σ_j w_j v_ij with v the normalised value, 0 to 1, greater is better; `min-max`
      (x - low) / (high - low), or `max` x / high, for costs 1 minus it. Fishburn (1967), Additive utilities with
      incomplete product set.
    - `topsis` (优劣解距离法): D⁻ / (D⁺ + D⁻), the distances from the worst and the best values; 0 to 1, greater is
      better; `min-max`, or `vector` x / √Σx². Hwang & Yoon (1981), Multiple attribute decision making.
    - `vikor` (折衷排序法): Q = v S' + (1 - v) R' of the group's utility S and the greatest regret R, each scaled to
      0..1 over the alternatives, with `group_utility` v; 0 to 1, smaller is better. Opricovic & Tzeng (2004),
      Compromise solution by MCDM methods, EJOR 156.
    - `promethee ii` (优先函数法): the net outranking flow, -1 to 1, greater is better; `none`: any difference is a full
      preference (the "usual" function); `min-max`: the preference grows linearly with the difference of the scaled
      values (the "V-shape" function). Brans & Vincke (1985), A preference ranking organisation method, Management
      Science 31.

    `normalisation` None takes the first named of the method (VIKOR has min-max built in). `min-max` and `max` scale by
    the indicator's declared range, or else by that of the alternatives, as the papers do.

    Raises InputError for a method or normalisation that is none, and for v outside of 0..1.

    >>> Method("topsis").normalisation_used
    'min-max'
    """

    name: MethodName = "weighted sum"
    normalisation: Normalisation | None = None
    group_utility: float = 0.5

    def __post_init__(self) -> None:
        if self.name not in get_args(MethodName):
            raise InputError(
                f"{self.name!r} is no method",
                mend=f"Methods are: {', '.join(get_args(MethodName))}.",
                zh=f"没有名为 {self.name!r} 的方法",
                mend_zh=f"可用：{'、'.join(get_args(MethodName))}",
            )
        allowed = _NORMALISATIONS[self.name]
        if self.normalisation is not None and self.normalisation not in allowed:
            raise InputError(
                f"{self.name} does not go with the normalisation {self.normalisation!r}",
                mend=f"Choose one of: {', '.join(allowed)}.",
            )
        if not 0 <= self.group_utility <= 1:
            raise InputError(f"the weight of group utility is {self.group_utility}", mend="Give v from 0 to 1.")

    @property
    def normalisation_used(self) -> Normalisation:
        """The normalisation, with the method's own where none was named."""
        return self.normalisation or _NORMALISATIONS[self.name][0]

    @property
    def greater_is_better(self) -> bool:
        """Whether a greater score is better; VIKOR's Q is better when smaller."""
        return self.name != "vikor"


@dataclass(frozen=True, eq=False)
class Scale:
    """How indicators are read: `signs` (m) 1 for benefit and -1 for cost; the range `low` to `high` (m) of each."""

    signs: Vector
    low: Vector
    high: Vector

    @property
    def varying(self) -> npt.NDArray[np.bool_]:
        """Which indicators (m) can tell alternatives apart: those whose range is wider than rounding."""
        return self.high - self.low > _ALIKE * np.maximum(np.abs(self.low), np.abs(self.high))


def scores(values: Matrix, weights: Vector, scale: Scale, method: Method) -> Vector:
    """Give the scores (n) of alternatives (n, m) whose indicators are all known.

    `weights` (m) ≥ 0. A constant indicator, and one without weight, tells nothing apart: it is left out and the others'
    weights are divided by their sum. Where no indicator is left (alternatives that are all alike, or a single one),
    all score alike: 0.5, or 0 for VIKOR and PROMETHEE II. Raises InputError for negative values with `max`.

    >>> scale = Scale(np.array([1.0, -1.0]), np.array([0.0, 2.0]), np.array([10.0, 4.0]))
    >>> values = np.array([[0.0, 2.0], [5.0, 3.0], [10.0, 3.0]])
    >>> [scores(values, np.array([0.5, 0.5]), scale, Method(name)).round(2).tolist() for name in get_args(MethodName)]
    [[0.5, 0.5, 0.75], [0.5, 0.5, 0.69], [1.0, 0.5, 0.0], [0.0, -0.25, 0.25]]
    """
    used = scale.varying & (weights > 0)
    if not used.any():
        return np.full(len(values), 0.5 if method.name in ("weighted sum", "topsis") else 0.0)
    held, shares = values[:, used], weights[used] / weights[used].sum()
    signs, low, high = scale.signs[used], scale.low[used], scale.high[used]
    if method.name == "promethee ii":
        return _net_flows(_for_flows(held, signs, low, high, method), shares)
    if method.normalisation_used == "max" and (low < 0).any():
        raise InputError(
            "the normalisation by the greatest value needs values of at least 0",
            mend="Choose min-max normalisation.",
            zh="按最大值归一要求数值不小于 0",
            mend_zh="改用极差归一（min-max）",
        )
    if method.name == "vikor":
        utility, regret = _utility_and_regret(held, shares, signs, low, high)
        parts = (_over_alternatives(utility), _over_alternatives(regret))
        return method.group_utility * parts[0] + (1 - method.group_utility) * parts[1]
    # Importing pymcdm takes seconds, as it draws in its charts: only those who need it wait.
    from pymcdm import methods, normalizations

    normalise = {
        "min-max": normalizations.minmax_normalization,
        "max": normalizations.max_normalization,
        "vector": normalizations.vector_normalization,
    }[method.normalisation_used]
    body = methods.WSM(normalise) if method.name == "weighted sum" else methods.TOPSIS(normalise)
    if method.normalisation_used == "vector":
        if np.ptp(held, axis=0).max() == 0:
            return np.full(len(values), 0.5)
        return np.asarray(body(held, shares, signs, validation=False))
    return np.asarray(body(_with_ends(held, low, high), shares, signs, validation=False))[: len(held)]


def weighted_sums(values: Matrix, weights: Matrix, scale: Scale, method: Method) -> Matrix:
    """Give the weighted sums (s, n) of many samples at once: `values` (n, m) or (s, n, m), `weights` (s, m).

    `scale` has ranges (m) or (s, 1, m). The figures are those of `scores` up to a factor and a term that are the same
    for all alternatives of a sample, so that they rank alike.

    >>> scale = Scale(np.array([1.0]), np.array([0.0]), np.array([2.0]))
    >>> weighted_sums(np.array([[0.0], [1.0], [2.0]]), np.array([[1.0]]), scale, Method())
    array([[0. , 0.5, 1. ]])
    """
    factor = weighted_sum_factor(scale, method)
    if values.ndim == 2:
        return (weights * factor) @ (values - scale.low).T
    return np.matmul(values - scale.low, (weights[:, None, :] * factor).transpose(0, 2, 1))[:, :, 0]


def weighted_sum_factor(scale: Scale, method: Method) -> Matrix:
    """Give what a weighted sum multiplies each indicator by: its sign over its range or greatest value; 0 if constant.

    >>> weighted_sum_factor(Scale(np.array([1.0, -1.0]), np.zeros(2), np.array([4.0, 0.0])), Method()).tolist()
    [0.25, 0.0]
    """
    width = scale.high - scale.low if method.normalisation_used == "min-max" else scale.high
    return np.divide(scale.signs, width, out=np.zeros(width.shape), where=scale.varying & (width > 0))


def score_intervals(low: Matrix, high: Matrix, weights: Vector, scale: Scale, method: Method) -> tuple[Vector, Vector]:
    """Give the least and the greatest score (n), (n) over all completions between `low` and `high` (n, m).

    `scale` must hold every completion. Weighted sum, TOPSIS with min-max, PROMETHEE II: the ends are attained, each
    with the alternative's own unknowns at one end (and with PROMETHEE II the others' at the opposite one). VIKOR scales
    by the best and worst of the alternatives: its ends bound every completion and may be wider than what is attained.
    Raises ComparisonRefused for TOPSIS with `vector`, whose scale itself depends on the unknown values.

    >>> scale = Scale(np.array([1.0, 1.0]), np.zeros(2), np.ones(2))
    >>> low, high = np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[1.0, 1.0], [0.5, 0.5]])
    >>> [end.tolist() for end in score_intervals(low, high, np.array([0.5, 0.5]), scale, Method())]
    [[0.5, 0.5], [1.0, 0.5]]
    """
    if method.normalisation_used == "vector":
        raise ComparisonRefused(
            "with vector normalisation the scale depends on the values that are unknown",
            mend="Choose TOPSIS with min-max normalisation, or leave out what is unknown.",
            zh="向量归一的尺度取决于未知的值",
            mend_zh="改用极差归一的 TOPSIS，或去掉未知的",
        )
    worst, best = np.where(scale.signs > 0, low, high), np.where(scale.signs > 0, high, low)
    if method.name in ("weighted sum", "topsis"):
        return scores(worst, weights, scale, method), scores(best, weights, scale, method)
    used = scale.varying & (weights > 0)
    if not used.any():
        return np.zeros(len(low)), np.zeros(len(low))
    shares, signs = weights[used] / weights[used].sum(), scale.signs[used]
    ends = (scale.low[used], scale.high[used])
    if method.name == "vikor":
        least = _utility_and_regret(best[:, used], shares, signs, *ends)
        greatest = _utility_and_regret(worst[:, used], shares, signs, *ends)
        bounds = [_bounds_over_alternatives(*part) for part in zip(least, greatest, strict=True)]
        v = method.group_utility
        return v * bounds[0][0] + (1 - v) * bounds[1][0], v * bounds[0][1] + (1 - v) * bounds[1][1]
    both = _for_flows(np.concatenate([worst[:, used], best[:, used]]), signs, *ends, method)
    return _flow_bounds(both, shares)


def ranks(merits: Vector) -> npt.NDArray[np.int64]:
    """Give ranks (n) from 1, the greatest merit first; the same merit shares the best rank of its group (1, 2, 2, 4).

    >>> ranks(np.array([0.2, 0.7, 0.9, 0.7])).tolist()
    [4, 2, 1, 2]
    """
    steps = levels(merits)
    return (1 + len(steps) - np.searchsorted(np.sort(steps), steps, side="right")).astype(np.int64)


def rank_intervals(low: Vector, high: Vector) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the best and the worst rank (n), (n) that merits between `low` and `high` (n) allow.

    At best only those stand above whose least merit is above one's greatest; at worst all whose greatest is above one's
    least.

    >>> [ends.tolist() for ends in rank_intervals(np.array([0.9, 0.1, 0.5]), np.array([0.9, 0.6, 0.5]))]
    [[1, 2, 2], [1, 3, 3]]
    """
    steps = levels(np.concatenate([low, high]))
    least, greatest = steps[: len(low)], steps[len(low) :]
    best = 1 + len(low) - np.searchsorted(np.sort(least), greatest, side="right")
    above = len(low) - np.searchsorted(np.sort(greatest), least, side="right") - (greatest > least)
    return best.astype(np.int64), (1 + above).astype(np.int64)


def levels(merits: Vector) -> npt.NDArray[np.int64]:
    """Give each merit (n) the number of its group from below: a group's neighbours differ by no more than `TIE`."""
    order = np.argsort(merits, kind="stable")
    group = np.empty(len(merits), dtype=np.int64)
    group[order] = np.concatenate([[0], np.cumsum(np.diff(merits[order]) > TIE)])
    return group


def _with_ends(values: Matrix, low: Vector, high: Vector) -> Matrix:
    """Add two alternatives that span the range, by which pymcdm then scales whatever the others have."""
    return np.vstack([values, low, high])


def _utility_and_regret(
    values: Matrix, weights: Vector, signs: Vector, low: Vector, high: Vector
) -> tuple[Vector, Vector]:
    """Give VIKOR's S and R (n), (n) from pymcdm, R divided by the greatest weight.

    The two added alternatives have S and R at 0 and at their greatest, so that Q with v = 1 is S and with v = 0 is R.
    pymcdm's own Q divides by zero where alternatives agree in S or in R.
    """
    from pymcdm.methods import VIKOR

    spanned = _with_ends(values, low, high)
    # An alternative at the ideal for the benefits has the costs at their low ends.
    spanned[-2:] = np.where(signs > 0, spanned[-2:], spanned[-2:][::-1])
    count = len(values)
    utility, regret = (np.asarray(VIKOR(v=v)(spanned, weights, signs, validation=False)) for v in (1.0, 0.0))
    return utility[:count], regret[:count]


def _over_alternatives(part: Vector) -> Vector:
    width = np.ptp(part)
    return (part - part.min()) / width if width > _ALIKE else np.zeros(len(part))


def _bounds_over_alternatives(low: Vector, high: Vector) -> tuple[Vector, Vector]:
    """Bound the scaled part (x_i - min) / (max - min), which rises with the own x and falls with every other one."""
    return _scaled_against(low, high), _scaled_against(high, low)


def _scaled_against(own: Vector, others: Vector) -> Vector:
    if len(own) == 1:
        return np.zeros(1)
    order = np.argsort(others)
    least = np.where(np.arange(len(own)) == order[0], others[order[1]], others[order[0]])
    greatest = np.where(np.arange(len(own)) == order[-1], others[order[-2]], others[order[-1]])
    bottom, width = np.minimum(least, own), np.maximum(greatest, own) - np.minimum(least, own)
    return np.divide(own - bottom, width, out=np.zeros(len(own)), where=width > _ALIKE)


def _for_flows(values: Matrix, signs: Vector, low: Vector, high: Vector, method: Method) -> tuple[Matrix, str]:
    oriented = values * signs
    if method.normalisation_used == "none":
        return oriented, "usual"
    return oriented / (high - low), "vshape"


def _net_flows(compared: tuple[Matrix, str], weights: Vector) -> Vector:
    from pymcdm.methods import PROMETHEE_II

    values, function = compared
    if len(values) == 1:
        return np.zeros(1)
    # pymcdm uses thresholds up in the first call: every call needs a new body.
    body = PROMETHEE_II(function, p=[1.0] * len(weights) if function == "vshape" else None)
    return np.asarray(body(values, weights, np.ones(len(weights)), validation=False))


def _flow_bounds(compared: tuple[Matrix, str], weights: Vector) -> tuple[Vector, Vector]:
    """Give the least and greatest net flow of n alternatives whose worst (n) and best (n) completions are compared.

    A flow rises with the own values and falls with the others', so that at its greatest the own are at their best and
    the others' at their worst.
    """
    from pymcdm.methods.partial import PROMETHEE_I

    values, function = compared
    count = len(values) // 2
    if count == 1:
        return np.zeros(1), np.zeros(1)
    preference = np.zeros((2 * count, 2 * count))
    for column, weight in zip(values.T, weights, strict=True):
        body = PROMETHEE_I(function, p=[1.0] if function == "vshape" else None)
        explained = body(column[:, None], np.ones(1), np.ones(1), validation=False, verbose=True)
        preference += weight * explained.results[-2].data
    balance = preference - preference.T
    against = balance[:count, count:], balance[count:, :count]
    low, high = (part.sum(axis=1) - np.diagonal(part) for part in against)
    return low / (count - 1), high / (count - 1)
