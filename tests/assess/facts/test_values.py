"""Reading one value: units, per cents, options, and why a value is refused."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.values import Refused, read_value

CHOICE = Metric("grade", "cluster", "choice", "等级", "grade", options={"a": ("甲", "first"), "b": ("乙", "second")})
SEVERAL = Metric("kinds", "cluster", "several", "种类", "kinds", options=CHOICE.options)


@pytest.mark.parametrize(
    ("name", "given", "unit", "read"),
    [
        ("output_yuan", "45亿元", "", 4.5e9),
        ("output_yuan", "4,500,000 万元", "", 4.5e10),
        ("output_yuan", 45, "亿元", 4.5e9),
        ("output_yuan", "1.2万亿", "", 1.2e12),
        ("area_km2", "8000公顷", "", 80.0),
        ("area_km2", "1500亩", "", 1.0),
        ("area_km2", 80, "km²", 80.0),
        ("sme_output_share", "72%", "", 0.72),
        ("sme_output_share", "72％", "", 0.72),
        ("sme_output_share", 72, "%", 0.72),
        ("sme_output_share", 1, "", 1.0),
        ("sme_rd_growth", "-3%", "", -0.03),
        ("little_giants", "3家", "", 3.0),
        ("opening", "是", "", 1.0),
        ("opening", "否", "", 0.0),
        ("opening", True, "", 1.0),
        ("opening", 0, "", 0.0),
    ],
)
def test_a_value_is_read_in_our_units(name: str, given: object, unit: str, read: float) -> None:
    assert read_value(metrics()[name], given, unit) == read


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_nothing_is_unknown_and_no_fault(nothing: object) -> None:
    assert read_value(metrics()["area_km2"], nothing) is None


@pytest.mark.parametrize(
    ("name", "given", "kind"),
    [
        ("sme_output_share", 72, "percent_for_fraction"),
        ("sme_output_share", "720%", "percent_for_fraction"),
        ("sme_output_share", 101, "out_of_range"),
        ("sme_rd_growth", 12, "percent_for_fraction"),
        ("little_giants", -1, "negative"),
        ("little_giants", 2.5, "not_whole"),
        ("sme_output_share", -0.1, "negative"),
        ("sme_rd_growth", -1.5, "out_of_range"),
        ("output_yuan", 45.0, "wrong_unit"),
        ("area_km2", 80e6, "wrong_unit"),
        ("area_km2", "80 parsecs", "wrong_unit"),
        ("area_km2", "large", "not_a_number"),
        ("area_km2", float("nan"), "not_a_number"),
        ("area_km2", np.float64("nan"), "not_a_number"),
        ("area_km2", "NaN", "not_a_number"),
        ("opening", float("nan"), "not_a_number"),
        ("industry", float("nan"), "not_a_number"),
        ("area_km2", [1], "not_a_number"),
        ("area_km2", True, "not_a_number"),
        ("area_km2", float("inf"), "not_a_number"),
        ("opening", "perhaps", "not_an_option"),
        ("opening", 2, "not_an_option"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_kind_and_a_mend(name: str, given: object, kind: str) -> None:
    refused = read_value(metrics()[name], given)
    assert isinstance(refused, Refused)
    assert refused.kind == kind
    assert refused.zh
    assert refused.en
    assert refused.mend_zh
    assert refused.mend_en


def test_zero_is_plausible_where_it_is_possible() -> None:
    assert read_value(metrics()["output_yuan"], 0) == 0.0


@pytest.mark.parametrize("given", ["a", "甲", "First "])
def test_an_option_is_known_by_its_id_or_its_words(given: str) -> None:
    assert read_value(CHOICE, given) == "a"


def test_an_option_that_there_is_not_is_refused_with_those_there_are() -> None:
    refused = read_value(CHOICE, "丙")
    assert isinstance(refused, Refused)
    assert "甲 a" in refused.mend_zh


@pytest.mark.parametrize("given", ["乙、甲", ["a", "second"], "a|b", "甲，乙"])
def test_several_options_are_a_list_or_a_text_with_marks_between(given: object) -> None:
    assert read_value(SEVERAL, given) == ("a", "b")


def test_one_wrong_option_among_several_refuses_them() -> None:
    assert isinstance(read_value(SEVERAL, ["a", "c"]), Refused)
