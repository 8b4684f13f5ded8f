"""Who makes what in the sample province's chain, there and elsewhere in the country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gaoyuan.sample.chain_firms import ChainFirm, ChainFirms
from gaoyuan.sample.chain_products import (
    IMPORTED,
    MISSING_LINKS,
    PLANTED_LINES,
    SINGLE_POINT,
    ChainProduct,
    chain_products,
)
from gaoyuan.sample.numbering import credit_codes
from gaoyuan.sample.texts import brands

FEWEST_MAKERS, MOST_MAKERS = 3, 12
_MOST_OUTSIDE = 6
_MOST_FIRMS = 50_000_000
"""The numbers from which credit codes are made begin here for firms outside, above those of any register."""
_PLACES = (
    ("湖南省株洲市", "430200"), ("江苏省常州市", "320400"), ("江苏省无锡市", "320200"), ("浙江省宁波市", "330200"),
    ("湖北省武汉市", "420100"), ("陕西省西安市", "610100"), ("四川省成都市", "510100"), ("辽宁省大连市", "210200"),
    ("吉林省长春市", "220100"), ("河北省唐山市", "130200"), ("广东省深圳市", "440300"), ("浙江省杭州市", "330100"),
    ("安徽省芜湖市", "340200"), ("河南省洛阳市", "410300"), ("山西省大同市", "140200"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Maker:
    """A firm that makes a product: `place` in words for a firm outside, empty for one of the province; its part of all
    that its side (inside or outside) makes.
    """

    uscc: str
    name: str
    place: str
    part: float

    @property
    def local(self) -> bool:
        """Whether it is a firm of the province."""
        return not self.place


def choose_makers(firms: ChainFirms, seed: int) -> Mapping[str, Sequence[Maker]]:
    """Choose the makers of every product, those of the province first.

    3 to 12 of the province for most, by class where the register has so many, the larger ones rather; none for the
    missing links and the imported products, and one for the single point. Elsewhere 2 to 6 for two products of three
    and for all that the province lacks, has from one firm only, or has a planted line of the bill in.
    """
    random = np.random.default_rng([seed, 20])
    others = [firms.others[at] for at in random.permutation(len(firms.others)).tolist()]
    chosen: dict[str, Sequence[Maker]] = {}
    outside_firms = 0
    for code, product in chain_products().items():
        count = int(random.integers(FEWEST_MAKERS, MOST_MAKERS + 1))
        lacking = code in (*MISSING_LINKS, *IMPORTED)
        count = 0 if lacking else 1 if code == SINGLE_POINT else count
        inside = _chosen(firms.of(product.industry), others, count, random)
        outside = int(random.integers(2, _MOST_OUTSIDE + 1))
        needed = lacking or code == SINGLE_POINT or code in PLANTED_LINES.values()
        if not needed and random.random() < 1 / 3:
            outside = 0
        chosen[code] = [
            *(
                Maker(firm.uscc, firm.name, "", part)
                for firm, part in zip(inside, _parts(len(inside), random), strict=True)
            ),
            *_outside(product, outside, outside_firms, random),
        ]
        outside_firms += outside
    return chosen


def _chosen(
    pool: Sequence[ChainFirm], others: list[ChainFirm], count: int, random: np.random.Generator
) -> list[ChainFirm]:
    """Choose firms of a class; where it has fewer than three, other manufacturers too, each once while they last."""
    weight = np.sqrt(np.array([firm.weight for firm in pool]))
    own = min(count, len(pool))
    found = random.choice(len(pool), own, replace=False, p=weight / weight.sum()).tolist() if own else []
    made = [pool[at] for at in sorted(found)]
    while len(made) < min(count, FEWEST_MAKERS) and others:
        made.append(others.pop(0))
        others.append(made[-1])
    return made


def _outside(product: ChainProduct, count: int, first: int, random: np.random.Generator) -> list[Maker]:
    at = random.choice(len(_PLACES), count, replace=False).tolist()
    codes = credit_codes(np.array([int(_PLACES[place][1]) for place in at], dtype=np.int64), _MOST_FIRMS + first)
    made = zip(at, codes.to_pylist(), brands(count, random), _parts(count, random), strict=True)
    return [
        Maker(code, f"{_PLACES[place][0][3:5]}{brand}{product.name}有限公司", _PLACES[place][0], part)
        for place, code, brand, part in made
    ]


def _parts(count: int, random: np.random.Generator) -> list[float]:
    size = random.lognormal(0.0, 0.8, count)
    return (size / size.sum()).tolist() if count else []
