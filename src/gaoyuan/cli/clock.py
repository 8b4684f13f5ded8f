"""The time of an act, as the command line gives it to what records acts."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Give the moment with the offset of this machine's time zone."""
    return dt.datetime.now().astimezone()
