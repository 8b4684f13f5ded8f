"""Places, ties and boundaries: who stands before whom, and where the rules leave it open.

Scores that agree in the definition's decimals are tied. The tie-breakers are tried in order; what they leave equal
shares a place (1, 2, 2, 4). A shared place that straddles the last place of a class, or of those who go to the final,
is never broken here: it is given back as undecided, with all who share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from statistics import median

from gaoyuan.assess.contest.definition import Definition, TieBreaker
from gaoyuan.assess.contest.scoring import EntrantScore

__all__ = ["Allotment", "Place", "Straddling", "allot", "ranked"]


@dataclass(frozen=True, slots=True)
class Place:
    """An entrant's place; `shared_with` has the same place, `broken_by` is the tie-breaker that told it from others of
    the same score.
    """

    place: int
    score: EntrantScore
    shared_with: tuple[str, ...]
    equal_score: tuple[str, ...]
    broken_by: str | None


@dataclass(frozen=True, slots=True)
class Straddling:
    """A shared place across a boundary: `places` are left for the entrants `between`."""

    name: str
    places: int
    between: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allotment:
    """Who got which class of places; `open` is the first boundary to be decided, `waiting` who depends on it."""

    given: Mapping[str, tuple[str, ...]]
    open: Straddling | None
    waiting: tuple[str, ...]


def ranked(definition: Definition, scores: Sequence[EntrantScore]) -> tuple[Place, ...]:
    """Rank entrants by score and tie-breakers; equal in all, they share a place and stand in the order of their ids."""
    keys = {score.entrant: _keys(definition, score) for score in scores}
    ordered = sorted(scores, key=lambda score: ([-key for key in keys[score.entrant]], score.entrant))
    places: list[Place] = []
    for _, block in groupby(ordered, key=lambda score: score.score):
        same_score = list(block)
        names = [score.entrant for score in same_score]
        for _, shared in groupby(same_score, key=lambda score: keys[score.entrant]):
            together = list(shared)
            first = len(places) + 1
            places += [
                Place(
                    first,
                    score,
                    tuple(other.entrant for other in together if other is not score),
                    tuple(name for name in names if name != score.entrant),
                    _broken_by(definition, keys, score.entrant, names),
                )
                for score in together
            ]
    return tuple(places)


def allot(
    places: Sequence[Place],
    classes: Sequence[tuple[str, int]],
    decided: Callable[[Straddling], Sequence[str] | None],
) -> Allotment:
    """Fill classes of places in order; `decided` gives who was chosen at a straddled boundary, None while undecided.

    Chosen ones take their class even where that makes it larger than its places; the others go on to the next class.
    """
    given: dict[str, list[str]] = {name: [] for name, _ in classes}
    blocks = [[place.score.entrant for place in block] for _, block in groupby(places, key=lambda place: place.place)]
    for name, count in classes:
        while blocks and len(given[name]) + len(blocks[0]) <= count:
            given[name] += blocks.pop(0)
        left = count - len(given[name])
        if blocks and left > 0:
            straddling = Straddling(name, left, tuple(blocks[0]))
            chosen = decided(straddling)
            if chosen is None:
                waiting = tuple(entrant for block in blocks for entrant in block)
                return Allotment({key: tuple(names) for key, names in given.items()}, straddling, waiting)
            block = blocks.pop(0)
            given[name] += [entrant for entrant in block if entrant in chosen]
            rest = [entrant for entrant in block if entrant not in chosen]
            if rest:
                blocks.insert(0, rest)
    return Allotment({key: tuple(names) for key, names in given.items()}, None, ())


def _keys(definition: Definition, score: EntrantScore) -> tuple[Fraction, ...]:
    return (Fraction(score.score), *(_tie_key(definition, breaker, score) for breaker in definition.ties))


def _tie_key(definition: Definition, breaker: TieBreaker, score: EntrantScore) -> Fraction:
    totals = list(score.totals.values())
    if breaker.by == "median":
        return median(totals)
    if breaker.by == "lowest":
        return min(totals)
    if breaker.by == "spread":
        mean = sum(totals, Fraction()) / len(totals)
        return -sum(((total - mean) ** 2 for total in totals), Fraction()) / len(totals)
    leaves = definition.leaves_of[breaker.criterion or ""]
    return sum((definition.coefficients[leaf] * score.leaf_means[leaf] for leaf in leaves), Fraction())


def _broken_by(
    definition: Definition, keys: Mapping[str, tuple[Fraction, ...]], entrant: str, tied: Sequence[str]
) -> str | None:
    return next(_breakers(definition, keys, entrant, tied), None)


def _breakers(
    definition: Definition, keys: Mapping[str, tuple[Fraction, ...]], entrant: str, tied: Sequence[str]
) -> Iterator[str]:
    for at, breaker in enumerate(definition.ties, 1):
        if any(keys[other][at] != keys[entrant][at] for other in tied):
            yield str(breaker)
