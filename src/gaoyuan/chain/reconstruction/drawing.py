"""One draw of a network of firms from their sizes, sectors and places and from what sectors buy of each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.reconstruction.balancing import aimed_at_blocks, balanced
from gaoyuan.chain.reconstruction.demand import RegionalFlows
from gaoyuan.chain.reconstruction.places import Cells
from gaoyuan.chain.reconstruction.suppliers import buyer_needs, draw_suppliers, market_of, supplier_counts
from gaoyuan.errors import InputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DrawSettings:
    """`mean_suppliers` inside the region a buying firm has on average; a firm's number of suppliers grows with what it
    buys to the power `supplier_exponent`, the chance to be chosen with what a seller sells to the power
    `size_exponent`, and falls by e every `distance_decay_km`.
    """

    mean_suppliers: float = 10.0
    distance_decay_km: float = 50.0
    size_exponent: float = 1.0
    supplier_exponent: float = 0.5

    def check(self) -> None:
        """Raise InputError for settings that cannot be."""
        if not (np.isfinite(self.mean_suppliers) and self.mean_suppliers >= 1):
            raise InputError(f"mean_suppliers is a number of at least 1, not {self.mean_suppliers}")
        if not self.distance_decay_km > 0:
            raise InputError(f"distance_decay_km is above 0, not {self.distance_decay_km}", mend="inf: no decay")
        if not (self.size_exponent >= 0 and self.supplier_exponent >= 0):
            raise InputError("exponents are at least 0")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The links of a draw (m): `seller` and `buyer` number the firms, `value` in yuan; no two of the same firms, none
    to itself, sorted by seller and buyer.
    """

    seller: Ints
    buyer: Ints
    value: Floats


def draw_network(
    size: Floats,
    sector: Ints,
    cells: Cells,
    regional: RegionalFlows,
    settings: DrawSettings,
    random: np.random.Generator,
) -> Drawn:
    """Draw who sells how much to whom among n firms.

    `size` (n) is what each makes in a year in yuan, `sector` (n) a row of the flows, which are those of these very
    sizes. What a firm buys of a sector is the sector's purchases in proportion to its size. The same generator gives
    the same network.

    Sources: the gravity of sizes and sector flows is that of Bhattathiripad & Veetil (2025), arXiv:2512.02362, and of
    the input-output gravity model of Fessina et al. (2026), arXiv:2408.02467; the decay with distance is ours.
    """
    settings.check()
    sectors = regional.flows.shape[0]
    output = np.bincount(sector, weights=size, minlength=sectors).astype(np.float64)
    need = np.divide(regional.flows, output[None, :], out=np.zeros_like(regional.flows), where=output[None, :] > 0)
    able = np.divide(regional.for_firms, output, out=np.zeros(sectors), where=output > 0)
    most = size * able[sector]
    mass = most**settings.size_exponent * (most > 0)
    makers = np.bincount(sector[mass > 0], minlength=sectors)
    market = market_of(sector, mass, cells, sectors)

    budget = need.sum(axis=0)[sector] * size
    counts = supplier_counts(budget, settings.mean_suppliers, settings.supplier_exponent, random)
    needs = buyer_needs(counts, sector, size, need, makers, random)
    drawn = draw_suppliers(needs, market, cells, settings.distance_decay_km, random)

    group = np.repeat(np.arange(needs.buyer.size), needs.suppliers)
    group, seller = group[drawn >= 0], drawn[drawn >= 0]
    amount = aimed_at_blocks(
        needs.amount, needs.sector, sector[needs.buyer], np.bincount(group, minlength=needs.buyer.size), regional.flows
    )
    value = balanced(group, seller, amount, _chosen_weight(group, seller, needs.suppliers, sector, mass), most)
    buyer = needs.buyer[group]
    order = np.lexsort((buyer, seller))
    order = order[value[order] > 0]
    return Drawn(seller[order], buyer[order], value[order])


def _chosen_weight(group: Ints, seller: Ints, count: Ints, sector: Ints, mass: Floats) -> Floats:
    """Give what each link weighs in its group at first: mass over the chance to be among the group's suppliers, so that
    sellers sell in proportion to mass whether they are one of a thousand or all that there are.
    """
    of_sector = np.bincount(sector, weights=mass)
    part = np.clip(mass[seller] / of_sector[sector[seller]], 1e-300, 1.0)
    chance = -np.expm1(count[group] * np.log1p(-np.minimum(part, 1.0 - 1e-12)))
    return part / np.maximum(chance, 1e-300)
