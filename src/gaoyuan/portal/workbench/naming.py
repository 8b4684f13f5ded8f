"""What industries are called in the language of a page."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language

from gaoyuan.codes import industries
from gaoyuan.report.industry_english import english_name

__all__ = ["industry_text", "industry_words"]


def industry_words(code: str | None, chinese: str | None) -> str:
    """Give the name of an industry in the language of the page; without an English one the Chinese.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     industry_words("1761", "针织或钩针编织物织造"), industry_words(None, "智能家居")
    ('Knitted and crocheted fabrics', '智能家居')
    """
    own = chinese or code or ""
    if (get_language() or "zh").startswith("zh"):
        return own
    return english_name(code or "") or own


def industry_text(text: str) -> str:
    """Give a text that is the Chinese name of an industry in the language of the page, any other as it is.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     industry_text("纺织业"), industry_text("我们的行业")
    ('Textiles', '我们的行业')
    """
    return industry_words(_codes().get(text.strip()), text)


@cache
def _codes() -> dict[str, str]:
    """The code of each name; of a group and its only class, which are called alike, that of the group."""
    found: dict[str, str] = {}
    for code, one in industries().items():
        found.setdefault(one.name, code)
    return found
