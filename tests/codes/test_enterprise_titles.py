from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.codes import read_title, recognise_title, title, titles
from gaoyuan.errors import NotFound

KNOWN_IDS = {
    *("single_champion", "little_giant", "srdi_sme", "innovative_sme", "hightech_firm", "provincial_single_champion"),
    *("gazelle", "unicorn", "quasi_unicorn", "tech_sme", "above_scale", "world_class_firm", "leading_firm"),
    "listed_company",
}


def found(text: str) -> str | None:
    recognised = recognise_title(text)
    return None if recognised is None else recognised.id


def test_the_titles_that_rules_count_are_in_the_vocabulary():
    assert set(titles()) >= KNOWN_IDS
    assert [each.id for each in titles().values() if each.ladder_rank == 4] == ["single_champion"]
    assert title("srdi_sme").ladder_rank == 2


@pytest.mark.parametrize("each", list(titles().values()), ids=list(titles()))
def test_every_title_has_both_names_a_source_and_a_validity_that_says_how_sure_it_is(each):
    assert each.zh
    assert each.en
    assert each.source
    assert each.level in {"national", "provincial", "city"}
    assert (each.validity_years is None) == (each.validity_confidence == "")
    assert each.validity_confidence in {"", "official", "secondary", "from memory"}


@pytest.mark.parametrize("each", list(titles().values()), ids=list(titles()))
def test_every_name_with_its_level_is_recognised(each):
    word = {"national": "国家级", "provincial": "省级", "city": "潍坊市市级"}[each.level]
    for alias in each.aliases:
        assert found(word + alias.removeprefix("国家")) == each.id
        if each.unmarked:
            assert found(alias) == each.id


def test_no_name_means_two_titles_of_one_level():
    pairs = [(alias, each.level) for each in titles().values() for alias in each.aliases]
    assert len(set(pairs)) == len(pairs)


def test_an_unknown_id_is_refused_with_those_that_are_known():
    with pytest.raises(NotFound, match="little_giant"):
        title("小巨人")


@pytest.mark.parametrize(
    "text",
    [
        "专精特新“小巨人”企业",
        '专精特新"小巨人"企业',
        "专精特新「小巨人」企业",
        "专精特新『小巨人』",
        "专精特新＂小巨人＂企业",
        "专精特新'小巨人'企业 ",
        "国家级专精特新小巨人企业",
        "国家专精特新“小巨人”",
        "专精特新小巨人企业（国家级）",
        "第五批专精特新小巨人企业（2023年）",
        "2023年第五批国家级专精特新“小巨人”企业名单",
        "工信部第 3 批专精特新“小巨人”企业(复核通过)",
        "山东省国家级专精特新小巨人企业",
        "小巨人",
    ],
)
def test_a_little_giant_is_recognised_however_it_is_written(text: str):
    assert found(text) == "little_giant"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("省级专精特新中小企业", "srdi_sme"),
        ("山东省专精特新中小企业", "srdi_sme"),
        ("2024年度省级“专精特新”企业", "srdi_sme"),
        ("重庆市市级专精特新中小企业", "srdi_sme"),
        ("上海市专精特新企业", "srdi_sme"),
        ("青岛市专精特新中小企业", "srdi_sme"),
        ("宁波市级专精特新中小企业", "srdi_sme"),
        ("新疆生产建设兵团专精特新中小企业", "srdi_sme"),
        ("广西壮族自治区专精特新中小企业", "srdi_sme"),
        ("潍坊市专精特新中小企业", "city_srdi_sme"),
        ("山东省潍坊市市级专精特新中小企业", "city_srdi_sme"),
        ("山东省市级专精特新中小企业", "city_srdi_sme"),
        ("潍坊市省级专精特新中小企业", "srdi_sme"),
        ("科技和创新型中小企业", "innovative_sme"),
        ("2022年第二批创新型中小企业", "innovative_sme"),
        ("国家高新技术企业", "hightech_firm"),
        ("高新技术企业(2021年)", "hightech_firm"),
        ("制造业单项冠军示范企业", "single_champion"),
        ("第八批国家制造业单项冠军企业", "single_champion"),
        ("山东省制造业单项冠军企业", "provincial_single_champion"),
        ("省级单项冠军", "provincial_single_champion"),
        ("单项冠军产品", "single_champion_product"),
        ("省级专精特新小巨人企业", "provincial_little_giant"),
        ("重点“小巨人”企业", "key_little_giant"),
        ("规上工业企业", "above_scale"),
        ("山东省瞪羚企业", "gazelle"),
        ("济南市瞪羚企业", "city_gazelle"),
        ("准独角兽企业", "quasi_unicorn"),
        ("国家技术创新示范企业", "innovation_demonstrator"),
        ("a股上市公司", "listed_company"),
    ],
)
def test_levels_places_years_and_batches_are_told_apart(text: str, expected: str):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "无",
        "2023年",
        "第五批",
        "国家级",
        "优秀企业",
        "单项冠军培育企业",
        "制造业单项冠军(培育)",
        "拟认定专精特新中小企业",
        "专精特新中小企业公示名单",
        "撤销专精特新中小企业",
        "未通过复核的专精特新小巨人企业",
        "专精特新小巨人企业复核不通过",
        "瞪羚培育企业",
        "国家级专精特新中小企业",  # mostly the little giant, but nobody knows
        "山东省专精特新小巨人企业",  # the province's own, or national ones of the province
        "市级专精特新中小企业",  # of a prefecture, or of a municipality
        "省级高新技术企业",
        "潍坊市高新技术企业",
        "宁波市制造业单项冠军企业",
        "县级专精特新企业",
        "国家级省级专精特新中小企业",
        "技术创新示范企业",
        "规上企业",
        "专精特新中小企业、高新技术企业",
        "非专精特新企业",
        "专精特新中小企业协会会员",
    ],
)
def test_what_names_no_title_or_may_mean_several_is_not_guessed(text: str):
    assert found(text) is None


def test_the_year_and_the_batch_that_a_text_names_are_read():
    reading = read_title("2023年第五批专精特新小巨人企业")
    assert reading is not None
    assert (reading.batch, reading.year) == ("第五批", 2023)
    reading = read_title("专精特新小巨人企业（2022-2025）")
    assert reading is not None
    assert (reading.batch, reading.year) == (None, None)
    reading = read_title("高新技术企业2020年、2023年")
    assert reading is not None
    assert reading.year is None


def test_a_title_ends_on_the_day_before_its_anniversary():
    assert title("little_giant").valid_until(dt.date(2023, 7, 1)) == dt.date(2026, 6, 30)
    assert title("hightech_firm").valid_until(dt.date(2024, 2, 29)) == dt.date(2027, 2, 27)
    assert title("gazelle").valid_until(dt.date(2024, 2, 29)) is None


@given(st.text(max_size=30))
def test_any_text_is_read_without_an_error(text: str):
    recognised = recognise_title(text)
    assert recognised is None or recognised.id in titles()


@given(st.sampled_from(sorted(titles())), st.text("未拟撤销非培育候选ABC", min_size=1, max_size=4))
def test_a_known_name_with_more_words_is_not_taken_for_the_title(name: str, more: str):
    for alias in title(name).aliases:
        assert found(more + alias) is None
