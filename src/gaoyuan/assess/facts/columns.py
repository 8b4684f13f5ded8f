"""The facts of many subjects as columns: what the evaluation of rules reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.logic.intervals import Interval, exactly, unknown, within
from gaoyuan.assess.logic.states import Flags

Ints = npt.NDArray[np.int32]
Column: TypeAlias = "npt.ArrayLike | Sequence[Sequence[str] | None]"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a closed vocabulary: positions (n) in `labels`, −1 where unknown."""

    position: Ints
    labels: tuple[str, ...]

    @classmethod
    def of(cls, values: Sequence[str | None]) -> Words:
        """Give words from text (n), None where unknown."""
        labels = tuple(dict.fromkeys(value for value in values if value is not None))
        at = {label: position for position, label in enumerate(labels)}
        return cls(np.array([-1 if value is None else at[value] for value in values], dtype=np.int32), labels)

    def among(self, chosen: Sequence[str]) -> Flags:
        """Whether each word is known and one of the chosen."""
        hit = np.array([label in chosen for label in self.labels] + [False])
        return hit[self.position]


@dataclass(slots=True)
class FactColumns:
    """Facts of `size` subjects.

    `numbers` has for a metric the intervals (n) by year, under None those without a year, which count for the last full
    year; `words` has the metrics of choice; `options` has for a metric of several choices a 0/1 interval by option.
    """

    size: int
    last_year: int
    numbers: dict[str, dict[int | None, Interval]] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    options: dict[str, dict[str, Interval]] = field(default_factory=dict)

    def number(self, metric: str, year: int) -> Interval:
        """Give what is known of a metric in a year: an interval in the metric's range."""
        told, kind = self.numbers.get(metric), metrics()[metric]
        found = None if told is None else told.get(year) or (told.get(None) if year == self.last_year else None)
        return unknown(self.size, kind.least, kind.most) if found is None else within(found, kind.least, kind.most)

    def word(self, metric: str) -> Words:
        """Give the words of a metric of choice."""
        return self.words.get(metric) or Words(np.full(self.size, -1, dtype=np.int32), ())

    def option(self, metric: str, name: str) -> Interval:
        """Give whether an option of a metric of several choices is there: 1, 0, or between where unknown."""
        found = self.options.get(metric, {}).get(name)
        return unknown(self.size, 0.0, 1.0) if found is None else found


def columns_of(
    values: Mapping[str, Column | Mapping[int, npt.ArrayLike]], last_year: int, *, size: int | None = None
) -> FactColumns:
    """Make columns of arrays: for each metric an array (n), or one by year; nan and None are unknown. A metric of
    several choices has for each subject the names of those that are there, in a list or a tuple.

    Values outside of a metric's range are unknown. Raises KeyError for a metric that the catalogue does not have.

    >>> columns_of({"area_km2": [80.0, float("nan")]}, 2024).number("area_km2", 2024).hi.tolist()
    [80.0, inf]
    """
    sizes = [_length(given) for given in values.values()]
    columns = FactColumns(size if size is not None else sizes[0], last_year)
    for name, given in values.items():
        metric = metrics()[name]
        if metric.kind == "several":
            columns.options[name] = _named(metric, [*given])  # type: ignore[misc]
        elif metric.is_text:
            columns.words[name] = Words.of([_text(value) for value in np.asarray(given, dtype=object)])
        else:
            years = given if isinstance(given, Mapping) else {None: given}
            columns.numbers[name] = {
                year: _in_range(np.asarray(column, dtype=np.float64), metric.least, metric.most)
                for year, column in years.items()
            }
    return columns


def _length(given: Column | Mapping[int, npt.ArrayLike]) -> int:
    column = next(iter(given.values())) if isinstance(given, Mapping) else given
    return len(column) if isinstance(column, list | tuple) else len(np.atleast_1d(column))  # type: ignore[arg-type]


def _named(metric: Metric, each: Sequence[object]) -> dict[str, Interval]:
    """Give for each option whether the subjects name it; of one that names nothing at all (None) it is not known."""
    found: dict[str, Interval] = {}
    for option in metric.options:
        there = [float(option in names) if isinstance(names, list | tuple) else np.nan for names in each]
        found[option] = within(exactly(np.array(there, dtype=np.float64)), 0.0, 1.0)
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _in_range(values: npt.NDArray[np.float64], least: float, most: float) -> Interval:
    with np.errstate(invalid="ignore"):
        return exactly(np.where((values >= least) & (values <= most), values, np.nan))
