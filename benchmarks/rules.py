"""Rules on many subjects: clusters by an edition, enterprises by size class and by the ladder of titles."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

import gaoyuan
from gaoyuan.assess import edition, judge, judge_many
from gaoyuan.assess.facts.columns import columns_of
from gaoyuan.assess.titles.ladder import climb
from gaoyuan.codes import classes, size_classes
from gaoyuan.workspace import SCHEMAS, Workspace

AS_OF = "2026-06-30"
_GIVEN_FIRMS = 20_000
_COUNTS = ("single_champions", "little_giants", "srdi_smes", "innovative_smes", "hightech_firms")


def clusters_by_columns(count: int) -> Callable[[], Callable[[], float]]:
    """Judge so many clusters by the national edition as columns; gives how many are not met."""
    return partial(_clusters_by_columns, count)


def clusters_one_by_one(count: int) -> Callable[[], Callable[[], float]]:
    """Judge so many clusters by the national edition one by one, each with its evidence in words."""
    return partial(_clusters_one_by_one, count)


def firms_by_size(count: int) -> Callable[[], Callable[[], float]]:
    """Class so many enterprises by size; gives how many have a class."""
    return partial(_firms_by_size, count)


def firms_by_ladder(count: int) -> Callable[[], Callable[[], float]]:
    """Judge so many enterprises by the rules of all titles, reading and writing of the tables included."""
    return partial(_firms_by_ladder, count)


def _facts(count: int) -> dict[str, np.ndarray | dict[int, np.ndarray]]:
    random = np.random.default_rng(1)
    output = {year: random.lognormal(22.3, 0.5, count) for year in (2023, 2024, 2025)}
    shares = {name: random.uniform(0.5, 1.0, count) for name in ("sme_output_share", "leading_output_share")}
    known = {"area_km2": random.uniform(1.0, 150.0, count), "counties": random.integers(1, 3, count).astype(float)}
    return {"output_yuan": output, **shares, **known, **{name: random.poisson(2.0, count) for name in _COUNTS}}


def _clusters_by_columns(count: int) -> Callable[[], float]:
    facts, rule = _facts(count), edition("cn-sme-cluster", AS_OF)
    return lambda: float((judge_many(rule, columns_of(facts, 2025), AS_OF).states == 0).sum())


def _clusters_one_by_one(count: int) -> Callable[[], float]:
    facts, rule = _facts(count), edition("cn-sme-cluster", AS_OF)
    each = [
        {
            name: {"series": {str(year): float(values[at]) for year, values in given.items()}, "source": "benchmark"}
            if isinstance(given, dict)
            else {"value": float(given[at]), "source": "benchmark"}
            for name, given in facts.items()
        }
        for at in range(count)
    ]
    return lambda: float(sum(judge(rule, one, AS_OF).state == "unmet" for one in each))


def _sizes(count: int) -> tuple[pa.Array, np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    industry = pa.array(classes()).take(pa.array(random.integers(0, len(classes()), count)))
    employees = np.where(random.random(count) < 0.2, np.nan, np.floor(random.lognormal(2.5, 1.5, count)))
    revenue = np.where(random.random(count) < 0.4, np.nan, random.lognormal(15.0, 2.0, count))
    assets = np.where(random.random(count) < 0.5, np.nan, random.lognormal(15.0, 2.0, count))
    return industry, employees, revenue, assets


def _firms_by_size(count: int) -> Callable[[], float]:
    sizes = _sizes(count)
    return lambda: float(count - size_classes(*sizes).null_count)


def _firms_by_ladder(count: int) -> Callable[[], float]:
    folder = tempfile.TemporaryDirectory(prefix="gaoyuan-")
    workspace = gaoyuan.create(Path(folder.name) / "ladder")
    _fill(workspace, count)

    def work() -> float:
        result = climb(workspace, AS_OF)
        return float(folder.name != "" and result.firms)

    return work


def _fill(workspace: Workspace, count: int) -> None:
    """Write the tables that the ladder reads: firms with sizes, lists of titles, and forms of some firms."""
    random = np.random.default_rng(3)
    ids = pa.array([f"x{number:016x}" for number in range(count)])
    industry, employees, revenue, assets = _sizes(count)
    sizes = {"revenue_yuan": revenue, "assets_yuan": assets}
    firms = {
        "enterprise_id": ids,
        "name": ids,
        "employees": pa.array(employees, pa.int64(), from_pandas=True),
        **{name: pa.array(values, from_pandas=True) for name, values in sizes.items()},
    }
    titled = random.choice(count, count // 50, replace=False)
    titles = {
        "enterprise_id": ids.take(pa.array(titled)),
        "title": pa.array(random.choice(["innovative_sme", "srdi_sme", "hightech_firm", "little_giant"], titled.size)),
        "source": pa.repeat(pa.scalar("list"), titled.size),
    }
    given = np.repeat(random.choice(count, min(_GIVEN_FIRMS, count), replace=False), 6)
    asked = [
        "rd_expense_yuan",
        "main_revenue_yuan",
        "liabilities_yuan",
        "niche_years",
        "class1_ip_own_used",
        "rd_staff",
    ]
    facts = {
        "subject_kind": pa.repeat(pa.scalar("enterprise"), given.size),
        "subject": ids.take(pa.array(given)),
        "metric": pa.array(np.resize(asked, given.size)),
        "value": pa.array(random.lognormal(3.0, 1.0, given.size)),
        "source": pa.repeat(pa.scalar("form"), given.size),
    }
    with workspace.run("import") as run:
        workspace.write("register", _as_table("register", firms), run)
        workspace.write("enterprise", _as_table("enterprise", {"enterprise_id": ids, "industry": industry}), run)
        workspace.write("title", _as_table("title", titles), run)
        workspace.write("fact", _as_table("fact", facts), run)


def _as_table(name: str, columns: dict[str, pa.Array]) -> pa.Table:
    """Give columns as a table of the workspace; those that are not given are unknown."""
    schema, size = SCHEMAS[name].arrow, len(next(iter(columns.values())))
    return pa.Table.from_arrays(
        [
            columns[field.name].cast(field.type) if field.name in columns else pa.nulls(size, field.type)
            for field in schema
        ],
        schema=schema,
    )
