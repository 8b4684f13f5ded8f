from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.assess.contest import RecordBroken, read_events, replay
from gaoyuan.assess.contest.canonical import canonical, parse
from gaoyuan.assess.contest.record import as_bytes, event_after

NOON = dt.datetime(2027, 5, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def made(count: int = 4) -> bytes:
    events = []
    for at in range(count):
        body = {"name": f"集群 {at}", "points": ["8.5", None], "deep": {"b": 1, "a": True}}
        events.append(event_after(events[-1] if events else None, "entered", body, actor="office", at=NOON))
    return as_bytes(events)


RECORD = made()
LINES = RECORD.splitlines(keepends=True)


def test_a_record_is_read_as_it_was_written():
    assert as_bytes(read_events(RECORD)) == RECORD


@given(st.integers(0, len(RECORD) - 1), st.integers(1, 255))
def test_any_single_changed_byte_is_found(at: int, change: int):
    changed = bytearray(RECORD)
    changed[at] ^= change
    with pytest.raises(RecordBroken):
        read_events(bytes(changed))


def test_a_change_at_any_place_is_found_and_its_line_is_named():
    number = 1
    for at, byte in enumerate(RECORD):
        changed = RECORD[:at] + bytes([byte ^ 1]) + RECORD[at + 1 :]
        with pytest.raises(RecordBroken, match=rf"line {number}\b"):
            read_events(changed)
        number += byte == ord("\n")


@pytest.mark.parametrize("at", range(len(RECORD.splitlines())))
def test_a_missing_line_is_found_and_named_unless_it_is_the_last(at: int):
    left = b"".join(LINES[:at] + LINES[at + 1 :])
    if at == len(LINES) - 1:
        assert len(read_events(left)) == len(LINES) - 1
    else:
        with pytest.raises(RecordBroken, match=rf"line {at + 1}: .*event {at + 1} is missing"):
            read_events(left)


def test_lines_out_of_order_are_found():
    with pytest.raises(RecordBroken, match=r"line 2: .*event 2 is missing or out of order"):
        read_events(LINES[0] + LINES[2] + LINES[1] + LINES[3])


def test_a_line_that_stands_twice_is_found():
    with pytest.raises(RecordBroken, match=r"line 3: .*out of order"):
        read_events(LINES[0] + LINES[1] + LINES[1] + LINES[2])


def test_a_line_written_anew_with_a_right_hash_is_found_by_the_next():
    first, second = read_events(RECORD)[:2]
    forged = event_after(first, second.kind, {"name": "另一个"}, actor=second.actor, at=second.at)
    with pytest.raises(RecordBroken, match=r"line 3: .*do not link"):
        read_events(LINES[0] + forged.line + LINES[2] + LINES[3])


def test_a_line_that_was_cut_off_is_named_with_the_way_to_mend_it():
    with pytest.raises(RecordBroken, match="line 4 is incomplete") as found:
        read_events(RECORD[:-20])
    assert "delete that line" in (found.value.mend or "")


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"a":1.5}', b'{"a":NaN}', b"9" * 5000, b'"\\ud800"', b"null"],
)
def test_what_is_no_event_is_a_broken_record_and_never_a_crash(line: bytes):
    with pytest.raises(RecordBroken, match="line 1"):
        read_events(line + b"\n")


def test_the_same_event_in_another_form_is_found():
    spaced = LINES[0].replace(b'":', b'": ', 1)
    assert parse(spaced.strip()) == parse(LINES[0].strip())
    with pytest.raises(RecordBroken, match="not in canonical form"):
        read_events(spaced)


def test_an_empty_record_is_said():
    with pytest.raises(RecordBroken, match="empty"):
        read_events(b"")


def test_a_record_that_begins_with_something_else_is_no_contest():
    with pytest.raises(RecordBroken, match=r"line 1: .*must define the contest"):
        replay(RECORD)


def test_floating_point_numbers_have_no_place_in_a_record():
    with pytest.raises(ValueError, match="floating-point"):
        canonical({"points": 8.5})  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="no offset"):
        event_after(None, "entered", {}, actor="office", at=NOON.replace(tzinfo=None))
