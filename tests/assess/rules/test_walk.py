"""What follows from a criterion alone is kept by its words, and told apart by its rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaoyuan.assess import Edition, edition, editions
from gaoyuan.assess.rules.model import Quantity, Threshold
from gaoyuan.assess.rules.rulebook import edition_of
from gaoyuan.assess.rules.walk import own_metrics, quantities_of, walk


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.key) for rule in editions()])
def test_criteria_of_a_rule_that_is_read_again_have_the_same_hashes(rule: Edition) -> None:
    again = edition_of(rule.data)
    assert [hash(one) for one in walk(again.criteria)] == [hash(one) for one in walk(rule.criteria)]


def test_criteria_of_the_same_words_and_other_rules_are_told_apart() -> None:
    area = next(one for one in walk(edition("cn-sme-cluster.2022").criteria) if one.id == "1.3")
    firms = replace(area, rule=Threshold(Quantity(("firms",)), ">=", 100.0))
    assert own_metrics(area) == ("area_km2",)
    assert own_metrics(firms) == ("firms",)
    assert quantities_of(firms)[0].metrics == ("firms",)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.key) for rule in editions()])
def test_metrics_of_a_criterion_are_named_once_and_in_order(rule: Edition) -> None:
    for one in walk(rule.criteria):
        assert list(own_metrics(one)) == sorted(set(own_metrics(one)))
