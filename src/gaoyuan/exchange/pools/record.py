"""The record of a clearing: its input, the hash of that, and its result, as text that anyone can clear again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from gaoyuan.errors import InputError
from gaoyuan.exchange.pools.clearing import Clearing, clear_pool
from gaoyuan.exchange.pools.model import PLACES, Member, PoolInvalid, Schedule, Tier
from gaoyuan.exchange.pools.serving import serve

__all__ = ["ClearingBroken", "disclosed", "record_of", "replay_clearing", "seal_of"]

_EDITION = 1


class ClearingBroken(InputError):
    """A record that cannot be read, or whose input does not clear to its result."""


def record_of(clearing: Clearing) -> str:
    """Give the record of a clearing: one line of JSON with sorted keys and no floats, the same for the same clearing.

    `input_hash` is the SHA-256 of the input's JSON; published before the limits are opened, it binds them.
    """
    given = _input(clearing)
    digest = hashlib.sha256(_json(given).encode()).hexdigest()
    return _json({"edition": _EDITION, "input": given, "input_hash": digest, "result": _result(clearing)})


def disclosed(clearing: Clearing) -> Clearing | None:
    """Give the same pool with limits that tell no more than the result does: each is the highest price that its member
    has accepted, or one just below the lowest at which it dropped out. It clears to the same shares, so that its record
    can be shown to all who took part.

    None where that cannot be written in whole millionths of a yuan: prices that lie closer together.

    >>> from gaoyuan.exchange.pools import clear_pool
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))), minimum=50)
    >>> members = [Member("甲", 110, Decimal("9.7")), Member("乙", 5, Decimal("7.3"))]
    >>> [str(member.limit) for member in disclosed(clear_pool(members, schedule)).members]
    ['8.000000', '7.999999']
    """
    schedule = clearing.schedule
    served = serve(clearing.members, schedule)
    met = {price for price in served.dropped.values() if price is not None} | (
        {served.price} if served.members else set()
    )
    if schedule.list_price is not None:
        met.add(Fraction(schedule.list_price))
    prices = sorted(met)
    members = [replace(member, limit=_told(Fraction(member.limit), prices)) for member in clearing.members]
    told = clear_pool(members, schedule, extended=clearing.extended)
    same = _result(told) == _result(clearing)
    return told if same else None


def replay_clearing(record: str) -> Clearing:
    """Clear a pool again from its record; raises ClearingBroken where that does not give the recorded result.

    >>> from gaoyuan.exchange.pools import clear_pool
    >>> done = clear_pool([Member("甲", 60, Decimal(9))], Schedule((Tier(1, Decimal("8.5")),)))
    >>> replay_clearing(record_of(done)) == done
    True
    """
    try:
        data = json.loads(record)
        done = _cleared_again(data["input"])
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, PoolInvalid) as fault:
        raise _broken(f"the record cannot be read: {fault!r}") from None
    if record_of(done) != record:
        raise _broken("its input does not clear to its result")
    return done


def seal_of(member: Member, salt: str) -> str:
    """Give the commitment to a sealed limit: the SHA-256 of salt, name, quantity, tolerance and limit.

    Published when the member commits, it shows later that the opened limit is the one that was given; the salt, at
    least 16 random characters, keeps it from being guessed. Raises PoolInvalid for a shorter one.

    >>> seal_of(Member("甲", 60, Decimal("9.0")), "0123456789abcdef")[:12]
    '5368c2b3bcb8'
    """
    if len(salt) < 16:
        raise PoolInvalid("the salt is short", mend="Take 16 random characters.", zh="盐值过短", mend_zh="至少 16 位")
    return hashlib.sha256(_json([salt, _member(member)]).encode()).hexdigest()


def _broken(what: str) -> ClearingBroken:
    return ClearingBroken(
        what, mend="Take the record from a good copy.", zh="出清记录不成立", mend_zh="用完好的副本替换"
    )


def _json(data: object) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _told(limit: Fraction, prices: list[Fraction]) -> Decimal:
    accepted = [price for price in prices if price <= limit]
    if accepted:
        return Decimal(-(-accepted[-1] * 10**PLACES // 1)).scaleb(-PLACES)
    if not prices:
        # No price was ever named to anybody: every limit is alike.
        return Decimal(1)
    return Decimal(max(-(-prices[0] * 10**PLACES // 1) - 1, 1)).scaleb(-PLACES)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"


def _member(member: Member) -> dict[str, object]:
    return {
        "name": member.name,
        "quantity": member.quantity,
        "limit": _text(member.limit),
        "tolerance": member.tolerance,
    }


def _input(clearing: Clearing) -> dict[str, object]:
    schedule = clearing.schedule
    return {
        "extended": clearing.extended,
        "members": [_member(member) for member in clearing.members],
        "schedule": {
            "tiers": [[tier.volume, _text(tier.unit_price)] for tier in schedule.tiers],
            "minimum": schedule.minimum,
            "cap": schedule.cap,
            "pack_size": schedule.pack_size,
            "fixed_cost": _text(schedule.fixed_cost),
            "list_price": _text(schedule.list_price),
            "on_failure": schedule.on_failure,
            "extension_days": schedule.extension_days,
            "on_shortfall": schedule.on_shortfall,
        },
    }


def _result(clearing: Clearing) -> dict[str, object]:
    return {
        "outcome": clearing.outcome,
        "volume": clearing.volume,
        "price": str(clearing.price),
        "invoice": _text(clearing.invoice),
        "shares": [[share.member.name, share.quantity, _text(share.bill)] for share in clearing.shares],
        "left": [[left.member.name, left.reason] for left in clearing.left],
    }


def _cleared_again(given: Mapping[str, Any]) -> Clearing:
    rules = dict(given["schedule"])
    for name in ("fixed_cost", "list_price"):
        rules[name] = None if rules[name] is None else Decimal(rules[name])
    rules["tiers"] = tuple(Tier(volume, Decimal(price)) for volume, price in rules["tiers"])
    listed = given["members"]
    members = [Member(one["name"], one["quantity"], Decimal(one["limit"]), one["tolerance"]) for one in listed]
    return clear_pool(members, Schedule(**rules), extended=given["extended"])
