"""An atlas as a workbook: what was found, a sheet for every list, and all products, links, makers and regions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from gaoyuan.assess.sheets import Cell, Sheet, write_sheets
from gaoyuan.chain.atlas import FilledList
from gaoyuan.chain.atlas.profiles import COLUMNS, Column
from gaoyuan.report.atlas_content import NO_ROWS, AtlasContent
from gaoyuan.report.atlas_words import STATUS_WORDS, cell, heading

_MOST_ROWS = 1_000_000
"""A sheet holds 1,048,576 rows."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_TITLE = 31
_LINKS = (
    Column("product_name", "产品", "product", "text"),
    Column("product", "产品标识", "product id", "text"),
    Column("input_name", "投入品", "input", "text"),
    Column("input", "投入品标识", "input id", "text"),
    Column("share", "成本占比", "share of cost", "share"),
    Column("quantity", "单位用量", "quantity", "number"),
    Column("essential", "是否关键", "essential", "flag"),
)


def write_atlas_workbook(content: AtlasContent, file: Path) -> None:
    """Write an atlas into an .xlsx file. Text stays text; a list without data says what to import."""
    titles: set[str] = set()
    sheets = [Sheet(_title("说明 about", titles), ("项目 item", "内容 content", "English"), list(_about(content)))]
    for at, one in enumerate(content.filled.lists, start=1):
        sheets.append(_list_sheet(_title(f"{at} {one.form.title.zh}", titles), one))
    for map_at, one in enumerate(content.filled.maps, start=1):
        if one.table is not None:
            sheets.append(_list_sheet(_title(f"图{map_at} {one.form.title.zh}", titles), one.table))
    rows = content.rows
    for name, kind in (("产品 products", "products"), ("生产企业 makers", "makers"), ("区域 regions", "regions")):
        found = rows.of(kind)
        shown = found if isinstance(found, list) else []
        sheets.append(_sheet(_title(name, titles), tuple(COLUMNS[kind].values()), shown))
    sheets.insert(-2, _sheet(_title("投入 links", titles), _LINKS, content.named_links()))
    write_sheets(file, sheets)


def _list_sheet(title: str, one: FilledList) -> Sheet:
    headings = [heading(column) for column in one.columns] or ["说明 note"]
    notes = [one.no_data] if one.no_data is not None else []
    if one.no_data is None and not one.rows:
        notes.append(NO_ROWS)
    notes += [one.note] if one.note is not None else []
    rows: list[Sequence[Cell]] = [
        [cell(value, column.kind) for value, column in zip(row, one.columns, strict=True)]
        for row in one.rows[:_MOST_ROWS]
    ]
    return Sheet(title, headings, rows, [text for note in notes for text in (note.zh, note.en) if text])


def _sheet(title: str, columns: Sequence[Column], rows: Sequence[dict[str, object]]) -> Sheet:
    shown = [[cell(row.get(column.key), column.kind) for column in columns] for row in rows[:_MOST_ROWS]]
    left = len(rows) - _MOST_ROWS
    notes = [f"另有 {left:,} 行未列 more rows are left out"] if left > 0 else []
    return Sheet(title, [heading(column) for column in columns], shown, notes)


def _about(content: AtlasContent) -> Iterable[Sequence[Cell]]:
    profile, found = content.profile, content.findings
    status = STATUS_WORDS[profile.status]
    yield ("产品 product", content.atlas.product_name, content.atlas.product)
    yield ("结果 finding", found.headline.zh, found.headline.en)
    if found.urgent.zh:
        yield ("先看 look first", found.urgent.zh, found.urgent.en)
    yield ("本地范围 local is", content.locality.title, content.locality.name)
    yield ("称号截至 titles held on", content.atlas.as_of.isoformat(), None)
    yield ("样式 profile", profile.title.zh, profile.title.en)
    yield ("样式性质 status", status[0], status[1])
    yield ("样式来源 source", f"{profile.source.zh} {profile.url or ''}".strip(), profile.source.en)
    if profile.note is not None:
        yield ("样式说明 note", profile.note.zh, profile.note.en)
    for name, rule in content.rules():
        yield (name, rule.zh, rule.en)
    for at, one in enumerate(content.filled.maps, start=1):
        said = content.map_words(one)
        yield (f"图 {at} map {one.form.title.zh} {one.form.title.en}", said.zh, said.en)
    for at, one in enumerate(content.filled.lists, start=1):
        said = content.list_words(one)
        yield (f"清单 {at} list {one.form.title.zh} {one.form.title.en}", said.zh, said.en)
    for note in content.sources:
        yield ("数据来源 data", note.zh, note.en)


def _title(wanted: str, taken: set[str]) -> str:
    """Give a title that a sheet may have and no other sheet has; case does not tell titles apart."""
    plain = _FORBIDDEN.sub(" ", wanted).strip().strip("'")[:_LONGEST_TITLE] or "清单"
    title, again = plain, 2
    while title.lower() in taken or title.lower() == "history":
        end = f" ({again})"
        title, again = plain[: _LONGEST_TITLE - len(end)] + end, again + 1
    taken.add(title.lower())
    return title
