from __future__ import annotations

import math

import pytest

from gaoyuan.assess.statistics.cluster_records import ClusterRecord, Holding, Records, Said
from gaoyuan.assess.statistics.indicator_values import (
    IndicatorValue,
    indicator_value,
    last_digit,
    table_values,
)
from gaoyuan.workspace import Workspace

NAN = math.nan


def cluster(facts=None, register=None) -> ClusterRecord:
    return ClusterRecord("c", "c", "370827", "", facts or {}, register or {})


def records_of(record: ClusterRecord, held=None, titles=(), namesakes=None) -> Records:
    return Records(
        (record,), {"c": frozenset({"e1", "e2", "e3"})}, {}, held or {}, titles, (), namesakes=namesakes or {}
    )


def value(record: ClusterRecord, name: str, digits=None, **of) -> IndicatorValue:
    return indicator_value(record, records_of(record, **of), name, 2025, digits or {})


def test_sources_that_disagree_leave_what_lies_between_them():
    facts = {"area_km2": (Said(120.0, None, "a", "r"), Said(50.0, 2025, "b", "r"))}
    found = value(cluster(facts), "area_km2")
    assert math.isnan(found.value)
    assert (found.low, found.high, found.error) == (50.0, 120.0, "sources")


def test_sources_that_say_nearly_the_same_have_a_value_and_their_spread():
    facts = {"area_km2": (Said(80.0, 2025, "a", "r"), Said(80.5, 2025, "b", "r"))}
    found = value(cluster(facts), "area_km2")
    assert (found.value, found.low, found.high, found.error) == (80.0, 80.0, 80.5, "sources")


def test_a_fact_of_which_nothing_tells_the_error_has_none():
    found = value(cluster({"area_km2": (Said(80.0, 2025, "a", "r"),)}), "area_km2")
    assert (found.value, found.error) == (80.0, None)
    assert math.isnan(found.low)


def test_what_was_rounded_may_be_half_a_unit_of_the_last_digit_away():
    share = cluster({"platform_adoption": (Said(0.998, 2025, "a", "r"),)})
    found = value(share, "platform_adoption", {("platform_adoption", "a"): 0.01})
    assert (found.value, found.error) == (0.998, "rounding")
    # A share cannot be above 1.
    assert (found.low, found.high) == (pytest.approx(0.993), 1.0)
    assert value(share, "platform_adoption", {("platform_adoption", "b"): 0.01}).error is None


def test_two_sources_that_give_the_same_leave_the_finer_rounding():
    facts = {"area_km2": (Said(80.0, 2025, "a", "r"), Said(80.0, 2025, "b", "r"))}
    found = value(cluster(facts), "area_km2", {("area_km2", "a"): 10.0, ("area_km2", "b"): 1.0})
    assert (found.low, found.high, found.error) == (79.5, 80.5, "rounding")


def test_a_sum_that_lacks_members_is_at_least_what_is_known():
    record = cluster(register={"revenue_yuan": Said(3e9, None, "register", "r", False, 5e9)})
    found = value(record, "revenue_yuan")
    assert math.isnan(found.value)
    assert (found.low, found.high, found.error) == (3e9, 5e9, "members")


def test_a_whole_sum_is_exact():
    record = cluster(register={"revenue_yuan": Said(3e9, None, "register", "r")})
    assert value(record, "revenue_yuan").error is None


def test_titles_that_may_hold_and_namesakes_of_lost_rows_may_count():
    held = {
        "e1": {"key_little_giant": Holding(True, "l", "r"), "little_giant": Holding(False, "l", "r")},
        "e2": {"little_giant": Holding(True, "l", "r")},
        "e3": {"little_giant": Holding(False, "l", "r")},
    }
    certain = {name: titles for name, titles in held.items() if name != "e3"}
    found = value(cluster(), "little_giants", held=certain, titles=("little_giant",))
    # A key little giant counts as a little giant once.
    assert (found.value, found.error) == (2.0, None)
    found = value(cluster(), "little_giants", held=held, titles=("little_giant",))
    assert math.isnan(found.value)
    assert (found.low, found.high, found.error) == (2.0, 3.0, "titles")
    named = {"c": {"little_giant": frozenset({"e3"}), "gazelle": frozenset({"e1"})}}
    found = value(cluster(), "little_giants", held=certain, titles=("little_giant",), namesakes=named)
    assert (found.low, found.high, found.error) == (2.0, 3.0, "titles")
    # One firm is one more, for whichever of both reasons.
    found = value(cluster(), "little_giants", held=held, titles=("little_giant",), namesakes=named)
    assert (found.low, found.high) == (2.0, 3.0)


def test_of_a_cluster_without_known_members_nobody_knows_how_many_hold_a_title():
    bare = Records((cluster(),), {}, {}, {}, ("little_giant",), ())
    found = indicator_value(cluster(), bare, "little_giants", 2025, {})
    assert math.isnan(found.value)
    assert found.error is None
    for firms, known in ((4.0, (0.0, 4.0, "members")), (0.0, None)):
        record = cluster(register={"firms": Said(firms, None, "register", "r")})
        found = indicator_value(record, bare, "little_giants", 2025, {})
        assert (found.low, found.high, found.error) == known if known else found.value == 0.0


def test_titles_of_which_no_list_speaks_are_unknown():
    found = value(cluster(), "little_giants", titles=("gazelle",))
    assert math.isnan(found.value)
    assert found.error is None


@pytest.mark.parametrize(
    ("values", "digit"),
    [
        ([0.883, 0.909, 0.9], 0.001),
        ([2.6439e10, 3.0197e10, 4.5e10], 1e6),
        ([5e9, 6e9], None),
        ([5e9, 6e9, 5e9], None),
        ([0.0, 5.0, 5.5], None),
        ([0.1 / 3, 0.2 / 7, 0.5], None),
        ([12.0, 13.0, 14.0], 1.0),
    ],
)
def test_the_last_digit_of_a_source_is_the_finest_that_it_uses(values, digit):
    found = last_digit(values)
    assert found == (None if digit is None else pytest.approx(digit))


def test_a_location_quotient_is_open_as_far_as_single_firms_move_it(sample_workspace: Workspace):
    rows = {row["cluster_id"]: row for row in sample_workspace.read("cluster").to_pylist()}
    found = table_values(sample_workspace, "location_quotient")
    assert found.keys() == rows.keys()
    told = {name: one for name, one in found.items() if rows[name]["location_quotient"]}
    assert told
    for name, one in told.items():
        assert one.error == "chance"
        assert one.low <= one.value == rows[name]["location_quotient"] < one.high
    # More firms tell a quotient better.
    spread = {name: (one.high - one.low) / one.value for name, one in told.items()}
    assert min(spread, key=spread.__getitem__) == max(told, key=lambda name: rows[name]["firms"])
    for name in [name for name, row in rows.items() if row["location_quotient"] is None]:
        assert math.isnan(found[name].value)
        assert found[name].error is None
