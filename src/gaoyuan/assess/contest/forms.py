"""The judge's form: written by the tool with the entrants to score, filled in, and read back with checks."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from gaoyuan.assess.contest.canonical import Json, time_text
from gaoyuan.assess.contest.definition import Criterion, Definition, RoundName
from gaoyuan.assess.contest.faults import ActRefused, SheetFault, SheetInvalid
from gaoyuan.assess.contest.panel import conflict, duty
from gaoyuan.assess.contest.points import point_fault
from gaoyuan.assess.contest.state import ContestState, Judge, Scores
from gaoyuan.assess.contest.words import round_title
from gaoyuan.assess.decimals import decimal_text
from gaoyuan.assess.grids import column_letters, read_grid, write_grid
from gaoyuan.assess.sheets import heading_style, set_widths, workbook, write_rows
from gaoyuan.errors import FileUnreadable
from gaoyuan.workspace.whole_files import whole_file

__all__ = ["read_form", "write_form"]

_HEAD = 4
"""The row of headings, from 0; above it contest, round, judge and a note."""
_ENTRANT = "参赛编号 entrant"
_MARK = re.compile(r"\[(.+)\]")


def write_form(state: ContestState, judge: Judge, file: Path, *, replace: bool = False) -> int:
    """Write the empty form of a judge for the round that is being scored: .xlsx, .csv or .json; gives its entrants.

    The file appears whole or not at all; one that stands already, which the judge may have filled in, is refused unless
    `replace` is given. Raises ActRefused where no round is being scored or the judge has nobody to score, OutputUnknown
    for another ending, InputError for a file that stands already or cannot be written.
    """
    name = _round(state)
    definition = state.definition
    entrants = list(duty(state, name, judge))
    if not entrants:
        raise ActRefused(f"{judge.id} 本轮无须评分 has nobody to score in this round")
    if file.suffix.lower() == ".json":
        empty = {entrant.id: {leaf.id: None for leaf in definition.leaves} for entrant in entrants}
        form = {"contest": state.id, "round": name, "judge": judge.id, "scores": empty}
        with whole_file(file, replace=replace) as partial:
            partial.write_text(json.dumps(form, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return len(entrants)
    deadline = state.deadlines["group_scoring" if name == "group" else "final_scoring"]
    note = (
        f"每格填 0 至满分，最多 {definition.score_decimals} 位小数；{time_text(deadline)} 前交回"
        f" fill every cell from 0 to its maximum, at most {definition.score_decimals} decimals;"
        f" due {time_text(deadline)}"
    )
    rows = [
        ["竞赛 contest", state.id, str(state.title)],
        ["轮次 round", name, round_title(name)],
        ["评委 judge", judge.id, judge.name],
        ["说明 note", note],
        [_ENTRANT, "参赛集群 cluster", "小组 group", *(_heading(leaf) for leaf in definition.leaves)],
        *([entrant.id, entrant.name, entrant.group, *("" for _ in definition.leaves)] for entrant in entrants),
    ]
    if file.suffix.lower() == ".xlsx":
        with whole_file(file, replace=replace) as partial:
            _workbook(partial, rows, definition.leaves)
    else:
        write_grid(file, rows, replace=replace)
    return len(entrants)


def read_form(state: ContestState, judge: Judge, file: Path) -> Scores:
    """Read a filled form of the judge for the round that is being scored, and check every cell.

    Raises SheetInvalid with every fault by row and column (another contest, round or judge; an entrant missing,
    unknown, twice or excluded; a cell empty, no number, out of bounds), FileUnreadable for what is no form at all.
    """
    name = _round(state)
    grid = _from_json(file) if file.suffix.lower() == ".json" else _from_grid(file)
    faults = [
        SheetFault(row, column, f"{what} 应为 should be {should!r}: {found!r}")
        for (what, (row, column, found)), should in zip(grid.facts.items(), (state.id, name, judge.id), strict=True)
        if found != should
    ]
    if faults:
        raise SheetInvalid(faults, where=str(file))
    scores = _checked(state, name, judge, grid, faults)
    if faults:
        raise SheetInvalid(faults, where=str(file))
    return scores


class _Form:
    """A form as read: contest, round and judge with their places, then (row, entrant, cells by criterion)."""

    def __init__(self) -> None:
        self.facts: dict[str, tuple[str, str, str]] = {}
        self.columns: dict[str, str] = {}
        self.rows: list[tuple[str, str, dict[str, str]]] = []
        self.faults: list[SheetFault] = []


def _checked(state: ContestState, name: RoundName, judge: Judge, form: _Form, faults: list[SheetFault]) -> Scores:
    definition = state.definition
    faults += form.faults
    leaves = {leaf.id: leaf for leaf in definition.leaves}
    faults += [
        SheetFault("", form.columns[key], f"没有此指标 there is no criterion {key!r}")
        for key in form.columns
        if key not in leaves
    ]
    faults += [
        SheetFault("", "", f"缺指标 the criterion is missing: {key}") for key in leaves if key not in form.columns
    ]
    expected = {entrant.id for entrant in duty(state, name, judge)}
    scores: Scores = {}
    for row, entrant, cells in form.rows:
        if entrant not in expected:
            known = state.entrants.get(entrant)
            reason = conflict(state, judge, known) if known is not None else None
            what = f"应回避 excluded: {reason}" if reason else "不在该评委的评分名单中 not among those to be scored"
            faults.append(SheetFault(row, "A" if row != entrant else "", f"{entrant}: {what}"))
            continue
        if entrant in scores:
            faults.append(
                SheetFault(row, "A" if row != entrant else "", f"参赛单位重复 the entrant stands twice: {entrant}")
            )
            continue
        scores[entrant] = {}
        for key, leaf in leaves.items():
            if key not in form.columns:
                continue
            points, fault = _points(definition, leaf, cells.get(key, ""))
            if fault:
                faults.append(SheetFault(row, form.columns[key], f"{entrant} {leaf.title}: {fault}"))
            scores[entrant][key] = points
    faults += [
        SheetFault("", "", f"缺参赛单位 the entrant is missing: {entrant} {state.entrants[entrant].name}")
        for entrant in sorted(expected - set(scores))
    ]
    return scores


def _points(definition: Definition, leaf: Criterion, cell: str) -> tuple[str, str | None]:
    given = unicodedata.normalize("NFKC", cell).strip()
    if not given:
        return "", "未评分 the cell is empty"
    try:
        value = Decimal(given)
    except InvalidOperation:
        return "", f"不是数字 this is no number: {cell!r}"
    if not value.is_finite() or abs(value.adjusted()) > 12:
        return "", f"不是数字 this is no number: {cell!r}"
    if value < 0:
        return "", f"{given} 小于零 is below zero"
    points = decimal_text(value)
    return points, point_fault(definition, leaf, points)


def _round(state: ContestState) -> RoundName:
    name = state.scoring_round
    if name is None:
        raise ActRefused("现在不在评分阶段 no round is being scored now", mend="见 See `gaoyuan contest show`.")
    return name


def _heading(leaf: Criterion) -> str:
    return f"{leaf.title} 0–{leaf.maximum} [{leaf.id}]"


def _from_grid(file: Path) -> _Form:
    grid, form = read_grid(file), _Form()
    head = next((at for at, row in enumerate(grid) if row and row[0].startswith("参赛编号")), None)
    if head is None:
        raise FileUnreadable(
            f"没有表头行 there is no row of headings that begins with {_ENTRANT!r}",
            where=str(file),
            mend="用本工具生成的表 Use the form that the tool wrote: gaoyuan contest sheet.",
        )
    above = {row[0].split()[-1]: (str(at + 1), row) for at, row in enumerate(grid[:head]) if row and row[0].split()}
    for what in ("contest", "round", "judge"):
        row, cells = above.get(what, ("", []))
        form.facts[what] = (row, "B" if row else "", cells[1] if len(cells) > 1 else "")
    places: dict[str, int] = {}
    for at, heading in enumerate(grid[head]):
        mark = _MARK.search(heading)
        if mark and mark.group(1) in places:
            form.faults.append(
                SheetFault(str(head + 1), column_letters(at), f"指标重复 the criterion stands twice: {heading}")
            )
        elif mark:
            places[mark.group(1)] = at
    form.columns = {key: column_letters(at) for key, at in places.items()}
    for number, row in enumerate(grid[head + 1 :], head + 2):
        if any(row):
            cells = {key: row[at] if at < len(row) else "" for key, at in places.items()}
            form.rows.append((str(number), row[0], cells))
    return form


def _from_json(file: Path) -> _Form:
    form = _Form()
    try:
        given: Json = json.loads(file.read_text(encoding="utf-8-sig"), parse_float=str, parse_int=str)
    except FileNotFoundError:
        raise FileUnreadable("没有此文件 there is no such file", where=str(file), mend="Check the path.") from None
    except (ValueError, OSError, RecursionError) as fault:
        raise FileUnreadable(f"不是 JSON this is no JSON ({fault})", where=str(file)) from None
    if not isinstance(given, Mapping) or not isinstance(scores := given.get("scores"), Mapping):
        raise FileUnreadable("不是评分表 this is no form: it has no scores", where=str(file))
    for what in ("contest", "round", "judge"):
        form.facts[what] = ("", "", str(given.get(what, "")))
    for entrant, row in scores.items():
        cells = (
            {key: "" if cell is None else str(cell) for key, cell in row.items()} if isinstance(row, Mapping) else {}
        )
        form.columns |= {key: key for key in cells}
        form.rows.append((entrant, entrant, cells))
    return form


def _workbook(file: Path, rows: Sequence[Sequence[str]], leaves: Sequence[Criterion]) -> None:
    with workbook(file) as book:
        sheet = book.add_worksheet("评分表 scores")
        fill = book.add_format({"bg_color": "#FFFBE6", "border": 1})
        write_rows(sheet, rows, {_HEAD: heading_style(book)})
        for at in range(_HEAD + 1, len(rows)):
            for column in range(3, 3 + len(leaves)):
                sheet.write_blank(at, column, None, fill)
        for at, leaf in enumerate(leaves):
            limit = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(leaf.maximum or 0)}
            limit |= {"error_title": "超出范围 out of bounds", "error_message": f"0–{leaf.maximum}"}
            sheet.data_validation(_HEAD + 1, 3 + at, max(len(rows) - 1, _HEAD + 1), 3 + at, limit)
        set_widths(sheet, [16, 32, 14, *(18 for _ in leaves)])
        sheet.freeze_panes(_HEAD + 1, 2)
