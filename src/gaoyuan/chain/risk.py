"""The steps: what is lost when a firm fails, for every firm; and what a given failure costs every other one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.locality import locality
from gaoyuan.chain.shocks import cascade, systemic_risk
from gaoyuan.chain.trade_networks import NetworkKind, TradeNetwork, read_networks
from gaoyuan.errors import InputError, NotFound
from gaoyuan.workspace import SCHEMAS, Workspace

Floats = npt.NDArray[np.float64]

RISK_TOLERANCE = 1e-3
"""How far the index of a firm may be from the exact one; `firm_risk` says how far it is."""

_LOSS_TOLERANCE = 1e-6
_LEAST_LOSS = 1e-4
_NAMED = 5


@dataclass(frozen=True, slots=True)
class ShockResult:
    """What a failure costs: `esri` is the share of all output that is lost, the losses of the firms that fail among
    it, over the draws the mean, `low` and `high`; without draws all three are one. It is off the exact value by at most
    `error_bound`. `lost_yuan` is that loss in yuan a year.

    `firms` has the columns enterprise_id, name, shock (the share that a firm loses of itself), loss (the share it
    loses in all), low, high, and loss_yuan, the largest first; firms that lose less than 0.01 % are left out.
    """

    network: NetworkKind
    draws: int
    shocked: int
    esri: float
    low: float
    high: float
    error_bound: float
    lost_yuan: float
    firms: pa.Table

    def __str__(self) -> str:
        drawn = f"{self.draws} 次抽样的估计 draws of estimates" if self.network == "estimated_trades" else "交易 trades"
        spread = f" ({self.low:.2%}–{self.high:.2%})" if self.draws > 1 else ""
        others = self.firms.num_rows - self.shocked
        return "\n".join(
            [
                f"冲击 shock: {self.shocked:,} 家企业受创 firms lose output of themselves; 网络 network: {drawn}",
                f"  全部损失 lost in all {self.esri:.2%}{spread} 的产出 of output, "
                f"误差界 error ≤ {self.error_bound:.0e}, {self.lost_yuan / 1e8:,.2f} 亿元 10⁸ yuan",
                f"  受波及 others that lose more than 0.01 %: {max(others, 0):,}",
            ]
        )


def firm_risk(workspace: Workspace, *, estimated: bool = False, tolerance: float = RISK_TOLERANCE) -> pa.Table:
    """Measure what share of the network's output is lost when each firm fails alone; writes and gives `firm_risk`.

    The economic systemic risk index in mode `converged`, every firm weighted by its revenue. On estimated trades each
    draw is measured: mean, lowest and highest. Ranked by the mean; equal ones share a rank. Raises as `read_networks`.
    """
    table = "estimated_trade" if estimated else "trade"
    kind: NetworkKind = "estimated_trades" if estimated else "trades"
    parts: list[pd.DataFrame] = []
    with workspace.run("risk", {"estimated": estimated, "tolerance": tolerance}) as run:
        networks = read_networks(workspace, estimated=estimated)
        for name in (table, "enterprise", "product", "uses"):
            run.inputs[name] = workspace.version(name) if workspace.has(name) else None
        for network in networks:
            if not network.value.size:
                continue
            with run.timed("risk"):
                found = systemic_risk(
                    network.supplier,
                    network.buyer,
                    network.value,
                    network.sector,
                    network.essential,
                    mode="converged",
                    tolerance=tolerance,
                    revenue=network.revenue,
                    costs=network.costs,
                    weights=network.revenue,
                )
            part = network.firms[["key", "enterprise_id", "name"]].copy()
            for name in ("esri", "esri_down", "esri_up", "error_bound"):
                part[name] = getattr(found, name)
            parts.append(part)
        rows = _ranked(parts, kind)
        workspace.write("firm_risk", rows, run)
    return rows


def shock(
    workspace: Workspace,
    firms: Mapping[str, float],
    *,
    park: str | None = None,
    share: float = 1.0,
    estimated: bool = False,
) -> ShockResult:
    """Give what every firm loses when some firms lose shares of their output, a whole park loses `share`, or both.

    `firms` are named by id, credit code or name. `park` is a cluster or a six-digit division; of its firms those of the
    network lose the share, and a firm that is named as well loses the larger one. A firm's loss is the larger of what
    it loses downstream and upstream, in the least fixed point (mode `converged`). Nothing is written.

    Raises InputError where nothing is shocked, a share is not in 0 … 1 or a name is that of several firms; NotFound for
    a firm or a park that the network has not; and as `read_networks`.
    """
    for name, lost in (*firms.items(), ("park", share)):
        if not 0 <= lost <= 1:
            raise InputError(
                f"{lost} is no share",
                where=name,
                mend="A share lost is a number from 0 to 1.",
                zh=f"{lost} 不是份额",
                mend_zh="损失份额为 0 到 1",
            )
    if not firms and park is None:
        raise InputError(
            "nothing is shocked",
            mend="Name firms (--firm) or a park (--park).",
            zh="没有指定受冲击的企业",
            mend_zh="用 --firm 指定企业，或用 --park 指定园区",
        )
    inside = locality(workspace, park).firms if park is not None else None
    parts: list[pd.DataFrame] = []
    indices: list[tuple[float, float]] = []
    error_bound = 0.0
    for network in read_networks(workspace, estimated=estimated):
        lost = np.zeros(len(network.firms))
        if inside is not None:
            ids = pa.array(network.firms["enterprise_id"], pa.large_string())
            lost[pc.fill_null(pc.is_in(ids, value_set=inside, skip_nulls=True), False).to_numpy(False)] = share
            if not lost.any() and share > 0:
                raise NotFound(
                    f"no firm of {park} is in the network",
                    mend="The network has the firms that buy or sell in it only.",
                    zh=f"{park} 的企业都不在网络中",
                    mend_zh="网络只含有买卖记录的企业",
                )
        for name, own in firms.items():
            at = _numbered(network.firms, name)
            lost[at] = max(lost[at], own)
        loss, off = _losses(network, lost)
        error_bound = max(error_bound, off)
        yuan = loss * network.revenue
        total = float(network.revenue.sum())
        indices.append((float(yuan.sum()) / total if total else 0.0, float(yuan.sum())))
        part = network.firms[["key", "enterprise_id", "name"]].copy()
        part["shock"], part["loss"], part["loss_yuan"] = lost, loss, yuan
        parts.append(part)
    return _summed(parts, indices, error_bound, "estimated_trades" if estimated else "trades")


def _losses(network: TradeNetwork, lost: Floats) -> tuple[Floats, float]:
    """Give the share of its output that each firm (n) loses, and what their sum by revenue is off at most."""
    if not network.value.size:
        return lost, 0.0
    found = cascade(
        network.supplier,
        network.buyer,
        network.value,
        network.sector,
        network.essential,
        lost[None],
        mode="converged",
        tolerance=_LOSS_TOLERANCE,
        revenue=network.revenue,
        costs=network.costs,
        weights=network.revenue,
    )
    # A firm's loss is the larger of two, each of which has this bound over all firms.
    return found.loss[0], 2.0 * float(found.error_bound[0])


def _numbered(firms: pd.DataFrame, name: str) -> int:
    """Give the number of a firm by its id, credit code or name."""
    for column in ("enterprise_id", "uscc", "name"):
        found = np.flatnonzero((firms[column] == name).to_numpy(bool, na_value=False))
        if found.size == 1:
            return int(found[0])
        if found.size > 1:
            codes = firms["uscc"].fillna(firms["enterprise_id"]).iloc[found[:_NAMED]]
            listed = ", ".join(codes.dropna().astype(str))
            raise InputError(
                f"{found.size} firms are called {name!r}",
                mend=f"Name one by its code: {listed}",
                zh=f"有 {found.size} 家企业名为 {name!r}",
                mend_zh=f"用代码指明：{listed}",
            )
    raise NotFound(
        f"no firm {name!r} in the network",
        mend="Name a firm that buys or sells, by its id, credit code or full name.",
        zh=f"网络中没有企业 {name!r}",
        mend_zh="用标识、信用代码或全称指明有买卖的企业",
    )


def _over_draws(parts: list[pd.DataFrame], columns: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    every = pd.concat(parts, ignore_index=True)
    # A firm that a draw has not loses nothing in it: all draws have the same firms.
    grouped = every.groupby("key", sort=True)
    found = grouped.agg(**{name: pd.NamedAgg(*how) for name, how in columns.items()})
    return found.join(every.drop_duplicates("key").set_index("key")[["enterprise_id", "name"]]).reset_index()


def _ranked(parts: list[pd.DataFrame], kind: NetworkKind) -> pa.Table:
    schema = pa.schema([field for field in SCHEMAS["firm_risk"].arrow if field.name != "run"])
    if not parts:
        return schema.empty_table()
    found = _over_draws(
        parts,
        {
            "esri": ("esri", "mean"),
            "esri_down": ("esri_down", "mean"),
            "esri_up": ("esri_up", "mean"),
            "error_bound": ("error_bound", "max"),
            "low": ("esri", "min"),
            "high": ("esri", "max"),
        },
    )
    found = found.sort_values(["esri", "key"], ascending=[False, True], kind="stable", ignore_index=True)
    found["rank"] = found["esri"].rank(method="min", ascending=False).astype(np.int64)
    found["network"] = kind
    return pa.Table.from_pandas(found[schema.names], schema=schema, preserve_index=False)


def _summed(
    parts: list[pd.DataFrame], indices: list[tuple[float, float]], error_bound: float, kind: NetworkKind
) -> ShockResult:
    found = _over_draws(
        parts,
        {
            "shock": ("shock", "max"),
            "loss": ("loss", "mean"),
            "low": ("loss", "min"),
            "high": ("loss", "max"),
            "loss_yuan": ("loss_yuan", "mean"),
        },
    )
    shown = found[(found["loss"] >= _LEAST_LOSS) | (found["shock"] > 0)]
    shown = shown.sort_values(["loss_yuan", "key"], ascending=[False, True], kind="stable")
    columns = ["enterprise_id", "name", "shock", "loss", "low", "high", "loss_yuan"]
    kinds = [pa.string()] * 2 + [pa.float64()] * 5
    table = pa.Table.from_pandas(
        shown[columns], schema=pa.schema(list(zip(columns, kinds, strict=True))), preserve_index=False
    )
    esri = np.array([index for index, _ in indices])
    return ShockResult(
        kind,
        len(indices),
        int((found["shock"] > 0).sum()),
        float(esri.mean()),
        float(esri.min()),
        float(esri.max()),
        error_bound,
        float(np.mean([yuan for _, yuan in indices])),
        table,
    )
