"""What is read of a firm: evidence for classes, in channels, and signals of what kind of firm it is."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.codes import classes
from gaoyuan.registry.industry_coding.lexicon import Lexicon, lexicon
from gaoyuan.registry.industry_coding.verbs import FORMS, Words, forms, verbs
from gaoyuan.registry.phrases import Matches, Trie, decode, find_all, room_for_matches

Int32s = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

MAX_CHARACTERS = 420
MAX_ITEMS = 64
_LONGEST_BRACKET = 150

# Channels of evidence for a class; each holds a number from 0 up.
CHANNEL_NAMES = (
    "name_word",
    "name_product",
    "name_activity",
    "name_inside",
    "first_made",
    "first_sold",
    "first_bare",
    "first_activity",
    "rest_made",
    "rest_sold",
    "rest_bare",
    "rest_activity",
    "first_trade",
    "rest_trade",
)
CHANNELS = 14
(
    NAME_WORD,
    NAME_PRODUCT,
    NAME_ACTIVITY,
    NAME_INSIDE,
    FIRST_MADE,
    FIRST_SOLD,
    FIRST_BARE,
    FIRST_ACTIVITY,
    REST_MADE,
    REST_SOLD,
    REST_BARE,
    REST_ACTIVITY,
    FIRST_TRADE,
    REST_TRADE,
) = range(CHANNELS)

# Signals: first the forms of the name (verbs.FORMS of them), then what the scope does.
SIGNALS = FORMS + 13
(
    MAKES,
    MAKES_FIRST,
    SELLS_FIRST,
    ONLY_SELLS,
    RETAILS,
    WHOLESALES,
    GROWS,
    MINES,
    SERVES,
    INSTALLS,
    RECYCLES,
    NO_VERB,
    NO_SCOPE,
) = range(FORMS, SIGNALS)

# What classes do, by their division: which verbs fit them.
MODES = 10
FARM, MINING, MAKING, SUPPLY, BUILDING, WHOLESALING, RETAILING, TRANSPORT, SERVICE, REPAIRING = range(MODES)

# Marks of characters, as bits of `Reader.marks`.
OPENING, CLOSING, ITEM_END, CLAUSE_END, COLON, JOINT, NOT, PERSON = (1 << i for i in range(8))
_MARKS = {
    OPENING: "（(【[〔《<「",
    CLOSING: "）)】]〕》>」",
    ITEM_END: "、，,；;。：:|/*※◎．.· \t\r\n\u3000＊",
    CLAUSE_END: "；;。※◎",
    COLON: "：:",
    JOINT: "及与和或并兼的之",
    NOT: "除不",
    PERSON: "者权户",
}
# A phrase inside a longer word is another word when these follow: 工作服|务, 红酒|店, 礼品包|装, 内衣|柜.
_GUARDED = "服酒酒酒酒包装装装装机机机机车电衣药药工矿"
_FOLLOWING = "务店楼吧庄装备修饰卸械电构器间话柜店房程业"
_GUARD_LAST = np.array([ord(character) for character in _GUARDED], dtype=np.uint16)
_GUARD_NEXT = np.array([ord(character) for character in _FOLLOWING], dtype=np.uint16)


class Reader(NamedTuple):
    """What reading needs: the lexicon, the words, the mode of each class and the marks of each character (65536)."""

    lexicon: Lexicon
    verbs: Words
    forms: Words
    mode: npt.NDArray[np.int8]
    marks: npt.NDArray[np.uint8]


class Room(NamedTuple):
    """Room for reading one firm, used again and again: its characters, the phrases of the lexicon and the words found
    in them, and the items of its scope.

    An item runs from `raw_start` to `raw_end`; `start` to `end` is what is left of it without its verbs, whose meanings
    are `bits`.
    """

    characters: npt.NDArray[np.uint16]
    folded: Int32s
    lexical: Matches
    verbal: Matches
    raw_start: Int32s
    raw_end: Int32s
    start: Int32s
    end: Int32s
    bits: npt.NDArray[np.int64]
    ranks: Int32s


class Reading(NamedTuple):
    """What was read of one firm: `channels` (classes, CHANNELS), the `touched` classes and how many they are
    (`touches`, 1), whether a class is one of them (classes), and `signals` (SIGNALS).
    """

    channels: Floats
    touched: Int32s
    is_touched: npt.NDArray[np.bool_]
    touches: Int32s
    signals: Floats


def make_reader() -> Reader:
    """Gather what reading needs."""
    marks = np.zeros(1 << 16, dtype=np.uint8)
    for mark, characters in _MARKS.items():
        for character in characters:
            marks[ord(character)] |= mark
    return Reader(lexicon(), verbs(), forms(), np.array([_mode(code) for code in classes()], dtype=np.int8), marks)


@nb.njit(cache=True, nogil=True)
def new_room() -> Room:
    """Make room for reading one firm at a time."""
    return Room(
        np.zeros(MAX_CHARACTERS, np.uint16),
        np.zeros(MAX_CHARACTERS, np.int32),
        room_for_matches(MAX_CHARACTERS),
        room_for_matches(MAX_CHARACTERS),
        np.zeros(MAX_ITEMS, np.int32),
        np.zeros(MAX_ITEMS, np.int32),
        np.zeros(MAX_ITEMS, np.int32),
        np.zeros(MAX_ITEMS, np.int32),
        np.zeros(MAX_ITEMS, np.int64),
        np.zeros(5, np.int32),
    )


@nb.njit(cache=True, nogil=True)
def new_reading(industries: int) -> Reading:
    """Make room for what is read of one firm; `industries` is the number of classes."""
    return Reading(
        np.zeros((industries, CHANNELS), np.float32),
        np.zeros(industries, np.int32),
        np.zeros(industries, np.bool_),
        np.zeros(1, np.int32),
        np.zeros(SIGNALS, np.float32),
    )


@nb.njit(cache=True, nogil=True)
def forget(reading: Reading) -> None:
    """Empty a reading for the next firm."""
    for i in range(reading.touches[0]):
        reading.channels[reading.touched[i]] = 0.0
        reading.is_touched[reading.touched[i]] = False
    reading.touches[0] = 0
    reading.signals[:] = 0.0


@nb.njit(cache=True, nogil=True, inline="always")
def prepare(reader: Reader, words: Words, data: npt.NDArray[np.uint8], begin: int, finish: int, room: Room) -> int:
    """Decode a text into the room, without what stands in brackets, and find the phrases of the lexicon and the given
    words in it; gives its length.
    """
    decoded = decode(data, begin, finish, room.characters)
    depth = 0
    length = 0
    for at in range(decoded):
        character = room.characters[at]
        mark = reader.marks[character]
        if mark & OPENING:
            # A bracket that is never closed, as in scopes cut short, hides nothing.
            if depth > 0 or _closes(reader, room, at + 1, decoded):
                depth += 1
        elif mark & CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0:
            room.characters[length] = character
            length += 1
    _find(reader.lexicon.trie, room, length, room.lexical)
    _find(words.trie, room, length, room.verbal)
    return length


@nb.njit(cache=True, nogil=True, inline="always")
def _closes(reader: Reader, room: Room, start: int, end: int) -> bool:
    for at in range(start, min(end, start + _LONGEST_BRACKET)):
        if reader.marks[room.characters[at]] & CLOSING:
            return True
    return False


@nb.njit(cache=True, nogil=True, inline="always")
def _find(trie: Trie, room: Room, length: int, matches: Matches) -> None:
    for at in range(length):
        room.folded[at] = trie.fold[room.characters[at]]
    find_all(trie, room.folded, length, matches)


@nb.njit(cache=True, nogil=True, inline="always")
def is_part_of_word(room: Room, stop: int, length: int) -> bool:
    """Whether the phrase that ends before `stop` runs on into another word."""
    if stop >= length:
        return False
    for i in range(_GUARD_LAST.size):
        if room.characters[stop - 1] == _GUARD_LAST[i] and room.characters[stop] == _GUARD_NEXT[i]:
            return True
    return False


@nb.njit(cache=True, nogil=True, inline="always")
def note(reading: Reading, industry: int, channel: int, value: float) -> None:
    """Add evidence for a class; the channels of first mentions and of names keep the strongest, the others add up."""
    channels = reading.channels[industry]
    if not reading.is_touched[industry]:
        reading.is_touched[industry] = True
        reading.touched[reading.touches[0]] = industry
        reading.touches[0] += 1
    if channel < REST_MADE or channel == FIRST_TRADE:
        channels[channel] = max(channels[channel], value)
    else:
        channels[channel] += value


def _mode(code: str) -> int:
    division = int(code[:2])
    for last, mode in (
        (5, FARM),
        (12, MINING),
        (42, MAKING),
        (43, REPAIRING),
        (46, SUPPLY),
        (50, BUILDING),
        (51, WHOLESALING),
        (52, RETAILING),
        (60, TRANSPORT),
    ):
        if division <= last:
            return mode
    return REPAIRING if division == 81 else SERVICE
