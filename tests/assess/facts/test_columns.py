"""Columns of facts of many subjects."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.assess.facts.columns import FactColumns, Words, columns_of
from gaoyuan.assess.facts.metric_catalogue import metrics


def test_what_is_not_there_is_unknown_within_the_range_of_the_metric() -> None:
    columns = FactColumns(2, 2024)
    share = columns.number("sme_output_share", 2024)
    assert (share.lo.tolist(), share.hi.tolist()) == ([0.0, 0.0], [1.0, 1.0])
    assert columns.word("industry").position.tolist() == [-1, -1]


def test_a_year_of_its_own_wins_over_what_has_no_year() -> None:
    columns = columns_of({"output_yuan": {2023: [1e9]}}, 2024)
    columns.numbers["output_yuan"][None] = columns.number("output_yuan", 2023)
    assert columns.number("output_yuan", 2024).lo[0] == 1e9
    assert np.isinf(columns.number("output_yuan", 2022).hi[0])


def test_values_outside_of_the_range_are_unknown() -> None:
    share = columns_of({"sme_output_share": [0.5, 72.0, np.nan]}, 2024).number("sme_output_share", 2024)
    assert share.known.tolist() == [True, False, False]


def test_words_know_which_are_among_others_and_unknown_ones_are_not() -> None:
    words = Words.of(["a", None, "b", "a"])
    assert words.labels == ("a", "b")
    assert words.among(["a", "c"]).tolist() == [True, False, False, True]
    assert Words.of([None]).among(["a"]).tolist() == [False]


def test_several_options_come_as_lists_of_names() -> None:
    name = next(one.id for one in metrics().values() if one.kind == "several" and len(one.options) > 1)
    a, b, *_ = metrics()[name].options
    columns = columns_of({name: [[a], (), None, [a, b]]}, 2024)
    first = columns.option(name, a)
    assert (first.lo.tolist(), first.hi.tolist()) == ([1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 1.0, 1.0])


def test_a_metric_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        columns_of({"nonsense": [1.0]}, 2024)
