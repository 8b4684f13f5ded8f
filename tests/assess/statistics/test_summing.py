from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gaoyuan.assess.statistics.cluster_figures import Figure
from gaoyuan.assess.statistics.cluster_lists import ListRow
from gaoyuan.assess.statistics.cluster_records import ClusterRecord, Holding, Records, Said, Selection
from gaoyuan.assess.statistics.summing import Statistics, in_words, statistics, statistics_of
from gaoyuan.workspace import Workspace, create_workspace

A, B, C, D = "370827-1523", "370830-1811", "shandong_specialty-001", "330108-3911"
DAY = dt.date(2025, 6, 30)
INF = float("inf")


@pytest.fixture
def shandong(few_clusters: Workspace) -> Statistics:
    return statistics(few_clusters, Selection(region="370000"), as_of=DAY)


@pytest.mark.parametrize(
    ("figure", "least", "most", "known", "unknown"),
    [
        ("clusters", 3, 3, 3, ()),
        ("recognised_clusters", 2, 3, 3, ()),
        ("counties", 2, 2, 3, ()),
        ("firms", 5, INF, 2, (C,)),
        ("firms_distinct", 4, INF, 2, (C,)),
        ("output_yuan", 1.73e10, 1.73e10, 3, ()),
        ("revenue_yuan", 1.2e10, INF, 2, (C,)),
        ("employees", 180, INF, 2, (C,)),
        ("innovation_platforms", 11, INF, 2, (B,)),
        ("clusters_from_10000000000", 1, 3, 2, (C,)),
        ("clusters_from_100000000000", 0, 3, 2, (C,)),
        ("output_growth", 14.3 / 12 - 1, 14.3 / 12 - 1, 2, (B,)),
        ("employees_growth", None, None, 0, (A, B, C)),
        ("platform_adoption", 2.4 / 5, 2.4 / 5, 2, (C,)),
        ("little_giants", 6, INF, 3, ()),
        ("single_champions", None, None, 0, (A, B, C)),
        ("hightech_firms", 1, INF, 2, (C,)),
        ("srdi_smes", 1, INF, 2, (C,)),
        ("title:gazelle", 0, INF, 2, (C,)),
        ("titled_share", 0.5, 1.0, 2, (C,)),
    ],
)
def test_the_figures_are_those_computed_by_hand(shandong: Statistics, figure, least, most, known, unknown):
    found = shandong.figures[figure]
    assert (found.known, found.of, found.unknown) == (known, 3, tuple(sorted(unknown)))
    assert found.least == (None if least is None else pytest.approx(least))
    assert found.most == (None if most is None else pytest.approx(most))


def test_yearly_figures_say_their_year_and_mixed_ones_none(shandong: Statistics):
    assert shandong.year == 2024
    assert shandong.figures["output_yuan"].year == 2024
    assert shandong.figures["revenue_yuan"].year is None
    assert shandong.figures["firms"].year is None


def test_holders_whose_period_is_open_are_counted_apart_and_once(shandong: Statistics):
    assert shandong.figures["title:gazelle"].possible == 1
    assert shandong.figures["hightech_firms"].possible == 1
    assert shandong.figures["little_giants"].possible == 0
    assert shandong.figures["titled_share"].possible == 1


def test_shares_and_growth_show_their_divisors(shandong: Statistics):
    assert shandong.figures["titled_share"].over == 4
    assert shandong.figures["output_growth"].over == pytest.approx(1.2e10)
    assert shandong.figures["platform_adoption"].over == 5
    grown = {one.cluster: (one.before, one.least) for one in shandong.figures["output_growth"].contributions}
    assert grown == {A: (1.0e10, 1.21e10), C: (2.0e9, 2.2e9)}


def test_every_contribution_has_its_source_and_run(few_clusters: Workspace, shandong: Statistics):
    runs = {row["step"]: row["run"] for row in few_clusters.runs().select(["step", "run"]).to_pylist()}
    output = shandong.figures["output_yuan"].contributions
    assert [(one.source, one.run, one.basis) for one in output] == [("统计局", runs["import"], "fact")] * 3
    firms = shandong.figures["firms"].contributions
    assert {(one.run, one.basis) for one in firms} == {(runs["observe"], "register")}
    giants = {one.cluster: one for one in shandong.figures["little_giants"].contributions}
    assert (giants[A].least, giants[A].basis, giants[A].source, giants[A].run) == (
        1,
        "titles",
        "工信厅名单",
        runs["import"],
    )
    assert (giants[C].least, giants[C].most, giants[C].basis) == (5, 5, "fact")


