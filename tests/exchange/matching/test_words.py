"""Cutting texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.matching import Segmenter
from gaoyuan.exchange.matching.words import industry_words


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return Segmenter(["牵引变流器"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("6204-2RS轴承", ["6204-2rs", "6204", "轴承"]),
        ("Ｍ24×80螺栓", ["m24x80", "m24", "螺栓"]),
        ("GB/T 5782-2016 螺栓", ["gb5782"]),
        ("gb5782", ["gb5782"]),
        ("ISO 9001：2015认证", ["iso9001"]),
        ("Ø50圆钢", ["φ50"]),
        ("Φ50 Q345B", ["φ50", "q345b"]),
        ("7075-T6铝板", ["7075-t6", "7075", "铝板"]),
        ("机车牵引变流器", ["牵引变流器"]),
        ("time-sharing flanges", ["time", "share", "flang"]),
    ],
)
def test_codes_standards_and_own_words_are_found_whole(segmenter: Segmenter, text: str, words: list[str]) -> None:
    found = segmenter.words(text)
    assert [word for word in words if word not in found] == []


@given(st.text(alphabet="深沟球轴承不锈钢法兰盘齿轮电机衬套螺栓a1 -", max_size=20))
def test_every_pair_of_characters_is_found_wherever_it_stands(segmenter: Segmenter, text: str) -> None:
    found = set(segmenter.words(text))
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        if all("\u4e00" <= character <= "\u9fff" for character in pair):
            assert pair in found


@given(st.text(max_size=60))
def test_any_text_can_be_cut_and_no_word_is_empty(segmenter: Segmenter, text: str) -> None:
    assert all(segmenter.words(text))


def test_the_official_industries_give_words_of_things() -> None:
    assert {"轴承", "水泵", "电线"} & set(industry_words())
    assert all(2 <= len(word) <= 8 for word in industry_words())
