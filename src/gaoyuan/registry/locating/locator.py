"""The county of each firm: from its coordinates, else its address, else the division code it gives, else digits 3 to 8
of its credit code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes.administrative_divisions import counties, current_counties, current_prefecture, is_reused
from gaoyuan.codes.boundaries import CountyFinder
from gaoyuan.registry.locating.address import read_addresses
from gaoyuan.registry.locating.gazetteer import gazetteer, places
from gaoyuan.registry.phrases import texts_of

Int32s = npt.NDArray[np.int32]

_UNKNOWN = -1
_FEWEST_WITNESSES = 5
_CLEAR_MAJORITY = 0.7

LOCATING_COLUMNS = ("uscc", "address", "province", "city", "district", "division", "longitude", "latitude")
"""The columns of the register that a location is read from."""


class LocatedBy(IntEnum):
    """What a county was read from."""

    UNKNOWN = 0
    COORDINATES = 1
    ADDRESS = 2
    DIVISION = 3
    CREDIT_CODE = 4


@dataclass(frozen=True, slots=True)
class Locations:
    """Positions in `places().counties` and `.prefectures` (n each, -1 unknown), what the county was read from (n)."""

    county: Int32s
    prefecture: Int32s
    located_by: npt.NDArray[np.int8]


class Locator:
    """Locates batches of firms.

    `authorities` gives the county of registering authorities whose code is no division's.
    """

    def __init__(self, authorities: Mapping[str, str] | None = None) -> None:
        self._names = gazetteer()
        codes = places()
        self._counties = {code: i for i, code in enumerate(codes.counties)}
        self._prefectures = {code: i for i, code in enumerate(codes.prefectures)}
        self._provinces = {code[:2]: i for i, code in enumerate(codes.provinces)}
        self._prefecture_of = np.array(
            [self._prefectures[counties()[code].parent] for code in codes.counties], dtype=np.int32
        )
        self._province_of = np.array([self._provinces[code[:2]] for code in codes.prefectures], dtype=np.int32)
        self._authorities = dict(authorities or {})
        self._finder: CountyFinder | None = None
        self._found_to_county: Int32s = np.empty(0, dtype=np.int32)

    def locate(self, firms: pa.RecordBatch) -> Locations:
        """Locate firms; the batch has the columns `LOCATING_COLUMNS`."""
        stated, prefecture, by = self._stated(firms)
        found = self.at_coordinates(firms)
        county = np.where(found >= 0, found, stated)
        by = np.where(found >= 0, LocatedBy.COORDINATES, by)
        authority = self._by_code(_registering(firms.column("uscc")))
        from_code = (county < 0) & (authority[0] >= 0)
        county = np.where(from_code, authority[0], county)
        by = np.where(from_code, LocatedBy.CREDIT_CODE, by)
        prefecture = np.where(prefecture < 0, authority[1], prefecture)
        prefecture = np.where(county >= 0, self._prefecture_of[county], prefecture)
        return Locations(county.astype(np.int32), prefecture.astype(np.int32), by.astype(np.int8))

    def stated_county(self, firms: pa.RecordBatch) -> Int32s:
        """Give the county that each row states in words or by a division code, its coordinates and credit code left
        aside.
        """
        return self._stated(firms)[0]

    def at_coordinates(self, firms: pa.RecordBatch) -> Int32s:
        """Give the county in which each firm's coordinates lie, -1 where it has none or they lie in no county."""
        longitude, latitude = _floats(firms.column("longitude")), _floats(firms.column("latitude"))
        if np.isnan(longitude).all():
            return np.full(firms.num_rows, _UNKNOWN, dtype=np.int32)
        found = self.finder.find(longitude, latitude)
        return np.where(found >= 0, self._found_to_county[found], _UNKNOWN).astype(np.int32)

    @property
    def finder(self) -> CountyFinder:
        """The county boundaries, read when first needed."""
        if self._finder is None:
            self._finder = CountyFinder()
            self._found_to_county = np.array([self._counties[code] for code in self._finder.codes], dtype=np.int32)
        return self._finder

    def _stated(self, firms: pa.RecordBatch) -> tuple[Int32s, Int32s, npt.NDArray[np.int8]]:
        code_prefecture = self._by_code(_registering(firms.column("uscc")))[1]
        words = pc.binary_join_element_wise(
            *(pc.fill_null(pc.cast(firms.column(name), pa.string()), "") for name in ("province", "city", "district")),
            "",
        )
        column_province, column_prefecture, column_county = self._read_words(words)
        code_province = np.where(code_prefecture >= 0, self._province_of[code_prefecture], _UNKNOWN)
        hint_province = np.where(column_province >= 0, column_province, code_province).astype(np.int32)
        agrees = (code_prefecture >= 0) & ((column_province < 0) | (code_province == column_province))
        hint_prefecture = np.where(
            column_prefecture >= 0, column_prefecture, np.where(agrees, code_prefecture, _UNKNOWN)
        ).astype(np.int32)
        _, prefecture, county = read_addresses(
            texts_of(firms.column("address")), self._names, hint_province, hint_prefecture
        )
        prefecture = np.where(prefecture >= 0, prefecture, column_prefecture)
        fits = (
            (county < 0)
            & (column_county >= 0)
            & ((prefecture < 0) | (prefecture == self._prefecture_of[column_county]))
        )
        county = np.where(fits, column_county, county)
        by = np.where(county >= 0, LocatedBy.ADDRESS, LocatedBy.UNKNOWN)
        given_county, given_prefecture = self._by_code(firms.column("division"))
        by = np.where((county < 0) & (given_county >= 0), LocatedBy.DIVISION, by)
        county = np.where(county < 0, given_county, county)
        prefecture = np.where(prefecture < 0, given_prefecture, prefecture)
        return county.astype(np.int32), prefecture.astype(np.int32), by.astype(np.int8)

    def _read_words(self, words: pa.Array) -> tuple[Int32s, Int32s, Int32s]:
        distinct = words.dictionary_encode()
        nowhere = np.full(len(distinct.dictionary), _UNKNOWN, dtype=np.int32)
        answers = read_addresses(texts_of(distinct.dictionary), self._names, nowhere, nowhere)
        at = distinct.indices.to_numpy(zero_copy_only=False)
        return answers[0][at], answers[1][at], answers[2][at]

    def _by_code(self, codes: pa.Array) -> tuple[Int32s, Int32s]:
        """Give county and prefecture of division codes of any edition; a code that has meant two counties names
        neither.
        """
        distinct = codes.dictionary_encode()
        texts = distinct.dictionary.to_pylist()
        county = np.array(
            [self._counties.get(self._county_of(text), _UNKNOWN) for text in texts] + [_UNKNOWN], dtype=np.int32
        )
        prefecture = np.array(
            [self._prefectures.get(current_prefecture(text) or "", _UNKNOWN) for text in texts] + [_UNKNOWN],
            dtype=np.int32,
        )
        at = pc.fill_null(distinct.indices, len(texts)).to_numpy(zero_copy_only=False)
        return county[at], prefecture[at]

    def _county_of(self, code: str) -> str:
        if code in self._authorities:
            return self._authorities[code]
        named = current_counties(code)
        return named[0] if len(named) == 1 and not is_reused(code) else ""


