"""The acts of the register: first registration, change, transfer, renewal, cancellation, and the expiry that follows by
itself; how long a registration stands, and how long what was registered is kept.

The acts (首次、变更、转移、续展、注销登记) are those of the cities that have rules for it: Changchun, Hubei, Shenzhen
(深发改规〔2023〕5号). Shenzhen has registrations, their papers and what is on its chain kept for 30 years at least.
That a registration stands for three years, and each renewal for as many at the most, is in principle so for public
data (发改数据规〔2025〕26号).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

__all__ = ["ACT_WORDS", "LONGEST_YEARS", "RETENTION_YEARS", "RegistryAct", "kept_until", "latest_end", "years_after"]

RETENTION_YEARS = 30
"""How long a registration is kept after its end, at the least."""
LONGEST_YEARS = 3
"""How long a registration stands, and a renewal prolongs it, at the most."""


class RegistryAct(StrEnum):
    """An act of the register."""

    FIRST = "first"
    CHANGE = "change"
    TRANSFER = "transfer"
    RENEWAL = "renewal"
    CANCELLATION = "cancellation"
    EXPIRY = "expiry"


ACT_WORDS: dict[RegistryAct, tuple[str, str]] = {
    RegistryAct.FIRST: ("首次登记", "first registration"),
    RegistryAct.CHANGE: ("变更登记", "change"),
    RegistryAct.TRANSFER: ("转移登记", "transfer"),
    RegistryAct.RENEWAL: ("续展登记", "renewal"),
    RegistryAct.CANCELLATION: ("注销登记", "cancellation"),
    RegistryAct.EXPIRY: ("到期失效", "expiry"),
}
"""What each act is called, in Chinese and English."""


def years_after(moment: dt.datetime, years: int) -> dt.datetime:
    """Give the same day some years later; that of 29 February is 1 March where there is none.

    >>> years_after(dt.datetime(2024, 2, 29, tzinfo=dt.timezone.utc), 3).date()
    datetime.date(2027, 3, 1)
    """
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)


def kept_until(end: dt.datetime) -> dt.datetime:
    """Give until when a registration is kept that has ended, or will end, at a time."""
    return years_after(end, RETENTION_YEARS)


def latest_end(start: dt.datetime) -> dt.datetime:
    """Give the latest end of a registration, or of a renewal, that begins at a time."""
    return years_after(start, LONGEST_YEARS)
