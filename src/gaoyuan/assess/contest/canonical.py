"""One way to write a value down: canonical JSON, decimals and times, so that equal contents have equal hashes.

Canonical JSON here is JSON (RFC 8259) in UTF-8 without insignificant white space, keys sorted by code point, no
escapes but those that JSON demands, and no numbers but whole ones: what has a fraction is a decimal string. It follows
the intent of RFC 8785 (JSON Canonicalization Scheme), whose one difficulty, the writing of floating-point numbers,
does not arise.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NoReturn, TypeAlias

from gaoyuan.assess.decimals import decimal_text

__all__ = ["Json", "canonical", "decimal_text", "parse", "parse_time", "rounded", "sha256", "time_text"]

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"
"""What a record holds: JSON without floating-point numbers."""


def canonical(value: Json) -> bytes:
    """Write a value in the one way that its hash is taken of.

    Raises ValueError for a floating-point number or text that is not Unicode.

    >>> canonical({"b": ["8.5", None], "a": "集群"}).decode()
    '{"a":"集群","b":["8.5",null]}'
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def sha256(data: bytes) -> str:
    """Give the SHA-256 of some bytes (FIPS 180-4) in lower-case hexadecimal.

    >>> sha256(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def parse(data: bytes) -> Json:
    """Read JSON in UTF-8; raises ValueError where it is none, or holds a floating-point number.

    >>> parse(b'{"a":1}')
    {'a': 1}
    """
    try:
        return json.loads(data.decode("utf-8"), parse_float=_refuse_number, parse_constant=_refuse_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Round an exact value to so many decimals, halves to even; exact, so equal on every machine.

    >>> rounded(Fraction(2, 3), 4), rounded(Fraction(1, 8), 2)
    (Decimal('0.6667'), Decimal('0.12'))
    """
    return Decimal(round(value * 10**decimals)).scaleb(-decimals)


def parse_time(text: str) -> dt.datetime:
    """Read a moment in ISO 8601 with its offset from UTC; raises ValueError for one without.

    >>> parse_time("2026-05-31T18:00:00+08:00").utcoffset()
    datetime.timedelta(seconds=28800)
    """
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC, such as +08:00")
    return moment


def time_text(moment: dt.datetime) -> str:
    """Write a moment to the second with its offset; raises ValueError for one without an offset.

    >>> time_text(parse_time("2026-05-31T18:00+08:00"))
    '2026-05-31T18:00:00+08:00'
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no offset from UTC, such as +08:00")
    return moment.isoformat(timespec="seconds")


def _refuse_floats(value: Json) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, float):
        raise ValueError(f"{value!r} is a floating-point number; write it as a decimal string")
    if isinstance(value, Mapping):
        for name, part in value.items():
            if not isinstance(name, str):
                raise ValueError(f"the key {name!r} is no text")
            _refuse_floats(part)
    elif isinstance(value, Sequence):
        for part in value:
            _refuse_floats(part)


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"the number {text} is not a whole one")
