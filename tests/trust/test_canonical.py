"""Canonical JSON: the files of RFC 8785's author, and what has no canonical form."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.canonical import Json, canonical_json, number_text, read_canonical_json, read_json
from gaoyuan.trust.failure import JsonInvalid

TEXT = st.text(st.characters(codec="utf-8"))
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)

# RFC 8785, appendix B, and the sample lines of its author's file of numbers.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


def test_the_files_of_the_rfc_come_out_byte_for_byte(shared_data: Path) -> None:
    folder = shared_data / "reference/exchange/jcs_rfc8785/testdata"
    files = sorted((folder / "input").glob("*.json"))
    wrong = [
        file.name
        for file in files
        if canonical_json(read_json(file.read_bytes())) != (folder / "output" / file.name).read_bytes()
    ]
    assert (wrong, len(files)) == ([], 6)


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_numbers_are_written_as_ecmascript_does(bits: str, text: str) -> None:
    assert number_text(struct.unpack(">d", bytes.fromhex(bits))[0]) == text


def test_keys_are_sorted_by_utf_16_code_units() -> None:
    # RFC 8785, section 3.2.3: by code points the smiley would stand last.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = json.loads(canonical_json(dict.fromkeys(keys, 0)))
    assert list(written) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@given(DOCUMENTS)
def test_what_is_written_reads_back_and_is_written_alike(document: Json) -> None:
    written = canonical_json(document)
    assert json.loads(written, parse_int=float) == json.loads(json.dumps(document), parse_int=float)
    assert canonical_json(read_canonical_json(written)) == written


@given(DOCUMENTS, st.integers(0, 8))
def test_spaces_and_escapes_do_not_change_the_canonical_form(document: Json, indent: int) -> None:
    assert canonical_json(read_json(json.dumps(document, indent=indent).encode())) == canonical_json(document)


def test_a_number_of_numpy_is_written_as_the_double_that_it_is() -> None:
    assert canonical_json([np.float64(0.1), np.float64(1e21)]) == b"[0.1,1e+21]"


def test_nesting_is_read_to_its_limit() -> None:
    deepest = b"[" * 100 + b"]" * 100
    assert read_canonical_json(deepest) == read_json(deepest)


def test_the_shortest_digits_of_a_large_double_are_read_as_it() -> None:
    assert read_canonical_json(b"295147905179352830000") == 2.0**68


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_the_same_double(number: float) -> None:
    assert float(number_text(number)) == number


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    try:
        read_json(document)
    except JsonInvalid:
        return
    json.loads(document.decode("utf-8"))


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, 2**53 + 1, 2**60, 10**400, "\ud800", {"\udfff": 1}, b"bytes", {1: 2}, object()],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_canonical_form_is_refused(value: Json) -> None:
    with pytest.raises(JsonInvalid):
        canonical_json(value)


@pytest.mark.parametrize(
    "document",
    [
        b"NaN",
        b"-Infinity",
        b"1e400",
        b'"\\ud800"',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":1,"\\u0061":2}',
        b"9007199254740993",
        b"1" * 5000,
        b"\xff",
        b"\xef\xbb\xbf1",
        "1".encode("utf-16"),
        b"[" * 101 + b"]" * 101,
        b"[" * 200_000,
        b"1 2",
        b"01",
        b"",
    ],
    ids=lambda document: repr(document[:20]),
)
def test_what_could_be_read_in_two_ways_is_refused(document: bytes) -> None:
    with pytest.raises(JsonInvalid):
        read_json(document)


@pytest.mark.parametrize("document", [b'{"a": 1}', b'{"b":1,"a":1}', b"1.0", b"-0", b'"\\u0061"', b"1\n"])
def test_a_document_in_another_form_is_not_canonical(document: bytes) -> None:
    read_json(document)
    with pytest.raises(JsonInvalid, match="canonical form"):
        read_canonical_json(document)
