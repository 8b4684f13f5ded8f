"""Kinds of criteria on known and open facts, through small rules written as a file would have them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from gaoyuan.assess.facts.assembly import assemble
from gaoyuan.assess.facts.columns import columns_of
from gaoyuan.assess.facts.parsing import parse_facts
from gaoyuan.assess.logic.states import State, states_of
from gaoyuan.assess.rules.model import Quantity, SettingName
from gaoyuan.assess.rules.reading import read_criteria
from gaoyuan.assess.verdicts.evaluating import Circumstances, evaluate, measured, overall, window

DAY = dt.date(2025, 6, 1)
WORDS = {"zh": "甲", "en": "a", "article": "1", "status": "official"}


def _state(criterion: dict[str, Any], facts: dict[str, Any], **settings: str | float | None) -> str:
    columns, _ = assemble(parse_facts(facts), DAY)
    how = Circumstances(DAY, "new", settings)
    return states_of(evaluate(read_criteria([{"id": "1", **WORDS, **criterion}]), columns, how)[0].states)[0].value


def _share(bound: float, **more: Any) -> dict[str, Any]:
    return {"kind": "threshold", "metric": "sme_output_share", "op": ">=", "value": bound, **WORDS, **more}


def _output(*values: float | None) -> dict[str, Any]:
    years = range(2025 - len(values), 2025)
    return {"output_yuan": {"series": {str(year): value for year, value in zip(years, values, strict=True) if value}}}


def _value(take: str, values: tuple[float | None, ...], years: int = 3, **settings: str) -> tuple[float, float]:
    columns, _ = assemble(parse_facts(_output(*values)), DAY)
    how = Circumstances(DAY, "new", settings)
    found = measured(Quantity(("output_yuan",), years=years, take=take), columns, how)  # type: ignore[arg-type]
    return float(found.lo[0]), float(found.hi[0])


def test_a_window_ends_with_the_last_full_year() -> None:
    assert window(Quantity(("output_yuan",), years=3), Circumstances(DAY, "new", {})) == (2022, 2023, 2024)
    named = Quantity(("output_yuan",), years=SettingName("years"))
    assert window(named, Circumstances(DAY, "new", {"years": 2})) == (2023, 2024)


@pytest.mark.parametrize(
    ("take", "expected"),
    [("last", 6.05e9), ("minimum", 4e9), ("maximum", 6.05e9), ("sum", 1.505e10), ("change", 1.05e9)],
)
def test_what_is_taken_of_a_window(take: str, expected: float) -> None:
    assert _value(take, (5e9, 4e9, 6.05e9)) == pytest.approx((expected, expected))


def test_average_growth_is_compound_or_the_mean_of_the_years() -> None:
    assert _value("growth", (5e9, 5e9, 6.05e9))[0] == pytest.approx(0.1)
    assert _value("growth", (5e9, 5e9, 6e9), average_growth="mean_of_yearly")[0] == pytest.approx(0.1)
    assert _value("average", (5e9, 4e9, 6e9))[0] == pytest.approx(5e9)


def test_a_missing_year_leaves_open_what_it_could_decide() -> None:
    assert _value("minimum", (5e9, None, 6e9)) == (-np.inf, 5e9)
    assert _value("last", (5e9, None, 6e9)) == (6e9, 6e9)
    low, high = _value("growth", (5e9, None, 6e9))
    assert (low, high) == (-1.0, np.inf)


def test_a_missing_year_fails_where_a_known_one_fails_already() -> None:
    rule = {"kind": "threshold", "metric": "output_yuan", "years": 3, "take": "minimum", "op": ">=", "value": 4e9}
    assert _state(rule, _output(5e9, None, 6e9)) == "unknown"
    assert _state(rule, _output(3e9, None, 6e9)) == "unmet"
    assert _state(rule, _output(5e9, 4e9, 6e9)) == "met"


def test_a_rule_whose_number_is_not_known_leaves_unknown() -> None:
    assert _state(_share(0.7, value={"setting": "share"}), {"sme_output_share": 0.9}, share=None) == "unknown"
    assert _state(_share(0.7, value={"setting": "share"}), {"sme_output_share": 0.9}, share=0.9) == "met"
    assert _state({**_share(0.7), "value": None}, {"sme_output_share": 0.9}) == "unknown"


def test_titles_add_up() -> None:
    rule = {"kind": "count", "titles": ["single_champions", "little_giants"], "op": ">=", "value": 2}
    assert _state(rule, {"single_champions": 1, "little_giants": 1}) == "met"
    assert _state(rule, {"single_champions": 1}) == "unknown"
    assert _state(rule, {"single_champions": 2}) == "met"
    assert _state(rule, {"single_champions": 1, "little_giants": 0}) == "unmet"


def test_a_share_of_two_metrics_is_unknown_where_the_divisor_may_be_zero() -> None:
    rule = {"kind": "threshold", "metric": "srdi_smes", "over": "firms", "op": ">=", "value": 0.1}
    assert _state(rule, {"srdi_smes": 10, "firms": 100}) == "met"
    assert _state(rule, {"srdi_smes": 9, "firms": 100}) == "unmet"
    assert _state(rule, {"srdi_smes": 9, "firms": 0}) == "unknown"
    assert _state(rule, {"srdi_smes": 9}) == "unknown"


def test_the_first_case_that_holds_decides() -> None:
    west = {"kind": "threshold", "metric": "opening", "op": ">=", "value": 1}
    rule = {"kind": "cases", "cases": [{"when": west, "then": _share(0.5)}], "otherwise": _share(0.7)}
    assert _state(rule, {"opening": True, "sme_output_share": 0.6}) == "met"
    assert _state(rule, {"opening": False, "sme_output_share": 0.6}) == "unmet"
    assert _state(rule, {"sme_output_share": 0.6}) == "unknown"
    assert _state(rule, {"sme_output_share": 0.8}) == "met"
    assert _state(rule, {"sme_output_share": 0.4}) == "unmet"
    alone = {"kind": "cases", "cases": [{"when": west, "then": _share(0.5)}]}
    assert _state(alone, {"opening": False}) == "not_applicable"
    assert _state(alone, {"sme_output_share": 0.6}) == "unknown"


def test_levels_are_reached_at_their_least() -> None:
    levels = [{"id": str(n), "zh": "级", "en": "level", "least": least} for n, least in ((1, 10), (2, 20), (3, 30))]
    rule = {"kind": "levels", "metric": "srdi_smes", "levels": levels, "wanted": "2"}
    assert [_state(rule, {"srdi_smes": n}) for n in (9, 19, 20, 31)] == ["unmet", "unmet", "met", "met"]
    assert _state(rule, {}) == "unknown"
    columns = columns_of({"srdi_smes": [5.0, 10.0, 29.0, 30.0, np.nan]}, 2024)
    outcome = evaluate(read_criteria([{"id": "1", **WORDS, **rule}]), columns, Circumstances(DAY, "new", {}))[0]
    assert outcome.level is not None
    assert outcome.level.tolist() == [-1, 0, 1, 2, -1]


def test_a_limit_has_exceptions_by_name() -> None:
    rule = {
        "kind": "limit", "metric": "firms", "at_most": 2, "named_by": "industry",
        "exceptions": [{"names": ["31", "32"], "at_most": 3}],
    }  # fmt: skip
    assert _state(rule, {"firms": 3, "industry": "31"}) == "met"
    assert _state(rule, {"firms": 3, "industry": "17"}) == "unmet"
    assert _state(rule, {"firms": 3}) == "unknown"
    assert _state(rule, {"firms": 2}) == "met"
    assert _state(rule, {"firms": 4}) == "unmet"


def test_a_membership_is_known_once_the_word_is() -> None:
    rule = {"kind": "membership", "metric": "industry", "among": ["17", "18"]}
    assert [_state(rule, facts) for facts in ({"industry": "17"}, {"industry": "19"}, {})] == [
        "met",
        "unmet",
        "unknown",
    ]


def test_what_people_judge_is_left_to_them_until_it_is_recorded() -> None:
    manual = {"kind": "manual", "metric": "opening"}
    assert [_state(manual, f) for f in ({}, {"opening": True}, {"opening": False})] == ["manual_review", "met", "unmet"]
    assert _state({"kind": "manual"}, {}) == "manual_review"
    checklist = {"kind": "checklist", "items": ["opening", "green_level"], "at_least": 1}
    assert _state(checklist, {"opening": True}) == "met"
    assert _state(checklist, {"opening": False}) == "manual_review"
    assert _state(checklist, {"opening": False, "green_level": False}) == "unmet"


def test_a_score_needs_its_line_and_every_floor() -> None:
    part = {"id": "a", "zh": "甲", "en": "a", "metric": "srdi_smes", "every": 1, "points": 1, "cap": 10, "floor": 3}
    other = {"id": "b", "zh": "乙", "en": "b", "metric": "firms", "every": 1, "points": 1, "cap": 10}
    rule = {"kind": "score", "score": {"parts": [part, other]}, "value": 8}
    assert _state(rule, {"srdi_smes": 3, "firms": 5}) == "met"
    assert _state(rule, {"srdi_smes": 2, "firms": 10}) == "unmet"
    assert _state(rule, {"srdi_smes": 3, "firms": 4}) == "unmet"
    assert _state(rule, {"srdi_smes": 8}) == "met"
    assert _state(rule, {"firms": 10}) == "unknown"


def test_a_criterion_for_other_applications_does_not_apply() -> None:
    assert _state(_share(0.7, application=["renewal"]), {"sme_output_share": 0.5}) == "not_applicable"


def test_a_soft_criterion_that_is_not_met_makes_the_whole_a_judgement() -> None:
    criteria = read_criteria([{"id": "1", **_share(0.7, hard=False)}, {"id": "2", **_share(0.5)}])
    columns = columns_of({"sme_output_share": [0.6, 0.4, 0.8]}, 2024)
    states = states_of(overall(evaluate(criteria, columns, Circumstances(DAY, "new", {}))))
    assert states == [State.MANUAL_REVIEW, State.UNMET, State.MET]


def test_a_class_is_the_highest_whose_bounds_all_hold() -> None:
    classes = [{"id": name, "zh": name, "en": name} for name in ("large", "medium", "small")]
    bounds = {"x": [{"employees": 1000, "revenue_yuan": 4e8}, {"employees": 300, "revenue_yuan": 2e7}]}
    rule = {
        "kind": "lattice",
        "sector": "size_sector",
        "classes": classes,
        "bounds": bounds,
        "among": ["small", "medium"],
    }
    criterion = read_criteria([{"id": "1", **WORDS, **rule}])
    columns = columns_of(
        {
            "size_sector": ["x"] * 6,
            "employees": [1000, 999, 5000, 299, 2000, np.nan],
            "revenue_yuan": [4e8, 9e9, 3e7, 9e9, np.nan, 1e7],
        },
        2024,
    )
    outcome = evaluate(criterion, columns, Circumstances(DAY, "new", {}))[0]
    assert outcome.level is not None
    assert outcome.level.tolist() == [0, 1, 1, 2, -1, 2]
    assert [state.value for state in states_of(outcome.states)] == ["unmet", "met", "met", "met", "unknown", "met"]


def test_values_that_come_back_to_where_they_were_have_not_grown() -> None:
    up_and_down = _value("growth", (1.0e10, 1.1e10, 9.9e9), average_growth="mean_of_yearly")
    assert up_and_down == (0.0, 0.0)
    growth = {"kind": "threshold", "metric": "output_yuan", "take": "growth", "years": 3, "op": ">", "value": 0}
    assert _state(growth, _output(1.0e10, 1.1e10, 9.9e9), average_growth="mean_of_yearly") == "unmet"
    assert _state(growth, _output(1.0e10, 1.1e10, 9.9001e9), average_growth="mean_of_yearly") == "met"


@pytest.mark.parametrize(
    ("facts", "state", "level"),
    [
        ({"innovation_platforms": 80, "little_giants": 5}, "met", 1),
        ({"innovation_platforms": 80, "little_giants": 4}, "unmet", -1),
        ({"innovation_platforms": 80}, "unknown", -1),
        ({"innovation_platforms": 3, "little_giants": 5}, "unmet", -1),
    ],
)
def test_no_level_is_reached_where_a_floor_is_missed(facts: dict[str, Any], state: str, level: int) -> None:
    parts = [
        {"id": "a", "zh": "甲", "en": "a", "given": "innovation_platforms", "most": 90},
        {"id": "b", "zh": "乙", "en": "b", "given": "little_giants", "most": 10, "floor": 5},
    ]
    levels = [{"id": str(at), "zh": "级", "en": "level", "least": least} for at, least in enumerate((10, 80))]
    rule = {"kind": "levels", "score": {"parts": parts}, "levels": levels}
    columns, _ = assemble(parse_facts(facts), DAY)
    (outcome,) = evaluate(read_criteria([{"id": "1", **WORDS, **rule}]), columns, Circumstances(DAY, "new", {}))
    assert outcome.level is not None
    assert (states_of(outcome.states)[0].value, int(outcome.level[0])) == (state, level)
