"""The verbs as functions; each is tried in depth where it lives."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan import steps
from gaoyuan.assess import State
from gaoyuan.workspace import Workspace

DAY = "2026-06-30"


def test_a_cluster_is_assessed_from_the_workspace_and_from_its_form(sample_workspace: Workspace, tmp_path: Path):
    numbers = {"sme_rd_growth_above": 0.1, "platform_adoption_at_least": "20%"}
    done = steps.assess(sample_workspace, "cn-sme-cluster", "370211-1522", as_of=DAY, settings=numbers)
    assert done.verdict.state is State.MET
    form = steps.facts(sample_workspace, "370211-1522", str(tmp_path / "表.xlsx"), as_of=DAY)
    assert (form.filled, form.empty) == (28, 0)
    again = steps.assess(sample_workspace, "cn-sme-cluster", facts=str(form.file), as_of=DAY, settings=numbers)
    assert again.verdict.state is State.MET
    assert {name: one.value for name, one in again.verdict.criteria.items()} == pytest.approx(
        {name: one.value for name, one in done.verdict.criteria.items()}
    )


def test_all_firms_are_judged(own_sample: Workspace):
    result = steps.titles(own_sample, as_of=DAY)
    assert result.firms == own_sample.read("enterprise").num_rows
    assert own_sample.has("title_standing")
