"""Reading profiles: those that ship, and a user's own file."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

import jsonschema
import jsonschema.exceptions
import yaml

from gaoyuan.chain.atlas.link_state import StateRule
from gaoyuan.chain.atlas.profiles.columns import COLUMNS, Column
from gaoyuan.chain.atlas.profiles.model import ListForm, MapForm, Profile, Words
from gaoyuan.errors import FileUnreadable, InputError, NotFound

DEFAULT_PROFILE = "four-maps-six-lists"

_FOLDER = "gaoyuan.chain.atlas.profiles"
_MOST_BYTES = 200_000
_DEEPEST = 20
_FILTERS = {"state": "state", "place": "place_kind", "side": "side", "level": "level", "title_words": "titles"}
"""Which field of the rows each filter looks at."""


def profiles() -> tuple[Profile, ...]:
    """Give the profiles that ship, the default first, the others by their ids."""
    shipped = [_shipped(name) for name in _names()]
    return tuple(sorted(shipped, key=lambda one: (one.id != DEFAULT_PROFILE, one.id)))


def profile(name: str | os.PathLike[str] = DEFAULT_PROFILE) -> Profile:
    """Give a profile by its id, or read one from a .yaml file of the user's; the files that it names are looked for
    beside it.

    Raises NotFound for an id that does not ship, FileUnreadable for a file that cannot be read, InputError for one that
    is no profile, with the place in it.

    >>> one = profile()
    >>> [map.title.zh for map in one.maps]
    ['产业链全景图', '技术路线图', '应用领域图', '区域分布图']
    """
    if isinstance(name, str) and name in _names():
        return _shipped(name)
    path = Path(name)
    if path.suffix.lower() in (".yaml", ".yml"):
        return _parsed(_text(path), str(path), path.absolute().parent)
    known = ", ".join(_names())
    raise NotFound(
        f"no profile {os.fspath(name)!r}",
        mend=f"Profiles: {known}; or give a .yaml file of your own.",
        zh=f"没有图谱样式 {os.fspath(name)}",
        mend_zh=f"样式：{known}；或给出自己的 .yaml 文件",
    )


@cache
def _names() -> tuple[str, ...]:
    found = (file.name for file in files(_FOLDER).iterdir() if file.name.endswith(".yaml"))
    return tuple(sorted(name.removesuffix(".yaml") for name in found))


@cache
def _shipped(name: str) -> Profile:
    return _parsed(_resource(f"{name}.yaml").read_text("utf-8"), f"{name}.yaml", None)


def _resource(name: str) -> Traversable:
    return files(_FOLDER) / name


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _unreadable(path, f"more than {_MOST_BYTES:,} bytes")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(path, "no text in UTF-8") from None
    except (OSError, ValueError) as fault:
        raise _unreadable(path, str(getattr(fault, "strerror", None) or fault)) from None


def _unreadable(path: str | Path, why: str) -> FileUnreadable:
    return FileUnreadable(
        f"the profile cannot be read ({why})",
        where=str(path),
        mend="Check the file, or take one that ships as a pattern.",
        zh="图谱样式文件无法读取",
        mend_zh="核对文件，或以自带样式为样本",
    )


def _parsed(text: str, where: str, folder: Path | None) -> Profile:
    data = _checked(_loaded(text, where), where)
    states = cast("Mapping[str, Any]", data.get("states") or {})
    maps = tuple(
        MapForm(one["id"], _words(one["title"]), one["shows"], _file(one.get("file"), folder)) for one in data["maps"]
    )
    lists = tuple(_list(one, where, folder) for one in data["lists"])
    for kind, ids in (("maps", [one.id for one in maps]), ("lists", [one.id for one in lists])):
        again = next((own for at, own in enumerate(ids) if own in ids[:at]), None)
        if again is not None:
            raise _faulty(where, kind, f"the id {again!r} stands twice", f"标识 {again} 出现两次")
    note, last = data.get("note"), data.get("last_checked")
    return Profile(
        id=data["id"],
        title=_words(data["title"]),
        status=data["status"],
        region=_words(data.get("region") or {"zh": "通用", "en": "anywhere"}),
        source=_words(data.get("source") or {"zh": "用户自定", "en": "the user's own"}),
        url=data.get("url"),
        last_checked=None if last is None else str(last),
        states=StateRule(**states),
        maps=maps,
        lists=lists,
        note=None if note is None else _words(note),
    )


def _loaded(text: str, where: str) -> object:
    """Read YAML without aliases, which can blow a small file up, and not nested without end."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                raise _unreadable(where, "aliases (*name) are not read")
            if depth > _DEEPEST:
                raise _unreadable(where, f"nested deeper than {_DEEPEST} levels")
        return _plain(yaml.safe_load(text))
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise _unreadable(where, str(fault)) from None