def again(figure: Figure) -> float | None:
    """Compute a figure again from its contributions, as somebody who does not trust it would."""
    parts = figure.contributions
    if not parts:
        return None
    over = sum(one.over or 0 for one in parts) - figure.over_repeated
    match figure.how:
        case "sum":
            return sum(one.least for one in parts) - figure.repeated
        case "number":
            return float(sum(one.least >= float(figure.id.rpartition("_")[2]) for one in parts))
        case "growth":
            return sum(one.least for one in parts) / sum(one.before or 0 for one in parts) - 1
        case "share":
            return (sum(one.least for one in parts) - figure.repeated) / over
        case _:
            return sum(one.least * (one.over or 0) for one in parts) / over


def test_every_figure_can_be_derived_again_from_its_clusters(shandong: Statistics):
    for figure in shandong.figures.values():
        derived = again(figure)
        assert (derived is None) == (figure.least is None), figure.id
        assert derived is None or derived == pytest.approx(figure.least), figure.id


def test_selections_choose_by_region_theme_list_and_batch(few_clusters: Workspace):
    def chosen(**by) -> list[str]:
        return list(statistics(few_clusters, Selection(**by), as_of=DAY).clusters)

    assert chosen() == [D, A, B, C]
    assert chosen(region="330000") == [D]
    assert chosen(region="370800") == [A, B, C]
    assert chosen(region="370830") == [B]
    assert chosen(theme="纺织") == [C]
    assert chosen(clusters=(B, "x-1")) == [B, "x-1"]
    assert chosen(batch="shandong_specialty") == [C]
    assert chosen(batch="national 1") == [A, "national-002"]
    assert chosen(batch="national", region="370000") == [A, "national-003"]


def test_a_cluster_of_a_list_that_nobody_knows_counts_and_is_unknown(few_clusters: Workspace):
    found = statistics(few_clusters, Selection(clusters=(B, "x-1")), as_of=DAY)
    assert found.figures["clusters"].value == 2
    assert (found.figures["firms"].least, found.figures["firms"].unknown) == (2, ("x-1",))
    cluster, title = found.findings
    assert (cluster.kind, cluster.metric, title.kind, title.metric) == ("not_found", "cluster", "not_found", "title")
    assert "x-1" in cluster.zh


def test_rows_of_a_list_that_count_nowhere_are_all_in_the_result(few_clusters: Workspace):
    listed = (ListRow(2, "果汁", ""), ListRow(3, D, D), ListRow(4, A, A), ListRow(5, "x-1", "x-1"))
    found = statistics(few_clusters, Selection.of(region="370000", listed=listed), as_of=DAY)
    assert list(found.clusters) == [A]
    assert [(one.row.line, one.reason) for one in found.left_out] == [
        (2, "no_id"), (3, "not_selected"), (5, "not_found"),
    ]  # fmt: skip
    said = " ".join(one.zh for one in found.findings)
    assert all(part in said for part in ("第 2 行 果汁", f"第 3 行 {D}", "第 5 行 x-1"))
    data = found.as_data()
    assert [one["row"]["line"] for one in data["left_out"]] == [2, 3, 5]  # type: ignore[index, union-attr]
    sheet = next(sheet for sheet in found.sheets() if sheet.title.startswith("名单"))
    assert [row[0] for row in sheet.rows] == [2, 3, 5]


def test_titles_whose_firm_was_not_found_are_said_and_not_lost_in_silence(few_clusters: Workspace):
    found = statistics(few_clusters, as_of=DAY)
    (finding,) = (one for one in found.findings if one.metric == "title")
    assert "1 行的企业未在登记数据中找到" in finding.zh
    assert "戊" in finding.zh


def test_a_batch_of_which_the_workspace_knows_nothing_of_some_is_said_so(few_clusters: Workspace):
    found = statistics(few_clusters, Selection(batch="national 1"), as_of=DAY)
    assert "national-002" in found.findings[0].zh


def test_a_selection_without_clusters_is_zero_clusters_and_nothing_known(few_clusters: Workspace):
    found = statistics(few_clusters, Selection(region="110000"), as_of=DAY)
    assert found.figures["clusters"].value == 0
    assert {one.least for name, one in found.figures.items() if name != "clusters"} == {None}


