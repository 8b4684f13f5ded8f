"""Trades as records of the log state them, seen from the one party that shows them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from gaoyuan.trust.failure import PackInvalid
from gaoyuan.trust.pack.records import PackRecord

__all__ = ["STAGES", "Trade", "fen", "month_before", "months_between", "read_trade", "yuan"]

STAGES = ("order", "delivery", "acceptance", "dispute", "return", "booking")
"""What a move of a case can be to a bank; the portal says which move is what as it enters the log."""

_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,21})\.[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade of the subject: whether it sold or bought, with whom (a name that means nothing, but is the same in every
    record), how much in fen (None: not stated), on which day, and the case that it came from.
    """

    record: PackRecord
    sold: bool
    partner: str
    partner_id: str
    name: str
    amount: int | None
    on: dt.date
    product: str
    case: str
    late: bool

    @property
    def month(self) -> str:
        """The month of the trade, such as 2026-03."""
        return f"{self.on:%Y-%m}"


def read_trade(record: PackRecord, subject: str) -> Trade:
    """Read a trade of the subject; raises PackInvalid where the record does not show enough, or is of others."""
    sides = (record["seller"], record["buyer"])
    if subject not in sides or sides[0] == sides[1]:
        raise _invalid(record, "it is no trade of the enterprise", "不是该企业的交易")
    sold = sides[0] == subject
    on, logged = _day(record["on"]), _day(record["logged"][:10])
    partner = record["buyer_as" if sold else "seller_as"]
    if on is None or logged is None or not partner or not record["case"]:
        raise _invalid(record, "it does not show day, partner or case", "缺少日期、对方或来源")
    amount = fen(record["amount_yuan"])
    if amount is None and record["amount_yuan"] != "unknown":
        raise _invalid(record, "its amount is no amount", "金额无效")
    return Trade(
        record,
        sold,
        partner,
        sides[1] if sold else sides[0],
        record["buyer_name" if sold else "seller_name"],
        amount,
        on,
        record["product"],
        record["case"],
        (logged - on).days > 7,
    )


def fen(text: str) -> int | None:
    """Read an amount in yuan with two digits after the point, in fen; None where it is none.

    >>> fen("1234.50"), fen("1234.5"), fen("-1.00")
    (123450, None, None)
    """
    return int(text.replace(".", "")) if _AMOUNT.fullmatch(text) else None


def yuan(amount: int) -> str:
    """Write fen as yuan.

    >>> yuan(123450), yuan(5)
    ('1234.50', '0.05')
    """
    return f"{amount // 100}.{amount % 100:02d}"


def months_between(first: str, last: str) -> list[str]:
    """List the months from first to last, both included; raises PackInvalid where they are none, or more than 120.

    >>> months_between("2026-11", "2027-01")
    ['2026-11', '2026-12', '2027-01']
    """
    if not (_MONTH.fullmatch(first) and _MONTH.fullmatch(last)):
        raise PackInvalid("the period is not given in months", zh="期间应以月份给出")
    low, high = _number(first), _number(last)
    if not low <= high < low + 120:
        raise PackInvalid("the period ends before it begins, or is longer than ten years", zh="期间无效或超过十年")
    return [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(low, high + 1)]


def month_before(month: str) -> str:
    """Give the month before.

    >>> month_before("2027-01")
    '2026-12'
    """
    number = _number(month) - 1
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def trades_of(records: Iterable[PackRecord], subject: str) -> list[Trade]:
    """Read all trades among records that show their day; those that mark the ends of the period show none."""
    return [read_trade(one, subject) for one in records if one.kind == "trade" and one["on"]]


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _invalid(record: PackRecord, what: str, zh: str) -> PackInvalid:
    return PackInvalid(what, where=f"record {record.index}", zh=f"第 {record.index} 条记录：{zh}")
