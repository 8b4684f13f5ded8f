"""Ranking the clusters of a workspace by indicators that the user chooses, with the stability of the ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from gaoyuan.assess.facts.agreement import agree, counting
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.title_metrics import TITLES_OF_COUNT
from gaoyuan.assess.facts.title_validity import any_holds
from gaoyuan.assess.facts.yaml_reading import read_yaml
from gaoyuan.assess.plain_data import plain
from gaoyuan.assess.result_files import Cell, Sheet
from gaoyuan.assess.rules.model import Json
from gaoyuan.assess.rules.rulebook import as_date
from gaoyuan.assess.scoring import Indicator, Ranking, Weights, ahp_weights, rank
from gaoyuan.assess.scoring.methods import MethodName
from gaoyuan.assess.scoring.ranking import WeightRule
from gaoyuan.assess.statistics.cluster_records import ClusterRecord, Records, Selection, read_records
from gaoyuan.errors import InputError
from gaoyuan.workspace import Workspace

OF_THE_TABLE: Mapping[str, tuple[str, str]] = {
    "location_quotient": ("区位商", "location quotient"),
    "minus_log10_p": ("显著性", "significance"),
    "stability": ("稳定度", "stability of the footprint"),
    "area_km2": ("面积", "area"),
    "firms_per_km2": ("企业密度", "firms per km²"),
}
"""Indicators of the table `cluster`; others are metrics of facts and of the register, or titles counted."""


@dataclass(frozen=True, slots=True)
class RankedClusters:
    """A ranking of clusters, with their names and the words of the indicators."""

    ranking: Ranking
    names: Mapping[str, str]
    indicators: Mapping[str, tuple[str, str]]
    values: pd.DataFrame
    as_of: dt.date

    def rows(self) -> list[list[Cell]]:
        """Give a row for each cluster, as `HEADINGS` says; what is not certain is a range."""
        return [
            [
                str(name),
                self.names[str(name)],
                int(row["tier"]),
                _span(row["rank_low"], row["rank_high"]),
                _span(round(row["score_low"], 4), round(row["score_high"], 4)),
                _span(row["rank_95_low"], row["rank_95_high"]),
                round(float(row["first_acceptability"]), 4),
            ]
            for name, row in self.ranking.table.iterrows()
        ]

    def as_data(self) -> dict[str, Json]:
        """Give the ranking as plain data for JSON, with what derives it again."""
        values = self.values.loc[self.ranking.table.index]
        rows = zip(map(str, values.index), _records(self.ranking.table), _records(values), strict=True)
        return {
            "as_of": self.as_of.isoformat(),
            "record": plain(self.ranking.record),
            "clusters": [
                {"cluster_id": name, "name": self.names[name], **row, "values": known} for name, row, known in rows
            ],
            "findings": [finding.text for finding in self.ranking.findings],
        }

    def sheets(self) -> list[Sheet]:
        """Give the ranking, the values and the record as sheets of a workbook."""
        weights = dict(zip(self.ranking.weights.indicators, self.ranking.weights.values, strict=True))
        record = [(name, str(value)) for name, value in self.ranking.record.items()]
        return [
            Sheet("排名 ranking", HEADINGS, self.rows()),
            Sheet("指标 values", ("集群标识", *self.values.columns), _rows(self.values)),
            Sheet(
                "权重 weights",
                ("指标 indicator", "名称", "权重 weight"),
                [(name, self.indicators[name][0], float(weight)) for name, weight in weights.items()],
            ),
            Sheet("依据 record", ("项目 item", "内容 content"), record),
        ]


HEADINGS = (
    "集群标识 id", "集群 cluster", "档次 tier", "位次 rank", "得分 score", "95%位次区间 rank-95%", "居首概率 first",
)  # fmt: skip


def rank_clusters(
    workspace: Workspace,
    indicators: Sequence[str],
    selection: Selection | None = None,
    *,
    weights: str | None = None,
    method: str = "weighted sum",
    as_of: dt.date | str | None = None,
    seed: int = 0,
) -> RankedClusters:
    """Rank clusters by indicators: `name`, with `:cost` where less is better, with a weight as in `name:cost:0.3`.

    Indicators are columns of the table `cluster` (`OF_THE_TABLE`), metrics of facts, and counts of titled members. A
    value that is not known stays unknown and widens ranks to intervals; a cluster of which none is known is not ranked.
    `weights` is a rule (equal, entropy, critic) or a YAML file of pairwise comparisons for AHP; without it, and without
    weights in the indicators, they are equal and marked as the product's own. Raises InputError for an indicator that
    there is not, ComparisonRefused for a ranking that the data cannot carry, StepMissing before `observe`.
    """
    day = as_date(as_of) if as_of is not None else dt.date.today()
    asked = [_indicator(text) for text in indicators]
    if not asked:
        raise InputError("no indicator to rank by", mend="Name some: --by firms --by output_yuan --by area_km2:cost")
    records = read_records(workspace, selection or Selection(), day)
    names = [one.name for one, _ in asked]
    values = pd.DataFrame(
        {name: _values(workspace, records, name, day.year - 1) for name in names},
        index=pd.Index([record.id for record in records.clusters], name="cluster_id"),
    )
    values = values.dropna(how="all")
    if values.empty:
        raise InputError(
            "none of the indicators is known of any cluster", mend="Import facts, or name other indicators."
        )
    chosen = _weights(asked, weights)
    ranking = rank(values, [one for one, _ in asked], weights=chosen, method=cast(MethodName, method), seed=seed)
    words = {name: _words(name) for name in names}
    return RankedClusters(ranking, {one.id: one.name for one in records.clusters}, words, values, day)


def _indicator(text: str) -> tuple[Indicator, float | None]:
    name, *parts = [part.strip() for part in text.split(":")]
    if name not in metrics() and name not in OF_THE_TABLE:
        raise InputError(
            f"there is no indicator {name!r}",
            mend=f"Columns of clusters: {', '.join(OF_THE_TABLE)}; metrics: see gaoyuan rules --metrics.",
        )
    if name in metrics() and metrics()[name].is_text:
        raise InputError(f"{name!r} is in words and cannot be ranked by", mend="Name an indicator that is a number.")
    lower = name in metrics() and metrics()[name].better == "lower"
    kind, weight = "cost" if lower else "benefit", None
    for part in parts:
        if part in ("benefit", "cost"):
            kind = part
        else:
            try:
                weight = float(part)
            except ValueError:
                raise InputError(f"{text!r} is no indicator", mend="Write NAME, NAME:cost, NAME:0.3.") from None
    return Indicator(name, "cost" if kind == "cost" else "benefit"), weight


def _weights(
    asked: Sequence[tuple[Indicator, float | None]], rule: str | None
) -> Weights | Mapping[str, float] | WeightRule | None:
    given = {one.name: weight for one, weight in asked if weight is not None}
    if given and (rule is not None or len(given) < len(asked)):
        raise InputError(
            "weights for some indicators only, or beside a rule",
            mend="Give every indicator a weight, or none and --weights equal, entropy, critic or FILE.yaml.",
        )
    if given:
        return given
    if rule is not None and rule.endswith((".yaml", ".yml")):
        return _ahp(Path(rule), [one.name for one, _ in asked])
    return cast("WeightRule | None", rule)


def _ahp(file: Path, names: Sequence[str]) -> Weights:
    """Read pairwise comparisons: a mapping from indicator to how much more it counts than each later one."""
    data = read_yaml(file, "the comparisons") or {}
    mend = "Write {revenue_yuan: {firms: 3}}: how many times as much the first counts, a number above 0."
    if not isinstance(data, Mapping):
        raise InputError("the file holds no comparisons", where=str(file), mend=mend)
    matrix = pd.DataFrame(np.eye(len(names)), index=list(names), columns=list(names))
    for left, others in data.items():
        if not isinstance(others, Mapping | None):
            raise InputError(f"{left!r} is compared with nothing", where=str(file), mend=mend)
        for right, judged in (others or {}).items():
            if left not in names or right not in names:
                raise InputError(
                    f"{left!r} or {right!r} is no indicator asked for",
                    where=str(file),
                    mend=f"Name: {', '.join(names)}",
                )
            number = isinstance(judged, int | float) and not isinstance(judged, bool)
            if not number or not 1e-6 <= judged <= 1e6:
                raise InputError(f"{left} to {right} is {judged!r}, no number above 0", where=str(file), mend=mend)
            matrix.loc[left, right], matrix.loc[right, left] = float(judged), 1.0 / float(judged)
    return ahp_weights(matrix)


def _values(workspace: Workspace, records: Records, name: str, year: int) -> list[float]:
    table = _table_values(workspace, name) if name in OF_THE_TABLE else {}
    return [_first(_said(record, records, name, year), table.get(record.id)) for record in records.clusters]


def _first(said: float | None, shown: float | None) -> float:
    """What was said of a cluster comes before what the table shows; unknown is nan."""
    found = said if said is not None else shown
    return float("nan") if found is None else float(found)


def _table_values(workspace: Workspace, name: str) -> dict[str, float | None]:
    columns = ["cluster_id", "firms", "area_km2"] if name == "firms_per_km2" else ["cluster_id", name]
    rows = workspace.read("cluster", columns).to_pylist()
    if name == "firms_per_km2":
        return {row["cluster_id"]: row["firms"] / row["area_km2"] if row["area_km2"] else None for row in rows}
    return {row["cluster_id"]: row[name] for row in rows}


def _said(record: ClusterRecord, records: Records, name: str, year: int) -> float | None:
    """Give the one value of a cluster in the last full year, of a stock as it is now: nan where sources disagree, or
    where the lists leave open who holds a title; the register's only where it is whole.
    """
    series = name in metrics() and metrics()[name].series
    claims = ((one.year, one.value) for one in record.facts.get(name, ()))
    if said := counting(claims, year if series else year + 1, year, series=series):
        return said[0] if agree(said) else float("nan")
    if titles := set(TITLES_OF_COUNT.get(name, ())):
        if not titles & set(records.titles):
            return None
        firms = [records.holdings.get(firm, {}) for firm in records.members.get(record.id, ())]
        states = [any_holds(firm[title].certain or None for title in titles & set(firm)) for firm in firms]
        return float("nan") if None in states else float(states.count(True))
    registered = record.register.get(name)
    return registered.value if registered is not None and registered.complete else None


def _words(name: str) -> tuple[str, str]:
    return OF_THE_TABLE[name] if name in OF_THE_TABLE else (metrics()[name].zh, metrics()[name].en)


def _span(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


def _records(table: pd.DataFrame) -> list[dict[str, Json]]:
    """Give rows as plain data; what is missing is null."""
    return [
        {str(name): None if pd.isna(value) else plain(value) for name, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]


def _rows(values: pd.DataFrame) -> list[list[Cell]]:
    return [
        [str(name), *(None if np.isnan(one) else float(one) for one in row)]
        for name, row in zip(values.index, values.to_numpy(), strict=True)
    ]
