from __future__ import annotations

import pytest

from gaoyuan.assess.facts.known import _MAY_BE, _MAY_LAST
from gaoyuan.assess.facts.source_words import source_en, source_zh

LISTS = "称号名单 titles: 2024.xlsx、b.csv"
LOST = "（2 家未在登记数据中找到 not found）"

GIVEN = "县统计局 register titles: （1 家未在登记数据中找到 not found）"


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        ("登记数据 register", "登记数据", "register"),
        (LISTS, "称号名单：2024.xlsx、b.csv", "titles: 2024.xlsx、b.csv"),
        (
            LISTS + LOST,
            "称号名单：2024.xlsx、b.csv（2 家未在登记数据中找到）",
            "titles: 2024.xlsx、b.csv (of its firms, 2 not found in the register)",
        ),
        (
            LISTS + _MAY_LAST + _MAY_BE,
            "称号名单：2024.xlsx、b.csv（含有效期未知）（含同名企业）",
            "titles: 2024.xlsx、b.csv (with periods unknown) (with firms of the same name)",
        ),
        (GIVEN, GIVEN, GIVEN),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_source_is_named_in_each_language_and_what_others_wrote_stays(source: str, zh: str, en: str):
    assert (source_zh(source), source_en(source)) == (zh, en)
