"""Records as plain data and back."""

from __future__ import annotations

import json

import pytest

from gaoyuan.exchange.process import RecordBroken, as_plain, from_plain, process, process_keys, walk


@pytest.mark.parametrize("key", process_keys())
def test_a_record_comes_back_from_its_plain_data(key: str) -> None:
    of = process(key)
    path = max(walk(of), key=lambda one: len(one.records))
    for record in path.records:
        assert from_plain(json.loads(json.dumps(as_plain(record))), of) == record


def test_plain_data_that_is_no_record_is_named() -> None:
    of = process("pool")
    good = as_plain(next(walk(of)).records[0])
    for wrong in ({}, good | {"at": "today"}, good | {"given": {"colour": "red"}}, good | {"number": "1"}):
        with pytest.raises(RecordBroken, match="cannot be read"):
            from_plain(wrong, of)
