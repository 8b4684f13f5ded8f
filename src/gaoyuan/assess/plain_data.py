"""Results as plain data for JSON."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping

from gaoyuan.assess.rules.model import Json

__all__ = ["plain"]


def plain(value: object) -> Json:
    """Give a result as plain data: data classes as objects, dates as ISO 8601, numbers that are not finite as null.

    >>> plain({"due": dt.date(2025, 12, 31), "most": float("inf")})
    {'due': '2025-12-31', 'most': None}
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int) else str(value)
