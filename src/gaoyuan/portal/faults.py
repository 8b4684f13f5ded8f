"""What the engine says, in the language of a page and in its words.

The engine speaks Chinese and English at once, and to people at the command line: of two texts a page shows its own,
and advice that only a command line can follow is left out.
"""

from __future__ import annotations

import re

from django.utils.translation import get_language

from gaoyuan.errors import GaoyuanError

__all__ = ["fault_words", "in_own_language"]

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_MARKS = "\u3000-\u303f\uff00-\uffef\u201c\u201d\u2018\u2019…"
_GAP = re.compile(rf"(?<=[{_HAN}{_MARKS}])\s+(?=[a-z]+\b|[A-Z][a-z]*\b)")
"""Where Chinese ends and English begins."""
_NEXT = re.compile(rf"; (?=[{_HAN}])")
_COMMAND = re.compile(r"\bgaoyuan [a-z]|(?<![\w-])--[a-z]")
_PROSE = re.compile(r"(^|\s)[a-z]{2,}(\s|$)")
_QUOTED = re.compile(r"'([^']+)'\.?$")
# The one option of the command line that pages ask for too.
_AT, _AT_ENGLISH = re.compile(rf"(?<=[{_HAN}]) --at\b"), re.compile(r"(?<![\w-])--at\b")
_FEW_LETTERS = 4


def fault_words(fault: GaoyuanError, *, where: bool = True) -> str:
    """Give what is wrong and, on a line of its own, how to mend it.

    >>> from django.utils.translation import override
    >>> fault = GaoyuanError("no such park", where="parks.csv", mend="Look it up: gaoyuan parks.", zh="没有此园区")
    >>> with override("en"):
    ...     fault_words(fault)
    'parks.csv: no such park'
    """
    what = in_own_language(f"{fault.zh} · {fault.what}" if fault.zh else fault.what)
    place = in_own_language(fault.where) if where and fault.where and not fault.where.startswith("--") else ""
    mend = _mend(f"{fault.mend_zh} · {fault.mend or ''}" if fault.mend_zh else fault.mend or "")
    return "\n".join(part for part in (f"{place}: {what}" if place else what, mend) if part)


def in_own_language(text: str) -> str:
    """Give of a text in both languages the one of the page, line by line; a text in one language as it is. A line
    below the first, which says how to mend it, is left out where it is for a command line.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     in_own_language("a.csv: 没有此文件 · no such file"), in_own_language("E1 已退出 has been withdrawn already")
    ('a.csv: no such file', 'E1 has been withdrawn already')
    >>> with override("zh-hans"):
    ...     in_own_language("文件须为 the file has to be one of: .csv .xlsx")
    '文件须为：.csv .xlsx'
    """
    first, *others = text.split("\n")
    return "\n".join(line for line in (_line(first), *map(_mend, others)) if line)


def _line(text: str) -> str:
    first, *others = _NEXT.split(text)
    return ("；" if _chinese() else "; ").join(one for one in (_own(first), *map(_mend, others)) if one)


def _mend(text: str) -> str:
    # One language may name the command for both.
    return "" if _COMMAND.search(_AT_ENGLISH.sub("", text)) else _own(text)


def _own(text: str) -> str:
    text = _AT_ENGLISH.sub("time", _AT.sub("时间", text))
    if " · " in text:
        zh, en = text.split(" · ", 1)
        if not (_has_han(zh) and not _has_han(en.partition(": ")[0])):
            return text
        if _chinese():
            return zh
        place, colon, _rest = zh.partition(": ")
        return f"{place}: {en}" if colon and not _has_han(place) else en
    gap = _GAP.search(text)
    if gap is None:
        return text
    zh, en = text[: gap.start()].rstrip(), text[gap.end() :]
    # Before the Chinese stands what is spoken of: its number, or a place.
    about = re.match(rf"[^{_HAN}{_MARKS}]*", zh)
    subject = about[0].strip() if about else ""
    if not _chinese():
        return f"{subject} {en}" if subject and subject.rstrip(":") not in en else en
    named = en.rpartition(": ")[2] if ": " in en else ""
    if _PROSE.search(named):
        named = ""
    elif not named and (quoted := _QUOTED.search(en)) is not None:
        named = quoted[1]
    elif not named and len(zh) <= _FEW_LETTERS:
        named = " ".join(word for word in en.rstrip(".").split() if any(letter.isdigit() for letter in word))
        return f"{zh} {named}".rstrip()
    return f"{zh}：{named}" if named and named not in zh else zh


def _has_han(text: str) -> bool:
    return re.search(f"[{_HAN}]", text) is not None


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
