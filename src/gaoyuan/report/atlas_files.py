"""An atlas as a file whose ending says how: JSON, a workbook, or a web page that needs no network."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from gaoyuan.chain.atlas import Atlas, FilledList
from gaoyuan.chain.atlas.findings import Side
from gaoyuan.chain.atlas.profiles import Profile, Words
from gaoyuan.chain.locality import Locality
from gaoyuan.errors import OutputUnknown
from gaoyuan.report.atlas_content import AtlasContent, atlas_content
from gaoyuan.workspace import Workspace
from gaoyuan.workspace.whole_files import check_writable, whole_file

ATLAS_ENDINGS = (".html", ".json", ".xlsx")


@dataclass(frozen=True, slots=True)
class WrittenAtlas:
    """An atlas that was written: where, of what, what it finds, and which maps and lists have no data."""

    file: Path
    product: str
    product_name: str
    place: str
    profile: str
    upstream: Side
    downstream: Side
    headline: Words
    urgent: Words
    without_data: tuple[Words, ...]

    def __str__(self) -> str:
        lines = [
            f"{self.product_name}产业链图谱 atlas: {self.file}（{self.profile}；本地 local: {self.place}）",
            self.headline.zh,
            self.headline.en,
        ]
        if self.urgent.zh:
            lines += [f"先看 look first: {self.urgent.zh}"]
        if self.without_data:
            lines += ["没有数据 no data: " + "、".join(f"{one.zh} {one.en}".strip() for one in self.without_data)]
        return "\n".join(lines)


def check_atlas_path(path: Path) -> Path:
    """Give the path if an atlas can be written there, before work is spent on it. Raises OutputUnknown for an ending
    that names no face of an atlas, InputError where no file can stand.
    """
    ending = path.suffix.lower()
    if ending not in ATLAS_ENDINGS:
        raise OutputUnknown(
            f"an atlas cannot be written as {ending or 'a file without ending'}",
            where=str(path),
            mend=f"Name a file that ends in one of {', '.join(ATLAS_ENDINGS)}.",
            zh=f"图谱不能写成 {ending or '无后缀文件'}",
            mend_zh=f"文件名须以其中之一结尾：{'、'.join(ATLAS_ENDINGS)}",
        )
    check_writable(path)
    return path


def write_atlas(
    atlas: Atlas, profile: Profile, path: Path, *, workspace: Workspace, locality: Locality
) -> WrittenAtlas:
    """Write an atlas as .html, .json or .xlsx, with the maps and lists of a profile.

    The file appears whole or not at all. Raises as `check_atlas_path`, FileUnreadable where a table that the profile
    names cannot be read, ExtraMissing where the page's script was not built.
    """
    check_atlas_path(path)
    content = atlas_content(atlas, profile, workspace, locality)
    match path.suffix.lower():
        case ".json":
            text = json.dumps(_plain(atlas_data(content)), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
            with whole_file(path) as partial:
                partial.write_text(text, encoding="utf-8")
        case ".xlsx":
            from gaoyuan.report.atlas_workbook import write_atlas_workbook

            with whole_file(path) as partial:
                write_atlas_workbook(content, partial)
        case _:
            from gaoyuan.report.atlas_page import atlas_page

            text = atlas_page(content)
            with whole_file(path) as partial:
                partial.write_text(text, encoding="utf-8")
    found = content.findings
    missing = [one.form.title for one in (*content.filled.maps, *content.filled.lists) if one.no_data is not None]
    return WrittenAtlas(
        path,
        atlas.product,
        atlas.product_name,
        locality.title,
        f"{profile.title.zh} {profile.title.en}".strip(),
        found.upstream,
        found.downstream,
        found.headline,
        found.urgent,
        tuple(missing),
    )


def atlas_data(content: AtlasContent) -> dict[str, object]:
    """Give an atlas as plain values for JSON: codes and ids as they stand in the tables, unknown as null."""
    atlas, profile, found = content.atlas, content.profile, content.findings
    return {
        "product": atlas.product,
        "product_name": atlas.product_name,
        "place": {"name": content.locality.name, "title": content.locality.title},
        "as_of": atlas.as_of,
        "profile": {
            "id": profile.id,
            "title": profile.title._asdict(),
            "status": profile.status,
            "source": profile.source._asdict(),
            "url": profile.url,
            "states": asdict(profile.states),
        },
        "findings": {
            "headline": found.headline._asdict(),
            "urgent": found.urgent._asdict(),
            "upstream": asdict(found.upstream),
            "downstream": asdict(found.downstream),
        },
        "nodes": atlas.nodes.to_pylist(),
        "links": atlas.links.to_pylist(),
        "firms": atlas.firms.to_pylist(),
        "regions": atlas.regions.to_pylist(),
        "maps": [
            {
                "id": one.form.id,
                "title": one.form.title._asdict(),
                "shows": one.form.shows,
                "no_data": one.no_data._asdict() if one.no_data is not None else None,
                "table": _list_data(one.table) if one.table is not None else None,
            }
            for one in content.filled.maps
        ],
        "lists": [_list_data(one) for one in content.filled.lists],
        "sources": [one._asdict() for one in content.sources],
    }


def _list_data(one: FilledList) -> dict[str, object]:
    keys = [column.key for column in one.columns]
    return {
        "id": one.form.id,
        "title": one.form.title._asdict(),
        "no_data": one.no_data._asdict() if one.no_data is not None else None,
        "note": one.note._asdict() if one.note is not None else None,
        "columns": [column._asdict() for column in one.columns],
        "rows": [dict(zip(keys, row, strict=True)) for row in one.rows],
    }


def _plain(value: object) -> object:
    """Give a value as JSON can hold it."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, dt.date) else value
