"""Names of the engine in the language of the page: it says them in both at once, Chinese first.

Only for names that are the engine's own: what people wrote has spaces too.
"""

from __future__ import annotations

from django.utils.translation import get_language

from gaoyuan.assess.contest.definition import Title


def one_language(text: str) -> str:
    """Give one language of a text like "报名截止 entries closed".

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     one_language("报名截止 entries closed"), one_language("A1")
    ('entries closed', 'A1')
    """
    zh, gap, en = text.partition(" ")
    if not gap or zh.isascii():
        return text
    return zh if chinese() else en


def title(one: Title) -> str:
    """Give a title in the language of the page."""
    return one.zh if chinese() else one.en


def chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")
