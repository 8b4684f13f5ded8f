"""Resources whose rules contradict each other are refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from gaoyuan.exchange.booking import Cancellation, Opening, Quota, Resource, ResourceInvalid

EARLY, LATE = Opening(0, dt.time(8), dt.time(12)), Opening(0, dt.time(11), dt.time(14))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"name": " "}, "no name"),
        ({"slot_minutes": 7}, "do not divide"),
        ({"hours": ()}, "never open"),
        ({"hours": (replace(EARLY, weekday=7),)}, "weekday"),
        ({"hours": (replace(EARLY, end=dt.time(8, 30)),)}, "hold no slot"),
        ({"hours": (LATE, EARLY)}, "overlap"),
        ({"places": 0}, "no place"),
        ({"prices": {"member": Decimal(-1)}}, "below zero"),
        ({"notice_hours": -1}, "in time"),
        ({"most_slots": 0}, "is empty"),
        ({"quotas": (Quota(0, 7),)}, "allows nothing"),
        ({"cancellations": (Cancellation(24, Decimal(2)),)}, "between 0 and 1"),
        ({"cancellations": (Cancellation(-1, Decimal(1)),)}, "after the start"),
        ({"cancellations": (Cancellation(2, Decimal(0)), Cancellation(24, Decimal(1)))}, "later costs less"),
    ],
)
def test_a_resource_that_contradicts_itself_is_refused(lab: Resource, change: dict[str, object], what: str) -> None:
    with pytest.raises(ResourceInvalid, match=what) as refused:
        replace(lab, **change)  # type: ignore[arg-type]
    assert refused.value.zh