def test_a_year_without_facts_is_said_with_the_year_that_has_most(few_clusters: Workspace):
    found = statistics(few_clusters, Selection(region="370000"), as_of="2026-06-30")
    assert found.figures["output_yuan"].least is None
    silent = next(finding for finding in found.findings if finding.metric == "output_yuan")
    assert (silent.kind, "--year 2024" in silent.mend_en) == ("missing_year", True)
    then = statistics(few_clusters, Selection(region="370000"), as_of="2026-06-30", year=2024)
    assert then.figures["output_yuan"].value == pytest.approx(1.73e10)


def test_without_lists_titles_are_unknown_and_not_none(few_clusters: Workspace, tmp_path):
    bare = create_workspace(tmp_path / "bare")
    with bare.run("observe") as run:
        for name in ("cluster", "cluster_member", "recognised_cluster"):
            bare.write(name, few_clusters.read(name), run)
    found = statistics(bare, as_of=DAY)
    assert found.figures["little_giants"].least is None
    assert "titled_share" not in found.figures
    assert "no_titles" in [finding.kind for finding in found.findings]


def test_what_has_no_year_stands_beside_the_last_full_year_and_disagrees():
    said = (Said(4.0, 2024, "a", "r"), Said(9.0, None, "b", "r"))
    found = statistics_of(records({"a": {"output_yuan": said}}), Selection(), DAY, 2024)
    (part,) = found.figures["output_yuan"].contributions
    assert (part.least, part.most) == (4.0, 9.0)
    assert "sources_disagree" in [finding.kind for finding in found.findings]
    before = replace(said[0], year=2023)
    grown = statistics_of(records({"a": {"output_yuan": (before, *said)}}), Selection(), DAY, 2024)
    assert grown.figures["output_growth"].known == 0


def test_figures_are_said_in_words(shandong: Statistics):
    words = {name: in_words(one) for name, one in shandong.figures.items()}
    assert words["output_yuan"] == "173 亿元"
    assert words["revenue_yuan"] == "至少 120 亿元"
    assert words["clusters_from_10000000000"] == "1 个～3 个"
    assert words["titled_share"] == "至少 50%"
    assert words["employees_growth"] == "未知"


def records(facts: dict[str, dict[str, tuple[Said, ...]]]) -> Records:
    clusters = tuple(ClusterRecord(name, name, "370827", "", facts.get(name, {}), {}) for name in ("a", "b", "c"))
    members = {"a": frozenset({"e1", "e2"}), "b": frozenset({"e2", "e3"})}
    holdings = {"e2": {"little_giant": Holding(True, "list", "r")}}
    return Records(clusters, members, {"a": "r", "b": "r"}, holdings, ("little_giant",), ())


FACTS = st.dictionaries(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(["output_yuan", "firms", "platform_adoption", "little_giants"]),
        st.sampled_from([2023, 2024, None]),
    ),
    st.floats(0.0, 1.0),
    min_size=1,
)


def arranged(told: dict[tuple[str, str, int | None], float], order: int = 0) -> Records:
    items = random.Random(order).sample(list(told.items()), len(told))
    facts: dict[str, dict[str, tuple[Said, ...]]] = {}
    for (name, metric, year), value in items:
        of = facts.setdefault(name, {})
        of[metric] = (*of.get(metric, ()), Said(value, year, "s", "r"))
    found = records(facts)
    return replace(found, clusters=tuple(random.Random(order).sample(found.clusters, 3)))


@given(FACTS, st.integers(0, 1000))
def test_the_order_of_clusters_and_facts_does_not_matter(told, order: int):
    plain = statistics_of(arranged(told), Selection(), DAY, 2024).figures
    mixed = statistics_of(arranged(told, order), Selection(), DAY, 2024).figures
    assert {name: (one.least, one.most, one.contributions, one.unknown) for name, one in plain.items()} == {
        name: (one.least, one.most, one.contributions, one.unknown) for name, one in mixed.items()
    }


@given(FACTS, st.integers(0, 100))
def test_removing_a_fact_never_raises_the_certainty_of_a_figure(told, lost: int):
    whole = statistics_of(arranged(told), Selection(), DAY, 2024).figures
    gone = sorted(told, key=str)[lost % len(told)]
    # Of two sources that may disagree one is not taken away: what the other says would stand alone.
    assume(gone[2] == 2023 or not all((*gone[:2], year) in told for year in (2024, None)))
    less = statistics_of(
        arranged({key: value for key, value in told.items() if key != gone}), Selection(), DAY, 2024
    ).figures
    for name, figure in less.items():
        assert figure.known <= whole[name].known
        assert figure.value is None or whole[name].value is not None
