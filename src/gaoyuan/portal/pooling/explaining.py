"""Why this price: the result of a pool in the words of one member."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gaoyuan.exchange.pools import Clearing, Share, member_gains, shapley_in_core
from gaoyuan.exchange.pools.rounding import from_fen, to_fen
from gaoyuan.portal.pooling.models import Commitment, Pool
from gaoyuan.portal.units import unit_words

__all__ = ["explain", "price_text"]

_SHAPLEY_MEMBERS = 8
"""Up to how many members the page tries all groups: 255 of them, within a few milliseconds."""


def price_text(price: Fraction | None) -> str:
    """Write a price in yuan with as many decimals as it has, at most six; empty where there is none."""
    if price is None:
        return ""
    exact = Decimal(round(price * 10**6)).scaleb(-6).normalize()
    text = f"{exact:f}"
    whole, _dot, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def _yuan(amount: Fraction) -> str:
    return f"{from_fen(to_fen(amount))}"


def explain(pool: Pool, own: Commitment, done: Clearing, limit: Decimal) -> list[str]:
    """Say to a member why it gets what it gets and pays what it pays, sentence by sentence."""
    share = done.share_of(own.alias)
    told: dict[str, object] = {
        "limit": price_text(Fraction(limit)),
        "unit": unit_words(pool.unit),
        "price": price_text(done.price),
    }
    if share is None:
        return _without(own, done, told)
    told |= {"got": share.quantity, "bill": share.bill}
    if done.outcome == "fallen_back":
        return [
            _("The pool did not reach its minimum; as agreed, everyone whose limit allows buys at the list price."),
            _("You get %(got)s %(unit)s at %(price)s yuan: %(bill)s yuan.") % told,
        ]
    return [*_served(pool, own, done, share, told), *_gains(own, done)]


def _served(pool: Pool, own: Commitment, done: Clearing, share: Share, told: dict[str, object]) -> list[str]:
    schedule = done.schedule
    tier = schedule.unit_price(done.volume)
    start = (
        next(tier.volume for tier in reversed(schedule.tiers) if tier.volume <= done.volume)
        if (done.volume >= schedule.tiers[0].volume)
        else 0
    )
    told |= {"volume": done.volume, "start": start, "tier": price_text(tier), "freight": schedule.fixed_cost}
    said = [
        _("Those who buy take %(volume)s %(unit)s in all: the tier from %(start)s on, %(tier)s yuan for one.") % told
    ]
    if schedule.fixed_cost:
        said.append(
            _("The freight of %(freight)s yuan is shared by quantity: with it one costs %(price)s yuan.") % told
        )
    said.append(_("Everyone pays the same price. You get %(got)s %(unit)s: %(bill)s yuan.") % told)
    more = share.quantity - own.quantity
    if more > 0:
        said.append(
            _("%(more)s of them are from what you would take beyond your quantity: they fill a pack or reach the tier.")
            % {"more": more}
        )
    elif more < 0:
        said.append(
            _(
                "%(fewer)s fewer than you wanted: the last pack was not filled, and the latest "
                "commitments are shortened."
            )
            % {"fewer": -more}
        )
    said.append(
        _(
            "Your limit was %(limit)s yuan, not below the price. Another limit would not have lowered "
            "your price: it only decides whether you buy."
        )
        % told
    )
    return said


def _without(own: Commitment, done: Clearing, told: dict[str, object]) -> list[str]:
    if own.reason == "limit" and own.dropped_at:
        told["dropped"] = price_text(Fraction(own.dropped_at))
        return [
            _(
                "One would have cost %(dropped)s yuan when your limit of %(limit)s yuan was compared: you "
                "buy nothing and pay nothing."
            )
            % told
        ]
    words = {
        "limit": _("Your limit of %(limit)s yuan is below the price: you buy nothing and pay nothing.") % told,
        "cap": _("The cap was reached by those who committed before: you buy nothing and pay nothing."),
        "pack": _("The last pack could not be filled, and the latest commitments are left out: you pay nothing."),
        "minimum": _("Those who accept the price do not reach the minimum: nobody buys, nobody pays."),
    }
    return [words[own.reason]] if own.reason in words else []


def _gains(own: Commitment, done: Clearing) -> list[str]:
    said = []
    gain = next((one for one in member_gains(done) if one.name == own.alias), None)
    if gain is not None and gain.saving is not None:
        said.append(
            _("Buying alone would have cost %(saving)s yuan more.") % {"saving": _yuan(max(gain.saving, Fraction(0)))}
        )
    warning = "" if gain is None else gain.en if get_language() == "en" else gain.zh
    if warning:
        said.append(_("A word on fairness: %(warning)s.") % {"warning": warning.rstrip("。.")})
    if len(done.shares) <= _SHAPLEY_MEMBERS:
        shapley = shapley_in_core(done)
        place = next(at for at, one in enumerate(done.shares) if one.member.name == own.alias)
        if shapley is not None:
            said.append(
                _(
                    "By Shapley's rule, which no group could undercut here either, your part would be "
                    "%(part)s yuan: the members may agree on it among themselves."
                )
                % {"part": _yuan(shapley[place])}
            )
    return said
