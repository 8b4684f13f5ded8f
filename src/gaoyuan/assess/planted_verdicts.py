"""Whether the clusters planted in the sample province come out as planted: passing, failing by one, lacking facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gaoyuan.assess.facts.known import known_facts
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.verdicts.judging import judge
from gaoyuan.assess.verdicts.verdict import Verdict
from gaoyuan.errors import NotFound
from gaoyuan.workspace import Workspace

AS_OF = dt.date(2026, 6, 30)
"""The day on which the sample's facts, of 2021 to 2025, are asked."""
OWN_NUMBERS: dict[str, str | float | None] = {"sme_rd_growth_above": 0.1, "platform_adoption_at_least": 0.2}
"""The sample province's own numbers where no public text shows the national ones."""
RULE = "cn-sme-cluster"


@dataclass(frozen=True, slots=True)
class PlantedVerdicts:
    """How many planted clusters there are, how many came out as planted, and how many were to come out how."""

    planted: int
    as_planted: int
    expected: dict[str, int]

    def __str__(self) -> str:
        if not self.planted:
            return f"没有植入集群可对照 {RULE} no planted cluster to judge"
        shown = "，".join(f"{_ZH[name]} {count}" for name, count in self.expected.items())
        return (
            f"对照 {RULE} 的结论与植入一致 verdicts as planted: {self.as_planted}/{self.planted}（{shown} "
            f"{', '.join(f'{name} {count}' for name, count in self.expected.items())}）"
        )


_ZH = {"passes": "全部符合", "fails_by_one": "差一条", "lacks_facts": "缺事实"}


def planted_verdicts(workspace: Workspace) -> PlantedVerdicts:
    """Judge the planted clusters by the national standard and compare with the table `sample_verdict`."""
    truth = workspace.read("sample_verdict").to_pylist()
    right = 0
    expected: dict[str, int] = {}
    for row in truth:
        expected[row["expected"]] = expected.get(row["expected"], 0) + 1
        try:
            facts = known_facts(workspace, row["cluster_id"], AS_OF)
        except NotFound:
            continue
        right += comes_out(judge(RULE, facts, AS_OF, settings=OWN_NUMBERS), row["expected"], row["criterion"])
    return PlantedVerdicts(len(truth), right, dict(sorted(expected.items(), reverse=True)))


def comes_out(verdict: Verdict, expected: str, criterion: str | None) -> bool:
    """Whether a verdict is the expected one: met, unmet by just this criterion, or unknown with this criterion open."""
    unmet = [one.id for one in verdict.with_state(State.UNMET)]
    unknown = [one.id for one in verdict.with_state(State.UNKNOWN)]
    if expected == "passes":
        return verdict.state is State.MET
    if expected == "fails_by_one":
        return unmet == [criterion] and not unknown
    return not unmet and criterion in unknown and verdict.state is State.UNKNOWN
