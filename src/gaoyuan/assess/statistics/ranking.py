"""Ranking the clusters of a workspace by indicators that the user chooses, with the stability of the ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import yaml

from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.title_metrics import COUNT_OF_TITLE
from gaoyuan.assess.result_files import Cell, Sheet, plain
from gaoyuan.assess.rules.model import Json
from gaoyuan.assess.rules.rulebook import as_date
from gaoyuan.assess.scoring import Indicator, Ranking, Weights, ahp_weights, rank
from gaoyuan.assess.scoring.methods import MethodName
from gaoyuan.assess.scoring.ranking import WeightRule
from gaoyuan.assess.statistics.cluster_records import ClusterRecord, Records, Said, Selection, read_records
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
    try:
        data = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise InputError(f"the comparisons cannot be read ({fault})", where=str(file), mend="Mend the file.") from None
    matrix = pd.DataFrame(np.eye(len(names)), index=list(names), columns=list(names))
    for left, others in (data or {}).items():
        for right, judged in (others or {}).items():
            if left not in names or right not in names:
                raise InputError(
                    f"{left!r} or {right!r} is no indicator asked for",
                    where=str(file),
                    mend=f"Name: {', '.join(names)}",
                )
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
    """Give the one value of a cluster: of the year, else without one; the register's only where it is whole."""
    claims: Sequence[Said] = record.facts.get(name, ())
    for own in ([one for one in claims if one.year == year], [one for one in claims if one.year is None]):
        if own:
            values = {one.value for one in own}
            return values.pop() if len(values) == 1 else None
    title = next((title for title, metric in COUNT_OF_TITLE.items() if metric == name), None)
    if title is not None:
        holders = [firm for firm in records.members.get(record.id, ()) if title in records.holdings.get(firm, {})]
        return float(len(holders)) if title in records.titles else None
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
