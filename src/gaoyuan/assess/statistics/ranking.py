"""Ranking the clusters of a workspace by indicators that the user chooses, with the stability of the ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.title_metrics import TITLES_OF_COUNT
from gaoyuan.assess.facts.yaml_reading import read_yaml
from gaoyuan.assess.plain_data import plain
from gaoyuan.assess.result_files import Cell, Sheet
from gaoyuan.assess.rules.model import Json
from gaoyuan.assess.rules.rulebook import as_date
from gaoyuan.assess.scoring import Errors, Indicator, Ranking, Weights, ahp_weights, rank
from gaoyuan.assess.scoring.methods import MethodName
from gaoyuan.assess.scoring.ranking import WeightRule
from gaoyuan.assess.statistics.cluster_lists import LEFT_OUT_HEADINGS, LeftOut, left_out_findings, left_out_rows
from gaoyuan.assess.statistics.cluster_records import Records, Selection, read_records
from gaoyuan.assess.statistics.indicator_values import (
    ERROR_WORDS,
    IndicatorValue,
    indicator_value,
    last_digits,
    table_values,
)
from gaoyuan.assess.statistics.ranking_notes import error_note, not_ranked_note, scoring_notes
from gaoyuan.assess.statistics.summing import lost_title_findings
from gaoyuan.assess.statistics.ties import Place, decisive, places
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
    """A ranking of clusters, with their names and the words of the indicators.

    `known` says of each ranked cluster and indicator what is known and how exactly; `not_ranked` are the clusters of
    which nothing asked for is known, `left_out` the rows of a list that add no known cluster.
    """

    ranking: Ranking
    names: Mapping[str, str]
    indicators: Mapping[str, tuple[str, str]]
    known: Mapping[str, Mapping[str, IndicatorValue]]
    as_of: dt.date
    not_ranked: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def places(self) -> list[Place]:
        """The places, the best first, with ties."""
        return places(self.ranking)

    @property
    def values(self) -> pd.DataFrame:
        """The values as they were ranked, nan where they are not known."""
        return pd.DataFrame(
            {name: {cluster: known[name].value for cluster, known in self.known.items()} for name in self.indicators}
        ).rename_axis(index="cluster_id")

    @property
    def tie_rule(self) -> tuple[str, str]:
        """What makes a tie, in Chinese and in English."""
        used, level = decisive(self.ranking), self.ranking.tie_level
        zh, en = ("权重与误差", "weights and errors") if used.weights_vary else ("误差（按所用权重）", "errors")
        if not used.weights_vary and used.samples == 1:
            return "并列：得分相同（所用数据没有已知误差）", "tie: the same score, as no error of these data is known"
        return (
            f"并列：在{zh}的 {used.samples} 次抽样（种子 {used.seed}）中，先后次序的概率低于 {level:.0%}",
            f"tie: in {used.samples} samples of {en} (seed {used.seed}) the order has a probability below {level:.0%}",
        )

    def rows(self) -> list[list[Cell]]:
        """Give a row for each cluster, as `HEADINGS` says; what is not certain is a range."""
        rows: list[list[Cell]] = []
        table = self.ranking.table
        by_subject = dict(zip(map(str, table.index), table.to_dict("records"), strict=True))
        for place in self.places:
            row = by_subject[place.subject]
            rows.append(
                [
                    place.subject,
                    self.names[place.subject],
                    place.rank,
                    TIED if place.tied else "",
                    _span(row["rank_low"], row["rank_high"]),
                    _span(round(row["score_low"], 4), round(row["score_high"], 4)),
                    _span(row["rank_95_low"], row["rank_95_high"]),
                    round(float(row["first_acceptability"]), 4),
                    "" if place.ahead is None else f"{place.ahead:.2f}{f' {OPEN}' if place.open else ''}",
                ]
            )
        return rows

    def as_data(self) -> dict[str, Json]:
        """Give the ranking as plain data for JSON, with what derives it again."""
        found = self.places
        order = [place.subject for place in found]
        rows = _records(self.ranking.table.loc[order].drop(columns="tier"))
        clusters: list[Json] = [
            {
                "cluster_id": place.subject,
                "name": self.names[place.subject],
                **row,
                "tied_rank": place.rank,
                "tied": place.tied,
                "ahead_of_next": place.ahead,
                "order_open": place.open,
                "values": {name: plain(one.value) for name, one in self.known[place.subject].items()},
                "errors": {name: plain(one) for name, one in self.known[place.subject].items() if one.error},
            }
            for place, row in zip(found, rows, strict=True)
        ]
        zh, en = self.tie_rule
        return {
            "as_of": self.as_of.isoformat(),
            "record": plain(self.ranking.record),
            "ties": {"level": self.ranking.tie_level, "zh": zh, "en": en},
            "clusters": clusters,
            "not_ranked": list(self.not_ranked),
            "left_out": plain(self.left_out),
            "findings": plain(self.findings),
        }

    def sheets(self) -> list[Sheet]:
        """Give the ranking, values, errors, the record and what is to be known of it as sheets of a workbook."""
        weights = dict(zip(self.ranking.weights.indicators, self.ranking.weights.values, strict=True))
        record = [(name, str(value)) for name, value in self.ranking.record.items()]
        values = self.values
        errors = [
            [cluster, self.names[cluster], name, one.value, one.low, one.high, " ".join(ERROR_WORDS[one.error])]
            for cluster, known in self.known.items() for name, one in known.items() if one.error
        ]  # fmt: skip
        errors = [[None if cell != cell else cell for cell in row] for row in errors]
        notes = [[one.kind, one.zh, one.en, one.mend_zh, one.mend_en] for one in self.findings]
        return [
            Sheet("排名 ranking", HEADINGS, self.rows()),
            Sheet("指标 values", ("集群标识", *values.columns), _rows(values)),
            Sheet(
                "误差 errors",
                ("集群标识", "集群", "指标 indicator", "数值 value", "下限 low", "上限 high", "依据 error"),
                errors,
            ),
            Sheet(
                "权重 weights",
                ("指标 indicator", "名称", "权重 weight"),
                [(name, self.indicators[name][0], float(weight)) for name, weight in weights.items()],
            ),
            Sheet("依据 record", ("项目 item", "内容 content"), [*record, ("并列 ties", " ".join(self.tie_rule))]),
            Sheet("未排名 not-ranked", ("集群标识", "集群"), [(name, self.names[name]) for name in self.not_ranked]),
            Sheet("名单未计入 left-out", LEFT_OUT_HEADINGS, left_out_rows(self.left_out)),
            Sheet("说明 notes", ("类别 kind", "说明", "note", "改法", "mend"), notes),
        ]


TIED, OPEN = "并列 tie", "未定 open"
HEADINGS = (
    "集群标识 id", "集群 cluster", "位次 rank", "并列 tie", "可能位次 possible", "得分 score", "95%位次区间 rank-95%",
    "居首概率 first", "先于下一位 ahead",
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
    value that is not known stays unknown and widens ranks to intervals; a cluster of which none is known is not ranked,
    and named. The errors of values are what the workspace knows of them (`indicator_value`); what they leave open is a
    tie (`places`).
    `weights` is a rule (equal, entropy, critic) or a YAML file of pairwise comparisons for AHP; without it, and without
    weights in the indicators, they are equal and marked as the product's own. Raises InputError for an indicator that
    there is not, ComparisonRefused for a ranking that the data cannot carry, StepMissing before `observe`.
    """
    day = as_date(as_of) if as_of is not None else dt.date.today()
    asked = [_indicator(text) for text in indicators]
    if not asked:
        raise InputError(
            "no indicator to rank by",
            mend="Name some: --by firms --by output_yuan --by area_km2:cost",
            zh="没有写明按什么指标排名",
            mend_zh="例如 --by firms --by output_yuan --by area_km2:cost",
        )
    records = read_records(workspace, selection or Selection(), day)
    names = [one.name for one, _ in asked]
    known = _known(workspace, records, names, day.year - 1)
    parts = {part: _frame(known, names, part) for part in ("value", "low", "high")}
    ranked = parts["value"].notna().any(axis=1) | parts["low"].notna().any(axis=1)
    values = parts["value"][ranked]
    if values.empty:
        raise InputError(
            "none of the indicators is known of any cluster",
            mend="Import facts, or name other indicators.",
            zh="所选指标没有一个集群有数据",
            mend_zh="导入事实，或换指标",
        )
    chosen = _weights(asked, weights)
    errors = Errors(low=parts["low"], high=parts["high"])
    used = [one for one, _ in asked]
    ranking = rank(values, used, weights=chosen, method=cast(MethodName, method), errors=errors, seed=seed)
    words = {name: _words(name) for name in names}
    titles = {title for name in names for title in TITLES_OF_COUNT.get(name, ())}
    cluster_names = {one.id: one.name for one in records.clusters}
    held = {str(cluster): known[str(cluster)] for cluster in values.index}
    not_ranked = tuple(sorted(set(known) - set(held)))
    findings = (
        *left_out_findings(records.left_out),
        *not_ranked_note(not_ranked, cluster_names),
        *(lost_title_findings(records, titles) if titles else ()),
        error_note(held),
        *scoring_notes(ranking, words),
    )
    return RankedClusters(ranking, cluster_names, words, held, day, not_ranked, records.left_out, findings)


