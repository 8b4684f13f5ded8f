"""Everything that `observe` does, in order: code and locate, measure, detect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gaoyuan.observe.clusters import DetectionSettings
from gaoyuan.observe.detecting import ClusterCounts, write_clusters
from gaoyuan.observe.measuring import CoverageCounts, write_measures
from gaoyuan.registry.enterprises import EnterpriseCounts, write_enterprises
from gaoyuan.workspace import Json, Workspace

Progress = Callable[[str, int], None]
"""Called with the name of the part that runs and the firms done in it."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What was found, and how long each part took in seconds."""

    run: str
    enterprises: EnterpriseCounts
    coverage: CoverageCounts
    clusters: ClusterCounts
    seconds: dict[str, float]

    def __str__(self) -> str:
        firms, found = self.enterprises, self.clusters
        return "\n".join(
            [
                f"企业 firms: {firms.firms:,}",
                f"行业依据 industry by: {_counted(firms.industry_by)}",
                f"定位依据 located by: {_counted(firms.located_by)}",
                _covered(self.coverage),
                f"集群 clusters: {found.on_cells + found.on_counties:,} (按坐标 on cells {found.on_cells:,}, "
                f"按县区 on counties {found.on_counties:,}), 成员企业 member firms {found.members:,}",
                f"已认定集群 recognised clusters found: {found.recognised_found} / {found.recognised} "
                "(登记数据所及省份 in the provinces of the register)",
                "用时 seconds: " + ", ".join(f"{part} {spent:.1f}" for part, spent in self.seconds.items()),
            ]
        )


def _covered(coverage: CoverageCounts) -> str:
    if coverage.least_share is None:
        why = "少于三个省，或没有成立日期 fewer than three provinces, or no dates of founding"
        return f"覆盖情况 coverage: 未知 unknown ({why})"
    said = (
        f"覆盖情况 coverage: {coverage.holes:,} / {coverage.province_years:,} 个省份年份有缺口 "
        f"province-years with holes, 最低覆盖率 least {coverage.least_share:.0%}"
    )
    return f"{said}; 各省数量不可比 counts between provinces cannot be compared" if coverage.holes else said


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def observe(
    workspace: Workspace, settings: DetectionSettings = DetectionSettings(), progress: Progress | None = None
) -> Observed:
    """Code, locate, measure and detect on the whole register; writes every table but the imported ones.

    Raises StepMissing where nothing has been imported, WorkspaceBusy while another process writes.
    """

    def tell(part: str) -> Callable[[int], None]:
        if progress is not None:
            progress(part, 0)
        return lambda done: progress(part, done) if progress is not None else None

    parameters: dict[str, Json] = {
        name: getattr(settings, name)
        for name in (
            "false_discovery_rate",
            "fewest_firms",
            "least_quotient",
            "radius_km",
            "join_gap",
            "least_excess_share",
        )
    }
    parameters["other_radii_km"] = list(settings.other_radii_km)
    with workspace.run("observe", parameters, reads=["register"]) as run:
        enterprises = write_enterprises(workspace, run, tell("code and locate"))
        tell("measure")
        covered = write_measures(workspace, run)
        tell("detect")
        clusters = write_clusters(workspace, run, settings)
    return Observed(run.id, enterprises, covered, clusters, dict(run.timings))
