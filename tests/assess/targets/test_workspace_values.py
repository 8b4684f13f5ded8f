from __future__ import annotations

import datetime as dt

import pytest

from gaoyuan.assess.logic.states import State
from gaoyuan.assess.targets.forecasting import track_plan
from gaoyuan.assess.targets.plan import Plan
from gaoyuan.assess.targets.plan_reading import plan_of, read_plan
from gaoyuan.assess.targets.workspace_values import workspace_values
from gaoyuan.errors import InputError
from gaoyuan.workspace import Workspace

TODAY = dt.date.today()
"""The workspace is made now: what it counts is known from today on."""


def plan(**workspace: object) -> Plan:
    entry = {"id": "t", "zh": "目标", "kind": "count", "value": 30, "due": 2099, "workspace": workspace}
    return plan_of({"id": "p", "region": "370000", "targets": [entry]}, "here")


def told(workspace: Workspace, asked: Plan, as_of: dt.date = TODAY) -> list[tuple[str, float, float, bool]]:
    found, _ = workspace_values(workspace, asked, as_of)
    return [(one.label, one.least, one.most, one.computed) for one in found["t"]]


def test_facts_of_the_region_are_a_series_and_points_of_the_trend(few_clusters: Workspace):
    found, findings = workspace_values(few_clusters, read_plan("sd-3830"), dt.date(2025, 6, 30))
    assert [(one.label, one.least, one.source) for one in found["provincial"]] == [
        ("2023", 14.0, "统计局"), ("2024", 20.0, "统计局"),
    ]  # fmt: skip
    assert all(one.run and not one.computed for one in found["provincial"])
    assert found["national"] == ()
    assert findings == ()
    progress = track_plan(read_plan("sd-3830"), dt.date(2025, 6, 30), found).targets
    assert (progress["provincial"].state, progress["provincial"].final.pending) == (State.UNMET, True)
    assert progress["national"].state is State.UNKNOWN


def test_facts_of_a_cluster_may_be_named(few_clusters: Workspace):
    asked = plan(fact="output_yuan", subject_kind="cluster", subject="370827-1523")
    assert told(few_clusters, asked) == [("2023", 1.0e10, 1.0e10, False), ("2024", 1.21e10, 1.21e10, False)]


def test_a_fact_without_a_year_is_of_today_and_no_point_of_the_trend(few_clusters: Workspace):
    asked = plan(fact="innovation_platforms", subject_kind="cluster", subject="370827-1523")
    assert told(few_clusters, asked) == [(TODAY.isoformat(), 7.0, 7.0, True)]


def test_figures_of_the_clusters_keep_their_bounds(few_clusters: Workspace):
    today = TODAY.isoformat()
    assert told(few_clusters, plan(figure="clusters", region="370000")) == [(today, 3.0, 3.0, True)]
    assert told(few_clusters, plan(figure="employees", region="370000")) == [(today, 180.0, float("inf"), True)]
    assert told(few_clusters, plan(figure="clusters", clusters=["370830-1811"])) == [(today, 1.0, 1.0, True)]
    assert told(few_clusters, plan(figure="employees_growth")) == []


def test_a_figure_of_facts_of_a_year_is_of_that_year(few_clusters: Workspace):
    asked = plan(figure="output_yuan", region="370000")
    assert told(few_clusters, asked, dt.date(2025, 6, 30)) == [("2024", 1.73e10, 1.73e10, False)]


def test_a_workspace_made_later_tells_nothing_of_the_day(few_clusters: Workspace):
    found, findings = workspace_values(few_clusters, plan(figure="clusters"), dt.date(2020, 6, 30))
    assert found["t"] == ()
    assert [finding.kind for finding in findings] == ["made_later"]


def test_holders_of_titles_are_at_least_so_many_unless_the_lists_are_complete(few_clusters: Workspace):
    day = dt.date(2025, 6, 30)
    one = plan(titles=["little_giant"], region="CN")
    assert told(few_clusters, one, day) == [(day.isoformat(), 2.0, float("inf"), True)]
    both = ["hightech_firm", "little_giant"]
    assert told(few_clusters, plan(titles=both, complete=True, region="CN"), day) == [(day.isoformat(), 2.0, 3.0, True)]
    found, findings = workspace_values(few_clusters, plan(titles="unicorn"), day)
    assert (found["t"], [finding.kind for finding in findings]) == ((), ["no_titles"])


@pytest.mark.parametrize("asked", [{"figure": "colour"}, {"colour": 1}, {"figure": "firms", "titles": ["x"]}])
def test_asking_for_what_there_is_not_is_refused(few_clusters: Workspace, asked: dict[str, object]):
    with pytest.raises(InputError) as fault:
        workspace_values(few_clusters, plan(**asked), TODAY)
    assert fault.value.mend


def test_titles_are_counted_in_the_region_of_the_plan(sample_workspace: Workspace):
    truth = sample_workspace.read("sample_verdict").to_pylist()[0]["cluster_id"]
    county = plan(titles=["little_giant"], region=truth[:6])
    everywhere = plan(titles=["little_giant"], region="370000")
    day = dt.date(2026, 6, 30)
    found = [workspace_values(sample_workspace, asked, day)[0]["t"][0].least for asked in (county, everywhere)]
    assert found[0] <= 3 < found[1]
