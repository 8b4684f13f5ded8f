"""Whether a guard holds on what a case knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from gaoyuan.exchange.process.model import Guard, Value

__all__ = ["guard_holds"]


def guard_holds(guard: Guard, facts: Mapping[str, Value], actor: str, at: dt.datetime) -> bool:
    """Whether a guard holds for an actor at a moment.

    >>> guard = Guard("quotes", "at_least", "还没有报价", "there is no quotation", value=1)
    >>> now = dt.datetime(2026, 5, 1, tzinfo=dt.timezone.utc)
    >>> guard_holds(guard, {"quotes": 2}, "甲厂", now), guard_holds(guard, {}, "甲厂", now)
    (True, False)
    """
    known = facts.get(guard.fact)
    if guard.operator in ("known", "unknown"):
        return (known is not None) == (guard.operator == "known")
    if guard.operator in ("is_not", "not_actor"):
        return known is None or known != (actor if guard.operator == "not_actor" else _compared(guard, facts))
    if known is None:
        return False
    if guard.operator == "actor":
        return known == actor
    if guard.operator in ("passed", "ahead"):
        assert isinstance(known, dt.datetime)
        return (known <= at) == (guard.operator == "passed")
    other = _compared(guard, facts)
    if guard.operator == "is":
        return known == other
    if not isinstance(known, int | Decimal) or not isinstance(other, int | Decimal):
        return False
    return (known >= other) == (guard.operator == "at_least")


def _compared(guard: Guard, facts: Mapping[str, Value]) -> Value | None:
    return facts.get(guard.other) if guard.other is not None else guard.value
