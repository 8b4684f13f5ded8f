"""What the network is worth: how long requests wait for an answer, and how content those are who asked."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from gaoyuan.exchange.network.model import Answered

__all__ = ["FEWEST_CASES", "FEWEST_TOLD", "ServiceQuality", "service_quality"]

FEWEST_CASES = 5
"""Of fewer cases no figure is public."""
FEWEST_TOLD = 3
"""Of fewer enterprises no satisfaction is told: it would be that of one who is known."""


@dataclass(frozen=True, slots=True)
class ServiceQuality:
    """Figures of some requests. `median_hours` is the time to the first answer, those that still wait included with the
    time that they have waited at least: None where more than half wait or have left, for then it is not known.
    `answered_share` is of all; `content` is the mean of what enterprises said (1 to 5), None below three.
    """

    requests: int
    answered: int
    answered_share: float | None
    median_hours: float | None
    told: int
    content: float | None

    @property
    def public(self) -> bool:
        """Whether the figures are of enough cases that they may be shown to everybody."""
        return self.requests >= FEWEST_CASES


def service_quality(answers: Sequence[Answered], now: dt.datetime) -> ServiceQuality:
    """Measure how requests went by a moment. The median is that of Kaplan and Meier (Journal of the American
    Statistical Association 53, 1958): who still waits counts as long as he has waited, so that hiding slow answers by
    not answering makes no figure better. What left unanswered stays among those who wait for ever, as in the
    subdistribution of Fine and Gray (same journal 94, 1999): passing requests on makes no figure better either.

    >>> from gaoyuan.exchange.network.model import Request
    >>> asked = [Request(str(n), "testing", "370202", None, dt.datetime(2026, 5, 1)) for n in range(3)]
    >>> done = [Answered(one, "a", one.asked + dt.timedelta(hours=h), 5) for one, h in zip(asked, (2, 4, 9))]
    >>> quality = service_quality(done, dt.datetime(2026, 5, 2))
    >>> quality.median_hours, quality.content
    (4.0, 5.0)
    """
    count = len(answers)
    done = [one for one in answers if one.answered is not None and one.answered <= now]
    told = [one.content for one in answers if one.content is not None]
    return ServiceQuality(
        requests=count,
        answered=len(done),
        answered_share=len(done) / count if count else None,
        median_hours=_median_hours(answers, now),
        told=len(told),
        content=sum(told) / len(told) if len(told) >= FEWEST_TOLD else None,
    )


def _median_hours(answers: Sequence[Answered], now: dt.datetime) -> float | None:
    """Give the first time by which half are answered, after Kaplan and Meier."""
    waits: list[tuple[float, bool]] = []
    for one in answers:
        answered = one.answered if one.answered is not None and one.answered <= now else None
        if answered is None and one.left is not None and one.left <= now:
            # It is never answered there: were it taken as one that waited so long and no longer, passing a hard
            # request on early would make the figure better.
            waits.append((math.inf, False))
            continue
        until = answered or now
        if until >= one.request.asked:
            waits.append(((until - one.request.asked).total_seconds() / 3600, answered is not None))
    # At one moment those who are answered come before those who go on waiting.
    waits.sort(key=lambda wait: (wait[0], not wait[1]))
    waiting, share = len(waits), 1.0
    for hours, ended in waits:
        if ended:
            share *= 1 - 1 / waiting
            if share <= 0.5 + 1e-12:
                return hours
        waiting -= 1
    return None
