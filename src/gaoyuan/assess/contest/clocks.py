"""When an act is done: in a contest now, in a rehearsal (演练) at the moment that is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias

from gaoyuan.assess.contest.definition import Definition
from gaoyuan.assess.contest.faults import ActRefused
from gaoyuan.errors import InputError

__all__ = ["Clock", "clock_of"]

Clock: TypeAlias = Callable[[], dt.datetime]
"""Gives the moment of an act, with its offset from UTC."""


def clock_of(definition: Definition, clock: Clock, at: str | None, *, rehearsal: bool) -> Clock:
    """Give the clock that acts go by: `clock` in a contest, one that stands at `at` in a rehearsal.

    `at` is a moment in ISO 8601; without an offset from UTC it has that of the deadline for entries, so that it is the
    same moment on every machine. Raises ActRefused where a contest is given a moment or a rehearsal none, InputError
    for what is no moment.
    """
    if not rehearsal:
        if at is not None:
            raise ActRefused(
                "正式竞赛以当时时间为准，不能用 --at a contest goes by the clock: only a rehearsal takes --at",
                mend="去掉 --at；要演练则另建 Leave --at out; to rehearse: gaoyuan contest new --rehearsal.",
            )
        return clock
    if at is None:
        raise ActRefused(
            "演练须写明办理时间 in a rehearsal each act names its moment",
            mend="加 Add --at, such as --at 2027-03-01T10:00.",
        )
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        raise InputError(
            f"时间有误 this is no moment: {at!r}", where="--at", mend="写成 Write it as 2027-03-01T10:00."
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=definition.deadlines["entries"].tzinfo)
    return lambda: moment
