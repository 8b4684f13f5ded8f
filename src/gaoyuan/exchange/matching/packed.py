"""Postings as bytes that a database keeps: a word's texts of one block, three bytes each, added up without unpacking.

Texts are numbered from zero and stand in blocks of 65,536. A posting is the place of a text in its block (two bytes,
the low one first) and the saturation tf / (tf + k1 (1 - b + b l / mean l)) of BM25 in 255ths (one byte): what is left
of BM25 is the word's own idf, which may change from day to day without any posting being written anew. Postings of one
word in one block are put together by putting their bytes together, in any order.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.exchange.matching.bm25 import Floats

__all__ = ["BLOCK", "add_packed", "idf", "pack", "packed_count", "saturation"]

BLOCK = 65_536
"""How many texts stand in a block."""
K1, B = 0.9, 0.4
_WIDTH = 3
_FULL = 255


def idf(texts: int, containing: int) -> float:
    """Give what a word counts that so many of all texts have: ln(1 + (n - df + 0.5) / (df + 0.5)), never negative.

    >>> round(idf(10, 1), 3), idf(10, 0) > idf(10, 1) > idf(10, 10) > 0
    (1.992, True)
    """
    return math.log1p((max(texts, containing) - containing + 0.5) / (containing + 0.5))


def saturation(times: float, length: float, mean: float) -> float:
    """Give what a word adds that stands so many times in a text of a length, from 0 to 1.

    >>> round(saturation(1, 10, 10), 3), round(saturation(3, 10, 10), 3)
    (0.526, 0.769)
    """
    return times / (times + K1 * (1 - B + B * length / max(mean, 1.0)))


def pack(texts: Iterable[tuple[int, Sequence[str]]], mean: float) -> Mapping[tuple[str, int], bytes]:
    """Give the postings of numbered texts by word and block; `mean` is the usual number of words of a text.

    >>> packed = pack([(0, ["法兰", "法兰"]), (65_537, ["法兰"])], 1.5)
    >>> {key: packed_count(found) for key, found in packed.items()}
    {('法兰', 0): 1, ('法兰', 1): 1}
    """
    found: dict[tuple[str, int], bytearray] = {}
    for number, words in texts:
        block, place = divmod(number, BLOCK)
        low, high = place & 0xFF, place >> 8
        for word, times in Counter(words).items():
            weight = max(1, round(saturation(times, len(words), mean) * _FULL))
            held = found.get((word, block))
            if held is None:
                held = found[word, block] = bytearray()
            held += bytes((low, high, weight))
    return {key: bytes(held) for key, held in found.items()}


def packed_count(postings: bytes) -> int:
    """Give how many postings some bytes are."""
    return len(postings) // _WIDTH


def add_packed(scores: Floats, postings: bytes, block: int, weight: float) -> float:
    """Add a word's postings of a block, times a weight, to the scores of all texts; gives the greatest saturation.

    >>> scores = np.zeros(2, dtype=np.float32)
    >>> (_, one), = pack([(1, ["法兰"])], 1.0).items()
    >>> round(add_packed(scores, one, 0, 2.0), 2), scores.round(2).tolist()
    (0.53, [0.0, 1.0499999523162842])
    """
    packed = np.frombuffer(postings, dtype=np.uint8)
    return float(_add(scores, packed, block * BLOCK, np.float32(weight / _FULL))) / _FULL


@nb.njit(cache=True)
def _add(scores: Floats, packed: npt.NDArray[np.uint8], first: int, weight: np.float32) -> int:
    """Add up postings; a text beyond the scores is left out."""
    greatest = 0
    for at in range(0, len(packed) - 2, 3):
        place = first + packed[at] + 256 * np.int64(packed[at + 1])
        held = packed[at + 2]
        if place < len(scores):
            scores[place] += weight * held
        if held > greatest:
            greatest = held
    return greatest
