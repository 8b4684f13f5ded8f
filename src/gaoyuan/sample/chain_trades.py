"""What the makers of the sample province's chain produce, and what they buy from one another in a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gaoyuan.sample.chain_makers import Maker
from gaoyuan.sample.chain_products import LOCOMOTIVE, ChainProduct, chain_products, inputs_of

TRADED_YEAR = 2025
LOCOMOTIVES_A_YEAR = 120
_SOLD_IN_CHAIN = (0.55, 0.95)
_LOCAL = (8.0, 2.0)
_MOST_LOCAL, _MOST_OUTSIDE, _MOST_SALES = 3, 2, 4
_LEAST_OUTPUT = 4.0e6
_RETURNED = 0.02
_WITHOUT_CODE = 0.06
_PROVINCE_SHARE = (0.05, 0.35)
_OUTSIDE_SHARE = (0.15, 0.6)


@dataclass(frozen=True, slots=True)
class Trade:
    """A sale, or with an amount below 0 a return; `seller_uscc` is empty where the document lacks it."""

    number: str
    date: dt.date
    seller: str
    seller_uscc: str
    buyer: Maker
    product: ChainProduct
    quantity: float
    amount_yuan: float


@dataclass(frozen=True, slots=True)
class Production:
    """What the makers of each product (in their order) make in a year, in yuan, their shares of what the country makes,
    and the trades among them.
    """

    output_yuan: Mapping[str, Sequence[float]]
    national_share: Mapping[str, Sequence[float]]
    trades: Sequence[Trade]


def produce(makers: Mapping[str, Sequence[Maker]], seed: int) -> Production:
    """Let the makers of the province produce, and buy what that takes.

    From the locomotive down: each firm buys inputs by their shares of its output, about 80 % of their value in the
    province where somebody makes them there; what a firm sells in the chain is 55 to 95 % of its output. A sale is one
    of up to four of the year, a few in a hundred are followed by a return, and some documents lack the seller's code.
    """
    random = np.random.default_rng([seed, 21])
    sold: dict[str, np.ndarray] = {code: np.zeros(len(own)) for code, own in makers.items()}
    outputs: dict[str, list[float]] = {}
    shares: dict[str, list[float]] = {}
    trades: list[Trade] = []
    for code in chain_products():
        outputs[code], shares[code] = _outputs(code, makers[code], sold[code], random)
        for use in inputs_of(code):
            input_ = chain_products()[use.input]
            for buyer, output in zip(makers[code], outputs[code], strict=True):
                if buyer.local:
                    for at, amount in _purchases(buyer, makers[use.input], use.share * output, random):
                        sold[use.input][at] += amount
                        trades += _sales(makers[use.input][at], buyer, input_, amount, len(trades), random)
    return Production(outputs, shares, trades)


def _outputs(
    code: str, makers: Sequence[Maker], sold: np.ndarray, random: np.random.Generator
) -> tuple[list[float], list[float]]:
    """Give what each maker makes, and its share of what the country makes.

    A firm of the province makes what it has sold in the chain and more. Those of the province hold 5 to 35 % of the
    country together, the known ones outside 15 to 60 %.
    """
    local = np.array([maker.local for maker in makers], dtype=bool)
    part = np.array([maker.part for maker in makers])
    ordered = LOCOMOTIVES_A_YEAR * chain_products()[LOCOMOTIVE].price if code == LOCOMOTIVE else 0.0
    in_chain = random.uniform(*_SOLD_IN_CHAIN, len(makers))
    least = _LEAST_OUTPUT * random.lognormal(0.0, 0.5, len(makers))
    province, outside = random.uniform(*_PROVINCE_SHARE), random.uniform(*_OUTSIDE_SHARE)
    made = np.where(local, sold / in_chain + part * ordered + least, 0.0)
    country = made.sum() / province if local.any() else sold.sum() / province + _LEAST_OUTPUT
    made = np.where(local, made, np.maximum(outside * part * country, sold + least))
    return np.round(made, -2).tolist(), np.round(made / max(country, made.sum()), 4).tolist()


def _purchases(
    buyer: Maker, makers: Sequence[Maker], value: float, random: np.random.Generator
) -> list[tuple[int, float]]:
    """Split the purchases of an input over a few makers; gives their positions and what each sells."""
    inside, outside = (
        [at for at, maker in enumerate(makers) if maker.local == side and maker.uscc != buyer.uscc]
        for side in (True, False)
    )
    share = (random.beta(*_LOCAL) if outside else 1.0) if inside else 0.0
    bought: list[tuple[int, float]] = []
    for pool, part, most in ((inside, share, _MOST_LOCAL), (outside, 1.0 - share, _MOST_OUTSIDE)):
        if not pool or not part:
            continue
        weight = np.array([makers[at].part for at in pool])
        count = min(len(pool), int(random.integers(1, most + 1)))
        chosen = random.choice(len(pool), count, replace=False, p=weight / weight.sum())
        split = random.dirichlet(1.0 + 4.0 * weight[chosen] / weight[chosen].sum())
        bought += [(pool[one], value * part * own) for one, own in zip(chosen.tolist(), split.tolist(), strict=True)]
    return bought


def _sales(
    seller: Maker, buyer: Maker, product: ChainProduct, amount: float, before: int, random: np.random.Generator
) -> list[Trade]:
    count = int(random.integers(1, _MOST_SALES + 1))
    code = "" if random.random() < _WITHOUT_CODE else seller.uscc
    days = np.sort(random.integers(0, 365, count)).tolist()
    price = product.price * random.lognormal(0.0, 0.08)
    sales: list[Trade] = []
    for day, value in zip(days, (random.dirichlet(np.full(count, 4.0)) * amount).tolist(), strict=True):
        amounts = [value]
        if random.random() < _RETURNED:
            amounts.append(-value * random.uniform(0.02, 0.2))
        for worth in amounts:
            sales.append(
                Trade(
                    f"SD{TRADED_YEAR}{before + len(sales) + 1:07d}",
                    dt.date(TRADED_YEAR, 1, 1) + dt.timedelta(days=min(364, day + (7 if worth < 0 else 0))),
                    seller.name,
                    code,
                    buyer,
                    product,
                    round(worth / price, 4),
                    round(worth, 2),
                )
            )
    return sales
