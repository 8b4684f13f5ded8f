"""How stable a ranking is (排名稳定性): stochastic multicriteria acceptability analysis over weights and facts.

Lahdelma & Salminen (2001), SMAA-2: stochastic multicriteria acceptability analysis for group decision making,
Operations Research 49; pairwise winning indices: Leskinen et al. (2006), Alternatives to SMAA's descriptive measures;
joint sampling of weights and criteria values: Tervonen & Lahdelma (2007), Implementing stochastic multicriteria
acceptability analysis, EJOR 178.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gaoyuan.assess.scoring.facts import Facts, Matrix, Vector
from gaoyuan.assess.scoring.methods import TIE, Method, Scale, scores, weighted_sum_factor, weighted_sums
from gaoyuan.assess.scoring.weight_sampling import Restrictions, sample_weights
from gaoyuan.errors import ComparisonRefused, InputError

DEFAULT_SAMPLES = 10_000
"""For the weighted sum, which is vectorised; other methods run once a sample and get `DEFAULT_SAMPLES_OTHERS`."""

DEFAULT_SAMPLES_OTHERS = 1_000
DEFAULT_TIE_LEVEL = 0.95
MOST_ALTERNATIVES = 2_000
"""Every pair is compared in every sample, so that many more take hours and gigabytes."""

_CHUNK_CELLS = 2_000_000
_CONFIDENCE_PRODUCTS = 5e9
_CONFIDENCE_SAMPLES_OTHERS = 100


@dataclass(frozen=True, eq=False)
class Stability:
    """The indices of SMAA-2 for n `subjects` and m `indicators`.

    - `acceptability` (n, n): the probability of each rank (columns, from 1); rows and columns sum to 1.
    - `central_weights` (n, m): the mean of the weights that put an alternative first; NaN where none do.
    - `confidence` (n): the probability of being first with one's central weights, over the facts; NaN where none do.
    - `mean_rank` (n); `rank_low`, `rank_high` (n): the interval that holds the rank with 95 %.
    - `winning` (n, n): the probability that the row stands above the column; a tie counts half to each.

    Alternatives that tie in a sample share their ranks evenly. `samples` and `seed` derive it again;
    `confidence_samples` are those behind `confidence`; `weights_vary` tells whether weights were sampled or fixed.
    """

    subjects: tuple[str, ...]
    indicators: tuple[str, ...]
    acceptability: Matrix
    central_weights: Matrix
    confidence: Vector
    mean_rank: Vector
    rank_low: npt.NDArray[np.int64]
    rank_high: npt.NDArray[np.int64]
    winning: Matrix
    weights_vary: bool
    samples: int
    confidence_samples: int
    seed: int


def stability(
    facts: Facts,
    method: Method | None = None,
    *,
    weights: Vector | None = None,
    restrictions: Restrictions | None = None,
    samples: int | None = None,
    seed: int = 0,
) -> Stability:
    """Sample the ranking over weights and facts.

    Weights are uniform on the simplex within the `restrictions`, or fixed where `weights` (m) are given. A value with a
    standard error is normal around what is known, kept within the indicator's declared range; one with an interval is
    uniform within it, and so is an unknown value within its known range. Each sample is ranked as if it were the table.
    Weights and facts have their own streams of random numbers from the `seed`.

    The weighted sum takes a second or two for 10,000 samples of 100 alternatives by 25 indicators. The other methods
    call pymcdm for each sample (2 to 5 s for as many), so that they sample 1,000 times unless told otherwise, and their
    confidence rests on 100 samples. Time and memory grow with the square of the number of alternatives, of which 2,000
    are the most; `confidence` takes fewer samples where there are many.

    Raises InputError for no samples, too many alternatives, and restrictions that cannot be kept or come with fixed
    weights; ComparisonRefused for unknown values with vector normalisation.

    >>> import pandas as pd
    >>> from gaoyuan.assess.scoring.facts import Indicator, read_facts
    >>> table = pd.DataFrame({"x": [2, 1, 0], "y": [0, 1, 0]}, index=["a", "b", "c"])
    >>> found = stability(read_facts(table, [Indicator("x"), Indicator("y")]), seed=1)
    >>> found.acceptability.round(1).tolist()
    [[0.3, 0.7, 0.0], [0.7, 0.3, 0.0], [0.0, 0.0, 1.0]]
    """
    used = method or Method()
    quick = used.name == "weighted sum"
    wanted = samples if samples is not None else DEFAULT_SAMPLES if quick else DEFAULT_SAMPLES_OTHERS
    if len(facts.subjects) > MOST_ALTERNATIVES:
        raise InputError(
            f"{len(facts.subjects)} alternatives are too many to compare in pairs",
            mend=f"Rank at most {MOST_ALTERNATIVES} at once, such as those of one province or one industry.",
            zh=f"{len(facts.subjects)} 个对象过多，无法两两比较",
            mend_zh=f"一次最多 {MOST_ALTERNATIVES} 个，例如只取一省或一个行业",
        )
    if wanted < 1:
        raise InputError(f"{wanted} samples are none", mend="Give at least 1; 10,000 tell a probability to 1 %.")
    if weights is not None and restrictions is not None:
        raise InputError("fixed weights cannot be restricted", mend="Give weights or restrictions, not both.")
    if used.normalisation_used == "vector" and facts.unknown.any():
        raise ComparisonRefused(
            "with vector normalisation the scale depends on the values that are unknown",
            mend="Choose TOPSIS with min-max normalisation, or leave out what is unknown.",
            zh="向量归一的尺度取决于未知的值",
            mend_zh="改用极差归一的 TOPSIS，或去掉未知的",
        )
    of_weights, of_facts = np.random.SeedSequence(seed).spawn(2)
    if weights is not None:
        # Nothing varies with fixed weights and exact facts: one sample says all.
        wanted = 1 if facts.exact else wanted
        drawn = np.tile(weights, (wanted, 1))
    else:
        drawn = sample_weights(facts.names, wanted, np.random.default_rng(of_weights), restrictions)
    count = len(facts.subjects)
    acceptability, winning = np.zeros((count, count)), np.zeros((count, count))
    central = np.zeros((count, len(facts.names)))
    done = 0
    for size, scale, values in _sampled(facts, wanted, of_facts):
        part = drawn[done : done + size]
        done += size
        place, tied = _places(_merits(values, part, scale, used))
        acceptability += _rank_shares(place, tied)
        winning += _wins(place)
        central += np.where(place == 0, 1.0 / tied, 0.0).T @ part
    first = acceptability[:, 0]
    central = np.divide(central, first[:, None], out=np.full(central.shape, np.nan), where=first[:, None] > 0)
    if weights is not None:
        # Everybody's central weights are the fixed ones.
        checked, confidence = wanted, np.where(first > 0, first / wanted, np.nan)
    else:
        most = _affordable(facts, first > 0) if quick else _CONFIDENCE_SAMPLES_OTHERS
        checked = 1 if facts.exact else min(wanted, most)
        confidence = _confidence(facts, central, used, checked, of_facts)
    # Shares of ties leave rounding where they were added and taken away: a rank that never was has 0.
    acceptability, winning = np.abs((acceptability / wanted).round(12)), winning / wanted
    low, high = (_quantile(acceptability, share) for share in (0.025, 0.975))
    mean_rank = acceptability @ np.arange(1.0, count + 1)
    return Stability(
        facts.subjects, facts.names, acceptability, central, confidence, mean_rank, low, high, winning,
        weights is None, wanted, checked, seed,
    )  # fmt: skip


def tiers(winning: Matrix, mean_rank: Vector, level: float = DEFAULT_TIE_LEVEL) -> npt.NDArray[np.int64]:
    """Group alternatives whose difference cannot be told (并列): tiers (n) from 1, the best.

    The leader of the first tier is the alternative with the least mean rank, the first of those with the same. With it
    tie all that it does not stand above with a probability (`winning`, (n, n)) of at least `level`. The next tier is
    made of the rest in the same way, until all are placed. So every alternative has one tier; within a tier nobody is
    told apart from its leader, and every leader stands above all of the lower tiers. (Being indistinguishable is not
    transitive: two alternatives of neighbouring tiers may be so, as may two of one tier not.)

    Raises InputError for a level that is not above 0.5 and at most 1.

    >>> tiers(np.array([[0.5, 0.6, 1.0], [0.4, 0.5, 0.9], [0.0, 0.1, 0.5]]), np.array([1.4, 1.7, 2.9])).tolist()
    [1, 1, 2]
    """
    if not 0.5 < level <= 1:
        raise InputError(
            f"the level of ties is {level}", mend="Give a probability above 0.5 and at most 1, such as 0.95."
        )
    found = np.zeros(len(mean_rank), dtype=np.int64)
    # Sums of many samples differ in the last digit by the order of summation: that is no lead.
    order = np.argsort(mean_rank.round(9), kind="stable")
    number = 0
    while order.size:
        number += 1
        leader = order[0]
        tied = winning[leader, order] < level - TIE
        tied[0] = True
        found[order[tied]] = number
        order = order[~tied]
    return found


def _affordable(facts: Facts, ever_first: npt.NDArray[np.bool_]) -> int:
    """Give for how many samples each alternative that is ever first can be tried with its own weights."""
    return max(100, int(_CONFIDENCE_PRODUCTS / (facts.values.size * max(np.count_nonzero(ever_first), 1))))


def _sampled(facts: Facts, samples: int, seed: np.random.SeedSequence) -> Iterator[tuple[int, Scale, Matrix]]:
    """Give samples of the facts in chunks: how many, their scale, and their values (s, n, m), or (n, m) where exact."""
    signs = facts.signs
    count, indicators = facts.values.shape
    step = max(1, _CHUNK_CELLS // (count if facts.exact else count * indicators))
    sizes = [min(step, samples - first) for first in range(0, samples, step)]
    if facts.exact:
        scale = Scale(signs, *facts.reference())
        yield from ((size, scale, facts.values) for size in sizes)
        return
    draw = np.random.default_rng(seed)
    wide = np.nonzero(facts.cell_low < facts.cell_high)
    noisy = np.nonzero((facts.standard > 0) & ~facts.unknown & ~(facts.cell_low < facts.cell_high))
    low, width = facts.cell_low[wide], (facts.cell_high - facts.cell_low)[wide]
    start = np.where(facts.unknown, facts.cell_low, facts.values)
    middle, error = facts.values[noisy], facts.standard[noisy]
    ends = facts.declared_low[noisy[1]], facts.declared_high[noisy[1]]
    for size in sizes:
        values = np.tile(start, (size, 1, 1))
        values[:, *wide] = low + width * draw.random((size, len(low)))
        values[:, *noisy] = np.clip(middle + error * draw.standard_normal((size, len(middle))), *ends)
        least, greatest = (ends[:, None, :] for ends in facts.reference(values))
        yield size, Scale(signs, least, greatest), values


def _merits(values: Matrix, weights: Matrix, scale: Scale, method: Method) -> Matrix:
    """Give the merits (s, n), greater is better, of sampled values (n, m) or (s, n, m) with weights (s, m)."""
    if method.name == "weighted sum":
        if method.normalisation_used == "max" and (scale.low < 0).any():
            raise InputError(
                "with these errors values fall below 0, where the normalisation by the greatest value has no meaning",
                mend="Declare the indicator's range from 0, or choose min-max normalisation.",
            )
        return weighted_sums(values, weights, scale, method)
    sign = 1.0 if method.greater_is_better else -1.0
    if values.ndim == 2:
        return sign * np.stack([scores(values, row, scale, method) for row in weights])
    each = zip(values, weights, scale.low[:, 0], scale.high[:, 0], strict=True)
    return sign * np.stack([scores(v, w, Scale(scale.signs, low, high), method) for v, w, low, high in each])


def _places(merits: Matrix) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Give how many stand above each (s, n), the same for those that tie, and how many tie with it, itself included."""
    samples, count = merits.shape
    order = np.argsort(-merits, axis=1)
    held = np.take_along_axis(merits, order, axis=1)
    begins = np.ones((samples, count), dtype=bool)
    begins[:, 1:] = held[:, :-1] - held[:, 1:] > TIE
    numbers = np.arange(count, dtype=np.int32)
    start = np.maximum.accumulate(np.where(begins, numbers, 0), axis=1)
    ends = np.ones((samples, count), dtype=bool)
    ends[:, :-1] = begins[:, 1:]
    stop = np.minimum.accumulate(np.where(ends, numbers, count)[:, ::-1], axis=1)[:, ::-1]
    place, tied = np.empty((2, samples, count), dtype=np.int32)
    np.put_along_axis(place, order, start, axis=1)
    np.put_along_axis(tied, order, stop - start + 1, axis=1)
    return place, tied


