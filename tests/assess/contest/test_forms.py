"""The judge's form, written, filled in, and read back."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gaoyuan.assess.contest import ActRefused, Contest, Definition, SheetInvalid, read_form, write_form
from gaoyuan.errors import FileUnreadable, InputError, OutputUnknown

Begin = Callable[[Definition], Contest]
FIRST_ROW, FIRST_COLUMN = 6, 4
"""Where points begin in the form, as a spreadsheet program counts: row 6, column D."""


@pytest.fixture
def scoring(begun: Begin, definition: Definition, watch, play) -> Contest:
    return play.to_group_scoring(begun(definition), watch)


def filled(contest: Contest, folder: Path, change: Callable[[Any], None] | None = None) -> Path:
    """J1's workbook, filled in with 9 everywhere, then changed by hand."""
    path = folder / "form.xlsx"
    write_form(contest.state, contest.state.judges["J1"], path, replace=True)
    book = openpyxl.load_workbook(path)
    sheet: Any = book.worksheets[0]
    for row in range(FIRST_ROW, sheet.max_row + 1):
        for column in range(FIRST_COLUMN, FIRST_COLUMN + 6):
            sheet.cell(row, column).value = 9
    if change is not None:
        change(sheet)
    book.save(path)
    return path


def read(contest: Contest, path: Path) -> dict[str, dict[str, str]]:
    return read_form(contest.state, contest.state.judges["J1"], path)


def test_a_filled_workbook_gives_its_scores(scoring: Contest, tmp_path: Path):
    def change(sheet: Any) -> None:
        sheet["D6"], sheet["E6"], sheet["F6"] = 8.5, "７．５", 0

    scores = read(scoring, filled(scoring, tmp_path, change))
    assert list(scores) == ["A1", "A2", "A3", "B1", "B2", "C1", "C2"]
    assert (scores["A1"]["research"], scores["A1"]["technology"], scores["A1"]["manufacturing"]) == ("8.5", "7.5", "0")
    assert scores["C2"]["governance"] == "9"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_filled_csv_file_gives_its_scores_however_it_was_saved(scoring: Contest, tmp_path: Path, encoding: str):
    path = tmp_path / "form.csv"
    write_form(scoring.state, scoring.state.judges["J1"], path)
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    done = [*rows[:5], *([*row[:3], *["9"] * 6] for row in rows[5:])]
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(done)
    assert read(scoring, path) == read(scoring, filled(scoring, tmp_path))


