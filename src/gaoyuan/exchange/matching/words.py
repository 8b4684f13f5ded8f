"""Cutting texts into words to search by: Chinese, English and the codes of things, in one list.

Chinese is cut by rjieba (a dictionary and a hidden Markov model) with the words of the official industries and of the
user's products added; every pair of neighbouring characters is a search word too, so that a term of two characters, as
most terms of Chinese are, is found wherever it stands, also where the dictionary cut it otherwise. English words lose
their endings (Porter 1980, An algorithm for suffix stripping, Program 14) and the 33 commonest are left out. Codes
(6204-2RS, M24×80, Q345B, Φ50) stay whole, and their parts count as well; a standard (GB/T 5782-2016) counts without its
year and without saying that it is recommended.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import rjieba
import snowballstemmer

from gaoyuan.codes import industries

__all__ = ["Segmenter", "industry_words", "normal_text", "standard_segmenter"]

_COMMONEST = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this "
    "to was will with"
)
_STOP = frozenset(_COMMONEST.split())
_STANDARD = re.compile(
    r"\b(gb|jb|hg|yb|sh|dl|qb|fz|nb|db|cb|jt|tb|iso|din|astm|jis|en|iec)(?:\s*/\s*[tz])?\s*-?\s*"
    r"(\d+(?:\.\d+)?)(?:\s*[-—:]\s*(?:19|20)\d\d)?\b"
)
_RUNS = re.compile(r"(?P<chinese>[\u3400-\u4dbf\u4e00-\u9fff]+)|(?P<latin>[a-zφ0-9]+(?:['.\-/+x][a-zφ0-9]+)*)")
_JOINTS = re.compile(r"['.\-/+]|(?<=\d)x(?=\d)")
_SIGNS = str.maketrans({"Ø": "φ", "ø": "φ", "Φ": "φ", "ф": "φ", "Ф": "φ", "∅": "φ", "⌀": "φ", "×": "x", "＊": "x"})
_ENDINGS = re.compile(
    r"(?:的)?(?:制造|加工|生产|种植|养殖|批发|零售|销售|服务|修理|活动|开采|采选|采矿|业|和其他|其他|及其他)+$"
)


def normal_text(text: str) -> str:
    """Give a text in one spelling: half-width, lower case, one sign for diameters and one for "by".

    >>> normal_text("Ｍ24×80　Φ50")
    'm24x80 φ50'
    """
    return unicodedata.normalize("NFKC", text.translate(_SIGNS)).lower().translate(_SIGNS)


@cache
def industry_words() -> tuple[str, ...]:
    """Give the words of things that the names of the industries (GB/T 4754-2017) hold, without their endings.

    >>> "轴承" in industry_words(), "金属切削机床" in industry_words()
    (True, True)
    """
    found: dict[str, None] = {}
    for industry in industries(2017).values():
        for part in re.split(r"[、，,（）()和及与]", industry.name):
            bare = _ENDINGS.sub("", part.removeprefix("其他"))
            for word in (bare, *re.split(r"的", bare)):
                if 2 <= len(word) <= 8:
                    found[word] = None
    return tuple(found)


@cache
def standard_segmenter() -> Segmenter:
    """Give the segmenter without words of your own; it is made once, as reading its dictionary takes a while."""
    return Segmenter()


class Segmenter:
    """Cuts texts; `lexicon` are words of your own, such as the names and aliases of products, that are kept whole.

    >>> segmenter = Segmenter(["牵引变流器"])
    >>> segmenter.words("牵引变流器用6204-2RS轴承")
    ['牵引变流器', '用', '6204-2rs', '轴承', '牵引', '变流', '变流器', '引变', '流器', '器用', '6204', '2rs']
    """

    def __init__(self, lexicon: Iterable[str] = ()) -> None:
        self._cutter = rjieba.Jieba()
        self._stem = cache(snowballstemmer.stemmer("porter").stemWord)
        for word in (*industry_words(), *lexicon):
            if len(word) > 1:
                self._cutter.add_word(normal_text(word), None, None)

    def words(self, text: str) -> list[str]:
        """Give all search words of a text, each as often as it stands there."""
        strong, weak = self.cut(text)
        return strong + weak

    def cut(self, text: str) -> tuple[list[str], list[str]]:
        """Give the words of a text, and apart from them words within words, pairs of characters and parts of codes."""
        strong: list[str] = []
        weak: list[str] = []
        for run in _RUNS.finditer(_STANDARD.sub(r" \1\2 ", normal_text(text))):
            if run.lastgroup == "chinese":
                self._cut_chinese(run.group(), strong, weak)
            else:
                self._cut_latin(run.group(), strong, weak)
        return strong, weak

    def _cut_chinese(self, run: str, strong: list[str], weak: list[str]) -> None:
        words = self._cutter.cut(run)
        strong += words
        known = set(words)
        within = [word for word in self._cutter.cut_for_search(run) if len(word) > 1 and word not in known]
        known.update(within)
        weak += within
        weak += [pair for at in range(len(run) - 1) if (pair := run[at : at + 2]) not in known]

    def _cut_latin(self, run: str, strong: list[str], weak: list[str]) -> None:
        run = run.removesuffix("'s")
        if not any(map(str.isdigit, run)):
            words = (self._stem(word) for word in _JOINTS.split(run) if word not in _STOP)
            strong += [word for word in words if word]
            return
        strong.append(run)
        pieces = [piece for piece in _JOINTS.split(run) if len(piece) > 1]
        weak += [piece for piece in pieces if piece != run]
