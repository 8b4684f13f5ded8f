from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.codes import CreditCodeFault, check_character, credit_code_faults, normalise_credit_codes
from gaoyuan.codes.credit_code import ALPHABET, check_characters

first_17 = st.text(st.sampled_from(ALPHABET), min_size=17, max_size=17)


def fault_of(code: str | None) -> CreditCodeFault:
    return CreditCodeFault(int(credit_code_faults(pa.array([code], pa.string()))[0]))


def by_the_standard(code: str) -> bool:
    # GB 32100-2015, 5.2: C18 = 31 - MOD(sum of Ci * Wi, 31), Wi = 3^(i-1) mod 31.
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    total = sum("0123456789ABCDEFGHJKLMNPQRTUWXY".index(c) * w for c, w in zip(code[:17], weights, strict=True))
    return (31 - total % 31) % 31 == "0123456789ABCDEFGHJKLMNPQRTUWXY".index(code[17])


@given(first_17)
def test_a_code_with_its_check_character_is_sound_by_the_standards_own_formula(start: str):
    code = start + check_character(start)
    assert by_the_standard(code)
    assert fault_of(code) == CreditCodeFault.NONE


@given(first_17, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(start: str, position: int, character: str):
    code = start + check_character(start)
    wrong = code[:position] + character + code[position + 1 :]
    assert (fault_of(wrong) == CreditCodeFault.NONE) == (wrong == code)


@given(first_17, st.integers(0, 16))
def test_two_neighbours_exchanged_are_always_noticed(start: str, position: int):
    code = start + check_character(start)
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    assert (fault_of(swapped) == CreditCodeFault.NONE) == (swapped == code)


@given(st.text(max_size=40))
def test_any_text_gets_a_verdict_and_only_sound_codes_pass(text: str):
    verdict = fault_of(text)
    if verdict == CreditCodeFault.NONE:
        assert len(text) == 18
        assert by_the_standard(text)
    elif len(text.encode()) == 18:
        assert verdict in (CreditCodeFault.ALPHABET, CreditCodeFault.CHECK_CHARACTER)
    else:
        assert verdict == CreditCodeFault.LENGTH


@pytest.mark.parametrize("letter", "IOSVZ")
def test_the_five_letters_that_the_standard_leaves_out_are_faults_of_the_alphabet(letter: str):
    assert fault_of(f"9144030019220382{letter}6") == CreditCodeFault.ALPHABET


def test_a_code_of_the_right_length_in_chinese_characters_is_no_code():
    # Six Chinese characters have eighteen bytes.
    assert fault_of("高阳县毛巾厂") == CreditCodeFault.ALPHABET


def test_a_slice_of_a_longer_column_is_checked_from_its_own_beginning():
    codes = pa.array(["x", "914403001922038216", None, "914403001922038217"])
    assert credit_code_faults(codes.slice(1)).tolist() == [0, 1, 4]


def test_an_empty_column_has_no_faults():
    assert credit_code_faults(pa.array([], pa.string())).tolist() == []


@given(st.lists(first_17, min_size=1, max_size=20))
def test_the_check_characters_of_many_codes_are_those_of_each(starts: list[str]):
    import numpy as np

    table = np.frombuffer("".join(starts).encode(), dtype=np.uint8).reshape(-1, 17)
    assert check_characters(table).tobytes().decode() == "".join(map(check_character, starts))


@pytest.mark.parametrize("wrong", ["", "9144030019220382", "9144030019220382I"])
def test_a_check_character_is_refused_for_what_is_not_17_characters_of_the_alphabet(wrong: str):
    with pytest.raises(ValueError, match="not the first 17 characters"):
        check_character(wrong)


@given(first_17)
def test_full_width_lower_case_and_blanks_are_written_forms_of_the_same_code(start: str):
    code = start + check_character(start)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    spaced = f" {code[:4].lower()} {code[4:]}\t"
    assert normalise_credit_codes(pa.array([wide, spaced, code])).to_pylist() == [code] * 3


def test_nearly_all_codes_of_the_real_register_are_sound(shared_data):
    path = shared_data / "registry" / "cn_registry_other.parquet"
    codes = pq.ParquetFile(path).read_row_group(0, ["uscc"])["uscc"].combine_chunks()
    given_18 = codes.filter(pa.array([code is not None and len(code) == 18 for code in codes.to_pylist()]))
    sound = (credit_code_faults(given_18) == CreditCodeFault.NONE).mean()
    assert sound > 0.999
