"""Text search over a million short texts on one core: BM25 with its weights computed once, added up by query.

BM25 is Robertson and Zaragoza (2009), The probabilistic relevance framework, Foundations and Trends in Information
Retrieval 3: a term t of a text of length l adds idf(t) tf / (tf + k1 (1 - b + b l / mean l)), with
idf = ln(1 + (n - df + 0.5) / (df + 0.5)), which is never negative. Nothing of that depends on the query, so each
posting keeps its weight and a query is a sum over postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numba as nb
import numpy as np
import numpy.typing as npt

__all__ = ["Bm25Index", "index_texts"]

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bm25Index:
    """An inverted index: the postings of term number t are `texts[starts[t]:starts[t + 1]]`, ascending, with `weights`.

    `count` is the number of texts; `terms` numbers the terms. `rarest` is the weight of a word that no text has yet.
    """

    terms: Mapping[str, int]
    starts: Longs
    texts: Places
    weights: Floats
    count: int
    rarest: float

    def ideal(self, words: Mapping[str, float]) -> float:
        """Give a score that no text exceeds: each word at its best posting, one that no text has as the rarest word."""
        found = 0.0
        for word, weight in words.items():
            term = self.terms.get(word)
            held = self.rarest if term is None else self.weights[self.starts[term] : self.starts[term + 1]].max()
            found += weight * float(held)
        return found

    def score(self, words: Mapping[str, float]) -> Floats:
        """Give the score of every text for weighted words, shape (count,); words that no text has add nothing."""
        scores = np.zeros(self.count, dtype=np.float32)
        for word, weight in sorted(words.items()):
            term = self.terms.get(word)
            if term is not None:
                _add(scores, self.texts, self.weights, self.starts[term], self.starts[term + 1], np.float32(weight))
        return scores

    def top(self, words: Mapping[str, float], most: int) -> tuple[Places, Floats]:
        """Give the best texts for weighted words and their scores, best first, of equal ones the earlier; at most
        `most`, and none that shares no word.

        >>> index = index_texts([["法兰", "不锈钢"], ["轴承"], ["法兰"]])
        >>> [int(text) for text in index.top({"法兰": 1.0}, 5)[0]]
        [2, 0]
        """
        return best(self.score(words), most)


def best(scores: Floats, most: int) -> tuple[Places, Floats]:
    """Give the places of the greatest scores above zero, and these; the earlier place first of equal scores.

    >>> [int(place) for place in best(np.array([1, 0, 3, 1], dtype=np.float32), 3)[0]]
    [2, 0, 3]
    """
    if most < 1:
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
    places = _select(scores, most)
    order = np.lexsort((places, -scores[places]))
    return places[order], scores[places[order]]


def index_texts(texts: Iterable[Sequence[str]], *, k1: float = 0.9, b: float = 0.4) -> Bm25Index:
    """Index texts that have been cut into words. `k1` and `b` are Anserini's defaults, which suit short texts.

    One pass over the texts, then sorting by number: a million texts of 20 words take some 20 s and 250 MB.
    """
    terms: dict[str, int] = {}
    numbers: list[npt.NDArray[np.int32]] = []
    lengths: list[int] = []
    for words in texts:
        known = [terms.setdefault(word, len(terms)) for word in words]
        numbers.append(np.array(known, dtype=np.int32))
        lengths.append(len(known))
    count = len(lengths)
    length = np.array(lengths, dtype=np.float64)
    flat = np.concatenate(numbers) if numbers else np.empty(0, dtype=np.int32)
    # A posting is a pair of term and text; equal pairs are counted.
    pairs = flat.astype(np.int64) * max(count, 1) + np.repeat(np.arange(count, dtype=np.int64), lengths)
    postings, frequency = np.unique(pairs, return_counts=True)
    term, text = postings // max(count, 1), postings % max(count, 1)
    containing = np.bincount(term, minlength=len(terms))
    idf = np.log1p((count - containing + 0.5) / (containing + 0.5))
    mean = length.mean() if count and length.any() else 1.0
    saturation = frequency + k1 * (1 - b + b * length[text] / mean)
    weights = idf[term] * frequency / saturation
    starts = np.concatenate(([0], np.cumsum(containing)))
    rarest = float(np.log1p(2 * count + 1) / (1 + k1))
    return Bm25Index(terms, starts.astype(np.int64), text.astype(np.int32), weights.astype(np.float32), count, rarest)


@nb.njit(cache=True)
def _add(scores: Floats, texts: Places, weights: Floats, start: int, end: int, weight: np.float32) -> None:
    """Add the weights of some postings to the scores of their texts."""
    for at in range(start, end):
        scores[texts[at]] += weight * weights[at]


@nb.njit(cache=True)
def _select(scores: Floats, most: int) -> Places:
    """Give the places of the greatest scores above zero, in any order; a heap of the least of them is kept."""
    held = np.empty(most, dtype=np.int32)
    size = 0
    for place in range(len(scores)):
        score = scores[place]
        if score <= 0:
            continue
        if size < most:
            at = size
            size += 1
            held[at] = place
            while at > 0 and scores[held[(at - 1) // 2]] >= scores[held[at]]:
                above = (at - 1) // 2
                held[at], held[above] = held[above], held[at]
                at = above
        elif score > scores[held[0]]:
            held[0] = place
            at = 0
            while True:
                least = at
                for below in (2 * at + 1, 2 * at + 2):
                    if below < size and _worse(scores, held[below], held[least]):
                        least = below
                if least == at:
                    break
                held[at], held[least] = held[least], held[at]
                at = least
    return held[:size].copy()


@nb.njit(cache=True)
def _worse(scores: Floats, one: int, other: int) -> bool:
    """Whether one place goes before another: a lower score, or the same further back."""
    return scores[one] < scores[other] or (scores[one] == scores[other] and one > other)
