"""`gaoyuan rank`: the clusters of a workspace by indicators that the user chooses."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder
from gaoyuan.cli.rule_options import AsOf
from gaoyuan.cli.verbs.statistics import Batch, ListFile, Region, Theme


class MethodOf(StrEnum):
    """How indicators become one score."""

    weighted_sum = "weighted-sum"
    topsis = "topsis"
    vikor = "vikor"
    promethee_ii = "promethee-ii"


By = Annotated[
    list[str],
    typer.Option(
        "--by",
        metavar="NAME[:cost][:WEIGHT]",
        help="指标，可多次 an indicator, again for more: firms, area_km2:cost:0.2",
    ),
]
Weights = Annotated[
    str | None,
    typer.Option("--weights", metavar="RULE", help="权重 equal, entropy, critic, or a .yaml file of AHP comparisons"),
]
MethodOption = Annotated[MethodOf, typer.Option("--method", help="方法 the method")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="随机种子 seed of the stability's samples")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写入文件 .json .xlsx")]


def rank(
    workspace: WorkspaceFolder,
    by: By,
    weights: Weights = None,
    method: MethodOption = MethodOf.weighted_sum,
    region: Region = None,
    batch: Batch = None,
    theme: Theme = None,
    list_file: ListFile = None,
    as_of: AsOf = None,
    seed: Seed = 0,
    out: Out = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """集群排名 Rank clusters by chosen indicators, with how stable each rank is; what cannot be told apart is a tie."""
    import sys

    from gaoyuan.cli.console import print_json, print_table, waiting

    with waiting("rank", quiet or as_json):
        from gaoyuan import open as open_workspace
        from gaoyuan.assess.result_files import write_result
        from gaoyuan.assess.statistics.cluster_lists import read_cluster_list
        from gaoyuan.assess.statistics.cluster_records import Selection
        from gaoyuan.assess.statistics.ranking import HEADINGS, rank_clusters

        listed = read_cluster_list(list_file) if list_file is not None else ()
        ranked = rank_clusters(
            open_workspace(workspace),
            by,
            Selection.of(region, batch, theme, listed),
            weights=weights,
            method=method.value.replace("-", " "),
            as_of=as_of,
            seed=seed,
        )
        if out is not None:
            write_result(out, ranked.as_data(), ranked.sheets())
    if as_json:
        print_json(ranked.as_data())
    elif out is None:
        title = None if quiet else f"{method.value}，权重 weights: {ranked.ranking.weights.origin}"
        print_table(list(HEADINGS), ranked.rows(), title)
    elif not quiet:
        print(out)
    if not quiet and not as_json:
        zh, en = ranked.tie_rule
        print(f"{zh}。 {en}.", file=sys.stderr)
        for finding in ranked.findings:
            print(f"! {finding}", file=sys.stderr)
