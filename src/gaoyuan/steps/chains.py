"""The verbs of the chain as functions: imports, atlas, local supply, gaps, shocks, sourcing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from gaoyuan.registry import load_mapping
from gaoyuan.registry.chain_files import LIST_KINDS, ImportedRows, import_list
from gaoyuan.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

    from gaoyuan.chain.gaps import Gaps
    from gaoyuan.chain.planted_chain import PlantedChain
    from gaoyuan.chain.reconstruction import Reconstructed
    from gaoyuan.chain.risk import ShockResult
    from gaoyuan.chain.sourcing import Goal
    from gaoyuan.chain.sourcing.sourced_bill import SourcedBill
    from gaoyuan.registry.chain_files.io_tables import ImportedIoTable
    from gaoyuan.report.atlas_files import WrittenAtlas
    from gaoyuan.sample.chain_files import ChainFiles

_FINAL_PRODUCT = "电力机车"
"""What the sample's chain is for: the locomotive."""

PathOf: TypeAlias = "str | PathLike[str]"


def import_products(
    workspace: Workspace, files: Sequence[PathOf], columns: PathOf | None = None, *, dry_run: bool = False
) -> list[ImportedRows]:
    """Import products. See `gaoyuan.registry.chain_files`."""
    return _import("products", workspace, files, columns, dry_run)


def import_uses(
    workspace: Workspace, files: Sequence[PathOf], columns: PathOf | None = None, *, dry_run: bool = False
) -> list[ImportedRows]:
    """Import which product needs which. See `gaoyuan.registry.chain_files`."""
    return _import("uses", workspace, files, columns, dry_run)


def import_makes(
    workspace: Workspace, files: Sequence[PathOf], columns: PathOf | None = None, *, dry_run: bool = False
) -> list[ImportedRows]:
    """Import which firm makes which product. See `gaoyuan.registry.chain_files`."""
    return _import("makes", workspace, files, columns, dry_run)


def import_trades(
    workspace: Workspace, files: Sequence[PathOf], columns: PathOf | None = None, *, dry_run: bool = False
) -> list[ImportedRows]:
    """Import who sold what to whom. See `gaoyuan.registry.chain_files`."""
    return _import("trades", workspace, files, columns, dry_run)


def import_io_table(
    workspace: Workspace,
    files: Sequence[PathOf],
    table: str | None = None,
    unit: str | None = None,
    *,
    dry_run: bool = False,
) -> list[ImportedIoTable]:
    """Import input-output tables. See `gaoyuan.registry.chain_files.io_tables`."""
    from gaoyuan.registry.chain_files.io_tables import import_io_table as bring

    return bring(workspace, [Path(file) for file in files], table, unit, dry_run)


def atlas(
    workspace: Workspace,
    product: str,
    out: PathOf,
    place: str | None = None,
    *,
    profile: str = "four-maps-six-lists",
    upstream: int = 5,
    downstream: int = 5,
    as_of: dt.date | None = None,
) -> WrittenAtlas:
    """Write the atlas of a product as .html, .json or .xlsx. See `gaoyuan.chain.atlas`."""
    from gaoyuan.chain.atlas import atlas as query
    from gaoyuan.chain.atlas import atlas_index
    from gaoyuan.chain.atlas.profiles import profile as read_profile
    from gaoyuan.chain.known_chain import read_chain
    from gaoyuan.report.atlas_files import check_atlas_path, write_atlas

    check_atlas_path(Path(out))
    style = read_profile(profile)
    chain = read_chain(workspace, place, as_of)
    found = query(atlas_index(chain, style.states), product, upstream=upstream, downstream=downstream)
    return write_atlas(found, style, Path(out), workspace=workspace, locality=chain.locality)


def supply_rates(workspace: Workspace, place: str | None = None) -> pa.Table:
    """Measure the local supply rate by product, chain and in all. See `gaoyuan.chain.local_supply`."""
    from gaoyuan.chain.local_supply import supply_rates as measure

    return measure(workspace, place)


def gaps(workspace: Workspace, place: str | None = None, product: str | None = None) -> Gaps:
    """Rank missing and weak links, with firms to invite and to grow. See `gaoyuan.chain.gaps`."""
    from gaoyuan.chain.gaps import gaps as find

    return find(workspace, place, product)


