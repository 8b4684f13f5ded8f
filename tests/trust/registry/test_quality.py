"""Quality of a table, against what was counted by hand."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from gaoyuan.trust.canonical import canonical_json
from gaoyuan.trust.registry.quality import DIMENSIONS, ColumnQuality, measure_column, measure_table

DAY = dt.date(2026, 11, 23)


def measured(name: str, cells: list[object], kind: pa.DataType | None = None) -> ColumnQuality:
    return measure_column(name, pa.array(cells, kind), DAY)


def test_blank_and_missing_cells_are_not_complete() -> None:
    found = measured("memo", ["a", "", "  ", None, "b"])
    assert (found.completeness, found.validity, found.uniqueness) == (0.4, 1.0, 1.0)


@pytest.mark.parametrize(
    ("name", "cells", "share"),
    [
        ("credit_code", ["914403001922038216", "914403001922038217"], 0.5),
        ("county", ["370202", "37020", "370202001"], 2 / 3),
        ("established_date", ["2020-01-01", "2020年3月5日", "20200101", "2030-01-01", "none"], 0.6),
        ("名称", ["甲厂", "甲\ufffd厂"], 0.5),
        ("longitude", [120.0, 200.0], 0.5),
        ("latitude", [36.0, -91.0, 90.0], 2 / 3),
        ("date", [dt.date(2020, 1, 1), dt.date(1900, 1, 1)], 0.5),
    ],
)
def test_cells_are_held_against_the_form_of_their_column(name: str, cells: list[object], share: float) -> None:
    assert measured(name, cells).validity == pytest.approx(share)


def test_numbers_that_are_none_and_bytes_have_what_can_be_said_of_them() -> None:
    numbers = measured("revenue_yuan", [1.0, float("nan"), None, 1.0])
    assert (numbers.completeness, numbers.uniqueness) == (0.5, 0.5)
    outline = measured("geometry", [b"1", None])
    assert (outline.completeness, outline.validity, outline.uniqueness) == (0.5, None, None)


def test_age_counts_from_the_day_of_the_measure_and_future_days_are_not_new() -> None:
    found = measured("date", [dt.date(2026, 11, 1), dt.date(2024, 1, 1), dt.date(2030, 1, 1), dt.date(2026, 1, 1)])
    assert found.newest == "2026-11-01"
    assert found.timeliness == 0.5


def test_an_empty_table_and_an_empty_column_have_no_shares() -> None:
    empty = measure_table([("a", lambda: pa.array([], pa.string()))], 0, DAY)
    assert (empty.completeness, empty.validity, empty.uniqueness, empty.timeliness) == (None, None, None, None)
    nothing = measured("date", [None, None], pa.date32())
    assert (nothing.completeness, nothing.validity, nothing.newest, nothing.timeliness) == (0.0, None, "", None)


def test_shares_of_a_table_are_means_over_its_cells() -> None:
    columns = {"county": pa.array(["370202", "x", None, None]), "memo": pa.chunked_array([["a"], ["b", "c", "d"]])}
    told: list[int] = []
    found = measure_table([(name, lambda one=one: one) for name, one in columns.items()], 4, DAY, 3, told.append)
    assert found.completeness == 6 / 8
    assert found.validity == pytest.approx(5 / 6)
    assert found.uniqueness == 0.75
    assert told == [1, 2]


def test_a_report_has_one_canonical_form_and_every_dimension() -> None:
    found = measure_table([("a", lambda: pa.array([1, 2, 2]))], 3, DAY, 2)
    plain = found.plain()
    assert canonical_json(plain)
    assert plain["uniqueness"] == "0.666667"
    assert set(DIMENSIONS) <= set(plain)
