from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from gaoyuan.assess import Facts, judge
from gaoyuan.assess.facts.importing import import_facts
from gaoyuan.assess.facts.known import known_facts
from gaoyuan.errors import NotFound, ResultsOutdated, StepMissing
from gaoyuan.observe import observe
from gaoyuan.registry import import_enterprises, import_titles
from gaoyuan.workspace import Workspace, create_workspace, open_workspace

TOWELS = "130628-1771"
AS_OF = dt.date(2026, 6, 30)
REGISTER = """企业名称,统一社会信用代码,行业代码,注册地址,成立日期,从业人员,营业收入(万元),资产总额(万元)
高阳甲毛巾厂,91350100M000100Y43,1771,河北省保定市高阳县1号,2024-07-01,30,2000,1500
高阳乙毛巾厂,,1771,河北省保定市高阳县2号,2027-01-01,,,
"""


@pytest.fixture
def towels(uneven_workspace: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the workspace with 144 makers of towels in Gaoyang, whose employees are known, not the revenue."""
    return open_workspace(shutil.copytree(uneven_workspace.path, tmp_path / "workspace"))


@pytest.fixture
def two_firms(tmp_path: Path) -> Workspace:
    """A workspace of two firms, before anything was observed."""
    workspace = create_workspace(tmp_path / "two")
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    (imported,) = import_enterprises(workspace, [tmp_path / "register.csv"], today=dt.date(2027, 6, 1))
    assert imported.accepted == 2
    return workspace


def give(workspace: Workspace, rows: str) -> None:
    file = workspace.path.parent / f"facts-{hash(rows) % 10**8}.csv"
    file.write_text(f"标识,指标,年份,值,来源,运行\n{rows}", encoding="utf-8")
    (imported,) = import_facts(workspace, [file])
    assert imported.rejected == 0


def grant(workspace: Workspace, *rows: str) -> None:
    """Import a list of rows: firm, credit code, title, granted, valid to."""
    file = workspace.path.parent / "公告.csv"
    file.write_text("\n".join(["企业名称,统一社会信用代码,称号,认定日期,有效期至", *rows]), encoding="utf-8")
    (imported,) = import_titles(workspace, [file])
    assert imported.rejected == 0


def values(facts: Facts, metric: str) -> list[object]:
    return [claim.value for claim in facts.of(metric)]


def test_what_the_register_shows_of_a_cluster_has_source_and_run(towels: Workspace):
    facts = known_facts(towels, TOWELS, AS_OF)
    assert values(facts, "firms") == [144.0]
    assert values(facts, "counties") == [1.0]
    members = towels.read("cluster_member").to_pandas().query("cluster_id == @TOWELS")
    assert values(facts, "employees") == [members["employees"].sum()]
    (claim,) = facts.of("employees")
    assert (claim.source, claim.run) == ("登记数据 register", towels.read("cluster")["run"][0].as_py())


def test_a_sum_of_which_a_part_is_missing_is_not_filled_in(towels: Workspace, sample_workspace: Workspace):
    assert "revenue_yuan" not in known_facts(towels, TOWELS, AS_OF)
    for row in sample_workspace.to_arrow(sample_workspace.table("cluster").drop("footprint")).to_pylist():
        if row["found_by"] is not None:
            facts = known_facts(sample_workspace, row["cluster_id"], AS_OF)
            assert row["size_coverage"] < 1
            assert not {"revenue_yuan", "employees"} & set(facts)


def test_titles_count_on_the_days_on_which_they_hold(towels: Workspace):
    grant(
        towels,
        "高阳1毛巾厂,,专精特新“小巨人”企业,2023-07-01,2026-06-30",
        "高阳2毛巾厂,,专精特新“小巨人”企业,2026-06-30,2029-06-29",
        "高阳3毛巾厂,,专精特新“小巨人”企业,2026-07-01,2029-06-30",
        "高阳4毛巾厂,,专精特新“小巨人”企业,2020-07-01,2026-06-29",
        "高阳5毛巾厂,,专精特新“小巨人”企业,,",
        "高阳1毛巾厂,,专精特新“小巨人”企业,2025-07-01,2028-06-30",
    )
    claim, more = known_facts(towels, TOWELS, AS_OF).of("little_giants")
    assert (claim.value, claim.source) == (2.0, "称号名单 titles: 公告.csv")
    assert claim.run == towels.read("title")["run"][0].as_py()
    # Of the fifth firm nobody says from when to when it holds the title.
    assert (more.value, more.source) == (3.0, "称号名单 titles: 公告.csv（含有效期未知 with periods unknown）")
    assert values(known_facts(towels, TOWELS, dt.date(2026, 7, 1)), "little_giants") == [3.0, 4.0]


def test_a_key_little_giant_counts_as_a_little_giant_of_the_cluster_once(towels: Workspace):
    grant(
        towels,
        "高阳1毛巾厂,,重点小巨人,2024-07-01,2027-06-30",
        "高阳1毛巾厂,,小巨人,2024-07-01,2027-06-30",
        "高阳2毛巾厂,,小巨人,2024-07-01,2027-06-30",
    )
    assert values(known_facts(towels, TOWELS, AS_OF), "little_giants") == [2.0]


def test_of_a_title_without_a_list_nothing_is_known_and_on_a_list_without_a_member_none_holds_it(towels: Workspace):
    grant(towels, "甲1乙2004丙2公司,,高企,2025-01-01,2027-12-31", "高阳4毛巾厂,,单项冠军,2019-01-01,2021-12-31")
    facts = known_facts(towels, TOWELS, AS_OF)
    assert values(facts, "hightech_firms") == [0.0]
    assert "little_giants" not in facts
    # The one list there is of single champions is of years long past: it does not say who is one on the day.
    assert "single_champions" not in facts
    assert values(known_facts(towels, TOWELS, dt.date(2020, 1, 1)), "single_champions") == [1.0]


def test_a_firm_of_a_list_that_was_not_found_may_be_a_member_of_its_name_and_else_is_said_beside_the_count(
    towels: Workspace,
):
    more = towels.path.parent / "more.csv"
    rows = [f"高阳7毛巾厂,1771,河北省保定市高阳县庞口镇{number}号,2010-05-06,30" for number in (901, 902)]
    more.write_text("\n".join(["企业名称,行业代码,注册地址,成立日期,从业人员", *rows]), encoding="utf-8")
    import_enterprises(towels, [more])
    observe(towels)
    grant(
        towels,
        "高阳1毛巾厂,,专精特新“小巨人”企业,2025-07-01,2028-06-30",
        "高阳７毛巾厂,,专精特新“小巨人”企业,2025-07-01,2028-06-30",
        "外省无名厂,,专精特新“小巨人”企业,2025-07-01,2028-06-30",
    )
    least, most = known_facts(towels, TOWELS, AS_OF).of("little_giants")
    assert (least.value, most.value) == (1.0, 2.0)
    assert "2 家未在登记数据中找到" in least.source
    assert "同名" in most.source
    verdict = judge("cn-sme-cluster", known_facts(towels, TOWELS, AS_OF), AS_OF)
    assert verdict.criteria["2"].state.value == "met"
    assert [found.metric for found in verdict.findings if found.kind == "sources_disagree"] == ["little_giants"]


def test_a_cluster_that_is_only_recognised_has_no_members_to_count(sample_workspace: Workspace):
    clusters = sample_workspace.to_arrow(sample_workspace.table("cluster").drop("footprint")).to_pylist()
    only = next(row for row in clusters if row["found_by"] is None and row["counties"])
    facts = known_facts(sample_workspace, only["cluster_id"], AS_OF)
    assert {name: values(facts, name) for name in facts} == {"counties": [1.0]}


def test_facts_of_a_cluster_need_no_register(tmp_path: Path):
    workspace = create_workspace(tmp_path / "w")
    with pytest.raises(StepMissing, match="observe"):
        known_facts(workspace, TOWELS, AS_OF)
    give(workspace, f"{TOWELS},area_km2,,30,县局,\n")
    assert values(known_facts(workspace, TOWELS, AS_OF), "area_km2") == [30.0]
    with pytest.raises(StepMissing, match="observe"):
        known_facts(workspace, "130628-1772", AS_OF)


def test_a_region_has_what_was_given_of_it(towels: Workspace):
    give(towels, "130628,employees,2025,12万人,统计局,\n")
    (claim,) = known_facts(towels, "130628", AS_OF).of("employees")
    assert (dict(claim.series), claim.source) == ({2025: 120_000.0}, "统计局")
    with pytest.raises(NotFound, match="nothing is known of '130600'"):
        known_facts(towels, "130600", AS_OF)


@pytest.mark.parametrize("subject", ["130628-9999", "91350100M000100Y43", "x0123456789abcdef", "集群", "", "'; --"])
def test_a_subject_that_nobody_knows_is_not_found(towels: Workspace, subject: str):
    with pytest.raises(NotFound, match="nothing is known"):
        known_facts(towels, subject, AS_OF)


def test_what_was_given_comes_before_what_the_tables_show_and_a_finding_tells_where_they_are_far_apart(
    towels: Workspace,
):
    give(towels, f"{TOWELS},firms,2025,150,县局,\n{TOWELS},employees,2025,9000,县局,\n{TOWELS},area_km2,,30,县局,\n")
    facts = known_facts(towels, TOWELS, AS_OF)
    assert facts.of("employees")[0].series == {2025: 9000.0}
    assert [(found.kind, found.metric) for found in facts.findings] == [("sources_disagree", "employees")]
    assert "9,000 人" in facts.findings[0].zh
    assert "登记数据 3,744 人" in facts.findings[0].zh


def test_a_copy_of_the_register_that_came_back_with_a_form_gives_way_to_the_register_and_to_others(towels: Workspace):
    give(
        towels,
        f"{TOWELS},firms,,100,登记数据 register,old-run\n{TOWELS},revenue_yuan,,5亿元,登记数据 register,old-run\n"
        f"{TOWELS},little_giants,,2,称号名单 titles: 公告.csv,old-run\n{TOWELS},little_giants,,3,县局,\n",
    )
    facts = known_facts(towels, TOWELS, AS_OF)
    assert values(facts, "firms") == [144.0]
    assert [(claim.value, claim.source) for claim in facts.of("little_giants")] == [(3.0, "县局")]
    assert [(claim.value, claim.run) for claim in facts.of("revenue_yuan")] == [(5e8, "old-run")]
    assert facts.findings == ()


def test_after_a_new_register_the_clusters_are_outdated(towels: Workspace):
    (towels.path.parent / "more.csv").write_text(REGISTER, encoding="utf-8")
    import_enterprises(towels, [towels.path.parent / "more.csv"])
    for subject in (TOWELS, "91350100M000100Y43"):
        with pytest.raises(ResultsOutdated, match="gaoyuan observe"):
            known_facts(towels, subject, AS_OF)


def test_of_an_enterprise_the_figures_the_age_and_the_titles_are_known(two_firms: Workspace):
    grant(
        two_firms,
        "高阳甲毛巾厂,91350100M000100Y43,创新型中小企业,2025-01-01,2027-12-31",
        "外县厂,,专精特新中小企业,2025-01-01,2027-12-31",
        "高阳乙毛巾厂,91130628MA07A0001X,高企,2025-01-01,2027-12-31",
    )
    facts = known_facts(two_firms, "91350100M000100Y43", dt.date(2027, 7, 1))
    assert {name: values(facts, name) for name in facts} == {
        "employees": [30.0],
        "revenue_yuan": [2.0e7],
        "assets_yuan": [1.5e7],
        "age_years": [3.0],
        "innovative_title_in_force": [1.0],
        "provincial_title_in_force": [0.0],
        "hightech_title_in_force": [0.0],
    }
    assert facts.of("innovative_title_in_force")[0].source == "称号名单 titles: 公告.csv"
    assert "innovative_title_in_force" not in known_facts(two_firms, "91350100M000100Y43", dt.date(2028, 1, 1))


def test_a_firm_without_a_code_and_founded_in_days_to_come_has_no_age(two_firms: Workspace):
    ids = two_firms.read("register", ["enterprise_id", "name"]).to_pylist()
    firm = next(row["enterprise_id"] for row in ids if row["name"] == "高阳乙毛巾厂")
    with pytest.raises(NotFound):
        known_facts(two_firms, firm, AS_OF)
    assert set(known_facts(two_firms, firm, dt.date(2027, 6, 1))) == {"age_years"}


@pytest.mark.parametrize(
    ("day", "age"),
    [("2025-06-30", 0.997), ("2025-07-01", 1.0), ("2027-06-30", 2.997), ("2027-07-01", 3.0), ("2028-07-01", 4.0)],
)
def test_years_are_full_on_the_anniversary_not_a_quarter_of_a_day_later(two_firms: Workspace, day: str, age: float):
    (claim,) = known_facts(two_firms, "91350100M000100Y43", dt.date.fromisoformat(day)).of("age_years")
    assert isinstance(claim.value, float)
    assert round(claim.value, 3) == age
