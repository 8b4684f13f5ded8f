"""The input-output tables of a workspace as arrays, and what they say of their sectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from gaoyuan.chain.input_output.ario import simulate_ario
from gaoyuan.chain.input_output.ario_model import ario_economy, capacity_shock
from gaoyuan.chain.input_output.leontief import Matrix, Vector, domestic_flows
from gaoyuan.chain.input_output.linkages import linkages
from gaoyuan.chain.input_output.position import downstreamness, extraction_loss, upstreamness
from gaoyuan.errors import InputError, NotFound, StepMissing
from gaoyuan.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IoTable:
    """An input-output table of n sectors, in yuan a year: `flows` (n, n) what row sells to column, imported goods
    among it where `imports` (n) are not 0, `output` (n) and `exports` (n).
    """

    name: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    flows: Matrix
    output: Vector
    exports: Vector
    imports: Vector

    def home_made(self) -> Matrix:
        """Give the flows of home-made goods (n, n); where imports are in the flows every buyer has the same share."""
        with self.faults_named():
            exports = np.minimum(self.exports, self.output)
            return domestic_flows(self.flows, self.output, self.imports, exports, names=self.labels)

    @property
    def labels(self) -> tuple[str, ...]:
        """What messages call the sectors: code and name."""
        return tuple(
            code if code == name else f"{code} {name}".strip()
            for code, name in zip(self.codes, self.names, strict=True)
        )

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """Say of a fault which table it is of."""
        try:
            yield
        except InputError as fault:
            if fault.where is not None:
                raise
            raise type(fault)(
                fault.what, where=f"投入产出表 table {self.name}", mend=fault.mend, zh=fault.zh, mend_zh=fault.mend_zh
            ) from None

    def number(self, sector: str) -> int:
        """Give the number of a sector by its code or its name. Raises NotFound for one that the table has not."""
        for known in (self.codes, self.names):
            if sector in known:
                return known.index(sector)
        raise NotFound(
            f"no sector {sector!r}",
            where=self.name,
            mend="See codes and names: gaoyuan chain WS sectors",
            zh=f"没有部门 {sector!r}",
            mend_zh="代码与名称见：gaoyuan chain WS sectors",
        )


def read_io_table(workspace: Workspace, name: str | None = None) -> IoTable:
    """Read an input-output table of a workspace; the only one needs no name.

    Raises StepMissing where there is none, NotFound for one that is not there, InputError where several are and none
    is named, or where one has no outputs.
    """
    missing = StepMissing(
        "the workspace has no input-output table",
        where=str(workspace.path),
        mend=f"Import one: gaoyuan import {workspace.path} io FILE",
        zh="工作区没有投入产出表",
        mend_zh=f"先导入：gaoyuan import {workspace.path} io FILE",
    )
    if not workspace.has("io_table"):
        raise missing
    held = workspace.table("io_table")
    names = sorted(workspace.to_arrow(held.select("table").distinct())["table"].to_pylist())
    if name is None and len(names) != 1:
        if not names:
            raise missing
        raise InputError(
            f"the workspace has {len(names)} input-output tables",
            mend=f"Name one with --table: {', '.join(names)}.",
            zh=f"工作区有 {len(names)} 个投入产出表",
            mend_zh=f"用 --table 指明一个：{'、'.join(names)}",
        )
    chosen = names[0] if name is None else name
    if chosen not in names:
        raise NotFound(
            f"no table {chosen!r}",
            mend=f"There are: {', '.join(names)}.",
            zh=f"没有投入产出表 {chosen!r}",
            mend_zh=f"现有：{'、'.join(names)}",
        )
    cells = workspace.to_arrow(held.filter(held.table == chosen)).to_pandas()
    return _as_arrays(chosen, cells)


def sector_indicators(table: IoTable) -> pa.Table:
    """Give what a table says of each sector (n rows): code, name, output_yuan, backward_linkage, forward_linkage
    (column and row sums over their mean), upstreamness, downstreamness, extraction_loss_yuan (lost when it is gone).
    """
    flows, output, names = table.flows, table.output, table.labels
    with table.faults_named():
        linked = linkages(flows, output, names=names)
        return pa.table(
            {
                "code": list(table.codes),
                "name": list(table.names),
                "output_yuan": output,
                "backward_linkage": linked.backward_index,
                "forward_linkage": linked.forward_index,
                "upstreamness": upstreamness(flows, output, names=names),
                "downstreamness": downstreamness(flows, output, names=names),
                "extraction_loss_yuan": extraction_loss(flows, output, names=names),
            }
        )


def sector_shock(
    table: IoTable, lost: Mapping[str, float], *, duration: int = 30, recovery_days: int = 180, days: int = 365
) -> pa.Table:
    """Give what each sector (n rows) loses when some lose a share of their capacity (`lost`: code or name → 0–1) for
    `duration` days and win it back over `recovery_days`: code, name, lost_share, usual_output_yuan (over all days),
    lost_output_yuan (negative where it makes more than usual), worst_day_share (output of the worst day over a usual
    day's), the largest loss first.

    The table's home-made flows are simulated day by day (`simulate_ario`, all inventories 90 days); what the outputs
    leave of them is final use. Every input stops its users when it runs out: which ones do not is nowhere in the table.
    Raises NotFound for a sector that the table has not, InputError for shares outside 0–1 and for a sector that stands
    twice, by code and by name.
    """
    flows = table.home_made()
    with table.faults_named():
        economy = ario_economy(flows, np.maximum(0.0, table.output - flows.sum(axis=1)), names=table.labels)
    named: dict[int, str] = {}
    shares = np.zeros(len(table.codes))
    for sector, share in lost.items():
        number = table.number(sector)
        if number in named:
            raise InputError(
                f"{named[number]!r} and {sector!r} are the same sector",
                where=table.name,
                mend="Give each sector once, by its code or by its name.",
                zh=f"{named[number]!r} 与 {sector!r} 是同一部门",
                mend_zh="每个部门只写一次，写代码或名称",
            )
        named[number], shares[number] = sector, share
    with table.faults_named():
        shock = capacity_shock(economy, shares, duration=duration, recovery_days=recovery_days)
        result = simulate_ario(economy, [shock], days=days)
    usual = result.usual_output
    worst = result.production.min(axis=0) / np.where(usual > 0, usual, 1.0)
    found = pa.table(
        {
            "code": list(table.codes),
            "name": list(table.names),
            "lost_share": shares,
            "usual_output_yuan": usual * days,
            "lost_output_yuan": result.lost_output,
            "worst_day_share": pa.array(worst, mask=usual <= 0),
        }
    )
    return found.sort_by([("lost_output_yuan", "descending"), ("code", "ascending")])


def _as_arrays(name: str, cells: pd.DataFrame) -> IoTable:
    inner = cells[cells["part"] == "intermediate"]
    sectors = inner.drop_duplicates("from_code").sort_values("from_code", kind="stable")
    codes = sectors["from_code"].tolist()
    index = pd.Index(codes)
    size = len(codes)
    flows = np.zeros((size, size))
    columns = index.get_indexer(pd.Index(inner["to_code"]))
    if (columns < 0).any():
        raise InputError(
            "the table is not square: some sectors are columns only",
            where=f"投入产出表 table {name}",
            mend="Import it again.",
            zh="表不是方阵：有的部门只有列",
            mend_zh="重新导入",
        )
    np.add.at(flows, (index.get_indexer(pd.Index(inner["from_code"])), columns), inner["value_yuan"].fillna(0.0))
    output = _of_rows(cells, "output", index)
    if np.isnan(output).all():
        raise InputError(
            "the table has no column of outputs",
            where=f"投入产出表 table {name}",
            mend="Import it again with total output.",
            zh="表中没有总产出列",
            mend_zh="加上总产出，重新导入",
        )
    exports, imports = (np.nan_to_num(_of_rows(cells, part, index)) for part in ("export", "import"))
    # Published tables print imports with either sign.
    return IoTable(
        name,
        tuple(codes),
        tuple(sectors["from_name"].fillna("")),
        flows,
        np.nan_to_num(output),
        exports,
        np.abs(imports),
    )


def _of_rows(cells: pd.DataFrame, part: str, index: pd.Index) -> Vector:
    own = cells[cells["part"] == part].groupby("from_code")["value_yuan"].sum()
    return own.reindex(index).to_numpy(dtype=np.float64)
