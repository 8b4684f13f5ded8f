"""Imports that are killed (kill -9) at many moments, really, in a process of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from gaoyuan.registry import import_enterprises
from gaoyuan.workspace import Workspace, create_workspace, open_workspace

# The process reaches a line `moment` of the import and waits there to be killed.
IMPORT = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    import pyarrow as pa
    from gaoyuan.registry import import_enterprises, importing
    from gaoyuan.registry.cleaning import Cleaner
    from gaoyuan.workspace import Workspace, open_workspace

    path, file, moment = sys.argv[1:]

    def stop():
        print("reached", flush=True)
        time.sleep(600)

    clean, write = Cleaner.clean, Workspace.write

    def cleaning(self, cells):
        done = clean(self, cells)
        if moment == "reading":
            stop()
        return done

    def writing(self, name, rows, run, *rest, **options):
        if moment == f"writing {name}":
            def slow(given):
                yield from given.to_batches() if hasattr(given, "to_batches") else given
                stop()
            rows = pa.RecordBatchReader.from_batches(rows.schema, slow(rows))
        version = write(self, name, rows, run, *rest, **options)
        if moment == f"after {name}":
            stop()
        return version

    Cleaner.clean, Workspace.write = cleaning, writing
    import_enterprises(open_workspace(path), [Path(file)])
    print("done", flush=True)
""")

MOMENTS = [
    "reading",
    "writing rejected",
    "after rejected",
    "writing register",
    "after register",
    "writing import",
    "after import",
]


def rows_of(workspace: Workspace, table: str) -> list[dict[str, object]]:
    if not workspace.has(table):
        return []
    held = workspace.read(table)
    held = held.drop_columns([name for name in ("run", "imported", "updated") if name in held.schema.names])
    return sorted(held.to_pylist(), key=repr)


def lines(first: int, count: int) -> str:
    rows = [f"甲{i}厂,{'昨天' if i % 10 == 0 else '2019-04-01'}\n" for i in range(first, first + count)]
    return "企业名称,成立日期\n" + "".join(rows)


@pytest.fixture
def held(tmp_path: Path) -> Workspace:
    """A workspace with a file of 300 rows, of which the file to come updates 100."""
    workspace = create_workspace(tmp_path / "held")
    (tmp_path / "first.csv").write_text(lines(1, 300), encoding="utf-8")
    (tmp_path / "second.csv").write_text(lines(201, 300), encoding="utf-8")
    import_enterprises(workspace, [tmp_path / "first.csv"])
    return workspace


@pytest.fixture
def finished(tmp_path: Path) -> Workspace:
    """What an import that nobody disturbs makes of the same files."""
    workspace = create_workspace(tmp_path / "finished")
    (tmp_path / "first.csv").write_text(lines(1, 300), encoding="utf-8")
    (tmp_path / "second.csv").write_text(lines(201, 300), encoding="utf-8")
    import_enterprises(workspace, [tmp_path / "first.csv", tmp_path / "second.csv"])
    return workspace


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_import_leaves_the_last_good_version_and_can_be_repeated(
    tmp_path: Path, held: Workspace, finished: Workspace, moment: str
):
    before = rows_of(held, "register")
    command = [sys.executable, "-c", IMPORT, str(held.path), str(tmp_path / "second.csv"), moment]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stdout.readline() == "reached\n"
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    left = open_workspace(held.path)
    committed = moment in ("after register", "writing import", "after import")
    assert rows_of(left, "register") == (rows_of(finished, "register") if committed else before)
    imported = {str(row["file_name"]) for row in rows_of(left, "import")}
    assert imported == ({"first.csv", "second.csv"} if moment == "after import" else {"first.csv"})
    import_enterprises(left, [tmp_path / "second.csv"])
    for table in ("register", "rejected", "import"):
        assert rows_of(left, table) == rows_of(finished, table)
    # What is staged is cleared by the next import that has something to do.
    assert (left.path / ".staging").exists() == (moment == "after import")


def test_an_import_killed_at_any_time_leaves_the_register_as_before_or_as_after(
    tmp_path: Path, held: Workspace, finished: Workspace
):
    before, after = rows_of(held, "register"), rows_of(finished, "register")
    outcomes = set()
    for delay in (0.5, 1.5, 3.0):
        command = [sys.executable, "-c", IMPORT, str(held.path), str(tmp_path / "second.csv"), "never"]
        code = command[2].replace("import_enterprises(open", 'print("begins", flush=True)\nimport_enterprises(open')
        running = subprocess.Popen([*command[:2], code, *command[3:]], stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        assert running.stdout.readline() == "begins\n"
        try:
            running.wait(delay)
        except subprocess.TimeoutExpired:
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
        left = rows_of(open_workspace(held.path), "register")
        assert left in (before, after)
        outcomes.add(left == after)
    import_enterprises(open_workspace(held.path), [tmp_path / "second.csv"])
    assert rows_of(open_workspace(held.path), "register") == after


def test_an_import_by_another_mapping_that_was_killed_is_not_taken_for_done(tmp_path: Path, held: Workspace):
    path = tmp_path / "first.csv"
    good = rows_of(held, "register")
    code = IMPORT.replace(
        "import_enterprises(open_workspace(path), [Path(file)])",
        "from gaoyuan.registry import UserMapping\n"
        'import_enterprises(open_workspace(path), [Path(file)], UserMapping({"name": ("成立日期", None)}))',
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code, str(held.path), str(path), "after register"], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "reached\n"
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert rows_of(held, "register") != good
    (again,) = import_enterprises(held, [path])
    assert not again.unchanged
    assert rows_of(held, "register") == good