def _known(
    workspace: Workspace, records: Records, names: Sequence[str], year: int
) -> dict[str, dict[str, IndicatorValue]]:
    """Give what is known of each indicator of each cluster."""
    digits = last_digits(workspace)
    shown = {name: table_values(workspace, name) for name in names if name in OF_THE_TABLE}
    return {
        record.id: {
            name: indicator_value(record, records, name, year, digits, shown.get(name, {}).get(record.id))
            for name in names
        }
        for record in records.clusters
    }


def _frame(known: Mapping[str, Mapping[str, IndicatorValue]], names: Sequence[str], part: str) -> pd.DataFrame:
    columns = {name: [float(getattr(values[name], part)) for values in known.values()] for name in names}
    return pd.DataFrame(columns, index=pd.Index(list(known), name="cluster_id"))


def _indicator(text: str) -> tuple[Indicator, float | None]:
    name, *parts = [part.strip() for part in text.split(":")]
    if name not in metrics() and name not in OF_THE_TABLE:
        raise InputError(
            f"there is no indicator {name!r}",
            mend=f"Columns of clusters: {', '.join(OF_THE_TABLE)}; metrics: see gaoyuan rules --metrics.",
            zh=f"没有名为 {name!r} 的指标",
            mend_zh=f"集群表的列：{'、'.join(OF_THE_TABLE)}；其他指标见 gaoyuan rules --metrics",
        )
    if name in metrics() and metrics()[name].is_text:
        raise InputError(
            f"{name!r} is in words and cannot be ranked by",
            mend="Name an indicator that is a number.",
            zh=f"{name!r} 是文字，不能用来排名",
            mend_zh="换一个数值指标",
        )
    lower = name in metrics() and metrics()[name].better == "lower"
    kind, weight = "cost" if lower else "benefit", None
    for part in parts:
        if part in ("benefit", "cost"):
            kind = part
        else:
            try:
                weight = float(part)
            except ValueError:
                raise InputError(
                    f"{text!r} is no indicator",
                    mend="Write NAME, NAME:cost, NAME:0.3.",
                    zh=f"{text!r} 不是指标",
                    mend_zh="写成 名称、名称:cost 或 名称:0.3",
                ) from None
    return Indicator(name, "cost" if kind == "cost" else "benefit"), weight


