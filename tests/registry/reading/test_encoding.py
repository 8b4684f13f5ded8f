from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaoyuan.registry.reading.encoding import Utf8Stream, detect_encoding, with_byte_order

TEXT = "企业名称,经营范围\n高阳县毛巾厂,毛巾、浴巾生产;销售\n" * 50
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]

reused_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: Path, encoding: str, **options) -> str:
    return io.BufferedReader(Utf8Stream(path, encoding, **options)).read().decode("utf-8")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encodings_that_chinese_offices_write_are_told_apart(tmp_path: Path, encoding: str):
    path = tmp_path / "f.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert read(path, detect_encoding(path)) == TEXT


@pytest.mark.parametrize(("encoding", "right"), [("utf-8", "utf-8"), ("gb18030", "gb18030")])
def test_one_damaged_character_does_not_turn_a_file_into_another_encoding(tmp_path: Path, encoding: str, right: str):
    path = tmp_path / "f.csv"
    data = bytearray(TEXT.encode(encoding))
    data[200] = 0xFF
    path.write_bytes(data)
    assert detect_encoding(path) == right


def test_pure_ascii_is_utf_8(tmp_path: Path):
    path = tmp_path / "f.csv"
    path.write_bytes(b"name,scope\nA,B\n")
    assert detect_encoding(path) == "utf-8"


def test_a_file_that_is_ascii_for_megabytes_is_still_told_by_what_follows(tmp_path: Path):
    path = tmp_path / "f.csv"
    path.write_bytes(b"name,scope\n" + b"A,B\n" * 1_500_000 + TEXT.encode("gb18030"))
    assert detect_encoding(path) == "gb18030"


@reused_folder
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200), encoding=st.sampled_from(ENCODINGS[2:]))
def test_any_text_that_an_encoding_can_hold_comes_through_it(tmp_path: Path, text: str, encoding: str):
    path = tmp_path / "f.csv"
    try:
        path.write_bytes(text.encode(encoding))
    except UnicodeEncodeError:
        return
    assert read(path, encoding) == text.removeprefix("\ufeff")


@reused_folder
@given(data=st.binary(max_size=300), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16-le"]))
def test_any_bytes_come_through_as_utf_8_and_are_detected_without_an_error(tmp_path: Path, data: bytes, encoding: str):
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    assert detect_encoding(path)
    read(path, encoding)


@reused_folder
@given(
    lines=st.lists(st.text("ab甲", max_size=5), min_size=1, max_size=8),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    skip=st.integers(0, 10),
)
def test_lines_are_skipped_whichever_way_they_end(tmp_path: Path, lines: list[str], end: str, skip: int):
    path = tmp_path / "f.csv"
    path.write_bytes("".join(line + end for line in lines).encode())
    assert read(path, "utf-8", skip_lines=skip) == "".join(line + end for line in lines[skip:])


@reused_folder
@given(text=st.text("a|甲\n", max_size=60), chunk=st.integers(1, 7))
def test_a_piece_of_text_is_replaced_also_where_it_lies_across_two_reads(tmp_path: Path, text: str, chunk: int):
    from gaoyuan.registry.reading import encoding

    path = tmp_path / "f.csv"
    path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "_CHUNK_BYTES", chunk)
        assert read(path, "utf-8", replaced=("||", "\x1f")) == text.replace("||", "\x1f")


@pytest.mark.parametrize("name", ["utf-16", "UTF_16", "utf16"])
@pytest.mark.parametrize("written", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_named_by_the_user_is_read_in_the_order_that_the_file_shows(tmp_path: Path, name: str, written: str):
    path = tmp_path / "f.csv"
    path.write_bytes(TEXT.encode(written))
    assert read(path, with_byte_order(path, name)) == TEXT
    path.write_bytes("高阳".encode("utf-16-le"))
    assert with_byte_order(path, name) == "utf-16-le"
    assert with_byte_order(path, "gbk") == "gbk"
