from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from gaoyuan.errors import InputError
from gaoyuan.workspace.whole_files import whole_file


def test_a_file_appears_when_the_block_ends_and_replaces_the_older_one(tmp_path: Path):
    file = tmp_path / "a.txt"
    file.write_text("old")
    with whole_file(file) as partial:
        partial.write_text("new")
        assert file.read_text() == "old"
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


def test_a_block_that_raises_leaves_the_older_file_and_nothing_else(tmp_path: Path):
    file = tmp_path / "a.txt"
    file.write_text("old")

    def half() -> None:
        with whole_file(file) as partial:
            partial.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_stands_is_kept_where_it_shall_not_be_replaced(tmp_path: Path):
    file = tmp_path / "a.txt"
    file.write_text("old")
    with pytest.raises(InputError, match=r"(?s)there already.*Name another"), whole_file(file, replace=False):
        raise AssertionError("the block does not run")
    assert file.read_text() == "old"


def test_what_cannot_be_written_is_told_with_its_mend(tmp_path: Path):
    (tmp_path / "file").write_text("")
    for path, said in (
        (tmp_path / "none" / "a", "no such folder"),
        (tmp_path / "file" / "a", "no such folder"),
        (tmp_path, "this is a folder"),
        (tmp_path / ("长" * 100), "cannot be written"),
    ):
        with pytest.raises(InputError, match=said), whole_file(path) as partial:
            partial.write_text("x")
    with pytest.raises(InputError, match="cannot be written"), whole_file(tmp_path / "a.xlsx") as partial:
        xlsxwriter.Workbook(str(partial / "none")).close()
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
