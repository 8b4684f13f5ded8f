"""What each member gains from a pool, and whether the price is fair to the largest.

An equal price ignores what a large member contributes: under falling prices its gain per unit is the least, and shrinks
once it holds more than about 38 % of the volume; the most it can gain for a given total is near 25 % (Schotanus,
Telgen and de Boer 2008, European Journal of Operational Research 187, 162–176; Schotanus, IPSERA 2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gaoyuan.exchange.pools.clearing import Clearing
from gaoyuan.exchange.pools.core import group_cost

__all__ = ["Gain", "member_gains"]

PEAK, FALLING = Fraction(25, 100), Fraction(38, 100)
"""Shares of the volume from which the largest gains no more, and less."""


@dataclass(frozen=True, slots=True)
class Gain:
    """A member's part of the volume, what it saves against buying alone, in yuan (None where it could not), its part of
    all savings, and a word where it is large.
    """

    name: str
    volume_share: Fraction
    saving: Fraction | None
    saving_share: Fraction | None
    zh: str
    en: str


def member_gains(clearing: Clearing) -> tuple[Gain, ...]:
    """Give each member's gain from a cleared pool, in the order of its shares; empty for any other outcome.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.pools import Member, Schedule, Tier, clear_pool
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))))
    >>> pool = clear_pool([Member("甲", 90, Decimal(12)), Member("乙", 10, Decimal(12))], schedule)
    >>> [(str(gain.volume_share), str(gain.saving), gain.zh) for gain in member_gains(pool)]
    [('9/10', '180', '占比超过 38%，再增量收益下降，可约定牵头让利'), ('1/10', '20', '')]
    """
    if clearing.outcome != "cleared":
        return ()
    alone = [group_cost(clearing.schedule, share.quantity) for share in clearing.shares]
    pairs = zip(alone, clearing.shares, strict=True)
    savings = [None if cost is None else cost - share.exact for cost, share in pairs]
    known = [saving for saving in savings if saving is not None]
    total = sum(known, Fraction(0)) if len(known) == len(savings) else None
    found = []
    for share, saving in zip(clearing.shares, savings, strict=True):
        part = Fraction(share.quantity, clearing.volume)
        of_all = saving / total if saving is not None and total else None
        found.append(Gain(share.member.name, part, saving, of_all, *_warning(part)))
    return tuple(found)


def _warning(part: Fraction) -> tuple[str, str]:
    if part > FALLING:
        return (
            "占比超过 38%，再增量收益下降，可约定牵头让利",
            "above 38 % of the volume more volume gains less; an anchor rebate may be agreed",
        )
    if part > PEAK:
        return "占比超过 25%，收益已近上限", "above 25 % of the volume the gain is near its most"
    return "", ""
