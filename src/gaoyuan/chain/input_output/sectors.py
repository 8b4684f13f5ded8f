"""Which sector of an input-output table an industry belongs to.

Official tables have sectors of their own, 42 to 153 of them. A sector map is a file that gives each sector its
industries as prefixes of GB/T 4754-2017: `13` is the division, `131` the group, `1311` the class. The maps of the
official tables lie beside this module; another table brings a file of the same form (`read_sector_map`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gaoyuan.codes import classes, industries
from gaoyuan.errors import ColumnsMissing, FileUnreadable, InputError, NotFound

IO_TABLES = {
    "2012_42": "io_sectors_2012_42.csv",
    "2015_42": "io_sectors_2012_42.csv",
    "2017_42": "io_sectors_2017_42.csv",
    "2018_42": "io_sectors_2017_42.csv",
    "2020_42": "io_sectors_2017_42.csv",
    "2012_139": "io_sectors_2012_139.csv",
    "2017_149": "io_sectors_2017_149.csv",
    "2018_153": "io_sectors_2018_153.csv",
    "2020_153": "io_sectors_2018_153.csv",
}
"""The official tables that have a map here: year and number of sectors, with the file of the map."""

_COLUMNS = ("code", "name_zh", "industries")


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector: its code and names, the prefixes of GB/T 4754-2017 that make it up, and how sure these are.

    `industries_confidence` is `name` where the sector's name says which industries it holds, `judged` where someone
    had to decide (`note` says what). `version`, `reviewer` and `source` are those of the file's row.
    """

    code: str
    name_zh: str
    name_en: str
    industries: tuple[str, ...]
    industries_confidence: str
    version: str
    reviewer: str
    source: str
    note: str


