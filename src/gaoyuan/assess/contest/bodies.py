"""Typed reading of what an event holds: a body of the wrong shape is refused with the name of the part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gaoyuan.assess.contest.canonical import Json
from gaoyuan.assess.contest.faults import ActRefused

__all__ = ["Body", "flag", "identifier", "is_identifier", "mapping", "mappings", "sheet_scores", "text", "texts"]

Body = Mapping[str, Json]

_IDENTIFIER = re.compile(r"\w[\w.\-]{0,63}")


def _wrong(name: str, should: str, value: Json) -> ActRefused:
    return ActRefused(f"{name} 应为 should be {should}: {value!r}")


def is_identifier(value: str) -> bool:
    """Whether a text may name an entrant, a judge or a group: 1–64 letters (Chinese too), digits, `_`, `-` and `.`.

    >>> is_identifier("绍兴-01"), is_identifier("../x"), is_identifier("")
    (True, False, False)
    """
    return _IDENTIFIER.fullmatch(value) is not None


def text(body: Body, name: str, *, empty: bool = False) -> str:
    """Give a text; raises ActRefused where it is missing, none, or empty where it must not be."""
    value = body.get(name, "" if empty else None)
    if not isinstance(value, str):
        raise _wrong(name, "文字 text", value)
    if not (empty or value.strip()):
        raise ActRefused(f"{name} 不能为空 must not be empty")
    return value


def identifier(body: Body, name: str) -> str:
    """Give a text that may name something; raises ActRefused otherwise."""
    value = text(body, name)
    if not is_identifier(value):
        raise _wrong(name, "编号：1–64 个字母、汉字、数字、_-. an id of 1–64 letters, digits, _ - .", value)
    return value


def texts(body: Body, name: str) -> tuple[str, ...]:
    """Give a list of texts, empty where it is missing; raises ActRefused otherwise."""
    value = body.get(name, ())
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise _wrong(name, "文字列表 a list of texts", value)
    found = tuple(part for part in value if isinstance(part, str) and part.strip())
    if len(found) != len(value):
        raise _wrong(name, "文字列表 a list of texts", value)
    return found


def flag(body: Body, name: str) -> bool:
    """Give a truth value; raises ActRefused otherwise."""
    value = body.get(name)
    if not isinstance(value, bool):
        raise _wrong(name, "true/false", value)
    return value


def mapping(body: Body, name: str) -> Body:
    """Give an object, empty where it is missing; raises ActRefused otherwise."""
    value = body.get(name, {})
    if not isinstance(value, Mapping):
        raise _wrong(name, "对象 an object", value)
    return value


def mappings(body: Body, name: str) -> tuple[Body, ...]:
    """Give a list of objects, empty where it is missing; raises ActRefused otherwise."""
    value = body.get(name, ())
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise _wrong(name, "对象列表 a list of objects", value)
    found = tuple(part for part in value if isinstance(part, Mapping))
    if len(found) != len(value):
        raise _wrong(name, "对象列表 a list of objects", value)
    return found


def sheet_scores(body: Body, name: str = "scores") -> dict[str, dict[str, str]]:
    """Give scores by entrant and criterion, decimal strings; raises ActRefused otherwise."""
    found: dict[str, dict[str, str]] = {}
    for entrant, row in mapping(body, name).items():
        if not isinstance(row, Mapping):
            raise _wrong(f"{name}.{entrant}", "对象 an object", row)
        cells = {criterion: score for criterion, score in row.items() if isinstance(score, str)}
        if len(cells) != len(row):
            raise _wrong(f"{name}.{entrant}", "小数文字 decimal strings", row)
        found[entrant] = cells
    return found
