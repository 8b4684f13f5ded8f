"""Reading a process from its YAML file: what people write, checked and made into the model."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, get_args

import yaml

from gaoyuan.errors import InputError, NotFound
from gaoyuan.exchange.process.checking import faults_of
from gaoyuan.exchange.process.model import (
    Act,
    Deadline,
    Effect,
    Fact,
    FactKind,
    Guard,
    Move,
    Operator,
    Process,
    Role,
    State,
    Value,
)

__all__ = ["ProcessInvalid", "parse_process", "process", "process_keys"]

_FOLDER = files("gaoyuan.exchange.process") / "definitions"
_Data = Mapping[str, Any]


class ProcessInvalid(InputError):
    """A process whose cases could hang or fail; every fault is named."""


def process_keys() -> tuple[str, ...]:
    """Give the keys of the processes that Gaoyuan runs.

    >>> process_keys()[:5]
    ('booking', 'challenge', 'data-product', 'data-product-change', 'data-product-transfer')
    """
    names = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def process(key: str) -> Process:
    """Give a process by key; raises NotFound.

    >>> process("pool").zh
    '订单集采'
    """
    if key not in process_keys():
        names = ", ".join(process_keys())
        raise NotFound(
            f"there is no process {key}",
            mend=f"Processes are: {names}.",
            zh=f"没有流程 {key}",
            mend_zh=f"流程有：{names}",
        )
    return parse_process((_FOLDER / f"{key}.yaml").read_text("utf-8"), where=f"{key}.yaml")


def parse_process(text: str, *, where: str = "process") -> Process:
    """Read and check a process from YAML text; raises ProcessInvalid that names all faults."""
    try:
        data = yaml.safe_load(text)
        read = _process(data)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as fault:
        said = f"lacks {fault}" if isinstance(fault, KeyError) else str(fault)
        raise _invalid((f"the definition cannot be read: {said}",), where) from None
    faults = faults_of(read)
    if faults:
        raise _invalid(faults, where)
    return read


def _invalid(faults: tuple[str, ...], where: str) -> ProcessInvalid:
    return ProcessInvalid(
        "; ".join(faults), where=where, mend="Mend the definition.", zh="流程定义有误", mend_zh="修正流程定义"
    )


def _process(data: _Data) -> Process:
    facts = {name: _fact(name, entry) for name, entry in data["facts"].items()}
    return Process(
        key=str(data["key"]),
        edition=int(data["edition"]),
        zh=data["zh"],
        en=data["en"],
        roles=_held({name: Role(name, one["zh"], one["en"], one.get("party")) for name, one in data["roles"].items()}),
        facts=_held(facts),
        states=_held({name: _state(name, entry) for name, entry in data["states"].items()}),
        moves=_held({name: _move(name, entry, facts) for name, entry in data["moves"].items()}),
        acts=_held({name: Act(name, one["zh"], one["en"]) for name, one in data.get("acts", {}).items()}),
        opening=data["opening"],
    )


def _held(named: dict[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(named)


def _fact(name: str, entry: _Data) -> Fact:
    kind: FactKind = entry["kind"]
    if kind not in get_args(FactKind):
        raise ValueError(f"the fact {name} is of no known kind: {kind}")
    start = _value(entry.get("start"), kind)
    positive, future = bool(entry.get("positive")), bool(entry.get("future"))
    return Fact(name, kind, entry["zh"], entry["en"], start, positive, future)


def _value(value: object, kind: FactKind) -> Value | None:
    """Give a value of a definition in the kind of its fact; a decimal may be written as a whole number or as text."""
    if kind == "decimal" and isinstance(value, int | float | str) and not isinstance(value, bool):
        return value if isinstance(value, str) and value.startswith("$") else Decimal(str(value))
    if value is not None and not isinstance(value, str | int):
        raise ValueError(f"a {kind} cannot be written as {value!r}")
    return value


def _state(name: str, entry: _Data) -> State:
    if entry.get("final"):
        return State(name, entry["zh"], entry["en"], final=True)
    deadline, reason = entry.get("deadline"), entry.get("reason") or {}
    return State(
        name,
        entry["zh"],
        entry["en"],
        owner=entry.get("owner", ""),
        reason_zh=reason.get("zh", ""),
        reason_en=reason.get("en", ""),
        deadline=Deadline(float(deadline.get("days", 0)), deadline.get("at")) if deadline else None,
        at_deadline=tuple(entry.get("at_deadline", ())),
    )


def _move(name: str, entry: _Data, facts: Mapping[str, Fact]) -> Move:
    return Move(
        name=name,
        zh=entry["zh"],
        en=entry["en"],
        sources=tuple(entry.get("from", ())),
        to=entry.get("to"),
        roles=tuple(entry["by"]),
        needs=tuple(entry.get("needs", ())),
        guards=tuple(_guard(one, facts) for one in entry.get("guards", ())),
        effects=tuple(_effect(one, facts) for one in entry.get("effects", ())),
        tells=tuple(entry.get("tells", ())),
        does=tuple(entry.get("does", ())),
        why=bool(entry.get("why")),
    )


def _guard(entry: _Data, facts: Mapping[str, Fact]) -> Guard:
    operators: tuple[Operator, ...] = get_args(Operator)
    found: list[Operator] = [operator for operator in operators if entry.get(operator) is not None]
    if len(found) != 1 or set(entry) - {"fact", "zh", "en", found[0]}:
        raise ValueError(f"a guard on {entry['fact']} should have one operator of {', '.join(operators)}")
    operator, raw = found[0], entry[found[0]]
    other = raw[1:] if isinstance(raw, str) and raw.startswith("$") else None
    asks = operator in ("known", "unknown", "actor", "not_actor", "passed", "ahead")
    kind = facts[entry["fact"]].kind if entry["fact"] in facts else "text"
    value = None if asks or other else _value(raw, kind)
    return Guard(entry["fact"], operator, entry.get("zh", ""), entry.get("en", ""), value, other)


def _effect(entry: _Data, facts: Mapping[str, Fact]) -> Effect:
    for kind in ("set", "add", "take", "clear"):
        if kind in entry:
            fact = entry[kind]
            of = facts[fact].kind if fact in facts else "text"
            return Effect(kind, fact, _value(entry.get("to", entry.get("by")), of))
    raise ValueError("an effect should set, add to, take from or clear a fact")
