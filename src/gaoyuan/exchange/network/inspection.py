"""Quality records of a chain: inspection plans with limits, and results that are read from a table and judged."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from gaoyuan.exchange.network.model import NetworkInvalid

__all__ = ["InspectionItem", "Measured", "ResultsRead", "is_within", "parse_items", "read_results"]

_MOST_LINES = 5_000
_HEADINGS: dict[str, tuple[str, ...]] = {
    "lot": ("批号", "批次", "lot", "batch"),
    "item": ("项目", "检验项目", "item", "test"),
    "value": ("结果", "数值", "检验结果", "value", "result"),
    "unit": ("单位", "unit"),
    "on": ("日期", "检验日期", "date"),
}
_NEEDED = ("lot", "item", "value", "on")
_MOST = Decimal(10) ** 12
_PLACES = 6


@dataclass(frozen=True, slots=True)
class InspectionItem:
    """What is measured, in which unit, and between which limits a value is accepted (None: not limited)."""

    name: str
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise NetworkInvalid("an item without a name", zh="检验项目缺少名称")
        for limit in (self.low, self.high):
            if limit is not None and not (limit.is_finite() and abs(limit) < _MOST):
                raise NetworkInvalid(f"{self.name}: {limit} is no limit", zh=f"{self.name}：{limit} 不是限值")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise NetworkInvalid(
                f"{self.name}: the lower limit {self.low} is above the upper {self.high}",
                zh=f"{self.name}：下限 {self.low} 大于上限 {self.high}",
            )


@dataclass(frozen=True, slots=True)
class Measured:
    """A result: of which lot and item, when, and whether it lies within the limits."""

    lot: str
    item: str
    value: Decimal
    on: dt.date
    within: bool


@dataclass(frozen=True, slots=True)
class ResultsRead:
    """What a table holds: the results, and for each line that holds none its number and why, in Chinese and English."""

    results: tuple[Measured, ...]
    faults: tuple[tuple[int, str, str], ...]


def is_within(item: InspectionItem, value: Decimal) -> bool:
    """Say whether a value is accepted; the limits themselves are.

    >>> is_within(InspectionItem("pH", "", Decimal("6.5"), Decimal(8)), Decimal(8))
    True
    """
    return (item.low is None or value >= item.low) and (item.high is None or value <= item.high)


def parse_items(text: str) -> tuple[InspectionItem, ...]:
    r"""Read the items of a plan, one a line: name, unit, lower and upper limit, with commas; the last three may lack.
    Raises NetworkInvalid.

    >>> parse_items("断裂强力，N，180\npH值,,4.0,8.5")[0].low
    Decimal('180')
    """
    items: list[InspectionItem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.replace("，", ",").split(",")]
        name, unit, low, high, *more = [*parts, "", "", "", ""][: max(4, len(parts))]
        if more:
            raise NetworkInvalid(f"line {number} has more than four parts", zh=f"第 {number} 行超过四项")
        items.append(InspectionItem(name, unit, _limit(low, number), _limit(high, number)))
    names = [item.name for item in items]
    if not items:
        raise NetworkInvalid("a plan without items", zh="检验计划没有项目")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise NetworkInvalid(f"{twice!r} is listed twice", zh=f"项目“{twice}”重复")
    return tuple(items)


def read_results(content: bytes, items: Sequence[InspectionItem], today: dt.date) -> ResultsRead:
    r"""Read results from a CSV table (UTF-8 or GB 18030) with the headings 批号, 项目, 结果, 单位 (may lack), 日期 or
    lot, item, value, unit, date. A line that cannot stand is told with its number and its reason, the others are read.
    Raises NetworkInvalid where the table itself cannot be read.

    >>> table = "批号,项目,结果,单位,日期\nA1,pH值,7.2,,2026-05-01\nA1,强力,9,kg,2026-05-01\n".encode()
    >>> read = read_results(table, parse_items("pH值,,4,8.5\n强力,N,5"), dt.date(2026, 6, 1))
    >>> [(one.lot, one.within) for one in read.results], read.faults[0][2]
    ([('A1', True)], 'the unit is kg, the plan has N')
    """
    known = {item.name: item for item in items}
    found: dict[tuple[str, str], Measured] = {}
    faults: list[tuple[int, str, str]] = []
    try:
        rows = csv.DictReader(io.StringIO(_text(content)))
        columns = _columns(rows.fieldnames or ())
        for number, row in enumerate(rows, 2):
            if number > _MOST_LINES + 1:
                raise NetworkInvalid(f"more than {_MOST_LINES} lines", zh=f"超过 {_MOST_LINES} 行")
            cells = {name: (row.get(column) or "").strip() for name, column in columns.items()}
            if not any(cells.values()):
                continue
            one = _result(cells, known, today)
            if isinstance(one, tuple):
                faults.append((number, *one))
            elif (one.lot, one.item) in found:
                faults.append((number, "同一批号、项目重复", "this lot and item stand in the table twice"))
            else:
                found[one.lot, one.item] = one
    except csv.Error as fault:
        raise NetworkInvalid(f"the table cannot be read: {fault}", zh="表格无法读取") from None
    return ResultsRead(tuple(found.values()), tuple(faults))


def _result(
    cells: Mapping[str, str], known: Mapping[str, InspectionItem], today: dt.date
) -> Measured | tuple[str, str]:
    if not cells["lot"] or len(cells["lot"]) > 100:
        return "缺少批号或批号过长", "the lot is missing or too long"
    item = known.get(cells["item"])
    if item is None:
        return f"检验计划没有项目“{cells['item'][:40]}”", f"the plan has no item {cells['item'][:40]!r}"
    unit = cells.get("unit", "")
    if unit and unit != item.unit:
        return (
            f"单位为 {unit[:20]}，计划为 {item.unit or '无'}",
            f"the unit is {unit[:20]}, the plan has {item.unit or 'none'}",
        )
    value = _number(cells["value"])
    if value is None:
        return f"“{cells['value'][:20]}”不是数值", f"{cells['value'][:20]!r} is no number"
    try:
        on = dt.date.fromisoformat(cells["on"].replace("/", "-"))
    except ValueError:
        return "日期须为 2026-05-01 的形式", "the date should look like 2026-05-01"
    if on > today:
        return f"日期 {on} 在将来", f"the date {on} lies ahead"
    return Measured(cells["lot"], item.name, value, on, is_within(item, value))


def _columns(names: Sequence[str]) -> dict[str, str]:
    given = {name.strip().lower(): name for name in names if name}
    columns = {
        key: next(given[word] for word in words if word in given)
        for key, words in _HEADINGS.items()
        if any(word in given for word in words)
    }
    if missing := [_HEADINGS[key] for key in _NEEDED if key not in columns]:
        raise NetworkInvalid(
            f"the table has no column {missing[0][-1]!r}",
            zh=f"表格缺少“{missing[0][0]}”一列",
            mend="Use the headings lot, item, value, unit, date.",
            mend_zh="表头为：批号、项目、结果、单位、日期",
        )
    return columns


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise NetworkInvalid("this is no CSV table", zh="这不是 CSV 表格", mend="Save it as CSV.", mend_zh="另存为 CSV")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NetworkInvalid("the table is neither UTF-8 nor GB 18030", zh="表格编码不是 UTF-8 或 GB 18030")


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    exact = isinstance(exponent, int) and exponent >= -_PLACES
    return value if value.is_finite() and abs(value) < _MOST and exact else None


def _limit(text: str, line: int) -> Decimal | None:
    if not text:
        return None
    value = _number(text)
    if value is None:
        raise NetworkInvalid(f"line {line}: {text!r} is no limit", zh=f"第 {line} 行：{text} 不是限值")
    return value
