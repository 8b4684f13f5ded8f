"""English names of industries, for people who read or search a page in English.

All levels of GB/T 4754-2017; the wording is ours, near that of ISIC Rev. 4. No official English edition is free to use.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _names() -> dict[str, str]:
    text = (files("gaoyuan.report") / "data" / "industry_names_en.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name_en"] for row in csv.DictReader(text.splitlines())}


def english_name(code: str) -> str:
    """Give the English name of an industry of any level, "" for what is no code.

    >>> english_name("C"), english_name("17"), english_name("1761"), english_name("1700")
    ('Manufacturing', 'Textiles', 'Knitted and crocheted fabrics', '')
    """
    return _names().get(code, "")
