"""The worth of unknown facts, held against what happens when they become known at random."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gaoyuan.assess import edition, judge
from gaoyuan.assess.diagnosis import FactWorth, diagnose
from gaoyuan.assess.logic.states import State

AS_OF = "2025-06-01"
NUMBERS: dict[str, float | str | None] = {"sme_rd_growth_above": 0.1, "platform_adoption_at_least": 0.2}
ALL_GOOD: dict[str, Any] = {
    "counties": 1,
    "negative_events": 0,
    "area_km2": 60,
    "output_yuan": {"series": {"2022": 5.0e9, "2023": 6.0e9, "2024": 7.0e9}},
    "sme_output_share": 0.85,
    "leading_output_share": 0.8,
    "single_champions": 0,
    "little_giants": 2,
    "srdi_smes": 8,
    "innovative_smes": 20,
    "hightech_firms": 15,
    "sme_rd_growth": 0.12,
    "platform_adoption": 0.3,
    **dict.fromkeys(("only_of_its_niche", "pillar_industry", "national_front_rank", "green_level", "opening"), True),
    **{f"sharing_{what}": True for what in ("equipment", "logistics", "warehousing", "labour", "design")},
    **dict.fromkeys(("operating_body", "three_year_plan", "public_service_body"), True),
}


def _worths(dropped: set[str], **changed: Any) -> dict[str, FactWorth]:
    facts = {name: fact for name, fact in {**ALL_GOOD, **changed}.items() if name not in dropped}
    return {one.metric: one for one in diagnose("cn-sme-cluster", facts, AS_OF, settings=NUMBERS).facts}


def test_the_one_fact_that_is_missing_decides() -> None:
    worth = _worths({"sme_output_share"})
    assert worth["sme_output_share"].for_verdict == 1
    assert worth["sme_output_share"].why == "missing"
    assert worth["sme_output_share"].criteria == ("1.5",)


def test_nothing_is_worth_collecting_for_a_verdict_that_has_failed() -> None:
    worth = _worths({"sme_output_share"}, counties=2)
    assert worth["sme_output_share"].for_verdict is None
    assert worth["sme_output_share"].for_criteria == 1
    assert "不必收集" in worth["sme_output_share"].text_zh


def test_a_fact_that_a_branch_makes_needless_is_worth_nothing() -> None:
    worth = _worths({"hightech_firms"})
    assert (worth["hightech_firms"].for_verdict, worth["hightech_firms"].for_criteria) == (None, None)


def test_facts_that_only_fail_together_are_counted() -> None:
    worth = _worths({"little_giants", "srdi_smes", "area_km2"}, innovative_smes=0, hightech_firms=0)
    # Both have to be small for the criterion to fail; one that is large enough settles it.
    assert worth["little_giants"].for_verdict == 2
    assert worth["srdi_smes"].for_verdict == 2
    assert worth["little_giants"].for_criteria == 1


def test_sources_that_disagree_across_the_bound_are_worth_settling() -> None:
    across = [{"value": 0.65, "source": "a"}, {"value": 0.75, "source": "b"}]
    above = [{"value": 0.71, "source": "a"}, {"value": 0.75, "source": "b"}]
    worth = _worths(set(), sme_output_share=across)["sme_output_share"]
    assert (worth.why, worth.for_verdict) == ("disputed", 1)
    assert _worths(set(), sme_output_share=above)["sme_output_share"].for_verdict is None


def test_a_missing_year_is_named() -> None:
    worth = _worths(set(), output_yuan={"series": {"2022": 5e9, "2024": 7e9}})["output_yuan"]
    assert (worth.years, worth.for_verdict) == ((2023,), 1)


def test_the_most_useful_facts_come_first() -> None:
    facts = {
        name: fact for name, fact in ALL_GOOD.items() if name not in ("sme_output_share", "srdi_smes", "little_giants")
    }
    facts |= {"innovative_smes": 0, "hightech_firms": 0}
    found = diagnose("cn-sme-cluster", facts, AS_OF, settings=NUMBERS).facts
    assert found[0].metric == "sme_output_share"
    sizes = [one.for_verdict or 99 for one in found]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("seed", range(12))
def test_facts_said_to_be_worth_nothing_change_nothing(seed: int) -> None:
    random = np.random.default_rng(seed)
    dropped = {name for name in ALL_GOOD if random.random() < 0.4}
    facts = {name: fact for name, fact in ALL_GOOD.items() if name not in dropped}
    if random.random() < 0.5:
        facts["counties"] = 3
    rule = edition("cn-sme-cluster.2022")
    before = judge(rule, facts, AS_OF, settings=NUMBERS)
    useless = [
        one.metric
        for one in diagnose(rule, facts, AS_OF, settings=NUMBERS).facts
        if not one.worth_collecting and not one.years
    ]
    for _ in range(15):
        values = {name: float(random.integers(0, 2)) * random.choice([0.05, 1.0]) for name in useless}
        known = {name: round(value) if value != 0.05 else 0 for name, value in values.items()}
        after = judge(rule, {**facts, **known}, AS_OF, settings=NUMBERS)
        assert after.state is before.state, known


@pytest.mark.parametrize("name", [name for name in ALL_GOOD if name not in ("output_yuan", "area_km2")])
def test_a_fact_that_alone_can_change_the_verdict_does(name: str) -> None:
    worth = _worths({name}).get(name)
    if worth is None or worth.for_verdict != 1:
        return
    facts = {other: fact for other, fact in ALL_GOOD.items() if other != name}
    before = judge("cn-sme-cluster", facts, AS_OF, settings=NUMBERS).state
    states = {judge("cn-sme-cluster", {**facts, name: v}, AS_OF, settings=NUMBERS).state for v in (0, 1)}
    assert before in (State.UNKNOWN, State.MANUAL_REVIEW)
    assert states - {before}
