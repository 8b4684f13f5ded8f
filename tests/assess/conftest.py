"""Workspaces with more facts of firms than the sample has."""

from __future__ import annotations

import shutil

import pytest

from gaoyuan.assess.facts.importing import import_facts
from gaoyuan.workspace import Workspace, open_workspace

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
