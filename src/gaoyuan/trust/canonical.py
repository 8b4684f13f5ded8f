"""One way to write a JSON document, byte for byte (RFC 8785, JCS), so that a hash or a signature of it means one thing.

Reading is as strict as writing: what different programs may read differently (a key twice, half a surrogate pair, an
integer that a double cannot hold, NaN) is refused, for two parties must not see two documents under one signature.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import NoReturn, TypeAlias

from gaoyuan.trust.failure import JsonInvalid

__all__ = ["Json", "canonical_json", "canonical_text", "number_text", "read_canonical_json", "read_json"]

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
"""What a JSON document can hold."""

MAX_DEPTH = 100
"""Documents that are nested deeper are refused."""

_HALF = re.compile("[\ud800-\udfff]")


def canonical_json(value: Json) -> bytes:
    r"""Write a value in its canonical form: UTF-8, no spaces, keys by their UTF-16 code units, numbers as ECMAScript.

    Raises JsonInvalid where it has none: NaN and infinities, half surrogate pairs, keys that are not text, integers
    that a JSON number would change (write those as text), nesting beyond 100.

    >>> canonical_json({"价": 1e21, "b": [4.50, -0.0, True], "a": "€\\n"}).decode()
    '{"a":"€\\\\n","b":[4.5,0,true],"价":1e+21}'
    """
    parts: list[str] = []
    _write(value, parts, MAX_DEPTH)
    return "".join(parts).encode("utf-8")


def read_json(document: bytes) -> Json:
    """Read a document that has exactly one meaning.

    Raises JsonInvalid for what is no UTF-8 or no JSON, and for all that `canonical_json` refuses, keys given twice too.

    >>> read_json(b'{"a": [1, 2.5]}')
    {'a': [1, 2.5]}
    >>> read_json(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    gaoyuan.trust.failure.JsonInvalid: the key 'a' is given twice
    键重复
    """
    return _read(document)[0]


def read_canonical_json(document: bytes) -> Json:
    """Read a document that must be in its canonical form already; raises JsonInvalid where it is not.

    >>> read_canonical_json(b'{"a":1}')
    {'a': 1}
    >>> read_canonical_json(b'{"a":1.0}')
    Traceback (most recent call last):
    gaoyuan.trust.failure.JsonInvalid: the document is not in its canonical form
    文件不是规范形式
    """
    value, canonical = _read(document)
    if canonical != document:
        raise JsonInvalid("the document is not in its canonical form", zh="文件不是规范形式")
    return value


def number_text(number: float) -> str:
    """Write a number as ECMAScript does (ECMA-262, Number::toString; RFC 8785, section 3.2.2.3).

    >>> number_text(1e-7), number_text(1e-6), number_text(333333333.33333329), number_text(5e-324)
    ('1e-7', '0.000001', '333333333.3333333', '5e-324')
    """
    if not math.isfinite(number):
        raise JsonInvalid("NaN and infinities have no JSON", zh="NaN 与无穷大不能写成 JSON")
    if number == 0:
        return "0"
    # Python too writes the shortest digits that read back as the same double; only the layout differs.
    mantissa, _, exponent = float.__repr__(abs(float(number))).partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or 0)
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    sign = "-" if number < 0 else ""
    if len(digits) <= point <= 21:
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{point - 1:+d}"


def canonical_text(text: str) -> str:
    """Write a text as canonical JSON; raises JsonInvalid where it holds half a surrogate pair.

    >>> canonical_text("a/b")
    '"a/b"'
    """
    # Python's own escapes are those of RFC 8785, section 3.2.2.2: short ones, else four digits in lower case.
    if not text.isascii() and _HALF.search(text):
        raise JsonInvalid("a text holds half a surrogate pair", zh="文本含孤立的代理字符")
    return encode_basestring(text)


def _read(document: bytes) -> tuple[Json, bytes]:
    try:
        value = json.loads(
            document.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_integer
        )
    except UnicodeDecodeError:
        raise JsonInvalid("the document is not UTF-8", zh="文件不是 UTF-8 编码") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as wrong:
        raise JsonInvalid(f"the document is not JSON: {wrong}", zh="文件不是 JSON") from None
    return value, canonical_json(value)


def _write(value: Json, parts: list[str], depth: int) -> None:
    if value is None or isinstance(value, bool):
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        parts.append(canonical_text(value))
    elif isinstance(value, int):
        parts.append(number_text(_exact(value)))
    elif isinstance(value, float):
        parts.append(number_text(value))
    elif isinstance(value, Mapping):
        _write_object(value, parts, _deeper(depth))
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        parts.append("[")
        depth = _deeper(depth)
        for at, one in enumerate(value):
            if at:
                parts.append(",")
            _write(one, parts, depth)
        parts.append("]")
    else:
        raise JsonInvalid(f"a value of the type {type(value).__name__} has no JSON", zh="值的类型不能写成 JSON")


def _write_object(value: Mapping[str, Json], parts: list[str], depth: int) -> None:
    for key in value:
        if not isinstance(key, str):
            raise JsonInvalid(f"the key {key!r} is not text", zh="键不是文本")
    parts.append("{")
    # Big-endian UTF-16 sorts as its code units do; a lone surrogate is refused as the key is written.
    for at, key in enumerate(sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))):
        parts.append(f"{',' if at else ''}{canonical_text(key)}:")
        _write(value[key], parts, depth)
    parts.append("}")


def _exact(number: int) -> float:
    try:
        double = float(number)
    except OverflowError:
        double = math.inf
    # A double from 2 ** 53 on is written by its shortest digits, which may name another integer than it holds.
    if math.isinf(double) or Decimal(number_text(double)) != number:
        raise JsonInvalid(
            "an integer is beyond what JSON numbers hold exactly",
            mend="Write it as text.",
            zh="整数无法精确表示",
        )
    return double


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise JsonInvalid(f"the key {key!r} is given twice", zh="键重复")
        found[key] = value
    return found


def _integer(digits: str) -> int | float:
    # The largest double has 309 digits; longer ones are not even converted.
    if len(digits) > 310:
        raise JsonInvalid("an integer is beyond what JSON numbers hold", zh="整数过大")
    number = int(digits)
    double = _exact(number)
    return number if abs(number) <= 2**53 else double


def _no_constant(name: str) -> NoReturn:
    raise JsonInvalid(f"{name} is no JSON", zh="NaN 与无穷大不是 JSON")


def _deeper(depth: int) -> int:
    if depth == 0:
        raise _too_deep()
    return depth - 1


def _too_deep() -> JsonInvalid:
    return JsonInvalid(f"the document is nested deeper than {MAX_DEPTH}", zh="文件嵌套过深")
