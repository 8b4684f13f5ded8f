"""The inverses of an input-output table, against reference values and the identities that define them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gaoyuan.chain.input_output import (
    domestic_flows,
    extraction_loss,
    ghosh,
    leontief,
    linkages,
    technical_coefficients,
    upstreamness,
)
from gaoyuan.errors import InputError

Table = tuple[np.ndarray, np.ndarray]


def test_the_toy_table_has_the_reference_inverses(shared_data: Path) -> None:
    toy = json.loads((shared_data / "reference" / "chain" / "io" / "toy3.json").read_text(encoding="utf-8"))
    np.testing.assert_allclose(technical_coefficients(toy["Z"], toy["x"]), toy["A"], rtol=1e-14)
    np.testing.assert_allclose(leontief(toy["Z"], toy["x"]), toy["L"], rtol=1e-13)
    np.testing.assert_allclose(ghosh(toy["Z"], toy["x"]), toy["G"], rtol=1e-13)


def test_final_demand_times_the_leontief_inverse_is_output(random_table: Table) -> None:
    flows, outputs = random_table
    np.testing.assert_allclose(leontief(flows, outputs) @ (outputs - flows.sum(axis=1)), outputs, rtol=1e-12)


def test_value_added_times_the_ghosh_inverse_is_output(random_table: Table) -> None:
    flows, outputs = random_table
    np.testing.assert_allclose((outputs - flows.sum(axis=0)) @ ghosh(flows, outputs), outputs, rtol=1e-12)


def test_the_unit_of_money_does_not_matter(random_table: Table) -> None:
    flows, outputs = random_table
    np.testing.assert_allclose(leontief(flows * 1e-4, outputs * 1e-4), leontief(flows, outputs), rtol=1e-12)


def test_a_sector_without_output_is_a_row_and_column_of_the_unit_matrix() -> None:
    inverse = leontief([[20.0, 0.0], [0.0, 0.0]], [100.0, 0.0])
    assert inverse.tolist() == [[1.25, 0.0], [0.0, 1.0]]
    assert ghosh([[20.0, 0.0], [0.0, 0.0]], [100.0, 0.0]).tolist() == [[1.25, 0.0], [0.0, 1.0]]


def test_a_sector_may_sell_imports_without_making_anything() -> None:
    assert leontief([[20.0, 0.0], [10.0, 0.0]], [100.0, 0.0]).round(3).tolist() == [[1.25, 0.0], [0.125, 1.0]]


def test_an_empty_table_has_an_empty_inverse() -> None:
    assert leontief(np.zeros((0, 0)), np.zeros(0)).shape == (0, 0)


def test_a_table_that_is_not_productive_is_refused_and_its_sectors_are_named() -> None:
    # 甲 and 乙 need more of each other than they make; 丙 only buys from them, 丁 only sells to them.
    flows = np.array([[0.0, 60.0, 5.0, 0.0], [200.0, 0.0, 5.0, 0.0], [0.0, 0.0, 1.0, 0.0], [9.0, 9.0, 0.0, 2.0]])
    with pytest.raises(InputError, match=r"sectors 甲, 乙: the table is not productive"):
        leontief(flows, [100.0, 50.0, 100.0, 100.0], names=["甲", "乙", "丙", "丁"])


def test_a_circle_that_uses_up_just_what_it_makes_is_refused() -> None:
    with pytest.raises(InputError, match="sectors 0, 1: the table is not productive"):
        leontief([[0.0, 100.0], [100.0, 0.0]], [100.0, 100.0])


def test_a_sector_whose_inputs_exceed_its_output_is_no_fault_of_its_own() -> None:
    # It buys more than it makes, but no circle of sectors consumes itself: an inverse exists.
    assert leontief([[0.0, 150.0], [0.0, 0.0]], [500.0, 100.0])[0, 1] == pytest.approx(1.5)


@pytest.mark.parametrize("measure", [leontief, ghosh])
@pytest.mark.parametrize(
    ("flows", "outputs", "message"),
    [
        ([[1.0, 2.0]], [3.0], "are no table"),
        ([[1.0]], [3.0, 4.0], "are no table"),
        ([[1.0, -2.0], [0.0, 0.0]], [3.0, 4.0], "sector 0: negative"),
        ([[1.0, 2.0], [0.0, 0.0]], [3.0, -4.0], "sector 1: negative"),
        ([[1.0, float("nan")], [0.0, 0.0]], [3.0, 4.0], "sector 0: entries that are no numbers"),
        ([[1.0, 2.0], [3.0, 0.0]], [9.0, 0.0], "sector 1: (buys|sells) but makes nothing"),
    ],
)
def test_what_is_no_table_is_refused(
    measure: Callable[..., np.ndarray], flows: list[list[float]], outputs: list[float], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        measure(flows, outputs)


@pytest.mark.parametrize("measure", [leontief, ghosh, technical_coefficients, upstreamness, extraction_loss, linkages])
@pytest.mark.parametrize(
    ("flows", "outputs", "said", "zh"),
    [
        ([["a", "b"], ["c", "d"]], [1.0, 2.0], "flows: 'a'.* is no number", "不是数"),
        ([[1.0, 2.0], [3.0, 4.0]], ["x", 9.0], "outputs: 'x'.* is no number", "不是数"),
        ([[1.0, 2.0], [3.0]], [9.0, 9.0], "flows: rows of different lengths", "长度不一"),
        ([[1.0, float("inf")], [0.0, 0.0]], [3.0, 4.0], "sector 甲: infinite", "无穷大"),
        ([[1.0, 0.0], [0.0, 0.0]], [3.0, float("inf")], "sector 乙: infinite", "无穷大"),
        ([[1.0, float("nan")], [0.0, 0.0]], [3.0, 4.0], "sector 甲: entries that are no numbers", "不是数"),
        ([[1.0, -2.0], [0.0, 0.0]], [3.0, 4.0], r"sector 甲: negative flow to 乙 \(-2\)", "流向 乙 的中间流量为负"),
        ([[1.0, 2.0], [0.0, 0.0]], [3.0, -4.0], r"sector 乙: negative output \(-4\)", "总产出为负"),
        ([[1.0, 2.0], [3.0, 0.0]], [9.0, 0.0], "sector 乙: (buys|sells) but makes nothing", "部门 乙"),
        ([[0.0, 9.0], [9.0, 0.0]], [9.0, 9.0], "sectors 甲, 乙: the table is not productive", "部门 甲、乙"),
    ],
)
def test_what_is_no_table_is_said_in_both_languages_with_its_sector(
    measure: Callable[..., object], flows: list[list[float]], outputs: list[float], said: str, zh: str
) -> None:
    if measure is technical_coefficients and "productive" in said:
        return
    with pytest.raises(InputError, match=said) as refused:
        measure(flows, outputs, names=["甲", "乙"])
    assert zh in refused.value.zh
    assert refused.value.mend
    assert refused.value.mend_zh


def test_an_infinite_cell_is_not_called_an_empty_one() -> None:
    with pytest.raises(InputError) as refused:
        leontief([[float("inf")]], [1.0])
    assert "empty" not in str(refused.value)


def test_imports_and_exports_of_text_are_refused() -> None:
    with pytest.raises(InputError, match="imports: 'a' is no number"):
        domestic_flows([[1.0]], [3.0], ["a"], [0.0])


def test_names_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="1 names for 2 sectors"):
        leontief(np.eye(2), [9.0, 9.0], names=["甲"])


def test_flows_without_imports_are_the_flows(random_table: Table) -> None:
    flows, outputs = random_table
    np.testing.assert_array_equal(domestic_flows(flows, outputs, np.zeros(12), 0.4 * outputs), flows)


def test_a_good_that_is_only_imported_has_no_home_made_flows() -> None:
    assert domestic_flows([[0.0, 9.0], [0.0, 3.0]], [0.0, 20.0], [9.0, 0.0], [0.0, 0.0]).tolist() == [[0, 0], [0, 3]]


@pytest.mark.parametrize(
    ("imports", "exports", "message"),
    [([-1.0], [0.0], "must not be negative"), ([0.0], [9.0], "exports exceed"), ([0.0, 1.0], [0.0], "not one number")],
)
def test_trade_that_does_not_fit_the_table_is_refused(imports: list[float], exports: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        domestic_flows([[1.0]], [3.0], imports, exports)
