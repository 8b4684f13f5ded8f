from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.report.packing import (
    FIRST_SIGNIFICANT_STEP,
    Q_STEPS_A_DECADE,
    pack,
    pack_shapes,
    q_steps,
    unpack,
    varints,
    zigzag,
)


def _read_varints(raw: bytes) -> list[int]:
    """The published format (LEB128), read byte by byte."""
    found, value, shift = [], 0, 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(value)
            value = shift = 0
    return found


@given(st.lists(st.integers(0, 2**35 - 1)))
def test_whole_numbers_of_any_size_come_back(numbers: list[int]):
    assert _read_varints(varints(numbers).tobytes()) == numbers


def test_a_number_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="numbers of 0 to"):
        varints([-1])
    with pytest.raises(ValueError, match="numbers of 0 to"):
        varints([2**35])


@given(st.lists(st.integers(-(2**33), 2**33)))
def test_signed_numbers_come_back(numbers: list[int]):
    coded = zigzag(numbers).tolist()
    assert [value // 2 if value % 2 == 0 else -(value + 1) // 2 for value in coded] == numbers


@given(st.lists(st.floats(0.0, 1.0), min_size=1))
def test_a_kept_q_value_is_a_bound_and_significant_just_where_the_true_one_is(values: list[float]):
    steps = q_steps(values)
    for value, step in zip(values, steps.tolist(), strict=True):
        assert value <= 10.0 ** (-step / Q_STEPS_A_DECADE) * (1 + 1e-9)
        assert (step >= FIRST_SIGNIFICANT_STEP) == (value <= 0.05)


def test_header_and_arrays_come_back_and_the_same_content_gives_the_same_bytes():
    header = {"name": "</script><img src=x onerror=alert(1)>", "empty": None, "list": [1, 2.5, "县"]}
    arrays = {
        "a": np.array([1, 2, 3], dtype=np.uint8),
        "b": np.array([-1.5, np.nan]),
        "c": np.array([], dtype=np.int32),
        "d": np.array([7], dtype=np.uint16),
    }
    packed = pack(header, arrays)
    assert packed == pack(header, arrays)
    found, given_back = unpack(packed)
    assert found == header
    for name, values in arrays.items():
        np.testing.assert_array_equal(given_back[name], values)
        assert given_back[name].dtype == values.dtype


def test_a_number_that_json_has_not_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        pack({"bad": float("nan")}, {})


def _read_shapes(raw: bytes, many: int, step: float) -> list[list[list[list[tuple[float, float]]]]]:
    numbers = iter(_read_varints(raw))

    def signed() -> int:
        value = next(numbers)
        return value // 2 if value % 2 == 0 else -(value + 1) // 2

    x = y = 0
    shapes = []
    for _ in range(many):
        shape = []
        for _ in range(next(numbers)):
            polygon = []
            for _ in range(next(numbers)):
                ring = []
                for _ in range(next(numbers)):
                    x, y = x + signed(), y + signed()
                    ring.append((x * step, y * step))
                polygon.append(ring)
            shape.append(polygon)
        shapes.append(shape)
    assert next(numbers, None) is None
    return shapes


def test_shapes_with_holes_and_islands_and_none_come_back_to_within_half_a_step():
    holed = shapely.Polygon(
        [(116, 36), (117, 36), (117, 37), (116, 37)], [[(116.2, 36.2), (116.4, 36.2), (116.3, 36.4)]]
    )
    islands = shapely.MultiPolygon([shapely.box(120.123456, 30, 121, 31), shapely.box(-1, -1, -0.5, -0.5)])
    shapes = [holed, None, islands, shapely.Point(1, 1)]
    found = _read_shapes(pack_shapes(shapes, 0.001).tobytes(), len(shapes), 0.001)
    assert [len(shape) for shape in found] == [1, 0, 2, 0]
    assert len(found[0][0]) == 2
    back = shapely.MultiPolygon([shapely.Polygon(polygon[0], polygon[1:]) for polygon in found[2]])
    assert shapely.hausdorff_distance(back, islands) <= 0.001 / 2 * 1.5
    assert shapely.Polygon(found[0][0][0], found[0][0][1:]).equals(holed)


def test_what_is_smaller_than_the_grid_is_left_out():
    speck = shapely.box(110.0, 30.0, 110.0001, 30.0001)
    assert _read_shapes(pack_shapes([speck], 0.01).tobytes(), 1, 0.01) == [[]]
