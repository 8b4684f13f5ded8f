"""How much of the firms that there are a register holds: where records are missing, by province and year of founding.

Registers that were put together from files lack whole files. Counts between places are then not comparable, only shares
within a place are; so coverage is measured, reported, and comparisons that it cannot carry are refused.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_HOLE_RATIO = 0.2
_FEWEST_EXPECTED = 30.0
_ROUNDS = 50
_FEWEST_PLACES = 3
_FEWEST_FIRMS = 100


class Coverage(NamedTuple):
    """Firms expected (places, years), which cells are holes (places, years), and the share of the expected that each
    place has (places).
    """

    expected: Floats
    holes: npt.NDArray[np.bool_]
    share: Floats


def coverage(counts: npt.ArrayLike) -> Coverage:
    """Measure the coverage of places by year of founding.

    Firms are expected to follow place and year alike, n_py ≈ a_p b_y, fitted by medians of logs (Tukey's median polish)
    so that holes do not pull the fit. A cell with less than a fifth of the at least 30 firms expected is a hole: no
    economy does that, missing files do. A place's share is what it has over what it would have without its holes.

    `counts` (places, years) whole numbers of at least 0. A place or year without firms has expectation 0; a place
    without any has share NaN. With fewer than three places that have firms there is nothing to compare with:
    expectations and shares are NaN, and no cell is a hole. A place with fewer than 100 firms has share NaN as well.

    >>> found = coverage([[100, 120, 80], [100, 0, 80], [200, 240, 160]])
    >>> found.holes[1].tolist(), round(float(found.share[1]), 2)
    ([False, True, False], 0.6)
    """
    firms = np.asarray(counts, dtype=np.float64)
    if firms.ndim != 2 or (firms < 0).any() or not np.isfinite(firms).all():
        raise ValueError("counts are a table of places and years with numbers of at least 0")
    rows, columns = firms.sum(axis=1) > 0, firms.sum(axis=0) > 0
    if rows.sum() < _FEWEST_PLACES:
        unknown = np.full_like(firms, np.nan)
        return Coverage(unknown, np.zeros(firms.shape, dtype=bool), np.full(firms.shape[0], np.nan))
    expected = np.zeros_like(firms)
    held = firms[np.ix_(rows, columns)]
    # Empty cells are left out of the fit: most of them are holes, and the rest say little.
    logs = np.where(held > 0, np.log(np.maximum(held, 1.0)), np.nan)
    expected[np.ix_(rows, columns)] = np.exp(_median_polish(logs))
    holes = (expected >= _FEWEST_EXPECTED) & (firms < _HOLE_RATIO * expected)
    missing = np.where(holes, expected - firms, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(firms.sum(axis=1) >= _FEWEST_FIRMS, firms.sum(axis=1) / (firms.sum(axis=1) + missing), np.nan)
    return Coverage(expected, holes, share)


def _median_polish(logs: Floats) -> Floats:
    place, year = np.zeros(logs.shape[0]), np.zeros(logs.shape[1])
    for _ in range(_ROUNDS):
        new_place = place + _median(logs - place[:, None] - year, axis=1)
        new_year = year + _median(logs - new_place[:, None] - year, axis=0)
        settled = max(np.abs(new_place - place).max(), np.abs(new_year - year).max()) < 1e-9
        place, year = new_place, new_year
        if settled:
            break
    return place[:, None] + year


def _median(values: Floats, axis: int) -> Floats:
    known = ~np.isnan(values).all(axis=axis)
    found = np.zeros(known.shape)
    kept = values[known] if axis == 1 else values[:, known]
    found[known] = np.nanmedian(kept, axis=axis)
    return found
