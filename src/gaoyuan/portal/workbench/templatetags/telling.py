"""What the engine says, in the language of a page."""

from __future__ import annotations

import datetime as dt

from django import template

from gaoyuan.portal.faults import in_own_language
from gaoyuan.portal.workbench.telling import told
from gaoyuan.portal.workbench.templatetags.figures import count, figure

register = template.Library()
register.filter("told", told)
register.filter("own_language", in_own_language)


@register.filter
def moment(text: object) -> object:
    """Give the moment that a run has written down, for the filter `date`; what is none as it is.

    >>> moment("2026-11-22 18:58:09.584166+00:00").minute
    58
    >>> moment("before the war")
    'before the war'
    """
    try:
        return dt.datetime.fromisoformat(str(text))
    except ValueError:
        return text


@register.filter
def given_figure(value: object) -> object:
    """Give an input as people read it: numbers rounded to what is seen, codes and words as they are."""
    return figure(value) if isinstance(value, float) else count(value) if type(value) is int else value


@register.filter
def joined(value: object) -> str:
    """Give a setting of a run, the parts of a list with commas between.

    >>> joined([2.0, 5.0]), joined(0.05)
    ('2, 5', '0.05')
    """
    parts = value if isinstance(value, list) else [value]
    return ", ".join(f"{one:g}" if isinstance(one, float) else str(one) for one in parts)
