"""The files of the sample province's offices: the list of titled firms and the facts of the planted clusters."""

from __future__ import annotations

import csv
import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.sample.office_cases import FIRM_CASES, SRDI, TITLES, case_of, firm_facts, office_facts, title_counts
from gaoyuan.sample.planting import PlantedCluster

_KEPT = 40
_REVENUE = "营业收入(万元)"
_TERM = ("2024-10-15", "2027-10-14")


@dataclass(frozen=True, slots=True)
class TopFirm:
    """One of the largest firms of a planted cluster."""

    uscc: str
    name: str
    revenue_yuan: float


class LargestFirms:
    """The firms of each planted cluster with the highest revenue, gathered while the register is written."""

    def __init__(self) -> None:
        self._firms: dict[int, list[tuple[float, str, str]]] = {}

    def add(self, rows: pa.RecordBatch, truth: pa.RecordBatch) -> None:
        """Note the planted firms (the rows of `truth`) of a batch of the register."""
        at = pc.index_in(truth.column("uscc"), rows.column("统一社会信用代码"))
        own = rows.take(at)
        revenue = own.column(_REVENUE).fill_null(0.0).to_numpy(zero_copy_only=False)
        planted = truth.column("planted").to_numpy(zero_copy_only=False)
        for number in np.unique(planted).tolist():
            mine = np.flatnonzero(planted == number)
            best = mine[np.argsort(-revenue[mine], kind="stable")[:_KEPT]]
            codes = own.column("统一社会信用代码").take(pa.array(best)).to_pylist()
            names = own.column("企业名称").take(pa.array(best)).to_pylist()
            found = [*self._firms.get(number, []), *zip(revenue[best].tolist(), codes, names, strict=True)]
            self._firms[number] = heapq.nlargest(_KEPT, found)

    def of(self, cluster: PlantedCluster) -> list[TopFirm]:
        """Give the largest firms of a cluster, the largest first."""
        return [TopFirm(code, name, revenue * 1e4) for revenue, code, name in self._firms.get(cluster.number, [])]


def write_titles(file: Path, planted: Sequence[PlantedCluster], largest: LargestFirms) -> None:
    """Write the list of titled firms as a province publishes it; a firm may hold several titles."""
    rows: list[tuple[object, ...]] = []
    for cluster in planted:
        firms = largest.of(cluster)
        for (title, level, _), count in zip(TITLES, title_counts(cluster), strict=True):
            # Every other list leaves out the credit codes, as lists do.
            rows.extend(
                (len(rows) + at, firm.name, firm.uscc if at % 2 else "", title, level, "2024年", *_TERM)
                for at, firm in enumerate(firms[:count], start=1)
            )
    _write(file, ("序号", "企业名称", "统一社会信用代码", "称号", "级别", "批次", "认定日期", "有效期至"), rows)


def write_facts(file: Path, planted: Sequence[PlantedCluster], largest: LargestFirms, seed: int) -> None:
    """Write the facts of the planted clusters, and of the firms in each that are next to a title, as rows of a file."""
    rows: list[tuple[object, ...]] = []
    for cluster in planted:
        rows.extend((cluster_id(cluster), *fact) for fact in office_facts(cluster, seed))
        first = title_counts(cluster)[SRDI]
        for case, firm in zip(FIRM_CASES, largest.of(cluster)[first:], strict=False):
            rows.extend((firm.uscc, *fact) for fact in firm_facts(firm.revenue_yuan, case))
    _write(file, ("标识", "指标", "年份", "值", "单位", "来源"), rows)


def expected_verdicts(planted: Sequence[PlantedCluster]) -> pa.Table:
    """Give the rows of the table `sample_verdict`."""
    cases = [case_of(cluster) for cluster in planted]
    return pa.table(
        {
            "planted": pa.array([cluster.number for cluster in planted], pa.int64()),
            "cluster_id": pa.array([cluster_id(cluster) for cluster in planted], pa.string()),
            "expected": pa.array([case.expected for case in cases], pa.string()),
            "criterion": pa.array([case.criterion or None for case in cases], pa.string()),
        }
    )


def cluster_id(cluster: PlantedCluster) -> str:
    """Give the id by which a planted cluster is found: its county and industry."""
    return f"{cluster.county}-{cluster.industry}"


def _write(file: Path, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(headings)
        writer.writerows(["" if value is None else value for value in row] for row in rows)
