from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.reconstruction.demand import regional_flows, regional_shares
from gaoyuan.errors import InputError

OUTPUTS = st.lists(st.tuples(st.floats(0, 1e9), st.floats(1, 1e9)), min_size=1, max_size=6)


def test_location_quotients_are_those_of_the_formulas():
    regional, national = np.array([30.0, 10.0]), np.array([100.0, 300.0])
    quotients = (regional / 40) / (national / 400)
    assert regional_shares(regional, national, "slq")[:, 0] == pytest.approx([1.0, quotients[1]])
    size = np.log2(1 + 40 / 400) ** 0.3
    expected = np.minimum(1, [[quotients[0] * size, quotients[0] / quotients[1] * size],
                              [quotients[1] / quotients[0] * size, quotients[1] * size]])  # fmt: skip
    np.testing.assert_allclose(regional_shares(regional, national), expected)


def test_a_smaller_region_buys_more_elsewhere():
    national = np.array([100.0, 300.0])
    shares = [regional_shares(national * part, national)[0, 0] for part in (1.0, 0.1, 0.001)]
    assert shares[0] == 1.0
    assert shares[0] > shares[1] > shares[2] > 0


@given(OUTPUTS, st.sampled_from(["flq", "slq"]))
def test_shares_are_shares_and_nothing_is_bought_of_whom_there_is_not(outputs, quotient):
    regional, national = np.array(outputs).T
    shares = regional_shares(regional, national, quotient)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert (shares[regional == 0] == 0).all()


@given(OUTPUTS)
def test_no_sector_sells_more_to_firms_than_it_can_nor_buys_more_than_its_inputs(outputs):
    regional, national = np.array(outputs).T
    flows = np.outer(national, national) / national.sum() * 0.5
    found = regional_flows(flows, flows.sum(axis=0), national, regional, np.ones_like(flows))
    assert (found.flows.sum(axis=1) <= found.for_firms * (1 + 1e-9) + 1e-9).all()
    assert (found.flows.sum(axis=0) <= found.inputs * (1 + 1e-9) + 1e-9).all()
    assert (found.for_firms <= regional * (1 + 1e-9)).all()


def test_the_whole_country_keeps_its_flows():
    national = np.array([100.0, 300.0])
    flows = np.array([[10.0, 40.0], [20.0, 90.0]])
    found = regional_flows(flows, flows.sum(axis=0), national, national, regional_shares(national, national))
    np.testing.assert_allclose(found.flows, flows)


def test_outputs_of_other_sectors_are_refused():
    with pytest.raises(InputError):
        regional_shares([1.0], [1.0, 2.0])
    with pytest.raises(InputError):
        regional_shares([-1.0], [1.0])
