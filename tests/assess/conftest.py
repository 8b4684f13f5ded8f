"""Workspaces with more facts of firms than the sample has, and one small enough to compute its figures by hand."""

from __future__ import annotations

import datetime as dt
import shutil

import pyarrow as pa
import pytest

from gaoyuan.assess.facts.importing import import_facts
from gaoyuan.workspace import Workspace, create_workspace, open_workspace
from gaoyuan.workspace.tables import SCHEMAS

FORM = """标识,指标,年份,值,单位,来源
{0},industry,,1771,,甲
{0},employees,2025,990,人,甲
{0},employees,2025,1010,人,乙
{0},revenue_yuan,2025,5亿元,,甲
{1},employees,2024,100,人,甲
{1},revenue_yuan,,5000,万元,甲
{1},niche_years,2024,2,年,甲
{1},niche_years,2025,3,年,甲
{2},industry,,5212,,甲
{2},employees,2027,30,人,甲
{2},negative_events,2027,3,起,甲
{3},industry,,1771,,甲
{3},industry,,5212,,乙
{3},size_class,,小型,,甲
{3},size_class,,微型,,乙
{4},size_class,,大型,,甲
{4},provincial_title_in_force,,是,,甲
{5},leading_product_field,,新兴产业、未来产业,,甲
{5},leading_product_field,,新兴产业,,乙
{6},negative_events,2023,1,起,甲
{6},negative_events,2026,0,起,甲
{7},employees,,77,人,登记数据 register
{8},employees,,77,人,登记数据 register
{8},employees,,55,人,甲
{9},employees,,77,人,登记数据 register
"""
"""Claims that differ, stocks by year, years that are missing or to come, industries and classes of one's own, and
copies of the register.
"""


@pytest.fixture(scope="session")
def told_sample(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample with awkward facts of ten more firms. Read it only."""
    folder = tmp_path_factory.mktemp("told")
    workspace = open_workspace(shutil.copytree(sample_workspace.path, folder / "workspace"))
    register = workspace.read("register", ["enterprise_id", "employees"]).to_pandas().sort_values("enterprise_id")
    told = set(workspace.read("fact", ["subject"])["subject"].to_pylist())
    register = register[~register["enterprise_id"].isin(told)]
    known = register[register["employees"].notna()]["enterprise_id"].tolist()
    unknown = register[register["employees"].isna()]["enterprise_id"].iloc[0]
    file = folder / "firms.csv"
    file.write_text(FORM.format(*known[:9], unknown), encoding="utf-8")
    (imported,) = import_facts(workspace, [file])
    assert (imported.rejected, imported.subjects) == (0, 10)
    return workspace


A, B, C, D = "370827-1523", "370830-1811", "shandong_specialty-001", "330108-3911"
Cells = tuple[object, ...]

CLUSTERS: list[Cells] = [
    (A, "鱼台果汁", "370827", "1523", None, "cells", 3, "鱼台果汁集群"),
    (B, "汶上服装", "370830", "1811", None, "cells", 2, None),
    (C, "鱼台纺织", "370827", None, "纺织", None, None, "鱼台纺织集群"),
    (D, "滨江计算机", "330108", "3911", None, "cells", 1, None),
]
"""C is only recognised, in the county of A: nobody found firms of it."""

MEMBERS: list[Cells] = [
    (A, "e1", 130, 1.0e10),
    (A, "e2", None, None),
    (A, "e3", 20, 1.0e9),
    (B, "e3", 20, 1.0e9),
    (B, "e4", 10, None),
    (D, "e5", 10, 5.0e8),
]
"""A firm in two clusters; the register lacks both figures of e2 and the revenue of e4."""

RECOGNISED: list[Cells] = [
    ("national-001", "national", "1", "370827", "鱼台果汁集群"),
    ("national-002", "national", "1", "440306", "宝安模具集群"),
    ("national-003", "national", "2", "370685", "招远黄金集群"),
    ("shandong_specialty-001", "shandong_specialty", None, "370827", "鱼台纺织集群"),
]

TITLES: list[Cells] = [
    ("e1", "甲", "little_giant", dt.date(2023, 7, 14), "day", dt.date(2026, 7, 13)),
    ("e1", "甲", "hightech_firm", dt.date(2023, 11, 29), "day", dt.date(2026, 11, 28)),
    ("e2", "乙", "srdi_sme", dt.date(2022, 6, 30), "day", dt.date(2025, 6, 29)),
    ("e3", "丙", "srdi_sme", dt.date(2024, 5, 1), "month", dt.date(2027, 4, 30)),
    ("e3", "丙", "gazelle", None, None, None),
    ("e4", "丁", "hightech_firm", dt.date(2025, 1, 1), "year", dt.date(2027, 12, 31)),
    (None, "戊", "little_giant", dt.date(2024, 9, 1), "day", dt.date(2027, 8, 31)),
]
"""On 30 June 2025 the title of e2 has just ended, and two are open; the last firm is not in the register."""

FACTS: list[Cells] = [
    ("cluster", A, "output_yuan", 2023, 1.0e10),
    ("cluster", A, "output_yuan", 2024, 1.21e10),
    ("cluster", B, "output_yuan", 2024, 3.0e9),
    ("cluster", C, "output_yuan", 2023, 2.0e9),
    ("cluster", C, "output_yuan", 2024, 2.2e9),
    ("cluster", D, "output_yuan", 2024, 9.0e9),
    ("cluster", A, "innovation_platforms", None, 7.0),
    ("cluster", C, "innovation_platforms", None, 4.0),
    ("cluster", A, "platform_adoption", 2024, 0.6),
    ("cluster", B, "platform_adoption", 2024, 0.3),
    ("cluster", C, "little_giants", 2024, 5.0),
    ("region", "370000", "provincial_clusters", 2023, 14.0),
    ("region", "370000", "provincial_clusters", 2024, 20.0),
    ("region", "330000", "provincial_clusters", 2024, 50.0),
]


@pytest.fixture(scope="session")
def few_clusters(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three clusters in Shandong and one in Zhejiang with their firms, titles and facts. Read it only."""
    workspace = create_workspace(tmp_path_factory.mktemp("few") / "workspace")
    with workspace.run("observe") as run:
        columns = "cluster_id name county industry theme found_by firms recognised"
        workspace.write("cluster", _rows("cluster", columns, CLUSTERS), run)
        columns = "cluster_id enterprise_id employees revenue_yuan"
        workspace.write("cluster_member", _rows("cluster_member", columns, MEMBERS), run)
        columns = "recognised_id list batch county name"
        workspace.write("recognised_cluster", _rows("recognised_cluster", columns, RECOGNISED), run)
    with workspace.run("import") as run:
        columns = "source enterprise_id name title granted granted_precision valid_to"
        workspace.write("title", _rows("title", columns, [("工信厅名单", *row) for row in TITLES]), run)
        columns = "source subject_kind subject metric year value"
        workspace.write("fact", _rows("fact", columns, [("统计局", *row) for row in FACTS]), run)
    return workspace


def _rows(table: str, columns: str, rows: list[Cells]) -> pa.Table:
    """Give rows of a table; the columns that are not named are null."""
    named = [dict(zip(columns.split(), row, strict=True)) for row in rows]
    return pa.Table.from_pylist(named, schema=SCHEMAS[table].arrow)
