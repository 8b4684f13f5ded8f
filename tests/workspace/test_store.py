from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from deltalake import write_deltalake

from gaoyuan.errors import FileUnreadable, InputError, NotAWorkspace, NotFound, StepMissing, WorkspaceBusy
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace, open_workspace

SCHEMA = SCHEMAS["sample_truth"].arrow


def planted(*numbers: int) -> pa.Table:
    rows = [{"planted": number, "uscc": f"code {number}", "county": "130628"} for number in numbers]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def write(workspace: Workspace, *numbers: int, replacing: str | None = None) -> int:
    with workspace.run("sample") as run:
        return workspace.write("sample_truth", planted(*numbers), run, replacing=replacing)


def numbers_in(workspace: Workspace) -> list[int]:
    return sorted(workspace.read("sample_truth", ["planted"])["planted"].to_pylist())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "workspace")


def test_what_is_written_is_read_by_everyone_who_opens_the_folder(workspace: Workspace):
    write(workspace, 1, 2)
    again = open_workspace(workspace.path)
    assert numbers_in(again) == [1, 2]
    assert again.read("sample_truth").schema.names == SCHEMA.names


def test_versions_count_from_0_and_a_reader_sees_the_newest(workspace: Workspace):
    reader = open_workspace(workspace.path)
    assert write(workspace, 1) == 0
    assert numbers_in(reader) == [1]
    assert write(workspace, 7, 8) == 1
    assert numbers_in(reader) == [7, 8]
    assert reader.version("sample_truth") == 1


def test_only_the_rows_that_meet_the_condition_are_replaced(workspace: Workspace):
    write(workspace, 1, 2, 3)
    write(workspace, 2, 2, replacing="planted = 2")
    assert numbers_in(workspace) == [1, 2, 2, 3]


def test_a_table_without_rows_can_be_written_and_read(workspace: Workspace):
    write(workspace)
    assert workspace.read("sample_truth").num_rows == 0
    assert [(state.name, state.rows) for state in workspace.tables() if state.name == "sample_truth"] == [
        ("sample_truth", 0)
    ]
    write(workspace, 5)
    assert numbers_in(workspace) == [5]


@pytest.mark.parametrize("name", ["with space", "企业 登记", "a%b", "a#b", "a'b", 'a"b', "a*b", "a?b", "a&b=c", "{a}"])
def test_a_workspace_may_lie_in_a_folder_of_any_usual_name(tmp_path: Path, name: str):
    # A second folder that a pattern would match too must not be read.
    other = create_workspace(tmp_path / name.replace("*", "xx").replace("?", "x").join("zz"))
    write(other, 99)
    decoy = tmp_path / name.replace("*", "xx").replace("?", "x")
    workspace = create_workspace(tmp_path / name)
    write(workspace, 1)
    if decoy != workspace.path:
        write(create_workspace(decoy), 98)
    assert numbers_in(workspace) == [1]
    with workspace.staging() as folder:
        import pyarrow.parquet as pq

        pq.write_table(planted(4), folder / "rows.parquet")
        assert workspace.to_arrow(workspace.parquet(folder / "rows.parquet"))["planted"].to_pylist() == [4]
    write(workspace, 2, replacing="planted = 2")
    assert numbers_in(open_workspace(tmp_path / name)) == [1, 2]