def _weights(
    asked: Sequence[tuple[Indicator, float | None]], rule: str | None
) -> Weights | Mapping[str, float] | WeightRule | None:
    given = {one.name: weight for one, weight in asked if weight is not None}
    if given and (rule is not None or len(given) < len(asked)):
        raise InputError(
            "weights for some indicators only, or beside a rule",
            mend="Give every indicator a weight, or none and --weights equal, entropy, critic or FILE.yaml.",
            zh="只给了部分指标的权重，或同时又指定了赋权方法",
            mend_zh="每个指标都给权重；或都不给，用 --weights equal、entropy、critic 或 FILE.yaml",
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
        raise InputError(
            "the file holds no comparisons",
            where=str(file),
            mend=mend,
            zh="文件中没有两两比较",
            mend_zh="写成 {revenue_yuan: {firms: 3}}：前者的重要程度是后者的几倍，大于 0",
        )
    matrix = pd.DataFrame(np.eye(len(names)), index=list(names), columns=list(names))
    for left, others in data.items():
        if not isinstance(others, Mapping | None):
            raise InputError(
                f"{left!r} is compared with nothing",
                where=str(file),
                mend=mend,
                zh=f"{left!r} 没有与任何指标比较",
                mend_zh="写成 {revenue_yuan: {firms: 3}}：前者的重要程度是后者的几倍，大于 0",
            )
        for right, judged in (others or {}).items():
            if left not in names or right not in names:
                raise InputError(
                    f"{left!r} or {right!r} is no indicator asked for",
                    where=str(file),
                    mend=f"Name: {', '.join(names)}",
                    zh=f"{left!r} 或 {right!r} 不在所选指标中",
                    mend_zh=f"所选指标：{'、'.join(names)}",
                )
            number = isinstance(judged, int | float) and not isinstance(judged, bool)
            if not number or not 1e-6 <= judged <= 1e6:
                raise InputError(
                    f"{left} to {right} is {judged!r}, no number above 0",
                    where=str(file),
                    mend=mend,
                    zh=f"{left} 与 {right} 之比 {judged!r} 不是大于 0 的数",
                    mend_zh="写成 {revenue_yuan: {firms: 3}}：前者的重要程度是后者的几倍，大于 0",
                )
            matrix.loc[left, right], matrix.loc[right, left] = float(judged), 1.0 / float(judged)
    return ahp_weights(matrix)


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
