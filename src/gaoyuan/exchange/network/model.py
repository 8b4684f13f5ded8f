"""What the service network is made of: kinds of service, providers with the places they serve, requests, answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

from gaoyuan.errors import InputError

__all__ = ["KINDS", "LEVELS", "Answered", "Level", "NetworkInvalid", "Provider", "Request", "ServiceKind"]

Level: TypeAlias = Literal["county", "city", "province"]
ServiceKind: TypeAlias = Literal["diagnosis", "innovation", "digital", "talent", "finance", "testing"]

LEVELS: tuple[Level, ...] = ("county", "city", "province")
"""In the order in which a request climbs."""
KINDS: dict[ServiceKind, tuple[str, str]] = {
    "diagnosis": ("诊断", "diagnosis"),
    "innovation": ("创新", "innovation"),
    "digital": ("数字化", "digital"),
    "talent": ("人才", "talent"),
    "finance": ("融资", "finance"),
    "testing": ("检测", "testing"),
}
"""Kinds of service with their names in Chinese and English."""
_DIGITS: dict[Level, int] = {"county": 6, "city": 4, "province": 2}


class NetworkInvalid(InputError):
    """A provider or request with a place, an industry or times that cannot be."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who serves: in a division of a level (its six-digit code), in some industries (prefixes of the classification;
    none for all), so many requests at once.
    """

    key: str
    name: str
    level: Level
    division: str
    kinds: frozenset[ServiceKind]
    industries: frozenset[str] = frozenset()
    most_open: int = 10
    open_requests: int = 0

    def __post_init__(self) -> None:
        _check_division(self.key, self.division)
        if self.most_open < 0 or self.open_requests < 0:
            raise NetworkInvalid(
                f"provider {self.key!r} takes fewer than no requests", zh=f"服务机构 {self.key} 的受理数为负"
            )

    def serves(self, division: str) -> bool:
        """Say whether a county lies in the provider's division."""
        digits = _DIGITS[self.level]
        return division[:digits] == self.division[:digits]


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a service by an enterprise in a county, of an industry where that is known."""

    key: str
    kind: ServiceKind
    division: str
    industry: str | None
    asked: dt.datetime

    def __post_init__(self) -> None:
        _check_division(self.key, self.division)


@dataclass(frozen=True, slots=True)
class Answered:
    """How a request went: when and by whom it was answered first (None for not yet), and how content the enterprise
    was, 1 to 5, None where it has not said. `left` is when it went elsewhere without an answer: it rose to the level
    above, or was withdrawn.
    """

    request: Request
    provider: str | None = None
    answered: dt.datetime | None = None
    content: int | None = None
    left: dt.datetime | None = None

    def __post_init__(self) -> None:
        if self.content is not None and not 1 <= self.content <= 5:
            raise NetworkInvalid(f"content {self.content} is not from 1 to 5", zh="满意度须为 1 至 5")
        if self.answered is not None and self.answered < self.request.asked:
            raise NetworkInvalid(
                f"request {self.request.key!r} is answered before it was asked", zh="答复时间早于提出时间"
            )
        if self.left is not None and (self.answered is not None or self.left < self.request.asked):
            raise NetworkInvalid(
                f"request {self.request.key!r} left after its answer, or before it was asked",
                zh="转出时间早于提出时间，或已有答复",
            )


def _check_division(whose: str, division: str) -> None:
    if not (len(division) == 6 and division.isascii() and division.isdigit()):
        raise NetworkInvalid(
            f"{whose!r}: {division!r} is no division code; it has six digits",
            zh=f"{whose}：{division} 不是六位行政区划代码",
        )
