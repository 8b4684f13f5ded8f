"""Which column of a file is what: recognised by its heading, or told by the user."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from gaoyuan.codes import DATUMS, Datum
from gaoyuan.errors import ColumnsMissing, MappingInvalid
from gaoyuan.registry.reading import ReadSettings
from gaoyuan.workspace import Json

FileKind: TypeAlias = Literal["enterprises", "titles", "facts", "products", "uses", "makes", "trades", "io"]
"""What a file holds, which decides what its columns can be read as."""

_FIRM = (("name",), "企业名称", "the names of firms")
_PRODUCT = (("product_name", "product_code"), "产品名称或产品代码", "the names of products, nor their codes")
_NEEDED: Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]] = {
    "products": ((("product_name",), "产品名称", "the names of products"),),
    "uses": (_PRODUCT, (("input_name", "input_code"), "投入品或投入品代码", "the products needed, nor their codes")),
    "makes": (_FIRM, _PRODUCT),
    "trades": ((("seller",), "卖方", "the sellers"), (("buyer",), "买方", "the buyers"), _PRODUCT),
}
"""The columns without which rows of a kind mean nothing, one of the targets each; of every other kind it is that of the
firms' names.
"""

MAX_HEADER_ROW = 10_000
MONEY_TARGETS = frozenset({"revenue_yuan", "assets_yuan", "capital_yuan", "output_yuan", "amount_yuan"})
_COORDINATES = ("longitude", "latitude")
_BRACKETS = re.compile(r"[((\[【〔<]([^))\]】〕>]*)[))\]】〕>]")
_PUNCTUATION = re.compile(r"[\s_/\-*·:,.、:;;'\"“”]+")
_SETTINGS = {"encoding": str, "delimiter": str, "quotes": bool, "sheet": str, "header_row": int, "datum": str}


@dataclass(frozen=True, slots=True)
class Assignment:
    """A column of the file read as one of our targets; `factor` brings money into yuan, and `unit_given` tells whether
    heading or mapping name its unit.
    """

    heading: str
    target: str
    factor: float = 1.0
    datum: Datum | None = None
    unit_given: bool = False

    def __str__(self) -> str:
        """Say what is read as what, and money in which unit.

        >>> str(Assignment("营业收入(万元)", "revenue_yuan", 1e4, unit_given=True))
        '营业收入(万元) → revenue_yuan (×10,000)'
        """
        said = f"{self.heading} → {self.target}"
        if self.target not in MONEY_TARGETS:
            return said
        if not self.unit_given:
            return f"{said} (表头未写单位，按元 no unit in the heading: yuan)"
        return f"{said} (×{self.factor:,.0f})"


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How the columns of a file are read; `unused` are the headings that mean nothing to us."""

    assignments: tuple[Assignment, ...]
    unused: tuple[str, ...] = ()
    datum: Datum = "WGS-84"
    datum_given: bool = False

    def heading_of(self, target: str) -> str | None:
        """Give the heading of the column read as `target`, or None."""
        return next((given.heading for given in self.assignments if given.target == target), None)

    def as_json(self) -> dict[str, Json]:
        """Give the map as plain values, for provenance."""
        columns: dict[str, Json] = {}
        for given in self.assignments:
            column: dict[str, Json] = {"heading": given.heading}
            if given.factor != 1.0:
                column["factor"] = given.factor
            columns[given.target] = column
        return {"columns": columns, "datum": self.datum}


@dataclass(frozen=True, slots=True)
class UserMapping:
    """What a mapping file says: targets with the headings (and units) to read them from, and settings of reading.
    `unused` are headings that are not to be read although they are recognised.
    """

    columns: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    read: ReadSettings = field(default_factory=ReadSettings)
    datum: Datum | None = None
    unused: frozenset[str] = frozenset()


