from __future__ import annotations

import csv
import datetime as dt
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from gaoyuan.assess import State, Verdict
from gaoyuan.assess.titles.ladder import LADDER, STANDINGS, climb, ladder_of
from gaoyuan.errors import NotFound, ResultsOutdated, StepMissing
from gaoyuan.registry import import_enterprises, import_titles
from gaoyuan.sample.office_cases import FIRM_CASES
from gaoyuan.workspace import Workspace, create_workspace, open_workspace

AS_OF = dt.date(2026, 6, 30)
NOT_LISTED = ("further", "unknown", "not_here")
FIRM = "91350100M000100Y43"
REGISTER = f"""企业名称,统一社会信用代码,行业代码,注册地址,成立日期,从业人员
高阳甲毛巾厂,{FIRM},1771,河北省保定市高阳县1号,2015-07-01,30
"""


@pytest.fixture(scope="module")
def climbed(told_sample: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample with awkward facts of firms, and all firms judged. Read it only."""
    folder = tmp_path_factory.mktemp("climbed") / "workspace"
    workspace = open_workspace(shutil.copytree(told_sample.path, folder))
    climb(workspace, AS_OF)
    return workspace


def standing_of(verdict: Verdict, *, held: bool, here: bool, given: bool) -> str:
    """How a firm stands by its own verdict, as the words of `STANDINGS` have it."""
    states = Counter(one.state for one in verdict.criteria.values() if one.hard)
    unmet, unknown, manual = (states[state] for state in (State.UNMET, State.UNKNOWN, State.MANUAL_REVIEW))
    if held or not here:
        return "holds" if held else "not_here"
    if unmet:
        return "one_away" if unmet == 1 and not unknown else "further"
    if unknown:
        return "one_unknown" if unknown == 1 and given else "unknown"
    return "for_review" if manual else "qualifies"


def test_every_standing_is_what_the_firms_own_facts_say(climbed: Workspace):
    facts = climbed.read("fact", ["subject", "subject_kind", "source"]).to_pandas()
    facts = facts[facts["subject_kind"] == "enterprise"]
    told = set(facts["subject"])
    given = set(facts[facts["source"] != "登记数据 register"]["subject"])
    titles = climbed.read("title", ["enterprise_id", "title"]).to_pandas().dropna()
    held = set(zip(titles["enterprise_id"], titles["title"], strict=True))
    kept = climbed.read("title_standing").to_pandas().set_index(["enterprise_id", "title"])["standing"].to_dict()
    ids = climbed.read("enterprise", ["enterprise_id"])["enterprise_id"].to_pylist()
    others = random.Random(2).sample(sorted(set(ids) - told), 10) + sorted(set(titles["enterprise_id"]) - told)[:8]
    for firm in [*sorted(told), *others]:
        for rung in ladder_of(climbed, firm, AS_OF):
            own = standing_of(rung.verdict, held=(firm, rung.title) in held, here=True, given=firm in given)
            assert rung.standing == own, (firm, rung.title)
            assert kept.get((firm, rung.title)) == (None if own in NOT_LISTED else own), (firm, rung.title)


def test_the_counts_are_those_of_the_table_and_of_all_firms(own_sample: Workspace):
    result = climb(own_sample, AS_OF)
    assert result.firms == own_sample.read("enterprise").num_rows
    assert [rung.title for rung in result.rungs] == list(LADDER)
    table = own_sample.read("title_standing").to_pandas()
    for rung in result.rungs:
        assert set(rung.standings) == set(STANDINGS)
        assert sum(rung.standings.values()) == result.firms
        listed = {name: count for name, count in rung.standings.items() if count and name not in NOT_LISTED}
        assert table[table["title"] == rung.title]["standing"].value_counts().to_dict() == listed
    assert str(result).startswith(f"{result.firms:,} 家企业 firms, 评估日 as of 2026-06-30\n")
    assert climb(own_sample, AS_OF) == result
    assert own_sample.read("title_standing").num_rows == len(table)


def test_the_planted_firms_next_to_the_title_of_srdi_sme_come_out_as_planted(climbed: Workspace):
    standing = climbed.read("title_standing").to_pandas().query("title == 'srdi_sme'").set_index("enterprise_id")
    with (climbed.path / "sample" / "sample-facts.csv").open(encoding="utf-8-sig") as stream:
        order = list(dict.fromkeys(row["标识"] for row in csv.DictReader(stream) if "-" not in row["标识"]))
    assert len(order) == 18
    expected = {"qualifies": "qualifies", "one_away": "one_away", "lacks_a_fact": "one_unknown"}
    for at, firm in enumerate(order):
        case = FIRM_CASES[at % len(FIRM_CASES)]
        assert standing.loc[firm, "standing"] == expected[case], (firm, case)
        lacks = {"qualifies": None, "one_away": "rd", "lacks_a_fact": "score_new"}[case]
        assert standing.loc[firm, "criterion"] == lacks or lacks is None
        assert (standing.loc[firm, "unmet"], standing.loc[firm, "unknown"]) == (
            int(case == "one_away"),
            int(case == "lacks_a_fact"),
        )


def test_a_firm_on_a_list_holds_the_title_as_long_as_it_lasts(own_sample: Workspace):
    titles = own_sample.read("title", ["enterprise_id", "title", "valid_to"]).to_pandas().dropna()
    firm = titles[titles["title"] == "little_giant"]["enterprise_id"].iloc[0]
    assert set(titles["valid_to"]) == {dt.date(2027, 10, 14)}
    held = {rung.title for rung in ladder_of(own_sample, firm, "2027-10-14") if rung.standing == "holds"}
    assert held == set(titles[titles["enterprise_id"] == firm]["title"])
    assert not any(rung.standing == "holds" for rung in ladder_of(own_sample, firm, "2027-10-15"))


def observed(tmp_path: Path, register: str = REGISTER) -> Workspace:
    from gaoyuan.observe import observe

    workspace = create_workspace(tmp_path / "w")
    (tmp_path / "register.csv").write_text(register, encoding="utf-8")
    import_enterprises(workspace, [tmp_path / "register.csv"])
    observe(workspace)
    return workspace


def test_without_lists_and_facts_nothing_but_the_register_decides(tmp_path: Path):
    workspace = observed(tmp_path)
    result = climb(workspace, AS_OF)
    assert result.firms == 1
    assert all(rung.standings["holds"] == rung.standings["qualifies"] == 0 for rung in result.rungs)
    # A title of Shandong is not for a firm of Hebei.
    assert {rung.title: rung.standings["not_here"] for rung in result.rungs}["gazelle"] == 1
    assert {rung.title: rung.standing for rung in ladder_of(workspace, FIRM, AS_OF)}["gazelle"] == "not_here"
    assert workspace.read("title_standing").num_rows == 0


def test_a_list_that_comes_later_is_matched_and_counts(tmp_path: Path):
    workspace = observed(tmp_path)
    climb(workspace, AS_OF)
    assert not workspace.outdated("title_standing")
    (tmp_path / "t.csv").write_text("企业名称,称号,认定日期\n高阳甲毛巾厂,高企,2025-01-01\n", encoding="utf-8")
    import_titles(workspace, [tmp_path / "t.csv"])
    climb(workspace, AS_OF)
    (row,) = workspace.read("title_standing").to_pylist()
    assert (row["enterprise_id"], row["title"], row["standing"], row["criterion"]) == (
        FIRM,
        "hightech_firm",
        "holds",
        None,
    )


def test_of_a_firm_whose_grant_has_no_dates_it_is_not_known_whether_it_holds_the_title(tmp_path: Path):
    workspace = observed(tmp_path)
    (tmp_path / "t.csv").write_text(
        "企业名称,称号,认定日期\n高阳甲毛巾厂,高企,\n高阳甲毛巾厂,重点小巨人,2025-01-01\n", encoding="utf-8"
    )
    import_titles(workspace, [tmp_path / "t.csv"])
    counts = {rung.title: rung.standings for rung in climb(workspace, AS_OF).rungs}
    own = {rung.title: rung.standing for rung in ladder_of(workspace, FIRM, AS_OF)}
    assert (own["hightech_firm"], counts["hightech_firm"]["unknown"], counts["hightech_firm"]["holds"]) == (
        "unknown",
        1,
        0,
    )
    # A key little giant is a little giant too.
    assert (own["little_giant"], counts["little_giant"]["holds"]) == ("holds", 1)


def test_before_observe_and_after_a_new_register_nothing_is_judged(tmp_path: Path):
    workspace = create_workspace(tmp_path / "empty")
    with pytest.raises(StepMissing, match="observe"):
        climb(workspace, AS_OF)
    workspace = observed(tmp_path)
    (tmp_path / "more.csv").write_text(REGISTER.replace("高阳甲", "高阳丙").replace(FIRM, ""), encoding="utf-8")
    import_enterprises(workspace, [tmp_path / "more.csv"])
    with pytest.raises(ResultsOutdated):
        climb(workspace, AS_OF)
    with pytest.raises(ResultsOutdated):
        ladder_of(workspace, FIRM, AS_OF)


def test_a_firm_without_a_code_is_asked_for_by_its_id(uneven_workspace: Workspace):
    firm = uneven_workspace.read("enterprise", ["enterprise_id"])["enterprise_id"][0].as_py()
    assert firm.startswith("x")
    assert [rung.title for rung in ladder_of(uneven_workspace, firm, AS_OF)] == list(LADDER)


@pytest.mark.parametrize("enterprise", ["91110000100000000X", "x0123456789abcdef", "370827-1523", "高阳甲毛巾厂", ""])
def test_an_enterprise_that_nobody_knows_is_not_found(uneven_workspace: Workspace, enterprise: str):
    with pytest.raises(NotFound):
        ladder_of(uneven_workspace, enterprise, AS_OF)
