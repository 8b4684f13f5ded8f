"""Editions about enterprises: which one holds when, tables of points, and the size classes against their own table."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoyuan.assess import Edition, columns_of, edition, editions, judge, judge_many, parse_facts
from gaoyuan.assess.facts.derived import with_derived
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.logic.intervals import compound_growth, exactly, quotient
from gaoyuan.assess.rules.model import (
    Application,
    Bands,
    BestOf,
    Choice,
    GivenPoints,
    Lattice,
    PerUnit,
    Points,
    Score,
    Several,
    Tree,
)
from gaoyuan.assess.rules.walk import metrics_of, walk
from gaoyuan.codes import classes, industries, size_class, size_sectors
from gaoyuan.errors import InputError

SIZE = edition("cn-sme-size.2017")
FIGURES = ("employees", "revenue_yuan", "assets_yuan")


@pytest.mark.parametrize(
    ("rule", "day", "application", "key"),
    [
        ("cn-little-giant", "2025-06-01", "new", "cn-little-giant.2022"),
        ("cn-little-giant", "2026-03-31", "new", "cn-little-giant.2022"),
        ("cn-little-giant", "2026-04-01", "new", "cn-little-giant.2026"),
        ("cn-little-giant", "2026-05-10", "new", "cn-little-giant.2026"),
        ("cn-little-giant", "2026-05-10", "renewal", "cn-little-giant.2022"),
        ("cn-little-giant", "2026-12-31", "renewal", "cn-little-giant.2022"),
        ("cn-little-giant", "2027-01-01", "renewal", "cn-little-giant.2026"),
        ("cn-srdi-sme", "2026-03-31", "new", "cn-srdi-sme.2022"),
        ("cn-srdi-sme", "2026-03-31", "renewal", "cn-srdi-sme.2022"),
        ("cn-srdi-sme", "2026-04-01", "new", "cn-srdi-sme.2026"),
        ("cn-srdi-sme", "2026-04-01", "renewal", "cn-srdi-sme.2026"),
        ("cn-innovative-sme", "2022-08-01", "new", "cn-innovative-sme.2022"),
        ("cn-innovative-sme", "2026-11-22", "new", "cn-innovative-sme.2022"),
        ("cn-single-champion", "2026-11-22", "renewal", "cn-single-champion.2023"),
        ("cn-sme-size", "2026-11-22", "new", "cn-sme-size.2017"),
    ],
)
def test_the_edition_in_force_depends_on_day_and_application(rule: str, day: str, application: Application, key: str):
    assert edition(rule, day, application).key == key


def test_no_edition_is_in_force_before_the_first():
    with pytest.raises(InputError, match="in force"):
        edition("cn-little-giant", "2021-01-01")


def test_a_renewal_of_2026_is_judged_by_the_old_thresholds_and_a_new_application_by_the_new_ones():
    facts = {"revenue_yuan": {"series": {"2025": 1e8}}, "main_revenue_yuan": {"series": {"2025": 8e7}}}
    renewal = judge("cn-little-giant", facts, "2026-05-10", "renewal")
    new = judge("cn-little-giant", facts, "2026-05-10")
    assert (renewal.edition, new.edition) == ("2022", "2026")
    shares = {one.id: one.state.value for one in renewal.every()}["1.2"], new.criteria["main_share"].state.value
    assert shares == ("met", "unmet")
    assert new.criteria["main_share"].threshold == 0.9


def most_of(points: Points) -> float:
    """Give the most points that a table can give."""
    if isinstance(points, Tree):
        whole = sum(part.weight * most_of(part.points) for part in points.parts)
        return whole if points.cap is None else min(whole, points.cap)
    if isinstance(points, BestOf):
        return max(most_of(part) for part in points.parts)
    if isinstance(points, Bands):
        return max(points.otherwise, *(band.points for band in points.bands))
    if isinstance(points, Choice):
        return max(points.points.values())
    if isinstance(points, Several | PerUnit):
        return points.cap
    assert isinstance(points, GivenPoints)
    return points.most


def groups_of(key: str) -> dict[str, float]:
    score = next(criterion.rule for criterion in walk(edition(key).criteria) if isinstance(criterion.rule, Score))
    assert isinstance(score.points, Tree)
    return {part.id: most_of(part.points) for part in score.points.parts}


@pytest.mark.parametrize(
    ("key", "groups"),
    [
        ("cn-innovative-sme.2022", {"innovation": 40, "growth": 30, "specialisation": 30}),
        ("cn-srdi-sme.2022", {"specialised": 25, "refined": 25, "distinctive": 15, "innovation": 35}),
        ("cn-hightech-firm.2016", {"ip": 30, "conversion": 30, "management": 20, "growth": 20}),
    ],
)
def test_the_groups_of_a_table_give_a_hundred_points(key: str, groups: dict[str, float]):
    assert groups_of(key) == groups
    assert sum(groups.values()) == 100


def test_the_thirteen_items_of_the_srdi_table_have_the_maxima_of_the_annex():
    score = next(one.rule for one in walk(edition("cn-srdi-sme.2022").criteria) if isinstance(one.rule, Score))
    assert isinstance(score.points, Tree)
    items = [part for group in score.points.parts if isinstance(group.points, Tree) for part in group.points.parts]
    assert [most_of(item.points) for item in items] == [5, 10, 5, 5, 5, 5, 10, 5, 15, 10, 10, 5, 10]
    assert [int(item.zh.split()[0]) for item in items] == list(range(1, 14))


# Size classes --------------------------------------------------------------------------------------------------------


def lattice_of(rule: Edition) -> Lattice:
    (criterion,) = rule.criteria
    assert isinstance(criterion.rule, Lattice)
    return criterion.rule


def test_the_bounds_of_the_size_edition_are_those_of_the_code_table():
    lattice = lattice_of(SIZE)
    own = {
        sector.id: tuple(dict(sector.bounds[name]) for name in ("large", "medium", "small"))
        for sector in size_sectors().values()
    }
    assert {name: tuple(map(dict, rows)) for name, rows in lattice.bounds.items()} == own
    assert len(own) == 16


def test_the_sectors_and_classes_are_named_as_in_the_code_table():
    options = metrics()["size_sector"].options
    assert {name: text for name, text in options.items() if name != "not_listed"} == {
        sector.id: (sector.zh, sector.en) for sector in size_sectors().values()
    }
    assert tuple(metrics()["size_class"].options) == tuple(one.id for one in lattice_of(SIZE).classes)


FIGURE = st.one_of(
    st.none(),
    st.sampled_from([9, 10, 20, 100, 299, 300, 1000, 3e6, 2e7, 2e7 - 1, 4e8, 8e8]),
    st.floats(0, 3e9),
)
PERSONS = st.one_of(st.none(), st.sampled_from([4, 5, 9, 10, 19, 20, 99, 100, 299, 300, 999, 1000, 2000]))


@settings(max_examples=150)
@given(st.sampled_from(sorted(industries())), PERSONS, FIGURE, FIGURE)
def test_the_level_of_the_size_edition_is_the_size_class(
    industry: str, employees: int | None, revenue: float | None, assets: float | None
):
    facts = {"industry": industry, "employees": employees, "revenue_yuan": revenue, "assets_yuan": assets}
    assert judge(SIZE, facts, "2025-06-01").level == size_class(industry, employees, revenue, assets)


def test_many_firms_get_the_class_that_each_has_alone():
    random = np.random.default_rng(7)
    codes = random.choice(sorted(classes()), 500)
    values = {"employees": random.integers(0, 1200, 500).astype(float)}
    values["revenue_yuan"] = 10 ** random.uniform(5, 10, 500)
    values["assets_yuan"] = np.where(random.random(500) < 0.3, np.nan, 10 ** random.uniform(5, 10, 500))
    sectors = [
        (with_derived(parse_facts({"industry": code}), dt.date(2025, 6, 1)).of("size_sector") or (None,))[0]
        for code in codes.tolist()
    ]
    named = np.array([one and one.value for one in sectors], dtype=object)
    columns = columns_of({**values, "size_sector": named}, 2024)
    outcome = judge_many(SIZE, columns, "2025-06-01").outcomes[0]
    assert outcome.level is not None
    names = [one.id for one in lattice_of(SIZE).classes]
    found = [names[level] if level >= 0 else None for level in outcome.level.tolist()]
    assert found == [
        size_class(code, *(None if math.isnan(values[name][at]) else float(values[name][at]) for name in FIGURES))
        for at, code in enumerate(codes.tolist())
    ]
    assert len(set(found)) == 5


def test_the_size_class_is_derived_with_the_rule_as_its_source():
    verdict = judge("cn-srdi-sme.2026", {"industry": "1761", "employees": 19}, "2026-06-01")
    assert verdict.criteria["sme"].state.value == "met"
    assert "国统字〔2017〕213号" in verdict.criteria["sme"].sources[0]
    assert "微型" in verdict.criteria["sme"].reason_zh


def test_a_size_class_that_is_given_stands_above_the_derived_one():
    facts = {"industry": "1761", "employees": 19, "size_class": {"value": "large", "source": "统计局"}}
    verdict = judge("cn-srdi-sme.2026", facts, "2026-06-01")
    assert verdict.criteria["sme"].state.value == "unmet"
    assert verdict.criteria["sme"].sources == ("统计局",)


def test_the_figures_of_the_last_full_year_give_the_size_class():
    facts = {
        "industry": "1761",
        "employees": {"series": {"2024": 1500, "2025": 500}},
        "revenue_yuan": {"series": {"2024": 9e8, "2025": 9e8}},
    }
    assert judge(SIZE, facts, "2026-06-01").level == "medium"
    assert judge(SIZE, facts, "2025-06-01").level == "large"


# What the editions need of the machinery -----------------------------------------------------------------------------


def test_a_yes_or_no_that_is_asked_is_explained_as_such():
    known = judge("cn-little-giant.2026", {"provincial_title_in_force": False}, "2026-05-10").criteria["title"]
    assert known.reason_zh == "否（要求为是）"
    open_one = judge("cn-little-giant.2026", {}, "2026-05-10").criteria["no_champion"]
    assert open_one.reason_en == "missing: the title of single champion is in force (asked: no)"


def test_quotients_of_losses_are_known():
    found = quotient(exactly([-2.0, -2.0, np.nan]), exactly([4.0, np.nan, 4.0]))
    assert found.lo.tolist() == [-0.5, -np.inf, -np.inf]
    assert found.hi.tolist() == [-0.5, np.inf, np.inf]


def test_a_profit_that_turns_into_a_loss_fell_by_everything_or_more():
    found = compound_growth(exactly([5.0, -5.0]), exactly([-1.0, 5.0]), 2)
    assert found.hi.tolist() == [-1.0, np.inf]
    assert found.lo.tolist() == [-np.inf, -np.inf]


def test_editions_about_enterprises_have_words_and_an_article_for_every_criterion():
    own = [one for one in editions() if one.subject == "enterprise"]
    assert len(own) >= 12
    for one in own:
        for criterion in walk(one.criteria):
            assert all([criterion.zh, criterion.en, criterion.article, criterion.status]), (one.key, criterion.id)
        assert metrics_of(one.criteria) <= set(metrics())


def test_the_development_score_is_taken_as_given():
    for key in ("cn-srdi-sme.2026", "cn-little-giant.2026"):
        assert not any(isinstance(one.rule, Score) for one in walk(edition(key).criteria))
        assert "srdi_development_score" in metrics_of(edition(key).criteria)


def test_only_the_unicorns_rule_is_wholly_unverified():
    unicorn = edition("sd-unicorn")
    assert unicorn.status == "unverified"
    assert {one.status.value for one in walk(unicorn.criteria)} == {"unverified"}
