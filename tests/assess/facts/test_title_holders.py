from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from gaoyuan.assess import metrics
from gaoyuan.assess.facts.known import known_facts
from gaoyuan.assess.facts.title_holders import Grants, read_grants
from gaoyuan.assess.facts.title_metrics import COUNT_OF_TITLE, FLAG_OF_TITLE
from gaoyuan.codes import title
from gaoyuan.registry import import_enterprises, import_titles
from gaoyuan.workspace import Workspace, create_workspace

DAY = dt.date(2026, 6, 30)
CODE, OTHER = "91350100M000100Y43", "91130628MA07A0001X"
REGISTER = f"""企业名称,统一社会信用代码,注册地址,成立日期
高阳甲厂,{CODE},河北省保定市高阳县1号,2015-07-01
高阳乙厂,,河北省保定市高阳县2号,2015-07-01
高阳乙厂,,河北省保定市高阳县3号,2015-07-01
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = create_workspace(tmp_path / "w")
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    import_enterprises(made, [tmp_path / "r.csv"])
    return made


def listed(workspace: Workspace, *rows: str, name: str = "公告.csv") -> Grants:
    file = workspace.path.parent / name
    file.write_text("\n".join(["企业名称,统一社会信用代码,称号,认定日期,有效期至", *rows]), encoding="utf-8")
    import_titles(workspace, [file])
    return read_grants(workspace, DAY)


def test_without_lists_no_title_has_grants(workspace: Workspace):
    grants = read_grants(workspace, DAY)
    assert grants.of("little_giant").empty
    assert not grants.has_lost
    assert grants.holders("little_giant").size == 0


def test_the_holders_of_a_day_are_those_whose_grants_hold(workspace: Workspace):
    grants = listed(workspace, "高阳甲厂,,小巨人,2023-07-01,2026-06-30", "外县厂,,单项冠军,2019-07-01,2022-06-30")
    assert grants.held("little_giant", np.array([CODE, "x"], dtype=object)).tolist() == [True, False]
    assert grants.of("single_champion").empty
    assert read_grants(workspace, dt.date(2026, 7, 1)).of("little_giant").empty


@pytest.mark.parametrize(
    ("row", "possible"),
    [
        ("高阳乙厂,,小巨人,,", [False, True, True]),
        ("高阳 乙厂,,小巨人,,", [False, True, True]),
        (f"高阳乙厂,{OTHER},小巨人,,", [False, True, True]),
        (f"高阳甲厂,{OTHER},小巨人,,", [False, False, False]),
        ("高阳丙厂,,小巨人,,", [False, False, False]),
    ],
)
def test_a_row_whose_firm_was_not_found_may_mean_a_firm_of_its_name_but_not_one_of_another_code(
    workspace: Workspace, row: str, possible: list[bool]
):
    grants = listed(workspace, row)
    assert grants.has_lost
    names = np.array(["高阳甲厂", "高阳乙厂", "高阳乙厂"], dtype=object)
    assert grants.possible("little_giant", names, np.array([CODE, None, None], dtype=object)).tolist() == possible
    assert not grants.possible("srdi_sme", names, np.array([CODE, None, None], dtype=object)).any()


def test_a_grant_without_an_end_leaves_open_whether_its_firm_holds_the_title(workspace: Workspace):
    grants = listed(workspace, "高阳甲厂,,瞪羚,2023-07-01,", "高阳甲厂,,单项冠军,,2029-07-01")
    ids = np.array([CODE, "x"], dtype=object)
    for title_id in ("gazelle", "single_champion"):
        assert grants.held(title_id, ids).tolist() == [False, False]
        assert grants.open(title_id, ids).tolist() == [True, False]
    known = known_facts(workspace, CODE, DAY)
    assert [fact.value for fact in known.of("single_champion_title_in_force")] == [0.0, 1.0]


def test_of_several_grants_one_that_holds_for_certain_decides(workspace: Workspace):
    listed(workspace, "高阳甲厂,,小巨人,,", name="a.csv")
    grants = listed(workspace, "高阳甲厂,,小巨人,2024-07-01,2027-06-30", name="b.csv")
    ids = np.array([CODE], dtype=object)
    assert (grants.held("little_giant", ids)[0], grants.open("little_giant", ids)[0]) == (True, False)


def test_a_key_little_giant_is_a_little_giant_too(workspace: Workspace):
    grants = listed(workspace, "高阳甲厂,,重点小巨人,2024-07-01,2027-06-30")
    assert grants.rows["title"].tolist() == ["key_little_giant"]
    assert grants.held("little_giant", np.array([CODE], dtype=object)).tolist() == [True]
    assert known_facts(workspace, CODE, DAY).of("little_giant_title_in_force")[0].value == 1.0


def test_the_source_names_the_lists_and_how_many_firms_were_not_found(workspace: Workspace):
    listed(workspace, "高阳甲厂,,小巨人,,")
    grants = listed(workspace, "外县一厂,,小巨人,2025-01-01,", "外县二厂,,小巨人,2025-01-01,", name="省.csv")
    assert grants.source("little_giant") == "称号名单 titles: 公告.csv、省.csv（2 家未在登记数据中找到 not found）"
    assert grants.run("little_giant") == max(workspace.read("title")["run"].to_pylist())


def test_titles_and_the_metrics_that_speak_of_them_are_known():
    for title_id, count in COUNT_OF_TITLE.items():
        assert title(title_id).id == title_id
        assert (metrics()[count].kind, metrics()[count].subject) == ("count", "cluster")
        flag = metrics()[FLAG_OF_TITLE[title_id]]
        assert (flag.kind, flag.subject) == ("flag", "enterprise")
