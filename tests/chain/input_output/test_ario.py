"""Adaptive regional input-output dynamics, against the series of BoARIO 0.7.2 and by what must always hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.input_output import (
    ArioEconomy,
    ArioParameters,
    ArioResult,
    Shock,
    ario_economy,
    capacity_shock,
    simulate_ario,
)
from gaoyuan.errors import InputError

CASES = ("rebuild", "rec_medium", "rec_big_alt", "rec_big_noalt", "rec_psi1_inv10")
SECTORS = ("construction", "food", "manufactoring", "mining", "other")
"""As the reference spells and sorts them."""


@pytest.fixture(scope="module")
def three_regions(shared_data: Path) -> ArioEconomy:
    """The table of the reference: 3 regions of 5 sectors, final use by region."""
    folder = shared_data / "reference" / "chain" / "ario"
    flows = pd.read_csv(folder / "test_Z.csv", header=[0, 1], index_col=[0, 1])
    final = pd.read_csv(folder / "test_Y.csv", header=[0, 1], index_col=[0, 1])
    flows.columns = flows.index
    order = flows.sort_index().index
    by_region = final.T.groupby(level=0).sum().T.loc[order]
    return ario_economy(
        flows.loc[order, order].to_numpy(),
        by_region.to_numpy(),
        product=np.array([SECTORS.index(sector) for _, sector in order]),
        names=[f"{region} {sector}" for region, sector in order],
    )


@pytest.fixture(scope="module")
def simulated(shared_data: Path, three_regions: ArioEconomy) -> dict[str, tuple[dict, ArioResult]]:
    """The cases of the reference: their parameters and headline figures, and our results."""
    found = {}
    for case in CASES:
        text = (shared_data / "reference" / "chain" / "ario" / f"{case}.json").read_text(encoding="utf-8")
        setup = json.loads(text)
        hit = np.isin(np.array(three_regions.names), ["reg1 manufactoring", "reg1 mining"])
        added = np.where(hit, three_regions.outputs - three_regions.flows.sum(axis=0), 0.0)
        shock = Shock(
            setup["impact"] * added / added.sum(),
            day=1,
            duration=setup["duration"],
            recovery_days=setup["recovery_tau"],
            rebuilding=np.array([0.6, 0.0, 0.4, 0.0, 0.0]) if setup["event_type"] == "rebuild" else None,
        )
        parameters = ArioParameters(
            inventory_days=setup["main_inv_dur"],
            psi=setup["psi"],
            restoration_days=setup["inventory_restoration_tau"],
            overproduction_max=setup["alpha_max"],
            overproduction_days=setup["alpha_tau"],
            prefer_capacity=setup["order_type"] == "alt",
        )
        found[case] = setup, simulate_ario(three_regions, [shock], parameters, days=setup["n_steps"])
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("series", "attribute"),
    [
        ("production_realised", "production"),
        ("production_capacity", "capacity"),
        ("intermediate_demand", "intermediate_demand"),
        ("final_demand_unmet", "final_unmet"),
        ("productive_capital_to_recover", "lost_capital"),
    ],
)
def test_the_reference_series_are_reproduced(
    case: str, series: str, attribute: str, simulated: dict, shared_data: Path, three_regions: ArioEconomy
) -> None:
    file = shared_data / "reference" / "chain" / "ario" / f"{case}_{series}.csv"
    expected = pd.read_csv(file, header=[0, 1], index_col=0).to_numpy()
    ours = getattr(simulated[case][1], attribute).reshape(expected.shape)
    # The files hold 12 digits; unmet demand is a difference, and is compared on the scale of a day's output.
    scale = three_regions.capital if attribute == "lost_capital" else three_regions.outputs / 365.0
    assert expected.shape[0] == 365
    np.testing.assert_allclose(ours / scale, expected / scale, rtol=2e-11, atol=2e-11)


@pytest.mark.parametrize("case", CASES)
def test_the_headline_figures_of_the_reference_are_reproduced(case: str, simulated: dict) -> None:
    setup, result = simulated[case]
    assert result.total_lost_output == pytest.approx(setup["cumulative_production_loss"], rel=1e-9)
    assert result.total_final_unmet == pytest.approx(setup["unmet_final_demand"], rel=1e-9)
    assert result.had_shortage == setup["had_shortage"]


def _small(flows: list[list[float]], final: list[float]) -> ArioEconomy:
    return ario_economy(flows, final)


@st.composite
def economies(draw: st.DrawFn) -> ArioEconomy:
    """Two to four industries in which everyone adds value and meets some final demand."""
    size = draw(st.integers(2, 4))
    cells = st.just(0.0) | st.floats(1e-3, 1.0)
    flows = np.array([[draw(cells) for _ in range(size)] for _ in range(size)])
    final = np.array([draw(st.floats(0.2, 1.0)) for _ in range(size)]) * size
    outputs = flows.sum(axis=1) + final
    return ario_economy(flows * np.minimum(1.0, 0.8 * outputs / np.maximum(flows.sum(axis=0), 1e-9)), final)


SETTINGS = st.builds(
    ArioParameters,
    inventory_days=st.sampled_from([2.0, 10.0, 90.0, np.inf]),
    psi=st.sampled_from([0.5, 0.8, 1.0]),
    overproduction_max=st.sampled_from([1.0, 1.25]),
    prefer_capacity=st.booleans(),
)


@given(economies(), SETTINGS)
def test_without_a_shock_nothing_ever_changes(economy: ArioEconomy, settings: ArioParameters) -> None:
    result = simulate_ario(economy, [], settings, days=400)
    np.testing.assert_allclose(result.production, np.tile(economy.outputs / 365.0, (400, 1)), rtol=1e-9)
    assert np.abs(result.final_unmet).max() <= 1e-9 * economy.outputs.max()
    assert not result.had_shortage


@given(economies(), SETTINGS, st.floats(0.0, 0.7), st.floats(0.0, 0.3))
def test_a_larger_shock_makes_less_on_its_day(
    economy: ArioEconomy, settings: ArioParameters, share: float, more: float
) -> None:
    lost = np.zeros(economy.outputs.size)
    lost[0] = share
    smaller = simulate_ario(economy, [capacity_shock(economy, lost)], settings, days=2)
    lost[0] += more
    larger = simulate_ario(economy, [capacity_shock(economy, lost)], settings, days=2)
    assert (larger.production[1] <= smaller.production[1] + 1e-12).all()
    assert (larger.final_unmet[1] >= smaller.final_unmet[1] - 1e-12).all()


def test_a_larger_shock_can_lose_less_over_all_days() -> None:
    """So do the published equations, and not by rounding: both run short of each other, the smaller shock sooner."""
    losses = []
    for share in (0.6, 0.7):
        economy = ario_economy([[10.0, 30.0], [0.0, 10.0]], [70.0, 40.0])
        shock = capacity_shock(economy, [share, 0.0], duration=30, recovery_days=30)
        settings = ArioParameters(inventory_days=30.0, overproduction_max=1.0)
        losses.append(simulate_ario(economy, [shock], settings, days=300).total_lost_output)
    assert losses[0] > 1.3 * losses[1] > 0.0


@given(economies(), SETTINGS, st.floats(0.05, 0.9), st.sampled_from([1e-6, 1e4]))
def test_the_unit_of_money_does_not_matter(
    economy: ArioEconomy, settings: ArioParameters, share: float, unit: float
) -> None:
    lost = np.zeros(economy.outputs.size)
    lost[0] = share
    other = ario_economy(economy.flows * unit, economy.final * unit)
    one = simulate_ario(economy, [capacity_shock(economy, lost, duration=10, recovery_days=20)], settings, days=60)
    two = simulate_ario(other, [capacity_shock(other, lost, duration=10, recovery_days=20)], settings, days=60)
    # What is above 1e-12 of demand counts as scarce; rounding can tip that, which shifts capacity by 1 / 365 of itself.
    np.testing.assert_allclose(two.production / unit, one.production, rtol=1e-6, atol=1e-9)


def test_the_order_of_industries_does_not_matter(simulated: dict, three_regions: ArioEconomy) -> None:
    setup, expected = simulated["rec_big_alt"]
    order = np.random.default_rng(3).permutation(three_regions.outputs.size)
    mixed = ario_economy(
        three_regions.flows[np.ix_(order, order)], three_regions.final[order], product=three_regions.product[order]
    )
    shock = Shock(expected.lost_capital[1][order], duration=setup["duration"], recovery_days=setup["recovery_tau"])
    result = simulate_ario(mixed, [shock], ArioParameters(inventory_days=30.0))
    np.testing.assert_allclose(result.production, expected.production[:, order], rtol=1e-9)


def test_a_product_without_any_capacity_stays_ordered_and_undelivered() -> None:
    economy = _small([[20.0, 45.0], [15.0, 30.0]], [35.0, 45.0])
    result = simulate_ario(economy, [capacity_shock(economy, [1.0, 0.0], duration=200)], days=150)
    assert result.production[1:, 0].max() == 0.0
    assert np.isfinite(result.intermediate_demand).all()
    assert result.intermediate_demand[1:100, 0].min() > 0.0
    assert result.limiting[-1, 1] == 0
    np.testing.assert_allclose(result.final_unmet[1:, 0, 0], 35.0 / 365.0)


def test_what_never_runs_out_never_holds_production_back() -> None:
    economy = _small([[20.0, 45.0], [15.0, 30.0]], [35.0, 45.0])
    shock = capacity_shock(economy, [1.0, 0.0], duration=200)
    result = simulate_ario(economy, [shock], ArioParameters(inventory_days=[np.inf, 90.0]), days=150)
    assert not result.had_shortage
    assert result.production[-1, 1] > 0.5 * result.usual_output[1]


def test_a_product_that_the_hit_industry_does_not_use_still_rebuilds_it() -> None:
    economy = _small([[20.0, 0.0], [15.0, 30.0]], [35.0, 45.0])
    shock = capacity_shock(economy, [0.0, 0.5], recovery_days=20, rebuilding=[1.0, 0.0])
    result = simulate_ario(economy, [shock], days=400)
    assert result.rebuilding_demand[2, 0] == pytest.approx(shock.lost_capital.sum() / 20)
    assert 0.0 < result.lost_capital[-1, 1] < result.lost_capital[1, 1]
    assert result.rebuilding_demand[:, 1].max() == 0.0


def test_shocks_add_up_and_more_than_the_capital_is_refused() -> None:
    economy = _small([[20.0, 45.0], [15.0, 30.0]], [35.0, 45.0])
    half = capacity_shock(economy, [0.5, 0.0], duration=10)
    both = simulate_ario(economy, [half, half], days=3)
    assert both.capacity[1, 0] == pytest.approx(0.0)
    with pytest.raises(InputError, match="0 loses 390 of capital and has 260"):
        simulate_ario(economy, [half, half, half])


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: ario_economy([[1.0, 1.0]], [1.0]), "are no table"),
        (lambda: ario_economy([[1.0, 1.0], [1.0, 1.0]], [1.0, -0.5], names=["甲", "乙"]), "乙: negative or missing"),
        (lambda: ario_economy([[1.0, 1.0], [0.0, 0.0]], [1.0, 0.0]), "1: buys but sells nothing"),
        (lambda: ario_economy([[1.0]], [3.0], product=[1]), "leave gaps"),
        (lambda: ario_economy([[1.0]], [3.0], capital=[-1.0]), "negative capital"),
        (lambda: ArioParameters(psi=1.2), "psi 1.2 is no share"),
        (lambda: ArioParameters(inventory_days=0.5), "does not last the day"),
        (lambda: ArioParameters(overproduction_max=0.9), "below 1"),
        (lambda: ArioParameters(restoration_days=0.0), "restoration_days 0.0"),
        (lambda: Shock(np.array([1.0]), day=-1), "on day -1"),
        (lambda: Shock(np.array([1.0]), rebuilding=np.array([0.5, 0.4])), "sum to 0.9"),
        (lambda: Shock(np.array([1.0]), recovery_days=0.0), "recovery_days 0.0"),
        (lambda: capacity_shock(ario_economy([[1.0]], [3.0]), [1.5]), "outside 0–1"),
        (lambda: simulate_ario(ario_economy([[1.0]], [3.0]), [Shock(np.array([-1.0]))]), "not one amount"),
        (lambda: simulate_ario(ario_economy([[1.0]], [3.0]), [], days=0), "0 days"),
        (
            lambda: simulate_ario(ario_economy([[1.0]], [3.0]), [], ArioParameters(inventory_days=[1.0, 2.0])),
            "2 inventory_days for 1 products",
        ),
        (
            lambda: simulate_ario(
                ario_economy([[1.0, 0.0], [0.0, 0.0]], [3.0, 0.0]),
                [Shock(np.array([1.0, 0.0]), rebuilding=np.array([0.0, 1.0]))],
            ),
            "nobody makes",
        ),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_its_reason(attempt: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        attempt()


def test_an_official_table_can_be_simulated_once_imports_are_taken_out(china: dict[str, pd.DataFrame]) -> None:
    table = china["2020_42"]
    flows = table[list(table.index)].to_numpy(float)
    final = table[["TC", "FU201", "EX"]].to_numpy(float)
    economy = ario_economy(flows, final, names=list(table["DescriptionInChinese"]))
    lost = np.where(table.index == "18", 0.5, 0.0)
    result = simulate_ario(economy, [capacity_shock(economy, lost, duration=30, recovery_days=90)], days=365)
    hit = list(table.index).index("18")
    assert result.lost_output.argmax() == hit
    # It is a matter of one sector in 42: the rest of the economy loses something, and far less than all.
    assert result.lost_output[hit] < result.total_lost_output < 0.1 * result.usual_output.sum() * 365


def test_an_industry_that_makes_nothing_stays_out_of_it() -> None:
    economy = _small([[20.0, 0.0], [0.0, 0.0]], [35.0, 0.0])
    result = simulate_ario(economy, [capacity_shock(economy, [0.5, 0.0])], days=30)
    assert np.isfinite(result.production).all()
    assert result.production[:, 1].max() == 0.0
