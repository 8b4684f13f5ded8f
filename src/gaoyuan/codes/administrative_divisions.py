"""Administrative divisions (行政区划), GB/T 2260 and the statistics bureau's yearly list, by edition.

The current edition is the bureau's list of 2023. `division_history.csv` holds the codes and names of 2002–2020 that are
no longer in it, each with its successors, so that an old register and an old credit code still find their county. A
code alone is ambiguous: three prefectures without counties stand in the list at prefecture and at county level under
one code, so a division is named by its level and code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from gaoyuan.codes.tables import rows_of
from gaoyuan.errors import InputError, NotFound

CURRENT_EDITION = 2023


class Level(IntEnum):
    """The levels of divisions: province (省), prefecture (地), county (县)."""

    PROVINCE = 1
    PREFECTURE = 2
    COUNTY = 3


@dataclass(frozen=True, slots=True)
class Division:
    """One division of the current edition."""

    code: str
    level: Level
    name: str
    parent: str

    @property
    def is_zone(self) -> bool:
        """Whether this is a development zone that the bureau lists beside the counties of GB/T 2260 (code xxxx7x)."""
        return self.level == Level.COUNTY and self.code[4] == "7"


@dataclass(frozen=True, slots=True)
class FormerDivision:
    """A code or a name that is no longer in force, and the divisions that took it over (several where it was split)."""

    code: str
    level: Level
    name: str
    last_edition: int
    successors: tuple[str, ...]


def region_prefix(code: str) -> str:
    """Give the digits that the codes of all counties of a division begin with.

    Raises InputError for what is no division code of six digits.

    >>> region_prefix("370000"), region_prefix("370800"), region_prefix("370827")
    ('37', '3708', '370827')
    """
    if len(code) != 6 or not code.isascii() or not code.isdigit() or code.startswith("00"):
        raise InputError(f"{code!r} is no division code", mend="Give six digits, such as 370000 or 370827.")
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


@cache
def divisions() -> dict[tuple[Level, str], Division]:
    """Give the divisions of the current edition by level and code.

    >>> divisions()[Level.COUNTY, "130628"].name
    '高阳县'
    """
    found: dict[tuple[Level, str], Division] = {}
    for row in rows_of("divisions_2023.csv"):
        level = Level(int(row["level"]))
        found[level, row["code"]] = Division(row["code"], level, row["name"], row["parent"])
    return found


@cache
def former_divisions() -> tuple[FormerDivision, ...]:
    """Give the codes and names of 2002–2020 that the current edition no longer has."""
    return tuple(
        FormerDivision(
            row["code"],
            Level(int(row["level"])),
            row["name"],
            int(row["last_edition"]),
            tuple(code for code in row["successors"].split("|") if code),
        )
        for row in rows_of("division_history.csv")
    )


@cache
def counties() -> dict[str, Division]:
    """Give the county level of the current edition by code, zones and prefectures without counties included."""
    return {code: division for (level, code), division in divisions().items() if level == Level.COUNTY}


@cache
def _county_successors() -> dict[str, tuple[str, ...]]:
    successors: dict[str, tuple[str, ...]] = {code: (code,) for code in counties()}
    for former in former_divisions():
        if former.level == Level.COUNTY and former.code not in successors and former.successors:
            successors[former.code] = former.successors
    return successors


@cache
def _prefecture_successors() -> dict[str, tuple[str, ...]]:
    successors: dict[str, tuple[str, ...]] = {code: (code,) for level, code in divisions() if level == Level.PREFECTURE}
    for former in former_divisions():
        if former.level == Level.PREFECTURE and former.code not in successors:
            successors[former.code] = former.successors
    return successors


def current_counties(code: str) -> tuple[str, ...]:
    """Give the county-level codes of the current edition that a code of any edition stands for.

    One for a county that exists or was renamed, several for one that was split, none for a code that is no county
    (prefecture and province codes, codes of registering authorities, unknown ones).

    >>> current_counties("510922"), current_counties("330104"), current_counties("330100")
    (('510981',), ('330102', '330114'), ())
    """
    return _county_successors().get(code, ())


@cache
def _reused() -> frozenset[str]:
    current = counties()
    return frozenset(
        former.code for former in former_divisions() if former.code in current and former.code not in former.successors
    )


def is_reused(code: str) -> bool:
    """Tell whether a county code has meant different counties in different years, so that alone it names neither.

    >>> is_reused("410307"), is_reused("130628")
    (True, False)
    """
    return code in _reused()


def current_prefecture(code: str) -> str | None:
    """Give the prefecture of the current edition that a six-digit code lies in, or None where its first four digits are
    none.

    Counties that moved follow their county; a former prefecture that was split gives None.

    >>> current_prefecture("371202"), current_prefecture("532701"), current_prefecture("999999")
    ('370100', '530800', None)
    """
    owners = {county_prefecture(county) for county in current_counties(code)}
    if len(owners) == 1:
        return owners.pop()
    successors = _prefecture_successors().get(code[:4] + "00", ())
    return successors[0] if len(successors) == 1 else None


def county_prefecture(code: str) -> str:
    """Give the prefecture of a current county; raises NotFound where there is no such county.

    >>> county_prefecture("130628")
    '130600'
    """
    try:
        return counties()[code].parent
    except KeyError:
        raise NotFound(f"no county {code!r} in the divisions of {CURRENT_EDITION}") from None


def division_name(code: str, level: Level | None = None) -> str:
    """Give the name of a code; without a level the lowest that has the code. Raises NotFound where none has.

    >>> division_name("130628"), division_name("13"), division_name("130600")
    ('高阳县', '河北省', '保定市')
    """
    code = code.ljust(6, "0")
    for candidate in (level,) if level is not None else (Level.COUNTY, Level.PREFECTURE, Level.PROVINCE):
        if (division := divisions().get((candidate, code))) is not None:
            return division.name
    raise NotFound(
        f"no division {code!r} in the edition of {CURRENT_EDITION}",
        mend="Division codes are 2, 4 or 6 digits of GB/T 2260.",
    )


def full_name(county: str) -> str:
    """Give province, prefecture and county of a current county in one word; the middle is left out where it only
    repeats.

    >>> full_name("130628"), full_name("110101")
    ('河北省保定市高阳县', '北京市东城区')
    """
    division = counties()[county]
    prefecture = divisions()[Level.PREFECTURE, division.parent].name
    province = divisions()[Level.PROVINCE, county[:2] + "0000"].name
    middle = "" if prefecture in {"市辖区", "县", division.name} or "直辖" in prefecture else prefecture
    return f"{province}{middle}{division.name}"
