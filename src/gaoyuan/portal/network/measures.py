"""How long stations and providers take to answer, and how content firms are: what everybody may see of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from gaoyuan.exchange.network import Answered, ServiceQuality, service_quality
from gaoyuan.exchange.network.quality import FEWEST_TOLD
from gaoyuan.portal.network.models import Provider, Wait
from gaoyuan.portal.network.routing import asked

__all__ = ["Measured", "provider_figures", "station_figures"]


@dataclass(frozen=True, slots=True)
class Measured:
    """Public figures: None where they are of fewer than five requests or three firms, for they would be theirs."""

    requests: int | None = None
    answered_percent: float | None = None
    median_hours: float | None = None
    content: float | None = None

    @property
    def told(self) -> bool:
        """Whether there are figures."""
        return self.requests is not None


def station_figures(now: dt.datetime) -> dict[tuple[str, str], Measured]:
    """Give the figures of stations by level and division."""
    groups: dict[tuple[str, str], list[Wait]] = defaultdict(list)
    for one in _waits().filter(provider=None):
        groups[one.level, one.division].append(one)
    return {key: _measured(rows, now) for key, rows in sorted(groups.items())}


def provider_figures(providers: Iterable[Provider], now: dt.datetime) -> dict[int, Measured]:
    """Give the figures of providers by number: how long firms waited for them to take a request on."""
    groups: dict[int, list[Wait]] = {one.pk: [] for one in providers}
    for one in _waits().filter(provider__in=groups):
        if one.provider is not None:
            groups[one.provider.pk].append(one)
    return {pk: _measured(rows, now) for pk, rows in groups.items()}


def _waits() -> QuerySet[Wait]:
    return Wait.unscoped.select_related("request__case", "provider").order_by("came", "pk")


def _measured(rows: list[Wait], now: dt.datetime) -> Measured:
    quality = service_quality([_as_answered(one) for one in rows], now)
    firms = {one.organisation_id for one in rows}  # pyright: ignore[reportAttributeAccessIssue]
    if not quality.public or len(firms) < FEWEST_TOLD:
        return Measured()
    content = _content(rows, quality)
    return Measured(
        quality.requests,
        _rounded(quality.answered_share, 100),
        _rounded(quality.median_hours),
        _rounded(content),
    )


def _content(rows: list[Wait], quality: ServiceQuality) -> float | None:
    """Give the mean satisfaction where enough different firms have told theirs."""
    told = {one.organisation_id for one in rows if _told(one) is not None}  # pyright: ignore[reportAttributeAccessIssue]
    return quality.content if len(told) >= FEWEST_TOLD else None


def _rounded(figure: float | None, times: int = 1) -> float | None:
    """Give a figure with one decimal: no more of it is meant."""
    return None if figure is None else round(figure * times, 1)


def _as_answered(one: Wait) -> Answered:
    request = asked(one.request)
    since = type(request)(request.key, request.kind, request.division, request.industry, one.came)
    return Answered(since, one.answered and str(one.pk), one.answered, _told(one), one.left)


def _told(one: Wait) -> int | None:
    """Give how content the firm was with the provider that has served it in the end."""
    served = one.provider is not None and one.request.provider == one.provider and one.answered is not None
    return one.request.content if served else None
