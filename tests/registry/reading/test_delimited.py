from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaoyuan.errors import FileUnreadable, GaoyuanError, MappingInvalid
from gaoyuan.registry.columns import count_known
from gaoyuan.registry.reading import Ragged, ReadSettings
from gaoyuan.registry.reading import delimited as module
from gaoyuan.registry.reading.delimited import DelimitedFile

reused_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: Path, **options) -> tuple[dict[int, tuple[str, ...]], list[Ragged]]:
    rows: dict[int, tuple[str, ...]] = {}
    ragged: list[Ragged] = []
    for batch in DelimitedFile(path, ReadSettings(**options), count_known).batches():
        assert batch.cells.num_rows == batch.rows.size
        for number, row in zip(batch.rows.tolist(), batch.cells.to_pylist(), strict=True):
            rows[number] = tuple(row.values())
        ragged.extend(batch.ragged)
    return rows, ragged


def read_or_fault(path: Path) -> tuple[dict[int, tuple[str, ...]], list[Ragged]] | GaoyuanError:
    try:
        return read(path)
    except GaoyuanError as fault:
        return fault


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "f.csv"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，", "；"])
def test_the_usual_delimiters_and_line_ends_are_recognised(path: Path, delimiter: str, end: str):
    lines = [["企业名称", "住所"], ["甲厂", "高阳县"], ["乙厂", ""]]
    path.write_bytes(end.join(delimiter.join(line) for line in lines).encode())
    assert read(path) == ({2: ("甲厂", "高阳县"), 3: ("乙厂", "")}, [])


def test_commas_in_the_texts_of_a_file_with_one_column_are_no_delimiters(path: Path):
    path.write_text("经营范围\n毛巾，浴巾，毯子\n", encoding="utf-8")
    assert read(path)[0] == {2: ("毛巾，浴巾，毯子",)}


@pytest.mark.parametrize("delimiter", ["||", "，", "<>", "~"])
def test_a_delimiter_of_any_characters_can_be_named_and_stands_in_quoted_cells(path: Path, delimiter: str):
    path.write_text(f'企业名称{delimiter}住所\n"甲{delimiter}厂"{delimiter}x\n坏行\n', encoding="utf-8")
    rows, ragged = read(path, delimiter=delimiter)
    assert rows == {2: (f"甲{delimiter}厂", "x")}
    assert [(row.row, row.text) for row in ragged] == [(3, "坏行")]


def test_quotation_marks_hold_delimiters_line_breaks_and_marks(path: Path):
    path.write_bytes('企业名称,经营范围\n"甲\n厂","毛巾 ""生产"", 加工\r\n销售"\n乙,x\n'.encode())
    assert read(path)[0] == {2: ("甲\n厂", '毛巾 "生产", 加工\r\n销售'), 3: ("乙", "x")}


def test_marks_inside_a_cell_are_text_and_all_are_where_the_mapping_says_so(path: Path):
    path.write_text('企业名称,住所\n甲"厂,"高阳\n乙"厂",x\n', encoding="utf-8")
    assert read(path, quotes=False)[0] == {2: ('甲"厂', '"高阳'), 3: ('乙"厂"', "x")}


def test_rows_with_too_many_or_too_few_cells_are_reported_with_their_row_and_text(path: Path):
    path.write_text("企业名称,住所\n甲\n乙,x,y\n丙,x\n", encoding="utf-8")
    rows, ragged = read(path)
    assert rows == {4: ("丙", "x")}
    assert [(row.row, row.text) for row in ragged] == [(2, "甲"), (3, "乙,x,y")]
    assert ragged[0].reason == "the row has 1 cells, the header has 2"
    assert "quotation marks" in ragged[0].mend


def test_blank_rows_are_passed_over_and_count_as_rows_of_the_file(path: Path):
    path.write_text("企业名称,住所\n\n甲,x\n,\n , \n乙,\n\n", encoding="utf-8")
    assert read(path) == ({3: ("甲", "x"), 6: ("乙", "")}, [])


def test_blank_lines_of_a_file_with_one_column_are_passed_over(path: Path):
    path.write_text("企业名称\n甲\n\n乙\n\n", encoding="utf-8")
    assert read(path) == ({2: ("甲",), 4: ("乙",)}, [])


def test_lines_above_the_header_are_skipped_and_rows_keep_their_numbers(path: Path):
    path.write_text("企业名录\n\n制表：高阳县,,\n企业名称,住所\n甲,x\n", encoding="utf-8")
    assert read(path) == ({5: ("甲", "x")}, [])


