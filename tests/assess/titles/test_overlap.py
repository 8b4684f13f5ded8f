from __future__ import annotations

import datetime as dt

from gaoyuan.assess import edition
from gaoyuan.assess.subjects import assess
from gaoyuan.assess.titles.overlap import counted_twice
from gaoyuan.workspace import Workspace

DAY = dt.date(2026, 6, 30)


def test_firms_that_hold_several_titles_are_told_once_where_a_rule_adds_titles_up(sample_workspace: Workspace):
    cluster = sample_workspace.read("sample_verdict").to_pylist()[0]["cluster_id"]
    told = list(counted_twice(sample_workspace, cluster, edition("cn-sme-cluster.2022"), DAY))
    # The sample's largest firms hold the lesser titles too: 6 + 10 + 8 and 1 + 3 holders.
    assert [finding.zh for finding in told] == [
        "第 2.1 条各类称号合计 4 家次，实为 3 家不同企业",
        "第 2.2 条各类称号合计 24 家次，实为 10 家不同企业",
    ]
    verdict = assess(sample_workspace, "cn-sme-cluster", cluster, as_of=DAY).verdict
    assert set(told) <= set(verdict.findings)


def test_a_rule_that_adds_no_titles_up_says_nothing(sample_workspace: Workspace):
    cluster = sample_workspace.read("sample_verdict").to_pylist()[0]["cluster_id"]
    assert list(counted_twice(sample_workspace, cluster, edition("sd-three-hundreds"), DAY)) == []
