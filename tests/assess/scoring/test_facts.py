"""Tables of alternatives by indicators: what is read, what stays unknown and what is refused."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from gaoyuan.assess.scoring import Errors, Indicator, read_facts
from gaoyuan.errors import ComparisonRefused, InputError

OUTPUT, SHARE = Indicator("output"), Indicator("share", "benefit", 0.0, 1.0)


@pytest.fixture
def table():
    return pd.DataFrame({"output": [3.0, None, 9.0], "share": [0.2, 0.5, None]}, index=["c", "a", "b"])


def test_subjects_are_sorted_and_the_column_of_ids_is_as_good_as_the_index(table):
    by_index = read_facts(table, [OUTPUT, SHARE])
    by_column = read_facts(table.rename_axis("id").reset_index(), [OUTPUT, SHARE], subject="id")
    assert by_index.subjects == by_column.subjects == ("a", "b", "c")
    np.testing.assert_array_equal(by_index.values, by_column.values)
    assert by_index.sha256 == by_column.sha256


def test_an_unknown_value_lies_in_the_declared_range_or_else_between_the_known_ones(table):
    facts = read_facts(table, [OUTPUT, SHARE])
    assert (facts.cell_low[0, 0], facts.cell_high[0, 0]) == (3.0, 9.0)
    assert (facts.cell_low[1, 1], facts.cell_high[1, 1]) == (0.0, 1.0)
    assert [ends.tolist() for ends in facts.reference()] == [[3.0, 0.0], [9.0, 1.0]]
    assert {finding.kind for finding in facts.findings} == {"unknown values", "errors unknown"}


def test_an_unknown_value_with_an_interval_of_its_own_lies_in_that(table):
    errors = Errors(low=pd.DataFrame({"output": {"a": 1.0}}), high=pd.DataFrame({"output": {"a": 20.0}}))
    facts = read_facts(table, [OUTPUT, SHARE], errors=errors)
    assert (facts.cell_low[0, 0], facts.cell_high[0, 0]) == (1.0, 20.0)
    assert [ends[0] for ends in facts.reference()] == [1.0, 20.0]


def test_errors_that_nobody_gave_are_named(table):
    errors = Errors(standard=pd.DataFrame({"output": {"c": 0.5}}))
    facts = read_facts(table, [OUTPUT, SHARE], errors=errors)
    (finding,) = [finding for finding in facts.findings if finding.kind == "errors unknown"]
    assert finding.about == ("output", "share")
    assert finding.text.startswith("no error is known of 3 values")


def test_decimals_integers_and_nullable_columns_are_numbers():
    table = pd.DataFrame(
        {"a": [Decimal("1.5"), None], "b": pd.array([1, None], dtype="Int64"), "c": [True, False]}, index=["x", "y"]
    )
    facts = read_facts(table, [Indicator("a", low=0, high=2), Indicator("b", low=0, high=2), Indicator("c")])
    np.testing.assert_array_equal(facts.values, [[1.5, 1.0, 1.0], [np.nan, np.nan, 0.0]])


def test_a_constant_indicator_is_named():
    facts = read_facts(pd.DataFrame({"output": [2, 2]}, index=["a", "b"]), [OUTPUT])
    assert ("constant indicator", ("output",)) in [(finding.kind, finding.about) for finding in facts.findings]


@pytest.mark.parametrize("known", [[5.0, 5.0, None], [None, None, None], [5.0, None, None]])
def test_an_unknown_value_without_a_range_is_refused_and_not_taken_for_the_known_one(known):
    table = pd.DataFrame({"output": known}, index=["a", "b", "c"], dtype=float)
    with pytest.raises(ComparisonRefused, match="output: values are unknown"):
        read_facts(table, [OUTPUT])
    assert read_facts(table, [Indicator("output", low=0, high=9)]).cell_high[2, 0] == 9


@pytest.mark.parametrize(
    ("table", "indicators", "says"),
    [
        ({"output": [1, "many"]}, [OUTPUT], "table, b, output: 'many' is no finite number"),
        ({"output": [1, np.inf]}, [OUTPUT], "table, b, output: 'inf' is no finite number"),
        ({"share": [0.5, 45.0]}, [SHARE], "b, share: the value lies outside"),
        ({"share": [0.5, -0.1]}, [SHARE], "b, share: the value lies outside"),
        ({"output": [1, 2]}, [SHARE], "0 columns 'share'"),
        ({"output": [1, 2]}, [], "no indicator"),
        ({"output": [1, 2]}, [OUTPUT, OUTPUT], "more than once"),
        ({"output": []}, [OUTPUT], "nothing to rank"),
    ],
)
def test_what_cannot_be_ranked_is_refused_with_its_place(table, indicators, says):
    frame = pd.DataFrame(table)
    with pytest.raises(InputError, match=says):
        read_facts(frame.set_axis(["a", "b"][: len(frame)], axis="index"), indicators)


def test_a_subject_that_is_there_twice_or_has_no_id_is_refused():
    with pytest.raises(InputError, match="1: the subject is there more than once"):
        read_facts(pd.DataFrame({"output": [1, 2]}, index=pd.Index([1, "1"], dtype=object)), [OUTPUT])
    with pytest.raises(InputError, match="no subject id"):
        read_facts(pd.DataFrame({"output": [1, 2]}, index=["a", None]), [OUTPUT])
    with pytest.raises(InputError, match="no column 'id'"):
        read_facts(pd.DataFrame({"output": [1, 2]}), [OUTPUT], subject="id")


@pytest.mark.parametrize(
    ("errors", "says"),
    [
        ({"standard": -1.0}, "c, output: the standard error is negative"),
        ({"low": 1.0}, "c, output: the interval has one end only"),
        ({"low": 4.0, "high": 5.0}, "c, output: the interval is empty or does not hold the value"),
        ({"low": 5.0, "high": 2.0}, "c, output: the interval is empty or does not hold the value"),
        ({"standard": "some"}, "standard errors, c, output: 'some' is no finite number"),
    ],
)
def test_errors_that_cannot_be_are_refused_with_their_place(table, errors, says):
    frames = {name: pd.DataFrame({"output": {"c": value}}) for name, value in errors.items()}
    with pytest.raises(InputError, match=says):
        read_facts(table, [OUTPUT, SHARE], errors=Errors(**frames))


def test_errors_that_are_there_twice_are_refused(table):
    twice = pd.DataFrame({"output": [1.0, 2.0]}, index=["a", "a"])
    with pytest.raises(InputError, match="standard errors: a subject or an indicator is there more than once"):
        read_facts(table, [OUTPUT, SHARE], errors=Errors(standard=twice))


@pytest.mark.parametrize("wrong", [{"kind": "good"}, {"low": 1.0, "high": 1.0}, {"low": float("nan")}])
def test_an_indicator_that_cannot_be_is_refused(wrong):
    with pytest.raises(InputError, match="output"):
        Indicator("output", **wrong)
