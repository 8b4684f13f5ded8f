"""The annual report's sentences in all cases."""

from __future__ import annotations

import pytest

from gaoyuan.report.annual_wording import change_en, over_years_zh, parts_zh, said_zh
from gaoyuan.report.run_notes import Number

A, B = Number(4.0e9), Number(5.0e9)


@pytest.mark.parametrize(
    ("series", "growth", "said"),
    [
        ({}, None, "产值未知：没有任何年份的数据"),
        ({2025: Number(claims=(4e9, 5e9))}, None, "产值未知：各来源不一致"),
        ({2023: A}, None, "只知道 2023 年的产值，为 40 亿元；2025 年未知"),
        ({2024: A, 2025: B}, 0.25, "产值由 2024 年的 40 亿元增至 2025 年的 50 亿元，2025 年比上年增长 25%"),
        ({2024: B, 2025: A}, -0.2, "产值由 2024 年的 50 亿元降至 2025 年的 40 亿元，2025 年比上年下降 20%"),
        ({2024: A, 2025: A}, 0.0, "产值在 2024 年和 2025 年同为 40 亿元，2025 年与上年持平"),
        ({2022: A, 2025: B}, None, "产值由 2022 年的 40 亿元增至 2025 年的 50 亿元；2023–2024 年未知"),
    ],
)
def test_the_way_of_a_series_is_said_in_every_case(series: dict[int, Number], growth: float | None, said: str):
    assert over_years_zh("产值", series, 2025, growth) == said


def test_sources_that_disagree_are_both_said_and_unknown_is_not_zero():
    assert said_zh(Number(claims=(0.5, 0.6)), "share") == "来源不一致（50% / 60%）"
    assert parts_zh(Number(), "money") == ("未知", "")
    assert parts_zh(Number(0.0), "count", "家") == ("0", "家")


def test_changes_are_said_in_english():
    assert [change_en(rate) for rate in (0.1, -0.1, 0.0, None)] == [
        "up 10 % over the year before",
        "down 10 % over the year before",
        "unchanged over the year before",
        "the change over the year before is unknown",
    ]
