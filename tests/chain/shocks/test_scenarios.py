"""How scenarios are checked."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from gaoyuan.chain.shocks.scenarios import checked_scenarios, each_alone
from gaoyuan.errors import InputError


@pytest.mark.parametrize("given", [[[0.0, 1.5]], [[-0.1, 0.0]], sp.csr_array([[0.0, 2.0]])], ids=str)
def test_a_share_above_the_whole_or_below_nothing_is_refused(given) -> None:
    with pytest.raises(InputError, match="a lost share of scenario 0 is not in 0 … 1"):
        checked_scenarios(given, 2)


def test_a_missing_share_is_refused() -> None:
    with pytest.raises(InputError, match="missing"):
        checked_scenarios([[np.nan, 0.0]], 2)
    with pytest.raises(InputError):
        checked_scenarios(sp.csr_array([[np.nan, 0.0]]), 2)


def test_scenarios_have_one_share_a_firm() -> None:
    with pytest.raises(InputError, match="3 columns for 2 firms"):
        checked_scenarios(np.zeros((1, 3)), 2)


def test_dense_and_sparse_scenarios_are_the_same() -> None:
    dense = np.array([[0.0, 0.5, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.25]])
    for given in (dense, sp.csr_array(dense), sp.coo_array(dense), sp.csc_matrix(dense)):
        found = checked_scenarios(given, 3)
        assert found.begins.tolist() == [0, 1, 1, 3]
        assert found.firm.tolist() == [1, 0, 2]
        assert found.loss.tolist() == [0.5, 1.0, 0.25]


def test_without_scenarios_each_firm_fails_alone() -> None:
    alone, identity = each_alone(3), checked_scenarios(np.eye(3), 3)
    assert all((a == b).all() for a, b in zip(alone, identity, strict=True))
