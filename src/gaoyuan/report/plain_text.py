"""Text of users as every face can show it."""

from __future__ import annotations

import re
import unicodedata

_REPLACEMENT = "\ufffd"
# Control characters, halves of surrogate pairs, what Unicode calls no character, and what turns the reading direction
# of all that follows: XML forbids most of it, and none of it can be seen.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")
_LONGEST_WORD = 18
_LONG_WORD = re.compile(rf"[!-~\u00a1-\u02ff]{{{_LONGEST_WORD + 1},}}")
_PIECES = re.compile(r"[^/._?&=,;:@-]{1,12}[/._?&=,;:@-]*|[/._?&=,;:@-]+")
_ZERO_WIDTH_SPACE = "\u200b"


def printable(text: str) -> str:
    r"""Give a text with what cannot be shown replaced by U+FFFD: nothing goes without a trace.

    Line ends become line feeds, tabulators spaces; all else stays.

    >>> printable("a\x00b\r\nc")
    'a�b\nc'
    """
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _UNPRINTABLE.sub(_REPLACEMENT, text)


def width_in_ems(text: str) -> float:
    """Estimate how wide a text runs, in ems: 1 for a Chinese character, about half for a Western one.

    >>> width_in_ems("产值12")
    3.1
    """
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return wide + 0.55 * (len(text) - wide)


def breakable(text: str) -> str:
    r"""Let long words (addresses, hashes) break over lines: zero-width spaces after their punctuation and every dozen
    characters. For a face that does not break words by itself.

    >>> breakable("https://example.org/a/path").split("\u200b")
    ['https://', 'example.', 'org/', 'a/', 'path']
    """
    return _LONG_WORD.sub(lambda word: _ZERO_WIDTH_SPACE.join(_PIECES.findall(word.group())), text)
