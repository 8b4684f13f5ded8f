"""Rankings: what they rest on, what is unknown, ties, and that they can be derived again."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.assess.scoring import Errors, Indicator, Method, Restrictions, Weights, ahp_weights, rank
from gaoyuan.errors import ComparisonRefused, InputError

INDICATORS = [
    Indicator("output_yuan"),
    Indicator("titled_share", "benefit", 0.0, 1.0),
    Indicator("energy_intensity", "cost"),
]
NAMES = [indicator.name for indicator in INDICATORS]


@pytest.fixture
def clusters():
    return pd.DataFrame(
        {
            "output_yuan": [9e9, 6e9, 5.9e9, 1e9],
            "titled_share": [0.3, 0.2, 0.2, 0.1],
            "energy_intensity": [0.4, 0.5, 0.5, 0.9],
        },
        index=["towels", "pumps", "bearings", "glass"],
    )


def test_without_weights_the_product_takes_equal_ones_and_says_that_they_are_its_own(clusters):
    ranking = rank(clusters, INDICATORS)
    assert ranking.weights.origin == "product default"
    assert ranking.weights.values == (1 / 3, 1 / 3, 1 / 3)
    assert rank(clusters, INDICATORS, weights="equal").weights.origin == "equal"
    assert list(ranking.table.index) == ["towels", "pumps", "bearings", "glass"]
    assert ranking.table["rank"].tolist() == [1, 2, 3, 4]
    assert ranking.table["tier"].tolist() == [1, 2, 3, 4]
    assert ranking.stability.acceptability[ranking.stability.subjects.index("towels"), 0] == 1


def test_weights_keep_their_origin(clusters):
    judged = pd.DataFrame([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]], index=NAMES, columns=NAMES)
    assert rank(clusters, INDICATORS, weights="entropy", samples=50).weights.origin == "entropy"
    assert rank(clusters, INDICATORS, weights="critic", samples=50).weights.origin == "critic"
    assert rank(clusters, INDICATORS, weights=ahp_weights(judged), samples=50).weights.origin == "ahp"
    given_ones = rank(clusters, INDICATORS, weights=dict(zip(reversed(NAMES), [1, 1, 2], strict=True)), samples=50)
    assert given_ones.weights.origin == "given"
    assert given_ones.record["weights"] == {NAMES[2]: 0.25, NAMES[1]: 0.25, NAMES[0]: 0.5}


def test_a_difference_that_the_data_cannot_carry_is_a_tie(clusters):
    errors = Errors(standard=pd.DataFrame({"output_yuan": dict.fromkeys(clusters.index, 3e8)}))
    table = rank(clusters, INDICATORS, errors=errors).table
    assert table.loc[["pumps", "bearings"], "tier"].tolist() == [2, 2]
    assert table.loc[["towels", "glass"], "tier"].tolist() == [1, 3]


def test_alternatives_alike_share_a_rank_and_a_tier(clusters):
    clusters.loc["bearings"] = clusters.loc["pumps"]
    table = rank(clusters, INDICATORS).table
    assert table.loc[["pumps", "bearings", "glass"], "rank"].tolist() == [2, 2, 4]
    assert table.loc[["pumps", "bearings", "glass"], "tier"].tolist() == [2, 2, 3]


def test_what_is_unknown_is_an_interval_and_marked(clusters):
    clusters.loc["pumps", "titled_share"] = np.nan
    ranking = rank(clusters, INDICATORS)
    empty = ranking.table[["score", "rank"]].isna().to_numpy()[list(ranking.table.index).index("pumps")]
    assert empty.tolist() == [True, True]
    pumps = ranking.table.loc["pumps"].to_dict()
    assert pumps["score_high"] - pumps["score_low"] == pytest.approx(1 / 3)
    assert (pumps["rank_low"], pumps["rank_high"], pumps["unknown"]) == (1, 3, 1)
    glass = ranking.table.loc["glass"]
    assert (glass["rank"], glass["rank_low"], glass["rank_high"]) == (4, 4, 4)
    assert [finding.kind for finding in ranking.findings] == ["unknown values", "errors unknown"]


STEPS = st.integers(0, 6).map(float)


@pytest.mark.parametrize("method", ["weighted sum", "topsis", "vikor", "promethee ii"])
@settings(max_examples=25)
@given(data=st.data())
def test_the_interval_holds_the_result_of_every_completion(method, data):
    shape = (data.draw(st.integers(4, 6)), 2)
    values = data.draw(hnp.arrays(np.float64, shape, elements=STEPS))
    values[0], values[1] = 0, 6
    unknown = data.draw(hnp.arrays(np.bool_, shape))
    unknown[:2] = False
    completed = np.where(unknown, data.draw(hnp.arrays(np.float64, shape, elements=STEPS)), values)
    kinds = [Indicator("x"), Indicator("y", "cost")]
    index = [f"s{row}" for row in range(shape[0])]
    tables = (pd.DataFrame(v, index=index, columns=["x", "y"]) for v in (np.where(unknown, np.nan, values), completed))
    wide, exact = (rank(table, kinds, method=method, samples=2).table.loc[index] for table in tables)
    assert (wide["score_low"] <= exact["score"] + 1e-9).all()
    assert (exact["score"] <= wide["score_high"] + 1e-9).all()
    assert (wide["rank_low"] <= exact["rank"]).all()
    assert (exact["rank"] <= wide["rank_high"]).all()


@pytest.mark.parametrize("method", ["weighted sum", "topsis", "vikor", "promethee ii"])
def test_the_order_of_rows_changes_nothing(clusters, method):
    clusters.loc["pumps", "titled_share"] = np.nan
    errors = Errors(standard=clusters * 0.05)
    first, second = (
        rank(table, INDICATORS, method=method, errors=errors, samples=40, seed=3)
        for table in (clusters, clusters.iloc[::-1])
    )
    pd.testing.assert_frame_equal(first.table, second.table, check_exact=True)
    assert first.record == second.record


def test_a_ranking_is_derived_again_from_its_record(clusters):
    clusters.loc["pumps", "titled_share"] = np.nan
    errors = Errors(standard=clusters * 0.05)
    first = rank(
        clusters,
        INDICATORS,
        weights="equal",
        method=Method("vikor", group_utility=0.7),
        errors=errors,
        restrictions=Restrictions(("titled_share",), {"output_yuan": (0.2, 0.5)}),
        samples=30,
        seed=11,
    )
    record = json.loads(json.dumps(first.record))
    again = rank(
        clusters,
        [Indicator(**fields) for fields in record["indicators"]],
        weights=Weights(tuple(record["weights"]), tuple(record["weights"].values()), record["weights_origin"]),
        method=Method(record["method"], record["normalisation"], record["group_utility"]),
        errors=errors,
        restrictions=Restrictions(
            tuple(record["restrictions"]["order"]),
            {name: (low, high) for name, (low, high) in record["restrictions"]["intervals"].items()},
        ),
        samples=record["samples"],
        seed=record["seed"],
        tie_level=record["tie_level"],
    )
    pd.testing.assert_frame_equal(again.table, first.table, check_exact=True)
    assert again.stability.acceptability.tobytes() == first.stability.acceptability.tobytes()
    assert json.loads(json.dumps(again.record)) == record


def test_the_record_tells_other_facts_apart(clusters):
    first = rank(clusters, INDICATORS, samples=10).record["facts_sha256"]
    assert (
        rank(clusters, INDICATORS, samples=10, errors=Errors(standard=clusters * 0.1)).record["facts_sha256"] != first
    )
    clusters.loc["glass", "output_yuan"] += 1
    assert rank(clusters, INDICATORS, samples=10).record["facts_sha256"] != first


def test_a_single_alternative_is_first(clusters):
    table = rank(clusters.iloc[:1], INDICATORS, samples=10).table
    assert table[["rank", "tier", "rank_95_low", "rank_95_high"]].to_numpy().tolist() == [[1, 1, 1, 1]]
    with pytest.raises(ComparisonRefused, match="two alternatives"):
        rank(clusters.iloc[:1], INDICATORS, weights="entropy")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"weights": "official"}, "'official' is no rule for weights"),
        ({"weights": {"output_yuan": 1}}, "without a weight"),
        ({"method": "electre"}, "'electre' is no method"),
        ({"tie_level": 0.4}, "level of ties"),
        ({"restrictions": Restrictions(order=("size",))}, "'size' is restricted"),
    ],
)
def test_options_that_are_none_are_refused(clusters, options, says):
    with pytest.raises(InputError, match=says):
        rank(clusters, INDICATORS, samples=10, **options)
