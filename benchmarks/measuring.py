"""Running a piece of work in a process of its own, for its seconds and its peak memory."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds by the clock and of all cores of the best repetition, the peak memory of its process in GB, and what the
    work gave back.
    """

    seconds: float
    core_seconds: float
    gigabytes: float
    answer: float


Work = Callable[[], Callable[[], float]]
"""Prepares, and gives the work to be timed; that gives a number by which two programs can be compared."""


def measured(work: Work, repeat: int = 3, warm: bool = True) -> Measured:
    """Measure a piece of work in a fresh process; `warm` runs it once before the clock starts."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, repeat, warm, sender))
    process.start()
    sender.close()
    try:
        seconds, core_seconds, answer = receiver.recv()
        memory = receiver.recv()
    except EOFError:
        raise RuntimeError(f"{work.__qualname__} failed; see above") from None
    finally:
        process.join()
    return Measured(seconds, core_seconds, memory, answer)


def _run(work: Work, repeat: int, warm: bool, sender: multiprocessing.connection.Connection) -> None:
    timed = work()
    if warm:
        timed()
    best, answer = (float("inf"), float("inf")), float("nan")
    for _ in range(repeat):
        began, spent = time.perf_counter(), time.process_time()
        answer = timed()
        best = min(best, (time.perf_counter() - began, time.process_time() - spent))
    sender.send((*best, answer))
    sender.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
