from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from gaoyuan.codes import CreditCodeFault, credit_code_faults
from gaoyuan.codes.credit_code import ALPHABET
from gaoyuan.sample.numbering import credit_codes

MILLION = 1_000_000


def test_a_million_credit_codes_are_sound_and_no_two_are_alike():
    division = np.where(np.arange(MILLION) % 2 == 0, 370782, 130628)
    codes = credit_codes(division, 0)
    assert (credit_code_faults(codes) == CreditCodeFault.NONE).all()
    assert pc.count_distinct(codes).as_py() == MILLION
    # The number in the middle is what differs, so that a firm that moves keeps a code of its own.
    assert pc.count_distinct(pc.utf8_slice_codeunits(codes, 8, 16)).as_py() == MILLION


@pytest.mark.parametrize("first", [0, 1, 249_999, 49_999_000])
def test_codes_do_not_depend_on_where_a_batch_begins(first: int):
    division = np.full(1_000, 370782)
    assert credit_codes(division, first)[600:].equals(credit_codes(division[600:], first + 600))


def test_the_last_firms_of_the_largest_sample_have_codes_of_their_own():
    division = np.full(100_000, 370782)
    late = credit_codes(division, 49_900_000)
    both = pa.concat_arrays([credit_codes(division, 0), late])
    assert (credit_code_faults(late) == CreditCodeFault.NONE).all()
    assert pc.count_distinct(both).as_py() == 200_000


def test_a_code_names_the_division_that_registered_the_firm():
    assert [code[:8] for code in credit_codes(np.array([110105, 659012]), 5).to_pylist()] == ["91110105", "91659012"]


def test_the_organisation_code_in_the_middle_carries_its_own_check_character():
    for code in credit_codes(np.full(500, 370782), 12_345).to_pylist():
        # GB 11714: weights 3 7 9 10 5 8 4 2, letters count from 10, 11 minus the rest, X for 10 and 0 for 11.
        values = [int(character, 36) for character in code[8:16]]
        rest = 11 - sum(value * weight for value, weight in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        assert code[16] == {10: "X", 11: "0"}.get(rest, str(rest))


def test_the_whole_code_fulfils_the_standard_computed_the_plain_way():
    for code in credit_codes(np.full(300, 370782), 777).to_pylist():
        total = sum(ALPHABET.index(character) * 3**position for position, character in enumerate(code[:17]))
        assert ALPHABET.index(code[17]) == (31 - total % 31) % 31


def test_no_firms_have_no_codes():
    assert credit_codes(np.empty(0, dtype=np.int64), 0).to_pylist() == []
