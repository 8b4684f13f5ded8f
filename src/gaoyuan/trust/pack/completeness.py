"""What a pack leaves out: the consent that it is made under, and the numbers that its records bear.

Every record of the log that concerns a party bears that party's own running number. So records of a period that are
shown without a gap in the numbers, from before its first month to after its last, are all that there are: a dispute
cannot be left out. The consent is the last record of the enterprise when the pack is made, so it closes the row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise

from gaoyuan.trust.failure import PackInvalid
from gaoyuan.trust.pack.records import PackRecord
from gaoyuan.trust.pack.trades import months_between

__all__ = ["consent_of", "count_of", "logged_month", "period_of", "span_of"]

_COUNT = re.compile(r"([1-9][0-9]{0,17}):([1-9][0-9]{0,14})")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def consent_of(records: Sequence[PackRecord], index: int, subject: str) -> PackRecord:
    """Find the consent; raises PackInvalid where it is missing, of another, or does not show all of its terms."""
    consent = next((one for one in records if one.index == index and one.kind == "consent"), None)
    if consent is None or consent["organisation"] != subject or not subject:
        raise PackInvalid("there is no consent of the enterprise in the pack", zh="证据包中没有该企业的授权记录")
    if not consent["recipient"] or not consent["purpose"]:
        raise PackInvalid("the consent does not name recipient and purpose", zh="授权记录未载明接收方与用途")
    months_between(*period_of(consent))
    try:
        dt.date.fromisoformat(consent["expires"])
    except ValueError:
        raise PackInvalid("the consent does not say until when it holds", zh="授权记录未载明有效期") from None
    return consent


def period_of(consent: PackRecord) -> tuple[str, str]:
    """Give the first and the last month that a consent is for."""
    return consent["first"], consent["last"]


def span_of(records: Sequence[PackRecord], subject: str, consent: PackRecord) -> tuple[int, int]:
    """Check that no record of the subject from the period is missing; give the numbers of the first and last shown.

    The first must have the number 1 or be from before the period, the last must be from after it or be the consent;
    records from before the first, which explain trades of the period, may have gaps. Raises PackInvalid where a record
    is missing or the numbers contradict the order of the log.
    """
    first, last = period_of(consent)
    rows = [(one, count_of(one, subject)) for one in records]
    counted = [(one, count) for one, count in rows if count is not None]
    for (one, count), (after, next_count) in pairwise(counted):
        if next_count <= count or logged_month(after) < logged_month(one):
            raise PackInvalid("numbers of records contradict their order", zh="记录编号与日志次序矛盾")
    before = [at for at, (one, _count) in enumerate(counted) if logged_month(one) < first]
    chain = counted[before[-1] if before else 0 :]
    if not chain or (not before and chain[0][1] != 1):
        raise _missing("its beginning is not shown", "期初记录缺失")
    # What follows the first record from after the period, such as later signatures, is no part of the row.
    ends = [at for at, (one, _count) in enumerate(chain) if logged_month(one) > last or one.index == consent.index]
    if not ends:
        raise _missing("its end is not shown", "期末记录缺失")
    chain = chain[: ends[0] + 1]
    for (_one, count), (_after, next_count) in pairwise(chain):
        if next_count != count + 1:
            raise _missing(f"number {count + 1} is not shown", f"缺少第 {count + 1} 条")
    return chain[0][1], chain[-1][1]


def count_of(record: PackRecord, subject: str) -> int | None:
    """Give the number that a record bears for a party, None where it shows none; PackInvalid where it is malformed."""
    found = None
    for name, value in record.shown.items():
        if name.startswith("count_"):
            match = _COUNT.fullmatch(value)
            if match is None:
                raise PackInvalid("a record's number is malformed", zh="记录编号格式错误")
            if match[1] == subject:
                found = int(match[2])
    return found


def logged_month(record: PackRecord) -> str:
    """Give the month in which a record entered the log; raises PackInvalid where it does not show it."""
    if not _TIME.fullmatch(record["logged"]):
        raise PackInvalid("a record does not show when it was logged", zh="记录未载明入日志时间")
    return record["logged"][:7]


def _missing(what: str, zh: str) -> PackInvalid:
    return PackInvalid(f"records of the enterprise are left out: {what}", zh=f"该企业的记录有遗漏：{zh}")
