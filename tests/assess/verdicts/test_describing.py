from __future__ import annotations

import pytest

from gaoyuan.assess import Criterion, editions
from gaoyuan.assess.rules.model import Limit
from gaoyuan.assess.rules.walk import walk
from gaoyuan.assess.verdicts.describing import asked_en, asked_zh

CRITERIA = [
    pytest.param(criterion, id=f"{rule.key}-{criterion.id}") for rule in editions() for criterion in walk(rule.criteria)
]


def of(rule: str, criterion: str) -> Criterion:
    found = next(one for one in editions() if one.key == rule)
    return next(one for one in walk(found.criteria) if one.id == criterion)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_every_criterion_says_what_it_asks_in_both_languages(criterion: Criterion):
    zh, en = asked_zh(criterion), asked_en(criterion)
    assert any("一" <= letter <= "鿿" for letter in zh)
    # Units that a limit names are called by their own names.
    assert isinstance(criterion.rule, Limit) or not any("一" <= letter <= "鿿" for letter in en)
    assert en.strip() == en
    for text in (zh, en):
        assert text
        assert "None" not in text
        assert "nan" not in text.split()


@pytest.mark.parametrize(
    ("rule", "criterion", "zh", "en"),
    [
        ("cn-sme-cluster.2022", "1.3", "占地面积 不超过 100 平方公里", "area <= 100 km²"),
        ("cn-sme-cluster.2022", "1.4", "总产值（近3年每年） 不低于 40 亿元", "output, each year over 3 years >= "),
        ("cn-sme-cluster.2022", "1.5", "不低于 70%", ">= 70"),
        ("cn-sme-cluster.2022", "1.7", "[output_growth_years]", "[output_growth_years]"),
        ("cn-sme-cluster.2022", "5", "[platform_adoption_at_least]", "[platform_adoption_at_least]"),
        ("cn-srdi-sme.2026", "main_share", "主营业务收入 / 营业收入 不低于 80%", "business / operating revenue >= 80"),
        ("cn-srdi-sme.2026", "sme", "）为：中型、小型、微型", "size class one of: medium, small, micro"),
        ("zj-single-champion.2025", "3.1", "（近3年最高） 不低于 4 亿元", ", the highest over 3 years >= "),
        ("cn-srdi-sme.2026", "market", "人工评审", "judged by people"),
    ],
)  # fmt: skip
def test_what_is_asked_is_said_with_its_years_unit_and_settings(rule: str, criterion: str, zh: str, en: str):
    assert zh in asked_zh(of(rule, criterion))
    assert en in asked_en(of(rule, criterion))