@dataclass(frozen=True)
class SectorMap:
    """The sectors of a table, in the table's order, and the industries of each."""

    table: str
    sectors: tuple[Sector, ...]

    @cached_property
    def _positions(self) -> dict[str, int]:
        """Position of the sector of every code of GB/T 4754-2017, at any level, that lies within a single one."""
        by_class = {
            code: position
            for position, sector in enumerate(self.sectors)
            for prefix in sector.industries
            for code in classes()
            if code.startswith(prefix)
        }
        found: dict[str, int] = dict(by_class)
        within: dict[str, set[int]] = {}
        for code in classes():
            for above in (industries()[code].section, code[:2], code[:3]):
                within.setdefault(above, set()).add(by_class.get(code, -1))
        return found | {code: held.pop() for code, held in within.items() if len(held) == 1}

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The classes that no sector holds; none in the official maps."""
        return tuple(code for code in classes() if code not in self._positions)

    def sector_of(self, industry: str) -> Sector | None:
        """Give the sector of an industry of any level; None where it lies in several sectors, or in none.

        Raises NotFound for a code that GB/T 4754-2017 does not have.
        """
        if industry not in industries():
            raise NotFound(
                f"no industry {industry!r} in GB/T 4754-2017", mend="Industry codes are a letter or 2 to 4 digits."
            )
        position = self._positions.get(industry, -1)
        return self.sectors[position] if position >= 0 else None

    def positions(self, codes: Iterable[str | None]) -> npt.NDArray[np.int32]:
        """Give the position in `sectors` of each industry code; -1 where it is missing, unknown, or in several."""
        lookup = self._positions
        return np.fromiter((-1 if code is None else lookup.get(code, -1) for code in codes), dtype=np.int32)

    def classes_of(self, sector: str) -> tuple[str, ...]:
        """Give the four-digit classes of a sector by its code; raises NotFound for a code that the table lacks."""
        position = {entry.code: number for number, entry in enumerate(self.sectors)}.get(sector)
        if position is None:
            raise NotFound(
                f"no sector {sector!r} in table {self.table}",
                mend=f"Its codes run from {self.sectors[0].code} to {self.sectors[-1].code}.",
            )
        return tuple(code for code in classes() if self._positions.get(code) == position)


@cache
def sector_map(table: str) -> SectorMap:
    """Give the map of an official table, by year and number of sectors; raises NotFound for one that has none here.

    >>> [sector.name_zh for sector in sector_map("2020_153").sectors[:2]]
    ['农产品', '林产品']
    """
    if table not in IO_TABLES:
        raise NotFound(
            f"no sector map for a table {table!r}",
            mend=f"There are maps for {', '.join(IO_TABLES)}; another table brings its own file.",
        )
    return read_sector_map(Path(str(files("gaoyuan.chain.input_output") / "data" / IO_TABLES[table])), table)


def io_sector(industry: str, table: str) -> str | None:
    """Give the code of the sector of an official table that holds an industry of GB/T 4754-2017, of any level.

    None where the code lies in several sectors, such as a division that the table splits. Raises NotFound for a code
    or a table that does not exist.

    >>> io_sector("3711", "2020_153"), io_sector("3711", "2020_42"), io_sector("37", "2020_153")
    ('081', '18', None)
    """
    sector = sector_map(table).sector_of(industry)
    return None if sector is None else sector.code


def io_sector_positions(codes: Iterable[str | None], table: str) -> npt.NDArray[np.int32]:
    """Give for many industry codes the position of their sector in an official table, from 0; -1 where unknown.

    Unknown is what is missing, what GB/T 4754-2017 does not have, and what lies in several sectors.

    >>> io_sector_positions(["3711", None, "37", "0111"], "2020_153").tolist()
    [80, -1, -1, 0]
    """
    return sector_map(table).positions(codes)


def industries_of_io_sector(sector: str, table: str) -> tuple[str, ...]:
    """Give the four-digit classes of GB/T 4754-2017 that a sector of an official table holds.

    >>> industries_of_io_sector("081", "2020_153")[:3]
    ('3711', '3712', '3713')
    """
    return sector_map(table).classes_of(sector)


def read_sector_map(file: Path, table: str | None = None) -> SectorMap:
    """Read a sector map: a CSV file in UTF-8 with one row a sector, in the order of the table.

    Columns `code`, `name_zh` and `industries` (prefixes of GB/T 4754-2017 separated by a bar; empty for a sector whose
    industries are unknown or that has none), and, where known, the others of `Sector`. `table` names the map, by
    default after the file. Raises InputError, naming the row, for a prefix that the classification does not have, for
    a class in two sectors and for a code that comes twice.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise FileUnreadable("cannot be read as text in UTF-8", where=str(file), mend=str(fault)) from None
    rows = list(csv.DictReader(text.splitlines()))
    missing = [column for column in _COLUMNS if not rows or rows[0].get(column) is None]
    if missing:
        raise ColumnsMissing(
            f"no {', '.join(missing)}",
            where=file.name,
            mend="A sector map has the columns code, name_zh and industries, and one row for each sector.",
        )
    sectors = tuple(_sector(row) for row in rows)
    owner: dict[str, str] = {}
    seen: set[str] = set()
    for number, sector in enumerate(sectors, 2):
        where = f"{file.name}, row {number}"
        if not sector.code or sector.code in seen:
            raise InputError(f"sector code {sector.code!r} is empty or comes twice", where=where)
        seen.add(sector.code)
        for prefix in sector.industries:
            if prefix not in industries() or industries()[prefix].level == 1:
                raise InputError(
                    f"{prefix!r} is no division, group or class of GB/T 4754-2017",
                    where=where,
                    mend="Write prefixes of 2 to 4 digits, separated by |, with their leading zeros.",
                )
            for code in classes():
                if code.startswith(prefix) and owner.setdefault(code, sector.code) != sector.code:
                    raise InputError(
                        f"class {code} is in sector {owner[code]} already",
                        where=where,
                        mend="Every class of industry belongs to one sector; take it out of the other.",
                    )
    return SectorMap(table or file.stem, sectors)


def _sector(row: dict[str, str]) -> Sector:
    known = {column: (row.get(column) or "").strip() for column in Sector.__dataclass_fields__}
    prefixes = tuple(part.strip() for part in known.pop("industries").split("|") if part.strip())
    return Sector(**known, industries=prefixes)
