"""What a move of a challenge carries beyond the facts of its process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.service import Refused
from gaoyuan.trust.canonical import Json

__all__ = ["Carried", "refused"]


@dataclass(frozen=True, slots=True)
class Carried:
    """A detail (`cases.service.Detail`): what the record commits to, and what is written beside it."""

    said: Mapping[str, Json]
    write: Callable[[Case, RecordLine], None]

    def plain(self) -> Mapping[str, Json]:
        """Give what the move says."""
        return self.said

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the rows of the move."""
        self.write(case, line)


def refused(code: str, zh: str, en: str) -> Refused:
    """Give what undoes a move and says why."""
    return Refused(Refusal(code, zh, en))
