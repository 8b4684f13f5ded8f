"""The bill of materials of the sample province's locomotive, with its suppliers and their offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gaoyuan.sample.chain_makers import Maker
from gaoyuan.sample.chain_products import (
    LATE_OFFERS,
    LOCOMOTIVE,
    NO_OFFER,
    OUTSIDE_OFFERS,
    PLANTED_LINES,
    WHOLE_PARTS,
    ChainUse,
    chain_products,
    inputs_of,
)
from gaoyuan.sample.part_names import part_name

LOCOMOTIVES, DUE_DAYS = 20, 240
"""What the bill is for: so many locomotives, in so many days."""
OFFERS_PER_LINE = 4.5

_ASSEMBLY_DAYS = {"L": 45, "A": 30, "B": 20}
_LINES_OF = {"C18": 30.0, "C13": 16.0, "C19": 12.0, "C11": 8.0, "C12": 6.0, "B28": 6.0, "C16": 6.0, "C21": 6.0,
             "C17": 4.0, "B16": 3.0, "C10": 3.0}  # fmt: skip
_LINES_OF_OTHERS, _LINES_OF_WHOLE = 2.0, 2
_DIVISIBLE = frozenset({"吨", "千克", "米", "升", "平方米"})
_CERTIFIED = {"CRCC": ("B", 0.25), "EN 15085": ("C2", 0.15), "ISO/TS 22163": ("C1", 0.06)}
"""Certificates that a part of the lines asks for: which products (by the start of the code), and what share of them."""
_HELD = {"ISO 9001": 0.9, "CRCC": 0.8, "EN 15085": 0.7, "ISO/TS 22163": 0.7}
_CRITICAL, _TWO_SUPPLIERS, _SCRAP = 0.03, 0.2, 0.1
_HOURS_PER_YUAN = 0.002
_ROOM = (0.9, 2.0)
_LATE, _EARLY = 400, 100


@dataclass(frozen=True, slots=True)
class BillRow:
    """A row of the bill: a part in an assembly, or the locomotive itself, which has no `parent`."""

    item: str
    name: str
    parent: str
    quantity: float
    scrap: float | None = None
    assembly_days: int | None = None
    due_days: int | None = None
    critical: bool | None = None
    certificates: str = ""
    suppliers_wanted: int | None = None
    penalty: float | None = None
    product: str = ""


@dataclass(frozen=True, slots=True)
class BillOffer:
    """An offer for a part: tiers as text, the least quantity and the unit price of each."""

    item: str
    supplier: str
    price_tiers: str
    moq: float
    pack: float
    lead_days: int
    hours_per_unit: float


@dataclass(frozen=True, slots=True)
class BillSupplier:
    """A supplier: for firms of the province it is left to the register where they are."""

    supplier: str
    name: str
    capacity_hours: float
    local: bool | None
    certificates: str


@dataclass(frozen=True, slots=True)
class SampleBill:
    """The bill; `lines` is how many parts are bought, `planted` names the parts that are planted, by what is."""

    rows: Sequence[BillRow]
    suppliers: Sequence[BillSupplier]
    offers: Sequence[BillOffer]
    lines: int
    planted: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part to be bought: its item, product, need for the whole order, and usual price of a unit in yuan."""

    item: str
    product: str
    need: float
    price: float


def make_bill(makers: Mapping[str, Sequence[Maker]], lines: int, seed: int) -> SampleBill:
    """Make a bill of `lines` parts to be bought, in up to five levels, and about 4.5 offers for each from makers of its
    product. Systems and components are assembled, except those that are bought whole (`WHOLE_PARTS`).
    """
    random = np.random.default_rng([seed, 22])
    assemblies = _assemblies()
    rows = [
        BillRow(LOCOMOTIVE, chain_products()[LOCOMOTIVE].name, "", LOCOMOTIVES, assembly_days=_ASSEMBLY_DAYS["L"],
                due_days=DUE_DAYS, product=LOCOMOTIVE),
        *(
            BillRow(use.input, chain_products()[use.input].name, use.product, use.quantity,
                    assembly_days=_ASSEMBLY_DAYS[use.input[0]], product=use.input)
            for use in _uses(assemblies) if use.input in assemblies
        ),
    ]  # fmt: skip
    parts: list[_Part] = []
    bought = [use for use in _uses(assemblies) if use.input not in assemblies]
    for use, count in zip(bought, _shared_out(bought, lines), strict=True):
        own_rows, own_parts = _parts_of(use, count, assemblies[use.product], random)
        rows += own_rows
        parts += own_parts
    planted = {
        kind: next(row.item for row in rows if row.product == product and not (row.certificates or row.critical))
        for kind, product in PLANTED_LINES.items()
    }
    offers, load, largest = _offers(parts, makers, planted, random)
    return SampleBill(rows, _suppliers(makers, load, largest, random), offers, len(parts), planted)


