"""The firms that the chain of the sample province is made of, gathered while the register is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import classes, credit_code_faults
from gaoyuan.sample.chain_products import chain_products
from gaoyuan.sample.texts import trades

_KEPT, _KEPT_OTHERS = 40, 400
_MOST_NAMES = 20_000
"""Of a batch, so many names are searched for the words of classes."""
_CODE, _NAME, _CLASS, _REVENUE = "统一社会信用代码", "企业名称", "行业代码", "营业收入(万元)"
_NEEDED = (_CODE, _NAME, _CLASS, _REVENUE, "成立日期", "经度", "纬度")


@dataclass(frozen=True, slots=True)
class ChainFirm:
    """A firm that may have a part in the chain; `weight` rises with what it turns over."""

    uscc: str
    name: str
    weight: float


class ChainFirms:
    """Sound firms of the register by their class: up to 40 of each class that makes a product of the chain, the first
    of the file, and up to 400 other manufacturers.

    A firm whose class the register does not give counts to a class where its name has the class's own word.
    """

    def __init__(self) -> None:
        needed = sorted({product.industry for product in chain_products().values()})
        self._by_class: dict[str, list[ChainFirm]] = {code: [] for code in needed}
        self._words: dict[str, list[ChainFirm]] = {word: [] for word in sorted(set(_words().values()))}
        self._others: list[ChainFirm] = []

    def add(self, rows: pa.RecordBatch) -> None:
        """Note the firms of a batch of the register that are wanted still."""
        rows = rows.select(_NEEDED)
        given = rows.column(_CLASS)
        for code, held in self._by_class.items():
            if len(held) < _KEPT:
                self._keep(rows.filter(pc.equal(given, code)), held, _KEPT)
        unnamed = rows.filter(pc.is_null(given)).slice(0, _MOST_NAMES)
        for word, held in self._words.items():
            if len(held) < _KEPT:
                self._keep(unnamed.filter(pc.match_substring(unnamed.column(_NAME), word)), held, _KEPT)
        if len(self._others) < _KEPT_OTHERS:
            manufacturers = [code for code in classes() if "13" <= code[:2] <= "43" and code not in self._by_class]
            others = pc.is_in(given, pa.array(manufacturers, given.type))
            self._keep(rows.filter(others), self._others, _KEPT_OTHERS)

    def of(self, industry: str) -> Sequence[ChainFirm]:
        """Give the firms of a class of which the register says so, else those whose names do."""
        return self._by_class[industry] or self._words[_words()[industry]]

    @property
    def others(self) -> Sequence[ChainFirm]:
        """Manufacturers of other classes."""
        return self._others

    def _keep(self, rows: pa.RecordBatch, held: list[ChainFirm], most: int) -> None:
        # A few of them are spoiled.
        own = rows.slice(0, 2 * (most - len(held)))
        sound = credit_code_faults(own.column(_CODE)) == 0
        for one, whole in zip(own.to_pylist(), sound.tolist(), strict=True):
            if whole and len(held) < most and _is_sound(one):
                held.append(ChainFirm(one[_CODE], one[_NAME], one[_REVENUE] or 1.0))


@cache
def _words() -> dict[str, str]:
    """Give the word that names of firms have for each class that makes a product."""
    words = dict(zip(classes(), trades().word.to_pylist(), strict=True))
    return {product.industry: words[product.industry] for product in chain_products().values()}


def _is_sound(row: dict[str, object]) -> bool:
    """Whether a row has neither an impossible date nor longitude and latitude exchanged."""
    try:
        dt.date.fromisoformat(str(row["成立日期"]))
    except ValueError:
        return False
    longitude, latitude = row["经度"], row["纬度"]
    return not (isinstance(longitude, float) and isinstance(latitude, float) and longitude < latitude)
