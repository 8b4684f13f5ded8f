"""`gaoyuan chain`: what depends on what, what is missing, and what a failure costs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

if TYPE_CHECKING:
    import pyarrow as pa

    from gaoyuan.workspace import Workspace

chain = typer.Typer(
    name="chain",
    rich_markup_mode=None,
    no_args_is_help=True,
    subcommand_metavar="atlas|supply|gaps|reconstruct|risk|shock|sectors|sector-shock ...",
    help="""产业链 The chain of a workspace: atlas, local supply, gaps, shocks.

    \b
    gaoyuan chain WS atlas 电力机车 --out atlas.html
    gaoyuan chain WS gaps --place 370200
    """,
)

Place = Annotated[
    str | None,
    typer.Option("--place", metavar="CODE", help="本地范围：区划代码或集群 what is local: a division or a cluster"),
]
Top = Annotated[int, typer.Option("--top", metavar="N", min=1, help="显示前几名 how many are shown")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", min=0, help="随机种子 the same seed gives the same draws")]
Product = Annotated[str, typer.Argument(metavar="PRODUCT", help="产品名称、别名或代码 name or code")]
IoTableName = Annotated[
    str | None,
    typer.Option("--table", metavar="ID", help="投入产出表 which input-output table, where there are several"),
]


@chain.callback()
def _workspace(context: typer.Context, workspace: WorkspaceFolder) -> None:
    context.obj = workspace


def _opened(context: typer.Context) -> Workspace:
    from gaoyuan import open as open_workspace

    return open_workspace(context.obj)


def _print_rows(
    rows: pa.Table, columns: Sequence[tuple[str, str]], as_json: bool, title: str | None, top: int | None = None
) -> None:
    """Print rows of a table under headings in Chinese with English beside, or all columns of all rows as JSON."""
    from gaoyuan.cli.console import print_json, print_table

    if as_json:
        print_json(rows.to_pylist())
        return
    shown = rows if top is None else rows.slice(0, top)
    cells = [[row[name] for name, _ in columns] for row in shown.to_pylist()]
    print_table([heading for _, heading in columns], cells, title)
    if top is not None and rows.num_rows > top:
        print(f"共 {rows.num_rows:,} 行，显示 {top} 行 {rows.num_rows:,} rows, {top} shown")


@chain.command("atlas")
def atlas(
    context: typer.Context,
    product: Product,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="写入 .html .json .xlsx")],
    place: Place = None,
    profile: Annotated[
        str, typer.Option("--profile", metavar="ID", help="图谱样式：名称或自己的文件 a profile, or your .yaml file")
    ] = "four-maps-six-lists",
    upstream: Annotated[int, typer.Option("--up", min=0, help="上游层数 levels upstream")] = 5,
    downstream: Annotated[int, typer.Option("--down", min=0, help="下游层数 levels downstream")] = 5,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """产业链图谱 The atlas of a product: levels, local firms, the state of every link."""
    from gaoyuan import steps
    from gaoyuan.cli.console import print_json, waiting

    with waiting("atlas", quiet or as_json):
        made = steps.atlas(
            _opened(context), product, out, place, profile=profile, upstream=upstream, downstream=downstream
        )
    if as_json:
        print_json(made)
    elif not quiet:
        print(made)


@chain.command("supply")
def supply(
    context: typer.Context, place: Place = None, top: Top = 20, quiet: Quiet = False, as_json: AsJson = False
) -> None:
    """本地配套率 How much of what local firms need comes from local firms, by product, chain and in all."""
    from gaoyuan import steps
    from gaoyuan.cli.console import waiting

    with waiting("supply", quiet or as_json):
        rates = steps.supply_rates(_opened(context), place)
    _print_rows(
        rates,
        [
            ("scope", "口径 scope"),
            ("scope_name", "对象 name"),
            ("measured_by", "依据 by"),
            ("rate", "本地配套率 rate"),
            ("low", "下限 low"),
            ("high", "上限 high"),
            ("coverage", "覆盖率 coverage"),
        ],
        as_json,
        None if quiet else "本地配套率 local supply rate",
        top,
    )


@chain.command("gaps")
def gaps(
    context: typer.Context,
    product: Annotated[str | None, typer.Argument(metavar="PRODUCT", help="只看此产品的链 of this product")] = None,
    place: Place = None,
    top: Top = 20,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """补链强链 Missing and weak links, ranked by what they carry, with firms to invite and firms to grow."""
    from gaoyuan import steps
    from gaoyuan.cli.console import print_json, waiting

    with waiting("gaps", quiet or as_json):
        found = steps.gaps(_opened(context), place, product)
    if as_json:
        print_json({"gaps": found.gaps.to_pylist(), "candidates": found.candidates.to_pylist()})
        return
    _print_rows(
        found.gaps,
        [
            ("rank", "位次 rank"),
            ("product_name", "环节 link"),
            ("state", "状态 state"),
            ("local_firms", "本地企业 local"),
            ("outside_firms", "外地企业 outside"),
            ("carried_share", "承载份额 carried"),
            ("dominates", "必经投入 dominates"),
            ("feasibility", "可行度 feasibility"),
            ("score", "优先度 score"),
        ],
        False,
        None if quiet else "链条缺口 gaps",
        top,
    )
    if not quiet:
        for gap in found.gaps.slice(0, top).to_pylist():
            print(f"{gap['rank']}. {gap['product_name']}：{gap['reasons_zh']}")
        for note in found.notes:
            print(note)
        folder = context.obj
        print(f"候选企业 firms to invite and to grow: gaoyuan export {folder} gap_candidate candidates.xlsx")


@chain.command("reconstruct")
def reconstruct(
    context: typer.Context,
    table: IoTableName = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="抽样次数 seeded draws")] = 5,
    seed: Seed = 1,
    place: Place = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """估计企业间交易 Estimate who sells to whom from the register and an input-output table; marked as estimates."""
    from gaoyuan import steps
    from gaoyuan.cli.console import print_json, waiting

    with waiting("reconstruct", quiet or as_json):
        made = steps.reconstruct(_opened(context), table, draws=draws, seed=seed, place=place)
    if as_json:
        print_json(made)
    elif not quiet:
        print(made)


@chain.command("risk")
def risk(
    context: typer.Context,
    estimated: Annotated[
        bool, typer.Option("--estimated", help="用估计交易 on the estimated trades, with their spread")
    ] = False,
    top: Top = 20,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """企业系统性风险 What share of the network's output is lost when a firm fails, for every firm."""
    from gaoyuan import steps
    from gaoyuan.cli.console import waiting

    with waiting("risk", quiet or as_json):
        firms = steps.firm_risk(_opened(context), estimated=estimated)
    _print_rows(
        firms,
        [
            ("rank", "位次 rank"),
            ("name", "企业 firm"),
            ("esri", "系统性风险 esri"),
            ("esri_down", "下游 down"),
            ("esri_up", "上游 up"),
            ("low", "下限 low"),
            ("high", "上限 high"),
            ("error_bound", "误差界 bound"),
        ],
        as_json,
        None if quiet else "企业系统性风险 systemic risk of firms",
        top,
    )


