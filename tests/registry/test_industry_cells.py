from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from gaoyuan.registry.industry_cells import industry_code, zeros_are_lost

UNKNOWN_TO_BOTH = ["0000", "17725", "1772.5", "1751.05", "999", "U", "甲"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *[("1751", "1751"), ("175", "175"), ("17", "17"), ("C", "C"), ("1810", "1810"), ("0111", "0111")],
        *[("C1751", "1751"), ("C1751棉纺纱加工", "1751"), ("棉纺纱加工", "1711"), ("A 0111", "0111")],
        *[("1772.0", "1772"), ("1772.00", "1772"), ("121", "0121"), ("121.0", "0121"), ("1", "01")],
        *[(cell, None) for cell in UNKNOWN_TO_BOTH],
    ],
)
def test_a_cell_names_a_code_by_digits_letter_or_name(cell: str, code: str | None):
    assert industry_code(cell, zeros_lost=False) == code


@pytest.mark.parametrize(
    ("cell", "kept", "lost"),
    [("111", "111", "0111"), ("111.0", "111", "0111"), ("175", "175", "175"), ("1811", "1811", "1811")],
)
def test_only_what_is_both_a_group_and_a_class_without_its_zero_depends_on_the_column(cell: str, kept: str, lost: str):
    assert industry_code(cell, zeros_lost=False) == kept
    assert industry_code(cell, zeros_lost=True) == lost


def test_a_letter_before_the_digits_says_that_no_zero_is_missing():
    assert industry_code("B111", zeros_lost=True) == "111"


@pytest.mark.parametrize(
    ("cells", "as_numbers", "lost"),
    [
        # 121 is no group: its zero is lost, and so is that of 111.
        (["111", "121", "175"], False, True),
        # 0112 has kept its zero, so 111 has lost none.
        (["111", "0112", "1751", "1772"], False, False),
        (["111", "1751", "1772", "C", "棉纺纱加工", None], False, True),
        (["111", "1751", "175", "17"], False, False),
        (["111"], False, False),
        (["C", "A0111", "棉纺纱加工", None], False, None),
        (["111"], True, True),
        (["111", "1751", "1772", "175"], True, True),
        (["111", "175", "177", "1751"], True, False),
    ],
)
def test_the_other_codes_of_a_column_tell_whether_its_zeros_are_lost(
    cells: list[str | None], as_numbers: bool, lost: bool | None
):
    assert zeros_are_lost(pa.array(cells, pa.large_string()), as_numbers=as_numbers) is lost


def test_a_few_codes_of_groups_among_many_of_classes_do_not_keep_zeros_lost():
    cells = ["111"] * 10 + ["1751"] * 99 + ["175"]
    assert zeros_are_lost(pa.array(cells, pa.large_string()), as_numbers=False)
    cells = ["111"] * 10 + ["1751"] * 9 + ["175"]
    assert not zeros_are_lost(pa.array(cells, pa.large_string()), as_numbers=False)


def test_decimals_name_codes_too():
    from gaoyuan.registry.values import as_text

    (text,) = as_text(pa.array([Decimal("1772.00")])).to_pylist()
    assert industry_code(text, zeros_lost=False) == "1772"
