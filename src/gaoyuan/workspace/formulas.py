"""Text that a spreadsheet program would run when it opens a CSV file."""

from __future__ import annotations

import re

__all__ = ["FORMULA_START", "without_formula"]

FORMULA_START = r"^[=+\-@\t\r]"
"""How cells begin that a spreadsheet program takes for a formula or a command (a regular expression)."""


def without_formula(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet program would run, so that it shows it as text.

    >>> without_formula("=cmd|'/c calc'!A1"), without_formula("甲厂"), without_formula("")
    ("'=cmd|'/c calc'!A1", '甲厂', '')
    """
    return f"'{cell}" if re.match(FORMULA_START, cell) else cell
