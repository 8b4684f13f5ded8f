"""Who fits whom: candidates from the database by words and by products, ranked by `exchange.matching`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from gaoyuan.exchange.matching import Demand as Sought
from gaoyuan.exchange.matching import Match, demands_for, match
from gaoyuan.exchange.matching import Offer as Offered
from gaoyuan.portal.trading.embedding import similarities
from gaoyuan.portal.trading.models import Demand, Offer, Posted
from gaoyuan.portal.trading.places import Chain
from gaoyuan.portal.trading.searching import OPEN, PROCESS, relevances, search

__all__ = ["Found", "counterparts", "fitting_demands", "offered", "peers", "sought"]

_CANDIDATES = (300, 3000)
"""How many offers found by words are looked at closely, and how many where too few of these remain."""
_AT_ONCE = 500
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
    found: list[Match] = []
    for most in _CANDIDATES:
        fitting = relevances(Offer, demand.text, most)
        offers = _offers([*fitting, *_of_products(Offer, demand, chain)], demand)
        near = similarities(demand.text, [one.text for one in offers]) if private else None
        found = match(
            asked,
            offers,
            top=top,
            neighbours=chain.neighbours,
            similarity=near,
            relevance=[fitting.get(int(one.id), 0.0) for one in offers],
        )
        if len(found) >= top or len(fitting) < most:
            break
    rows = Offer.unscoped.select_related("organisation").in_bulk([int(one.offer.id) for one in found])
    return [Found(rows[int(one.offer.id)], one) for one in found if int(one.offer.id) in rows]


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
    return _offered(tuple(getattr(row, name) for name in _TERMS), delivered)


def _offers(numbers: Iterable[int], demand: Demand) -> list[Offered]:
    """Give the active offers of others among some, as matching takes them."""
    rows: dict[int, tuple[Any, ...]] = {}
    wanted = list(dict.fromkeys(numbers))
    for at in range(0, len(wanted), _AT_ONCE):
        held = Offer.unscoped.filter(active=True, pk__in=wanted[at : at + _AT_ONCE])
        rows.update((row[0], row) for row in held.values_list(*_TERMS))
    others = [rows[number] for number in wanted if number in rows and rows[number][1] != demand.organisation.pk]
    orders = _orders(demand, {row[1] for row in others})
    return [_offered(row, orders.get(row[1], 0)) for row in others]


_TERMS = (
    *("pk", "organisation_id", "text", "unit", "min_quantity", "capacity", "price_yuan", "lead_days"),
    *("longitude", "latitude", "certificates", "product", "industry", "reach_km"),
)


def _offered(row: tuple[Any, ...], delivered: int) -> Offered:
    """Make an offer of the values of `_TERMS`: rows of the database as objects would take several times as long."""
    number, firm, text, unit, least, most, price, days, longitude, latitude, certificates, product, industry, reach = (
        row
    )
    return Offered(
        str(number),
        str(firm),
        text,
        unit=unit,
        min_quantity=least,
        capacity=most,
        price=price,
        lead_days=days,
        place=None if longitude is None or latitude is None else (longitude, latitude),
        certificates=frozenset(certificates),
        products=(product,) if product else (),
        industry=industry,
        delivered=delivered,
        reach_km=reach,
    )


def _of_products(model: type[Posted], like: Posted, chain: Chain) -> list[int]:
    """Give the newest posts of the same product or of those near it in the chain."""
    if not like.product:
        return []
    near = [like.product, *chain.neighbours.get(like.product, {})]
    return list(_shown(model).filter(product__in=near).order_by("-pk").values_list("pk", flat=True)[:_BY_PRODUCT])


def _shown(model: type[Posted]) -> QuerySet[Posted]:
    shown = Q(active=True) if model is Offer else Q(case__process=PROCESS, case__state=OPEN)
    return model.unscoped.filter(shown)


def _candidates(model: type[Posted], like: Posted, most: int, chain: Chain) -> dict[int, Posted]:
    """Give rows that may fit, by their numbers, those found by words first."""
    numbers = dict.fromkeys([*search(model, like.text, most), *_of_products(model, like, chain)])
    related = ("organisation", "case") if model is Demand else ("organisation",)
    rows = {row.pk: row for row in _shown(model).filter(pk__in=list(numbers)).select_related(*related)}
    return {pk: rows[pk] for pk in numbers if pk in rows}


def _orders(demand: Demand, firms: Collection[int]) -> dict[int, int]:
    """Count the similar orders that firms have delivered: of the same product, or else of the same industry."""
    if demand.product:
        like = Q(product=demand.product)
    elif demand.industry:
        like = Q(industry=demand.industry)
    else:
        return {}
    done = Demand.unscoped.filter(like, case__process=PROCESS, case__state="completed").order_by("-case__last_at")
    # As text on both databases: SQLite would give a number.
    suppliers = done.annotate(supplier=KeyTextTransform("supplier", "case__facts")).values_list("supplier", flat=True)
    counted = Counter(str(one) for one in suppliers[:_MOST_ORDERS])
    return {firm: counted[str(firm)] for firm in firms if str(firm) in counted}
