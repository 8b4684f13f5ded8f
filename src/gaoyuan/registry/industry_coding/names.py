"""Reading firms' names."""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.registry.industry_coding.evidence import (
    NAME_ACTIVITY,
    NAME_INSIDE,
    NAME_PRODUCT,
    NAME_WORD,
    Reader,
    Reading,
    Room,
    is_part_of_word,
    note,
    prepare,
)
from gaoyuan.registry.industry_coding.lexicon import NAME, PRODUCT, VALUE
from gaoyuan.registry.industry_coding.verbs import ENDING, FORMS
from gaoyuan.registry.phrases import longest_ending, longest_match

_PLACE_ENDS = np.array([ord(character) for character in "省市县区镇乡村旗州"], dtype=np.uint16)
_COMPANY = np.array([ord("公"), ord("司")], dtype=np.uint16)


# Nothing is allocated below, so counting references to the arrays is left out, as in scopes.
@nb.njit(cache=True, nogil=True, _nrt=False)  # pyright: ignore[reportCallIssue] - numba's stubs lack _nrt
def read_name(
    reader: Reader, data: npt.NDArray[np.uint8], begin: int, finish: int, room: Room, reading: Reading
) -> None:
    """Read a firm's name (UTF-8 bytes `begin` to `finish` of `data`) for its form and for evidence."""
    length = prepare(reader, reader.forms, data, begin, finish, room)
    at = 0
    while at < length:
        word, stop = longest_match(room.verbal, at, length)
        if word >= 0:
            for form in range(FORMS):
                if reader.forms.bits[word] & (1 << form):
                    reading.signals[form] = 1.0
        at = stop if word >= 0 else at + 1
    # A name has a part before the first 公司 and, where a branch has a name of its own, one behind the last.
    first, last = length, 0
    for at in range(length - 1):
        if room.characters[at] == _COMPANY[0] and room.characters[at + 1] == _COMPANY[1]:
            first = min(first, at)
            last = at + 2
    # A branch that is a factory or a shop of its own says more by its own name than by its parent's.
    own = 0 < last < length
    candidates = reading.touches[0]
    if own:
        _read_part(reader, room, last, length, 1.0, reading)
    _read_part(reader, room, 0, first, 0.7 if own and reading.touches[0] > candidates else 1.0, reading)


@nb.njit(cache=True, nogil=True, inline="always")
def is_place_end(character: int) -> bool:
    """Whether a character ends the name of a division."""
    for one in _PLACE_ENDS:
        if one == character:
            return True
    return False


@nb.njit(cache=True, nogil=True, inline="always")
def _read_part(reader: Reader, room: Room, start: int, end: int, weight: float, reading: Reading) -> None:
    lexicon = reader.lexicon
    suffix_start = end
    for _ in range(6):
        if end - start < 2:
            break
        phrase, begin = longest_ending(room.lexical, start, end)
        if phrase >= 0 and end - begin >= 2:
            suffix_start = min(suffix_start, begin)
            for entry in range(lexicon.first[phrase], lexicon.first[phrase + 1]):
                kind = lexicon.kind[entry]
                strength: int = lexicon.strength[entry]
                channel = NAME_WORD if kind == NAME else (NAME_PRODUCT if kind == PRODUCT else NAME_ACTIVITY)
                note(reading, lexicon.industry[entry], channel, weight * VALUE[strength])
        # Words that end many names are taken off, and what stands before them is read too, a little less trusted.
        word, begin = longest_ending(room.verbal, start, end)
        while word >= 0 and reader.forms.bits[word] & ENDING == 0:
            word, begin = longest_ending(room.verbal, begin + 1, end)
        if word < 0:
            break
        end = begin
        weight *= 0.9
    best, best_size = -1, 1
    # Names begin with the place.
    inside = start
    for at in range(start + 1, min(suffix_start, start + 9)):
        if is_place_end(room.characters[at]):
            inside = at + 1
    for at in range(inside, suffix_start - 1):
        phrase, stop = longest_match(room.lexical, at, suffix_start)
        if phrase >= 0 and stop - at > best_size and not is_part_of_word(room, stop, suffix_start):
            best, best_size = phrase, stop - at
    if best >= 0:
        for entry in range(lexicon.first[best], lexicon.first[best + 1]):
            if lexicon.kind[entry] != NAME:
                strength = lexicon.strength[entry]
                value = weight * VALUE[strength] * min(1.0, best_size / 3.0)
                note(reading, lexicon.industry[entry], NAME_INSIDE, value)
