"""Industry codes that a register gives: which edition they are of, and the class of 2017 that each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gaoyuan.codes import classes, industries, successors_of_2011

GIVEN, GIVEN_2011, DERIVED, UNKNOWN = "given", "given_2011", "derived", "unknown"


@dataclass(frozen=True, slots=True)
class GivenCode:
    """What a given code says: the classes of 2017 it may stand for (one where it is a class), and whether it was
    carried over from 2011.
    """

    candidates: tuple[str, ...]
    from_2011: bool


def edition_of(counts: Mapping[str, int]) -> int:
    """Tell the edition of a file's codes from how often each is given: 2011 where codes that only 2011 has outnumber
    those that only 2017 has.

    >>> edition_of({"1810": 40, "1761": 10}), edition_of({"1811": 3, "1761": 10})
    (2011, 2017)
    """
    only_2011 = sum(count for code, count in counts.items() if code in industries(2011) and code not in industries())
    only_2017 = sum(count for code, count in counts.items() if code in industries() and code not in industries(2011))
    return 2011 if only_2011 > only_2017 else 2017


@cache
def read_given(code: str, edition: int) -> GivenCode:
    """Give the classes of 2017 that a code of any level stands for, in a file of an edition; none for a code that
    neither edition has.

    >>> read_given("1810", 2017), read_given("175", 2017).candidates
    (GivenCode(candidates=('1819', '1811'), from_2011=True), ('1751', '1752'))
    """
    before = successors_of_2011()
    if code in before and (edition == 2011 or code not in industries()):
        return GivenCode(before[code], True)
    if code in industries():
        return GivenCode(_classes_below(code), False)
    if code in industries(2011):
        below = [successor for old in before if old.startswith(code) for successor in before[old]]
        return GivenCode(tuple(dict.fromkeys(below)), True)
    return GivenCode((), False)


def _classes_below(code: str) -> tuple[str, ...]:
    if len(code) == 1:
        return tuple(found for found in classes() if industries()[found].section == code)
    return tuple(found for found in classes() if found.startswith(code))
