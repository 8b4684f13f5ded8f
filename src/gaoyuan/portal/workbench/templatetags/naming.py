"""Names in the language of a page, for templates."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language

from gaoyuan.portal.units import unit_words
from gaoyuan.portal.workbench.naming import industry_text, industry_words
from gaoyuan.portal.workbench.reading import Look

register = template.Library()
register.filter("unit_words", unit_words)
register.filter("industry_text", industry_text)


@register.filter
def industry_of(chinese: str | None, code: str | None) -> str:
    """Give the name of an industry from its Chinese name and its code.

    >>> industry_of("纺织业", "17")
    '纺织业'
    """
    return industry_words(code, chinese)


@register.filter
def county_in(code: str | None, look: Look) -> str:
    """Give the name of a division of what is published, its code where none is known, a dash without one."""
    return look.frame.region(code) or "—"


@register.filter
def industry_in(code: str | None, look: Look) -> str:
    """Give code and name of an industry in the language of the page, a dash without one."""
    if not code:
        return "—"
    name = look.frame.industry(code)
    return code if name == code else f"{code} {name}"


@register.filter
def listed(words: Iterable[object] | None) -> str:
    """Give words one after the other, with the marks of the language of the page.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     listed(["testing", "loans"])
    'testing, loans'
    """
    if words is None or isinstance(words, str):
        return words or ""
    return (", " if get_language() == "en" else "、").join(str(one) for one in words)
