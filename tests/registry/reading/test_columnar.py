from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gaoyuan.errors import FileUnreadable
from gaoyuan.registry.reading.columnar import ParquetFile


def written(tmp_path: Path, table: pa.Table, **options) -> Path:
    pq.write_table(table, tmp_path / "f.parquet", **options)
    return tmp_path / "f.parquet"


def fault_in(path: Path) -> FileUnreadable | None:
    try:
        for batch in ParquetFile(path).batches():
            batch.cells.to_pylist()
    except FileUnreadable as fault:
        return fault
    return None


def test_columns_keep_their_types_and_row_1_is_the_first_row_of_data(tmp_path: Path):
    table = pa.table({"name": ["甲", None], "emp": [3, 4], "est": pa.array([dt.date(2019, 4, 1), None])})
    (batch,) = ParquetFile(written(tmp_path, table)).batches()
    assert batch.rows.tolist() == [1, 2]
    assert batch.cells.to_pylist() == table.to_pylist()
    assert batch.cells.schema.types == table.schema.types


def test_rows_are_numbered_through_all_row_groups(tmp_path: Path):
    path = written(tmp_path, pa.table({"name": [str(i) for i in range(1, 1001)]}), row_group_size=70)
    for batch in ParquetFile(path).batches():
        assert [str(number) for number in batch.rows] == batch.cells.column("name").to_pylist()


def test_a_file_can_be_read_again(tmp_path: Path):
    source = ParquetFile(written(tmp_path, pa.table({"name": ["甲"]})))
    assert [batch.cells.num_rows for _ in range(2) for batch in source.batches()] == [1, 1]


def test_nested_columns_are_passed_over_and_names_with_dots_are_told_from_them(tmp_path: Path):
    table = pa.table({"a": pa.array([{"name": "z"}]), "a.name": ["x"], "name": ["甲"], "list": pa.array([[1]])})
    source = ParquetFile(written(tmp_path, table))
    (batch,) = source.batches()
    assert batch.cells.to_pylist() == [{"a.name": "x", "name": "甲"}]


def test_columns_of_one_name_are_all_read(tmp_path: Path):
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"]), pa.array([1])], names=["名称", "名称", "名称 (2)"])
    (batch,) = ParquetFile(written(tmp_path, table)).batches()
    assert batch.cells.to_pylist() == [{"名称": "a", "名称 (3)": "b", "名称 (2)": 1}]


def test_bytes_and_broken_texts_become_text_and_their_rows_are_reported(tmp_path: Path):
    cells = pa.array([b"\xff\xfe", "甲厂".encode(), None])
    broken = pa.Array.from_buffers(pa.string(), 3, cells.buffers())
    for column in (cells, broken, cells.cast(pa.large_binary())):
        table = pa.table({"name": column, "n": [1, 2, 3]})
        (batch,) = ParquetFile(written(tmp_path, table)).batches()
        assert batch.rows.tolist() == [2, 3]
        assert batch.cells.column("name").to_pylist() == ["甲厂", None]
        assert [(row.row, row.text) for row in batch.ragged] == [(1, "\ufffd\ufffd\t1")]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([dt.time(1)], pa.time32("s")),
        pa.array([1], pa.duration("s")),
        pa.array(["甲"]).dictionary_encode(),
        pa.array([2**31 - 1], pa.int32()).cast(pa.date32()),
        pa.array([2**62], pa.int64()).cast(pa.timestamp("us")),
    ],
    ids=lambda column: str(column.type),
)
def test_types_that_hardly_any_register_has_are_read_without_an_error(tmp_path: Path, column: pa.Array):
    (batch,) = ParquetFile(written(tmp_path, pa.table({"x": column}))).batches()
    assert batch.cells.num_rows == 1


def test_a_file_cut_anywhere_is_one_clear_error(tmp_path: Path):
    whole = written(tmp_path, pa.table({"name": [f"甲{i}" for i in range(3000)]})).read_bytes()
    cut = tmp_path / "cut.parquet"
    for length in range(4, len(whole), len(whole) // 40):
        cut.write_bytes(whole[:length])
        with pytest.raises(FileUnreadable, match="the Parquet file is damaged"):
            list(ParquetFile(cut).batches())


def test_a_file_with_a_byte_changed_anywhere_is_read_or_is_one_clear_error(tmp_path: Path):
    table = pa.table({"name": [f"甲{i}" for i in range(300)], "n": list(range(300))})
    whole = written(tmp_path, table, compression="zstd").read_bytes()
    spoiled = tmp_path / "spoiled.parquet"
    for position in range(0, len(whole), max(1, len(whole) // 150)):
        data = bytearray(whole)
        data[position] ^= 0x5A
        spoiled.write_bytes(data)
        if (fault := fault_in(spoiled)) is not None:
            assert fault.where == str(spoiled)
            assert fault.mend
