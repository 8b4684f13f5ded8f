"""From the cells of a file to rows of the register: parsed, in our units, checked."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import current_counties, current_prefecture, to_wgs84
from gaoyuan.codes.administrative_divisions import Level, divisions
from gaoyuan.registry.cell_checks import CellChecks, mask
from gaoyuan.registry.columns import ColumnMap
from gaoyuan.registry.faults import Fault, Mask
from gaoyuan.registry.identity import identities
from gaoyuan.registry.industry_cells import industry_code, zeros_are_lost
from gaoyuan.registry.locating import LOCATING_COLUMNS, Locator, places
from gaoyuan.registry.values import as_amount, as_count, as_date, as_degrees, as_text, is_number

_TEXT_TARGETS = ("legal_form", "status", "scope", "address", "province", "city", "district")
_TOLERANCE_KM = 5.0
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0


class Cleaner(CellChecks):
    """Cleans batches of one file: `clean` gives the columns of the register for every row, and the faults. Rows with a
    fault are not for the register.

    Batches come in the order of the file: whether its industry codes have lost their leading zeros is decided by the
    first batch that has any in digits.
    """

    def __init__(self, columns: ColumnMap, today: dt.date) -> None:
        super().__init__(columns)
        self._today = today
        self._locator = Locator()
        self._zeros_lost: bool | None = None

    def clean(self, cells: pa.RecordBatch) -> tuple[pa.RecordBatch, list[Fault]]:
        """Clean a batch (n rows with the file's headings)."""
        faults: list[Fault] = []
        rows = cells.num_rows
        column: dict[str, pa.Array] = {}
        for target in _TEXT_TARGETS:
            column[target] = self.text(cells, target, faults)
        column["name"] = self.names(cells, faults)
        column["uscc"] = self.credit_codes(cells, faults)
        column["industry_given"] = self._industries(cells, faults)
        column["division"] = self._divisions(cells, faults)
        column["established"] = self.parsed(
            cells,
            "established",
            lambda values: as_date(values, self._today),
            pa.date32(),
            faults,
            "no date, or one in the future",
            "Write dates as 2019-04-01.",
        )
        column["employees"] = self.parsed(
            cells,
            "employees",
            as_count,
            pa.int64(),
            faults,
            "no whole number",
            "Write the number of persons, such as 120; leave unknown ones empty.",
        )
        for target in ("revenue_yuan", "assets_yuan", "capital_yuan"):
            column[target] = self._amount(cells, target, faults)
        column["longitude"], column["latitude"] = self._coordinates(cells, faults)
        cleaned = pa.RecordBatch.from_pydict(column)
        cleaned = cleaned.append_column("enterprise_id", identities(cleaned))
        self._check_inside_county(cleaned, rows, faults)
        return cleaned, faults

    def _industries(self, cells: pa.RecordBatch, faults: list[Fault]) -> pa.Array:
        found = self.cells(cells, "industry_given")
        if found is None:
            return pa.nulls(cells.num_rows, pa.large_string())
        given = _codes_as_text(found[1])
        distinct = given.dictionary_encode()
        if self._zeros_lost is None:
            self._zeros_lost = zeros_are_lost(given, as_numbers=is_number(found[1]))
        lost = self._zeros_lost or False
        read = [industry_code(text, zeros_lost=lost) for text in distinct.dictionary.to_pylist()]
        codes = pa.array(read, pa.large_string()).take(distinct.indices)
        unread = pc.and_(pc.is_valid(given), pc.is_null(codes))
        faults.append(
            Fault(
                mask(unread),
                found[0],
                "no such industry in GB/T 4754-2017 or 2011",
                "Give a letter or a code of 2 to 4 digits with its leading zero; leave unknown ones empty.",
            )
        )
        return codes

    def _divisions(self, cells: pa.RecordBatch, faults: list[Fault]) -> pa.Array:
        found = self.cells(cells, "division")
        if found is None:
            return pa.nulls(cells.num_rows, pa.large_string())
        given = _codes_as_text(found[1])
        distinct = given.dictionary_encode()
        read = [_division_code(text) for text in distinct.dictionary.to_pylist()]
        codes = pa.array(read, pa.large_string()).take(distinct.indices)
        unread = pc.and_(pc.is_valid(given), pc.is_null(codes))
        faults.append(
            Fault(
                mask(unread),
                found[0],
                "no such division in GB/T 2260, now or since 2002",
                "Give the six-digit code of the county; leave unknown ones empty.",
            )
        )
        return codes

    def _amount(self, cells: pa.RecordBatch, target: str, faults: list[Fault]) -> pa.Array:
        factor = next((given.factor for given in self.columns.assignments if given.target == target), 1.0)
        values = self.parsed(
            cells,
            target,
            lambda given: as_amount(given, factor),
            pa.float64(),
            faults,
            "no amount of money",
            "Write a number, or a number with 万元 or 亿元.",
        )
        if target == "capital_yuan" and (currency := self.cells(cells, "capital_currency")) is not None:
            named = pc.utf8_upper(as_text(currency[1]))
            yuan = pc.fill_null(pc.match_substring_regex(named, "CNY|RMB|人民币|^元$|^156$"), True)
            values = pc.if_else(yuan, values, pa.scalar(None, pa.float64()))
        return values

    def _coordinates(self, cells: pa.RecordBatch, faults: list[Fault]) -> tuple[pa.Array, pa.Array]:
        found_x, found_y = self.cells(cells, "longitude"), self.cells(cells, "latitude")
        if found_x is None or found_y is None:
            nothing = pa.nulls(cells.num_rows, pa.float64())
            return nothing, nothing
        heading = found_x[0]
        x, y = as_degrees(found_x[1]), as_degrees(found_y[1])
        faults.append(
            Fault(x.faults, heading, "no decimal degrees", "Write 116.4043, not degrees with minutes and not metres.")
        )
        faults.append(
            Fault(y.faults, found_y[0], "no decimal degrees", "Write 39.9151, not degrees with minutes and not metres.")
        )
        lon, lat = x.values.to_numpy(zero_copy_only=False).copy(), y.values.to_numpy(zero_copy_only=False).copy()
        # Programs write 0, 0 where they found nothing.
        nowhere = (lon == 0) & (lat == 0)
        lon[nowhere] = lat[nowhere] = np.nan
        half = np.isnan(lon) != np.isnan(lat)
        faults.append(
            Fault(
                half & ~x.faults & ~y.faults,
                heading,
                "only one of longitude and latitude is given",
                "Give both, or neither.",
            )
        )
        swapped = _between(lon, _SOUTH, _NORTH) & _between(lat, _WEST, _EAST)
        faults.append(
            Fault(
                swapped,
                heading,
                "longitude and latitude are exchanged",
                "Exchange the two columns, or name them right in the mapping.",
            )
        )
        abroad = (
            ~np.isnan(lon) & ~np.isnan(lat) & ~swapped & ~(_between(lon, _WEST, _EAST) & _between(lat, _SOUTH, _NORTH))
        )
        faults.append(
            Fault(
                abroad,
                heading,
                "the coordinates lie outside China, or are no degrees",
                "Check the numbers, their order and their unit.",
            )
        )
        lon[half | swapped | abroad] = lat[half | swapped | abroad] = np.nan
        lon, lat = to_wgs84(lon, lat, self.columns.datum)
        return pa.array(lon, mask=np.isnan(lon)), pa.array(lat, mask=np.isnan(lat))

    def _check_inside_county(self, cleaned: pa.RecordBatch, rows: int, faults: list[Fault]) -> None:
        located = np.flatnonzero(pc.is_valid(cleaned.column("longitude")).to_numpy(zero_copy_only=False))
        if located.size == 0:
            return
        some = cleaned.select(list(LOCATING_COLUMNS)).take(pa.array(located))
        stated, lies_in = self._locator.stated_county(some), self._locator.at_coordinates(some)
        doubtful = np.flatnonzero((stated >= 0) & (stated != lies_in))
        outside = np.zeros(rows, dtype=bool)
        lon, lat = (
            some.column("longitude").to_numpy(zero_copy_only=False),
            some.column("latitude").to_numpy(zero_copy_only=False),
        )
        for county in np.unique(stated[doubtful]):
            of_county = doubtful[stated[doubtful] == county]
            # Boundaries are simplified and of 2019: only a clear distance is a fault. Without a boundary nothing can be
            # said.
            distance = self._locator.finder.distance_outside_km(
                places().counties[county], lon[of_county], lat[of_county]
            )
            outside[located[of_county[distance > _TOLERANCE_KM]]] = True
        heading = self.columns.heading_of("longitude") or ""
        faults.append(
            Fault(
                outside,
                heading,
                f"the coordinates lie more than {_TOLERANCE_KM:.0f} km outside the county of the address or "
                "division code",
                "Correct one of them, or empty the coordinates.",
            )
        )


def _between(values: npt.NDArray[np.float64], low: float, high: float) -> Mask:
    return (values >= low) & (values <= high)


def _codes_as_text(cells: pa.Array) -> pa.Array:
    return pc.utf8_upper(pc.utf8_normalize(as_text(cells), "NFKC"))


def _division_code(text: str | None) -> str | None:
    if text is None:
        return None
    code = text.removesuffix(".0")
    if not code.isdigit() or len(code) not in (2, 4, 6, 9, 12):
        return None
    code = code[:6].ljust(6, "0")
    known = current_counties(code) or current_prefecture(code) or (Level.PROVINCE, code) in divisions()
    return code if known else None
