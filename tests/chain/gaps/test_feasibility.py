"""How near industries are to what a region is strong in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.gaps.feasibility import feasibility, percentiles
from gaoyuan.chain.locality import locality
from gaoyuan.errors import ResultsOutdated

VALUES = st.lists(st.one_of(st.just(float("nan")), st.integers(0, 5).map(float)), max_size=12)


@given(VALUES)
def test_a_percentile_is_the_share_of_the_others_below_with_ties_halved(values):
    found = percentiles(values)
    for at, own in enumerate(values):
        others = [one for place, one in enumerate(values) if place != at and not np.isnan(one)]
        if np.isnan(own) or not others:
            assert np.isnan(found[at])
        else:
            below = sum(one < own for one in others) + sum(one == own for one in others) / 2
            assert found[at] == pytest.approx(below / len(others))


@pytest.mark.parametrize("county", ["370211", "370681", "370102"])
def test_the_density_is_that_of_observing_where_that_has_one(sample_workspace, county):
    found = feasibility(sample_workspace, locality(sample_workspace, county))
    rows = sample_workspace.table("region_industry")
    held = sample_workspace.to_arrow(rows.filter((rows.region == county) & rows.density.notnull())).to_pandas()
    assert len(held) > 20
    own = held["industry"].map(found.density)
    assert own.to_numpy() == pytest.approx(held["density"].to_numpy(), abs=1e-12)
    # And there is one for industries that the county lacks.
    assert len(found.density) > len(held)


def test_a_cluster_has_the_density_of_its_county(sample_workspace):
    cluster = sample_workspace.read("cluster", ["cluster_id", "county"]).to_pylist()[0]
    found = feasibility(sample_workspace, locality(sample_workspace, cluster["cluster_id"]))
    assert found.region == cluster["county"]
    assert found == feasibility(sample_workspace, locality(sample_workspace, cluster["county"]))


def test_a_prefecture_is_strong_beside_other_prefectures(sample_workspace):
    found = feasibility(sample_workspace, locality(sample_workspace, "370200"))
    density = pd.Series(found.density)
    assert 0 < density.min() < density.max() <= 1
    assert pd.Series(found.percentile).mean() == pytest.approx(0.5)


@pytest.mark.parametrize("place", [None, "370000"])
def test_without_other_regions_to_compare_nothing_is_known(sample_workspace, place):
    assert feasibility(sample_workspace, locality(sample_workspace, place)).density == {}


def test_of_a_county_that_was_not_observed_nothing_is_known(chain_workspace, empty_chain):
    assert feasibility(chain_workspace, locality(chain_workspace, "370213")).density == {}
    assert feasibility(empty_chain, locality(empty_chain, "370211")).density == {}


def test_the_density_of_the_small_chain_is_as_counted_by_hand(chain_workspace):
    found = feasibility(chain_workspace, locality(chain_workspace, "370211"))
    assert found.density == pytest.approx({"2921": 1.0, "3822": 0.25, "3824": 0.75, "3973": 0.0})
    assert found.percentile == pytest.approx({"3973": 0, "3822": 1 / 3, "3824": 2 / 3, "2921": 1})


def test_outdated_measures_are_refused(chain_workspace, put):
    with chain_workspace.run("observe", reads=["enterprise"]) as run:
        chain_workspace.write("region_industry", chain_workspace.read("region_industry"), run)
    put(chain_workspace, enterprise=chain_workspace.read("enterprise").to_pylist())
    with pytest.raises(ResultsOutdated):
        feasibility(chain_workspace, locality(chain_workspace, "370211"))
