"""The faults that every real register has, put into the sample on purpose."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_SHARE = 0.0005
"""Of all rows, for each kind of fault."""


class Faulty(NamedTuple):
    """The columns of a batch in which faults were put; `rows` (n) says where any is."""

    uscc: pa.Array
    established: pa.Array
    longitude: pa.Array
    latitude: pa.Array
    industry: pa.Array
    rows: np.ndarray


def put_faults(
    uscc: pa.Array,
    established: pa.Array,
    longitude: pa.Array,
    latitude: pa.Array,
    industry: pa.Array,
    spared: np.ndarray,
    random: np.random.Generator,
) -> Faulty:
    """Spoil a few rows in 10,000, each in one of five ways: a wrong check character, a shortened credit code, an
    impossible date, longitude and latitude exchanged, an industry code that does not exist. `spared` rows stay whole.
    """
    count = len(uscc)
    draw = np.where(spared, 1.0, random.random(count))
    kind = np.where(draw < 5 * _SHARE, (draw / _SHARE).astype(int), -1)
    wrong_end = pc.if_else(pc.ends_with(uscc, "0"), _ending_in(uscc, b"1"), _ending_in(uscc, b"0"))
    shortened = pc.utf8_slice_codeunits(uscc, 0, 15)
    swapped = pa.array(kind == 3)
    return Faulty(
        pc.if_else(pa.array(kind == 0), wrong_end, pc.if_else(pa.array(kind == 1), shortened, uscc)),
        pc.if_else(pa.array(kind == 2), pa.scalar("2015-02-30"), established),
        pc.if_else(swapped, latitude, longitude),
        pc.if_else(swapped, longitude, latitude),
        pc.if_else(pa.array(kind == 4), pa.scalar("0000"), industry),
        kind >= 0,
    )


def _ending_in(uscc: pa.Array, character: bytes) -> pa.Array:
    return pc.binary_replace_slice(uscc.cast(pa.binary()), 17, 18, character).cast(pa.string())
