from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gaoyuan.registry.faults import Fault, RejectedRows
from gaoyuan.registry.reading import Ragged


def collected(path: Path, fill) -> tuple[RejectedRows, list[dict[str, object]]]:
    with RejectedRows(path / "rejected.parquet", "0123", "f.csv") as rejected:
        fill(rejected)
    return rejected, pq.read_table(rejected.path).to_pylist()


def test_each_fault_is_a_line_with_its_value_and_the_whole_row(tmp_path: Path):
    cells = pa.RecordBatch.from_pydict({"名称": ["甲", "乙", "丙"], "人数": ["x", "2", "y"]})
    faults = [
        Fault(np.array([True, False, True]), "人数", "no number", "Write one."),
        Fault(np.array([True, False, False]), "名称", "no name", "Write it."),
        Fault(np.array([False, False, False]), "名称", "never", "-"),
    ]
    rejected, lines = collected(tmp_path, lambda r: r.add(np.array([5, 6, 7]), cells, faults))
    assert rejected.rows() == 2
    assert rejected.reasons() == {"no number": 2, "no name": 1}
    assert sorted((line["row"], line["column"], line["value"]) for line in lines) == [
        (5, "人数", "x"),
        (5, "名称", "甲"),
        (7, "人数", "y"),
    ]
    assert all(json.loads(str(line["record"]))["人数"] == ("x" if line["row"] == 5 else "y") for line in lines)


def test_values_of_every_type_are_shown_as_sound_json(tmp_path: Path):
    cells = pa.RecordBatch.from_pydict(
        {
            "whole": [1],
            "none": pa.array([math.nan]),
            "endless": pa.array([math.inf]),
            "flag": [True],
            "far": pa.array([2**31 - 1], pa.int32()).cast(pa.date32()),
            "day": [dt.date(2019, 4, 1)],
            "nothing": pa.nulls(1),
        }
    )
    everything = [Fault(np.array([True]), name, "r", "m") for name in cells.schema.names]
    _, lines = collected(tmp_path, lambda r: r.add(np.array([1]), cells, everything))
    record = json.loads(str(lines[0]["record"]), parse_constant=lambda name: pytest_fails(name))
    assert record["whole"] == 1
    assert record["none"] is None
    assert record["endless"] == "inf"
    assert record["day"] == "2019-04-01"
    assert len(lines) == 7


def pytest_fails(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def test_rows_without_cells_keep_their_whole_text(tmp_path: Path):
    text = "长" * 2000
    rejected, lines = collected(tmp_path, lambda r: r.add_ragged([Ragged(3, text, "r", "m")]))
    assert rejected.rows() == 1
    assert json.loads(str(lines[0]["record"])) == text
    assert lines[0]["value"] == text[:500]


def test_a_file_without_faults_leaves_no_lines(tmp_path: Path):
    rejected, lines = collected(tmp_path, lambda r: r.add_ragged([]))
    assert (rejected.rows(), rejected.reasons(), lines) == (0, {}, [])


def test_many_bad_rows_do_not_stay_in_memory(tmp_path: Path):
    cells = pa.RecordBatch.from_pydict({"名称": ["甲" * 100] * 20_000})
    fault = Fault(np.ones(20_000, dtype=bool), "名称", "r", "m")
    held: list[int] = []

    def fill(rejected: RejectedRows) -> None:
        for number in range(12):
            rejected.add(np.arange(20_000) + 20_000 * number, cells, [fault])
            held.append(sum(table.nbytes for table in rejected._waiting))

    rejected, lines = collected(tmp_path, fill)
    assert rejected.rows() == len(lines) == 240_000
    assert max(held) < 80 << 20
