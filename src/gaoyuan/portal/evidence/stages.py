"""What the moves of the services are to a bank: order, delivery, acceptance by the other side, dispute, use."""

from __future__ import annotations

__all__ = ["stage_of"]

_STAGES: dict[str, dict[str, str]] = {
    "supply-demand": {
        "confirm": "order",
        "deliver": "delivery",
        "accept": "acceptance",
        "dispute": "dispute",
        "overdue": "dispute",
    },
    "pool": {
        "order": "order",
        "deliver": "delivery",
        "settle": "acceptance",
        "dispute": "dispute",
        "overdue": "dispute",
    },
    "booking": {
        "confirm": "order",
        "approve": "order",
        "take": "order",
        "check_in": "booking",
        "report": "delivery",
        "accept": "acceptance",
        "dispute": "dispute",
        "finish_late": "dispute",
    },
    "freight": {
        "accept": "order",
        "deliver": "delivery",
        "sign": "acceptance",
        "dispute": "dispute",
        "overdue": "dispute",
    },
    "challenge": {
        "sign": "order",
        "hand_over": "delivery",
        "accept": "acceptance",
        "object": "dispute",
        "due_passed": "dispute",
    },
    "service-request": {"take_on": "order", "finish": "delivery", "overdue": "dispute"},
}


def stage_of(process: str, move: str) -> str:
    """Give the stage that a move is, empty for one that means nothing to a bank. Silence is no acceptance.

    >>> stage_of("supply-demand", "accept"), stage_of("supply-demand", "accept_silently")
    ('acceptance', '')
    """
    return _STAGES.get(process, {}).get(move, "")
