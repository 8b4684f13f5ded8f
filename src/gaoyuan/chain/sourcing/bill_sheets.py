"""The sheets of a bill of materials: columns by their headings, cells read, each fault with sheet, row and column."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import python_calamine

from gaoyuan.errors import ColumnsMissing, FileUnreadable, InputError
from gaoyuan.registry.reading import ReadSettings, open_source
from gaoyuan.registry.values import Parsed, as_flag, as_number, as_share, as_text

Floats: TypeAlias = npt.NDArray[np.float64]
Tiers: TypeAlias = "list[list[float]]"

_SHEETS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "bill": ("物料清单 BOM", ("item", "quantity")),
    "suppliers": ("供应商 suppliers", ("supplier",)),
    "offers": ("报价 offers", ("item", "supplier", "price_tiers")),
}
_BRACKETS = re.compile(r"[((][^))]*[))]")
_PUNCTUATION = re.compile(r"[\s_/\-*·:,.、]+")
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)"
_PRICE = re.compile(_NUMBER)
_TIER = re.compile(rf"\s*(?P<least>{_NUMBER})\s*:\s*(?P<price>{_NUMBER})\s*")
_NAMES = re.compile(r"[;；,，、|]")
_PLACES = {"本地": "是", "local": "是", "外地": "否", "outside": "否", "非本地": "否"}


class BillSheet:
    """The rows of one sheet; `rows` (n) are their numbers in the sheet. A column that the sheet lacks is unknown."""

    def __init__(self, path: Path, part: str) -> None:
        self.path, self.part = path, part
        self.title, needed = _SHEETS[part]
        known = _headings(part)
        settings = ReadSettings(sheet=_sheet_of(path, part))
        source = open_source(path, settings, lambda cells: sum(_plain(cell) in known for cell in cells))
        self._heading: dict[str, str] = {}
        for heading in source.headings:
            target = known.get(_plain(heading))
            if target is not None:
                self._heading.setdefault(target, heading)
        missing = [target for target in needed if target not in self._heading]
        if missing:
            said = ", ".join(f"{target} ({_first_heading(part, target)})" for target in missing)
            raise ColumnsMissing(
                f"the sheet {self.title} has no column {said}",
                where=str(path),
                mend=f"Its columns are: {', '.join(source.headings)}.",
                zh=f"工作表“{self.title}”缺列：{said}",
                mend_zh=f"现有列：{'、'.join(source.headings)}",
            )
        batches = list(source.batches())
        self.rows = np.concatenate([batch.rows for batch in batches]) if batches else np.zeros(0, dtype=np.int64)
        self._cells = {
            target: pa.chunked_array([batch.cells.column(heading) for batch in batches], pa.string()).combine_chunks()
            for target, heading in self._heading.items()
        }

    def __len__(self) -> int:
        return self.rows.size

    def texts(self, column: str) -> list[str | None]:
        """Give cells as text, None where empty."""
        return as_text(self._of(column)).to_pylist()

    def names(self, column: str) -> list[str]:
        """Give names, which no row may lack."""
        found = self.texts(column)
        if None in found:
            raise self.fault(found.index(None), column, "the name is missing", "缺少名称")
        return cast("list[str]", found)

    def name_sets(self, column: str) -> list[frozenset[str]]:
        """Give sets of names, which `;` or a comma divides."""
        nothing = frozenset[str]()
        return [
            frozenset(name.strip() for name in _NAMES.split(cell) if name.strip()) if cell else nothing
            for cell in self.texts(column)
        ]

    def numbers(self, column: str, *, needed: bool = False, above: float | None = None, signed: bool = False) -> Floats:
        """Give numbers of 0 or more (`signed`: any; `above`: more than that), NaN where empty."""
        found = self._parsed(
            column, as_number(self._of(column), signed=signed), "a number of 0 or more", "不小于 0 的数"
        )
        self._refuse(column, np.isnan(found) & needed, "the number is missing", "缺少数字")
        if above is not None:
            self._refuse(column, found <= above, f"has to be above {above:g}", f"须大于 {above:g}")
        return found

    def shares(self, column: str) -> Floats:
        """Give shares below 1, as fractions; 2% is 0.02. NaN where empty."""
        percent = any(mark in self._heading.get(column, "") for mark in ("%", "％", "百分"))
        parsed = as_share(self._of(column), percent=percent)
        found = self._parsed(column, parsed, "a share such as 0.02 or 2%", "比例，如 0.02 或 2%")
        self._refuse(column, found >= 1.0, "has to be below 1", "须小于 1")
        return found

    def flags(self, column: str) -> list[bool | None]:
        """Give yes and no, None where empty."""
        cells = pa.array([_PLACES.get(str(cell).lower(), cell) for cell in self._of(column).to_pylist()], pa.string())
        parsed = as_flag(cells)
        self._refuse(column, parsed.faults, "is neither 是 yes nor 否 no", "应为“是”或“否”")
        return parsed.values.to_pylist()

    def tiers(self, column: str) -> list[Tiers]:
        """Give price tiers: from a price, or from tiers such as `1:2.5; 100:2.4`; [] where empty."""
        found: list[Tiers] = []
        for at, cell in enumerate(self.texts(column)):
            tiers = _tiers_of(cell)
            if tiers is None:
                raise self.fault(
                    at,
                    column,
                    f"{cell!r} is no price, nor tiers such as 1:2.5; 100:2.4",
                    f"{cell!r} 不是单价，也不是阶梯价（如 1:2.5; 100:2.4）",
                )
            found.append(tiers)
        return found

    def fault(self, at: int, column: str, what: str, zh: str, mend: str = "Correct the cell.") -> InputError:
        """Give the error of the cell in position `at`."""
        heading = self._heading.get(column, _first_heading(self.part, column))
        return InputError(
            what,
            where=f"{self.path}, {self.title}, row {self.rows[at]}, {heading}",
            mend=mend,
            zh=f"第 {self.rows[at]} 行“{heading}”：{zh}",
            mend_zh="改正此格",
        )

    def _of(self, column: str) -> pa.Array:
        return self._cells[column] if column in self._cells else pa.nulls(len(self), pa.string())

    def _parsed(self, column: str, parsed: Parsed, wanted: str, wanted_zh: str) -> Floats:
        self._refuse(column, parsed.faults, f"is not {wanted}", f"不是{wanted_zh}")
        return parsed.values.to_numpy(zero_copy_only=False).astype(np.float64)

    def _refuse(self, column: str, wrong: npt.NDArray[np.bool_], what: str, zh: str) -> None:
        if wrong.any():
            at = int(np.argmax(wrong))
            cell = self._of(column)[at].as_py()
            said = f"{cell!r} " if cell else ""
            raise self.fault(at, column, f"{said}{what}", f"{said}{zh}")


def _tiers_of(cell: str | None) -> Tiers | None:
    if cell is None:
        return []
    text = unicodedata.normalize("NFKC", cell).replace(",", "").strip()
    if _PRICE.fullmatch(text):
        return [[0.0, float(text)]]
    found = [_TIER.fullmatch(piece) for piece in text.split(";") if piece.strip()]
    if not found or None in found:
        return None
    tiers = [[float(tier["least"]), float(tier["price"])] for tier in found if tier is not None]
    # Two prices at one quantity: nobody can say which holds.
    return tiers if len({least for least, _ in tiers}) == len(tiers) else None


def _sheet_of(path: Path, part: str) -> str:
    """Give the name of the sheet of a part, as the workbook writes it."""
    try:
        with path.open("rb") as file:
            names = python_calamine.CalamineWorkbook.from_filelike(file).sheet_names
    except (python_calamine.CalamineError, ValueError, OSError):
        # What is wrong with a file that is none, reading tells; a list in another format is no workbook.
        open_source(path, ReadSettings(), lambda cells: 0)
        raise FileUnreadable(
            "a bill of materials is a workbook of three sheets",
            where=str(path),
            mend=f"Give an .xlsx file with the sheets {', '.join(title for title, _ in _SHEETS.values())}.",
            zh="物料清单须是含三个工作表的工作簿",
            mend_zh=f"请给 .xlsx 文件，工作表：{'、'.join(title for title, _ in _SHEETS.values())}",
        ) from None
    wanted = set(cast("Sequence[str]", _vocabulary()[part]["sheets"]))
    for name in names:
        if any(_plain(piece) in wanted for piece in (name, *name.split())):
            return str(name)
    raise InputError(
        f"the workbook has no sheet {_SHEETS[part][0]}",
        where=str(path),
        mend=f"Its sheets are: {', '.join(names)}.",
        zh=f"工作簿缺少工作表“{_SHEETS[part][0]}”",
        mend_zh=f"现有工作表：{'、'.join(names)}",
    )


def _plain(text: str) -> str:
    bare = _BRACKETS.sub("", unicodedata.normalize("NFKC", text)).strip()
    # Headings in two languages: 物料 item.
    first = bare.split(" ")[0] if re.match(r"[一-鿿]", bare) else bare
    return _PUNCTUATION.sub("", first).casefold()


def _first_heading(part: str, target: str) -> str:
    return cast("Mapping[str, Sequence[str]]", _vocabulary()[part]["columns"])[target][0]


@cache
def _headings(part: str) -> dict[str, str]:
    known: dict[str, str] = {}
    columns = cast("Mapping[str, Sequence[str]]", _vocabulary()[part]["columns"])
    for target, headings in columns.items():
        for heading in headings:
            known.setdefault(_plain(heading), target)
    return known


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads((files("gaoyuan.chain.sourcing") / "bill_columns.toml").read_text(encoding="utf-8"))
