"""From the cells of a column of industries to codes of GB/T 4754, also where a program has taken their leading zeros.

Programs that hold codes as numbers write 0111 as 111. Where 111 is no group, as 121, it can only be the class 0121. But
69 of these codes, such as 111, are groups as well (111 in division 11, and 0111 in division 01), and there the column
must tell:

1. Codes of four digits that begin with 0 have kept their zeros, codes such as 121 have lost theirs; if the column has
   either, the more frequent of the two decides.
2. Else the zeros are lost where nearly all (95 %) of the other codes have four digits, since a column of classes has no
   group in it. Where the cells are numbers and not text, half of the others are enough, or that there are no others.

A letter before the digits (B111) says that no digit is missing.
"""

from __future__ import annotations

import re
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import industries

# Digits behind the letter of their section, with the industry's name or nothing behind them: C1751棉纺纱加工.
_CODE = re.compile(r"([A-T]?)(\d{1,4})(?:\.0+)?(?![\d.])")
_BARE = r"^(?P<digits>\d{2,4})(?:\.0+)?$"
_NEARLY_ALL, _HALF = 0.95, 0.5


def industry_code(text: str | None, *, zeros_lost: bool) -> str | None:
    """Give the code that a cell names by its digits, its letter or its name in either edition; None where it names
    none. `zeros_lost` decides between a group and the class that has lost its leading zero.

    >>> industry_code("C1751棉纺纱加工", zeros_lost=False), industry_code("棉纺纱加工", zeros_lost=False)
    ('1751', '1711')
    >>> industry_code("111", zeros_lost=False), industry_code("111", zeros_lost=True)
    ('111', '0111')
    """
    if text is None:
        return None
    head = text.replace(" ", "")
    found = _CODE.match(head)
    if found is not None:
        letter, digits = found[1], found[2]
        if zeros_lost and not letter and digits in _groups_or_classes():
            return f"0{digits}"
        for candidate in (digits, f"0{digits}" if len(digits) in (1, 3) else ""):
            if len(candidate) >= 2 and _is_code(candidate):
                return candidate
    if head in industries():
        return head
    return _codes_by_name().get(head)


def zeros_are_lost(cells: pa.Array, *, as_numbers: bool) -> bool | None:
    """Tell whether the codes of a column (n, text; null where unknown) have lost their leading zeros; `as_numbers`
    where the file held them as numbers. None where no code stands by its digits alone.

    >>> zeros_are_lost(pa.array(["111", "1751", "1772"]), as_numbers=False)
    True
    >>> zeros_are_lost(pa.array(["111", "0112", "1772"]), as_numbers=False)
    False
    """
    digits = pc.struct_field(pc.extract_regex(cells, _BARE), "digits")
    counts = {entry["values"]: entry["counts"] for entry in pc.value_counts(digits.drop_null()).to_pylist()}
    if not counts:
        return None
    kept = sum(count for code, count in counts.items() if len(code) == 4 and code[0] == "0" and _is_code(code))
    lost = sum(count for code, count in counts.items() if code in _classes_without_zero() - _groups_or_classes())
    if kept != lost:
        return lost > kept
    others = {code: count for code, count in counts.items() if code[0] != "0" and code not in _classes_without_zero()}
    four = sum(count for code, count in others.items() if len(code) == 4)
    total = sum(others.values())
    return four >= _HALF * total if as_numbers else total > 0 and four >= _NEARLY_ALL * total


def _is_code(code: str) -> bool:
    return code in industries() or code in industries(2011)


@cache
def _classes_without_zero() -> frozenset[str]:
    return frozenset(
        code[1:] for edition in (2011, 2017) for code in industries(edition) if len(code) == 4 and code[0] == "0"
    )


@cache
def _groups_or_classes() -> frozenset[str]:
    return frozenset(code for code in _classes_without_zero() if _is_code(code))


@cache
def _codes_by_name() -> dict[str, str]:
    return {industry.name: code for edition in (2011, 2017) for code, industry in industries(edition).items()}
