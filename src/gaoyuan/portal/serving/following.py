"""Processes that end with the one that started them, also where that is killed and can tell nobody."""

from __future__ import annotations

import ctypes
import signal

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def end_with_parent(by: signal.Signals = signal.SIGTERM) -> None:
    """Ask Linux to send a signal to this process when its parent goes."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, by)
