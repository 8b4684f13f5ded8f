"""Rules that follow the schema but could not be judged are refused, with the criterion and how to mend it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gaoyuan.assess import edition, edition_of, judge
from gaoyuan.errors import InputError

WORDS = {"zh": "甲", "en": "a"}
QUANTITY = {"metric": "output_yuan"}


def _rule(*criteria: dict[str, Any], **settings: Any) -> dict[str, Any]:
    data = copy.deepcopy(dict(edition("cn-sme-cluster.2022").data))
    data["criteria"] = [
        {"id": f"c{at}", **WORDS, "article": "1", "status": "official", **one} for at, one in enumerate(criteria)
    ]
    data["settings"] = {
        name: {**WORDS, **(setting if isinstance(setting, dict) else {"default": setting})}
        for name, setting in settings.items()
    }
    return data


def _threshold(**more: Any) -> dict[str, Any]:
    return {"kind": "threshold", "metric": "output_yuan", "op": ">", "value": 0, **more}


def _levels(*least: float, ids: str = "abcdef", **more: Any) -> dict[str, Any]:
    levels = [{"id": name, **WORDS, "least": one} for name, one in zip(ids, least, strict=False)]
    return {"kind": "levels", "metric": "output_yuan", "levels": levels, **more}


def _lattice(rows: int, **more: Any) -> dict[str, Any]:
    return {
        "kind": "lattice", "sector": "size_sector",
        "classes": [{"id": name, **WORDS} for name in "ab"],
        "bounds": {"industry": [{"output_yuan": 10 - at} for at in range(rows)]}, **more,
    }  # fmt: skip


SETTING = {"setting": "s"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_rule(_threshold(take="growth", years=1)), "years: 1"),
        (_rule(_threshold(take="change")), "years: 1"),
        (_rule(_threshold(years=10**9)), "years"),
        (_rule(_threshold(years=SETTING), s=-1), "whole number of years"),
        (_rule(_threshold(years=SETTING), s="50%"), "whole number of years"),
        (_rule(_threshold(years=SETTING), s=1.5), "whole number of years"),
        (_rule(_threshold(years=SETTING), s=None), "whole number of years"),
        (_rule(_threshold(years=SETTING, take="growth"), s={"default": 3, "choices": [1, 3]}), "2 to"),
        (_rule(_threshold(value=SETTING), s="large"), "It is a number"),
        (_rule(_threshold(value=float("nan"))), "nan"),
        (_rule(_threshold(value=float("inf"))), "inf"),
        (_rule(_threshold(metric="industry")), "in words"),
        (_rule(_threshold(over=["industry"])), "in words"),
        (_rule(_levels(1, 2, wanted="z")), "'z'"),
        (_rule(_levels(1, 2, wanted=SETTING), s="z"), "one of the levels: a, b"),
        (_rule(_levels(2, 1)), "do not go up"),
        (_rule(_levels(1, 1)), "do not go up"),
        (_rule(_levels(1, 2, ids="aa")), "same level"),
        (_rule({"kind": "levels", "levels": _levels(1)["levels"]}), "no metric"),
        (_rule(_lattice(2)), "2 rows"),
        (_rule(_lattice(1, among=["z"])), "no class"),
        (_rule(_threshold(id="x"), _threshold(id="x")), "two criteria"),
        (_rule({"kind": "all_of", "id": "y", "criteria": [_threshold(id="y")]}), "two criteria"),
        (_rule({"kind": "any_of", "at_least": 2, "criteria": [_threshold()]}), "can never hold"),
        (_rule({"kind": "checklist", "at_least": 2, "items": ["little_giants"]}), "can never hold"),
        (_rule({"kind": "membership", "metric": "output_yuan", "among": ["a"]}), "kind money"),
        (_rule({"kind": "membership", "metric": "size_class", "among": ["huge"]}), "no option"),
        (_rule({"kind": "score", "value": 1, "score": {"choice": "output_yuan", "points": {"a": 1}}}), "kind money"),
        (
            _rule({"kind": "score", "value": 1, "score": {"best_of": [
                {"parts": [{"id": "p", **WORDS, "given": "little_giants", "most": 5, "floor": 1}]}]}}),
            "floor",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_could_not_be_judged_is_refused_with_its_criterion(data: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as fault:
        edition_of(data, "my.yaml")
    text = str(fault.value)
    assert "my.yaml" in text
    assert said in text
    assert fault.value.mend


def test_the_sound_forms_of_these_rules_are_judged() -> None:
    rule = edition_of(
        _rule(
            _threshold(take="growth", years=SETTING), _levels(1, 2, wanted="b"), _lattice(1, among=["a"]),
            _threshold(value={"setting": "bound"}), s=2, bound=None,
        )
    )  # fmt: skip
    verdict = judge(
        rule, {"output_yuan": {"series": {"2023": 1e9, "2024": 2e9}}, "size_sector": "industry"}, "2025-06-01"
    )
    assert [one.state.value for one in verdict.criteria.values()] == ["met", "met", "met", "unknown"]


@pytest.mark.parametrize("value", [-1, 0, "50%", 2.5, "nan", "1e400", 10**9])
def test_a_chosen_number_of_years_that_cannot_be_is_refused(value: str | float) -> None:
    rule = edition_of(_rule(_threshold(years=SETTING), s=2))
    with pytest.raises(InputError, match="setting s"):
        judge(rule, {}, "2025-06-01", settings={"s": value})


def test_a_chosen_level_that_there_is_not_is_refused() -> None:
    rule = edition_of(_rule(_levels(1, 2, wanted=SETTING), s="a"))
    with pytest.raises(InputError, match="levels: a, b"):
        judge(rule, {}, "2025-06-01", settings={"s": "z"})


def test_criteria_nested_without_end_are_refused() -> None:
    inner = _threshold()
    for _ in range(400):
        inner = {"kind": "all_of", "criteria": [inner]}
    with pytest.raises(InputError, match="deep"):
        edition_of(_rule(inner))
