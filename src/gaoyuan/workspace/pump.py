"""Making rows in one thread while another writes them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator

import pyarrow as pa

_AHEAD = 4


def pumped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give batches in order, made in a thread of their own, at most a few ahead.

    The writer of tables takes batches inside its own runtime, where the engine cannot be asked again and where the
    making of the next batch would hold up the writing of the last. An error in making is raised where the batch would
    have come; a taker that stops early stops the making.
    """
    waiting: queue.Queue[pa.RecordBatch | BaseException | None] = queue.Queue(_AHEAD)
    stopped = threading.Event()

    def give(item: pa.RecordBatch | BaseException | None) -> bool:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            for batch in batches:
                if not give(batch):
                    return
        except BaseException as fault:
            give(fault)
        else:
            give(None)

    thread = threading.Thread(target=make, name="gaoyuan-rows", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        thread.join()