def fewest_lines() -> int:
    """Give how many lines a bill has at least: two of each part that is bought whole, one of each other."""
    assemblies = _assemblies()
    bought = [use for use in _uses(assemblies) if use.input not in assemblies]
    return sum(_LINES_OF_WHOLE if use.input in WHOLE_PARTS else 1 for use in bought)


def _assemblies() -> dict[str, float]:
    """Give what is assembled, and how many of each for the whole order."""
    made = {LOCOMOTIVE: float(LOCOMOTIVES)}
    for code in chain_products():
        if code in made:
            for use in inputs_of(code):
                if use.input[0] in _ASSEMBLY_DAYS and use.input not in WHOLE_PARTS and inputs_of(use.input):
                    made[use.input] = made.get(use.input, 0.0) + made[code] * use.quantity
    del made["B28"]  # cable is bought by the metre
    return made


def _uses(assemblies: Mapping[str, float]) -> list[ChainUse]:
    return [use for code in assemblies for use in inputs_of(code)]


def _shared_out(uses: Sequence[ChainUse], lines: int) -> list[int]:
    """Share the lines out over what is bought: few for what is bought whole, many for fasteners, at least one each."""
    whole = np.array([use.input in WHOLE_PARTS for use in uses])
    weight = np.array([_LINES_OF.get(use.input, _LINES_OF_OTHERS) for use in uses])
    count = np.where(whole, _LINES_OF_WHOLE, 1)
    rest = max(0, lines - int(count.sum()))
    exact = np.where(whole, 0.0, weight) / weight[~whole].sum() * rest
    count += np.floor(exact).astype(int)
    left = lines - int(count.sum())
    if left > 0:
        count[np.argsort(np.floor(exact) - exact, kind="stable")[:left]] += 1
    return count.tolist()


def _parts_of(use: ChainUse, count: int, made: float, random: np.random.Generator) -> tuple[list[BillRow], list[_Part]]:
    """Make the parts of one product in one assembly, each of another specification; `made` is how many of the assembly
    are made for the order.
    """
    product = chain_products()[use.input]
    size = random.lognormal(0.0, 0.6, count)
    each = use.quantity * size / size.sum()
    each = np.round(np.maximum(each, 1e-3), 3) if product.unit in _DIVISIBLE else np.maximum(1.0, np.round(each))
    price = product.price * random.lognormal(0.0, 0.35, count)
    critical = random.random(count) < (1.0 if use.input in WHOLE_PARTS else _CRITICAL)
    two = critical & (random.random(count) < _TWO_SUPPLIERS)
    scrap = random.random(count) < _SCRAP
    certificate = next((name for name, (start, _) in _CERTIFIED.items() if use.input.startswith(start)), "")
    asked = random.random(count) < (_CERTIFIED[certificate][1] if certificate else 0.0)
    rows, parts = [], []
    for at in range(count):
        item = f"{use.input}-{use.product}-{at + 1:04d}"
        lost = 0.02 if scrap[at] and use.input not in WHOLE_PARTS else None
        rows.append(
            BillRow(
                item,
                part_name(use.input, product.name, random),
                use.product,
                float(each[at]),
                scrap=lost,
                critical=bool(critical[at]),
                certificates=certificate if asked[at] else "",
                suppliers_wanted=2 if two[at] else None,
                penalty=round(20.0 * float(price[at]), 2) if critical[at] else None,
                product=use.input,
            )
        )
        parts.append(_Part(item, use.input, made * float(each[at]) / (1.0 - (lost or 0.0)), float(price[at])))
    return rows, parts


