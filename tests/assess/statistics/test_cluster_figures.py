from __future__ import annotations

import pytest

from gaoyuan.assess.statistics.cluster_figures import (
    Contribution,
    Named,
    growth,
    number_from,
    share,
    total,
    weighted_share,
)

NAMED = Named("f", "指标", "figure", "count")
INF = float("inf")


def told(cluster: str, least: float, most: float | None = None, **more) -> Contribution:
    return Contribution(cluster, least, least if most is None else most, more.pop("year", 2024), "s", "r", **more)


def test_a_sum_is_exact_only_where_everything_is_known():
    assert total(NAMED, ["a", "b"], [told("a", 1), told("b", 2)]).value == 3
    assert total(NAMED, ["a", "b"], [told("a", 1), told("b", 2, INF)]).value is None
    missing = total(NAMED, ["a", "b", "c"], [told("a", 1), told("b", 2)])
    assert (missing.least, missing.most, missing.value, missing.coverage) == (3, INF, None, pytest.approx(2 / 3))


def test_nothing_known_is_no_zero():
    for figure in (
        total(NAMED, ["a"], []),
        number_from(NAMED, ["a"], [], 1.0, year=None),
        growth(NAMED, ["a"], [], year=2024),
        share(NAMED, ["a"], []),
        weighted_share(NAMED, ["a"], []),
    ):
        assert (figure.least, figure.most, figure.known, figure.unknown) == (None, None, 0, ("a",))


def test_the_year_is_said_where_all_contributions_are_of_it():
    assert total(NAMED, ["a", "b"], [told("a", 1), told("b", 2)], year=2024).year == 2024
    assert total(NAMED, ["a", "b"], [told("a", 1), told("b", 2, year=None)], year=2024).year is None


def test_clusters_from_a_bound_on_are_between_the_certain_and_the_possible():
    parts = [told("a", 10), told("b", 9.9), told("c", 4, INF), told("d", 12, INF)]
    found = number_from(NAMED, ["a", "b", "c", "d", "e"], parts, 10.0, year=2024)
    assert (found.least, found.most) == (2, 4)


def test_growth_takes_only_clusters_with_both_years():
    parts = [told("a", 110, before=100), told("b", 90), told("c", 50, 60, before=40), told("d", 60, before=100)]
    found = growth(NAMED, ["a", "b", "c", "d"], parts, year=2024)
    assert found.value == pytest.approx(170 / 200 - 1)
    assert [one.cluster for one in found.contributions] == ["a", "d"]
    assert found.unknown == ("b", "c")
    assert growth(NAMED, ["a"], [told("a", 5, before=0)], year=2024).value is None


def test_a_share_is_of_sums_and_takes_off_what_was_counted_twice():
    parts = [told("a", 2, over=4), told("b", 1, over=2), told("c", 1)]
    found = share(NAMED, ["a", "b", "c"], parts, repeated=1, over_repeated=1)
    assert (found.value, found.over, found.unknown) == (pytest.approx(0.4), 5, ("c",))
    assert share(NAMED, ["a"], [told("a", 1, INF, over=4)]).most == 1.0


def test_a_weighted_share_is_no_plain_average():
    parts = [told("a", 0.9, over=10), told("b", 0.1, over=90)]
    assert weighted_share(NAMED, ["a", "b"], parts).value == pytest.approx(0.18)
