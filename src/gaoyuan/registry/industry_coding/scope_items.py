"""Splitting business scopes into items, and finding the verbs that hold for each.

A scope is split at 、，；。and their like. Each item loses the verbs at its ends; verbs before a thing hold for what
follows them in the clause, verbs behind it for what stands before them.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.registry.industry_coding.evidence import (
    CLAUSE_END,
    COLON,
    ITEM_END,
    JOINT,
    MAX_ITEMS,
    NOT,
    PERSON,
    Reader,
    Room,
)
from gaoyuan.registry.industry_coding.lexicon import ACTIVITY, PRODUCT
from gaoyuan.registry.industry_coding.verbs import FILLER, INSTALL, PRODUCING_VERBS, SELLING_VERBS
from gaoyuan.registry.phrases import exact_match, longest_ending, longest_match

_PREAMBLE = np.frombuffer("自主选择经营".encode(), dtype=np.uint8)
_BRACKET = np.frombuffer("（".encode(), dtype=np.uint8)
_PLAIN_BRACKET = ord("(")
_OF = ord("的")
_LONG_ITEM = 9
_LONG_ACTIVITY = 4
_EXCEPT, _OUTSIDE, _CONTAIN, _MAY, _INCLUDE = (ord(character) for character in "除外含得包")
_CUTTING = PRODUCING_VERBS | SELLING_VERBS | INSTALL


@nb.njit(cache=True, nogil=True, inline="always")
def behind_preamble(data: npt.NDArray[np.uint8], begin: int, finish: int) -> int:
    """Skip the preamble of law that some provinces put before a scope in brackets: …市场主体自主选择经营。（…）."""
    size = _PREAMBLE.size
    for at in range(begin, finish - size - 9):
        if data[at] == _PREAMBLE[0]:
            same = True
            for k in range(size):
                if data[at + k] != _PREAMBLE[k]:
                    same = False
                    break
            if same:
                for behind in range(at + size, at + size + 7):
                    if (
                        data[behind] == _BRACKET[0]
                        and data[behind + 1] == _BRACKET[1]
                        and data[behind + 2] == _BRACKET[2]
                    ) or data[behind] == _PLAIN_BRACKET:
                        return behind + (1 if data[behind] == _PLAIN_BRACKET else 3)
    return begin


@nb.njit(cache=True, nogil=True, inline="always")
def split_items(reader: Reader, room: Room, length: int) -> int:
    """Split a scope into items and say what is done to each; gives how many items hold something besides verbs or name
    an activity.
    """
    items = 0
    forward = np.int64(0)  # verbs that hold for what follows in the clause
    group = 0  # first item of the list that a verb behind it will govern
    closed = False  # whether that list has had its verb
    leading = False  # whether nothing but verbs has come since the forward verbs began
    at = 0
    while at < length and items < MAX_ITEMS:
        stop = at
        while stop < length and reader.marks[room.characters[stop]] & ITEM_END == 0:
            stop += 1
        stop = _cut(reader, room, at, stop)
        if stop > at and not _is_exception(reader, room, at, stop):
            start, end, before, behind = _without_verbs(reader, room, at, stop)
            colon = stop < length and reader.marks[room.characters[stop]] & COLON != 0
            if start >= end and stop - at >= _LONG_ACTIVITY and is_activity(reader, room, at, stop):
                # Words that are verbs each and together the name of an activity: 普通货运, 仓储服务.
                room.raw_start[items], room.raw_end[items] = at, stop
                room.start[items], room.end[items] = stop, stop
                room.bits[items] = 0
                items += 1
                group = items
                closed = False
                leading = False
            elif start >= end and colon and before | behind == 0:
                # A heading such as 一般经营项目 begins anew.
                forward = np.int64(0)
                group = items
                closed = False
                leading = False
            elif start >= end:
                # Verbs alone: before a colon or at the head of a clause they reach forward, else they join the verbs of
                # the list before them.
                bits = before | behind
                if colon or group == items:
                    forward = forward | bits if leading else bits
                    leading = True
                else:
                    for item in range(group, items):
                        room.bits[item] |= bits
                    closed = True
            else:
                if closed and not behind and not before:
                    group = items
                    closed = False
                if before:
                    forward = forward | before if leading else before
                    group = items
                    closed = False
                leading = False
                room.raw_start[items], room.raw_end[items] = at, stop
                room.start[items], room.end[items] = start, end
                room.bits[items] = behind | forward
                if behind:
                    if closed:
                        group = items
                    for item in range(group, items):
                        if room.bits[item] == 0:
                            room.bits[item] = behind
                    closed = True
                items += 1
                if colon:
                    group = items
        if stop < length and reader.marks[room.characters[stop]] & CLAUSE_END:
            forward = np.int64(0)
            group = items
            closed = False
            leading = False
        at = stop + 1 if stop == length or reader.marks[room.characters[stop]] & ITEM_END else stop
    return items


@nb.njit(cache=True, nogil=True, inline="always")
def is_activity(reader: Reader, room: Room, start: int, end: int) -> bool:
    """Whether a run of characters is the name of an activity."""
    phrase = exact_match(room.lexical, start, end)
    return phrase >= 0 and reader.lexicon.kinds[phrase] & (1 << ACTIVITY) != 0


@nb.njit(cache=True, nogil=True, inline="always")
def is_product(reader: Reader, room: Room, start: int, end: int) -> bool:
    """Whether a run of characters is the name of a product."""
    phrase = exact_match(room.lexical, start, end)
    return phrase >= 0 and reader.lexicon.kinds[phrase] & (1 << PRODUCT) != 0


@nb.njit(cache=True, nogil=True, inline="always")
def _cut(reader: Reader, room: Room, start: int, end: int) -> int:
    """Find where an item ends inside a run of text without marks: behind verbs that 及 or another thing with its own
    verbs follows.

    鞋帽加工销售及配饰销售 ends behind 加工销售, 鹿养殖鹿副产品加工 behind 养殖; a verb inside the name of a product
    does not end anything: 农产品加工机械制造.
    """
    at = start + 1
    while at < end - 2:
        verb, stop = longest_match(room.verbal, at, end)
        if (
            verb < 0
            or stop - at < 2
            or reader.verbs.bits[verb] & _CUTTING == 0
            or _is_inside_phrase(reader, room, start, at, stop, end)
        ):
            at += 1
            continue
        while stop < end:
            verb, further = longest_match(room.verbal, stop, end)
            if verb < 0 or further - stop < 2:
                break
            stop = further
        if stop >= end - 1 or reader.marks[room.characters[stop]] & PERSON:
            return end
        if reader.marks[room.characters[stop]] & JOINT:
            return stop + 1 if room.characters[stop] != _OF else end
        if end - start >= _LONG_ITEM and _has_verb(reader, room, stop + 1, end):
            return stop
        at = stop
    return end


@nb.njit(cache=True, nogil=True, inline="always")
def _has_verb(reader: Reader, room: Room, start: int, end: int) -> bool:
    for at in range(start, end - 1):
        verb, stop = longest_match(room.verbal, at, end)
        if verb >= 0 and stop - at >= 2 and reader.verbs.bits[verb] & _CUTTING:
            return True
    return False


@nb.njit(cache=True, nogil=True, inline="always")
def _is_inside_phrase(reader: Reader, room: Room, start: int, begin: int, stop: int, end: int) -> bool:
    """Whether a phrase of the lexicon runs over the end of a verb, so that the verb is part of a word."""
    for at in range(max(start, begin - 6), stop):
        phrase, over = longest_match(room.lexical, at, end)
        if phrase >= 0 and over > stop:
            return True
    return False


@nb.njit(cache=True, nogil=True, inline="always")
def _without_verbs(reader: Reader, room: Room, start: int, end: int) -> tuple[int, int, np.int64, np.int64]:
    """Take the verbs off both ends of an item; gives what is left and the meanings of the verbs before and behind it.

    A verb that begins the name of a product stays: 加工中心, 制冷设备.
    """
    before, behind = np.int64(0), np.int64(0)
    while end > start:
        if is_product(reader, room, start, end):
            return start, end, before, behind
        taken = 0
        if reader.marks[room.characters[end - 1]] & JOINT:
            taken = 1
        else:
            verb, begin = longest_ending(room.verbal, start, end)
            if verb >= 0 and not (reader.verbs.bits[verb] == FILLER and _ends_product(reader, room, start, begin, end)):
                taken = end - begin
                behind |= reader.verbs.bits[verb] & ~FILLER
        if taken == 0:
            break
        end -= taken
    while start < end:
        if is_product(reader, room, start, end):
            break
        verb, stop = longest_match(room.verbal, start, end)
        if verb >= 0 and stop - start >= 2:
            before |= reader.verbs.bits[verb] & ~FILLER
            start = stop
        elif reader.marks[room.characters[start]] & JOINT and before:
            start += 1
        else:
            break
    return start, end, before, behind


@nb.njit(cache=True, nogil=True, inline="always")
def _is_exception(reader: Reader, room: Room, start: int, end: int) -> bool:
    """Whether an item says what is left out: 不含…, 除…外."""
    first = room.characters[start]
    second = room.characters[start + 1] if end - start > 1 else first
    if reader.marks[first] & NOT == 0:
        return False
    if first == _EXCEPT:
        return room.characters[end - 1] == _OUTSIDE
    return second == _CONTAIN or second == _MAY or second == _INCLUDE


@nb.njit(cache=True, nogil=True, inline="always")
def _ends_product(reader: Reader, room: Room, start: int, begin: int, end: int) -> bool:
    """Whether a product longer than the word from `begin` ends here: 电子产品 is not 电子."""
    phrase, product = longest_ending(room.lexical, start, end)
    return phrase >= 0 and product < begin and reader.lexicon.kinds[phrase] & (1 << PRODUCT) != 0
