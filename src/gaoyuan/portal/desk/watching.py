"""Work of the library inside a job: it goes on in a thread of its own, while this one tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from typing import TypeVar

from gaoyuan.portal.jobs.running import Stopped, Tell

T = TypeVar("T")
Progress = Callable[[str, int], None]

_TELL_EVERY_SECONDS = 0.3


class _Ended(Exception):
    """Raised into the work where somebody has asked that it ends."""


def watched(work: Callable[[Progress], T], tell: Tell) -> T:
    """Do work that calls `progress(stage, done)` from any thread, and tell of it; gives what the work gives.

    The database is asked by the job's own thread alone, a few times a second. When somebody stops the job, the next
    call of `progress` raises, and Stopped comes out of here; work that ends without calling it again has been done, and
    its result counts. Stopping waits for the work, so nothing goes on behind a job that has ended.
    """
    at: list[tuple[str, int]] = [("wait", 0)]
    stopped = False

    def progress(stage: str, done: int) -> None:
        if stopped:
            raise _Ended
        at[0] = stage, done

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="gaoyuan-job") as pool:
        running = pool.submit(work, progress)
        while True:
            try:
                return running.result(_TELL_EVERY_SECONDS)
            except StillRunning:
                if running.done():
                    raise
                if not stopped:
                    try:
                        tell(*at[0], 0)
                    except Stopped:
                        stopped = True
            except Exception:
                # What the engine makes of our exception is its own; that we have raised it is enough.
                if stopped:
                    raise Stopped from None
                raise