@chain.command("shock")
def shock(
    context: typer.Context,
    firms: Annotated[
        list[str] | None,
        typer.Option("--firm", metavar="ID[=SHARE]", help="企业与损失份额 a firm that fails, or loses a share"),
    ] = None,
    park: Annotated[
        str | None, typer.Option("--park", metavar="CLUSTER|CODE", help="整个集群或地区 a whole cluster or division")
    ] = None,
    share: Annotated[float, typer.Option("--share", min=0.0, max=1.0, help="园区损失份额 lost by each of it")] = 1.0,
    estimated: Annotated[bool, typer.Option("--estimated", help="用估计交易 on the estimated trades")] = False,
    top: Top = 20,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """冲击 What the others lose when some firms, or a whole park, stand still."""
    from gaoyuan import steps
    from gaoyuan.cli.console import print_json, waiting

    with waiting("shock", quiet or as_json):
        lost = steps.shock(
            _opened(context), _shares(firms or [], "--firm"), park=park, share=share, estimated=estimated
        )
    if as_json:
        print_json({"esri": lost.esri, "low": lost.low, "high": lost.high, "firms": lost.firms.to_pylist()})
        return
    if not quiet:
        print(lost)
    _print_rows(
        lost.firms,
        [
            ("name", "企业 firm"),
            ("shock", "直接损失 own"),
            ("loss", "总损失 loss"),
            ("low", "下限 low"),
            ("high", "上限 high"),
            ("loss_yuan", "损失（元） loss_yuan"),
        ],
        False,
        None,
        top,
    )


@chain.command("sectors")
def sectors(
    context: typer.Context, table: IoTableName = None, top: Top = 20, quiet: Quiet = False, as_json: AsJson = False
) -> None:
    """部门 The sectors of an input-output table: linkages, position, and what is lost without each."""
    from gaoyuan import steps

    rows = steps.sectors(_opened(context), table)
    _print_rows(
        rows,
        [
            ("code", "代码 code"),
            ("name", "部门 sector"),
            ("backward_linkage", "影响力系数 backward"),
            ("forward_linkage", "推动力系数 forward"),
            ("upstreamness", "上游度 upstreamness"),
            ("downstreamness", "下游度 downstreamness"),
            ("extraction_loss_yuan", "抽取损失 extraction"),
        ],
        as_json,
        None if quiet else "部门指标 indicators of sectors",
        top,
    )


@chain.command("sector-shock")
def sector_shock(
    context: typer.Context,
    losses: Annotated[
        list[str], typer.Option("--lose", metavar="SECTOR=SHARE", help="部门与损失份额 a sector and the share it loses")
    ],
    duration: Annotated[int, typer.Option("--duration", min=0, help="停产天数 days at that loss")] = 30,
    recovery: Annotated[int, typer.Option("--recovery", min=1, help="恢复天数 days of recovery")] = 180,
    days: Annotated[int, typer.Option("--days", min=1, help="模拟天数 days simulated")] = 365,
    table: IoTableName = None,
    top: Top = 20,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """部门冲击 What sectors lose day by day when some lose capacity (ARIO)."""
    from gaoyuan import steps
    from gaoyuan.cli.console import waiting

    with waiting("sector-shock", quiet or as_json):
        rows = steps.sector_shock(
            _opened(context), _shares(losses, "--lose"), table, duration=duration, recovery_days=recovery, days=days
        )
    _print_rows(
        rows,
        [
            ("code", "代码 code"),
            ("name", "部门 sector"),
            ("lost_share", "初始损失 own"),
            ("lost_output_yuan", "产出损失（元） lost_output"),
            ("worst_day_share", "最低日产出 worst_day"),
        ],
        as_json,
        None if quiet else f"部门冲击 {days} 天 sector shock, {days} days",
        top,
    )


def _shares(given: Sequence[str], option: str) -> dict[str, float]:
    """Read NAME=SHARE; a name alone loses all, and one that stands twice the larger share."""
    from gaoyuan.errors import InputError

    shares: dict[str, float] = {}
    for one in given:
        name, parted, text = one.rpartition("=")
        try:
            share = _fraction(text) if parted else 1.0
        except ValueError:
            raise InputError(
                f"{text!r} is no share",
                where=f"{option} {one}",
                mend=f"Write {option} {name or 'NAME'}=0.3 or =30%.",
                zh=f"{text!r} 不是份额",
                mend_zh=f"写作 {option} {name or 'NAME'}=0.3 或 =30%",
            ) from None
        key = name if parted else one
        shares[key] = max(share, shares.get(key, 0.0))
    return shares


def _fraction(text: str) -> float:
    share = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    if not 0.0 <= share <= 1.0:
        raise ValueError(text)
    return share
