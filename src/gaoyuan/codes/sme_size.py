"""Size classes of enterprises (大、中、小、微型企业): the classification of small and medium firms of 2011
(中小企业划型标准规定, 工信部联企业〔2011〕300号) with the industries of the statistics rule of 2017
(统计上大中小微型企业划分办法, 国统字〔2017〕213号).

Sixteen sectors have lower bounds on persons employed, operating revenue or total assets. A firm is in the highest class
whose lower bounds all hold; one that misses a bound of `small` is `micro`. Upper bounds are not tested: where one
figure is that of a higher class, the other decides.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes.industry_classification import industries
from gaoyuan.codes.tables import rows_of
from gaoyuan.errors import InputError

SizeClass: TypeAlias = Literal["large", "medium", "small", "micro"]
SizeMeasure: TypeAlias = Literal["employees", "revenue_yuan", "assets_yuan"]

SIZE_CLASSES: tuple[SizeClass, ...] = ("micro", "small", "medium", "large")
"""The classes, the smallest first."""

Figures: TypeAlias = "pa.Array | pa.ChunkedArray | npt.NDArray[np.generic] | None"
"""Numbers of n firms, null or NaN where unknown; None where all are."""

_MEASURES: tuple[SizeMeasure, ...] = ("employees", "revenue_yuan", "assets_yuan")
_ABOVE_MICRO = SIZE_CLASSES[1:]
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class SizeSector:
    """A sector of the rule. `industries` are the codes of GB/T 4754-2017 that it covers with all below them; `bounds`
    gives for each class above micro the lower bounds that must all hold (persons, yuan). How sure the bounds and the
    industries are is said in words: official, secondary, or from memory.
    """

    id: str
    zh: str
    en: str
    industries: tuple[str, ...]
    bounds: Mapping[SizeClass, Mapping[SizeMeasure, float]]
    source: str
    bounds_confidence: str
    industries_confidence: str
    note: str


@cache
def size_sectors() -> Mapping[str, SizeSector]:
    """Give the sixteen sectors of the rule by id.

    >>> sector = size_sectors()["industry"]
    >>> sector.zh, dict(sector.bounds["small"])
    ('工业', {'employees': 20.0, 'revenue_yuan': 3000000.0})
    """
    bounds: dict[str, dict[SizeClass, Mapping[SizeMeasure, float]]] = {}
    rows = rows_of("sme_size_2017.csv")
    for row in rows:
        given: dict[SizeMeasure, float] = {name: float(row[name]) for name in _MEASURES if row[name]}
        bounds.setdefault(row["sector"], {})[cast(SizeClass, row["class"])] = MappingProxyType(given)
    return MappingProxyType(
        {
            row["sector"]: SizeSector(
                row["sector"],
                row["name_zh"],
                row["name_en"],
                tuple(row["industries"].split("|")),
                MappingProxyType(bounds[row["sector"]]),
                row["source"],
                row["bounds_confidence"],
                row["industries_confidence"],
                row["note"],
            )
            for row in rows
        }
    )


def sectors_of(industry: str) -> tuple[SizeSector | None, ...]:
    """Give the sectors that a code of GB/T 4754-2017 (section letter, 2, 3 or 4 digits) may belong to.

    None stands for industries that the rule leaves out, such as finance (J), rail (53), education (P), health (84),
    public administration (S). A code that the classification has not, such as one of 2011 only, gives nothing. Nor do
    digits behind the letter of their section (C1761): registers write codes so, and their import reads them; here, as
    everywhere in `gaoyuan.codes`, the code is 1761.

    >>> [sector and sector.id for sector in sectors_of("F")], [sector and sector.id for sector in sectors_of("53")]
    (['wholesale', 'retail'], [None])
    >>> len(sectors_of("1761")), sectors_of("C1761")
    (1, ())
    """
    return tuple(size_sectors()[sector] if sector else None for sector in _sectors_by_code().get(industry, ()))


def size_class(
    industry: str | None,
    employees: float | None = None,
    revenue_yuan: float | None = None,
    assets_yuan: float | None = None,
) -> SizeClass | None:
    """Give the size class of an enterprise: "large", "medium", "small", "micro", or None where it cannot be known.

    `industry` is a code of GB/T 4754-2017 at any level, 1761 and not C1761; `employees` are persons (从业人员),
    `revenue_yuan` is the operating revenue (营业收入) and `assets_yuan` are the total assets (资产总额) in yuan. A
    figure that is None or NaN is unknown: the class is then given where it is the same whatever the figure is. In the
    same way a code that covers several sectors, such as F, gives a class only where all of them agree. None is the
    answer also for an industry that the rule leaves out, for a code that covers one, such as G with rail, and for one
    that GB/T 4754-2017 has not.

    Raises InputError for a figure that is negative, endless or no number. Source: 工信部联企业〔2011〕300号;
    国统字〔2017〕213号.

    >>> size_class("1761", employees=5000, revenue_yuan=30e6)
    'medium'
    >>> size_class("1761", employees=19), size_class("1761", employees=20), size_class("J", employees=19)
    ('micro', None, None)
    """
    figures: dict[SizeMeasure, float | None] = {
        "employees": _figure("employees", employees),
        "revenue_yuan": _figure("revenue_yuan", revenue_yuan),
        "assets_yuan": _figure("assets_yuan", assets_yuan),
    }
    sectors = sectors_of(industry) if industry is not None else ()
    if not sectors or None in sectors:
        return None
    possible: set[SizeClass] = {
        _class_in(sector, figures, unknown) for sector in sectors if sector is not None for unknown in (0.0, math.inf)
    }
    # A class only rises with a figure: where the two ends agree, so does all between them.
    return possible.pop() if len(possible) == 1 else None


def size_classes(
    industry: pa.Array | pa.ChunkedArray | npt.NDArray[np.generic],
    employees: Figures = None,
    revenue_yuan: Figures = None,
    assets_yuan: Figures = None,
) -> pa.DictionaryArray:
    """Give the size classes of n enterprises as text in a dictionary of `SIZE_CLASSES`, null where unknown.

    `industry` (n) is text, also as a dictionary; the figures (n) are as in `size_class`, which this agrees with, but
    for negative and endless figures: these count as unknown here. Raises InputError where lengths differ or a column
    holds no numbers.

    >>> size_classes(pa.array(["1761", "F", None]), pa.array([5000, 4, 4]), pa.array([30e6, None, None])).to_pylist()
    ['medium', 'micro', None]
    """
    codes = _joined(industry)
    columns = [
        _column(name, values, len(codes))
        for name, values in zip(_MEASURES, (employees, revenue_yuan, assets_yuan), strict=True)
    ]
    combination, of_row = _combinations(codes)
    known = np.full(len(codes), _UNKNOWN, dtype=np.int8)
    for position, sectors in enumerate(combination):
        rows = np.flatnonzero(of_row == position)
        if rows.size and sectors and "" not in sectors:
            figures = [None if values is None else values[rows] for values in columns]
            ranks = [_ranks(size_sectors()[sector], figures, rows.size) for sector in sectors]
            lowest = np.minimum.reduce([low for low, _ in ranks])
            highest = np.maximum.reduce([high for _, high in ranks])
            known[rows] = np.where(lowest == highest, lowest, _UNKNOWN)
    return pa.DictionaryArray.from_arrays(pa.array(known, mask=known == _UNKNOWN), pa.array(SIZE_CLASSES))


def _figure(name: str, value: float | None) -> float | None:
    if value is None:
        return None
    try:
        number = float(value) if not isinstance(value, str) else None
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None:
        raise InputError(f"{name} = {value!r} is no number", mend="Give a number, or None where unknown.")
    if math.isnan(number):
        return None
    if number < 0 or math.isinf(number):
        raise InputError(f"{name} = {value!r} cannot be", mend="Give a number from 0 on, or None where unknown.")
    return number


def _class_in(sector: SizeSector, figures: Mapping[SizeMeasure, float | None], unknown: float) -> SizeClass:
    """Give the class in a sector with every unknown figure taken as `unknown`."""
    found: SizeClass = "micro"
    for name in _ABOVE_MICRO:
        bounds = sector.bounds[name]
        if all((unknown if (figure := figures[measure]) is None else figure) >= bounds[measure] for measure in bounds):
            found = name
    return found


def _ranks(
    sector: SizeSector, figures: list[npt.NDArray[np.float64] | None], count: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """Give the lowest and the highest class (count), as positions in `SIZE_CLASSES`, that the figures allow."""
    low, high = (np.full(count, len(SIZE_CLASSES) - 1, dtype=np.int8) for _ in range(2))
    for measure, values in zip(_MEASURES, figures, strict=True):
        steps = [sector.bounds[name][measure] for name in _ABOVE_MICRO if measure in sector.bounds[name]]
        if not steps:
            continue
        if values is None:
            low[:] = 0
            continue
        # A comparison with NaN does not hold, so an unknown figure counts as the lowest here.
        reached = np.zeros(count, dtype=np.int8)
        for bound in steps:
            reached += values >= bound
        np.minimum(low, reached, out=low)
        reached[np.isnan(values)] = len(_ABOVE_MICRO)
        np.minimum(high, reached, out=high)
    return low, high


@cache
def _sectors_by_code() -> dict[str, tuple[str, ...]]:
    """Give for each code of the classification the sectors of its classes in order, "" for what the rule leaves out."""
    covered = {code: sector.id for sector in size_sectors().values() for code in sector.industries}

    def of_class(code: str, section: str) -> str:
        return next((covered[above] for above in (section, code[:2], code[:3], code) if above in covered), "")

    found: dict[str, dict[str, None]] = {}
    for code, industry in industries().items():
        if industry.level == 4:
            sector = of_class(code, industry.section)
            for above in (industry.section, code[:2], code[:3], code):
                found.setdefault(above, {})[sector] = None
    return {code: tuple(sectors) for code, sectors in found.items()}


def _combinations(codes: pa.Array) -> tuple[list[tuple[str, ...]], npt.NDArray[np.int8]]:
    """Give the distinct combinations of sectors that codes may stand for, and for each code (n) which it is."""
    texts = codes.dictionary.to_pylist()
    found: dict[tuple[str, ...], int] = {(): 0}
    of_text = [found.setdefault(_sectors_by_code().get(text, ()), len(found)) for text in texts]
    indices = pc.fill_null(codes.indices.cast(pa.int64()), len(texts)).to_numpy(zero_copy_only=False)
    return list(found), np.array([*of_text, 0], dtype=np.int8)[indices]


def _joined(industry: pa.Array | pa.ChunkedArray | npt.NDArray[np.generic]) -> pa.DictionaryArray:
    values = _in_one(pa.array(industry) if isinstance(industry, np.ndarray) else industry)
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if pa.types.is_null(kind):
        values = pa.nulls(len(values), pa.string())
    elif not _is_text(kind):
        raise InputError(f"industries are {kind}, not text", mend="Codes are text, for some begin with a zero.")
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode()


def _column(name: str, values: Figures, count: int) -> npt.NDArray[np.float64] | None:
    """Give figures (n) with NaN for what is unknown, null, negative or endless."""
    if values is None:
        return None
    if len(values) != count:
        raise InputError(f"{len(values):,} values of {name} for {count:,} industries", mend="Give one for each firm.")
    try:
        given = _in_one(pa.array(values) if isinstance(values, np.ndarray) else values)
        if _is_text(given.type):
            raise TypeError
        numbers = pc.cast(given, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, TypeError):
        raise InputError(f"{name} holds values that are no numbers", mend="Give numbers, or null.") from None
    usable = np.isfinite(numbers) & (numbers >= 0)
    return numbers if usable.all() else np.where(usable, numbers, np.nan)


def _in_one(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
