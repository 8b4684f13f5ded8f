"""The maps and lists of a profile, filled from an atlas and the tables of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gaoyuan.chain.atlas.own_tables import read_own_table
from gaoyuan.chain.atlas.profiles.columns import Column
from gaoyuan.chain.atlas.profiles.model import ListForm, MapForm, Profile, Words
from gaoyuan.chain.atlas.querying import Atlas
from gaoyuan.chain.atlas.rows import AtlasRows, Row
from gaoyuan.chain.locality import Locality
from gaoyuan.workspace import Workspace

Fetch: TypeAlias = Callable[[AtlasRows], "list[Row] | Words"]


@dataclass(frozen=True, slots=True)
class FilledList:
    """A list with its rows, each as long as `columns`; `no_data` says what to import where nothing is known, `note`
    what a reader has to know. Without rows and without `no_data` the tables were there and nothing met the conditions.
    """

    form: ListForm
    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]
    no_data: Words | None
    note: Words | None


@dataclass(frozen=True, slots=True)
class FilledMap:
    """A map: `shows` as in its form, `table` what a user's file has in its place, `no_data` what is missing."""

    form: MapForm
    table: FilledList | None
    no_data: Words | None


@dataclass(frozen=True, slots=True)
class FilledProfile:
    """All maps and lists of a profile, in its order; none is left out."""

    maps: tuple[FilledMap, ...]
    lists: tuple[FilledList, ...]


_NO_TABLE = Words(
    "没有数据：工作区没有存放此类内容的表。可把自己的表格（.xlsx、.csv）写进自己的样式文件，rows: file，file: 表格名",
    "no data: no table of the workspace holds this. Name a workbook or CSV file of your own in a profile of your own, "
    "rows: file, file: its name",
)
_NO_MAP = Words(
    "没有数据：工作区没有存放此图内容的表。可在自己的样式文件中用 file 写明自己的表格（.xlsx、.csv），以表代图",
    "no data: no table of the workspace holds what this map shows. Name a workbook or CSV file of your own under "
    "`file` in a profile of your own, and it stands here as a table",
)


def fill_profile(profile: Profile, atlas: Atlas, workspace: Workspace, locality: Locality) -> FilledProfile:
    """Fill the maps and lists of a profile. What has no data says what to import.

    Raises FileUnreadable where a file that the profile names cannot be read.
    """
    rows = AtlasRows(atlas, workspace, locality)
    return FilledProfile(
        tuple(_map(form, atlas) for form in profile.maps),
        tuple(fill_list(form, rows) for form in profile.lists),
    )


def fill_list(form: ListForm, rows: AtlasRows) -> FilledList:
    """Fill a list."""
    if form.file is not None:
        columns, own = read_own_table(form.file)
        return FilledList(form, columns, own, None, form.note)
    if form.rows is None:
        return FilledList(form, form.columns, (), _NO_TABLE, form.note)
    found = rows.of(form.rows)
    if isinstance(found, Words):
        return FilledList(form, form.columns, (), found, form.note)
    kept = [row for row in found if _kept(row, form)]
    no_data = None
    if form.title_words and not kept and not rows.has_titles():
        no_data = Words(
            "没有数据：没有企业称号。导入：gaoyuan import WS titles FILE",
            "no data: no titles of firms are known. Import them: gaoyuan import WS titles FILE",
        )
    cells = tuple(tuple(row.get(column.key) for column in form.columns) for row in kept)
    note = form.note
    if form.rows in ("firms", "makers") and rows.shortened:
        note = _joined(
            note,
            Words(
                f"每种产品只列最大的 {rows.most_firms} 家企业",
                f"only the {rows.most_firms} largest makers of each product",
            ),
        )
    return FilledList(form, form.columns, cells, no_data, note)


def _map(form: MapForm, atlas: Atlas) -> FilledMap:
    if form.file is not None:
        columns, own = read_own_table(form.file)
        as_list = ListForm(form.id, form.title, "file", columns, form.file)
        return FilledMap(form, FilledList(as_list, columns, own, None, None), None)
    if form.shows is None:
        return FilledMap(form, None, _NO_MAP)
    levels = atlas.nodes["level"].to_pylist()
    if form.shows == "applications" and not any(level > 0 for level in levels):
        return FilledMap(
            form,
            None,
            Words(
                f"没有数据：表 uses 中没有产品用到{atlas.product_name}。"
                "导入下游产品的投入：gaoyuan import WS uses FILE",
                f"no data: no product in the table uses needs {atlas.product_name}. Import what products downstream "
                "need: gaoyuan import WS uses FILE",
            ),
        )
    if form.shows == "regions" and not any(code is not None for code in atlas.regions["division"].to_pylist()):
        return FilledMap(
            form,
            None,
            Words(
                "没有数据：没有所在地已知的生产企业。导入企业产品：gaoyuan import WS makes FILE",
                "no data: no maker of which the place is known. Import who makes what: gaoyuan import WS makes FILE",
            ),
        )
    return FilledMap(form, None, None)


def _kept(row: Mapping[str, object], form: ListForm) -> bool:
    tests: Sequence[tuple[frozenset[str], str]] = (
        (form.states, "state"),
        (form.places, "place_kind"),
        (form.sides, "side"),
    )
    if any(among and row.get(field) not in among for among, field in tests):
        return False
    if form.levels and _side_of(row.get("level")) not in form.levels:
        return False
    held = row.get("titles")
    titles = held if isinstance(held, str) else ""
    if form.titled and not titles:
        return False
    return not form.title_words or any(word in titles for word in form.title_words)


def _side_of(level: object) -> str:
    if not isinstance(level, int):
        return ""
    return "product" if level == 0 else "upstream" if level < 0 else "downstream"


def _joined(first: Words | None, second: Words) -> Words:
    return second if first is None else Words(f"{first.zh}；{second.zh}", f"{first.en}; {second.en}")
