"""Results as files: JSON for programs, XLSX with one sheet a table for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from gaoyuan.assess.rules.model import Json
from gaoyuan.assess.sheets import Cell, Sheet, write_sheets
from gaoyuan.errors import OutputUnknown
from gaoyuan.workspace.whole_files import whole_file

__all__ = ["Cell", "Sheet", "write_result"]


def write_result(file: Path, data: Json, sheets: Sequence[Sheet]) -> None:
    """Write a result into a file that ends in .json (the data) or .xlsx (the sheets); it appears whole or not at all.

    Raises OutputUnknown for another ending, InputError where the folder is missing, the file is one itself, or it
    cannot be written there.
    """
    ending = file.suffix.lower()
    if ending not in (".json", ".xlsx"):
        raise OutputUnknown(
            f"the ending {file.suffix!r} names no format" if ending else "the file has no ending",
            where=str(file),
            mend="Name a file that ends in .json or .xlsx.",
            zh=f"不识的文件类型 {file.suffix}" if ending else "文件名没有扩展名",
            mend_zh="文件名须以 .json 或 .xlsx 结尾",
        )
    with whole_file(file) as partial:
        if ending == ".json":
            partial.write_text(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")
        else:
            write_sheets(partial, sheets)
