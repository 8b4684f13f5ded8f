from __future__ import annotations

from typing import Any, cast

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gaoyuan.codes.boundaries import boundaries_of
from gaoyuan.report.atlas_regions import region_shapes


def _regions(*rows: tuple[str | None, int, int]) -> pa.Table:
    divisions, firms, local = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "division": pa.array(divisions, pa.large_string()),
            "firms": pa.array(firms, pa.int64()),
            "local_firms": pa.array(local, pa.int64()),
            "products": pa.array(firms, pa.int64()),
        }
    )


def _drawn(*rows: tuple[str | None, int, int]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    return cast("tuple[dict[str, Any], dict[str, np.ndarray]]", region_shapes(_regions(*rows)))


def test_a_county_has_its_point_inside_and_a_prefecture_one_inside_its_counties():
    header, _ = _drawn(("370211", 5, 5), ("430200", 3, 0))
    x, y = header["x"], header["y"]
    assert shapely.contains_xy(shapely.buffer(boundaries_of(["370211"])["370211"], 0.02), x[0], y[0])
    zhuzhou = shapely.union_all(
        [
            shapely.make_valid(shape)
            for shape in boundaries_of(
                ["430202", "430203", "430204", "430211", "430212", "430223", "430224", "430225", "430281"]
            ).values()
        ]
    )
    assert shapely.contains_xy(shapely.buffer(zhuzhou, 0.02), x[1], y[1])
    assert header["whole"] == [False, True]


def test_only_provinces_with_makers_are_drawn_those_of_local_ones_with_counties():
    header, arrays = _drawn(("370211", 1, 1), ("430200", 9, 0), ("320583", 8, 0), ("440300", 7, 0))
    assert set(header["province_code"]) == {"37", "43", "32", "44"}
    assert {code[:2] for code in header["county_code"]} == {"37", "43"}
    assert arrays["province_shape"].size > 100


@pytest.mark.parametrize("code", [None, "000000", "99", "abcdef", "990101"])
def test_a_place_that_is_no_division_stands_in_the_table_only(code: str | None):
    header, _ = _drawn(("370211", 1, 1), (code, 2, 0))
    assert header["x"][1] is None
    assert header["firms"] == [1, 2]


def test_no_regions_give_nothing_to_draw():
    header, arrays = _drawn()
    assert header["province"] == []
    assert arrays["county_shape"].size == 0
