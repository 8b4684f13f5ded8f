"""Finding many thousand phrases in millions of texts.

A trie over characters, kept as an open-addressed hash table from (node, character) to node, and walked by compiled code
directly on the UTF-8 bytes of an Arrow array. Characters are folded first: full-width forms to half-width, small
letters to capitals; characters that stand in no phrase become 0.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

MATCHES = 8
"""How many phrases that begin at one position are kept."""

_PLANE = 1 << 16
_EMPTY = -1
_HASH = np.uint64(0x9E3779B97F4A7C15)

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


class Trie(NamedTuple):
    """The arrays of a phrase index, as compiled code takes them.

    `fold` (65536) character to character number; `keys`, `nodes` (power of two) the hash table of transitions; `phrase`
    (nodes) the phrase that ends in a node, -1 where none does.
    """

    fold: Int32s
    keys: Int64s
    nodes: Int32s
    phrase: Int32s


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Phrases by number, and the trie that finds them."""

    phrases: tuple[str, ...]
    trie: Trie


def folded(text: str) -> str:
    """Give text as the index compares it: full-width forms as half-width, small letters as capitals.

    >>> folded("ＬＥＤ灯")
    'LED灯'
    """
    return unicodedata.normalize("NFKC", text).upper()


class Texts(NamedTuple):
    """The buffers of an Arrow array of text, as compiled code takes them: `offsets` (n+1) into `data`; a null is an
    empty text.
    """

    offsets: Int64s
    data: npt.NDArray[np.uint8]


def build_phrase_index(phrases: Sequence[str]) -> PhraseIndex:
    """Build the index of distinct phrases; phrase i of the answer is phrase i of the argument.

    Raises ValueError for an empty phrase, for two phrases that are one after folding, and for a character outside the
    basic plane.
    """
    forms = [folded(phrase) for phrase in phrases]
    if "" in forms or len(set(forms)) != len(forms):
        raise ValueError("phrases must be distinct and not empty")
    numbers: dict[str, int] = {}
    fold = np.zeros(_PLANE, dtype=np.int32)
    transitions: dict[tuple[int, int], int] = {}
    ends: dict[int, int] = {}
    nodes = 1
    for number, phrase in enumerate(forms):
        node = 0
        for character in phrase:
            step = (node, numbers.setdefault(character, len(numbers) + 1))
            if step not in transitions:
                transitions[step] = nodes
                nodes += 1
            node = transitions[step]
        ends[node] = number
    for code in range(_PLANE):
        form = folded(chr(code)) if not 0xD800 <= code <= 0xDFFF else ""
        if len(form) == 1:
            fold[code] = numbers.get(form, 0)
    phrase_of = np.full(nodes, -1, dtype=np.int32)
    phrase_of[list(ends)] = list(ends.values())
    size = 1 << max(4, (2 * len(transitions)).bit_length())
    keys = np.full(size, _EMPTY, dtype=np.int64)
    targets = np.zeros(size, dtype=np.int32)
    packed = np.array([(node << 20) | character for node, character in transitions], dtype=np.int64)
    _fill(keys, targets, packed, np.array(list(transitions.values()), dtype=np.int32))
    return PhraseIndex(tuple(phrases), Trie(fold, keys, targets, phrase_of))