def unclear_authorities(codes: pa.Array) -> pa.Array:
    """Tell of registering authorities (digits 3 to 8 of credit codes) which name no county by themselves: zones, split
    counties, codes used twice.

    Codes of whole prefectures and provinces are not unclear: they say that the county is unknown.
    """
    distinct = codes.dictionary_encode()
    unclear = [
        text is not None and not text.endswith("00") and (is_reused(text) or len(current_counties(text)) != 1)
        for text in distinct.dictionary.to_pylist()
    ]
    return pa.array(unclear, pa.bool_()).take(distinct.indices)


def learn_authorities(firms: pa.Table) -> dict[str, str]:
    """Learn from firms with an address where registering authorities with unclear codes lie.

    `firms` has the columns `LOCATING_COLUMNS`. An authority gets the county in which most of its firms' addresses lie:
    at least 5 addresses that name a county of the authority's province, and 70 % of them the same.
    """
    witnesses: dict[str, Counter[str]] = {}
    locator = Locator()
    names = places().counties
    for batch in firms.to_batches():
        codes = _registering(batch.column("uscc"))
        stated = locator.stated_county(batch)
        for code, position in zip(codes.to_pylist(), stated, strict=True):
            if code is not None and position >= 0 and names[position][:2] == code[:2]:
                witnesses.setdefault(code, Counter())[names[position]] += 1
    learned: dict[str, str] = {}
    for code, places_seen in witnesses.items():
        (county, votes), *_ = places_seen.most_common(1)
        if places_seen.total() >= _FEWEST_WITNESSES and votes >= _CLEAR_MAJORITY * places_seen.total():
            learned[code] = county
    return learned


def _registering(credit_codes: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(credit_codes, 2, 8)


def _floats(values: pa.Array) -> npt.NDArray[np.float64]:
    return pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False)
