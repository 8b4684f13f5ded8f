from __future__ import annotations

import json

from gaoyuan.version import __version__
from gaoyuan.workspace.runs import new_run


def test_no_two_runs_have_one_name_and_names_sort_by_time():
    runs = [new_run("import") for _ in range(200)]
    assert len({run.id for run in runs}) == 200
    assert all(run.id.split("-")[1] == "import" for run in runs)
    seconds = [run.id.split("-")[0] for run in runs]
    assert seconds == sorted(seconds)


def test_the_record_of_a_run_is_one_row_of_the_table_of_runs():
    run = new_run("observe", {"radius_km": 2.0, "other_radii_km": [1.0, 5.0]})
    with run.timed("a"):
        pass
    with run.timed("a"):
        pass
    run.outputs["cluster"] = {"version": 3, "rows": 7}
    record = run.record()
    (row,) = record.to_pylist()
    assert row["version"] == __version__
    assert json.loads(row["parameters"]) == {"other_radii_km": [1.0, 5.0], "radius_km": 2.0}
    assert json.loads(row["outputs"])["cluster"]["rows"] == 7
    assert list(json.loads(row["timings"])) == ["a"]
    assert row["seconds"] >= 0.0


def test_the_time_of_a_part_is_kept_also_when_it_fails():
    run = new_run("import")
    try:
        with run.timed("read"):
            raise ValueError("x")
    except ValueError:
        pass
    assert set(run.timings) == {"read"}
