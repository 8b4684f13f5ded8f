from __future__ import annotations

import csv

import pytest

from gaoyuan.codes.tables import data_file, rows_of

DATA = sorted(path.name for path in data_file(".").iterdir() if ".csv" in path.name)


@pytest.mark.parametrize("name", DATA)
def test_codes_keep_their_leading_zeros_and_no_row_has_cells_too_many_or_too_few(name: str):
    rows = rows_of(name)
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)


def test_a_gzipped_table_is_read_as_its_plain_text():
    townships = rows_of("townships_2023.csv.gz")
    assert len(townships) == 41352
    assert all(len(row["code"]) == 9 for row in townships)


def test_the_shipped_townships_lie_in_counties_of_the_list():
    codes = {row["code"] for row in rows_of("divisions_2023.csv")}
    assert {row["county"] for row in rows_of("townships_2023.csv.gz")} <= codes


def test_shipped_tables_are_utf8_without_a_byte_order_mark():
    for name in DATA:
        if name.endswith(".csv"):
            text = data_file(name).read_text(encoding="utf-8")
            assert not text.startswith("\ufeff")
            assert next(csv.reader([text.splitlines()[0]]))
