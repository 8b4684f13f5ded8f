"""What is known of a number: an interval that holds it. A known value is an interval of one point.

Unknown facts, facts on which sources disagree and sums of which a part is missing are all intervals, so a criterion is
met or unmet where it is so for every value that the facts allow, and unknown elsewhere (Moore, Interval Analysis,
1966). That is why an unknown fact can never make a criterion met, and a missing year leaves it open unless a known year
already fails.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gaoyuan.assess.logic.states import Codes, Flags, decided

Floats = npt.NDArray[np.float64]
Operator = Literal[">=", ">", "<=", "<", "=="]

OPERATORS: tuple[Operator, ...] = (">=", ">", "<=", "<", "==")
_SAME = 1e-12
"""Values that differ by less, relatively, are equal: the rounding of a quotient or a root decides nothing."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Intervals (n): each number is at least `lo` and at most `hi`.

    Where all are known, both ends may be one array (`exact`), so that nothing is computed twice.
    """

    lo: Floats
    hi: Floats

    @property
    def exact(self) -> bool:
        """Whether both ends are one array; known numbers may be in two arrays, too."""
        return self.lo is self.hi

    @property
    def size(self) -> int:
        """How many numbers."""
        return self.lo.size

    @property
    def known(self) -> Flags:
        """Which numbers are known exactly."""
        return self.lo == self.hi

    @property
    def value(self) -> Floats:
        """The numbers, nan where unknown."""
        return np.where(self.known, self.lo, np.nan)

    @property
    def bounded(self) -> Flags:
        """Which numbers are finite at both ends."""
        return np.isfinite(self.lo) if self.exact else np.isfinite(self.lo) & np.isfinite(self.hi)

    def through(self, rising: Callable[[Floats], Floats]) -> Interval:
        """Give what a function that never falls makes of the numbers."""
        lo = rising(self.lo)
        return Interval(lo, lo if self.exact else rising(self.hi))

    def where(self, chosen: Flags, other: Interval) -> Interval:
        """Give these numbers where `chosen`, the others elsewhere."""
        return Interval(np.where(chosen, self.lo, other.lo), np.where(chosen, self.hi, other.hi))

    def hull(self, other: Interval) -> Interval:
        """Give the smallest intervals that hold both."""
        return Interval(np.minimum(self.lo, other.lo), np.maximum(self.hi, other.hi))


def exactly(values: npt.ArrayLike) -> Interval:
    """Give known numbers (n); nan is unknown.

    >>> exactly([1.0, np.nan]).lo.tolist()
    [1.0, -inf]
    """
    known = np.atleast_1d(np.array(values, dtype=np.float64))
    unknown = np.isnan(known)
    if not unknown.any():
        return Interval(known, known)
    return Interval(np.where(unknown, -np.inf, known), np.where(unknown, np.inf, known))


def constant(size: int, value: float) -> Interval:
    """Give one known number for each of so many (size)."""
    known = _filled(size, value)
    return Interval(known, known)


def unknown(size: int, least: float = -np.inf, most: float = np.inf) -> Interval:
    """Give numbers (size) of which only the range is known."""
    return Interval(_filled(size, least), _filled(size, most))


def _filled(size: int, value: float) -> Floats:
    """Give an array of one value, for few numbers in a third of the time of `np.full`."""
    filled = np.empty(size)
    filled.fill(value)
    return filled


def within(numbers: Interval, least: float, most: float) -> Interval:
    """Cut intervals at the range of what is measured; a known number outside of it stays."""
    if numbers.exact:
        return numbers
    open_ends = ~numbers.known
    if not open_ends.any():
        return numbers
    return Interval(
        np.where(open_ends, np.maximum(numbers.lo, least), numbers.lo),
        np.where(open_ends, np.minimum(numbers.hi, most), numbers.hi),
    )


def compare(numbers: Interval, operator: Operator, bound: Interval) -> Codes:
    """Give met where the comparison holds for all values of both, unmet where for none, else unknown (n).

    >>> compare(Interval(np.array([2.0, 0.0]), np.array([2.0, np.inf])), ">=", exactly([2.0, 1.0])).tolist()
    [3, 1]
    """
    if operator == ">=":
        met = _at_least(numbers.lo, bound.hi)
        return decided(met, ~met if numbers.exact and bound.exact else ~_at_least(numbers.hi, bound.lo))
    if operator == ">":
        unmet = _at_least(bound.lo, numbers.hi)
        return decided(~unmet if numbers.exact and bound.exact else ~_at_least(bound.hi, numbers.lo), unmet)
    if operator == "<=":
        return compare(bound, ">=", numbers)
    if operator == "<":
        return compare(bound, ">", numbers)
    apart = ~_at_least(numbers.hi, bound.lo) | ~_at_least(bound.hi, numbers.lo)
    return decided(numbers.known & bound.known & ~apart, apart)


def holds(values: Floats, operator: Operator, bound: float) -> Flags:
    """Give which known values (n, infinite ones too) meet a comparison with one bound."""
    bounds = np.full(values.size, bound)
    if operator == "==":
        return _at_least(values, bounds) & _at_least(bounds, values)
    above = _at_least(values, bounds) if operator in (">=", "<") else _at_least(bounds, values)
    return above if operator in (">=", "<=") else ~above


def margin(number: float, operator: Operator, bound: float) -> float:
    """Give how far a number is on the good side of the bound, negative on the bad one.

    >>> margin(80.0, "<=", 100.0)
    20.0
    """
    if operator == "==":
        return -abs(number - bound)
    return number - bound if operator[0] == ">" else bound - number


def total(parts: Sequence[Interval]) -> Interval:
    """Give the sum of numbers (n each); one that is unknown adds its range."""
    return _joined(np.add.reduce, parts)


def least(parts: Sequence[Interval]) -> Interval:
    """Give the least of numbers (n each): at most the least known one."""
    return _joined(np.minimum.reduce, parts)


def most(parts: Sequence[Interval]) -> Interval:
    """Give the greatest of numbers (n each): at least the greatest known one."""
    return _joined(np.maximum.reduce, parts)


def _joined(rising: Callable[[Sequence[Floats]], Floats], parts: Sequence[Interval]) -> Interval:
    """Give what a function of several numbers that never falls makes of them."""
    if len(parts) == 1:
        return parts[0]
    lo = rising([part.lo for part in parts])
    return Interval(lo, lo if all(part.exact for part in parts) else rising([part.hi for part in parts]))


def scaled(numbers: Interval, factor: float) -> Interval:
    """Give numbers times a factor that is not negative."""
    return numbers.through(lambda ends: ends * factor) if factor else constant(numbers.size, 0.0)


def quotient(above: Interval, below: Interval) -> Interval:
    """Give quotients (n) by divisors that are not negative; unknown where the divisor can be zero.

    >>> quotient(exactly([1.0, 1.0]), exactly([4.0, 0.0])).lo.tolist()
    [0.25, -inf]
    """
    fine = below.lo > 0
    if above.exact and below.exact and fine.all() and not np.isinf(below.lo).any():
        known = above.lo / below.lo
        return Interval(known, known)
    with np.errstate(divide="ignore", invalid="ignore"):
        lo = np.where(above.lo >= 0, np.where(np.isinf(below.hi), 0.0, above.lo / below.hi), above.lo / below.lo)
        hi = np.where(above.hi >= 0, above.hi / below.lo, np.where(np.isinf(below.hi), 0.0, above.hi / below.hi))
    return Interval(np.where(fine, lo, -np.inf), np.where(fine, hi, np.inf))


def compound_growth(first: Interval, last: Interval, steps: int) -> Interval:
    """Give the compound average growth (n) from the first to the last of `steps` + 1 yearly values.

    (last / first)^(1/steps) − 1; unknown where the first can be zero or less, −1 or less where the last is negative.

    >>> compound_growth(exactly(100.0), exactly(121.0), 2).lo.round(12).tolist()
    [0.1]
    """
    ratio = quotient(last, first)
    if ratio.exact and (ratio.lo >= 0).all():
        return ratio.through(lambda ends: ends ** (1.0 / steps) - 1.0)
    with np.errstate(invalid="ignore"):
        lo = np.where(ratio.lo >= 0, np.maximum(ratio.lo, 0.0) ** (1.0 / steps) - 1.0, -np.inf)
        return Interval(lo, np.where(np.isinf(ratio.hi), np.inf, np.maximum(ratio.hi, 0.0) ** (1.0 / steps) - 1.0))


def _at_least(a: Floats, b: Floats) -> Flags:
    """Whether a is b or more, or short of it by no more than the rounding of numbers."""
    above = a >= b
    if above.all():
        return above
    with np.errstate(invalid="ignore"):
        slack = _SAME * np.maximum(np.abs(a), np.abs(b))
        near = np.isfinite(slack) & (np.abs(a - b) <= slack)
    return above | near
