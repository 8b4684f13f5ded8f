"""Reading business scopes.

A scope is split into items at 、，；。and their like. Each item loses the verbs at its ends; verbs before a thing hold for what follows them in the clause, verbs behind it
for what stands before them. In what is left of an item the longest phrase that ends it counts, because the head of a Chinese compound stands last.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.registry.industry_coding.evidence import (
    CLAUSE_END,
    COLON,
    FARM,
    FIRST_ACTIVITY,
    FIRST_BARE,
    FIRST_MADE,
    FIRST_SOLD,
    FIRST_TRADE,
    GROWS,
    INSTALLS,
    ITEM_END,
    JOINT,
    MAKES,
    MAKES_FIRST,
    MAX_ITEMS,
    MINES,
    MINING,
    NOT,
    NO_SCOPE,
    NO_VERB,
    PERSON,
    ONLY_SELLS,
    RECYCLES,
    REST_ACTIVITY,
    REST_BARE,
    REST_MADE,
    REST_SOLD,
    REST_TRADE,
    RETAILING,
    RETAILS,
    SELLS_FIRST,
    SERVES,
    TRANSPORT,
    WHOLESALES,
    WHOLESALING,
    Reader,
    Reading,
    Room,
    is_part_of_word,
    note,
    prepare,
)
from gaoyuan.registry.industry_coding.lexicon import ACTIVITY, PRODUCT, VALUE
from gaoyuan.registry.industry_coding.verbs import COOPERATIVE, FILLER, GROW, INSTALL, INVEST, MAKE, MINE, MOVE, RAISE, RECYCLE, RENT, REPAIR, RETAIL, SELL, SERVE, STORE, WHOLESALE
from gaoyuan.registry.industry_coding.verbs import FARM as FARM_FORM
from gaoyuan.registry.phrases import exact_match, longest_ending, longest_match

_PRODUCING = MAKE | GROW | RAISE | MINE
_SELLING = SELL | WHOLESALE | RETAIL
_PREAMBLE = np.frombuffer("自主选择经营".encode(), dtype=np.uint8)
_BRACKET = np.frombuffer("（".encode(), dtype=np.uint8)
_PLAIN_BRACKET = ord("(")
_OF = ord("的")
_LONG_ITEM = 9
_LONG_ACTIVITY = 4
_EXCEPT, _OUTSIDE, _CONTAIN, _MAY, _INCLUDE = (ord(character) for character in "除外含得包")
_CUTTING = _PRODUCING | _SELLING | INSTALL
_SERVING = REPAIR | RENT | SERVE | MOVE | STORE | INSTALL | INVEST
_MADE, _SOLD, _BARE, _ACTIVE, _TRADED = range(5)


# Nothing is allocated below, so counting references to the arrays, most of the time otherwise, is left out.
@nb.njit(cache=True, nogil=True, _nrt=False)
def read_scope(reader: Reader, data: npt.NDArray[np.uint8], begin: int, finish: int, room: Room, reading: Reading) -> None:
    """Read a business scope (UTF-8 bytes `begin` to `finish` of `data`) for evidence and for what the firm does."""
    begin = _behind_preamble(data, begin, finish)
    length = prepare(reader, reader.verbs, data, begin, finish, room)
    items = _split(reader, room, length)
    signals = reading.signals
    if items == 0:
        signals[NO_SCOPE] = 1.0
        return
    ranks = room.ranks
    ranks[:] = 0
    all_bits = np.int64(0)
    first_bits = np.int64(0)
    for item in range(items):
        all_bits |= room.bits[item]
        if first_bits == 0:
            first_bits = room.bits[item]
        _read_activity(reader, room, item, ranks, reading)
        whole = _is_activity(reader, room, room.raw_start[item], room.raw_end[item])
        _read_things(reader, room, item, 0.5 if whole else 1.0, ranks, reading)
    signals[MAKES] = (all_bits & MAKE) != 0
    signals[MAKES_FIRST] = (first_bits & _PRODUCING) != 0
    signals[SELLS_FIRST] = (first_bits & _SELLING) != 0 and (first_bits & _PRODUCING) == 0
    signals[ONLY_SELLS] = (all_bits & _SELLING) != 0 and (all_bits & _PRODUCING) == 0
    signals[RETAILS] = (all_bits & RETAIL) != 0
    signals[WHOLESALES] = (all_bits & WHOLESALE) != 0
    signals[GROWS] = (all_bits & (GROW | RAISE)) != 0
    signals[MINES] = (all_bits & MINE) != 0
    signals[SERVES] = (first_bits & (SERVE | RENT)) != 0
    signals[INSTALLS] = (first_bits & INSTALL) != 0
    signals[RECYCLES] = (all_bits & RECYCLE) != 0
    signals[NO_VERB] = all_bits == 0


@nb.njit(cache=True, nogil=True, inline="always")
def _behind_preamble(data: npt.NDArray[np.uint8], begin: int, finish: int) -> int:
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
                    if (data[behind] == _BRACKET[0] and data[behind + 1] == _BRACKET[1] and data[behind + 2] == _BRACKET[2]) or data[behind] == _PLAIN_BRACKET:
                        return behind + (1 if data[behind] == _PLAIN_BRACKET else 3)
    return begin


@nb.njit(cache=True, nogil=True, inline="always")
def _split(reader: Reader, room: Room, length: int) -> int:
    """Split a scope into items and say what is done to each; gives how many items hold something besides verbs or name an activity."""
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
            if start >= end and stop - at >= _LONG_ACTIVITY and _is_activity(reader, room, at, stop):
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
                # Verbs alone: before a colon or at the head of a clause they reach forward, else they join the verbs of the list before them.
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
def _cut(reader: Reader, room: Room, start: int, end: int) -> int:
    """Find where an item ends inside a run of text without marks: behind verbs that 及 or another thing with its own verbs follows.

    鞋帽加工销售及配饰销售 ends behind 加工销售, 鹿养殖鹿副产品加工 behind 养殖; a verb inside the name of a product does not end anything: 农产品加工机械制造.
    """
    at = start + 1
    while at < end - 2:
        verb, stop = longest_match(room.verbal, at, end)
        if verb < 0 or stop - at < 2 or reader.verbs.bits[verb] & _CUTTING == 0 or _is_inside_phrase(reader, room, start, at, stop, end):
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
def _without_verbs(reader: Reader, room: Room, start: int, end: int) -> tuple[int, int, int, int]:
    """Take the verbs off both ends of an item; gives what is left and the meanings of the verbs before and behind it.

    A verb that begins the name of a product stays: 加工中心, 制冷设备.
    """
    before, behind = np.int64(0), np.int64(0)
    while end > start:
        if _is_product(reader, room, start, end):
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
        if _is_product(reader, room, start, end):
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
def _is_activity(reader: Reader, room: Room, start: int, end: int) -> bool:
    phrase = exact_match(room.lexical, start, end)
    return phrase >= 0 and reader.lexicon.kinds[phrase] & (1 << ACTIVITY) != 0


@nb.njit(cache=True, nogil=True, inline="always")
def _ends_product(reader: Reader, room: Room, start: int, begin: int, end: int) -> bool:
    """Whether a product longer than the word from `begin` ends here: 电子产品 is not 电子."""
    phrase, product = longest_ending(room.lexical, start, end)
    return phrase >= 0 and product < begin and reader.lexicon.kinds[phrase] & (1 << PRODUCT) != 0


@nb.njit(cache=True, nogil=True, inline="always")
def _is_product(reader: Reader, room: Room, start: int, end: int) -> bool:
    phrase = exact_match(room.lexical, start, end)
    return phrase >= 0 and reader.lexicon.kinds[phrase] & (1 << PRODUCT) != 0


@nb.njit(cache=True, nogil=True, inline="always")
def _read_activity(reader: Reader, room: Room, item: int, ranks: npt.NDArray[np.int32], reading: Reading) -> None:
    """Look an item up as an activity, verbs included: the longest phrase that ends it, else the longest inside it."""
    lexicon = reader.lexicon
    start, end = room.raw_start[item], room.raw_end[item]
    best, best_size = -1, 0
    ends_item = False
    phrase, begin = longest_ending(room.lexical, start, end)
    while phrase >= 0 and lexicon.kinds[phrase] & (1 << ACTIVITY) == 0:
        phrase, begin = longest_ending(room.lexical, begin + 1, end)
    if phrase >= 0 and end - begin >= 2:
        best, best_size, ends_item = phrase, end - begin, True
    if best < 0:
        for begin in range(start, end - 1):
            phrase, stop = longest_match(room.lexical, begin, end)
            if phrase >= 0 and stop - begin > best_size and lexicon.kinds[phrase] & (1 << ACTIVITY) and not is_part_of_word(room, stop, end):
                best, best_size = phrase, stop - begin
    if best < 0:
        return
    share = best_size / (end - start)
    trust = (0.5 + 0.5 * share) if ends_item else 0.6 * share
    makes_or_builds = room.bits[item] & (_PRODUCING | INSTALL) != 0
    for entry in range(lexicon.first[best], lexicon.first[best + 1]):
        if lexicon.kind[entry] == ACTIVITY:
            # 机械产品设计、制造 is making: the services beside it count little.
            value = trust * VALUE[lexicon.strength[entry]] * (0.4 if makes_or_builds and reader.mode[lexicon.industry[entry]] >= TRANSPORT else 1.0)
            if ranks[_ACTIVE] == 0:
                note(reading, lexicon.industry[entry], FIRST_ACTIVITY, value)
            note(reading, lexicon.industry[entry], REST_ACTIVITY, value / (1.0 + item))
    ranks[_ACTIVE] += 1


@nb.njit(cache=True, nogil=True, inline="always")
def _read_things(reader: Reader, room: Room, item: int, weight: float, ranks: npt.NDArray[np.int32], reading: Reading) -> None:
    """Look up the things of an item: whole, else the parts between 及, 和 and their like."""
    start, end = room.start[item], room.end[item]
    bits = room.bits[item]
    if _is_product(reader, room, start, end):
        _read_thing(reader, room, start, end, bits, item, weight, ranks, reading)
        return
    at = start
    while at < end:
        stop = at
        while stop < end and (reader.marks[room.characters[stop]] & JOINT == 0 or stop == at):
            stop += 1
        _read_thing(reader, room, at, stop, bits, item, weight, ranks, reading)
        at = stop + 1


@nb.njit(cache=True, nogil=True, inline="always")
def _read_thing(reader: Reader, room: Room, start: int, end: int, bits: int, item: int, weight: float, ranks: npt.NDArray[np.int32], reading: Reading) -> None:
    lexicon = reader.lexicon
    found, trust = -1, 0.0
    phrase, begin = longest_ending(room.lexical, start, end)
    while phrase >= 0 and lexicon.kinds[phrase] & (1 << PRODUCT) == 0:
        phrase, begin = longest_ending(room.lexical, begin + 1, end)
    if phrase >= 0 and (end - begin >= 2 or begin == start):
        found, trust = phrase, 0.6 + 0.4 * (end - begin) / (end - start)
    if found < 0:
        size = 1
        for begin in range(start, end - 1):
            phrase, stop = longest_match(room.lexical, begin, end)
            if phrase >= 0 and stop - begin >= size and stop - begin > 1 and lexicon.kinds[phrase] & (1 << PRODUCT) and not is_part_of_word(room, stop, end):
                found, size = phrase, stop - begin
        if found >= 0:
            trust = 0.5 * size / (end - start)
    if found < 0:
        return
    makes, sells = (bits & _PRODUCING) != 0, (bits & _SELLING) != 0
    doing = _MADE if makes else (_SOLD if sells else _BARE)
    trust *= weight / (1.0 + 0.05 * item)
    if doing == _BARE:
        # Things that are repaired, let or moved are not made; and what is named late without any verb says little.
        trust *= (0.3 if bits & _SERVING else 1.0) / (1.0 + 0.1 * item)
    traded = False
    for entry in range(lexicon.first[found], lexicon.first[found + 1]):
        if lexicon.kind[entry] != PRODUCT:
            continue
        industry = lexicon.industry[entry]
        value = trust * VALUE[lexicon.strength[entry]]
        mode = reader.mode[industry]
        if mode == WHOLESALING or mode == RETAILING:
            if makes and sells:
                note(reading, industry, REST_TRADE, 0.25 * value / (1.0 + item))
            elif not makes:
                traded = True
                fits = (bits & RETAIL) != 0 if mode == RETAILING else (bits & RETAIL) == 0 or (bits & WHOLESALE) != 0
                _note_ranked(reading, industry, FIRST_TRADE, REST_TRADE, ranks[_TRADED], item, value * (1.0 if fits else 0.5) * (1.0 if sells else 0.6))
        else:
            fit = _fit(mode, bits, reading.signals[COOPERATIVE] + reading.signals[FARM_FORM] > 0) if makes else 1.0
            first = FIRST_MADE if doing == _MADE else (FIRST_SOLD if doing == _SOLD else FIRST_BARE)
            rest = REST_MADE if doing == _MADE else (REST_SOLD if doing == _SOLD else REST_BARE)
            _note_ranked(reading, industry, first, rest, ranks[doing], item, value * fit)
            if not makes and mode <= 2:
                share = value * (0.7 if sells else 0.4)
                if lexicon.wholesale[industry] >= 0:
                    traded = True
                    only_retail = (bits & RETAIL) != 0 and (bits & WHOLESALE) == 0 and lexicon.retail[industry] >= 0
                    _note_ranked(reading, lexicon.wholesale[industry], FIRST_TRADE, REST_TRADE, ranks[_TRADED], item, share * (0.5 if only_retail else 1.0))
                if lexicon.retail[industry] >= 0 and (bits & RETAIL) != 0:
                    traded = True
                    _note_ranked(reading, lexicon.retail[industry], FIRST_TRADE, REST_TRADE, ranks[_TRADED], item, share)
    ranks[doing] += 1
    if traded:
        ranks[_TRADED] += 1


@nb.njit(cache=True, nogil=True, inline="always")
def _note_ranked(reading: Reading, industry: int, first: int, rest: int, rank: int, item: int, value: float) -> None:
    """Note evidence as a first mention where it is one, and in any case among all mentions, the later the less."""
    if rank == 0:
        note(reading, industry, first, value)
    note(reading, industry, rest, value / (1.0 + rank))


@nb.njit(cache=True, nogil=True, inline="always")
def _fit(mode: int, bits: int, farm: bool) -> float:
    """Tell how well verbs of producing fit a class: crops are grown, animals raised, ores mined, goods made; farms produce what others grow."""
    if mode == FARM:
        return 1.0 if bits & (GROW | RAISE) or farm else 0.25
    if mode == MINING:
        return 1.0 if bits & MINE else 0.4
    return 1.0 if bits & MAKE else 0.4