def test_the_header_row_can_be_named(path: Path):
    path.write_text("a,b\n企业名称,住所\n甲,x\n", encoding="utf-8")
    source = DelimitedFile(path, ReadSettings(header_row=1), count_known)
    assert source.headings == ["a", "b"]
    with pytest.raises(FileUnreadable, match="no header row"):
        DelimitedFile(path, ReadSettings(header_row=90), count_known)


def test_a_quotation_mark_that_is_never_closed_is_named_with_its_row(path: Path):
    rows = "".join(f"甲{i},x\n" for i in range(200))
    path.write_text(f'企业名称,住所\n乙,x\n"丙,x\n{rows}', encoding="utf-8")
    with pytest.raises(FileUnreadable, match="opened in or near row 3 and never closed"):
        read(path)
    assert len(read(path, quotes=False)[0]) == 202


def test_an_unclosed_mark_far_down_in_the_file_is_found_too(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_BLOCK_BYTES", 1 << 12)
    rows = "".join(f"甲{i},x\n" for i in range(3000))
    path.write_text(f'企业名称,住所\n{rows}"丙,x\n{rows}', encoding="utf-8")
    with pytest.raises(FileUnreadable, match="never closed"):
        read(path)


def test_rows_with_bytes_that_are_no_text_are_reported_and_the_others_kept(path: Path):
    path.write_bytes("企业名称,住所\n甲,x\n".encode() + b"\xff\xe7\x94,x\n" + "乙,\0\n丙,x\n".encode() + b"\xe4\xb8")
    rows, ragged = read(path)
    assert rows == {2: ("甲", "x"), 5: ("丙", "x")}
    assert [row.row for row in ragged] == [6, 3, 4] or sorted(row.row for row in ragged) == [3, 4, 6]
    assert any("no text in the file's encoding" in row.reason for row in ragged)


def test_cells_of_many_megabytes_are_read(path: Path):
    long = "长" * 3_000_000
    path.write_text(f"企业名称,经营范围\n甲,{long}\n乙,x\n", encoding="utf-8")
    rows, _ = read(path)
    assert rows[2][1] == long
    assert rows[3] == ("乙", "x")


def test_a_row_longer_than_a_block_is_an_error_that_says_where(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_BLOCK_BYTES", 1 << 12)
    path.write_text("企业名称,经营范围\n甲,x\n乙," + "长" * 5000 + "\n丙,x\n", encoding="utf-8")
    with pytest.raises(FileUnreadable, match="a row near row 3 is longer than"):
        read(path)


def test_row_numbers_are_right_in_every_block(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_BLOCK_BYTES", 1 << 10)
    lines = ["企业名称,住所"]
    lines += ["坏" if n % 7 == 0 else "" if n % 11 == 0 else f"行{n},x" for n in range(2, 2000)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows, ragged = read(path)
    assert all(name == f"行{number}" for number, (name, _) in rows.items())
    assert [row.row for row in ragged] == [number for number in range(2, 2000) if number % 7 == 0]
    assert len(rows) == sum(1 for number in range(2, 2000) if number % 7 and number % 11)


def test_an_unknown_encoding_is_named(path: Path):
    path.write_text("企业名称\n甲\n", encoding="utf-8")
    for encoding in ("nope", "rot13", "hex"):
        with pytest.raises(MappingInvalid, match=f"no encoding '{encoding}' is known"):
            read(path, encoding=encoding)


@reused_folder
@given(
    cells=st.lists(
        st.tuples(st.just("名"), st.text("甲a1,\"\n\r\t;|，' ", max_size=12), st.text("乙b ,", max_size=5)),
        min_size=1,
        max_size=12,
    ),
    delimiter=st.sampled_from([",", "\t", ";", "|", "，"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_what_a_program_writes_comes_back_cell_for_cell(
    tmp_path: Path, cells: list[tuple[str, str, str]], delimiter: str, encoding: str
):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("企业名称", "经营范围", "住所"), *cells])
    file = tmp_path / "written.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    rows, ragged = read(file)
    assert ragged == []
    assert list(rows.values()) == cells


@reused_folder
@given(data=st.binary(min_size=1, max_size=400), header=st.booleans())
def test_any_bytes_give_rows_or_one_clear_error(tmp_path: Path, data: bytes, header: bool):
    file = tmp_path / "junk.csv"
    file.write_bytes(("企业名称,住所\n".encode() if header else b"") + data)
    outcome = read_or_fault(file)
    if isinstance(outcome, GaoyuanError):
        assert outcome.where == str(file)
    else:
        rows, ragged = outcome
        assert not set(rows) & {row.row for row in ragged}
