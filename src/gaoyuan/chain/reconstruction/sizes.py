"""How much firms make in a year: what the register knows, and for the others a draw from what firms like them make.

Log revenue is regressed on log employees and log registered capital, with an intercept for each sector that is drawn
towards the common one where the sector has few known firms (empirical Bayes with a fixed weight). A firm lacks some of
these: each pattern of what is known has a regression of its own. A draw adds a normal residual, so that the revenue of
an unknown firm is lognormal and the spread of the draws shows what is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from gaoyuan.errors import InputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LEAST_KNOWN = 30
"""With fewer firms of known revenue nothing is fitted."""

_PRIOR_FIRMS = 5.0
"""An intercept of a sector counts as many firms of the common one beside its own (own choice)."""
_MOST_RESIDUALS = 3.0
"""Residuals are drawn within so many standard deviations, lest one firm be larger than the country."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What n firms make in a year: `centre` (n) is the log of the median of each, `deviation` (n) the standard
    deviation of that log, 0 where the revenue is known; `known` (n).
    """

    centre: Floats
    deviation: Floats
    known: Flags

    def draw(self, random: np.random.Generator) -> Floats:
        """Give a draw of all revenues (n), in yuan; known ones are always the same."""
        residual = np.clip(random.standard_normal(self.centre.size), -_MOST_RESIDUALS, _MOST_RESIDUALS)
        return np.exp(self.centre + self.deviation * residual)


def fit_sizes(revenue: npt.ArrayLike, employees: npt.ArrayLike, capital: npt.ArrayLike, sector: npt.ArrayLike) -> Sizes:
    """Fit sizes of n firms from revenue and capital (yuan), employees, NaN or not above 0 where unknown, and sectors.

    Raises InputError where the revenue of fewer than `LEAST_KNOWN` firms is known.
    """
    made = np.asarray(revenue, np.float64)
    predictors = [np.asarray(given, np.float64) for given in (employees, capital)]
    group = np.asarray(sector, np.int64)
    known = np.isfinite(made) & (made > 0)
    if known.sum() < LEAST_KNOWN:
        raise InputError(
            f"the revenue of {int(known.sum())} firms is known; sizes need at least {LEAST_KNOWN}",
            mend="Import a register with revenue (营业收入) of some firms; those of the others are then estimated.",
            zh=f"只有 {int(known.sum())} 家企业的营业收入已知，估计规模至少要 {LEAST_KNOWN} 家",
            mend_zh="导入含部分企业营业收入的登记数据，其余企业由此估计",
        )
    has = [np.isfinite(given) & (given > 0) for given in predictors]
    logs = [np.log(np.where(there, given, 1.0)) for there, given in zip(has, predictors, strict=True)]
    target = np.log(np.where(known, made, 1.0))
    centre, deviation = target.copy(), np.zeros(made.size)
    for pattern in product((True, False), repeat=len(predictors)):
        wanted = ~known
        for there, use in zip(has, pattern, strict=True):
            wanted &= there == use
        if not wanted.any():
            continue
        used = [number for number, use in enumerate(pattern) if use]
        fitted = known.copy()
        for number in used:
            fitted &= has[number]
        if fitted.sum() < LEAST_KNOWN:
            used, fitted = [], known
        columns = [logs[number] for number in used]
        centre[wanted], deviation[wanted] = _fitted(target, columns, group, fitted, wanted)
    return Sizes(centre, deviation, known)


def _fitted(target: Floats, columns: list[Floats], group: Ints, fitted: Flags, wanted: Flags) -> tuple[Floats, Floats]:
    """Regress on the columns with an intercept by group; gives the mean and the deviation of the wanted firms."""
    design = np.column_stack([np.ones(target.size), *columns])
    coefficients, *_ = np.linalg.lstsq(design[fitted], target[fitted], rcond=None)
    rest = target - design @ coefficients
    groups = int(group.max(initial=0)) + 1
    count = np.bincount(group[fitted], minlength=groups)
    shift = np.bincount(group[fitted], weights=rest[fitted], minlength=groups) / (count + _PRIOR_FIRMS)
    squares = (rest - shift[group])[fitted] ** 2
    common = float(squares.mean())
    own = np.bincount(group[fitted], weights=squares, minlength=groups)
    deviation = np.sqrt((own + _PRIOR_FIRMS * common) / (count + _PRIOR_FIRMS))
    return (design @ coefficients)[wanted] + shift[group[wanted]], deviation[group[wanted]]
