"""Figures of many clusters: sums, counts, shares and growth, each with what every cluster contributed to it.

A figure is computed from its contributions alone, so whoever has them computes it again. A cluster of which a figure is
not known contributes nothing, is named, and makes a sum a lower bound ("at least"): unknown is neither zero nor an
average. Growth and weighted shares are taken over the clusters that have both numbers, and say over how many.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from gaoyuan.assess.facts.metric_catalogue import Kind

How: TypeAlias = "Literal['sum', 'number', 'share', 'weighted_share', 'growth']"

Basis: TypeAlias = "Literal['fact', 'register', 'titles']"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one cluster contributes: a value from `least` to `most` (the same where it is exactly known).

    `over` is what it adds to the divisor of a share, `before` its value of the year before in a growth; `possible`
    firms more may count, of which it is not known whether their title still holds. `year` is None for a value without
    one; `basis` says whether a fact, the register or the lists of titles told it.
    """

    cluster: str
    least: float
    most: float
    year: int | None
    source: str
    run: str
    basis: Basis = "fact"
    over: float | None = None
    before: float | None = None
    possible: int = 0

    @property
    def exact(self) -> bool:
        """Whether the value is exactly known."""
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of many clusters: from `least` to `most` in its unit, None where nothing is known of it.

    `year` is that of all contributions, None where they are of none or of several. `known` of `of` clusters
    contribute, `unknown` names the others. `repeated` is what was counted in more than one cluster and is taken off
    again (`over_repeated` in the divisor). `over` is the divisor of a share; `possible` firms
    more may count, each once.
    """

    id: str
    zh: str
    en: str
    how: How
    kind: Kind
    unit_zh: str
    unit_en: str
    least: float | None
    most: float | None
    of: int
    contributions: tuple[Contribution, ...]
    unknown: tuple[str, ...]
    over: float | None = None
    year: int | None = None
    repeated: float = 0.0
    over_repeated: float = 0.0
    possible: int = 0

    @property
    def known(self) -> int:
        """How many clusters contribute."""
        return len(self.contributions)

    @property
    def value(self) -> float | None:
        """The figure where it is exactly known."""
        return self.least if self.least is not None and self.least == self.most else None

    @property
    def coverage(self) -> float | None:
        """The share of the clusters of which the figure is known."""
        return self.known / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Named:
    """What a figure is called and measured in."""

    id: str
    zh: str
    en: str
    kind: Kind
    unit_zh: str = ""
    unit_en: str = ""


def total(
    named: Named,
    clusters: Sequence[str],
    contributions: Iterable[Contribution],
    *,
    year: int | None = None,
    repeated: float = 0.0,
) -> Figure:
    """Add up what clusters contribute; a lower bound where one is unknown or its value is one.

    The values are not negative: what is unknown can only add. Nothing known gives nothing, not zero.

    >>> firms = Named("firms", "企业数", "firms", "count")
    >>> one = Contribution("a", 30.0, 30.0, 2024, "county", "")
    >>> found = total(firms, ["a", "b"], [one])
    >>> found.least, found.most, found.known, found.unknown
    (30.0, inf, 1, ('b',))
    """
    known = _ordered(contributions)
    unknown = _without(clusters, known)
    least = math.fsum(one.least for one in known) - repeated if known else None
    year = year if all(one.year == year for one in known) else None
    most = math.fsum(one.most for one in known) - repeated if known and not unknown else math.inf
    return _figure(
        named, "sum", (least, most if known else None), clusters, known, unknown,
        year=year, repeated=repeated,
    )  # fmt: skip


def number_from(
    named: Named, clusters: Sequence[str], contributions: Iterable[Contribution], bound: float, *, year: int | None
) -> Figure:
    """Count the clusters whose value is the bound or more; those of which it is open count in `most` alone."""
    known = _ordered(contributions)
    unknown = _without(clusters, known)
    year = year if all(one.year == year for one in known) else None
    least = sum(one.least >= bound for one in known)
    most = sum(one.most >= bound for one in known) + len(unknown)
    values = (float(least), float(most)) if known else (None, None)
    return _figure(named, "number", values, clusters, known, unknown, year=year)


def growth(named: Named, clusters: Sequence[str], contributions: Iterable[Contribution], *, year: int) -> Figure:
    """Give the growth of the sum over the clusters that have both years exactly; no cluster's growth is averaged.

    >>> output = Named("output_growth", "产值增速", "growth of output", "rate")
    >>> grown = Contribution("a", 110.0, 110.0, 2024, "county", "", before=100.0)
    >>> round(growth(output, ["a", "b"], [grown], year=2024).value, 6)
    0.1
    """
    known = tuple(one for one in _ordered(contributions) if one.exact and one.before is not None)
    before = math.fsum(one.before or 0.0 for one in known)
    value = math.fsum(one.least for one in known) / before - 1 if before > 0 else None
    return _figure(named, "growth", (value, value), clusters, known, _without(clusters, known), year=year, over=before)


def share(
    named: Named,
    clusters: Sequence[str],
    contributions: Iterable[Contribution],
    *,
    repeated: float = 0.0,
    over_repeated: float = 0.0,
) -> Figure:
    """Give the part of what clusters have together: Σ value / Σ over, over the clusters of which both are known."""
    known = tuple(one for one in _ordered(contributions) if one.over)
    over = math.fsum(one.over or 0.0 for one in known) - over_repeated
    least = most = None
    if over > 0:
        least = (math.fsum(one.least for one in known) - repeated) / over
        most = min(1.0, (math.fsum(one.most for one in known) - repeated) / over)
    figure = _figure(named, "share", (least, most), clusters, known, _without(clusters, known), over=over or None)
    return replace(figure, repeated=repeated, over_repeated=over_repeated)


def weighted_share(named: Named, clusters: Sequence[str], contributions: Iterable[Contribution]) -> Figure:
    """Give the mean of the clusters' shares weighted by what each is a share of: Σ value · over / Σ over."""
    known = tuple(one for one in _ordered(contributions) if one.over and one.exact)
    over = math.fsum(one.over or 0.0 for one in known)
    value = math.fsum(one.least * (one.over or 0.0) for one in known) / over if over > 0 else None
    unknown = _without(clusters, known)
    return _figure(named, "weighted_share", (value, value), clusters, known, unknown, over=over or None)


def _figure(
    named: Named,
    how: How,
    values: tuple[float | None, float | None],
    clusters: Sequence[str],
    known: tuple[Contribution, ...],
    unknown: tuple[str, ...],
    *,
    year: int | None = None,
    over: float | None = None,
    repeated: float = 0.0,
) -> Figure:
    return Figure(
        named.id, named.zh, named.en, how, named.kind, named.unit_zh, named.unit_en, *values, len(clusters), known,
        unknown, over, year, repeated,
    )  # fmt: skip


def _ordered(contributions: Iterable[Contribution]) -> tuple[Contribution, ...]:
    return tuple(sorted(contributions, key=lambda one: one.cluster))


def _without(clusters: Sequence[str], known: Iterable[Contribution]) -> tuple[str, ...]:
    contributing = {one.cluster for one in known}
    return tuple(sorted(set(clusters) - contributing))
