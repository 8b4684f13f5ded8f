"""Upstreamness, downstreamness and extraction, against reference values and brute force."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gaoyuan.chain.input_output import downstreamness, extraction_loss, leontief, upstreamness
from gaoyuan.errors import InputError

Table = tuple[np.ndarray, np.ndarray]
INDICATORS = ("2012_139", "2017_149", "2020_153")


@pytest.mark.parametrize("name", INDICATORS)
def test_the_indicators_of_the_official_tables_are_reproduced(
    name: str, china: dict[str, pd.DataFrame], shared_data: Path
) -> None:
    table = china[name]
    flows, outputs = table[list(table.index)].to_numpy(float), table["GO"].to_numpy(float)
    file = shared_data / "reference" / "chain" / "io" / f"china_{name}_indicators.csv"
    expected = pd.read_csv(file, dtype={"code": str}).set_index("code").loc[table.index]
    np.testing.assert_allclose(upstreamness(flows, outputs), expected["upstreamness"], rtol=1e-10)
    np.testing.assert_allclose(downstreamness(flows, outputs), expected["downstreamness"], rtol=1e-10)
    np.testing.assert_allclose(extraction_loss(flows, outputs), expected["hem_total_loss"], rtol=1e-10)
    corrected = upstreamness(
        flows,
        outputs,
        exports=table["EX"].to_numpy(float),
        imports=table["IM"].to_numpy(float),
        inventory=table["FU202"].to_numpy(float),
    )
    np.testing.assert_allclose(corrected, expected["upstreamness_open"], rtol=1e-10)


def test_the_toy_table_has_the_reference_values(shared_data: Path) -> None:
    toy = json.loads((shared_data / "reference" / "chain" / "io" / "toy3.json").read_text(encoding="utf-8"))
    np.testing.assert_allclose(upstreamness(toy["Z"], toy["x"]), toy["upstreamness"], rtol=1e-13)
    np.testing.assert_allclose(downstreamness(toy["Z"], toy["x"]), toy["downstreamness"], rtol=1e-13)
    np.testing.assert_allclose(extraction_loss(toy["Z"], toy["x"]), toy["hem_loss"], rtol=1e-13)


def test_one_inversion_gives_what_solving_without_each_sector_gives(random_table: Table) -> None:
    flows, outputs = random_table
    coefficients, demand = flows / outputs, outputs - flows.sum(axis=1)
    expected = []
    for sector in range(outputs.size):
        left = np.delete(np.arange(outputs.size), sector)
        without = np.linalg.solve(np.eye(left.size) - coefficients[np.ix_(left, left)], demand[left])
        expected.append(outputs.sum() - without.sum())
    np.testing.assert_allclose(extraction_loss(flows, outputs), expected, rtol=1e-11)


def test_a_sector_is_worth_at_least_its_own_output(random_table: Table) -> None:
    flows, outputs = random_table
    loss = extraction_loss(flows, outputs)
    assert (loss >= outputs * (1.0 - 1e-12)).all()
    assert (loss[[3]] == outputs[[3]]).all(), "a sector that trades nothing takes only itself away"


def test_a_chain_of_sectors_counts_its_steps() -> None:
    # Ore, metal, machine: each sells all of its output to the next, the last to final users.
    flows = [[0.0, 10.0, 0.0], [0.0, 0.0, 10.0], [0.0, 0.0, 0.0]]
    assert upstreamness(flows, [10.0, 10.0, 10.0]).tolist() == [3.0, 2.0, 1.0]
    assert downstreamness(flows, [10.0, 10.0, 10.0]).tolist() == [1.0, 2.0, 3.0]


def test_sectors_that_make_nothing_have_no_position_and_no_loss() -> None:
    flows, outputs = [[20.0, 0.0], [0.0, 0.0]], [100.0, 0.0]
    assert np.isnan(upstreamness(flows, outputs)).tolist() == [False, True]
    assert np.isnan(downstreamness(flows, outputs)).tolist() == [False, True]
    assert extraction_loss(flows, outputs).tolist() == [100.0, 0.0]


def test_average_upstreamness_weighted_by_final_demand_and_output_agree(random_table: Table) -> None:
    flows, outputs = random_table
    # Output is final demand times 1, what it takes one step before times 2, …: Σ x U = Σ f colsum(L²).
    inverse = leontief(flows, outputs)
    steps = (inverse @ inverse @ (outputs - flows.sum(axis=1))).sum()
    assert upstreamness(flows, outputs) @ outputs == pytest.approx(steps, rel=1e-12)


def test_zero_trade_and_zero_stocks_correct_nothing(random_table: Table) -> None:
    flows, outputs = random_table
    zero = np.zeros(outputs.size)
    plain = upstreamness(flows, outputs)
    np.testing.assert_array_equal(upstreamness(flows, outputs, exports=zero, imports=zero, inventory=zero), plain)


@pytest.mark.parametrize(
    ("correction", "message"),
    [
        (([0.0, 0.0], [-1.0, 0.0]), "negative imports"),
        (([1.0], [0.0, 0.0]), "not one number for each of 2"),
        (([0.0, 90.0], [0.0, 0.0]), "sector 1: output less exports"),
    ],
)
def test_corrections_that_do_not_fit_are_refused(correction: tuple[list[float], list[float]], message: str) -> None:
    exports, imports = correction
    with pytest.raises(InputError, match=message):
        upstreamness([[20.0, 45.0], [15.0, 30.0]], [100.0, 90.0], exports=exports, imports=imports)
