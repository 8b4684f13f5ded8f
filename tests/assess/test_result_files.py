from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.assess.plain_data import plain
from gaoyuan.assess.result_files import Sheet, write_result
from gaoyuan.errors import InputError, OutputUnknown

SHEETS = [
    Sheet(
        "表",
        ("名称", "数值", "日期", "是否"),
        [["=1+1", 2.5, dt.date(2025, 12, 31), True], [None, float("inf"), None, None]],
    )
]


def test_a_workbook_keeps_text_as_text_and_unknown_empty(tmp_path: Path):
    write_result(tmp_path / "r.xlsx", {}, SHEETS)
    rows = list(openpyxl.load_workbook(tmp_path / "r.xlsx")["表"].iter_rows(values_only=True))
    assert rows[0] == ("名称", "数值", "日期", "是否")
    assert rows[1] == ("=1+1", 2.5, dt.datetime(2025, 12, 31), "是")
    assert len(rows) == 2


def test_json_has_null_for_what_is_no_finite_number(tmp_path: Path):
    write_result(tmp_path / "r.json", plain({"a": float("nan"), "b": (1, float("inf")), "c": Path("x")}), [])
    assert json.loads((tmp_path / "r.json").read_text("utf-8")) == {"a": None, "b": [1, None], "c": "x"}


def test_a_file_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path):
    for name in ("r", "r.pdf"):
        with pytest.raises(OutputUnknown):
            write_result(tmp_path / name, {}, SHEETS)
    with pytest.raises(InputError, match="no such folder"):
        write_result(tmp_path / "none" / "r.json", {}, SHEETS)
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        write_result(tmp_path / "folder.json", {}, SHEETS)
    with pytest.raises(ValueError, match="Out of range"):
        write_result(tmp_path / "r.json", {"a": float("nan")}, [])
    assert [file.name for file in tmp_path.iterdir()] == ["folder.json"]


@pytest.mark.parametrize("ending", [".json", ".xlsx"])
def test_a_file_that_the_system_will_not_write_is_refused_in_our_words(tmp_path: Path, ending: str):
    # A name of 300 characters is longer than any file system takes, also for those who may write everywhere.
    file = tmp_path / ("a" * 300 + ending)
    with pytest.raises(InputError, match="cannot be written") as caught:
        write_result(file, {}, SHEETS)
    assert file.name in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="only Linux has a folder where nobody may make files")
@pytest.mark.parametrize("ending", [".json", ".xlsx"])
def test_a_folder_in_which_no_file_can_be_made_is_refused_in_our_words(ending: str):
    with pytest.raises(InputError, match="cannot be written"):
        write_result(Path("/proc/self") / f"r{ending}", {}, SHEETS)
