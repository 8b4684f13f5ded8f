"""The server and the background worker side by side: they start together and end together.

As a program of its own, `python -m gaoyuan.portal.serving.running SERVER... -- WORKER...`, it holds next to no memory.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from gaoyuan.portal.serving.following import end_with_parent

_LOOK_EVERY_SECONDS = 0.5
_PATIENCE_SECONDS = 10
_MOST_ENDS, _WITHIN_SECONDS = 3, 120.0
"""A server that ends by itself more often than this within so many seconds cannot run here."""
_BETWEEN = "--"

Command = Sequence[str]


def become(server: Command, helper: Command) -> NoReturn:
    """Replace this process by one that does nothing but to run a server and its helper."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", __name__, *server, _BETWEEN, *helper])


def run_together(server: Command, helper: Command) -> int:
    """Run a server and a helper until somebody presses Ctrl-C or sends SIGTERM; gives 0. One that ends before is
    started again; a server that does so again and again is given up, and its exit code given. Both end with this
    process, also where it is killed.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main, beside = _start(server), _start(helper)
    ends, code = list[float](), 0
    try:
        while True:
            time.sleep(_LOOK_EVERY_SECONDS)
            if beside.poll() is not None:
                beside = _start(helper)
            if main.poll() is not None:
                now = time.monotonic()
                ends = [*(one for one in ends if now - one < _WITHIN_SECONDS), now]
                if len(ends) > _MOST_ENDS:
                    code = abs(main.returncode) or 1
                    break
                main = _start(server)
    except KeyboardInterrupt:
        pass
    finally:
        _end(main, beside)
    return code


def _start(command: Command) -> subprocess.Popen[bytes]:
    # In a session of its own: Ctrl-C comes to this process alone, which ends the others in order. Where this one is
    # killed nobody waits for them, and a server that is asked to end while it starts might stay.
    this = os.getpid()

    def bind() -> None:
        end_with_parent(signal.SIGKILL)
        if os.getppid() != this:
            os._exit(1)

    return subprocess.Popen(command, start_new_session=True, preexec_fn=bind)


def _end(*running: subprocess.Popen[bytes]) -> None:
    for one in running:
        if one.poll() is None:
            one.terminate()
    for one in running:
        try:
            one.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


def main() -> int:
    """Run the two commands of the command line."""
    at = sys.argv.index(_BETWEEN)
    return run_together(sys.argv[1:at], sys.argv[at + 1 :])


if __name__ == "__main__":
    sys.exit(main())
