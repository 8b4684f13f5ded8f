"""The editions about clusters, regions, digital level and maturity: what their files have to keep to as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pytest

from gaoyuan.assess import Criterion, Edition, Status, columns_of, edition, editions, judge, judge_many
from gaoyuan.assess.logic.states import MET, NOT_APPLICABLE, UNKNOWN, State
from gaoyuan.assess.rules.model import (
    Choice,
    GivenPoints,
    Levels,
    Part,
    Points,
    Score,
    SettingName,
    Several,
    Threshold,
    Tree,
)
from gaoyuan.assess.rules.walk import quantities_of, walk

PROVINCES = {
    "yn-sme-cluster.2023": "530000",
    "sh-sme-cluster.2023": "310000",
    "js-sme-cluster.2023": "320000",
    "jx-featured-cluster.undated": "360000",
    "sx-sme-cluster.2024": "140000",
    "gs-sme-cluster.undated": "620000",
    "sd-three-hundreds.undated": "370000",
    "sd-featured-cluster.2020": "370000",
    "sd-3830.2023": "370000",
    "cq-33618-map.2023": "500000",
    "cq-first-report.undated": "500000",
    "hn-cluster-monitoring.2025": "430000",
}
NOT_SEEN = {
    "cn-sme-cluster.2022": ["4", "5"],
    "sh-sme-cluster.2023": ["1.3", "1.4", "1.5", "1.6", "1.7", "2.2"],
    "js-sme-cluster.2023": ["1.4", "1.5", "1.6", "1.7"],
    "sx-sme-cluster.2024": ["1.3", "1.4"],
    "gs-sme-cluster.undated": ["1.3", "1.4"],
    "sd-featured-cluster.2020": ["score"],
    "sd-3830.2023": ["s1000"],
    "cn-advanced-cluster-contest.2024": ["group", "final"],
    "cq-first-report.undated": ["period"],
    "hn-cluster-monitoring.2025": ["quantitative"],
    "cn-digital-level.2024": [
        "score",
        "scene.product_design",
        "scene.process_design",
        "scene.energy",
        "scene.decisions",
    ],
    "cn-smart-manufacturing.2020": [
        "people.strategy",
        "technology.data",
        "production.energy",
        "service.product_service",
    ],
}
"""Criteria whose own number was looked for and not found."""
FROM_MEMORY = {
    "sd-three-hundreds.undated": ["revenue", "firms", "area"],
    "cn-smart-manufacturing.2020": ["level", "people", "technology", "resources", "design", "production", "service"],
    "cn-digital-level.2024": ["level"],
}
"""Criteria that no public text was seen for."""
BINDING_SCENES = {
    "product_design", "marketing", "production", "quality", "equipment", "safety", "energy", "purchasing",
    "warehousing", "finance",
}  # fmt: skip


def _criteria(key: str) -> dict[str, Criterion]:
    return {one.id: one for one in walk(edition(key).criteria)}


def _number(one: Edition, criterion: Criterion) -> float | str | None:
    rule = criterion.rule
    assert isinstance(rule, Threshold | Score)
    return one.settings[rule.bound.name].default if isinstance(rule.bound, SettingName) else rule.bound


@pytest.mark.parametrize(("key", "code"), PROVINCES.items())
def test_a_provincial_edition_names_its_province_by_the_standard_code(key: str, code: str) -> None:
    assert edition(key).region == code


@pytest.mark.parametrize("key", NOT_SEEN)
def test_a_number_that_was_not_found_is_empty_and_unverified(key: str) -> None:
    one, criteria = edition(key), _criteria(key)
    for name in NOT_SEEN[key]:
        assert _number(one, criteria[name]) is None, name
        # The digital score's table is known; only its bound is not, and the words say so.
        assert criteria[name].status is Status.UNVERIFIED or (key, name) == ("cn-digital-level.2024", "score"), name


@pytest.mark.parametrize("key", FROM_MEMORY)
def test_what_is_from_memory_only_is_unverified(key: str) -> None:
    criteria = _criteria(key)
    assert {criteria[name].status for name in FROM_MEMORY[key]} == {Status.UNVERIFIED}


def test_every_empty_number_of_any_edition_is_told_as_unverified() -> None:
    for one in editions():
        for criterion in walk(one.criteria):
            if isinstance(criterion.rule, Threshold) and _number(one, criterion) is None:
                assert criterion.status is Status.UNVERIFIED, f"{one.key} {criterion.id}"
        empty = {name: setting.status for name, setting in one.settings.items() if setting.default is None}
        assert set(empty.values()) <= {Status.UNVERIFIED}, one.key


def test_every_criterion_has_words_in_both_languages_an_article_and_a_status() -> None:
    for one in editions():
        for criterion in walk(one.criteria):
            assert criterion.zh, f"{one.key} {criterion.id}"
            assert criterion.en, f"{one.key} {criterion.id}"
            assert criterion.article, f"{one.key} {criterion.id}"
        for entry in one.data["criteria"]:  # type: ignore[union-attr]
            assert {"article", "status"} <= set(entry), one.key  # type: ignore[arg-type]


def test_an_edition_without_a_year_has_no_dates() -> None:
    undated = [one for one in editions() if one.edition == "undated"]
    assert undated
    for one in undated:
        assert one.published is None
        assert set(one.effective.values()) == {(None, None)}, one.key


@pytest.mark.parametrize("key", [key for key in PROVINCES if "-sme-cluster." in key])
def test_a_provincial_variant_measures_what_the_national_standard_measures_under_the_same_number(key: str) -> None:
    national, provincial = _criteria("cn-sme-cluster.2022"), _criteria(key)
    measured = {"def", "precondition", "1.3", "1.4", "1.5", "1.6", "1.7"} & set(provincial)
    if isinstance(provincial["4"].rule, Threshold):
        measured |= {"4", "5"}
    assert "1.3" in measured
    for name in measured:
        own, theirs = provincial[name].rule, national[name].rule
        assert isinstance(own, Threshold)
        assert isinstance(theirs, Threshold)
        assert own.quantity.metrics == theirs.quantity.metrics, name
        assert (own.operator, own.quantity.take) == (theirs.operator, theirs.quantity.take), name


def test_an_edition_that_is_superseded_is_there_and_comes_first() -> None:
    by_key = {one.key: one for one in editions()}
    for key in ("cn-digital-level.2024", "cn-smart-manufacturing.2024-draft"):
        one = by_key[key]
        assert one.supersedes is not None
        before = by_key[one.supersedes]
        assert before.id == one.id
        assert before.edition < one.edition
        assert before.supersedes is None


def test_the_digital_table_of_the_day_is_chosen() -> None:
    assert edition("cn-digital-level", "2024-09-08").edition == "2022"
    assert edition("cn-digital-level", "2024-09-09").edition == "2024"


def test_a_draft_is_used_only_by_its_name() -> None:
    assert edition("cn-smart-manufacturing", "2026-06-01").edition == "2020"
    assert edition("cn-smart-manufacturing.2024-draft", "2026-06-01").status is Status.DRAFT


def _most(points: Points) -> float:
    """Give the most points that can be had."""
    if isinstance(points, Tree):
        return sum(part.weight * _most(part.points) for part in points.parts)
    if isinstance(points, Choice):
        return max(points.points.values())
    if isinstance(points, Several):
        assert points.cap == pytest.approx(sum(points.points.values()))
        return points.cap
    if isinstance(points, GivenPoints):
        return points.most
    return max(band.points for band in points.bands)  # type: ignore[union-attr]


def _parts(parts: Iterable[Part]) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for part in parts:
        found[part.id] = part
        if isinstance(part.points, Tree):
            found.update(_parts(part.points.parts))
    return found


def test_the_digital_table_of_2024_adds_up_to_a_hundred() -> None:
    rule = _criteria("cn-digital-level.2024")["score"].rule
    assert isinstance(rule, Score)
    assert isinstance(rule.points, Tree)
    assert _most(rule.points) == pytest.approx(100)
    parts = _parts(rule.points.parts)
    most = {
        "basis": 50, "management": 30, "effect": 20,
        "basis.systems": 20, "basis.collection": 10, "basis.information": 10, "basis.security": 10,
        "basis.networks": 8, "basis.equipment": 6, "basis.networked": 6, "basis.network_security": 5,
        "basis.data_security": 5, "management.plans": 15, "management.factors": 15, "management.planning": 7.5,
        "management.rules": 7.5, "management.staff": 7.5, "management.funds": 7.5, "effect.green": 7,
        "effect.quality": 7, "effect.market": 6, "effect.revenue": 3, "effect.cost": 3,
    }  # fmt: skip
    assert {name: _most(part.points) for name, part in parts.items()} == pytest.approx(most)


def test_sixteen_scenes_are_there_and_ten_are_marked_as_binding() -> None:
    scenes = {name: one for name, one in _criteria("cn-digital-level.2024").items() if name.startswith("scene.")}
    assert len(scenes) == 16
    binding = {
        name.removeprefix("scene.")
        for name, one in scenes.items()
        if isinstance(one.rule, Threshold) and one.rule.bound == SettingName("binding_scenes_at_least")
    }
    assert binding == BINDING_SCENES
    assert all(("*" in one.zh) == (name.removeprefix("scene.") in BINDING_SCENES) for name, one in scenes.items())


@pytest.mark.parametrize(
    ("kind", "weights"),
    [
        ("process", {"strategy": 7, "factory": 24, "design": 4, "operation": 42, "business": 23}),
        ("discrete", {"strategy": 7, "factory": 15, "research_design": 11, "operation": 37, "business": 30}),
    ],
)
def test_the_weights_of_the_draft_of_maturity_add_up_to_one(kind: str, weights: dict[str, float]) -> None:
    rule = _criteria("cn-smart-manufacturing.2024-draft")[f"level.{kind}"].rule
    assert isinstance(rule, Levels)
    assert isinstance(rule.of, Tree)
    domains = rule.of.parts
    assert {part.id: part.weight for part in domains} == pytest.approx(
        {f"{kind}.{name}": weight / 100 for name, weight in weights.items()}
    )
    assert sum(part.weight for part in domains) == pytest.approx(1)
    for part in domains:
        if isinstance(part.points, Tree):
            assert sum(inner.weight for inner in part.points.parts) == pytest.approx(1), part.id
    assert _most(rule.of) == pytest.approx(5)


def test_the_standard_of_2020_has_twenty_sub_domains_and_no_weights() -> None:
    criteria = edition("cn-smart-manufacturing.2020").criteria
    asked = {name for one in walk(criteria) for quantity in quantities_of(one) for name in quantity.metrics}
    assert len(asked - {"maturity_score_2020"}) == 20
    assert not any(isinstance(one.rule, Score) for one in walk(criteria))


def test_the_targets_of_3830_carry_their_date() -> None:
    verdict = judge("sd-3830.2023", {"provincial_clusters": {"series": {"2024": 20, "2025": 30}}}, "2025-03-20")
    assert {one.due for one in verdict.criteria.values()} == {dt.date(2025, 12, 31)}
    assert (verdict.criteria["provincial"].state, verdict.criteria["provincial"].margin) == (State.UNMET, -10)


def test_a_case_that_is_not_taken_does_not_apply_and_gives_no_level() -> None:
    draft = edition("cn-smart-manufacturing.2024-draft")
    scores = {
        name: [3.0, 3.0, 3.0]
        for criterion in walk(draft.criteria)
        if isinstance(criterion.rule, Levels) and isinstance(criterion.rule.of, Tree)
        for part in _parts(criterion.rule.of.parts).values()
        if isinstance(part.points, GivenPoints)
        for name in [part.points.metric]
    }
    columns = columns_of({"manufacturing_type": np.array(["process", "discrete", None]), **scores}, 2025)
    (whole,) = judge_many(draft, columns, "2026-06-01").outcomes
    assert whole.states.tolist() == [MET, MET, UNKNOWN]
    parts = {part.criterion.id: part for part in whole.parts}
    assert parts["level.process"].states.tolist() == [MET, NOT_APPLICABLE, UNKNOWN]
    assert parts["level.discrete"].states.tolist() == [NOT_APPLICABLE, MET, UNKNOWN]
    process, discrete = parts["level.process"].level, parts["level.discrete"].level
    assert process is not None
    assert discrete is not None
    assert (process.tolist(), discrete.tolist()) == ([2, -1, -1], [-1, 2, -1])
