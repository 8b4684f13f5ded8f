"""A stored verdict as the objects that it was, for reports: what was signed is told again, never judged anew."""

from __future__ import annotations

import datetime as dt
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from gaoyuan.assess.diagnosis import Diagnosis
from gaoyuan.assess.verdicts.verdict import Verdict

T = TypeVar("T")
_ALIASES = {"Value": float | str | tuple[str, ...]}
"""Aliases that are texts where they are made, and could not be joined with others."""


def verdict_of(data: Mapping[str, Any]) -> Verdict:
    """Give the verdict that `Verdict.as_data` made plain.

    >>> from gaoyuan.assess import judge
    >>> verdict = judge("cn-sme-cluster", {"area_km2": 80}, as_of="2025-06-01")
    >>> again = verdict_of(verdict.as_data())
    >>> again.criteria["1.3"] == verdict.criteria["1.3"], again.as_data() == verdict.as_data()
    (True, True)
    """
    given = {name: part for name, part in data.items() if name not in ("snapshot", "level", "name", "diagnosis")}
    return _made(Verdict, {**given, "rule_text": json.dumps(data["snapshot"], ensure_ascii=False)})


def diagnosis_of(data: Mapping[str, Any]) -> Diagnosis:
    """Give the diagnosis that `Diagnosis.as_data` made plain."""
    return _made(Diagnosis, data)


def _made(kind: type[T], data: Mapping[str, Any]) -> T:
    hints = _hints(kind)
    return kind(**{name: _value(hints[name], part) for name, part in data.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind, localns=_ALIASES)
    return {one.name: hints[one.name] for one in fields(kind)}


def _value(kind: Any, data: Any) -> Any:  # noqa: ANN401 - types are looked at while it runs
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _one_of(inside, data)
    if origin is tuple:
        return tuple(_value(inside[0], part) for part in data)
    if origin is not None and origin is not Literal and issubclass(origin, Mapping):
        return {name: _value(inside[1], part) for name, part in data.items()}
    if isinstance(kind, type):
        if is_dataclass(kind):
            return _made(kind, data)
        if issubclass(kind, dt.date):
            return dt.date.fromisoformat(data)
        if issubclass(kind, Enum):
            return kind(data)
        if kind is float and data is not None:
            return float(data)
    return data


def _one_of(kinds: tuple[Any, ...], data: Any) -> Any:  # noqa: ANN401 - types are looked at while it runs
    if data is None:
        return None
    kinds = tuple(kind for kind in kinds if kind is not type(None))
    if isinstance(data, list):
        return tuple(data) if any(get_origin(kind) is tuple for kind in kinds) else data
    if isinstance(data, str):
        made = [
            kind for kind in kinds if isinstance(kind, type) and kind is not str and issubclass(kind, dt.date | Enum)
        ]
        return _value(made[0], data) if made else data
    if isinstance(data, int) and not isinstance(data, bool) and float in kinds and int not in kinds:
        return float(data)
    plain = [kind for kind in kinds if isinstance(kind, type) and is_dataclass(kind)]
    return _made(plain[0], data) if plain and isinstance(data, Mapping) else data
