"""How a file is to be read, where the user says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Settings of reading; None leaves the choice to what the file shows."""

    encoding: str | None = None
    delimiter: str | None = None
    quotes: bool = True
    sheet: str | None = None
    header_row: int | None = None