def _offers(
    parts: Sequence[_Part],
    makers: Mapping[str, Sequence[Maker]],
    planted: Mapping[str, str],
    random: np.random.Generator,
) -> tuple[list[BillOffer], dict[str, float], dict[str, float]]:
    """Make the offers; gives besides the hours that each supplier would work if all lines were shared out evenly over
    their offers, and those of the largest line that it offers.
    """
    offers: list[BillOffer] = []
    load: dict[str, float] = {}
    largest: dict[str, float] = {}
    kinds = {item: kind for kind, item in planted.items()}
    for part in parts:
        kind = kinds.get(part.item)
        pool = [maker for maker in makers[part.product] if not (kind == OUTSIDE_OFFERS and maker.local)]
        count = min(len(pool), max(1, int(random.binomial(9, OFFERS_PER_LINE / 9)))) if kind != NO_OFFER else 0
        for at in random.permutation(len(pool))[:count].tolist():
            maker = pool[at]
            offer = _offer(part, maker, kind, random)
            offers.append(offer)
            hours = offer.hours_per_unit * part.need
            load[maker.uscc] = load.get(maker.uscc, 0.0) + hours / count
            largest[maker.uscc] = max(largest.get(maker.uscc, 0.0), offer.hours_per_unit * max(part.need, offer.moq))
    return offers, load, largest


def _offer(part: _Part, maker: Maker, kind: str | None, random: np.random.Generator) -> BillOffer:
    price = part.price * random.lognormal(0.0 if maker.local else 0.03, 0.09)
    decimals = 2 if price >= 1.0 else 4
    pack, moq = _pack(part, random)
    second = max(2.0 * moq, round(0.8 * part.need * random.uniform(0.5, 1.6), 0 if pack >= 1.0 else 3))
    tiers = [(moq, price), (second, 0.96 * price)]
    if random.random() < 0.5:
        tiers.append((2.0 * second, 0.92 * price))
    lead = max(3, round(random.lognormal(np.log(40.0 if maker.local else 60.0), 0.5)))
    lead = _LATE if kind == LATE_OFFERS else min(lead, _EARLY) if kind == OUTSIDE_OFFERS else lead
    return BillOffer(
        part.item,
        maker.uscc,
        "; ".join(f"{_plain(least)}:{round(unit_price, decimals)}" for least, unit_price in tiers),
        moq,
        pack,
        lead,
        round(max(part.price * _HOURS_PER_YUAN * random.lognormal(0.0, 0.2), 1e-4), 4),
    )


def _plain(quantity: float) -> str:
    return f"{quantity:.3f}".rstrip("0").rstrip(".")


def _pack(part: _Part, random: np.random.Generator) -> tuple[float, float]:
    """Give the units in a pack and the least order of an offer: cheap parts come in large packs, metal by the kilo."""
    if chain_products()[part.product].unit == "吨":
        pack = float(random.choice([0.001, 0.01, 0.02]))
    else:
        pack = float(random.choice([1, 5, 10, 50])) if part.price < 500.0 else 1.0
    least = int(random.integers(1, 6)) if part.price < 5_000.0 or pack < 1.0 else 1
    return pack, round(pack * max(1, min(least, int(part.need / pack))), 3)


def _suppliers(
    makers: Mapping[str, Sequence[Maker]],
    load: Mapping[str, float],
    largest: Mapping[str, float],
    random: np.random.Generator,
) -> list[BillSupplier]:
    """Give the firms that offer anything, with hours enough for their largest line and about what they would need."""
    firms = {maker.uscc: maker for own in makers.values() for maker in own if maker.uscc in load}
    suppliers: list[BillSupplier] = []
    for code, maker in firms.items():
        room = max(load[code] * random.uniform(*_ROOM), 1.05 * largest[code])
        held = [name for name, share in _HELD.items() if random.random() < share]
        suppliers.append(
            BillSupplier(code, maker.name, round(room, 1), None if maker.local else False, "; ".join(held))
        )
    return suppliers
