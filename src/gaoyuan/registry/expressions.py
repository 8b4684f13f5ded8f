"""Expressions that are looked for in the names and scopes of firms."""

from __future__ import annotations

import re

from gaoyuan.errors import ExpressionInvalid


def compiled(expression: str) -> re.Pattern[str]:
    """Compile a theme expression; raises ExpressionInvalid, with the place, where it is no regular expression or
    matches everything.

    >>> compiled("毛巾|纺织").search("甲纺织厂") is not None
    True
    """
    try:
        pattern = re.compile(expression)
    except re.error as fault:
        raise ExpressionInvalid(
            f"{expression!r} is no regular expression ({fault})",
            mend="Write words separated by |, such as 毛巾|纺织; put a backslash before ( ) [ ] . * + ?",
            zh=f"{expression!r} 不是正则表达式",
            mend_zh="用 | 隔开各词，如 毛巾|纺织；( ) [ ] . * + ? 前加反斜杠",
        ) from None
    if pattern.search("") is not None:
        raise ExpressionInvalid(
            f"{expression!r} matches every firm",
            mend="Write words separated by |, such as 毛巾|纺织, without an empty one.",
            zh=f"{expression!r} 与所有企业都相符",
            mend_zh="用 | 隔开各词，如 毛巾|纺织，不要留空词",
        )
    return pattern
