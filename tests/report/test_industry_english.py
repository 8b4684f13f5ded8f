"""Every industry has an English name of its own."""

from __future__ import annotations

from collections import Counter

from gaoyuan.codes import industries
from gaoyuan.report.industry_english import english_name


def test_every_code_of_the_classification_has_an_english_name() -> None:
    assert [code for code in industries() if not english_name(code)] == []
    assert all(english_name(code).isascii() for code in industries())


def test_no_two_industries_of_a_level_are_called_alike() -> None:
    known = Counter((one.level, english_name(code)) for code, one in industries().items())
    assert [name for name, times in known.items() if times > 1] == []


def test_what_is_no_code_has_no_name() -> None:
    assert english_name("0000") == english_name("") == english_name("1700") == ""
