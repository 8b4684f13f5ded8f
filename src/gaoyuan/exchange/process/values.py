"""Values of facts as text and back, in one form each, so that records can be stored, compared and signed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from gaoyuan.exchange.process.model import FactKind, Value

__all__ = ["as_text", "check_kind", "from_text"]

_KINDS: dict[FactKind, type] = {
    "text": str,
    "party": str,
    "integer": int,
    "decimal": Decimal,
    "moment": dt.datetime,
    "flag": bool,
}

GREATEST, PLACES = 10**15, 9
"""How great a number may be and how many decimals it may have; beyond is a slip of the finger, or an attack."""


def check_kind(value: Value, kind: FactKind) -> bool:
    """Whether a value is of a kind: moments know their offset, text is not empty, and numbers are finite, at most
    `GREATEST` and of at most `PLACES` decimals.

    >>> check_kind(3, "integer"), check_kind(True, "integer"), check_kind(" ", "text")
    (True, False, False)
    """
    if type(value) is not _KINDS[kind]:
        return False
    if isinstance(value, dt.datetime):
        return value.utcoffset() is not None
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value) <= GREATEST and value == round(value, PLACES)
    if isinstance(value, int):
        return abs(value) <= GREATEST
    return not isinstance(value, str) or bool(value.strip())


def as_text(value: Value) -> str:
    """Give the one text of a value; equal values have equal texts.

    >>> as_text(Decimal("12.50")), as_text(True), as_text(dt.datetime(2026, 5, 1, 8, tzinfo=dt.timezone.utc))
    ('12.5', 'true', '2026-05-01T08:00:00+00:00')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return str(value)


def from_text(text: str, kind: FactKind) -> Value:
    """Read the text of a value; raises ValueError where it is none of that kind.

    >>> from_text("12.5", "decimal")
    Decimal('12.5')
    """
    value: Value
    if kind == "integer":
        value = int(text)
    elif kind == "decimal":
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError(f"no number: {text!r}") from None
    elif kind == "moment":
        value = dt.datetime.fromisoformat(text)
    elif kind == "flag":
        if text not in ("true", "false"):
            raise ValueError(f"neither true nor false: {text!r}")
        value = text == "true"
    else:
        value = text
    if not check_kind(value, kind):
        raise ValueError(f"not of kind {kind}: {text!r}")
    return value
