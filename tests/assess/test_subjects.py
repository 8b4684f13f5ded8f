from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.assess import State, edition, edition_of, judge, parse_facts
from gaoyuan.assess.facts.importing import import_facts
from gaoyuan.assess.subjects import assess, facts_form, near_firms, subject_name
from gaoyuan.assess.titles.ladder import climb
from gaoyuan.errors import InputError, ResultsOutdated
from gaoyuan.registry import import_enterprises
from gaoyuan.workspace import Workspace, create_workspace

AS_OF = "2026-06-30"
PASSES, ONE_SHORT = "370211-1522", "370285-2916"
OWN_NUMBERS = {"sme_rd_growth_above": 0.1, "platform_adoption_at_least": 0.2}
NATIONAL = "cn-sme-cluster"


def table_of(tmp_path: Path, rows: str) -> Path:
    file = tmp_path / "一 二.csv"
    file.write_text(f"标识,指标,年份,值,来源\n{rows}", encoding="utf-8")
    return file


def test_a_cluster_of_the_workspace_is_judged_with_its_plan_and_name(sample_workspace: Workspace):
    done = assess(sample_workspace, NATIONAL, PASSES, as_of=AS_OF, settings=OWN_NUMBERS)
    assert (done.verdict.state, done.verdict.subject, done.name) == (State.MET, PASSES, "黄岛区瓶（罐）装饮用水集群")
    short = assess(sample_workspace, NATIONAL, ONE_SHORT, as_of=AS_OF, settings=OWN_NUMBERS)
    assert [one.id for one in short.verdict.with_state(State.UNMET)] == ["1.7"]
    assert [plan.id for plan in short.diagnosis.criteria if plan.state is State.UNMET] == ["1.7"]
    assert "1.7" in str(short).split("差距与计划")[1]


def test_a_file_is_judged_alone_and_with_a_subject_it_comes_before_what_the_workspace_knows(
    sample_workspace: Workspace, tmp_path: Path
):
    file = table_of(tmp_path, f"{PASSES},area_km2,,180,县自然资源局\n{PASSES},opening,,否,县局\n")
    alone = assess(sample_workspace, NATIONAL, facts=file, as_of=AS_OF)
    assert alone.verdict.subject == PASSES
    assert alone.verdict.criteria["1.4"].state is State.UNKNOWN
    both = assess(sample_workspace, NATIONAL, PASSES, file, AS_OF)
    assert both.verdict.criteria["1.4"].state is State.MET
    assert both.verdict.criteria["1.3"].sources == ("县自然资源局",)
    assert both.verdict.criteria["7"].state is State.UNMET
    (found,) = [one for one in both.verdict.findings if one.metric == "area_km2"]
    assert found.kind == "sources_disagree"
    assert "填报 180 平方公里 与登记数据 23.82 平方公里" in found.zh


def test_neither_subject_nor_facts_is_nothing_to_assess(sample_workspace: Workspace):
    with pytest.raises(InputError, match="nothing to assess"):
        assess(sample_workspace, NATIONAL)


def test_a_file_about_another_subject_is_refused(sample_workspace: Workspace, tmp_path: Path):
    with pytest.raises(InputError, match=f"no facts of {PASSES}, but of {ONE_SHORT}"):
        assess(sample_workspace, NATIONAL, PASSES, table_of(tmp_path, f"{ONE_SHORT},area_km2,,80,甲\n"), AS_OF)


@pytest.mark.parametrize(
    ("rule", "subject"),
    [("cn-srdi-sme", PASSES), (NATIONAL, "91350100M000100Y43"), (NATIONAL, "370211"), ("sd-3830", PASSES)],
)
def test_a_rule_of_one_kind_of_subject_is_refused_for_another(sample_workspace: Workspace, rule: str, subject: str):
    with pytest.raises(InputError, match=f"is a rule of an? {edition(rule, AS_OF).subject}"):
        assess(sample_workspace, rule, subject, as_of=AS_OF)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"rule": "cn-sme-clusterr"}, "Do you mean cn-sme-cluster"),
        ({"subject": "370211-9999"}, "nothing is known"),
        ({"as_of": "2026-02-30"}, "is no date"),
        ({"as_of": "2020-01-01"}, "no edition of 'cn-sme-cluster' is in force"),
        ({"settings": {"growth": "1"}}, "has no setting 'growth'"),
        ({"settings": {"average_growth": "linear"}}, "Choose: cagr, mean_of_yearly"),
        ({"settings": {"platform_adoption_at_least": "viel"}}, "is a number"),
    ],
)
def test_what_cannot_be_used_is_told_with_what_can(
    sample_workspace: Workspace, arguments: dict[str, object], said: str
):
    given: dict[str, object] = {"rule": NATIONAL, "subject": PASSES, "as_of": AS_OF, **arguments}
    with pytest.raises(InputError) as caught:
        assess(sample_workspace, **given)  # type: ignore[arg-type]
    assert said in str(caught.value)


