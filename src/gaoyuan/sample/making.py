"""Making the rows of the sample province's register, with the truth of the planted firms among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import Level, classes, division_name, industries
from gaoyuan.sample.faults import put_faults
from gaoyuan.sample.numbering import credit_codes
from gaoyuan.sample.places import PROVINCE, Floats, Places, km_per_degree, lay_out
from gaoyuan.sample.planting import PlantedCluster, member_points, plant
from gaoyuan.sample.texts import Trades, addresses, names, scopes, trades

Ints = npt.NDArray[np.int64]

_BATCH = 250_000
_SITE_JITTER_KM = 0.35
_WITHOUT_CODE = 0.15
_WITHOUT_COORDINATES = 0.02
_WITHOUT_EMPLOYEES = 0.2
_WITHOUT_REVENUE = 0.4
_SECTION_SHARES = {
    "A": 4.0, "B": 0.3, "C": 21.0, "D": 0.5, "E": 7.0, "F": 34.0, "G": 4.0, "H": 2.5, "I": 5.0, "J": 0.4,
    "K": 3.0, "L": 9.0, "M": 6.0, "N": 0.7, "O": 3.5, "P": 0.6, "Q": 0.3, "R": 1.5,
}  # fmt: skip
"""How many firms of 100 are in each section, about as in Chinese registers; public bodies register elsewhere."""


@dataclass(frozen=True, slots=True)
class _Firms:
    """Firms of a batch: row of the first; class, county and town (positions) and point of each (n); which rows are
    planted, and in which cluster (m).
    """

    first: int
    industry: Ints
    county: Ints
    town: Ints
    longitude: Floats
    latitude: Floats
    planted_rows: Ints
    planted: Ints


class RegisterMaker:
    """Makes the rows of a register of the sample province, batch by batch.

    The same number of enterprises and seed give the same rows: each batch has a random generator of its own.
    """

    def __init__(self, enterprises: int, seed: int) -> None:
        self.enterprises, self.seed = enterprises, seed
        self.places: Places = lay_out(seed)
        self.planted = plant(self.places, enterprises, seed)
        self._trades: Trades = trades()
        self._class_shares = _class_shares(seed)
        self._members = self._draw_members()
        counties = self.places.counties
        self._county_code = np.array([int(code) for code in counties])
        self._short_name = pa.array([division_name(code)[:2] for code in counties])
        self._full_name = pa.array([_address_of(code) for code in counties])
        self._class_codes = pa.array(classes())

    def batches(self) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
        """Give the rows of the register, and the truth of the planted firms among them, batch by batch."""
        for first in range(0, self.enterprises, _BATCH):
            random = np.random.default_rng([self.seed, 4, first])
            firms = self._draw(first, min(_BATCH, self.enterprises - first), random)
            yield self._rendered(firms, random)

    def _draw_members(self) -> tuple[Ints, Ints]:
        """Draw which rows are members of which planted cluster; gives the rows in order and the numbers."""
        random = np.random.default_rng([self.seed, 3])
        number = np.repeat(
            np.array([cluster.number for cluster in self.planted], dtype=np.int64),
            np.array([cluster.firms for cluster in self.planted], dtype=np.int64),
        )
        rows = random.choice(self.enterprises, number.size, replace=False)
        order = np.argsort(rows)
        return rows[order], number[order]

    def _draw(self, first: int, count: int, random: np.random.Generator) -> _Firms:
        places = self.places
        site = random.choice(places.share.size, count, p=places.share)
        east, north = km_per_degree(places.latitude[site])
        rows, numbers = self._members
        begin, end = np.searchsorted(rows, [first, first + count])
        firms = _Firms(
            first=first,
            industry=random.choice(self._class_shares.size, count, p=self._class_shares),
            county=places.county[site].astype(np.int64),
            town=places.town[site].astype(np.int64),
            longitude=places.longitude[site] + random.uniform(-_SITE_JITTER_KM, _SITE_JITTER_KM, count) / east,
            latitude=places.latitude[site] + random.uniform(-_SITE_JITTER_KM, _SITE_JITTER_KM, count) / north,
            planted_rows=rows[begin:end] - first,
            planted=numbers[begin:end],
        )
        if firms.planted.size:
            self._plant_into(firms, random)
        return firms

    def _plant_into(self, firms: _Firms, random: np.random.Generator) -> None:
        """Put the members of the planted clusters where and into what those are."""
        clusters, own, index = self.planted, firms.planted_rows, firms.planted - 1
        firms.county[own] = np.array([self.places.counties.index(cluster.county) for cluster in clusters])[index]
        firms.town[own] = np.array([self._town_of(cluster) for cluster in clusters])[index]
        firms.industry[own] = np.array([classes().index(cluster.industry) for cluster in clusters])[index]
        firms.longitude[own], firms.latitude[own] = member_points(clusters, firms.planted, random)

    def _town_of(self, cluster: PlantedCluster) -> int:
        places = self.places
        near = (places.longitude - cluster.longitude) ** 2 + (places.latitude - cluster.latitude) ** 2
        near[places.county != places.counties.index(cluster.county)] = np.inf
        return int(places.town[np.argmin(near)])

    def _rendered(self, firms: _Firms, random: np.random.Generator) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        """Write the firms as a register would, with its gaps and faults; the truth stays as it is."""
        count = firms.county.size
        member = np.zeros(count, dtype=bool)
        member[firms.planted_rows] = True
        county, industry, town = (pa.array(values) for values in (firms.county, firms.industry, firms.town))
        uscc = credit_codes(self._county_code[firms.county], firms.first)
        code = self._class_codes.take(industry)
        unplaced = random.random(count) < _WITHOUT_COORDINATES
        lon, lat = (pa.array(np.round(values, 6), mask=unplaced) for values in (firms.longitude, firms.latitude))
        spoiled = put_faults(
            uscc,
            _dates(count, random),
            lon,
            lat,
            pc.if_else(pa.array(random.random(count) < _WITHOUT_CODE), pa.scalar(None, pa.string()), code),
            member,
            random,
        )
        employees = np.maximum(1, random.lognormal(2.0, 1.1, count)).astype(np.int64)
        revenue = np.round(employees * random.lognormal(3.2, 0.7, count), 1)
        own_sizes = np.random.default_rng([self.seed, 7, firms.first])
        employees[firms.planted_rows] = np.maximum(1, own_sizes.lognormal(4.2, 0.9, firms.planted.size))
        revenue[firms.planted_rows] = np.round(
            employees[firms.planted_rows] * own_sizes.lognormal(4.57, 0.5, firms.planted.size), 1
        )
        town_name = pa.array(self.places.town_names).take(town)
        columns = {
            "企业名称": names(self._short_name.take(county), self._trades.word.take(industry), random),
            "统一社会信用代码": spoiled.uscc,
            "成立日期": spoiled.established,
            "经营范围": scopes(firms.industry, self._trades, random),
            "注册地址": addresses(self._full_name.take(county), town_name, random),
            "行业代码": spoiled.industry,
            "从业人员": pa.array(employees, mask=random.random(count) < _WITHOUT_EMPLOYEES),
            "营业收入(万元)": pa.array(revenue, mask=random.random(count) < _WITHOUT_REVENUE),
            "注册资本(万元)": pa.array(random.choice([10, 50, 100, 200, 500, 1000, 3000], count)),
            "经度": spoiled.longitude,
            "纬度": spoiled.latitude,
        }
        own = pa.array(firms.planted_rows)
        truth = {
            "planted": pa.array(firms.planted),
            "uscc": uscc.take(own),
            "county": pa.array(self.places.counties).take(county.take(own)),
            "industry": code.take(own),
            "longitude": lon.take(own),
            "latitude": lat.take(own),
        }
        return pa.RecordBatch.from_pydict(columns), pa.RecordBatch.from_pydict(truth)


def _class_shares(seed: int) -> np.ndarray:
    """Give the share of each class: its section's share, spread over its classes by a log-normal factor."""
    random = np.random.default_rng([seed, 5])
    sections = np.array([industries()[code].section for code in classes()])
    weight = random.lognormal(0.0, 1.0, sections.size)
    shares = np.zeros(sections.size)
    for section, share in _SECTION_SHARES.items():
        own = sections == section
        shares[own] = share * weight[own] / weight[own].sum()
    return shares / shares.sum()


def _dates(count: int, random: np.random.Generator) -> pa.Array:
    """Draw dates of establishment: more of late, none after 2024."""
    last, span = np.datetime64("2024-12-31"), 30 * 365
    age = (random.beta(1.0, 2.5, count) * span).astype(int)
    return pa.array(last - age).cast(pa.string())


def _address_of(county: str) -> str:
    prefecture = division_name(f"{county[:4]}00", Level.PREFECTURE)
    return f"{division_name(PROVINCE, Level.PROVINCE)}{prefecture}{division_name(county)}"