def _plain(data: object) -> object:
    """Give dates as the text that they are written in, and refuse what is no number."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(one) for one in data]
    if isinstance(data, float) and not math.isfinite(data):
        raise ValueError(f"{data} is no number")
    return data if data is None or isinstance(data, str | int | float | bool) else str(data)


def _checked(data: object, where: str) -> Mapping[str, Any]:
    fault = jsonschema.exceptions.best_match(_validator().iter_errors(cast("Any", data)))
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path) or "top"
        raise _faulty(where, place, fault.message, fault.message)
    return cast("Mapping[str, Any]", data)


def _list(one: Mapping[str, Any], where: str, folder: Path | None) -> ListForm:
    rows, name = one["rows"], one["id"]
    file = _file(one.get("file"), folder)
    if rows == "file" and file is None:
        raise _faulty(where, name, "it names no file that its rows are in", "没有写明行所在的文件 file")
    known = COLUMNS.get(rows, {})
    columns: list[Column] = []
    for given in one.get("columns", ()):
        key = given if isinstance(given, str) else given["key"]
        if key not in known:
            raise _faulty(
                where,
                name,
                f"rows {rows!r} have no column {key!r}; they have {', '.join(known) or 'none of their own'}",
                f"行 {rows} 没有列 {key}；可用：{'、'.join(known) or '无'}",
            )
        own = known[key]
        columns.append(own if isinstance(given, str) else own._replace(zh=given["zh"], en=given.get("en", own.en)))
    chosen = cast("Mapping[str, Any]", one.get("where") or {})
    for key, field in _FILTERS.items():
        if chosen.get(key) and field not in known:
            raise _faulty(where, name, f"rows {rows!r} cannot be chosen by {key}", f"行 {rows} 不能按 {key} 筛选")
    note = one.get("note")
    return ListForm(
        id=name,
        title=_words(one["title"]),
        rows=rows,
        columns=tuple(columns) or tuple(known.values()),
        file=file,
        states=frozenset(chosen.get("state", ())),
        places=frozenset(chosen.get("place", ())),
        sides=frozenset(chosen.get("side", ())),
        levels=frozenset(chosen.get("level", ())),
        title_words=tuple(chosen.get("title_words", ())),
        titled=bool(chosen.get("titled", False)),
        note=None if note is None else _words(note),
    )


def _words(given: Mapping[str, str]) -> Words:
    return Words(given["zh"], given.get("en", ""))


def _file(name: str | None, folder: Path | None) -> Path | None:
    return None if name is None else (folder or Path()) / name


def _faulty(where: str, place: str, what: str, zh: str) -> InputError:
    return InputError(
        f"this is no profile of an atlas: {what}",
        where=f"{where}, {place}",
        mend="The form is in the method page of the atlas; a profile that ships is a pattern.",
        zh=f"图谱样式不合格式：{zh}",
        mend_zh="格式见产业链图谱方法页，可以自带样式为样本",
    )


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(_resource("profile.schema.json").read_text("utf-8")))