def reconstruct(
    workspace: Workspace, table: str | None = None, *, draws: int = 5, seed: int = 1, place: str | None = None
) -> Reconstructed:
    """Estimate who sells to whom. See `gaoyuan.chain.reconstruction`."""
    from gaoyuan.chain.reconstruction import reconstruct as estimate

    return estimate(workspace, table, draws=draws, seed=seed, place=place)


def firm_risk(workspace: Workspace, *, estimated: bool = False) -> pa.Table:
    """Give what share of the network's output is lost when each firm fails. See `gaoyuan.chain.risk`."""
    from gaoyuan.chain.risk import firm_risk as measure

    return measure(workspace, estimated=estimated)


def shock(
    workspace: Workspace,
    firms: Mapping[str, float],
    *,
    park: str | None = None,
    share: float = 1.0,
    estimated: bool = False,
) -> ShockResult:
    """Give what firms lose when some, or a whole park, lose a share of their output. See `gaoyuan.chain.risk`."""
    from gaoyuan.chain.risk import shock as simulate

    return simulate(workspace, firms, park=park, share=share, estimated=estimated)


def sectors(workspace: Workspace, table: str | None = None) -> pa.Table:
    """Give the indicators of the sectors of an input-output table. See `gaoyuan.chain.input_output`."""
    from gaoyuan.chain.input_output.tables import read_io_table, sector_indicators

    return sector_indicators(read_io_table(workspace, table))


def sector_shock(
    workspace: Workspace,
    lost: Mapping[str, float],
    table: str | None = None,
    *,
    duration: int = 30,
    recovery_days: int = 180,
    days: int = 365,
) -> pa.Table:
    """Give what sectors lose day by day when some lose capacity. See `gaoyuan.chain.input_output.tables`."""
    from gaoyuan.chain.input_output.tables import read_io_table
    from gaoyuan.chain.input_output.tables import sector_shock as simulate

    return simulate(read_io_table(workspace, table), lost, duration=duration, recovery_days=recovery_days, days=days)


def source(
    workspace: Workspace,
    bill: PathOf,
    out: PathOf | None = None,
    place: str | None = None,
    *,
    nonlocal_premium: float = 0.0,
    goal: Goal = "lowest price",
    gap: float = 0.001,
    time_limit: float = 10.0,
    curve: bool = False,
) -> SourcedBill:
    """Choose a supplier for every line of a bill of materials, and write the plan as .xlsx or .json. See
    `gaoyuan.chain.sourcing`.
    """
    from gaoyuan.chain.sourcing.sourced_bill import PREMIUMS, source_bill
    from gaoyuan.report.sourcing_workbook import check_plan_path, write_sourcing

    if out is not None:
        check_plan_path(Path(out))
    sourced = source_bill(
        workspace,
        Path(bill),
        place,
        nonlocal_premium=nonlocal_premium,
        goal=goal,
        gap=gap,
        time_limit=time_limit,
        premiums=PREMIUMS if curve else None,
    )
    if out is not None:
        write_sourcing(sourced, Path(out))
    return sourced


def demonstrate_chain(workspace: Workspace, files: ChainFiles) -> PlantedChain:
    """Import the chain of the sample province, rank its gaps, source its bill of materials, and tell what was found."""
    from gaoyuan.chain.planted_chain import planted_chain

    for kind, file in (
        ("products", files.products),
        ("uses", files.uses),
        ("makes", files.makes),
        ("trades", files.trades),
    ):
        _import(kind, workspace, [file], None, False)
    gaps(workspace)
    sourced = source(workspace, files.bill, workspace.path / "sourcing.xlsx")
    atlas(workspace, _FINAL_PRODUCT, workspace.path / "atlas.html")
    return planted_chain(workspace, sourced)


def _import(
    kind: str, workspace: Workspace, files: Sequence[PathOf], columns: PathOf | None, dry_run: bool
) -> list[ImportedRows]:
    own = LIST_KINDS[kind]
    mapping = load_mapping(Path(columns), own.kind) if columns is not None else None
    return import_list(workspace, [Path(file) for file in files], own, mapping, dry_run=dry_run)
