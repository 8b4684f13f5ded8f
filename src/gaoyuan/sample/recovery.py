"""How much of the planted truth was found."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis

from gaoyuan.workspace import Workspace

LEAST_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Recovery:
    """Planted clusters, how many of them were found, found clusters that were not planted; and of the firms: how many
    members of clusters were planted (precision), how many planted ones are members (recall), and both in one (F1).
    NaN is unknown: precision where nothing was found, recall where nothing was planted.
    """

    planted: int
    found: int
    not_planted: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where one of them is unknown, NaN where both are."""
        if math.isnan(self.precision) and math.isnan(self.recall):
            return math.nan
        total = self.precision + self.recall
        return 2.0 * self.precision * self.recall / total if total > 0.0 else 0.0

    def __str__(self) -> str:
        return (
            f"植入的集群找回 planted clusters found: {self.found}/{self.planted}; "
            f"另有未植入的 found but not planted: {self.not_planted}\n"
            f"企业 firms: 查准率 precision {_share(self.precision)}, 查全率 recall {_share(self.recall)}, "
            f"F1 {_share(self.f1)}"
        )


def recovery(workspace: Workspace) -> Recovery:
    """Compare the clusters that were found with those that were planted.

    A planted cluster counts as found where one cluster shares at least half of the firms of both together with it
    (Jaccard); planted firms that the import set aside count as not found. A found cluster without one planted firm is
    not planted. Raises StepMissing where the workspace has no sample or nothing was observed.
    """
    truth = workspace.read("sample_truth", ["planted", "uscc"]).to_pandas()
    table = workspace.table("cluster_member")
    planted = ibis.memtable(truth)
    joined = table.left_join(planted, "uscc").select("cluster_id", "planted")
    members = workspace.to_arrow(joined).to_pandas()
    sizes = truth.groupby("planted").size()
    own = members.groupby("cluster_id").size()
    shared = members.dropna().groupby(["planted", "cluster_id"]).size().rename("shared").reset_index()
    both = shared["shared"].to_numpy()
    union = sizes.reindex(shared["planted"]).to_numpy() + own.reindex(shared["cluster_id"]).to_numpy() - both
    found = shared.loc[both >= LEAST_OVERLAP * union, "planted"].nunique()
    planted_members = int(members["planted"].notna().sum())
    return Recovery(
        planted=len(sizes),
        found=int(found),
        not_planted=int(len(own) - shared["cluster_id"].nunique()),
        precision=planted_members / len(members) if len(members) else math.nan,
        recall=planted_members / len(truth) if len(truth) else math.nan,
    )


def _share(value: float) -> str:
    return "未知 unknown" if math.isnan(value) else f"{value:.3f}"
