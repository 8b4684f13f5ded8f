from __future__ import annotations

import datetime as dt
import json
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from gaoyuan.cli.console import print_fields, print_json, print_table, progress, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (True, "是 yes"),
        (False, "否 no"),
        (0, "0"),
        (1234567, "1,234,567"),
        (-1234, "-1,234"),
        (0.0, "0"),
        (0.5, "0.5"),
        (0.00001234, "1.23e-05"),
        (-0.00001234, "-1.23e-05"),
        (12345.678, "12,345.68"),
        (5e-324, "< 1e-300"),
        (3.2e12, "3.2e+12"),
        ("0111", "0111"),
    ],
)
def test_values_are_shown_as_people_read_them(value: object, text: str):
    assert shown(value) == text


def test_json_has_every_kind_of_result(capsys: pytest.CaptureFixture[str]):
    @dataclass
    class Inner:
        file: Path
        day: dt.date

    Pair = namedtuple("Pair", ["first", "second"])
    value = {
        "inner": [Inner(Path("a/b"), dt.date(2025, 1, 2))],
        "pair": Pair(np.int64(3), np.float64(0.5)),
        "unknown": (float("nan"), float("inf"), None),
        "flag": np.bool_(True),
        "text": "毛巾",
        1: "number as name",
    }
    print_json(value)
    out = capsys.readouterr().out
    assert "毛巾" in out
    assert json.loads(out) == {
        "inner": [{"file": "a/b", "day": "2025-01-02"}],
        "pair": {"first": 3, "second": 0.5},
        "unknown": [None, None, None],
        "flag": True,
        "text": "毛巾",
        "1": "number as name",
    }


def test_a_table_holds_what_it_is_given_as_it_stands(capsys: pytest.CaptureFixture[str]):
    print_table(["名称 name", "数 n"], [["[red]甲[/red]", 1200], ["乙", None], [None, 3]], title="表")
    title, chinese, names, *rows = capsys.readouterr().out.splitlines()
    assert title.strip() == "表"
    assert (chinese.split(), names.split()) == (["名称", "数"], ["name", "n"])
    # Square brackets are no style of ours, and numbers stand to the right.
    assert "[red]甲[/red]" in rows[0]
    assert rows[0].rstrip().endswith("1,200")
    assert len(rows) == 3


def test_a_table_without_rows_has_its_headings(capsys: pytest.CaptureFixture[str]):
    print_table(["名称 name"], [])
    assert capsys.readouterr().out.split() == ["名称", "name"]


def test_fields_are_one_a_line(capsys: pytest.CaptureFixture[str]):
    print_fields([("a", 1000), ("b", None)])
    assert capsys.readouterr().out == "a  1,000\nb  \n"


def test_progress_goes_to_standard_error_once_a_part(capsys: pytest.CaptureFixture[str]):
    with progress(quiet=False) as show:
        show("read", 0)
        show("read", 1000)
        show("measure", 0)
    got = capsys.readouterr()
    assert got.out == ""
    assert got.err.splitlines() == ["… read", "… measure"]


def test_progress_says_nothing_where_it_is_not_wanted(capsys: pytest.CaptureFixture[str]):
    with progress(quiet=True) as show:
        show("read", 0)
    assert capsys.readouterr() == ("", "")
