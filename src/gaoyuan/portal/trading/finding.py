"""Who fits whom: candidates from the database by words and by products, ranked by `exchange.matching`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from gaoyuan.exchange.matching import Demand as Sought
from gaoyuan.exchange.matching import Match, demands_for, match
from gaoyuan.exchange.matching import Offer as Offered
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.trading.embedding import similarities
from gaoyuan.portal.trading.models import Demand, Offer, Posted
from gaoyuan.portal.trading.places import Chain
from gaoyuan.portal.trading.searching import OPEN, PROCESS, search

__all__ = ["Found", "counterparts", "fitting_demands", "offered", "peers", "sought"]

_CANDIDATES = 300
_BY_PRODUCT = 200
_FITTING = 60
_MOST_ORDERS = 5000


@dataclass(frozen=True, slots=True)
class Found:
    """An offer or a demand that fits, and the match with its reasons."""

    row: Posted
    match: Match


def counterparts(demand: Demand, *, top: int, chain: Chain, private: bool) -> list[Found]:
    """Give the active offers that fit a demand best. With `private` the buyer's hidden limit price counts, and the
    operator's language model is asked where there is one: only for what the buyer himself is shown, for a move never
    waits for a model.
    """
    asked = sought(demand, private=private)
    rows = _candidates(Offer, demand, _CANDIDATES, chain)
    rows = {pk: row for pk, row in rows.items() if row.organisation.pk != demand.organisation.pk}
    orders = _orders(demand, {row.organisation.pk for row in rows.values()})
    offers = [offered(row, orders[row.organisation.pk]) for row in rows.values() if isinstance(row, Offer)]
    near = similarities(demand.text, [one.text for one in offers]) if private else None
    found = match(asked, offers, top=top, neighbours=chain.neighbours, similarity=near) if offers else []
    return [Found(rows[int(one.offer.id)], one) for one in found]


def fitting_demands(offer: Offer, *, top: int, chain: Chain) -> list[Found]:
    """Give the open demands that an offer fits best, by what everybody may know of them."""
    near = _candidates(Demand, offer, _FITTING, chain).values()
    rows = [row for row in near if row.organisation.pk != offer.organisation.pk]
    asked = [sought(row, private=False) for row in rows if isinstance(row, Demand)]
    found = demands_for(offered(offer, 0), asked, top=top, neighbours=chain.neighbours) if asked else []
    return [Found(rows[place], one) for place, one in found]


def peers(text: str, product: str, chain: Chain) -> list[Posted]:
    """Give the offers and open demands that are about the same, as far as words and products tell."""
    like = Offer(text=text, product=product)
    return [*_candidates(Offer, like, 40, chain).values(), *_candidates(Demand, like, 40, chain).values()]


def sought(row: Demand, *, private: bool) -> Sought:
    """Give a demand as matching takes it; without `private` a hidden limit price is unknown."""
    days = None if row.needed_on is None else max(0, (row.needed_on - timezone.localdate()).days)
    return Sought(
        str(row.organisation.pk),
        row.text,
        quantity=row.quantity,
        unit=row.unit,
        max_price=row.max_price_yuan if private or row.limit_open else None,
        within_days=days,
        place=row.place,
        within_km=row.within_km,
        certificates=frozenset(row.certificates),
        products=(row.product,) if row.product else (),
        industry=row.industry,
    )


def offered(row: Offer, delivered: int) -> Offered:
    """Give an offer as matching takes it."""
    return Offered(
        str(row.pk),
        str(row.organisation.pk),
        row.text,
        unit=row.unit,
        min_quantity=row.min_quantity,
        capacity=row.capacity,
        price=row.price_yuan,
        lead_days=row.lead_days,
        place=row.place,
        certificates=frozenset(row.certificates),
        products=(row.product,) if row.product else (),
        industry=row.industry,
        delivered=delivered,
        reach_km=row.reach_km,
    )


def _candidates(model: type[Posted], like: Posted, most: int, chain: Chain) -> dict[int, Posted]:
    """Give rows that may fit, by their numbers, those found by words first."""
    numbers = dict.fromkeys(search(model, like.text, most))
    shown = Q(active=True) if model is Offer else Q(case__process=PROCESS, case__state=OPEN)
    if like.product:
        near = [like.product, *chain.neighbours.get(like.product, {})]
        by_product = model.unscoped.filter(shown, product__in=near).order_by("-pk")
        numbers.update(dict.fromkeys(by_product.values_list("pk", flat=True)[:_BY_PRODUCT]))
    related = ("organisation", "case") if model is Demand else ("organisation",)
    rows = {row.pk: row for row in model.unscoped.filter(shown, pk__in=list(numbers)).select_related(*related)}
    return {pk: rows[pk] for pk in numbers if pk in rows}


def _orders(demand: Demand, firms: Collection[int]) -> Counter[int]:
    """Count the similar orders that firms have delivered: of the same product, or else of the same industry."""
    if demand.product:
        like = Q(demand__product=demand.product)
    elif demand.industry:
        like = Q(demand__industry=demand.industry)
    else:
        return Counter()
    done = Case.unscoped.filter(like, process=PROCESS, state="completed").order_by("-last_at")
    return Counter(pk for pk in _suppliers(done.values_list("facts", flat=True)[:_MOST_ORDERS]) if pk in firms)


def _suppliers(facts: Iterable[dict[str, str]]) -> Iterable[int]:
    return (int(one["supplier"]) for one in facts if one.get("supplier", "").isdigit())
