"""What the workspace's own sources are called in each language: facts name them in both at once."""

from __future__ import annotations

import re

from gaoyuan.assess.facts.rows import REGISTER, TITLE_LISTS, is_own_source

__all__ = ["source_en", "source_zh"]

_LISTS_ZH, _LISTS_EN = TITLE_LISTS.split(" ", 1)
_LOST = re.compile(r"（(\d+) 家未在登记数据中找到 not found）")
_REMARK = re.compile(r"（(含[^（）]*?) (with [^（）]*)）")


def source_zh(source: str) -> str:
    """Give a source in Chinese; what somebody else wrote stays as it stands.

    >>> source_zh("登记数据 register"), source_zh("称号名单 titles: a.csv（1 家未在登记数据中找到 not found）")
    ('登记数据', '称号名单：a.csv（1 家未在登记数据中找到）')
    """
    if not is_own_source(source):
        return source
    if source == REGISTER:
        return REGISTER.split(" ")[0]
    said = _REMARK.sub(r"（\1）", _LOST.sub(r"（\1 家未在登记数据中找到）", source))
    return said.replace(f"{TITLE_LISTS}: ", f"{_LISTS_ZH}：", 1)


def source_en(source: str) -> str:
    """Give a source in English; what somebody else wrote stays as it stands.

    >>> source_en("登记数据 register"), source_en("称号名单 titles: a.csv（1 家未在登记数据中找到 not found）")
    ('register', 'titles: a.csv (of its firms, 1 not found in the register)')
    """
    if not is_own_source(source):
        return source
    if source == REGISTER:
        return REGISTER.split(" ")[1]
    said = _REMARK.sub(r" (\2)", _LOST.sub(r" (of its firms, \1 not found in the register)", source))
    return said.replace(TITLE_LISTS, _LISTS_EN, 1)
