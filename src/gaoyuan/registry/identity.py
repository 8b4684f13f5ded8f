"""What tells a firm from every other one, within a file and between files."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PLACE_COLUMNS = ("province", "city", "district", "division")
_SEPARATOR = "\x1f"
_PER_DEGREE = 1e4
"""Coordinates count to about ten metres, so that rounding and conversion between datums seldom make two of one firm."""


def identities(firms: pa.RecordBatch) -> pa.Array:
    """Give the `enterprise_id` of firms (n): the credit code, or where there is none "x" and a hash of 16 digits of
    name and place.

    The place is the address, province, city, district and division code as given, and where there is no address the
    coordinates too (in degrees WGS-84, null where unknown). Two firms of the same name of which nothing else is known
    have the same identity. A firm that one file gives with a district and another without has two.

    `firms` has the columns uscc, name, address, those of `PLACE_COLUMNS`, longitude and latitude.

    >>> columns = {"name": ["张三小卖部"] * 2, "district": ["高阳县", "安国市"]}
    >>> columns |= {name: [None] * 2 for name in ("uscc", "address", "province", "city", "division")}
    >>> batch = pa.RecordBatch.from_pydict(
    ...     {name: pa.array(cells, pa.large_string()) for name, cells in columns.items()}
    ...     | {name: pa.nulls(2, pa.float64()) for name in ("longitude", "latitude")}
    ... )
    >>> identities(batch).to_pylist()
    ['x66e6865f13884173', 'x297b97cf660d51ac']
    """
    codes = firms.column("uscc")
    if codes.null_count == 0:
        return codes
    missing = np.flatnonzero(pc.is_null(codes).to_numpy(zero_copy_only=False))
    # Most firms have a credit code: only the others are looked at.
    some = firms.select(["name", "address", *PLACE_COLUMNS, "longitude", "latitude"]).take(pa.array(missing))
    without_address = pc.is_null(some.column("address"))
    parts = [_part(some.column(name)) for name in ("name", "address", *PLACE_COLUMNS)]
    parts += [_steps(some.column(name), without_address) for name in ("longitude", "latitude")]
    joined = pc.binary_join_element_wise(
        *parts, pa.scalar(_SEPARATOR, pa.large_string()), null_handling="replace", null_replacement=""
    )
    made = np.full(len(codes), None, dtype=object)
    made[missing] = ["x" + hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for text in joined.to_pylist()]
    return pc.coalesce(codes, pa.array(made, codes.type))


def comparable_names(names: pa.Array) -> pa.Array:
    """Give names of firms (n) in the form in which two of them are compared: no blanks, half width, upper case.

    >>> comparable_names(pa.array(["高阳（甲） 公司", "a公司"])).to_pylist()
    ['高阳(甲)公司', 'A公司']
    """
    return pc.utf8_upper(pc.replace_substring_regex(pc.utf8_normalize(names, "NFKC"), r"\s+", ""))


def _part(cells: pa.Array) -> pa.Array:
    # A separator that stands in a cell is written another way, so that no two lists of cells join to the same text.
    return pc.replace_substring(pc.replace_substring(cells, "\x1e", "\x1e\x1e"), _SEPARATOR, "\x1e.")


def _steps(degrees: pa.Array, counting: pa.Array) -> pa.Array:
    whole = pc.cast(pc.round(pc.multiply(degrees, _PER_DEGREE)), pa.int64())
    return pc.if_else(counting, pc.cast(whole, pa.large_string()), pa.scalar(None, pa.large_string()))
