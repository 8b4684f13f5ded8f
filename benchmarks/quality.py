"""How right Gaoyuan is, on benchmarks whose data may not ship: `python -m benchmarks.quality`.

Industry coding against firms that were coded twice, and themes against recognised clusters: the rank of each cluster's
own county for its theme. Both need the real register beside the checkout, or where GAOYUAN_TEST_DATA names it.
"""

from __future__ import annotations

import csv
import statistics
import sys
import tempfile
from pathlib import Path

import gaoyuan
from benchmarks.registers import real_register
from gaoyuan.observe import observe, theme
from gaoyuan.registry import import_enterprises
from gaoyuan.workspace import Workspace


def coding(workspace: Workspace, firms: list[dict[str, str]]) -> tuple[float, float]:
    """Give the share of firms whose class is among the accepted ones, at four digits and at two."""
    table = workspace.read("enterprise", ["uscc", "industry"])
    derived = dict(zip(table["uscc"].to_pylist(), table["industry"].to_pylist(), strict=True))
    four = two = 0
    for firm in firms:
        code, accepted = derived.get(firm["uscc"]) or "", firm["accepted"].split("|")
        four += code in accepted
        two += bool(code) and code[:2] in {known[:2] for known in accepted}
    return four / len(firms), two / len(firms)


def themes(workspace: Workspace, clusters: list[dict[str, str]], by: str = "evidence") -> tuple[float, float, float]:
    """Give the median rank of the clusters' counties, and the shares in the top 10 and the top 5 %.

    `by` is the column that ranks: `evidence`, or `p_value` for the plain test of firms that match anywhere.
    """
    ranks, counties = [], 1
    for cluster in clusters:
        rows = theme(workspace, cluster["theme"], top=0)
        strength = rows["evidence"] if by == "evidence" else -rows["p_value"]
        own = strength[rows["county"] == cluster["county_code"]]
        ranks.append(int((strength > own.iloc[0]).sum()) + 1 if len(own) else sys.maxsize)
        counties = len(rows)
    return (
        statistics.median(ranks),
        sum(rank <= 10 for rank in ranks) / len(ranks),
        sum(rank <= 0.05 * counties for rank in ranks) / len(ranks),
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def main() -> None:
    """Import and observe the real register, and print both benchmarks."""
    files = real_register()
    if not files:
        sys.exit("The real register is not on this machine.")
    data = files[0].parents[1]
    with tempfile.TemporaryDirectory(prefix="gaoyuan-") as folder:
        workspace = gaoyuan.create(Path(folder) / "workspace")
        import_enterprises(workspace, files)
        observe(workspace)
        four, two = coding(workspace, _rows(data / "registry" / "coding_dev.csv"))
        print(f"industry coding, 200 firms: {four:.3f} at four digits, {two:.3f} at two (to reach: 0.72, 0.86)")
        clusters = _rows(data / "clusters" / "clusters_dev.csv")
        for by, name in (("evidence", "themes"), ("p_value", "the same, plain count of matching firms")):
            median, ten, twentieth = themes(workspace, clusters, by)
            print(
                f"{name}, {len(clusters)} clusters: median rank {median:.0f}, top 10 {ten:.0%}, top 5 % {twentieth:.1%}"
            )


if __name__ == "__main__":
    main()
