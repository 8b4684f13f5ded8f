"""The search against plain BM25 on the real register: a firm's name has to find its own scope of business.

Wrong answers are the scopes of all other manufacturers of the province, those of the same county and trade among them.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet
import rjieba

from gaoyuan.exchange.matching import Bm25Index, Demand, Offer, index_offers, index_texts

LEGAL_FORM = re.compile(r"有限责任公司|股份有限公司|有限公司|分公司|公司|集团|厂|[（(].*?[）)]")
QUERIES = 1000


def test_the_search_finds_a_firms_scope_by_its_name_better_than_plain_bm25(shared_data: Path) -> None:
    table = pyarrow.parquet.read_table(
        shared_data / "registry" / "cn_registry_mfg.parquet", columns=["name", "scope", "prov"]
    )
    rows = table.filter(pc.equal(table["prov"], "宁夏")).to_pylist()
    firms = [(row["name"], row["scope"]) for row in rows if row["scope"] and len(row["scope"]) > 6]
    asked = random.Random(1).sample(range(len(firms)), QUERIES)
    cutter = rjieba.Jieba()

    def plain_words(text: str) -> list[str]:
        return [word for word in cutter.cut(text) if word.strip()]

    plain = index_texts(plain_words(scope) for _, scope in firms)
    index = index_offers([Offer(name, name, scope) for name, scope in firms])
    names = {at: LEGAL_FORM.sub("", firms[at][0]) for at in asked}
    plain_mrr, plain_recall = measured(plain, names, lambda name: Counter(plain_words(name)))
    mrr, recall = measured(index.texts, names, lambda name: index.query_words(Demand("buyer", name)))
    assert mrr > plain_mrr
    assert recall > plain_recall


def measured(
    index: Bm25Index, names: Mapping[int, str], words: Callable[[str], Mapping[str, float]]
) -> tuple[float, float]:
    """Give the mean reciprocal rank of the own scope and its recall among the first 20; ties share their ranks."""
    ranks = []
    for at, name in names.items():
        scores = index.score(words(name))
        own = scores[at]
        before, level = int((scores > own).sum()), int((scores == own).sum())
        ranks.append(before + (level + 1) / 2 if own > 0 else np.inf)
    return float(np.mean(1 / np.array(ranks))), float(np.mean(np.array(ranks) <= 20))
