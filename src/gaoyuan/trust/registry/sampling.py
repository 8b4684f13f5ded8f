"""Samples of a data product: a small table that shows what the data look like, checked for what it says to be, and for
what must never be in it: numbers of persons, of their telephones and their bank cards.

The check finds what has a form: identity numbers (GB 11643, with their check digit), mobile numbers, bank cards
(Luhn), and columns whose name says that they are about persons. A name in a free text it does not find; the page says
so, and whoever hands a sample in confirms that it holds nothing personal (个人信息保护法, article 28 and before).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gaoyuan.errors import InputError

__all__ = ["MEDIA", "MOST_BYTES", "MOST_COLUMNS", "MOST_ROWS", "Finding", "Sample", "SampleRefused", "personal_in"]

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 1 << 20, 1000, 200
"""How great a sample may be: it shows what the data look like, and is not the data."""
MEDIA = {"csv": "text/csv", "json": "application/json"}
"""The kinds of samples, and what they are sent as."""
_MOST_FINDINGS = 5

_ABOUT_PERSONS = re.compile(
    r"姓名|身份证|证件号|护照|手机|移动电话|联系人|代表人|负责人|家庭住址|出生|民族|婚姻|微信|银行卡|银行账号|病历|指纹"
    r"|\b(?:full_?name|id_?card|identity_?no|passport|mobile|cell_?phone|birth(?:day|date)?|wechat|bank_?card)\b",
    re.IGNORECASE,
)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?![0-9A-Za-z])")
_CARD = re.compile(r"(?<![0-9A-Za-z])62[0-9]{14,17}(?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class SampleRefused(InputError):
    """A sample that is not taken."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something personal in a sample: in which column, in which row (0: in its heading), and what it is."""

    column: str
    row: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample as it was sent, and what stands in it."""

    kind: str
    content: bytes
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def sha256(self) -> str:
        """The digest of the file as it was sent."""
        return sha256(self.content).hexdigest()

    @classmethod
    def read(cls, name: str, content: bytes) -> Sample:
        r"""Read a sample: CSV (UTF-8 or GB 18030, with a heading) or JSON (a list of flat objects).

        Raises SampleRefused where it is too great, cannot be read as what its name says, or holds something personal.

        >>> Sample.read("a.csv", "产品,产量\n布,3\n".encode()).columns
        ('产品', '产量')
        >>> Sample.read("a.csv", "产品,电话\n布,13912345678\n".encode())
        Traceback (most recent call last):
        gaoyuan.trust.registry.sampling.SampleRefused: column '电话', row 1: a mobile number
        “电话”列第 1 行：手机号码
        """
        if not content:
            raise _refused("the sample is empty", "样例文件是空的")
        if len(content) > MOST_BYTES:
            raise _refused(f"the sample has more than {MOST_BYTES >> 20} MB", f"样例超过 {MOST_BYTES >> 20} MB")
        ending = name.rpartition(".")[2].lower()
        if ending not in MEDIA:
            raise _refused("a sample is a CSV or a JSON file", "样例须为 CSV 或 JSON 文件")
        text = _decoded(content)
        columns, rows = _csv(text) if ending == "csv" else _json(text)
        if not columns or not rows:
            raise _refused("the sample has no rows below its heading", "样例没有数据行")
        if len(rows) > MOST_ROWS or len(columns) > MOST_COLUMNS:
            raise _refused(
                f"the sample has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns",
                f"样例超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列",
            )
        found = list(personal_in(columns, rows))
        if found:
            shown = found[:_MOST_FINDINGS]
            zh = "；".join(
                f"“{one.column}”列第 {one.row} 行：{one.zh}" if one.row else f"“{one.column}”列：{one.zh}"
                for one in shown
            )
            en = "; ".join(
                f"column {one.column!r}, row {one.row}: {one.en}" if one.row else f"column {one.column!r}: {one.en}"
                for one in shown
            )
            raise _refused(en, zh)
        return cls(ending, content, tuple(columns), tuple(tuple(row) for row in rows))


def personal_in(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Finding]:
    """Find what is personal: one finding a column.

    >>> [one.en for one in personal_in(["a", "姓名"], [["11010519491231002X", "王"]])]
    ['an identity number', 'its name says that it is about persons']
    """
    for at, column in enumerate(columns):
        if _ABOUT_PERSONS.search(column):
            yield Finding(column, 0, "列名表明是个人信息", "its name says that it is about persons")
            continue
        for number, row in enumerate(rows, start=1):
            words = _personal(row[at]) if at < len(row) else None
            if words is not None:
                yield Finding(column, number, *words)
                break


def _personal(text: str) -> tuple[str, str] | None:
    if any(_is_identity(found[0]) for found in _IDENTITY.finditer(text)):
        return "身份证号码", "an identity number"
    if _MOBILE.search(text):
        return "手机号码", "a mobile number"
    if any(_is_card(found[0]) for found in _CARD.finditer(text)):
        return "银行卡号", "a bank card number"
    return None


def _is_identity(number: str) -> bool:
    """Check birthday and check digit (GB 11643-1999)."""
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def _is_card(number: str) -> bool:
    doubled = [int(one) * (2 if at % 2 else 1) for at, one in enumerate(reversed(number))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused("the sample is neither UTF-8 nor GB 18030 text", "样例不是 UTF-8 或 GB 18030 文本")


def _csv(text: str) -> tuple[list[str], list[list[str]]]:
    try:
        table = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(row)]
    except csv.Error as fault:
        raise _refused(f"the file is no CSV: {fault}", "文件不是有效的 CSV") from None
    if not table:
        return [], []
    columns = [one.strip() for one in table[0]]
    _named(columns)
    for number, row in enumerate(table[1:], start=1):
        if len(row) != len(columns):
            raise _refused(
                f"row {number} has {len(row)} cells, the heading {len(columns)}",
                f"第 {number} 行有 {len(row)} 个单元格，标题行有 {len(columns)} 个",
            )
    return columns, table[1:]


def _json(text: str) -> tuple[list[str], list[list[str]]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise _refused("the file is no JSON", "文件不是有效的 JSON") from None
    flat = isinstance(rows, list) and all(
        isinstance(row, dict) and not any(isinstance(cell, dict | list) for cell in row.values()) for row in rows
    )
    if not flat:
        raise _refused("a JSON sample is a list of flat objects", "JSON 样例须为由对象组成的列表，对象内不再嵌套")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    _named(columns)
    return columns, [["" if row.get(name) is None else str(row[name]) for name in columns] for row in rows]


def _named(columns: Sequence[str]) -> None:
    if any(not one.strip() for one in columns) or len(set(columns)) != len(columns):
        raise _refused("a column has no name, or two have the same", "有的列没有名称，或者列名重复")


def _refused(en: str, zh: str) -> SampleRefused:
    return SampleRefused(en, zh=zh)
