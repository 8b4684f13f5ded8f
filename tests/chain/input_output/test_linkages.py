"""Backward and forward linkages, against reference values and their definitions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gaoyuan.chain.input_output import ghosh, leontief, linkages


@pytest.mark.parametrize("name", ["2012_139", "2017_149", "2020_153"])
def test_the_linkages_of_the_official_tables_are_reproduced(
    name: str, china: dict[str, pd.DataFrame], shared_data: Path
) -> None:
    table = china[name]
    found = linkages(table[list(table.index)].to_numpy(float), table["GO"].to_numpy(float))
    file = shared_data / "reference" / "chain" / "io" / f"china_{name}_indicators.csv"
    expected = pd.read_csv(file, dtype={"code": str}).set_index("code").loc[table.index]
    np.testing.assert_allclose(found.backward_index, expected["backward_linkage"], rtol=1e-10)
    np.testing.assert_allclose(found.forward_index, expected["forward_linkage_ghosh"], rtol=1e-10)


def test_indices_are_relative_to_the_sectors_that_make_something(random_table: tuple[np.ndarray, np.ndarray]) -> None:
    flows, outputs = random_table
    flows, outputs = np.pad(flows, (0, 1)), np.append(outputs, 0.0)
    found = linkages(flows, outputs)
    np.testing.assert_allclose(found.backward[:-1], leontief(flows, outputs).sum(axis=0)[:-1])
    np.testing.assert_allclose(found.sensitivity[:-1], leontief(flows, outputs).sum(axis=1)[:-1])
    np.testing.assert_allclose(found.forward[:-1], ghosh(flows, outputs).sum(axis=1)[:-1])
    for index in (found.backward_index, found.forward_index, found.sensitivity_index):
        assert np.isnan(index[-1])
        assert index[:-1].mean() == pytest.approx(1.0)
    assert not found.key[-1]
    assert (found.key == ((found.backward_index > 1.0) & (found.forward_index > 1.0))).all()


def test_a_sector_that_pulls_at_all_alike_has_the_smaller_spread() -> None:
    # The first sector buys the same from everyone, the second all from the third.
    flows = [[20.0, 0.0, 0.0], [20.0, 0.0, 0.0], [20.0, 60.0, 0.0]]
    found = linkages(flows, [100.0, 100.0, 100.0])
    assert found.backward_spread[0] < found.backward_spread[1]


def test_a_table_of_one_sector_has_no_spread() -> None:
    found = linkages([[20.0]], [100.0])
    assert (found.backward_index.tolist(), found.key.tolist()) == ([1.0], [False])
    assert np.isnan(found.backward_spread).all()
