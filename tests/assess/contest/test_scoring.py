"""Corrections, trimming and standard errors against figures worked out by hand or by another program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import mstats

from gaoyuan.assess.contest import Contest, Definition, result

Begin = Callable[[Definition], Contest]

POINTS = {
    "A1": {"J1": 90, "J2": 80, "J3": 85, "J4": 60, "J5": 88},
    "A2": {"J1": 80, "J2": 79, "J3": 70, "J4": 55, "J5": 83},
    "A3": {"J1": 70, "J2": 75, "J3": 74, "J4": 40, "J5": 71},
}


@pytest.fixture
def scored(changed: Callable[..., Definition], begun: Begin, watch, play) -> Callable[..., dict[str, Any]]:
    """Three entrants scored by five judges on one criterion of 100 points: the group's unit of the result."""

    def score(excluded: tuple[tuple[str, str], ...] = (), **scoring: object) -> dict[str, Any]:
        watch.now = dt.datetime(2027, 3, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
        criterion = {"id": "all", "title": {"zh": "总分", "en": "All"}, "max": 100}
        contest = begun(
            changed(
                criteria=[criterion],
                ties=[],
                scoring=scoring,
                panel={name: {"size": 4, "min_scores": 3} for name in ("group", "final")},
            )
        )
        contest.advance()
        for name in POINTS:
            contest.enter(name, "集群", group="equipment")
        for judge in POINTS["A1"]:
            contest.register_judge(judge, "评委", groups=["equipment"])
        for judge, entrant in excluded:
            contest.declare_conflict(judge, entrant, "…")
        watch.after(contest, "entries")
        contest.advance()
        contest.advance()
        play.score(contest, lambda judge, entrant, name: 1000 - 10 * POINTS[entrant][judge])
        document: Any = result(contest.state)
        unit = document["rounds"]["group"]["units"]["equipment"]
        unit["of"] = {place["entrant"]: place for place in unit["places"]}
        return unit

    return score


def test_without_correction_the_score_is_the_mean_with_its_standard_error(scored):
    unit = scored(correction="none")
    values = list(POINTS["A1"].values())
    assert unit["of"]["A1"]["score"] == unit["of"]["A1"]["raw"] == "80.6"
    assert float(unit["of"]["A1"]["standard_error"]) == pytest.approx(np.std(values, ddof=1) / 5**0.5, abs=5e-5)


def test_the_trimmed_mean_drops_the_highest_and_the_lowest(scored):
    unit = scored(correction="none", trim=1)
    assert unit["of"]["A1"]["score"] == str(round((80 + 85 + 88) / 3, 4))
    assert unit["of"]["A1"]["raw"] == "80.6"
    error = mstats.trimmed_stde(list(POINTS["A1"].values()), limits=(0.2, 0.2), inclusive=(True, True))
    assert float(unit["of"]["A1"]["standard_error"]) == pytest.approx(float(error), abs=5e-5)


def test_an_entrant_with_too_few_scores_to_trim_is_not_trimmed_and_it_is_said(scored):
    unit = scored((("J1", "A1"), ("J2", "A1")), correction="none", trim=1)
    assert unit["of"]["A1"]["score"] == "85"
    assert unit["findings"] == []


def test_the_additive_model_lifts_whom_strict_judges_saw(scored):
    # J4 gives some 25 points less than the others; who is spared J4 must not gain by it.
    unit = scored((("J4", "A2"),), correction="additive")
    of = unit["of"]
    assert float(of["A2"]["raw"]) == 78.0
    assert float(of["A2"]["score"]) < 74
    severity = {one["judge"]: float(one["severity"]) for one in unit["judges"]}
    assert severity["J4"] > 15
    assert sum(severity.values()) == pytest.approx(0, abs=1e-3)
    assert [place["entrant"] for place in unit["places"]] == ["A1", "A2", "A3"]


def test_a_complete_design_gives_the_same_scores_with_and_without_correction(scored):
    plain, additive = scored(correction="none"), scored(correction="additive")
    assert {name: place["score"] for name, place in plain["of"].items()} == {
        name: place["score"] for name, place in additive["of"].items()
    }


def test_additive_correction_and_trimming_trim_the_corrected_scores(scored):
    unit = scored(correction="additive", trim=1)
    means = {judge: np.mean([row[judge] for row in POINTS.values()]) for judge in POINTS["A1"]}
    overall = np.mean(list(means.values()))
    corrected = sorted(POINTS["A1"][judge] + overall - means[judge] for judge in means)
    assert float(unit["of"]["A1"]["score"]) == pytest.approx(np.mean(corrected[1:-1]), abs=5e-5)


def test_standardised_scores_have_the_same_mean_and_spread_for_every_judge(scored):
    unit = scored(correction="standardised")
    table = np.array([list(row.values()) for row in POINTS.values()], dtype=float)
    z = (table - table.mean(axis=0)) / table.std(axis=0, ddof=1)
    expected = table.mean() + np.sqrt(table.var(axis=0, ddof=1).mean()) * z
    assert [float(unit["of"][name]["score"]) for name in POINTS] == pytest.approx(
        expected.mean(axis=1).tolist(), abs=5e-5
    )


def test_standardising_judges_who_saw_different_entrants_is_said(scored):
    assert scored(correction="standardised")["findings"] == []
    unit = scored((("J4", "A2"),), correction="standardised")
    assert "not every judge scored the same entrants" in unit["findings"][0]


def test_a_judge_who_gives_everybody_the_same_prefers_nobody(
    changed: Callable[..., Definition], begun: Begin, watch, play
):
    contest = play.to_group_scoring(begun(changed(scoring={"correction": "standardised"})), watch)
    play.score(contest, lambda judge, entrant, name: 10 if judge == "J4" else play.fair(judge, entrant, name))
    document: Any = result(contest.state)
    places = document["rounds"]["group"]["units"]["equipment"]["places"]
    assert [place["entrant"] for place in places] == ["A1", "A2", "A3"]
