"""The industrial classification of the national economy (国民经济行业分类), GB/T 4754, editions 2011 and 2017.

Four levels: section (门类, a letter), division (大类, 2 digits), group (中类, 3), class (小类, 4). A group with a
single class has that class under its own digits and a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gaoyuan.codes.tables import rows_of
from gaoyuan.errors import NotFound

CURRENT_EDITION = 2017
EDITIONS = (2011, 2017)
CLASS_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Industry:
    """One line of the classification; `note` is the standard's own explanation, empty where it has none."""

    code: str
    level: int
    name: str
    section: str
    parent: str
    note: str


@cache
def industries(edition: int = CURRENT_EDITION) -> dict[str, Industry]:
    """Give the classification of an edition by code, all levels, in the standard's order.

    Raises NotFound for an edition other than `EDITIONS`.

    >>> industries()["1761"].name
    '针织或钩针编织物织造'
    """
    if edition not in EDITIONS:
        raise NotFound(f"no edition {edition} of GB/T 4754", mend=f"Known editions: {', '.join(map(str, EDITIONS))}.")
    return {
        row["code"]: Industry(
            row["code"], int(row["level"]), row["name"], row["section"], row["parent"], row["description"]
        )
        for row in rows_of(f"gbt4754_{edition}.csv")
    }


@cache
def classes(edition: int = CURRENT_EDITION) -> tuple[str, ...]:
    """Give the four-digit classes of an edition, in order.

    >>> len(classes())
    1381
    """
    return tuple(code for code, industry in industries(edition).items() if industry.level == CLASS_LEVEL)


def industry_name(code: str, edition: int = CURRENT_EDITION) -> str:
    """Give the name of a code of any level; raises NotFound where the edition has none.

    >>> industry_name("17")
    '纺织业'
    """
    try:
        return industries(edition)[code].name
    except KeyError:
        raise NotFound(
            f"no industry {code!r} in GB/T 4754-{edition}", mend="Industry codes are a letter or 2 to 4 digits."
        ) from None


def ancestor(code: str, level: int, edition: int = CURRENT_EDITION) -> str:
    """Give the code of `level` (1 section … 4 class) above a code.

    >>> ancestor("1761", 1), ancestor("1761", 2), ancestor("1761", 3)
    ('C', '17', '176')
    """
    return industries(edition)[code].section if level == 1 else code[:level]


@cache
def successors_of_2011() -> dict[str, tuple[str, ...]]:
    """Give for each class of 2011 the classes of 2017 that took it over, the largest part first.

    The table is ours, after the statistics bureau's notes on the change of editions: equal names are the same class,
    the others were set by hand.

    >>> successors_of_2011()["1810"]
    ('1819', '1811')
    """
    return {row["code_2011"]: tuple(row["codes_2017"].split("|")) for row in rows_of("gbt4754_2011_to_2017.csv")}
