"""Which of the things that sources say of a metric count, and whether they say the same.

One rule for verdicts, statistics, rankings and reports: what has no year stands beside what has one, so that sources
that disagree are seen, whoever of them gives the year.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

AGREE = 0.01
"""Sources that differ by less than one per cent say the same."""

_T = TypeVar("_T")


def agree(values: Iterable[float]) -> bool:
    """Whether sources say the same; of nothing said there is nothing to disagree on.

    >>> agree([80.0, 80.5]), agree([80.0, 120.0]), agree([])
    (True, False, True)
    """
    said = list(values)
    return not said or max(said) - min(said) <= AGREE * max(abs(value) for value in said)


def counting(told: Iterable[tuple[int | None, _T]], year: int, last_year: int, *, series: bool) -> list[_T]:
    """Give what counts of a metric, of all that was `told` with its year (None where it has none).

    Of a yearly metric (`series`) that is what was told of `year`; what has no year is of `last_year`, the last full
    one. Of a stock it is what was told of the latest year until `year`, together with what has no year; the latter
    alone where the latest year is before `last_year`, as it speaks of a later day.

    >>> counting([(None, 120.0), (2025, 50.0)], 2025, 2025, series=True)
    [50.0, 120.0]
    >>> counting([(None, 120.0), (2023, 50.0)], 2025, 2025, series=False)
    [120.0]
    """
    claims = list(told)
    undated = [claim for at, claim in claims if at is None]
    if series:
        dated = [claim for at, claim in claims if at == year]
        return dated + (undated if year == last_year else [])
    latest = max((at for at, _ in claims if at is not None and at <= year), default=None)
    if latest is None or (undated and latest < last_year):
        return undated
    return [claim for at, claim in claims if at == latest] + undated
