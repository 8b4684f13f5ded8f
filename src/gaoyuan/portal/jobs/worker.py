"""The program that does background work: `python -m gaoyuan.portal.jobs.worker`."""

from __future__ import annotations

import fcntl
import os
import threading
from typing import TextIO

_LOOK_EVERY_SECONDS = 20
_WAKES_SECONDS = 0.5
"""How long a job waits at most until an idle worker finds it in the queue."""


def main() -> None:
    """Load the portal and work until told to end. There is one worker of a portal: another waits until it has gone,
    then fails what it has left running and takes what waits.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gaoyuan.portal.settings")
    import django

    django.setup()
    from gaoyuan.portal.jobs import running

    lock = _only_one()
    running.fail_abandoned()
    running.queue_lost()
    threading.Thread(target=_watch, daemon=True).start()
    running.queue.create_consumer(workers=1, worker_type="thread", periodic=False, max_delay=_WAKES_SECONDS).run()
    lock.close()


def _only_one() -> TextIO:
    """Wait until no other worker runs on the portal's folder; the lock goes with the process, however it ends."""
    from django.conf import settings

    lock = (settings.PORTAL / "worker.lock").open("w", encoding="utf-8")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _watch() -> None:
    """Look for jobs that wait in the table and not in the queue, and do what is done regularly, again and again."""
    import logging
    import time

    from django.db import close_old_connections

    from gaoyuan.portal.jobs import running

    while True:
        time.sleep(_LOOK_EVERY_SECONDS)
        close_old_connections()
        for regular in (running.queue_lost, *running.REGULAR):
            try:
                regular()
            except Exception:
                logging.getLogger(__name__).exception("%s failed; it is tried again", regular.__name__)


if __name__ == "__main__":
    main()