def _rank_shares(place: npt.NDArray[np.int32], tied: npt.NDArray[np.int32]) -> Matrix:
    """Give how often each has each rank (n, n): who ties over k ranks has a k-th of each."""
    count = place.shape[1]
    row = np.arange(count) * (count + 1)
    share = (1.0 / tied).ravel()
    size = count * (count + 1)
    # Each adds its share where its group begins and takes it away where it ends; the sum along ranks fills between.
    change = np.bincount((row + place).ravel(), share, size) - np.bincount((row + place + tied).ravel(), share, size)
    return change.reshape(count, count + 1).cumsum(axis=1)[:, :count]


def _wins(place: npt.NDArray[np.int32]) -> Matrix:
    above = np.ascontiguousarray(place.T.astype(np.int16 if place.shape[1] < 32_000 else np.int32))
    wins = np.empty((len(above), len(above)))
    for number, own in enumerate(above):
        wins[number] = np.count_nonzero(own < above, axis=1) + 0.5 * np.count_nonzero(own == above, axis=1)
    return wins


def _confidence(facts: Facts, central: Matrix, method: Method, samples: int, seed: np.random.SeedSequence) -> Vector:
    confidence = np.full(len(central), np.nan)
    held = np.flatnonzero(~np.isnan(central[:, 0]))
    confidence[held] = 0.0
    for size, scale, values in _sampled(facts, samples, seed):
        block = max(1, _CHUNK_CELLS // (size * len(central)))
        for own in (held[first : first + block] for first in range(0, len(held), block)):
            merits = _merits_of_all(values, central[own], scale, method)
            reached = merits.max(axis=2) - TIE
            tied = np.count_nonzero(merits >= reached[:, :, None], axis=2)
            mine = np.take_along_axis(merits, own[None, :, None], axis=2)[:, :, 0]
            confidence[own] += np.where(mine >= reached, 1.0 / tied, 0.0).sum(axis=0) / samples
    return confidence


def _merits_of_all(values: Matrix, weights: Matrix, scale: Scale, method: Method) -> Matrix:
    """Give the merits (s, k, n) of sampled values (s, n, m), or (n, m) once, with each of k weights (k, m)."""
    if values.ndim == 2:
        return _merits(values, weights, scale, method)[None]
    if method.name != "weighted sum":
        rows = [_merits(values, np.tile(row, (len(values), 1)), scale, method) for row in weights]
        return np.stack(rows, axis=1)
    return np.matmul(weights * weighted_sum_factor(scale, method), (values - scale.low).transpose(0, 2, 1))


def _quantile(acceptability: Matrix, share: float) -> npt.NDArray[np.int64]:
    """Give the least rank (n) that holds at least a share of the probability at or above it."""
    return 1 + (acceptability.cumsum(axis=1) >= share - TIE).argmax(axis=1)
