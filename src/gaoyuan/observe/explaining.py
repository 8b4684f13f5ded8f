"""Every number of a cluster with its formula, its inputs and its run, computed again from them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TypeAlias, cast

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from gaoyuan.codes.boundaries import cells_of_points
from gaoyuan.errors import NotFound
from gaoyuan.observe.excess import hypergeometric_log_tail
from gaoyuan.observe.footprints import OFFICIAL_LIMIT_KM2, area_km2, closed
from gaoyuan.workspace import SCHEMAS, Json, Workspace

Value: TypeAlias = "float | int | str | bool | None"
_AGREE = 1e-9
_OF_RECOGNISED = ("firms", "expected", "location_quotient")
_HYPERGEOMETRIC = "P(X ≥ k), X hypergeometric: n of N firms drawn, K of them of the industry"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: value as the table holds it, the formula, what went in, and the value computed again from that (None
    where that takes the whole detection).
    """

    name: str
    zh: str
    value: Value
    unit: str
    formula: str
    inputs: dict[str, Json]
    recomputed: Value
    source: str

    @property
    def agrees(self) -> bool | None:
        """Whether the value computed again is the value of the table; None where it was not computed again."""
        if self.recomputed is None or self.value is None:
            return None
        if isinstance(self.value, float) and isinstance(self.recomputed, int | float):
            return math.isclose(self.value, self.recomputed, rel_tol=_AGREE, abs_tol=1e-300)
        return self.value == self.recomputed

    def __str__(self) -> str:
        value = "未知 unknown" if self.value is None else f"{self.value} {self.unit}".rstrip()
        again = {
            True: "复算一致 computed again: agrees",
            False: f"复算不一致 computed again: {self.recomputed}",
            None: "复算须重跑 to compute it again, run observe",
        }
        lines = [
            f"{self.zh} {self.name} = {value}",
            f"    公式 formula: {self.formula}",
            f"    输入 inputs: {', '.join(f'{name} = {given}' for name, given in self.inputs.items())}",
        ]
        if self.value is not None or self.recomputed is not None:
            lines.append(f"    {again[self.agrees]}")
        return "\n".join(lines if self.source == "" else [*lines, f"    说明 meaning: {self.source}"])


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cluster's figures; the run that made them with what it read, its settings and editions; and the files that the
    register came from.
    """

    cluster_id: str
    name: str
    found_by: str | None
    figures: tuple[Figure, ...]
    run: dict[str, Json]
    files: tuple[dict[str, Json], ...]

    def __str__(self) -> str:
        run = {name: value for name, value in self.run.items() if name not in ("outputs", "timings")}
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in run.items()]
        files = [json.dumps(file, ensure_ascii=False) for file in self.files]
        return "\n".join([self.figures_text(), "\n运行 run", *lines, "\n登记文件 files of the register", *files])

    def figures_text(self) -> str:
        """Give the figures alone as text."""
        by = self.found_by or "只在名单上 recognised only, the register does not show it"
        heading = f"{self.name} {self.cluster_id} (发现方法 found by: {by})"
        return "\n".join([heading, *(str(figure) for figure in self.figures)])


def explain(workspace: Workspace, cluster_id: str) -> Explanation:
    """Explain a cluster of the table `cluster`: every number with formula, inputs and run.

    Raises NotFound for an id that no cluster has, naming some that there are, StepMissing before `observe`, and
    ResultsOutdated where the register has changed since.
    """
    workspace.require_current("cluster", "cluster_member")
    clusters = workspace.read("cluster").drop_columns(["footprint"]).to_pandas()
    found = clusters[clusters["cluster_id"] == cluster_id]
    if found.empty:
        near = [known for known in clusters["cluster_id"] if known[:4] == cluster_id[:4]][:5]
        known = ", ".join(near or clusters["cluster_id"].head(5)) or "none"
        raise NotFound(
            f"there is no cluster {cluster_id!r}",
            where=str(workspace.path),
            mend=f"Clusters are, for example: {known}. All: gaoyuan export {workspace.path} cluster clusters.csv",
            zh=f"没有标识为 {cluster_id!r} 的集群",
            mend_zh=f"现有集群如：{known}；全部：gaoyuan export {workspace.path} cluster clusters.csv",
        )
    row = found.iloc[0]
    figures = _of_found(workspace, row, clusters) if pd.notna(row["found_by"]) else _of_recognised(workspace, row)
    return Explanation(
        cluster_id,
        str(row["name"]),
        str(row["found_by"]) if pd.notna(row["found_by"]) else None,
        tuple(figures),
        _run_of(workspace, str(row["run"])),
        tuple(_files(workspace)),
    )


def _of_found(workspace: Workspace, row: pd.Series, clusters: pd.DataFrame) -> list[Figure]:
    table = workspace.table("cluster_member")
    members = workspace.to_arrow(table.filter(table.cluster_id == row["cluster_id"])).to_pandas()
    firms, place, industry, tested = (
        int(row[name]) for name in ("firms", "place_firms", "industry_firms", "tested_firms")
    )
    window, window_place = int(row["window_firms"]), int(row["window_place_firms"])
    log_p = float(hypergeometric_log_tail(np.array([window]), tested, industry, np.array([window_place]))[0])
    ground = "county" if row["found_by"] == "counties" else "footprint's cells"
    stronger = clusters[(clusters["industry"] == row["industry"]) & clusters["found_by"].notna()]
    figures = [
        _figure(
            row, "firms", f"members: firms of the industry in the {ground}", {"table": "cluster_member"}, len(members)
        ),
        _figure(
            row,
            "expected",
            "n · K / N",
            {"n firms there": place, "K firms of the industry": industry, "N firms tested": tested},
            place * industry / tested,
        ),
        _figure(
            row,
            "location_quotient",
            "k / expected = (k/n) / (K/N)",
            {"k": firms, "expected": place * industry / tested},
            firms / (place * industry / tested),
        ),
        _figure(
            row,
            "p_value",
            f"{_HYPERGEOMETRIC}; of the strongest window",
            {"k": window, "n": window_place, "K": industry, "N": tested},
            max(math.exp(log_p), float(np.nextafter(0.0, 1.0))),
            "exact tail; Fisher 1935",
        ),
        _figure(
            row, "minus_log10_p", "−log10 p, also below the smallest number", {"p": "as above"}, -log_p / math.log(10)
        ),
        _figure(
            row,
            "q_value",
            "smallest p·m/i over this and all larger p, i its position among the m tests; at least p, at most p·m",
            {"p": float(row["p_value"]), "m tests": int(row["tests"])},
            None,
            "Benjamini & Hochberg 1995",
        ),
        _figure(
            row,
            "rank",
            "1 + clusters of the same industry with smaller p",
            {"clusters of the industry": len(stronger)},
            1 + int((stronger["minus_log10_p"] > row["minus_log10_p"]).sum()),
        ),
        _sum(row, "employees", members),
        _sum(row, "revenue_yuan", members),
        _figure(
            row,
            "size_coverage",
            "members with a revenue / members",
            {"with revenue": int(members["revenue_yuan"].notna().sum()), "members": len(members)},
            float(members["revenue_yuan"].notna().mean()),
        ),
        _figure(
            row,
            "counties",
            "counties of the members, the most frequent first",
            {"table": "cluster_member"},
            "|".join(_by_frequency(members["county"])),
        ),
    ]
    if row["found_by"] == "cells":
        cells = closed(cells_of_points(members["longitude"].to_numpy(float), members["latitude"].to_numpy(float)))
        area = area_km2(cells)
        figures += [
            _figure(
                row,
                "area_km2",
                "area of the members' hexagons (H3, resolution 8), gaps of one closed",
                {"hexagons": len(cells)},
                area,
            ),
            _figure(row, "within_100_km2", "area ≤ 100 km²", {"area": area}, area <= OFFICIAL_LIMIT_KM2),
            _figure(
                row,
                "stability",
                "mean over the other radii of |A∩B| / |A∪B|, A the members here, B those found at that radius",
                {"radii": "see the run's settings"},
                None,
                "Jaccard 1912",
            ),
        ]
    return figures


def _of_recognised(workspace: Workspace, row: pd.Series) -> list[Figure]:
    """Figures of a recognised cluster that the register does not show: what its county has of its industry."""
    table = workspace.table("recognised_cluster")
    known = workspace.to_arrow(table.filter(table.recognised_id == row["cluster_id"])).to_pandas().iloc[0]
    county, industry = _plain(known["county"]), _plain(known["industries"])
    if not isinstance(county, str) or not isinstance(industry, str):
        inputs: dict[str, Json] = {"county": county, "industries (guess)": industry}
        return [_figure(row, name, "unknown, for the list does not tell it", inputs, None) for name in _OF_RECOGNISED]
    firms = workspace.table("enterprise")
    coded = firms.filter(firms.industry.notnull(), firms.county.notnull())
    marked = coded.select(here=ibis._.county.isin([county]), alike=ibis._.industry.startswith(industry))
    held = workspace.to_arrow(marked.group_by("here", "alike").aggregate(firms=ibis._.count())).to_pandas()
    count = int(held.loc[held["here"] & held["alike"], "firms"].sum())
    place, of_industry = (int(held.loc[held[name], "firms"].sum()) for name in ("here", "alike"))
    tested = int(held["firms"].sum())
    expected = place * of_industry / max(1, tested)
    counted: dict[str, Json] = {
        "n coded firms in the county": place,
        "K firms of the industry": of_industry,
        "N coded firms": tested,
    }
    where: dict[str, Json] = {"county": county, "industry (guess)": industry}
    return [
        _figure(row, "firms", "firms of the industry in the county", where, count),
        _figure(row, "expected", "n · K / N", counted, expected),
        _figure(
            row,
            "location_quotient",
            "firms / expected",
            {"firms": count, "expected": expected},
            count / expected if expected else None,
        ),
    ]


def _figure(
    row: pd.Series, name: str, formula: str, inputs: dict[str, Json], recomputed: Value, source: str = ""
) -> Figure:
    column = next(column for column in SCHEMAS["cluster"].columns if column.name == name)
    value = _plain(row[name])
    if isinstance(value, float) and pa.types.is_integer(column.type):
        value = int(value)
    return Figure(name, column.zh, value, column.unit, formula, inputs, recomputed, source or column.meaning)


def _sum(row: pd.Series, name: str, members: pd.DataFrame) -> Figure:
    known = members[name].dropna()
    total: Value = None if known.empty else (int(known.sum()) if name == "employees" else float(known.sum()))
    return _figure(row, name, "sum over the members that have it", {"members that have it": len(known)}, total)


def _by_frequency(codes: pd.Series) -> list[str]:
    counted = codes.dropna().value_counts().rename_axis("county").reset_index(name="firms")
    return counted.sort_values(["firms", "county"], ascending=[False, True])["county"].tolist()


def _run_of(workspace: Workspace, run: str) -> dict[str, Json]:
    table = workspace.table("run")
    rows = workspace.to_arrow(table.filter(table.run == run)).to_pylist()
    if not rows:
        return {"run": run}
    return {name: _decoded(name, value) for name, value in rows[0].items()}


def _decoded(name: str, value: object) -> Json:
    if name in ("parameters", "inputs", "outputs", "timings", "editions"):
        return cast("Json", json.loads(str(value)))
    return value if isinstance(value, str | float | int) else str(value)


def _files(workspace: Workspace) -> list[dict[str, Json]]:
    if not workspace.has("import"):
        return []
    imported = workspace.table("import")
    registers = imported.filter(imported.kind == "enterprises")
    rows = workspace.to_arrow(registers.select("file_name", "sha256", "rows", "accepted", "rejected")).to_pylist()
    return [dict(row) for row in rows]


def _plain(value: object) -> Value:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return cast("Value", value.item() if isinstance(value, np.generic) else value)
