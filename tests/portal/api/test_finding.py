"""A search through many texts at once finds what going through them one by one finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.portal.api.finding import Names, Texts

WORDS = st.text("ab毛巾\n", max_size=4)


@given(st.lists(WORDS, max_size=6), WORDS, st.integers(0, 7))
def test_the_first_texts_that_have_it_are_found_in_their_order(texts: list[str], asked: str, most: int) -> None:
    one_by_one = [at for at, text in enumerate(texts) if asked in text]
    assert Texts(texts).first(asked, most) == one_by_one[:most]


def test_what_no_text_can_hold_is_in_none() -> None:
    assert Texts(["a", "b"]).first("a\0b", 9) == []


def test_industries_are_found_by_code_initials_and_names_in_the_order_of_their_codes() -> None:
    names = Names(
        {
            "industries": {
                "code": ["1751", "1771", "3311"],
                "name": ["化纤织造", "床上用品", "毛巾架"],
                "english": ["Woven", "Bed linen", "Towel rails"],
                "initials": ["hxzz", "csyp", "mjj"],
            },
            "regions": {
                "region": ["370000", "370202"],
                "region_name": ["山东省", None],
                "region_level": ["province", "county"],
            },
        }
    )
    assert [code for code, _, _ in names.industries("17", 8)] == ["1751", "1771"]
    assert names.industries("TOWEL", 8) == [("3311", "毛巾架", "Towel rails")]
    assert [code for code, _, _ in names.industries("cs", 8)] == ["1771"]
    assert len(names.industries("", 2)) == 2
    assert names.regions("3702", 8) == [("370202", "370202", "county")]
    assert names.regions("山东", 8) == [("370000", "山东省", "province")]
