"""Offers and demands as pairs of words, for pages and files."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from gaoyuan.codes import industries
from gaoyuan.codes.administrative_divisions import counties, full_name
from gaoyuan.portal.trading.models import Demand, Offer, Posted
from gaoyuan.portal.trading.places import chain_of
from gaoyuan.portal.units import unit_words
from gaoyuan.portal.workbench.naming import industry_words

__all__ = ["amount", "shown_demand", "shown_offer"]

Pairs = list[tuple[str, str]]


def shown_demand(demand: Demand, *, own: bool) -> Pairs:
    """Give what a viewer may see of a demand; a hidden limit price only its owner."""
    pairs = _about(demand)
    pairs.append((_("Quantity"), amount(demand.quantity, demand.unit)))
    if own or demand.limit_open:
        words = _("Highest price of a unit in yuan")
        words = words if demand.limit_open else _("%(words)s (only you see it)") % {"words": words}
        pairs.append((words, amount(demand.max_price_yuan)))
    pairs.append((_("Needed on"), demand.needed_on.isoformat() if demand.needed_on else ""))
    pairs += _where(demand)
    if demand.within_km is not None:
        pairs.append((_("From at most so many km away"), f"{demand.within_km:g} km"))
    return [pair for pair in pairs if pair[1]]


def shown_offer(offer: Offer) -> Pairs:
    """Give an offer."""
    pairs = _about(offer)
    pairs += [
        (_("Minimum of an order"), amount(offer.min_quantity, offer.unit)),
        (_("Most of an order"), amount(offer.capacity, offer.unit)),
        (_("Price of a unit in yuan, before freight"), amount(offer.price_yuan)),
        (_("Days until delivery"), "" if offer.lead_days is None else str(offer.lead_days)),
    ]
    pairs += _where(offer)
    if offer.reach_km is not None:
        pairs.append((_("Delivers within km"), f"{offer.reach_km:g} km"))
    return [pair for pair in pairs if pair[1]]


def amount(value: Decimal | None, unit: str = "") -> str:
    """Give an amount with marks between thousands, and its unit.

    >>> amount(Decimal("12500.50"), "kg"), amount(None)
    ('12,500.5 kg', '')
    """
    return "" if value is None else f"{value.normalize():,f} {unit_words(unit)}".strip()


def _about(row: Posted) -> Pairs:
    industry = industries(2017).get(row.industry)
    return [
        (_("What it is, in your own words"), row.text),
        (_("Product of the chain"), chain_of().names.get(row.product, row.product)),
        (_("Industry"), f"{row.industry} {industry_words(row.industry, industry.name)}" if industry else row.industry),
    ]


def _where(row: Posted) -> Pairs:
    return [
        (_("Certificates"), "、".join(row.certificates)),
        (_("County"), full_name(row.county) if row.county in counties() else row.county),
    ]
