from __future__ import annotations

from collections import Counter

import pytest

from gaoyuan.codes import ancestor, classes, industries, industry_name, successors_of_2011
from gaoyuan.errors import NotFound


def test_the_edition_of_2017_has_20_sections_97_divisions_473_groups_and_1381_classes():
    assert Counter(industry.level for industry in industries().values()) == {1: 20, 2: 97, 3: 473, 4: 1381}


def test_the_edition_of_2011_has_20_sections_96_divisions_432_groups_and_1094_classes():
    assert Counter(industry.level for industry in industries(2011).values()) == {1: 20, 2: 96, 3: 432, 4: 1094}


@pytest.mark.parametrize("edition", [2011, 2017])
def test_every_code_stands_below_its_parent(edition: int):
    known = industries(edition)
    for code, industry in known.items():
        assert industry.code == code
        assert industry.name
        if industry.level > 1:
            assert known[industry.parent].level == industry.level - 1
            assert known[ancestor(code, 1, edition)].level == 1
            assert ancestor(code, industry.level, edition) == code
            assert ancestor(code, industry.level - 1, edition) == industry.parent


def test_every_class_of_2011_is_carried_to_classes_of_2017():
    carried = successors_of_2011()
    assert set(carried) == set(classes(2011))
    for successors in carried.values():
        assert successors
        assert len(set(successors)) == len(successors)
        assert set(successors) <= set(classes())


def test_a_class_whose_name_has_not_changed_keeps_it_when_carried():
    now = {industry.name: code for code, industry in industries().items() if industry.level == 4}
    for code, successors in successors_of_2011().items():
        name = industry_name(code, 2011)
        if name in now:
            assert now[name] in successors


def test_names_are_found_by_edition_and_missing_codes_are_named():
    assert industry_name("C") == "制造业"
    assert industry_name("1810", 2011) == "机织服装制造"
    with pytest.raises(NotFound, match="no industry '1810' in GB/T 4754-2017"):
        industry_name("1810")


def test_an_edition_that_is_not_carried_is_refused_with_those_that_are():
    with pytest.raises(NotFound, match="2011, 2017"):
        industries(2002)
