"""The catalogue of what is measured."""

from __future__ import annotations

import pytest

from gaoyuan.assess import editions
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.rules.walk import metrics_of

CATALOGUE = list(metrics().values())


def test_every_metric_has_names_in_both_languages_and_a_subject() -> None:
    for metric in CATALOGUE:
        assert metric.zh, metric.id
        assert metric.en, metric.id
        assert metric.subject in ("cluster", "enterprise", "region", "project"), metric.id


def test_what_is_plausible_is_possible() -> None:
    for metric in CATALOGUE:
        low, high = metric.plausible
        assert metric.least <= high, metric.id
        assert low <= high, metric.id
        assert metric.least < metric.most, metric.id


def test_only_metrics_in_words_have_options() -> None:
    for metric in CATALOGUE:
        assert bool(metric.options) <= (metric.kind in ("choice", "several")), metric.id
        assert metric.options or metric.kind != "several", metric.id


@pytest.mark.parametrize(
    ("kind", "least", "most"), [("share", 0.0, 1.0), ("flag", 0.0, 1.0), ("rate", -1.0, float("inf"))]
)
def test_a_kind_gives_its_range(kind: str, least: float, most: float) -> None:
    of_kind: list[Metric] = [metric for metric in CATALOGUE if metric.kind == kind]
    assert of_kind
    assert all(metric.least >= least and metric.most <= most for metric in of_kind)


def test_the_metrics_of_the_national_cluster_edition_are_those_that_were_promised() -> None:
    promised = (
        "area_km2 output_yuan sme_output_share leading_output_share single_champions little_giants srdi_smes "
        "innovative_smes hightech_firms sme_rd_growth platform_adoption counties negative_events"
    )
    own = next(one for one in editions() if one.key == "cn-sme-cluster.2022")
    assert set(promised.split()) <= metrics_of(own.criteria)
    assert metrics()["output_yuan"].series
