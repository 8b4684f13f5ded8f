from __future__ import annotations

import threading
from collections.abc import Iterator

import pyarrow as pa
import pytest

from gaoyuan.workspace.pump import pumped


def batch(number: int) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"number": [number]})


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "gaoyuan-rows"]


@pytest.mark.parametrize("count", [0, 1, 3, 50])
def test_all_batches_come_in_order(count: int):
    given = pumped(batch(number) for number in range(count))
    assert [made.column("number")[0].as_py() for made in given] == list(range(count))
    assert threads() == []


@pytest.mark.parametrize("fault", [ValueError("x"), KeyboardInterrupt(), SystemExit(3)])
def test_an_error_in_making_is_raised_where_the_batch_would_have_come(fault: BaseException):
    def batches() -> Iterator[pa.RecordBatch]:
        yield batch(0)
        raise fault

    given = pumped(batches())
    assert next(given).num_rows == 1
    with pytest.raises(type(fault)) as caught:
        next(given)
    assert caught.value is fault
    assert threads() == []


def test_a_taker_that_stops_early_stops_the_making():
    made: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(1_000_000):
            made.append(number)
            yield batch(number)

    given = pumped(batches())
    next(given)
    assert isinstance(given, Iterator)
    given.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert threads() == []
    assert len(made) < 20


def test_no_more_than_a_few_batches_are_made_ahead():
    made: list[int] = []
    taken = threading.Event()

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(100):
            made.append(number)
            yield batch(number)
            if number == 0:
                taken.wait(10)

    given = pumped(batches())
    next(given)
    taken.set()
    most = 0
    for position, _ in enumerate(given, start=2):
        most = max(most, len(made) - position)
    assert most <= 6
