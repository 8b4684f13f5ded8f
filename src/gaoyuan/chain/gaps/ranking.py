"""How gaps are scored and ranked: a weighted mean of what is known of each, with bounds and the rank's stability."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gaoyuan.errors import InputError

Floats: TypeAlias = npt.NDArray[np.float64]
Longs: TypeAlias = npt.NDArray[np.int64]

PARTS = ("carried", "dominates", "feasibility", "outside")
PARTS_ZH = ("承载份额", "必经投入", "可行度", "外地龙头")

_SAMPLES = 1_000
_CELLS = 4_000_000
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class GapWeights:
    """What each part of a gap's score counts; only their proportions matter. No official text gives such weights: these
    are this product's own.

    `carried`: the value that flows through it; `dominates`: the inputs that reach the local products only through it;
    `feasibility`: how near its industry is to what the region is strong in; `outside`: the leaders that could be
    invited.
    """

    carried: float = 0.4
    dominates: float = 0.2
    feasibility: float = 0.2
    outside: float = 0.2

    def __post_init__(self) -> None:
        given = np.array(astuple(self))
        if not np.isfinite(given).all() or (given < 0).any() or given.sum() <= 0:
            raise InputError(
                f"{astuple(self)} are no weights of a gap",
                mend="Give four numbers of 0 or more that are not all 0.",
                zh="缺口权重须为不全为零的非负数",
            )


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores (n), 0 to 1, NaN where nothing is known; `low` and `high` are what they would be if all parts that are
    unknown were 0, or were 1.
    """

    score: Floats
    low: Floats
    high: Floats


def relative(values: npt.ArrayLike) -> Floats:
    """Give values (n) as shares of the largest known one; unknown ones (NaN) stay so, and where none is above 0 all are
    0.

    >>> relative([4.0, 1.0, float("nan")]).tolist()
    [1.0, 0.25, nan]
    """
    given = np.asarray(values, dtype=np.float64)
    most = np.nanmax(given) if (~np.isnan(given)).any() else 0.0
    return given / most if most > 0 else np.where(np.isnan(given), np.nan, 0.0)


def weighted_mean(parts: npt.ArrayLike, weights: npt.ArrayLike) -> Scores:
    """Give the weighted mean of the known parts (n, m; NaN unknown, else 0 to 1) by weights (m), with its bounds.

    >>> found = weighted_mean([[1.0, float("nan")]], [3.0, 1.0])
    >>> found.score.tolist(), found.low.tolist(), found.high.tolist()
    ([1.0], [0.75], [1.0])
    """
    given, weight = np.asarray(parts, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    known = ~np.isnan(given)
    filled = np.where(known, given, 0.0)
    of_known, total = known @ weight, weight.sum()
    low = filled @ weight / total
    score = np.where(of_known > 0, filled @ weight / np.where(of_known > 0, of_known, 1.0), np.nan)
    # What is not known weighs the rest; rounding must not put a score outside its bounds.
    high = np.minimum(1.0, low + np.maximum(0.0, total - of_known) / total)
    return Scores(np.where(np.isnan(score), np.nan, np.clip(score, low, high)), low, high)


def ranks(score: npt.ArrayLike) -> Longs:
    """Give the rank of each score (n), 1 for the highest; equal ones (within 1e-9) share a rank, unknown ones come last
    and share theirs.

    >>> ranks([0.2, 0.9, 0.9, float("nan")]).tolist()
    [3, 1, 1, 4]
    """
    given = np.nan_to_num(np.asarray(score, dtype=np.float64), nan=-np.inf)
    order = np.argsort(-given, kind="stable")
    falls = np.ones(given.size, dtype=bool)
    falls[1:] = given[order][1:] < given[order][:-1] - _TIE
    first = np.maximum.accumulate(np.where(falls, np.arange(given.size), 0))
    result = np.empty(given.size, dtype=np.int64)
    result[order] = first + 1
    return result


def share_among_first(parts: npt.ArrayLike, first: int = 10, *, samples: int = _SAMPLES, seed: int = 1) -> Floats:
    """Give for each gap (n) the share of weights, drawn uniformly from all that are possible, by which it is among the
    `first` in rank: how little its place owes to the weights. `parts` is as in `weighted_mean`.

    Source: the rank acceptability of Lahdelma & Salminen (2001), SMAA-2, Operations Research 49, summed over ranks.
    """
    given = np.asarray(parts, dtype=np.float64)
    count, width = given.shape
    if count <= first:
        return np.ones(count)
    weights = np.random.default_rng(seed).dirichlet(np.ones(width), samples)
    known = ~np.isnan(given)
    filled = np.where(known, given, 0.0)
    among = np.zeros(count)
    for part in np.array_split(weights, max(1, samples * count // _CELLS)):
        of_known = part @ known.T
        drawn = np.where(of_known > 0, part @ filled.T / np.where(of_known > 0, of_known, 1.0), -np.inf)
        least = -np.partition(-drawn, first - 1, axis=1)[:, first - 1 : first]
        among += (drawn >= least - _TIE).sum(axis=0)
    return among / samples
