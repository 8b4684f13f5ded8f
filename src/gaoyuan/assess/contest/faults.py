"""What a contest refuses, and why: each says what is wrong, where, and how to mend it, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gaoyuan.errors import GaoyuanError, InputError

__all__ = ["ActRefused", "DefinitionInvalid", "RecordBroken", "SheetFault", "SheetInvalid"]

_MOST_SHOWN = 20


class DefinitionInvalid(InputError):
    """The definition of a contest breaks its schema or contradicts itself."""


class RecordBroken(InputError):
    """The record is not what was written: a line is changed, missing, out of order or against the rules."""


class ActRefused(GaoyuanError):
    """An act that the contest's state, its deadlines or its rules do not allow; nothing was recorded."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One fault of a filled form: where it is, and what is wrong.

    `row` and `column` are as a spreadsheet program shows them (row 1, column A); in a JSON form they are the entrant's
    and the criterion's id. Empty where the fault is of the whole form.
    """

    row: str
    column: str
    what: str

    def __str__(self) -> str:
        place = " ".join(
            part
            for part in (f"第{self.row}行 row {self.row}" if self.row else "", f"{self.column}列 column {self.column}")
            if part and (self.column or "列" not in part)
        )
        return f"{place}: {self.what}" if place else self.what


class SheetInvalid(InputError):
    """A filled form cannot be used; `faults` lists everything that is wrong with it, not the first fault only."""

    def __init__(self, faults: Sequence[SheetFault], *, where: str | None = None) -> None:
        self.faults = tuple(faults)
        shown = [str(fault) for fault in self.faults[:_MOST_SHOWN]]
        if len(self.faults) > _MOST_SHOWN:
            shown.append(f"… 共 {len(self.faults)} 处 faults in all")
        super().__init__(
            "评分表有误 the form cannot be used:\n  " + "\n  ".join(shown),
            where=where,
            mend="改正后重新提交 Correct these cells and give the form again; nothing was recorded.",
        )
