"""How fast the portal's own database finds the offers for a demand, and how well it finds the documents of CACM.

    python -m benchmarks.matching_portal speed [--offers 1000000]
    python -m benchmarks.matching_portal cacm FOLDER
    scripts/with-postgresql.sh .venv/bin/python -m benchmarks.matching_portal speed

A portal of its own in a temporary folder, or the database of DATABASE_URL, which has to be empty. `speed` asks made-up
demands of made-up offers by the function that the page of a demand calls, and tells the time of this process's core and
the time that passes, in which PostgreSQL works on another core. `cacm` posts the documents of that collection as
offers and asks its topics; the bar is the published BM25.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.matching import average_precision, cacm_collection, made_demands, made_offers

_FIRMS, _AT_ONCE = 2_000, 5_000
_PUBLISHED_CACM = 0.3123


def post(texts: Iterable[dict[str, object]]) -> None:
    """Write offers without the signals of Django, and then the index."""
    from gaoyuan.portal.accounts.models import Organisation
    from gaoyuan.portal.trading.models import Offer
    from gaoyuan.portal.trading.searching import index_all

    firms = [Organisation.objects.create(name=f"firm {at}", kind="enterprise") for at in range(_FIRMS)]
    held: list[Offer] = []
    for at, given in enumerate(texts):
        held.append(Offer(organisation=firms[at % _FIRMS], digest=f"{at}", **given))
        if len(held) == _AT_ONCE:
            Offer.unscoped.bulk_create(held)
            held.clear()
    Offer.unscoped.bulk_create(held)
    begun = time.monotonic()
    print(f"{index_all():,} offers indexed in {time.monotonic() - begun:.0f} s", flush=True)


def speed(offers: int, queries: int) -> None:
    """Print how long a demand takes."""
    from gaoyuan.portal.accounts.models import Organisation
    from gaoyuan.portal.trading.finding import counterparts
    from gaoyuan.portal.trading.models import Demand
    from gaoyuan.portal.trading.places import Chain

    post(
        {
            "text": one.text,
            "unit": one.unit,
            "min_quantity": one.min_quantity,
            "capacity": one.capacity,
            "price_yuan": one.price,
            "lead_days": one.lead_days,
            "longitude": one.place[0] if one.place else None,
            "latitude": one.place[1] if one.place else None,
            "certificates": sorted(one.certificates),
            "product": one.products[0],
        }
        for one in made_offers(offers)
    )
    buyer = Organisation.objects.create(name="buyer", kind="enterprise")
    core, clock, found = [], [], 0
    for one in made_demands(queries + 5):
        demand = Demand(
            organisation=buyer,
            text=one.text,
            quantity=one.quantity,
            unit=one.unit,
            max_price_yuan=one.max_price,
            longitude=one.place[0] if one.place else None,
            latitude=one.place[1] if one.place else None,
            within_km=one.within_km,
            certificates=sorted(one.certificates),
            product=one.products[0] if one.products else "",
        )
        begun, passed = time.process_time(), time.monotonic()
        found += len(counterparts(demand, top=20, chain=Chain(), private=True))
        core.append((time.process_time() - begun) * 1e3)
        clock.append((time.monotonic() - passed) * 1e3)
    for name, spent in (("core", core[5:]), ("clock", clock[5:])):
        half, most = np.percentile(spent, [50, 95])
        print(f"a demand, {name}: {half:.1f} ms, 95 % within {most:.1f} ms")
    print(f"{found / (queries + 5):.1f} counterparts a demand")


def cacm(folder: Path) -> None:
    """Print the mean average precision on CACM."""
    from gaoyuan.portal.trading.models import Offer
    from gaoyuan.portal.trading.searching import search

    documents, topics, relevant = cacm_collection(folder)
    keys = list(documents)
    post({"text": documents[key]} for key in keys)
    names = dict(zip(Offer.unscoped.order_by("pk").values_list("pk", flat=True), keys, strict=True))
    precisions = [
        average_precision([names[number] for number in search(Offer, topics[topic], 1_000)], wanted)
        for topic, wanted in relevant.items()
    ]
    print(f"CACM: mean average precision {np.mean(precisions):.4f}; published BM25 {_PUBLISHED_CACM}")


def main() -> None:
    """Make a portal, fill it and ask it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "cacm"))
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--offers", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as portal:
        from gaoyuan.portal.serving.starting import set_up

        set_up(Path(portal))
        if given.what == "speed":
            speed(given.offers, given.queries)
        elif given.folder is None:
            parser.error("cacm needs a folder")
        else:
            cacm(given.folder)


if __name__ == "__main__":
    main()