def texts_of(array: pa.Array) -> Texts:
    """Give the buffers of an array of text (any string type), without copying the text."""
    array = array.cast(pa.large_string())
    if array.offset:
        array = pa.concat_arrays([array])
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)[: len(array) + 1]
    data = array.buffers()[2]
    return Texts(
        offsets, np.frombuffer(data, dtype=np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    )


@nb.njit(cache=True, inline="always")
def step(trie: Trie, node: int, character: int) -> int:
    """Follow one character from a node; -1 where no phrase goes on so."""
    mask = np.uint64(trie.keys.size - 1)
    key = (np.int64(node) << 20) | np.int64(character)
    slot = ((np.uint64(key) * _HASH) >> np.uint64(20)) & mask
    while True:
        held = trie.keys[slot]
        if held == key:
            return trie.nodes[slot]
        if held == -1:
            return -1
        slot = (slot + np.uint64(1)) & mask


@nb.njit(cache=True)
def decode(data: npt.NDArray[np.uint8], start: int, end: int, out: npt.NDArray[np.uint16]) -> int:
    """Decode UTF-8 from `start` to `end` into characters; gives how many. What is outside the basic plane becomes
    U+FFFF; stops when `out` is full.
    """
    count = 0
    at = start
    while at < end and count < out.size:
        lead = data[at]
        if lead < 0x80:
            out[count] = lead
            at += 1
        elif lead < 0xE0:
            out[count] = ((lead & 0x1F) << 6) | (data[at + 1] & 0x3F)
            at += 2
        elif lead < 0xF0:
            out[count] = ((lead & 0x0F) << 12) | ((np.uint16(data[at + 1]) & 0x3F) << 6) | (data[at + 2] & 0x3F)
            at += 3
        else:
            out[count] = 0xFFFF
            at += 4
        count += 1
    return count


class Matches(NamedTuple):
    """The phrases found in a text, up to MATCHES a position, by where they begin and by where they end.

    `end`, `phrase` (positions, MATCHES) and how many `beginnings` (positions): the phrases that begin at a position,
    the shortest first. `begin`, `ending` (positions + 1, MATCHES) and how many `endings` (positions + 1): those that
    end there, the longest first.
    """

    end: Int32s
    phrase: Int32s
    beginnings: Int32s
    begin: Int32s
    ending: Int32s
    endings: Int32s


@nb.njit(cache=True)
def room_for_matches(characters: int) -> Matches:
    """Make room for the matches of a text of so many characters."""
    return Matches(
        np.zeros((characters, MATCHES), np.int32),
        np.zeros((characters, MATCHES), np.int32),
        np.zeros(characters, np.int32),
        np.zeros((characters + 1, MATCHES), np.int32),
        np.zeros((characters + 1, MATCHES), np.int32),
        np.zeros(characters + 1, np.int32),
    )


@nb.njit(cache=True)
def find_all(trie: Trie, text: Int32s, length: int, matches: Matches) -> None:
    """Find all phrases in a text of folded characters, so that it can be asked many times; beyond MATCHES phrases at a
    position the later found are left out.
    """
    matches.endings[: length + 1] = 0
    for start in range(length):
        node = 0
        count = 0
        for at in range(start, length):
            if text[at] == 0:
                break
            node = step(trie, node, text[at])
            if node < 0:
                break
            phrase = trie.phrase[node]
            if phrase >= 0 and count < MATCHES:
                matches.end[start, count] = at + 1
                matches.phrase[start, count] = phrase
                count += 1
                ended = matches.endings[at + 1]
                if ended < MATCHES:
                    matches.begin[at + 1, ended] = start
                    matches.ending[at + 1, ended] = phrase
                    matches.endings[at + 1] = ended + 1
        matches.beginnings[start] = count


@nb.njit(cache=True, inline="always")
def longest_match(matches: Matches, start: int, limit: int) -> tuple[int, int]:
    """Give the longest phrase found at `start` that ends by `limit`, and where it ends; (-1, start) where none does."""
    found, stop = -1, start
    for k in range(matches.beginnings[start]):
        if matches.end[start, k] <= limit:
            found, stop = matches.phrase[start, k], matches.end[start, k]
    return found, stop


@nb.njit(cache=True, inline="always")
def longest_ending(matches: Matches, start: int, end: int) -> tuple[int, int]:
    """Give the longest phrase found that ends at `end` and begins at `start` or later, and where it begins; (-1, end)
    where none does.
    """
    found, begin = -1, end
    for k in range(matches.endings[end]):
        if found < 0 and matches.begin[end, k] >= start:
            found, begin = matches.ending[end, k], matches.begin[end, k]
    return found, begin


@nb.njit(cache=True, inline="always")
def exact_match(matches: Matches, start: int, end: int) -> int:
    """Give the phrase found from `start` to `end`, -1 where none is."""
    found = -1
    for k in range(matches.endings[end]):
        if matches.begin[end, k] == start:
            found = matches.ending[end, k]
    return found


@nb.njit(cache=True)
def longest_from(trie: Trie, text: npt.NDArray[np.int32], start: int, end: int) -> tuple[int, int]:
    """Give the longest phrase that begins at `start` and where it ends; (-1, start) where none does. `text` holds
    folded characters.
    """
    node = 0
    best, best_end = -1, start
    for at in range(start, end):
        if text[at] == 0:
            break
        node = step(trie, node, text[at])
        if node < 0:
            break
        if trie.phrase[node] >= 0:
            best, best_end = trie.phrase[node], at + 1
    return best, best_end


@nb.njit(cache=True)
def _fill(keys: Int64s, targets: Int32s, packed: Int64s, values: Int32s) -> None:
    mask = np.uint64(keys.size - 1)
    for i in range(packed.size):
        slot = ((np.uint64(packed[i]) * _HASH) >> np.uint64(20)) & mask
        while keys[slot] != -1:
            slot = (slot + np.uint64(1)) & mask
        keys[slot] = packed[i]
        targets[slot] = values[i]
