"""The step: estimated trades of the firms of a workspace, in several seeded draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.input_output.sectors import SectorMap
from gaoyuan.chain.input_output.tables import IoTable, read_io_table
from gaoyuan.chain.locality import locality
from gaoyuan.chain.reconstruction.demand import FLQ_EXPONENT, Quotient, regional_flows, regional_shares
from gaoyuan.chain.reconstruction.drawing import Drawn, DrawSettings, draw_network
from gaoyuan.chain.reconstruction.places import Cells, filled_positions, gathered, positions
from gaoyuan.chain.reconstruction.sector_maps import map_of_table
from gaoyuan.chain.reconstruction.sizes import Sizes, fit_sizes
from gaoyuan.errors import InputError
from gaoyuan.workspace import SCHEMAS, Workspace

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TRADE_MARGIN = 0.1
"""What firms of wholesale and retail make of their revenue: the tables book their margin, not what passes through their
hands (own choice; a setting)."""

_TRADE = ("51", "52")


@dataclass(frozen=True, slots=True)
class Reconstructed:
    """What was drawn: the table and the map of its sectors; `firms` in the network, `unsectored` left out because their
    sector is not known; `imputed_share` of the firms and `imputed_output_share` of their output is drawn, not known;
    `unplaced` firms without coordinates stand where others of their county do.

    Means, lowest and highest of the draws: `links`, `sold_yuan` inside the region, `regional_share` of all that the
    firms buy; `met_share` is what was sold of what the sectors were to buy of each other.
    """

    table: str
    sector_map: str
    region: str
    draws: int
    seed: int
    firms: int
    unsectored: int
    unplaced: int
    imputed_share: float
    imputed_output_share: float
    links: tuple[float, float, float]
    sold_yuan: tuple[float, float, float]
    regional_share: tuple[float, float, float]
    met_share: tuple[float, float, float]

    def __str__(self) -> str:
        links, low_links, high_links = self.links
        sold, low_sold, high_sold = (value / 1e8 for value in self.sold_yuan)
        share, low_share, high_share = self.regional_share
        return "\n".join(
            [
                f"估计交易（不是记录）estimated trades, not records: {self.draws} 次抽样 draws, 种子 seed {self.seed}, "
                f"表 table {self.table}, 范围 region {self.region}",
                f"  企业 firms {self.firms:,}; 部门不明未计入 left out, of unknown sector {self.unsectored:,}; "
                f"位置按县补 placed by county {self.unplaced:,}",
                f"  规模为估计的企业 firms of estimated size {self.imputed_share:.0%}, 占产出 of output "
                f"{self.imputed_output_share:.0%}",
                f"  交易对 links {links:,.0f} ({low_links:,.0f}–{high_links:,.0f}), 金额 value {sold:,.1f} "
                f"({low_sold:,.1f}–{high_sold:,.1f}) 亿元 10⁸ yuan",
                f"  区内采购占比 bought inside the region {share:.1%} ({low_share:.1%}–{high_share:.1%})",
            ]
        )


@dataclass(frozen=True, slots=True)
class _Firms:
    """The firms of the network, sorted by id: ids, sector, sizes, and cells."""

    ids: pa.Array
    sector: Ints
    sizes: Sizes
    margin: Floats
    cells: Cells
    unsectored: int
    unplaced: int


def reconstruct(
    workspace: Workspace,
    io_table: str | None = None,
    draws: int = 5,
    seed: int = 1,
    mean_suppliers: float = 10.0,
    distance_decay_km: float = 50.0,
    place: str | None = None,
    *,
    sector_map: Path | None = None,
    quotient: Quotient = "flq",
    flq_exponent: float = FLQ_EXPONENT,
    trade_margin: float = TRADE_MARGIN,
) -> Reconstructed:
    """Draw who sells how much to whom among the firms of a place and write it to `estimated_trade`, in place of what is
    there.

    Each draw has sizes and links of its own and depends on the seed, its number and the firms only, not on how many
    draws there are nor on the order of rows. Beside the links every firm has a row for all that it buys elsewhere, and
    one for all that it sells elsewhere or to final users. `sector_map` is a file for a table that is no official one.

    Raises StepMissing where there is no register or no input-output table, NotFound for a table or place that is not
    there, InputError where no sector map belongs to the table, or the revenue of too few firms is known.
    """
    if draws < 1 or seed < 0:
        raise InputError(f"draws is at least 1 and seed at least 0, not {draws} and {seed}")
    if not 0 < trade_margin <= 1:
        raise InputError(f"trade_margin is a share above 0, not {trade_margin}")
    settings = DrawSettings(mean_suppliers, distance_decay_km)
    settings.check()
    here = locality(workspace, place)
    table = read_io_table(workspace, io_table)
    sectors = map_of_table(table, sector_map)
    parameters = {
        "table": table.name,
        "sector_map": str(sector_map) if sector_map else sectors.table,
        "draws": draws,
        "seed": seed,
        "place": here.name,
        "quotient": quotient,
        "flq_exponent": flq_exponent,
        "trade_margin": trade_margin,
        **asdict(settings),
    }
    with workspace.run("reconstruct", parameters, reads=("enterprise", "io_table")) as run:
        with run.timed("firms"):
            firms = _firms(workspace, here.firms, table, sectors, distance_decay_km, trade_margin)
        inputs = table.flows.sum(axis=0) + _imported(workspace, table)
        told: list[tuple[float, float, float, float, float]] = []

        def batches() -> Iterator[pa.RecordBatch]:
            for number in range(draws):
                random = np.random.default_rng(np.random.SeedSequence([seed, number]))
                size = firms.sizes.draw(random) * firms.margin
                output = np.bincount(firms.sector, weights=size, minlength=len(table.codes)).astype(np.float64)
                shares = regional_shares(output, table.output, quotient, flq_exponent)
                regional = regional_flows(table.home_made(), inputs, table.output, output, shares)
                with run.timed("draw"):
                    drawn = draw_network(size, firms.sector, firms.cells, regional, settings, random)
                sold = float(drawn.value.sum())
                bought = float(regional.inputs.sum())
                wanted = float(regional.flows.sum())
                drawn_output = float(size[~firms.sizes.known].sum() / size.sum())
                told.append(
                    (drawn.seller.size, sold, sold / bought if bought else 0.0, sold / wanted if wanted else 0.0,
                     drawn_output)
                )  # fmt: skip
                per_yuan = np.divide(regional.inputs, output, out=np.zeros(output.size), where=output > 0)
                yield from _rows(number, firms, table, drawn, size, per_yuan[firms.sector] * size).to_batches(200_000)

        schema = pa.schema([field for field in SCHEMAS["estimated_trade"].arrow if field.name != "run"])
        with run.timed("write"):
            workspace.write("estimated_trade", pa.RecordBatchReader.from_batches(schema, batches()), run)
    figures = np.array(told)
    links, sold, share, met = (
        (float(column.mean()), float(column.min()), float(column.max())) for column in figures[:, :4].T
    )
    return Reconstructed(
        table.name,
        parameters["sector_map"],
        here.title,
        draws,
        seed,
        len(firms.ids),
        firms.unsectored,
        firms.unplaced,
        float(1.0 - firms.sizes.known.mean()),
        float(figures[:, 4].mean()),
        links,
        sold,
        share,
        met,
    )


def _firms(
    workspace: Workspace, ids: pa.Array, table: IoTable, sectors: SectorMap, decay_km: float, trade_margin: float
) -> _Firms:
    """Read the firms of a locality; those whose sector is not known are left out."""
    wanted = (
        "enterprise_id", "industry", "county", "prefecture", "longitude", "latitude", "employees", "revenue_yuan",
        "capital_yuan",
    )  # fmt: skip
    rows = workspace.read("enterprise", wanted)
    held = pc.is_in(rows["enterprise_id"].cast(pa.large_string()), value_set=ids)
    frame = rows.filter(held).to_pandas().sort_values("enterprise_id", kind="stable", ignore_index=True)
    in_table = pd.Index(table.codes).get_indexer(pd.Index([sector.code for sector in sectors.sectors]))
    position = sectors.positions(frame["industry"].where(frame["industry"].notna(), None))
    sector = np.where(position >= 0, in_table[position], -1)
    unsectored = int((sector < 0).sum())
    frame, sector = frame[sector >= 0], sector[sector >= 0].astype(np.int64)
    if not len(frame):
        raise InputError(
            "no firm of the place has a known sector",
            mend="Import a register with industries or business scopes.",
            zh="范围内没有部门已知的企业",
            mend_zh="导入含行业或经营范围的登记数据",
        )
    numbers = {
        name: frame[name].to_numpy(np.float64, na_value=np.nan)
        for name in ("longitude", "latitude", "employees", "revenue_yuan", "capital_yuan")
    }
    sizes = fit_sizes(numbers["revenue_yuan"], numbers["employees"], numbers["capital_yuan"], sector)
    areas = [pd.factorize(frame[name], sort=True)[0] for name in ("county", "prefecture")]
    position_km, filled = filled_positions(positions(numbers["longitude"], numbers["latitude"]), *areas)
    trades = frame["industry"].str[:2].isin(_TRADE).to_numpy()
    return _Firms(
        pa.array(frame["enterprise_id"], pa.string()),
        sector,
        sizes,
        np.where(trades, trade_margin, 1.0),
        gathered(position_km, decay_km),
        unsectored,
        int(filled.sum()),
    )


def _imported(workspace: Workspace, table: IoTable) -> Floats:
    """Give what each sector buys of imported goods (n), where the table keeps them apart from home-made ones."""
    cells = workspace.table("io_table")
    cells = cells.filter((cells.table == table.name) & (cells.part == "imported"))
    rows = workspace.to_arrow(cells.select("to_code", "value_yuan")).to_pandas()
    sums = rows.groupby("to_code")["value_yuan"].sum()
    return sums.reindex(list(table.codes)).fillna(0.0).to_numpy(np.float64)


def _rows(number: int, firms: _Firms, table: IoTable, drawn: Drawn, size: Floats, inputs: Floats) -> pa.Table:
    """Give the rows of a draw: links, then what each firm buys elsewhere, then what it sells elsewhere."""
    count = size.size
    bought = np.bincount(drawn.buyer, weights=drawn.value, minlength=count)
    sold = np.bincount(drawn.seller, weights=drawn.value, minlength=count)
    from_elsewhere, to_elsewhere = inputs - bought, size - sold
    buying, selling = (np.flatnonzero(rest > 1e-6 * size) for rest in (from_elsewhere, to_elsewhere))
    nobody = -1
    seller = np.concatenate([drawn.seller, np.full(buying.size, nobody), selling])
    buyer = np.concatenate([drawn.buyer, buying, np.full(selling.size, nobody)])
    amount = np.concatenate([drawn.value, from_elsewhere[buying], to_elsewhere[selling]])
    codes = pa.array(table.codes, pa.string())
    columns = {"draw": pa.repeat(pa.scalar(number, pa.int64()), seller.size)}
    for side, firm in (("seller", seller), ("buyer", buyer)):
        at = pa.array(firm, mask=firm < 0)
        columns[f"{side}_id"] = firms.ids.take(at)
        columns[f"{side}_sector"] = codes.take(pa.array(firms.sector[firm], mask=firm < 0))
    columns["amount_yuan"] = pa.array(amount)
    schema = pa.schema([field for field in SCHEMAS["estimated_trade"].arrow if field.name != "run"])
    return pa.table({name: columns[name] for name in schema.names}).cast(schema)
