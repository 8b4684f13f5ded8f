"""English names of industries, for people who search the page in English.

Sections and divisions of GB/T 4754-2017; the wording is ours, near that of ISIC Rev. 4.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from gaoyuan.codes import industries


@cache
def _names() -> dict[str, str]:
    text = (files("gaoyuan.report") / "data" / "industry_names_en.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name_en"] for row in csv.DictReader(text.splitlines())}


def english_name(code: str) -> str:
    """Give the English name of a section or division; for a group or class that of its division, else nothing.

    >>> english_name("C"), english_name("17"), english_name("1761")
    ('Manufacturing', 'Textiles', 'Textiles')
    """
    return _names().get(code, _names().get(code[:2], "")) if code in industries() else ""
