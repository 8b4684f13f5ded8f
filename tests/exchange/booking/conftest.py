"""A laboratory that the tests of booking share."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from gaoyuan.exchange.booking import Cancellation, Opening, Resource


@pytest.fixture(scope="session")
def lab() -> Resource:
    """Two salt spray chambers, Monday to Friday from 8 to 12 and 13 to 17, in slots of an hour."""
    hours = tuple(Opening(day, dt.time(start), dt.time(start + 4)) for day in range(5) for start in (8, 13))
    return Resource(
        "盐雾箱",
        60,
        hours,
        {"member": Decimal(80), "external": Decimal(120)},
        places=2,
        most_slots=4,
        notice_hours=1,
        cancellations=(Cancellation(24, Decimal(0)), Cancellation(2, Decimal("0.5"))),
        offer_hours=6,
    )