def test_a_filled_json_form_gives_its_scores_exactly(scoring: Contest, tmp_path: Path):
    path = tmp_path / "form.json"
    write_form(scoring.state, scoring.state.judges["J1"], path)
    form = json.loads(path.read_text("utf-8"))
    for row in form["scores"].values():
        row.update(dict.fromkeys(row, 9))
    form["scores"]["A1"]["research"] = 8.1
    path.write_text(json.dumps(form), encoding="utf-8")
    scores = read(scoring, path)
    assert (scores["A1"]["research"], scores["A1"]["technology"]) == ("8.1", "9")
    form["scores"]["A1"]["research"] = None
    path.write_text(json.dumps(form), encoding="utf-8")
    with pytest.raises(SheetInvalid) as found:
        read(scoring, path)
    assert [(fault.row, fault.column) for fault in found.value.faults] == [("A1", "research")]


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("D7", 15.5, "15.5 超过满分 is above the maximum 15"),
        ("F8", "很好", "this is no number: '很好'"),
        ("E6", None, "the cell is empty"),
        ("D6", -1, "is below zero"),
        ("D6", 8.55, "more than 1 decimals"),
        ("D6", True, "no number: 'TRUE'"),
        ("D6", "1e99999999", "no number"),
        ("D6", "nan", "no number"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(scoring: Contest, tmp_path: Path, cell: str, value: Any, said: str):
    def change(sheet: Any) -> None:
        sheet[cell] = value

    with pytest.raises(SheetInvalid) as found:
        read(scoring, filled(scoring, tmp_path, change))
    (fault,) = found.value.faults
    assert (fault.column, fault.row) == (cell[0], cell[1:])
    assert said in fault.what
    assert f"第{cell[1:]}行 row {cell[1:]} {cell[0]}列 column {cell[0]}" in str(found.value)


def test_every_fault_of_a_form_is_listed_at_once(scoring: Contest, tmp_path: Path):
    def change(sheet: Any) -> None:
        sheet["D6"], sheet["E7"], sheet["F8"] = 99, "x", None

    with pytest.raises(SheetInvalid) as found:
        read(scoring, filled(scoring, tmp_path, change))
    assert [(fault.row, fault.column) for fault in found.value.faults] == [("6", "D"), ("7", "E"), ("8", "F")]


def test_an_entrant_that_is_missing_unknown_or_twice_is_named(scoring: Contest, tmp_path: Path):
    with pytest.raises(SheetInvalid, match="the entrant is missing: A3 集群 A3"):
        read(scoring, filled(scoring, tmp_path, lambda sheet: sheet.delete_rows(8)))

    def unknown(sheet: Any) -> None:
        sheet["A8"] = "Z9"

    with pytest.raises(SheetInvalid, match=r"row 8 A列 column A: Z9: .*not among those to be scored"):
        read(scoring, filled(scoring, tmp_path, unknown))

    def twice(sheet: Any) -> None:
        sheet["A8"] = "A2"

    with pytest.raises(SheetInvalid, match=r"row 8 A列 column A: .*stands twice: A2"):
        read(scoring, filled(scoring, tmp_path, twice))


def test_an_excluded_entrant_in_a_form_is_refused_with_the_reason(scoring: Contest, tmp_path: Path):
    path = filled(scoring, tmp_path)
    scoring.declare_conflict("J1", "A2", "亲属任职")
    with pytest.raises(SheetInvalid, match=r"row 7 .*A2: 应回避 excluded: .*亲属任职"):
        read(scoring, path)
    again = filled(scoring, tmp_path)
    assert "A2" not in read(scoring, again)


@pytest.mark.parametrize(("cell", "what"), [("B1", "contest"), ("B2", "round"), ("B3", "judge")])
def test_a_form_of_another_contest_round_or_judge_is_refused(scoring: Contest, tmp_path: Path, cell: str, what: str):
    def change(sheet: Any) -> None:
        sheet[cell] = "other"

    with pytest.raises(SheetInvalid, match=f"row {cell[1]} B列 column B: {what} .*'other'"):
        read(scoring, filled(scoring, tmp_path, change))


def test_a_column_that_is_missing_or_strange_is_named(scoring: Contest, tmp_path: Path):
    with pytest.raises(SheetInvalid, match="criterion is missing: research"):
        read(scoring, filled(scoring, tmp_path, lambda sheet: sheet.delete_cols(4)))

    def strange(sheet: Any) -> None:
        sheet["J5"] = "运气 luck [luck]"

    with pytest.raises(SheetInvalid, match=r"column J: .*no criterion 'luck'"):
        read(scoring, filled(scoring, tmp_path, strange))


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04 broken", b"\x00\x01", b"\xd0\xcf\x11\xe0"])
@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".json"])
def test_what_is_no_form_is_refused(scoring: Contest, tmp_path: Path, content: bytes, ending: str):
    path = tmp_path / f"form{ending}"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable):
        read(scoring, path)


def test_forms_are_of_a_round_being_scored(begun: Begin, definition: Definition, play, tmp_path: Path, watch):
    contest = play.fill(begun(definition))
    with pytest.raises(ActRefused, match="no round is being scored"):
        write_form(contest.state, contest.state.judges["J1"], tmp_path / "form.xlsx")
    watch.after(contest, "entries")
    contest.advance()
    contest.advance()
    with pytest.raises(OutputUnknown):
        write_form(contest.state, contest.state.judges["J1"], tmp_path / "form.pdf")


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".json"])
def test_a_form_that_stands_already_is_not_written_over(scoring: Contest, tmp_path: Path, ending: str):
    path, judge = tmp_path / f"form{ending}", scoring.state.judges["J1"]
    path.write_bytes(b"filled in")
    with pytest.raises(InputError, match="there already"):
        write_form(scoring.state, judge, path)
    assert path.read_bytes() == b"filled in"
    assert write_form(scoring.state, judge, path, replace=True) == 7
    assert path.read_bytes() != b"filled in"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".json"])
def test_a_form_that_cannot_be_written_is_told(scoring: Contest, tmp_path: Path, ending: str):
    with pytest.raises(InputError, match="cannot be written"):
        write_form(scoring.state, scoring.state.judges["J1"], tmp_path / f"{'长' * 100}{ending}")
    assert list(tmp_path.iterdir()) == []


def test_what_a_spreadsheet_program_would_run_is_text_in_a_csv_form(
    begun: Begin, definition: Definition, play, tmp_path: Path, watch
):
    contest = play.fill(begun(definition))
    group = contest.state.entrants["A1"].group
    contest.enter("A9", "=cmd|'/c calc'!A1", group=group, organisations=["某单位"], counties=["530199"])
    watch.after(contest, "entries")
    contest.advance()
    contest.advance()
    path = tmp_path / "form.csv"
    write_form(contest.state, contest.state.judges["J1"], path)
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert ["A9", "'=cmd|'/c calc'!A1"] in [row[:2] for row in rows]
