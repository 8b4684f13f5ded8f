"""The text search, against the formula written out and against a published result."""

from __future__ import annotations

import html
import math
import re
import tarfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.matching import Demand, Offer, index_offers, index_texts
from gaoyuan.exchange.matching.bm25 import best

WORDS = st.lists(st.sampled_from("abcdef"), max_size=8)


@given(st.lists(WORDS, min_size=1, max_size=8), WORDS)
def test_scores_are_those_of_the_formula(texts: list[list[str]], asked: list[str]) -> None:
    k1, b = 1.2, 0.75
    scores = index_texts(texts, k1=k1, b=b).score(Counter(asked))
    mean = sum(map(len, texts)) / len(texts) or 1
    for text, score in zip(texts, scores, strict=True):
        expected = 0.0
        for word in asked:
            df = sum(word in other for other in texts)
            tf = text.count(word)
            idf = math.log(1 + (len(texts) - df + 0.5) / (df + 0.5))
            expected += idf * tf / (tf + k1 * (1 - b + b * len(text) / mean))
        assert score == pytest.approx(expected, rel=1e-5)


@given(st.lists(WORDS, min_size=1, max_size=8), WORDS)
def test_no_score_exceeds_the_ideal(texts: list[list[str]], asked: list[str]) -> None:
    index = index_texts(texts)
    words = Counter(asked)
    assert max(index.score(words)) <= index.ideal(words) + 1e-5


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=30), st.integers(0, 9))
def test_the_best_are_the_first_of_all_in_order(scores: list[float], most: int) -> None:
    places, held = best(np.array(scores, dtype=np.float32), most)
    order = sorted((at for at, score in enumerate(scores) if score > 0), key=lambda at: (-scores[at], at))
    assert places.tolist() == order[:most]
    assert held.tolist() == [scores[at] for at in order[:most]]


def test_an_index_without_texts_finds_nothing() -> None:
    index = index_texts([])
    assert index.top({"x": 1.0}, 5)[0].tolist() == []
    assert index_texts([[], []]).top({"x": 1.0}, 5)[0].tolist() == []


def test_the_default_search_reaches_the_published_precision_on_cacm(shared_data: Path) -> None:
    """Mean average precision over the 52 judged topics; Anserini's BM25 has 0.3123."""
    folder = shared_data / "reference" / "exchange" / "retrieval" / "cacm"
    texts = _cacm_texts(folder / "cacm.tar.gz")
    names = list(texts)
    index = index_offers([Offer(name, name, text) for name, text in texts.items()])
    judged: dict[str, set[int]] = {}
    for line in (folder / "qrels.cacm.txt").read_text().split("\n"):
        if line.strip():
            topic, _, name, relevant = line.split()
            if int(relevant):
                judged.setdefault(topic, set()).add(names.index(f"CACM-{int(name[5:]):04}"))
    topics = dict(
        re.findall(r"<DOCNO>\s*(\d+)\s*</DOCNO>(.*?)</DOC>", (folder / "topics.cacm.txt").read_text(), re.DOTALL)
    )
    found = [
        _average_precision(
            index.texts.top(index.query_words(Demand("reader", topics[topic])), 1000)[0].tolist(), relevant
        )
        for topic, relevant in judged.items()
    ]
    assert (len(texts), len(found)) == (3204, 52)
    assert sum(found) / len(found) >= 0.31


def _cacm_texts(file: Path) -> dict[str, str]:
    texts = {}
    with tarfile.open(file) as archive:
        for member in archive.getmembers():
            held = archive.extractfile(member) if member.name.endswith(".html") else None
            if held is not None:
                plain = re.sub(r"<[^>]+>", " ", held.read().decode("latin-1"))
                texts[Path(member.name).stem] = html.unescape(plain)
    return dict(sorted(texts.items()))


def _average_precision(ranking: list[int], relevant: set[int]) -> float:
    hits = [rank for rank, text in enumerate(ranking, 1) if text in relevant]
    return sum(count / rank for count, rank in enumerate(hits, 1)) / len(relevant)