def test_a_rule_of_another_province_is_a_what_if_and_says_so(sample_workspace: Workspace):
    elsewhere = assess(sample_workspace, "yn-sme-cluster", PASSES, as_of=AS_OF).verdict
    assert [(one.kind, one.used) for one in elsewhere.findings if one.kind == "other_region"] == [
        ("other_region", True)
    ]
    here = assess(sample_workspace, "sd-three-hundreds", PASSES, as_of=AS_OF).verdict
    assert "other_region" not in {one.kind for one in here.findings}


def test_a_file_that_names_its_cluster_is_where_the_cluster_is(tmp_path: Path):
    workspace, file = create_workspace(tmp_path / "w"), table_of(tmp_path, "130628-1771,area_km2,,80,甲\n")
    verdict = assess(workspace, "yn-sme-cluster", facts=file, as_of=AS_OF).verdict
    assert "other_region" in {one.kind for one in verdict.findings}
    nameless = assess(workspace, "yn-sme-cluster", facts=parse_facts({"area_km2": 80}), as_of=AS_OF).verdict
    assert "other_region" not in {one.kind for one in nameless.findings}


def test_a_renewal_asks_what_a_renewal_asks(sample_workspace: Workspace):
    firm = sample_workspace.read("fact", ["subject", "subject_kind"]).to_pandas().query("subject_kind == 'enterprise'")
    subject = str(firm["subject"].iloc[0])
    states = {
        kind: assess(sample_workspace, "cn-srdi-sme", subject, as_of=AS_OF, application=kind).verdict.criteria
        for kind in ("new", "renewal")
    }
    assert states["new"]["score_renewal"].state is State.NOT_APPLICABLE
    assert states["renewal"]["score_new"].state is State.NOT_APPLICABLE
    assert states["renewal"]["score_renewal"].state is not State.NOT_APPLICABLE


def test_a_form_is_written_filled_in_and_read_back_as_facts_and_as_an_import(own_sample: Workspace, tmp_path: Path):
    lacking = next(
        row["cluster_id"] for row in own_sample.read("sample_verdict").to_pylist() if row["criterion"] == "1.5"
    )
    written = facts_form(own_sample, lacking, tmp_path / "表 一.xlsx", as_of=AS_OF)
    book = openpyxl.load_workbook(written.file)
    rows = {(row[1].value, row[3].value): row for row in book.worksheets[0].iter_rows(min_row=5)}
    assert rows["area_km2", None][6].value == "登记数据 register"
    assert rows["area_km2", None][10].value == own_sample.read("cluster", ["run"])["run"][0].as_py()
    assert rows["sme_output_share", None][4].value is None
    rows["sme_output_share", None][4].value = "85 %"  # pyright: ignore[reportAttributeAccessIssue]
    rows["area_km2", None][4].value = 170  # pyright: ignore[reportAttributeAccessIssue]
    book.save(written.file)
    before = assess(own_sample, NATIONAL, lacking, as_of=AS_OF, settings=OWN_NUMBERS).verdict
    by_file = assess(own_sample, NATIONAL, lacking, written.file, AS_OF, settings=OWN_NUMBERS).verdict
    (imported,) = import_facts(own_sample, [written.file])
    assert imported.rejected == 0
    after = assess(own_sample, NATIONAL, lacking, as_of=AS_OF, settings=OWN_NUMBERS).verdict
    assert before.criteria["1.5"].state is State.UNKNOWN
    for verdict in (by_file, after):
        assert verdict.criteria["1.5"].state is State.MET
        assert (verdict.criteria["1.5"].value, verdict.criteria["1.5"].sources) == (0.85, ("表 一.xlsx",))
        assert (verdict.criteria["1.3"].value, verdict.criteria["1.3"].sources) == (170.0, ("表 一.xlsx",))
        assert {one.metric for one in verdict.findings if one.metric} == {"area_km2"}
        assert {name: one.state for name, one in verdict.criteria.items() if name not in ("1.3", "1.5")} == {
            name: one.state for name, one in before.criteria.items() if name not in ("1.3", "1.5")
        }