def load_mapping(path: Path, kind: FileKind = "enterprises") -> UserMapping:
    """Read a mapping file (TOML) for files of a kind. Raises MappingInvalid, with the place, where it says what cannot
    be.

    ::

        [columns]
        name = "企业全称"
        revenue_yuan = { heading = "营收", unit = "万元" }

        [settings]
        encoding = "gb18030"    # delimiter, quotes, sheet, header_row, datum
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise MappingInvalid(
            "there is no such file", where=str(path), mend="Check the path.", zh="没有此文件", mend_zh="核对路径"
        ) from None
    except OSError as fault:
        raise MappingInvalid(
            f"the file cannot be read ({fault.strerror})", where=str(path), zh="文件无法读取"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise MappingInvalid(
            f"this is not TOML in UTF-8 ({fault})", where=str(path), zh="不是 UTF-8 编码的 TOML"
        ) from None
    if strange := set(document) - {"columns", "settings"}:
        raise MappingInvalid(
            f"unknown part [{min(strange)}]", where=str(path), mend="A mapping has the parts [columns] and [settings]."
        )
    for part in document:
        if not isinstance(document[part], dict):
            raise MappingInvalid(
                f"{part} is no part",
                where=str(path),
                mend=f"Write [{part}] on a line of its own, and below it name = ….",
            )
    columns: dict[str, tuple[str, str | None]] = {}
    for target, given in cast(dict[str, Any], document.get("columns", {})).items():
        if target not in targets(kind):
            raise MappingInvalid(
                f"no target {target!r}",
                where=f"{path} [columns]",
                mend=f"Targets are: {', '.join(sorted(targets(kind)))}.",
                zh=f"没有名为 {target!r} 的目标列",
                mend_zh=f"可用：{'、'.join(sorted(targets(kind)))}",
            )
        heading, unit = (given.get("heading"), given.get("unit")) if isinstance(given, dict) else (given, None)
        strange = isinstance(given, dict) and set(given) - {"heading", "unit"}
        if strange or not isinstance(heading, str) or not (unit is None or isinstance(unit, str)):
            raise MappingInvalid(
                f"{target} is no heading",
                where=f"{path} [columns]",
                mend=f'Write {target} = "heading" or {target} = {{ heading = "...", unit = "万元" }}.',
            )
        if unit is not None and target not in MONEY_TARGETS:
            raise MappingInvalid(
                f"{target} has no unit",
                where=f"{path} [columns]",
                mend=f"Units are for money: {', '.join(sorted(MONEY_TARGETS))}.",
            )
        if unit is not None and _unit(unit) is None:
            raise MappingInvalid(
                f"no unit {unit!r}",
                where=f"{path} [columns] {target}",
                mend=f"Units are: {', '.join(_vocabulary()['units'])}.",
            )
        columns[target] = (heading, unit)
    settings = cast(dict[str, Any], document.get("settings", {}))
    for name, value in settings.items():
        if name not in _SETTINGS or type(value) is not _SETTINGS[name] or not _makes_sense(name, value):
            raise MappingInvalid(
                f"setting {name} = {value!r} cannot be",
                where=f"{path} [settings]",
                mend=f"Settings are: {', '.join(_SETTINGS)}.",
            )
    datum = settings.pop("datum", None)
    if datum is not None and datum not in DATUMS:
        raise MappingInvalid(
            f"no datum {datum!r}", where=f"{path} [settings]", mend=f"Datums are: {', '.join(DATUMS)}."
        )
    return UserMapping(columns, ReadSettings(**settings), cast("Datum | None", datum))


def _makes_sense(name: str, value: str | int | bool) -> bool:
    if name == "header_row":
        return 1 <= int(value) <= MAX_HEADER_ROW
    return name != "delimiter" or (value != "" and not set(str(value)) & set('"\r\n'))


@cache
def targets(kind: FileKind = "enterprises") -> frozenset[str]:
    """Give what a column can be read as."""
    return frozenset(entry["target"] for entry in _entries(kind))


def target_names(kind: FileKind = "enterprises") -> dict[str, str]:
    """Give what a column can be read as, in the order of our list, each with its usual heading.

    >>> list(target_names("uses").items())[:2]
    [('product_name', '产品名称'), ('product_code', '产品代码')]
    """
    return {entry["target"]: entry["headings"][0] for entry in _entries(kind)}


def unit_names() -> tuple[str, ...]:
    """Give the units in which money can be told, from the smallest, each by one name."""
    sizes: dict[float, str] = {}
    for name, size in _vocabulary()["units"].items():
        sizes.setdefault(size, name)
    return tuple(sizes[size] for size in sorted(sizes))


def count_known(cells: Sequence[str], kind: FileKind = "enterprises") -> int:
    """Tell how many cells of a row are headings that we know, each target counted once."""
    return len({found[0] for cell in cells if (found := _recognise(cell, kind)) is not None})


def map_columns(
    headings: Sequence[str],
    mapping: UserMapping | None = None,
    *,
    where: str = "",
    kind: FileKind = "enterprises",
    complete: bool = True,
) -> ColumnMap:
    """Decide which column is read as what.

    The user's mapping comes first; then each target takes the column whose heading stands earliest in our list. Raises
    MappingInvalid where the mapping names a heading that the file has not, ColumnsMissing where no column holds the
    firms' names, unless it need not be `complete`.

    >>> [(a.heading, a.target, a.factor) for a in map_columns(["企业名称", "营业收入(万元)"]).assignments]
    [('企业名称', 'name', 1.0), ('营业收入(万元)', 'revenue_yuan', 10000.0)]
    """
    mapping = mapping or UserMapping()
    chosen: dict[str, Assignment] = {}
    for target, (heading, unit) in mapping.columns.items():
        if heading not in headings:
            raise MappingInvalid(
                f"the file has no column {heading!r}, which the mapping reads as {target}",
                where=where,
                mend=f"Its columns are: {_listed(headings)}.",
                zh=f"文件没有列映射所写的列 {heading!r}（{target}）",
                mend_zh=f"文件的列：{_listed(headings)}",
            )
        factor = _unit(unit) if unit is not None else _unit_in(heading)
        if target not in MONEY_TARGETS:
            factor = None
        chosen[target] = Assignment(heading, target, factor or 1.0, unit_given=factor is not None)
    taken = {given.heading for given in chosen.values()} | mapping.unused
    best: dict[str, tuple[int, int]] = {}
    for position, heading in enumerate(headings):
        if heading in taken or (found := _recognise(heading, kind)) is None:
            continue
        target, preference = found
        if target not in mapping.columns and (preference, position) < best.get(target, (len(headings) + 1000, 0)):
            best[target] = (preference, position)
    for target, (_, position) in best.items():
        heading = headings[position]
        factor = _unit_in(heading) if target in MONEY_TARGETS else None
        chosen[target] = Assignment(
            heading,
            target,
            factor or 1.0,
            _datum_in(heading) if target in _COORDINATES else None,
            unit_given=factor is not None,
        )
    for either, zh, what in _NEEDED.get(kind, (_FIRM,)) if complete else ():
        if chosen.keys().isdisjoint(either):
            target = either[0]
            raise ColumnsMissing(
                f"no column holds {what}",
                where=where,
                mend=(
                    f"Its columns are: {_listed(headings)}. "
                    f'Name the right one in a mapping file: [columns] {target} = "…", and pass it with --columns.'
                ),
                zh=f"没有{zh}列",
                mend_zh=(
                    f'文件的列：{_listed(headings)}；在列映射文件中写明 [columns] {target} = "…"，用 --columns 给出'
                ),
            )
    assignments = tuple(sorted(chosen.values(), key=lambda given: headings.index(given.heading)))
    datum: Datum | None = mapping.datum or next((given.datum for given in assignments if given.datum), None)
    used = {given.heading for given in assignments}
    return ColumnMap(
        assignments, tuple(heading for heading in headings if heading not in used), datum or "WGS-84", datum is not None
    )


def _listed(headings: Sequence[str]) -> str:
    """Give headings for a message: not too many, not too long, nothing that a terminal would obey."""
    shown = ["".join(c if c.isprintable() else "\ufffd" for c in heading[:30]) for heading in headings[:40]]
    return ", ".join(shown) + (f", … ({len(headings)} in all)" if len(headings) > len(shown) else "")


@lru_cache(maxsize=65536)
def _recognise(heading: str, kind: FileKind) -> tuple[str, int] | None:
    """Give the target of a heading and how far down our list it stands; None where it means nothing to us."""
    known = _known_headings(kind)
    plain = _plain(heading)
    if not plain:
        return None
    bare = _plain(_BRACKETS.sub("", unicodedata.normalize("NFKC", heading)))
    for candidate in (plain, bare, _without_unit(bare), _without_datum(plain)):
        if candidate in known:
            return known[candidate]
    return None


def _plain(text: str) -> str:
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _without_unit(plain: str) -> str:
    return next(
        (
            plain.removesuffix(unit)
            for unit in sorted(_vocabulary()["units"], key=len, reverse=True)
            if plain.endswith(unit) and plain != unit
        ),
        plain,
    )


def _without_datum(plain: str) -> str:
    bare = _BRACKETS.sub("", plain)
    for mark in sorted(_vocabulary()["datums"], key=len, reverse=True):
        bare = bare.removesuffix(mark).removeprefix(mark)
    return bare.removesuffix("坐标")


def _unit(text: str) -> float | None:
    return _vocabulary()["units"].get(_plain(text))


def _unit_in(heading: str) -> float | None:
    text = unicodedata.normalize("NFKC", heading)
    for inside in _BRACKETS.findall(text):
        for part in re.split(r"[::/,、\s]|单位", inside):
            if (factor := _unit(part)) is not None:
                return factor
    plain = _plain(_BRACKETS.sub("", text))
    return _unit(plain.removeprefix(_without_unit(plain)))


def _datum_in(heading: str) -> Datum | None:
    plain = _plain(heading)
    marks: Mapping[str, Datum] = _vocabulary()["datums"]
    return next((marks[mark] for mark in sorted(marks, key=len, reverse=True) if mark in plain), None)


def nothing_words() -> tuple[str, ...]:
    """Give what people write for "unknown"."""
    return tuple(_vocabulary()["nothing"]["words"])


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads((files("gaoyuan.registry") / "columns.toml").read_text(encoding="utf-8"))


def _entries(kind: FileKind) -> list[dict[str, Any]]:
    every = [entry for entry in _vocabulary().values() if "target" in entry]
    return [entry for entry in every if kind in entry.get("kinds", ("enterprises",))]


@cache
def _known_headings(kind: FileKind) -> dict[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for entry in _entries(kind):
        for preference, heading in enumerate(entry["headings"]):
            known.setdefault(_plain(heading), (entry["target"], preference))
    return known
