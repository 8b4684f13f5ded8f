"""The trend of a few yearly values: a straight line, in the values or their logarithms, with its prediction interval.

Ordinary least squares with independent normal errors of one size; the interval of a new value at x0 is
ŷ0 ± t(n−2) · s · √(1 + 1/n + (x0 − x̄)²/Sxx) (Draper and Smith, Applied Regression Analysis, 3rd ed. 1998, section
1.4; Montgomery, Peck and Vining, Introduction to Linear Regression Analysis, section 2.5). On logarithms the line is
constant growth; its middle is then the median of what is to come, not the mean.

Values are rounded. An error spread evenly over half a unit of the last digit to both sides has the standard deviation
unit/√12 (Sheppard, On the calculation of the most probable values of frequency constants, 1898; JCGM 100:2008, GUM,
section 4.3.7). The residuals have it in them, so it is not added to s; but of few points s can fall below it by chance,
so s counts as no less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

Form: TypeAlias = "Literal['linear', 'log-linear']"

FEWEST = 3
"""With fewer points than these nothing is left over to tell the error from."""
LEVELS = (0.8, 0.95)
_EXACT = 1e-9
"""Residuals smaller than this, relative to the values, are those of rounding: the error cannot be told from them."""
_DIGITS = 12
"""So many significant digits of a value are its own; those after them are the noise of binary numbers."""
_SURE = 2.0**-53
"""A probability keeps at least this distance from 0 and 1, the smallest that a number next to 1 can show."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A fitted line: y = `level` + `slope` · (time − `centre`), y being the value or its natural logarithm.

    `error` is the residual standard error s (in units of y), `spread` is Sxx = Σ (time − centre)². `exact` says
    that all points lie on the line, so that no error can be told. `rounding` is the standard deviation of the rounding
    of the values (in units of y; on logarithms that of the smallest value).
    """

    form: Form
    points: int
    first: float
    last: float
    centre: float
    spread: float
    level: float
    slope: float
    error: float
    exact: bool
    rounding: float

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the error, n − 2."""
        return self.points - 2

    @property
    def only_rounding(self) -> bool:
        """Whether the points scatter no more than rounding makes them: then the interval tells of nothing else."""
        return not self.exact and self.error <= self.rounding

    @property
    def growth(self) -> float | None:
        """Growth a year as a fraction, of a log-linear trend."""
        return math.expm1(self.slope) if self.form == "log-linear" else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the trend says of a time: the middle value and intervals by level; none where the error cannot be told.

    `beyond` is how many years the time lies after the last point; `far` that this is more than the points themselves
    span, where no interval of a straight line covers the chance that the line bends.
    """

    time: float
    value: float
    intervals: Mapping[float, tuple[float, float]]
    beyond: float
    far: bool


def form_for(values: npt.ArrayLike, *, grows: bool) -> Form:
    """Choose the form: log-linear for quantities that grow by a rate (money, counts) and are all positive, else linear.

    >>> form_for([10.0, 12.0], grows=True), form_for([0.0, 12.0], grows=True), form_for([0.1, 0.2], grows=False)
    ('log-linear', 'linear', 'linear')
    """
    known = np.asarray(values, dtype=np.float64)
    return "log-linear" if grows and bool((known[~np.isnan(known)] > 0).all()) else "linear"


def rounding_unit(values: npt.ArrayLike) -> float:
    """Give the unit of the last digit that values (n) carry: that of the least rounded one; 0 where none has any.

    A nan or 0 tells no digits. Trailing zeros are taken to be rounded unless another value has digits there.

    >>> rounding_unit([6.4e9, 7.31e9, 8.348e9]), rounding_unit([3.0, 0.0, float("nan")])
    (1000000.0, 1.0)
    """
    digits = [
        Decimal(f"{value:.{_DIGITS}g}").normalize().as_tuple().exponent
        for value in np.asarray(values, dtype=np.float64).ravel().tolist()
        if math.isfinite(value) and value
    ]
    return float(f"1e{min(map(int, digits))}") if digits else 0.0


def fit_trend(times: npt.ArrayLike, values: npt.ArrayLike, form: Form) -> Trend | None:
    """Fit a line to values (n) at times (n, in years); nan is unknown and a gap, never zero.

    None where fewer than three different times have a known value, or where a log-linear trend meets a value that is
    not positive: then there is no such trend. The order of the points does not matter.

    >>> trend = fit_trend([2020, 2021, 2022, 2023], [1.0, 2.0, float("nan"), 3.0], "linear")
    >>> trend.points, round(trend.slope, 4), round(trend.error, 4)
    (3, 0.6429, 0.2673)
    """
    x, y = np.asarray(times, dtype=np.float64), np.asarray(values, dtype=np.float64)
    known = ~np.isnan(y)
    order = np.argsort(x[known], kind="stable")
    x, y = x[known][order], y[known][order]
    if np.unique(x).size < FEWEST or not np.isfinite(y).all():
        return None
    half = np.full(y.size, rounding_unit(y) / 2)
    if form == "log-linear":
        if (y <= 0).any():
            return None
        half = half / y
        y = np.log(y)
    centre, level = float(x.mean()), float(y.mean())
    spread = float(((x - centre) ** 2).sum())
    slope = float(((x - centre) * (y - level)).sum() / spread)
    residuals = y - level - slope * (x - centre)
    scale = max(1.0, float(np.abs(y).max())) if form == "log-linear" else float(np.abs(y).max())
    exact = bool(np.abs(residuals).max() <= _EXACT * scale)
    error = 0.0 if exact else math.sqrt(float((residuals**2).sum()) / (x.size - 2))
    rounding = float(half.max()) / math.sqrt(3)
    return Trend(form, int(x.size), float(x[0]), float(x[-1]), centre, spread, level, slope, error, exact, rounding)


def forecast(trend: Trend, time: float, levels: tuple[float, ...] = LEVELS) -> Forecast:
    """Give the trend's value at a time with its prediction intervals.

    >>> trend = fit_trend([1, 2, 3, 4], [1.0, 2.0, 2.0, 4.0], "linear")
    >>> ahead = forecast(trend, 5)
    >>> round(ahead.value, 2), [round(end, 2) for end in ahead.intervals[0.95]]
    (4.5, [0.48, 8.52])
    """
    middle, width = _at(trend, time)
    intervals: dict[float, tuple[float, float]] = {}
    if not trend.exact:
        for level in levels:
            half = float(special.stdtrit(trend.freedom, (1 + level) / 2)) * width
            intervals[level] = (_back(trend, middle - half), _back(trend, middle + half))
    beyond = max(0.0, time - trend.last)
    return Forecast(time, _back(trend, middle), intervals, beyond, beyond > trend.last - trend.first)


def probability_at_least(trend: Trend, time: float, target: float) -> float | None:
    """Give the probability, under the trend's model, that the value at a time is the target or more.

    It is the upper tail of Student's t of the prediction, so never 0 or 1; None where the error cannot be told. Only
    that a quantity which is always positive is 0 or more, where nothing is left to chance, is certain: 1.

    >>> trend = fit_trend([1, 2, 3, 4], [1.0, 2.0, 2.0, 4.0], "linear")
    >>> probability_at_least(trend, 5, 4.5)
    0.5
    """
    if trend.exact:
        return None
    if trend.form == "log-linear":
        if target <= 0:
            return 1.0
        target = math.log(target)
    middle, width = _at(trend, time)
    return min(max(float(special.stdtr(trend.freedom, (middle - target) / width)), _SURE), 1.0 - _SURE)


def _at(trend: Trend, time: float) -> tuple[float, float]:
    """Give the middle of y at a time and the standard error of its prediction."""
    away = time - trend.centre
    return (
        trend.level + trend.slope * away,
        max(trend.error, trend.rounding) * math.sqrt(1 + 1 / trend.points + away * away / trend.spread),
    )


def _back(trend: Trend, y: float) -> float:
    """Give the value that y stands for; infinite where a number cannot hold it."""
    if trend.form == "linear":
        return y
    return math.exp(y) if y < 700 else math.inf
