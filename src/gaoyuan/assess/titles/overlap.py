"""Firms that count several times: of the holders of titles that a rule adds up, how many different firms they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.title_holders import read_grants
from gaoyuan.assess.facts.title_metrics import COUNT_OF_TITLE
from gaoyuan.assess.rules.model import Edition
from gaoyuan.assess.rules.walk import quantities_of, walk
from gaoyuan.workspace import Workspace


def counted_twice(workspace: Workspace, cluster: str, rule: Edition, as_of: dt.date) -> Iterator[Finding]:
    """Tell of each criterion that adds up titles how many different members of a cluster hold one of them for certain,
    where that is fewer than the sum.
    """
    title_of = {metric: title for title, metric in COUNT_OF_TITLE.items()}
    added = [
        (criterion.id, [title_of[name] for name in quantity.metrics if name in title_of])
        for criterion in walk(rule.criteria)
        for quantity in quantities_of(criterion)
    ]
    asked = [(name, titles) for name, titles in added if len(titles) > 1]
    if not asked or not workspace.has("title") or not workspace.has("cluster_member"):
        return
    members = workspace.table("cluster_member")
    ids = workspace.to_arrow(members.filter(members.cluster_id == cluster))["enterprise_id"].to_numpy()
    grants = read_grants(workspace, as_of)
    for name, titles in asked:
        held = np.array([grants.held(title, ids) for title in titles])
        total, firms = int(held.sum()), int(held.any(axis=0).sum())
        if firms < total:
            yield Finding(
                "counted_twice",
                "",
                f"第 {name} 条各类称号合计 {total} 家次，实为 {firms} 家不同企业",
                f"criterion {name} adds up {total} holders of titles, who are {firms} different firms",
                "如认定时同一企业只计一次，请按不同企业数判断",
                "Where a firm counts once only, judge by the number of different firms",
                used=True,
            )
