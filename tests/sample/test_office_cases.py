from __future__ import annotations

import pytest

from gaoyuan.assess import State, judge, metrics, parse_facts
from gaoyuan.sample import plant
from gaoyuan.sample.office_cases import CASES, FIRM_CASES, FirmCase, case_of, firm_facts, office_facts, title_counts
from gaoyuan.sample.places import lay_out

OPEN_IN_THE_REGISTER = {"industry": "1771", "provincial_title_in_force": 0, "innovative_title_in_force": 1}
EXPECTED: dict[FirmCase, tuple[list[str], list[str]]] = {
    "qualifies": ([], []), "one_away": (["rd"], []), "lacks_a_fact": ([], ["score_new"])
}  # fmt: skip


def given(rows: object) -> dict[str, object]:
    """Rows of facts as a mapping."""
    facts: dict[str, object] = {}
    for metric, year, value, unit, source in rows:  # type: ignore[attr-defined]
        if year is None:
            facts[metric] = {"value": value, "unit": unit, "source": source}
        else:
            series = facts.setdefault(metric, {"series": {}, "unit": unit, "source": source})
            series["series"][str(year)] = value  # type: ignore[index]
    return facts


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_facts_of_every_planted_cluster_are_good_ones(seed: int):
    for cluster in plant(lay_out(seed), 100_000, seed):
        facts = parse_facts(given(office_facts(cluster, seed)))
        assert facts.findings == ()
        assert all(metrics()[name].series == bool(facts.of(name)[0].series) for name in facts)


@pytest.mark.parametrize("case", FIRM_CASES)
@pytest.mark.parametrize("revenue", [0.0, 6.0e7, 2.0e9])
def test_a_firm_next_to_a_title_lacks_what_its_case_says_whatever_its_size(case: FirmCase, revenue: float):
    facts = given(firm_facts(revenue, case))
    assert parse_facts(facts).findings == ()
    verdict = judge("cn-srdi-sme.2026", {**facts, **OPEN_IN_THE_REGISTER}, "2026-06-30")
    unmet, unknown = ([one.id for one in verdict.with_state(state)] for state in (State.UNMET, State.UNKNOWN))
    assert (unmet, unknown) == EXPECTED[case]


def test_clusters_take_the_cases_in_turn_and_few_titles_are_for_the_one_that_fails_by_them():
    planted = plant(lay_out(1), 100_000, 1)
    assert [case_of(cluster) for cluster in planted[: len(CASES)]] == list(CASES)
    for cluster in planted:
        champions, giants, *rest = title_counts(cluster)
        enough = champions + giants >= 1 or sum(rest) >= 10
        assert enough != (case_of(cluster).criterion == "2")
