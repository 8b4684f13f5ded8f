"""The five states of a criterion, and how states of several criteria make one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]


class State(StrEnum):
    """What is known of a criterion; there are no other states."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    MANUAL_REVIEW = "manual_review"
    NOT_APPLICABLE = "not_applicable"

    @property
    def zh(self) -> str:
        """The state in Chinese."""
        return _ZH[self]

    @property
    def en(self) -> str:
        """The state in English."""
        return self.value.replace("_", " ")

    @property
    def code(self) -> int:
        """The small number that stands for the state in arrays."""
        return ORDER.index(self)


ORDER = (State.UNMET, State.UNKNOWN, State.MANUAL_REVIEW, State.MET, State.NOT_APPLICABLE)
"""The state of each code: from what decides first against a subject to what does not count."""

_ZH = {
    State.MET: "符合",
    State.UNMET: "不符合",
    State.UNKNOWN: "未知",
    State.MANUAL_REVIEW: "人工评审",
    State.NOT_APPLICABLE: "不适用",
}
UNMET, UNKNOWN, MANUAL, MET, NOT_APPLICABLE = range(5)
_UNMET, _UNKNOWN, _MET = (np.int8(code) for code in (UNMET, UNKNOWN, MET))


def states_of(codes: Codes) -> list[State]:
    """Give the states of codes (n).

    >>> states_of(np.array([3, 1], dtype=np.int8))
    [<State.MET: 'met'>, <State.UNKNOWN: 'unknown'>]
    """
    return [ORDER[code] for code in codes.tolist()]


def everywhere(code: int, size: int) -> Codes:
    """Give one code for each of `size` subjects."""
    codes = np.empty(size, dtype=np.int8)
    codes.fill(code)
    return codes


def decided(met: Flags, unmet: Flags) -> Codes:
    """Give met where `met`, unmet where `unmet`, else unknown; both (n), never both true."""
    return np.where(met, _MET, np.where(unmet, _UNMET, _UNKNOWN))


def all_of(parts: Sequence[Codes]) -> Codes:
    """Give the state of "all of these" (n): unmet before unknown before manual review before met.

    What is not applicable does not count; where nothing counts, the whole is not applicable.

    >>> all_of([np.array([3, 3, 4], np.int8), np.array([3, 1, 4], np.int8)]).tolist()
    [3, 1, 4]
    """
    return parts[0] if len(parts) == 1 else np.minimum.reduce(parts)


def any_of(parts: Sequence[Codes], at_least: int = 1) -> Codes:
    """Give the state of "at least so many of these" (n).

    Met where enough are met; else unmet where even all that are open would not be enough; else unknown where enough
    could be met once the facts are known, and manual review where only judgements are open. What is not applicable
    does not count; where nothing counts, the whole is not applicable.

    >>> any_of([np.array([3, 0, 0, 0], np.int8), np.array([1, 0, 1, 2], np.int8)]).tolist()
    [3, 0, 1, 2]
    """
    stacked = np.array(parts)
    met, judged, missing = (np.add.reduce(stacked == code) for code in (MET, MANUAL, UNKNOWN))
    still = np.where(missing > 0, UNKNOWN, MANUAL)
    whole = np.where(met >= at_least, MET, np.where(met + judged + missing >= at_least, still, UNMET))
    return np.where(np.minimum.reduce(stacked) == NOT_APPLICABLE, NOT_APPLICABLE, whole).astype(np.int8)