def test_firms_near_a_title_are_named_while_the_standings_are_current(own_sample: Workspace, tmp_path: Path):
    assert near_firms(own_sample, PASSES) == []
    climb(own_sample, AS_OF)
    near = near_firms(own_sample, PASSES)
    assert [(firm.title, firm.missing) for firm in near if firm.title == "srdi_sme"] == [
        ("srdi_sme", 0),
        ("srdi_sme", 1),
        ("srdi_sme", 1),
    ]
    import_facts(own_sample, [table_of(tmp_path, f"{PASSES},area_km2,,80,甲\n")])
    assert near_firms(own_sample, PASSES) == []
    assert "gaoyuan titles" in str(assess(own_sample, NATIONAL, PASSES, as_of=AS_OF))


def test_after_a_new_register_an_old_cluster_is_not_judged(own_sample: Workspace, tmp_path: Path):
    (tmp_path / "r.csv").write_text(
        "企业名称,注册地址,成立日期\n黄岛新厂,山东省青岛市黄岛区1号,2020-01-01\n", encoding="utf-8"
    )
    import_enterprises(own_sample, [tmp_path / "r.csv"])
    with pytest.raises(ResultsOutdated, match="gaoyuan observe"):
        assess(own_sample, NATIONAL, PASSES, as_of=AS_OF)


def test_a_verdict_can_be_made_again_from_its_json_alone(sample_workspace: Workspace):
    verdict = assess(sample_workspace, NATIONAL, ONE_SHORT, as_of=AS_OF, settings=OWN_NUMBERS).verdict
    data = json.loads(json.dumps(verdict.as_data(), allow_nan=False))
    facts: dict[str, list[dict[str, object]]] = {}
    for criterion in data["criteria"].values():
        for one in [*criterion["evidence"], *(piece for part in criterion["parts"] for piece in part["evidence"])]:
            claim = {"source": one["source"], "run": one["run"]}
            given = {"value": one["value"]} if one["year"] is None else {"series": {one["year"]: one["value"]}}
            if {**claim, **given} not in facts.setdefault(one["metric"], []):
                facts[one["metric"]].append({**claim, **given})
    again = judge(
        edition_of(data["snapshot"]),
        facts,
        data["as_of"],
        data["application"],
        settings=data["settings"],
        subject=data["subject"],
    )
    assert again.snapshot_sha256 == data["snapshot_sha256"] == edition("cn-sme-cluster.2022").sha256
    assert again.state.value == data["state"]
    for name, criterion in again.criteria.items():
        before = data["criteria"][name]
        assert (criterion.state.value, criterion.value, criterion.threshold, criterion.margin) == (
            before["state"], before["value"], before["threshold"], before["margin"]
        )  # fmt: skip


def test_the_data_of_a_verdict_have_all_that_it_rests_on(sample_workspace: Workspace):
    data = assess(sample_workspace, NATIONAL, PASSES, as_of=AS_OF).verdict.as_data()
    assert (data["rule"], data["edition"], data["as_of"], data["application"]) == (NATIONAL, "2022", AS_OF, "new")
    criteria = data["criteria"]
    assert isinstance(criteria, dict)
    area = criteria["1.3"]
    assert isinstance(area, dict)
    (evidence,) = area["evidence"]  # type: ignore[misc]
    assert isinstance(evidence, dict)
    assert (area["threshold"], area["unit_en"]) == (100.0, "km²")
    assert (area["article"], area["status"]) == ("认定标准 一", "official")
    assert area["margin"] == 100.0 - area["value"]  # type: ignore[operator]
    assert (evidence["value"], evidence["unit_zh"], evidence["source"]) == (
        area["value"],
        "平方公里",
        "登记数据 register",
    )
    assert evidence["run"] in sample_workspace.runs()["run"].to_pylist()
    for criterion in criteria.values():
        assert isinstance(criterion, dict)
        for one in criterion["evidence"]:  # type: ignore[union-attr]
            assert isinstance(one, dict)
            assert one["source"]
            assert one["run"] in sample_workspace.runs()["run"].to_pylist()


def test_subjects_are_called_by_name(sample_workspace: Workspace):
    firm = sample_workspace.read("register", ["enterprise_id", "name"]).to_pylist()[0]
    assert subject_name(sample_workspace, firm["enterprise_id"]) == firm["name"]
    assert subject_name(sample_workspace, PASSES) == "黄岛区瓶（罐）装饮用水集群"
    assert subject_name(sample_workspace, "370211") == "黄岛区"
    assert subject_name(sample_workspace, "nothing") == subject_name(sample_workspace, "370211-0000") == ""
