"""Reading business scopes.

A scope comes in items with the verbs that hold for each (see `scope_items`). Of an item the longest phrase that ends it
counts, because the head of a Chinese compound stands last: as an activity with its verbs, as a thing without them.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.registry.industry_coding.evidence import (
    FARM,
    FIRST_ACTIVITY,
    FIRST_BARE,
    FIRST_MADE,
    FIRST_SOLD,
    FIRST_TRADE,
    GROWS,
    INSTALLS,
    JOINT,
    MAKES,
    MAKES_FIRST,
    MINES,
    MINING,
    NO_SCOPE,
    NO_VERB,
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
from gaoyuan.registry.industry_coding.scope_items import behind_preamble, is_activity, is_product, split_items
from gaoyuan.registry.industry_coding.verbs import (
    COOPERATIVE,
    GROW,
    INSTALL,
    INVEST,
    MAKE,
    MINE,
    MOVE,
    PRODUCING_VERBS,
    RAISE,
    RECYCLE,
    RENT,
    REPAIR,
    RETAIL,
    SELLING_VERBS,
    SERVE,
    STORE,
    WHOLESALE,
)
from gaoyuan.registry.industry_coding.verbs import FARM as FARM_FORM
from gaoyuan.registry.phrases import longest_ending, longest_match

_SERVING = REPAIR | RENT | SERVE | MOVE | STORE | INSTALL | INVEST
_MADE, _SOLD, _BARE, _ACTIVE, _TRADED = range(5)


# Nothing is allocated below, so counting references to the arrays, most of the time otherwise, is left out.
@nb.njit(cache=True, nogil=True, _nrt=False)  # pyright: ignore[reportCallIssue] - numba's stubs lack _nrt
def read_scope(
    reader: Reader, data: npt.NDArray[np.uint8], begin: int, finish: int, room: Room, reading: Reading
) -> None:
    """Read a business scope (UTF-8 bytes `begin` to `finish` of `data`) for evidence and for what the firm does."""
    begin = behind_preamble(data, begin, finish)
    length = prepare(reader, reader.verbs, data, begin, finish, room)
    items = split_items(reader, room, length)
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
        whole = is_activity(reader, room, room.raw_start[item], room.raw_end[item])
        _read_things(reader, room, item, 0.5 if whole else 1.0, ranks, reading)
    signals[MAKES] = (all_bits & MAKE) != 0
    signals[MAKES_FIRST] = (first_bits & PRODUCING_VERBS) != 0
    signals[SELLS_FIRST] = (first_bits & SELLING_VERBS) != 0 and (first_bits & PRODUCING_VERBS) == 0
    signals[ONLY_SELLS] = (all_bits & SELLING_VERBS) != 0 and (all_bits & PRODUCING_VERBS) == 0
    signals[RETAILS] = (all_bits & RETAIL) != 0
    signals[WHOLESALES] = (all_bits & WHOLESALE) != 0
    signals[GROWS] = (all_bits & (GROW | RAISE)) != 0
    signals[MINES] = (all_bits & MINE) != 0
    signals[SERVES] = (first_bits & (SERVE | RENT)) != 0
    signals[INSTALLS] = (first_bits & INSTALL) != 0
    signals[RECYCLES] = (all_bits & RECYCLE) != 0
    signals[NO_VERB] = all_bits == 0


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
            if (
                phrase >= 0
                and stop - begin > best_size
                and lexicon.kinds[phrase] & (1 << ACTIVITY)
                and not is_part_of_word(room, stop, end)
            ):
                best, best_size = phrase, stop - begin
    if best < 0:
        return
    share = best_size / (end - start)
    trust = (0.5 + 0.5 * share) if ends_item else 0.6 * share
    makes_or_builds = room.bits[item] & (PRODUCING_VERBS | INSTALL) != 0
    for entry in range(lexicon.first[best], lexicon.first[best + 1]):
        if lexicon.kind[entry] == ACTIVITY:
            # 机械产品设计、制造 is making: the services beside it count little.
            value = (
                trust
                * VALUE[lexicon.strength[entry]]
                * (0.4 if makes_or_builds and reader.mode[lexicon.industry[entry]] >= TRANSPORT else 1.0)
            )
            if ranks[_ACTIVE] == 0:
                note(reading, lexicon.industry[entry], FIRST_ACTIVITY, value)
            note(reading, lexicon.industry[entry], REST_ACTIVITY, value / (1.0 + item))
    ranks[_ACTIVE] += 1


@nb.njit(cache=True, nogil=True, inline="always")
def _read_things(
    reader: Reader, room: Room, item: int, weight: float, ranks: npt.NDArray[np.int32], reading: Reading
) -> None:
    """Look up the things of an item: whole, else the parts between 及, 和 and their like."""
    start, end = room.start[item], room.end[item]
    bits = room.bits[item]
    if is_product(reader, room, start, end):
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
def _read_thing(
    reader: Reader,
    room: Room,
    start: int,
    end: int,
    bits: int,
    item: int,
    weight: float,
    ranks: npt.NDArray[np.int32],
    reading: Reading,
) -> None:
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
            if (
                phrase >= 0
                and stop - begin >= size
                and stop - begin > 1
                and lexicon.kinds[phrase] & (1 << PRODUCT)
                and not is_part_of_word(room, stop, end)
            ):
                found, size = phrase, stop - begin
        if found >= 0:
            trust = 0.5 * size / (end - start)
    if found < 0:
        return
    makes, sells = (bits & PRODUCING_VERBS) != 0, (bits & SELLING_VERBS) != 0
    doing = _MADE if makes else (_SOLD if sells else _BARE)
    trust *= weight / (1.0 + 0.05 * item)
    if doing == _BARE:
        # Things that are repaired, let or moved are not made; and what is named late without any verb says little.
        trust *= (0.3 if bits & _SERVING else 1.0) / (1.0 + 0.1 * item)
    traded = False
    for entry in range(lexicon.first[found], lexicon.first[found + 1]):
        if lexicon.kind[entry] != PRODUCT:
            continue
        industry: int = lexicon.industry[entry]
        strength: int = lexicon.strength[entry]
        value = trust * VALUE[strength]
        mode: int = reader.mode[industry]
        if mode == WHOLESALING or mode == RETAILING:
            if makes and sells:
                note(reading, industry, REST_TRADE, 0.25 * value / (1.0 + item))
            elif not makes:
                traded = True
                fits = (bits & RETAIL) != 0 if mode == RETAILING else (bits & RETAIL) == 0 or (bits & WHOLESALE) != 0
                _note_ranked(
                    reading,
                    industry,
                    FIRST_TRADE,
                    REST_TRADE,
                    ranks[_TRADED],
                    item,
                    value * (1.0 if fits else 0.5) * (1.0 if sells else 0.6),
                )
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
                    _note_ranked(
                        reading,
                        lexicon.wholesale[industry],
                        FIRST_TRADE,
                        REST_TRADE,
                        ranks[_TRADED],
                        item,
                        share * (0.5 if only_retail else 1.0),
                    )
                if lexicon.retail[industry] >= 0 and (bits & RETAIL) != 0:
                    traded = True
                    _note_ranked(
                        reading, lexicon.retail[industry], FIRST_TRADE, REST_TRADE, ranks[_TRADED], item, share
                    )
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
    """Tell how well verbs of producing fit a class: crops are grown, animals raised, ores mined, goods made; farms
    produce what others grow.
    """
    if mode == FARM:
        return 1.0 if bits & (GROW | RAISE) or farm else 0.25
    if mode == MINING:
        return 1.0 if bits & MINE else 0.4
    return 1.0 if bits & MAKE else 0.4
