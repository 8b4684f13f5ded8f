"""Postings as bytes: they add up to the scores of the index in memory, in any order and across blocks."""

from __future__ import annotations

import random

import numpy as np
import pytest

from gaoyuan.exchange.matching.bm25 import index_texts
from gaoyuan.exchange.matching.packed import BLOCK, add_packed, idf, pack


def test_packed_postings_score_as_the_index_in_memory() -> None:
    draw = random.Random(7)
    texts = [draw.choices("甲乙丙丁戊己庚辛", k=draw.randint(1, 12)) for _ in range(300)]
    index = index_texts(texts)
    mean = sum(map(len, texts)) / len(texts)
    halves = [pack(enumerate(texts[:100]), mean), pack(((100 + at, text) for at, text in enumerate(texts[100:])), mean)]
    asked = {"甲": 1.0, "丁": 0.25, "无": 1.0}
    scores = np.zeros(300, dtype=np.float32)
    for word, weight in asked.items():
        postings = b"".join(half.get((word, 0), b"") for half in reversed(halves))
        containing = sum(word in text for text in texts)
        add_packed(scores, postings, 0, weight * idf(300, containing))
    assert scores == pytest.approx(index.score(asked), rel=0.01, abs=1e-6)


def test_a_text_of_a_later_block_is_found_there_and_one_beyond_the_scores_is_left_out() -> None:
    packed = pack([(BLOCK + 2, ["法兰"]), (BLOCK + 9, ["法兰"])], 1.0)
    scores = np.zeros(BLOCK + 5, dtype=np.float32)
    greatest = add_packed(scores, packed["法兰", 1], 1, 1.0)
    assert np.flatnonzero(scores).tolist() == [BLOCK + 2]
    assert scores[BLOCK + 2] == pytest.approx(greatest)