@pytest.mark.parametrize("name", ["a[1]", "a%20b", "a^b", "a|b", "a\\b", "a\tb"])
def test_a_path_that_tables_cannot_be_stored_in_is_refused_before_anything_is_made(tmp_path: Path, name: str):
    with pytest.raises(InputError, match="cannot be stored in a path with"):
        create_workspace(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_moved_into_such_a_path_is_refused_too(tmp_path: Path, workspace: Workspace):
    moved = workspace.path.rename(tmp_path / "a[1]")
    with pytest.raises(InputError, match="Rename the folder"):
        open_workspace(moved)


def test_a_relative_path_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    workspace = create_workspace("here")
    write(workspace, 1)
    assert numbers_in(open_workspace("here")) == [1]


def test_making_a_workspace_again_leaves_it_as_it_is(workspace: Workspace):
    write(workspace, 1)
    assert numbers_in(create_workspace(workspace.path)) == [1]


def test_a_folder_that_holds_something_else_is_not_made_a_workspace(tmp_path: Path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(InputError, match="not empty and is no workspace"):
        create_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_folder_that_cannot_be_made_is_an_input_error(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError):
            create_workspace(path)


@pytest.mark.parametrize(
    ("mark", "what"), [(None, "no Gaoyuan workspace"), ("99\n", "a newer Gaoyuan"), ("", "damaged"), ("ü", "damaged")]
)
def test_a_folder_that_is_no_workspace_of_ours_is_refused_with_the_reason(tmp_path: Path, mark: str | None, what: str):
    if mark is not None:
        (tmp_path / "gaoyuan-workspace").write_text(mark, encoding="utf-8")
    with pytest.raises(NotAWorkspace, match=what):
        open_workspace(tmp_path)


def test_a_table_that_no_step_has_written_names_the_step_to_run(workspace: Workspace):
    with pytest.raises(StepMissing, match="gaoyuan import"):
        workspace.table("register")
    with pytest.raises(StepMissing, match="gaoyuan observe"):
        workspace.read("cluster")
    with pytest.raises(NotFound, match="no table 'clusters'"):
        workspace.table("clusters")


def test_a_run_notes_what_it_read_wrote_and_with_which_settings(workspace: Workspace):
    write(workspace, 1)
    with workspace.run("try", {"rate": 0.05, "名": "值"}, reads=["sample_truth"]) as run:
        with run.timed("part"):
            pass
        workspace.write("sample_truth", planted(1, 2), run)
    row = workspace.runs().to_pylist()[0]
    assert row["run"] == run.id
    assert row["step"] == "try"
    assert json.loads(row["parameters"]) == {"rate": 0.05, "名": "值"}
    assert json.loads(row["inputs"]) == {"sample_truth": 0}
    assert json.loads(row["outputs"]) == {"sample_truth": {"version": 1, "rows": 2}}
    assert set(json.loads(row["timings"])) == {"part"}
    assert "industries" in json.loads(row["editions"])
    assert workspace.read("sample_truth")["run"].unique().to_pylist() == [run.id]


def test_the_newest_run_comes_first(workspace: Workspace):
    for number in range(3):
        write(workspace, number)
    started = workspace.runs()["started"].to_pylist()
    assert started == sorted(started, reverse=True)


def test_a_step_that_fails_leaves_no_record_and_no_lock(workspace: Workspace):
    with pytest.raises(RuntimeError, match="stopped"), workspace.run("try"):
        raise RuntimeError("stopped")
    assert workspace.runs().num_rows == 0
    write(workspace, 1)


def test_a_step_that_only_tries_leaves_no_record(workspace: Workspace):
    with workspace.run("try", record=False):
        pass
    assert workspace.runs().num_rows == 0


def test_a_run_id_given_with_the_rows_is_kept_and_a_missing_one_filled_in(workspace: Workspace):
    rows = planted(1, 2).set_column(SCHEMA.get_field_index("run"), "run", pa.array(["earlier", None], pa.string()))
    with workspace.run("sample") as run:
        workspace.write("sample_truth", rows, run)
    held = workspace.read("sample_truth", ["planted", "run"]).to_pylist()
    assert {row["planted"]: row["run"] for row in held} == {1: "earlier", 2: run.id}


@pytest.mark.parametrize("fault", [FileUnreadable("damaged", where="f.csv"), ValueError("x"), KeyboardInterrupt()])
def test_an_error_in_making_rows_is_raised_as_it_is_and_changes_nothing(workspace: Workspace, fault: BaseException):
    write(workspace, 1)

    def rows() -> Iterator[pa.RecordBatch]:
        yield from planted(2, 3).to_batches()
        raise fault

    reader = pa.RecordBatchReader.from_batches(SCHEMA, rows())
    with pytest.raises(type(fault)) as caught, workspace.run("sample") as run:
        workspace.write("sample_truth", reader, run)
    assert caught.value is fault
    assert numbers_in(workspace) == [1]
    assert workspace.runs().num_rows == 1


def test_a_second_process_is_told_that_the_workspace_is_busy(workspace: Workspace):
    code = textwrap.dedent("""
        import sys
        from gaoyuan.errors import WorkspaceBusy
        from gaoyuan.workspace import open_workspace
        try:
            with open_workspace(sys.argv[1]).run("other"):
                print("ran")
        except WorkspaceBusy as fault:
            print(fault)
    """)
    command = [sys.executable, "-c", code, str(workspace.path)]
    with workspace.run("first"):
        busy = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "another process is writing" in busy
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "ran\n"


def test_the_lock_of_a_process_that_was_killed_holds_nobody_up(workspace: Workspace):
    code = textwrap.dedent("""
        import sys, time
        from gaoyuan.workspace import open_workspace
        with open_workspace(sys.argv[1]).run("hangs"):
            print("in", flush=True)
            time.sleep(600)
    """)
    hanging = subprocess.Popen([sys.executable, "-c", code, str(workspace.path)], stdout=subprocess.PIPE, text=True)
    assert hanging.stdout is not None
    assert hanging.stdout.readline() == "in\n"
    with pytest.raises(WorkspaceBusy), workspace.run("waits"):
        pass
    os.kill(hanging.pid, signal.SIGKILL)
    hanging.wait()
    write(workspace, 1)
    assert numbers_in(workspace) == [1]


def test_a_table_is_read_while_its_next_version_is_made_from_it(workspace: Workspace):
    write(workspace, *range(1000))
    held = workspace.table("sample_truth")
    with workspace.run("sample") as run:
        workspace.write("sample_truth", workspace.stream(held.union(held), 100), run)
    assert numbers_in(workspace) == sorted([*range(1000), *range(1000)])


def test_a_stream_gives_all_rows_in_batches(workspace: Workspace):
    write(workspace, *range(5000))
    batches = list(workspace.stream(workspace.table("sample_truth"), 1000))
    assert len(batches) >= 3
    assert sorted(n for batch in batches for n in batch.column("planted").to_pylist()) == list(range(5000))


def test_an_expression_of_two_tables_is_run_by_the_engine(workspace: Workspace):
    write(workspace, 1, 2, 2)
    table = workspace.table("sample_truth")
    counts = table.group_by("planted").aggregate(n=ibis._.count()).order_by("planted")
    assert workspace.to_arrow(counts).to_pylist() == [{"planted": 1, "n": 1}, {"planted": 2, "n": 2}]


def test_staging_is_empty_at_the_start_and_gone_at_the_end_also_after_an_error(workspace: Workspace):
    def fail(folder: Path) -> None:
        (folder / "left over").write_text("x")
        raise RuntimeError("x")

    with pytest.raises(RuntimeError, match="x"), workspace.staging() as folder:
        fail(folder)
    assert not folder.exists()
    folder.mkdir()
    (folder / "of a killed process").write_text("x")
    with workspace.staging() as folder:
        assert list(folder.iterdir()) == []


def test_a_workspace_shows_its_tables_in_both_languages(workspace: Workspace):
    assert "no tables yet" in repr(workspace)
    write(workspace, 1, 2)
    assert "sample_truth" in repr(workspace)
    assert "样本真值" in repr(workspace)
    assert "<td>样本真值</td><td>2</td>" in workspace._repr_html_()
    state = next(state for state in workspace.tables() if state.name == "sample_truth")
    assert (state.rows, state.version) == (2, 0)
    assert state.bytes > 0


def test_an_interrupted_write_ends_and_leaves_the_table_as_it_was(workspace: Workspace):
    write(workspace, 1)
    program = textwrap.dedent("""
        import sys, time, pyarrow as pa
        from gaoyuan.workspace import SCHEMAS, open_workspace
        schema = SCHEMAS["sample_truth"].arrow

        def rows():
            print("writing", flush=True)
            while True:
                time.sleep(0.05)
                yield pa.RecordBatch.from_pylist([{"planted": 2}], schema=schema)

        workspace = open_workspace(sys.argv[1])
        with workspace.run("sample") as run:
            workspace.write("sample_truth", pa.RecordBatchReader.from_batches(schema, rows()), run)
    """)
    command = [sys.executable, "-c", program, str(workspace.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as endless:
        assert endless.stdout is not None
        assert endless.stdout.readline() == "writing\n"
        endless.send_signal(signal.SIGINT)
        _, told = endless.communicate(timeout=60)
    assert "KeyboardInterrupt" in told
    assert numbers_in(workspace) == [1]


def test_a_table_of_an_older_version_reads_with_nothing_in_the_columns_that_came_later(tmp_path: Path):
    workspace = create_workspace(tmp_path / "old")
    schema = SCHEMAS["import"].arrow
    older = pa.schema([column for column in schema if column.name != "kind"])
    rows = pa.Table.from_pylist([{"file": "a" * 16, "file_name": "old.csv", "rows": 3}], schema=older)
    write_deltalake((tmp_path / "old" / "tables" / "import").as_uri(), rows)
    assert workspace.read("import", ["file_name", "kind"]).to_pylist() == [{"file_name": "old.csv", "kind": None}]
    new = pa.Table.from_pylist([{"file": "b" * 16, "file_name": "new.csv", "kind": "titles"}], schema=schema)
    with workspace.run("import") as run:
        workspace.write("import", new.drop_columns(["run"]), run, mode="append")
    found = {row["file_name"]: row["kind"] for row in workspace.read("import").to_pylist()}
    assert found == {"old.csv": None, "new.csv": "titles"}
