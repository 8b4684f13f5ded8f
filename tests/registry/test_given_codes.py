from __future__ import annotations

from gaoyuan.codes import classes, industries, successors_of_2011
from gaoyuan.registry.given_codes import GivenCode, edition_of, read_given


def test_a_class_of_2017_stands_for_itself():
    for code in classes():
        assert read_given(code, 2017) == GivenCode((code,), False)


def test_a_class_of_2011_in_a_file_of_2011_stands_for_its_successors_and_is_marked():
    for code, successors in successors_of_2011().items():
        assert read_given(code, 2011) == GivenCode(successors, True)


def test_every_code_of_either_edition_stands_for_classes_of_2017():
    for edition in (2011, 2017):
        for code in {*industries(), *industries(2011)}:
            candidates = read_given(code, edition).candidates
            assert candidates
            assert set(candidates) <= set(classes())
            assert len(set(candidates)) == len(candidates)


def test_a_section_division_or_group_stands_for_the_classes_below_it():
    assert read_given("175", 2017) == GivenCode(("1751", "1752"), False)
    assert all(industries()[code].section == "C" for code in read_given("C", 2017).candidates)


def test_a_code_of_no_edition_stands_for_none():
    assert read_given("9999", 2017) == GivenCode((), False)


def test_the_edition_of_a_file_is_the_one_whose_own_codes_it_uses_more():
    assert edition_of({"1810": 3, "1811": 2}) == 2011
    assert edition_of({"1810": 2, "1811": 3}) == 2017
    assert edition_of({"1761": 5}) == 2017
    assert edition_of({}) == 2017
