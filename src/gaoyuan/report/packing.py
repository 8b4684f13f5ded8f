"""How the page's data are packed: whole numbers in few bytes, outlines on a grid, and the container of all arrays.

The page undoes this in `web/src/unpack.ts`; both change together.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

JsonValue: TypeAlias = str | int | float | bool | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None

MAGIC = b"GYM1"
Q_STEPS_A_DECADE = 20
"""A q value is kept as 20 steps a decade, rounded so that the value shown is never below the true one."""
SIGNIFICANT_Q = 0.05
FIRST_SIGNIFICANT_STEP = 26

_LARGER = np.array([1 << 7, 1 << 14, 1 << 21, 1 << 28])
"""From these on a number takes one byte more."""

_KINDS = {"u1": "u1", "u2": "<u2", "u4": "<u4", "i4": "<i4", "f4": "<f4", "f8": "<f8"}


def pack(header: Mapping[str, JsonValue], arrays: Mapping[str, npt.NDArray[np.generic]]) -> bytes:
    """Give a header and arrays as one gzip stream, the same bytes for the same content.

    Layout inside: magic, length of the JSON header (4 bytes, little endian), the header with the place of each array
    under `arrays` as [kind, offset, length], then the arrays, each at a multiple of 8 from the end of the header.
    """
    places: dict[str, JsonValue] = {}
    body = bytearray()
    for name, values in arrays.items():
        kind = f"{values.dtype.kind}{values.dtype.itemsize}"
        body.extend(b"\0" * (-len(body) % 8))
        places[name] = [kind, len(body), int(values.size)]
        body.extend(np.ascontiguousarray(values, dtype=_KINDS[kind]).tobytes())
    text = json.dumps({**header, "arrays": places}, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return gzip.compress(MAGIC + len(text).to_bytes(4, "little") + text + bytes(body), compresslevel=9, mtime=0)


def unpack(packed: bytes) -> tuple[dict[str, JsonValue], dict[str, npt.NDArray[np.generic]]]:
    """Undo `pack`; raises ValueError where the bytes are something else."""
    raw = gzip.decompress(packed)
    if raw[:4] != MAGIC:
        raise ValueError("not the data of a map page")
    begin = 8 + int.from_bytes(raw[4:8], "little")
    header = json.loads(raw[8:begin])
    arrays: dict[str, npt.NDArray[np.generic]] = {
        name: np.frombuffer(raw, dtype=_KINDS[kind], count=length, offset=begin + offset)
        for name, (kind, offset, length) in header.pop("arrays").items()
    }
    return header, arrays


def varints(values: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Write whole numbers (n) of 0 to 2³⁵ − 1 in 7 bits a byte, the lowest first (LEB128).

    >>> varints([0, 127, 128, 300]).tolist()
    [0, 127, 128, 1, 172, 2]
    """
    numbers = np.asarray(values, dtype=np.int64)
    if numbers.size and (numbers.min() < 0 or numbers.max() >= 1 << 35):
        raise ValueError("numbers of 0 to 2**35 - 1 only")
    sizes = np.searchsorted(_LARGER, numbers, side="right") + 1
    ends = np.cumsum(sizes)
    out = np.zeros(int(ends[-1]) if numbers.size else 0, dtype=np.uint8)
    for place in range(5):
        held = sizes > place
        low = (numbers[held] >> (7 * place)) & 0x7F
        more = np.where(sizes[held] > place + 1, 0x80, 0)
        out[ends[held] - sizes[held] + place] = low | more
    return out


def zigzag(values: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Map whole numbers to those of at least 0, small ones to small ones.

    >>> zigzag([0, -1, 1, -2]).tolist()
    [0, 1, 2, 3]
    """
    numbers = np.asarray(values, dtype=np.int64)
    return (numbers << 1) ^ (numbers >> 63)


def q_steps(q_values: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Give q values (n) as steps of a twentieth of a decade below 1, at most 255; unknown is 0.

    10^(−step/20) is never below the true value (down to 1.8e-13), and at most 0.05 just where the true one is.

    >>> q_steps([1.0, 0.0501, 0.05, 0.0, float("nan")]).tolist()
    [0, 25, 26, 255, 0]
    """
    values = np.asarray(q_values, dtype=np.float64)
    with np.errstate(divide="ignore"):
        steps = np.floor(-np.log10(values) * Q_STEPS_A_DECADE + 1e-9)
    steps = np.where(values > SIGNIFICANT_Q, np.minimum(steps, FIRST_SIGNIFICANT_STEP - 1), steps)
    return np.clip(np.where(np.isnan(values), 0, steps), 0, 255).astype(np.uint8)


def pack_shapes(shapes: Iterable[shapely.Geometry | None], step: float) -> npt.NDArray[np.uint8]:
    """Write polygons as differences on a grid of `step` degrees: for each shape its number of polygons, for each
    polygon its rings, for each ring its points without the closing one, then the differences from point to point.

    Rings that fall together to fewer than three points are left out, and a shape without any is one of 0 polygons; the
    differences run on from ring to ring. What is not polygonal is left out.
    """
    numbers: list[npt.NDArray[np.int64]] = []
    last = np.zeros(2, dtype=np.int64)
    for shape in shapes:
        polygons = [rings for polygon in polygons_of(shape) if (rings := _rings_on_grid(polygon, step))]
        numbers.append(np.array([len(polygons)], dtype=np.int64))
        for rings in polygons:
            numbers.append(np.array([len(rings)], dtype=np.int64))
            for ring in rings:
                moves = np.diff(np.vstack([last, ring]), axis=0)
                last = ring[-1]
                numbers.append(np.array([len(ring)], dtype=np.int64))
                numbers.append(zigzag(moves.ravel()))
    return varints(np.concatenate(numbers)) if numbers else np.zeros(0, dtype=np.uint8)


def polygons_of(shape: shapely.Geometry | None) -> list[shapely.Polygon]:
    """Give the polygons of a shape, none where it has none; lines and points are left out."""
    if shape is None:
        return []
    parts = shapely.get_parts(shapely.get_parts(np.array([shape], dtype=object)))
    return [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]


def _rings_on_grid(polygon: shapely.Polygon, step: float) -> list[npt.NDArray[np.int64]]:
    rings: list[npt.NDArray[np.int64]] = []
    for ring in (polygon.exterior, *polygon.interiors):
        points = np.rint(shapely.get_coordinates(ring)[:-1] / step).astype(np.int64)
        points = points[np.any(points != np.roll(points, 1, axis=0), axis=1)]
        if len(points) >= 3:
            rings.append(points)
        elif ring is polygon.exterior:
            return []
    return rings
