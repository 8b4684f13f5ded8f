"""What is said of faults, in Chinese."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

_HOLE = "{}"


@lru_cache(maxsize=4096)
def in_chinese(said: str) -> str | None:
    """Give a reason or a mend of the table `rejected` in Chinese, None for one that is not known.

    >>> in_chinese("no whole number"), in_chinese("the row has 3 cells, the header has 5")
    ('不是整数', '这一行有 3 格，表头有 5 格')
    """
    for pattern, chinese in _patterns():
        if (match := pattern.fullmatch(said)) is not None:
            return chinese.replace("%", "%%").replace(_HOLE, "%s") % match.groups()
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = (files("gaoyuan.registry") / "faults_zh.toml").read_text(encoding="utf-8")
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, english.split(_HOLE)))), chinese)
        for part in tomllib.loads(text).values()
        for english, chinese in part.items()
    )
