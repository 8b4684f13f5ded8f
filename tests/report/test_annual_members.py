"""The firms of a cluster as the annual report reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from gaoyuan.report.annual_facts import AnnualFacts
from gaoyuan.report.annual_members import Members, _titled_firm, read_members
from gaoyuan.workspace import Workspace


@pytest.fixture
def members(sample_annual: Callable[[str], AnnualFacts]) -> Members:
    return sample_annual("passes").members


def test_every_member_is_counted_once_in_each_account(members: Members):
    assert members.count == sum(members.founded.values()) + members.founded_unknown
    assert members.count == sum(count for _, _, count in members.industries)
    assert members.count == sum(members.counties.values())
    assert 0 < members.sized < members.count
    assert 0 < members.revenue_firms < members.count


def test_a_sum_with_parts_unknown_is_a_lower_bound(members: Members):
    assert members.revenue.value is not None
    assert not members.revenue.whole
    assert members.largest[0].revenue_yuan == max(firm.revenue_yuan or 0 for firm in members.largest)


def test_titles_hold_on_the_day_or_have_ended(sample_workspace: Workspace, sample_annual: Callable[[str], AnnualFacts]):
    cluster = sample_annual("passes").cluster.id
    now = read_members(sample_workspace, cluster, dt.date(2026, 6, 30))
    later = read_members(sample_workspace, cluster, dt.date(2040, 1, 1))
    assert now.titles is not None
    assert later.titles is not None
    held = {count.title: count.holders for count in now.titles}
    assert held["little_giant"] > 0
    assert {count.title: count.ended for count in later.titles} == held
    assert later.holders == 0
    assert now.holders == sum(any(grant.holds for grant in firm.grants) for firm in now.titled) > 0


def test_titles_before_any_were_granted_are_not_counted(
    sample_workspace: Workspace, sample_annual: Callable[[str], AnnualFacts]
):
    earlier = read_members(sample_workspace, sample_annual("passes").cluster.id, dt.date(2001, 1, 1))
    assert earlier.holders == 0


def test_without_lists_titles_are_unknown_and_not_zero(uneven_workspace: Workspace):
    cluster = str(uneven_workspace.read("cluster")["cluster_id"][0].as_py())
    members = read_members(uneven_workspace, cluster, dt.date(2020, 6, 30))
    assert members.count > 0
    assert members.titles is None


def test_a_cluster_without_members_gives_none(sample_workspace: Workspace):
    assert read_members(sample_workspace, "000000-0000", dt.date(2025, 6, 30)).count == 0


def test_of_several_grants_one_without_an_end_leaves_open_what_an_ended_one_does_not():
    def row(at: int, granted: dt.date, valid_to: dt.date | None) -> dict[str, object]:
        dates = {"granted": granted, "granted_precision": "day", "valid_to": valid_to, "valid_by": "list"}
        return {"row": at, "title": "little_giant", "name": "甲", "level": "", "source": "l", "run": "r"} | dates

    ended, lasting = row(1, dt.date(2019, 7, 1), dt.date(2022, 6, 30)), row(2, dt.date(2023, 7, 1), None)
    day = dt.date(2025, 6, 30)
    assert [grant.holds for grant in _titled_firm("e", [ended, lasting], day).grants] == [None]
    holding = row(3, dt.date(2024, 7, 1), dt.date(2027, 6, 30))
    assert [grant.holds for grant in _titled_firm("e", [lasting, holding, ended], day).grants] == [True]
    assert [grant.holds for grant in _titled_firm("e", [ended], day).grants] == [False]
