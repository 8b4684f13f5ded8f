"""Reading an input-output table as people publish it: a square of sectors with final uses beside and value added below.

The rows and the columns of a sector carry the same code or the same name. What stands beside and below the square is
known by the codes of the National Bureau of Statistics (FU101, EX, IM, GO, TII, VA001, TI), those of the OECD (HFCE,
EXPO, IMPO, VALU, OUTPUT), or by its name in Chinese or English. A table that has home-made and imported goods in rows
of their own says so in a column `Origin`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.errors import InputError
from gaoyuan.registry.chain_files.io_labels import (
    EXPORT,
    FINAL_USE,
    IMPORT,
    IMPORTED,
    INTERMEDIATE,
    LABEL_KINDS,
    OUTPUT,
    TOTAL,
    VALUE_ADDED,
    folded,
    is_home_made,
    is_imported,
    is_label,
    label_key,
    part_below,
    part_beside,
    take_totals_for_parts,
)
from gaoyuan.registry.values import as_number, is_number

Matrix: TypeAlias = npt.NDArray[np.float64]

_BALANCE = 0.01
_NAMED = 5


@dataclass(frozen=True, slots=True)
class IoMatrix:
    """The cells of a table in its own unit (k each): their part, row and column, and the value; `codes` are those of
    its n sectors, `notes` what is strange about it, in Chinese and English. With negative flows or outputs
    (`negative_flows`, `negative_outputs` of them) no sector can be measured.
    """

    codes: tuple[str, ...]
    cells: pa.Table
    notes: tuple[str, ...]
    negative_flows: int = 0
    negative_outputs: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    name: str
    origin: str
    values: Matrix


def read_io_matrix(headings: Sequence[str], rows: pa.Table, numbers: npt.NDArray[np.int64], where: str) -> IoMatrix:
    """Read rows (r, with their numbers in the file) under headings.

    Raises InputError where no code or name of sectors is there, where a sector has a row and no column or the other
    way round, where one comes twice, where a cell is no number, and where there is no output.
    """
    headings = [heading.strip() for heading in headings]
    labels = _label_columns(headings, rows)
    beside = [at for at in range(len(headings)) if at not in labels.values()]
    beside = [at for at in beside if not _is_blank(rows.column(at), headings[at])]
    texts = {key: _texts(rows.column(at)) for key, at in labels.items()}
    codes = texts["code"]
    names = [zh or en for zh, en in zip(texts.get("zh", codes), texts.get("en", codes), strict=True)]
    codes = [code or name for code, name in zip(codes, names, strict=True)]
    names = [name or code for code, name in zip(codes, names, strict=True)]
    origins = [folded(origin) for origin in texts.get("origin", [""] * len(codes))]

    seconds = _second_heading(rows, beside, codes, names)
    kept = [at for at in range(rows.num_rows) if at != seconds and codes[at]]
    values = _values(rows, beside, headings, kept, numbers, where)
    read = [_Row(codes[at], names[at], origins[at], values[number]) for number, at in enumerate(kept)]
    column_names = ["" if seconds is None else str(rows.column(at)[seconds].as_py() or "").strip() for at in beside]
    return _assembled(read, [headings[at] for at in beside], column_names, where)


class _Cells:
    """Gathers the cells of the table; sectors are said by their position."""

    def __init__(self, codes: Sequence[str], names: Sequence[str]) -> None:
        self.codes, self.names = codes, names
        self._rows: list[tuple[str, str, str, str, str, float]] = []

    def square(self, part: str, flows: Matrix) -> None:
        own = list(zip(self.codes, self.names, strict=True))
        self._rows += [
            (part, *seller, *buyer, float(flows[row, column]))
            for row, seller in enumerate(own)
            for column, buyer in enumerate(own)
        ]

    def beside(self, part: str, code: str, name: str, values: Matrix) -> None:
        sellers = zip(self.codes, self.names, values.tolist(), strict=True)
        self._rows += [(part, seller, called, code, name, value) for seller, called, value in sellers]

    def below(self, code: str, name: str, values: Matrix) -> None:
        buyers = zip(self.codes, self.names, values.tolist(), strict=True)
        self._rows += [(VALUE_ADDED, code, name, buyer, called, value) for buyer, called, value in buyers]

    def table(self) -> pa.Table:
        fields = ("part", "from_code", "from_name", "to_code", "to_name", "value")
        columns = zip(*self._rows, strict=True)
        return pa.table({name: list(values) for name, values in zip(fields, columns, strict=True)})


def _assembled(rows: list[_Row], columns: list[str], column_names: list[str], where: str) -> IoMatrix:
    sectors, others = _sector_rows(rows, columns, column_names, where)
    codes = [row.code for row in sectors]
    place = _column_places(codes, [row.name for row in sectors], columns, column_names)
    inner = [place[code] for code in codes]
    parts = _parts_beside(columns, column_names, set(inner), where)
    own, foreign = _by_origin(sectors, rows, where)
    square = np.array([row.values[inner] for row in own])
    abroad = np.array([row.values[inner] for row in foreign]) if foreign else np.zeros_like(square)
    padded = _padded(codes)
    cells = _Cells(padded, [row.name for row in sectors])
    cells.square(INTERMEDIATE, square)
    if foreign:
        cells.square(IMPORTED, abroad)

    sold, bought = square.sum(axis=1), square.sum(axis=0) + abroad.sum(axis=0)
    outputs: list[Matrix] = []
    for at, part in parts.items():
        values = np.array([row.values[at] for row in own])
        if part == OUTPUT:
            outputs.append(values)
        elif part != TOTAL:
            # Published tables print imports with either sign.
            sold = sold - np.abs(values) if part == IMPORT else sold + values
            cells.beside(part, columns[at], column_names[at] or columns[at], values)
    below = [(row, part_below(row.code, row.name)) for row in others]
    for row, part in below:
        if part == OUTPUT:
            outputs.append(row.values[inner])
        elif part == VALUE_ADDED:
            bought = bought + row.values[inner]
            cells.below(row.code, row.name, row.values[inner])
    if not outputs:
        raise InputError(
            "the table has neither a column nor a row of total output",
            where=where,
            mend="Add a column GO (总产出) with the gross output of each sector.",
            zh="表中没有总产出列（行）",
            mend_zh="加一列 GO（总产出），写明各部门总产出",
        )
    output = outputs[0]
    cells.beside(OUTPUT, "GO", "总产出", output)

    notes = [] if padded == codes else [f"代码补零 codes were given their zeros back: {padded[0]} … {padded[-1]}"]
    if {FINAL_USE, EXPORT} & set(parts.values()):
        notes += _imbalance("行 rows", sold, output, cells)
    if any(part == VALUE_ADDED for _, part in below):
        notes += _imbalance("列 columns", bought, output, cells)
    labels = [code if code == name else f"{code} {name}" for code, name in zip(padded, cells.names, strict=True)]
    flows = [f"{labels[at]} → {labels[to]}: {square[at, to]:g}" for at, to in np.argwhere(square < 0)]
    made = [f"{labels[at]}: {output[at]:g}" for at in np.flatnonzero(output < 0)]
    notes += _negative("中间流量 negative flows", flows) + _negative("总产出 negative outputs", made)
    return IoMatrix(tuple(padded), cells.table(), tuple(notes), len(flows), len(made))


def _negative(what: str, cells: Sequence[str]) -> list[str]:
    """Tell the cells that are below 0, and what cannot be done before they are mended."""
    if not cells:
        return []
    listed = "; ".join(cells[:_NAMED]) + (" …" if len(cells) > _NAMED else "")
    return [
        f"负的{what}: {len(cells)} ({listed}); 改正之前不能计算部门指标和部门冲击 until they are mended sectors "
        "cannot be measured nor shocked (gaoyuan chain WS sectors, sector-shock): 副产品记为其生产部门的销售 "
        "book by-products as sales of the sector that makes them"
    ]


def _parts_beside(columns: Sequence[str], column_names: Sequence[str], inner: set[int], where: str) -> dict[int, str]:
    """Give what each column beside the square holds."""
    parts: dict[int, str] = {}
    unknown: list[str] = []
    for at, (heading, name) in enumerate(zip(columns, column_names, strict=True)):
        part = part_beside(heading, name)
        if at not in inner and part is None:
            unknown.append(heading)
        elif at not in inner and part is not None:
            parts[at] = part
    if unknown:
        raise _not_square([], unknown, where)
    take_totals_for_parts(parts, columns, column_names)
    return parts


def _sector_rows(
    rows: list[_Row], columns: list[str], column_names: list[str], where: str
) -> tuple[list[_Row], list[_Row]]:
    """Part the rows into those of sectors, each once, and those below the square."""
    heads = {label_key(heading) for heading in (*columns, *column_names) if heading}
    sectors: dict[str, _Row] = {}
    others: list[_Row] = []
    lacking: list[str] = []
    seen: set[tuple[str, str]] = set()
    for row in rows:
        known = label_key(row.code) in heads or label_key(row.name) in heads
        part = part_below(row.code, row.name)
        if not known or (part is not None and label_key(row.code) not in heads):
            if part is None:
                lacking.append(row.code)
            others.append(row)
            continue
        if (row.code, row.origin) in seen:
            raise InputError(
                f"sector {row.code!r} has two rows",
                where=where,
                mend="Every sector has one row; home-made and imported goods are told apart by a column Origin.",
                zh=f"部门 {row.code!r} 有两行",
                mend_zh="每个部门一行；国产与进口用 Origin 列区分",
            )
        seen.add((row.code, row.origin))
        sectors.setdefault(row.code, row)
    if lacking or not sectors:
        raise _not_square(lacking or [row.code for row in rows], [], where)
    return list(sectors.values()), others


def _column_places(
    codes: Sequence[str], names: Sequence[str], columns: Sequence[str], column_names: Sequence[str]
) -> dict[str, int]:
    """Give the column of each sector, by code first, else by name."""
    at: dict[str, int] = {}
    for heads in (column_names, columns):
        at |= {label_key(head): place for place, head in enumerate(heads) if head}
    return {
        code: at[label_key(code)] if label_key(code) in at else at[label_key(name)]
        for code, name in zip(codes, names, strict=True)
    }


def _by_origin(sectors: list[_Row], rows: list[_Row], where: str) -> tuple[list[_Row], list[_Row]]:
    """Give the rows of home-made goods (all of them where nothing is said), and those of imports, by sector."""
    found: list[dict[str, _Row]] = [{}, {}]
    codes = {row.code for row in sectors}
    for row in rows:
        if row.code not in codes:
            continue
        if is_imported(row.origin):
            found[1][row.code] = row
        elif is_home_made(row.origin):
            found[0][row.code] = row
        else:
            raise InputError(
                f"origin {row.origin!r} of sector {row.code!r} is not known",
                where=where,
                mend="Write Domestic or Imports.",
                zh=f"部门 {row.code!r} 的来源 {row.origin!r} 无法识别",
                mend_zh="写作 国产 或 进口",
            )
    home = [found[0].get(row.code) for row in sectors]
    lacking = [row.code for row, own in zip(sectors, home, strict=True) if own is None]
    if lacking:
        raise _not_square(lacking, [], where)
    none = np.zeros_like(sectors[0].values)
    abroad = [found[1].get(row.code, replace(row, values=none)) for row in sectors] if found[1] else []
    return [row for row in home if row is not None], abroad


def _not_square(rows: Sequence[str], columns: Sequence[str], where: str) -> InputError:
    said, zh = [], []
    for kind, kind_zh, other, which in (("row", "行", "column", rows), ("column", "列", "row", columns)):
        if which:
            listed = ", ".join(which[:_NAMED]) + (" …" if len(which) > _NAMED else "")
            said.append(f"{listed}: a {kind} and no {other}")
            zh.append(f"{listed} 只有{kind_zh}")
    return InputError(
        f"the table is not square: {'; '.join(said)}",
        where=where,
        mend="Sectors stand in rows and in columns under the same codes. Name final uses FU1, FU2 …, exports EX, "
        "imports IM, output GO, and value added VA1, VA2 ….",
        zh=f"表不是方阵：{'；'.join(zh)}",
        mend_zh="部门在行与列中用同样的代码；最终使用写作 FU1、FU2…，出口 EX，进口 IM，总产出 GO，增加值 VA1、VA2…",
    )


def _imbalance(side: str, found: Matrix, output: Matrix, cells: _Cells) -> list[str]:
    """Tell the sectors whose row or column does not sum to their output within 1 %."""
    scale = np.maximum(np.abs(output), 1e-9 * max(float(np.abs(output).max(initial=0.0)), 1e-300))
    off = (found - output) / scale
    wrong = np.flatnonzero(np.abs(off) > _BALANCE)
    if not wrong.size:
        return []
    worst = wrong[np.argsort(-np.abs(off[wrong]), kind="stable")][:_NAMED]
    listed = ", ".join(f"{cells.codes[at]} {cells.names[at]} {off[at]:+.1%}" for at in worst)
    return [f"{side} 与总产出相差超过 1 % do not sum to output within 1 %: {wrong.size} — {listed}"]


def _label_columns(headings: Sequence[str], rows: pa.Table) -> dict[str, int]:
    """Give which column holds the codes, the names and the origin; without any, codes stand in the first. A column of
    texts without a heading holds names.
    """
    found: dict[str, int] = {}
    for kind in LABEL_KINDS:
        for at, heading in enumerate(headings):
            if is_label(heading, kind) and at not in found.values():
                found.setdefault(kind, at)
    if "code" not in found:
        found["code"] = found.get("zh", found.get("en", 0))
    for at, heading in enumerate(headings):
        if "zh" not in found and at not in found.values() and heading.startswith("(column "):
            texts = [text for text in _texts(rows.column(at)) if text]
            if texts and not any(re.fullmatch(r"[-+\d.,eE\s]+", text) for text in texts):
                found["zh"] = at
    return found


def _is_blank(column: pa.ChunkedArray, heading: str) -> bool:
    """Whether a column that a spreadsheet left over holds nothing."""
    return heading.startswith("(column ") and not any(_texts(column))


def _second_heading(rows: pa.Table, beside: Sequence[int], codes: Sequence[str], names: Sequence[str]) -> int | None:
    """Give the row below the header that holds the other names of the columns, where there is one."""
    if not rows.num_rows or not beside:
        return None
    known = {label_key(text) for text in (*codes, *names) if text}
    cells = [str(rows.column(at)[0].as_py() or "") for at in beside]
    if sum(label_key(cell) in known for cell in cells if cell) * 2 > len(beside) and (
        not codes[0] or is_label(codes[0])
    ):
        return 0
    return None


def _values(
    rows: pa.Table, beside: Sequence[int], headings: Sequence[str], kept: Sequence[int], numbers: npt.NDArray[np.int64],
    where: str,
) -> Matrix:  # fmt: skip
    columns: list[Matrix] = []
    for at in beside:
        cells = rows.column(at).combine_chunks().take(pa.array(kept, pa.int64()))
        parsed = as_number(cells if is_number(cells) else cells.cast(pa.large_string()), signed=True)
        if parsed.faults.any():
            row = int(np.flatnonzero(parsed.faults)[0])
            value = cells[row].as_py()
            raise InputError(
                f"{value!r} in row {numbers[kept[row]]}, column {headings[at]!r} is no number",
                where=where,
                mend="Correct the cell; an empty one is 0.",
                zh=f"第 {numbers[kept[row]]} 行“{headings[at]}”列的 {value!r} 不是数",
                mend_zh="改正该单元格；空格按 0",
            )
        columns.append(pc.fill_null(parsed.values, 0.0).to_numpy(zero_copy_only=False))
    return np.column_stack(columns) if columns else np.zeros((len(kept), 0))


def _padded(codes: Sequence[str]) -> list[str]:
    """Give numbers that a spreadsheet robbed of their leading zeros back to one length."""
    if not all(code.isascii() and code.isdecimal() for code in codes):
        return list(codes)
    width = max(2, *map(len, codes))
    return [code.zfill(width) for code in codes]


def _texts(column: pa.ChunkedArray) -> list[str]:
    return [str(cell).strip() if cell is not None else "" for cell in column.to_pylist()]
