from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from gaoyuan.chain import systemic_risk
from gaoyuan.errors import InputError


def load_oracle() -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracle", Path(__file__).with_name("oracle.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle = load_oracle()


def network(seed: int, firms: int = 25, sectors: int = 5, leak: float = 1.3) -> dict[str, Any]:
    """Draw a network with loops, sales to oneself, links that stand twice, firms without buyers, and a leak."""
    random = np.random.default_rng(seed)
    links = firms * 4
    supplier, buyer = random.integers(0, firms, links), random.integers(0, firms, links)
    value = np.round(random.lognormal(2.0, 1.0, links), 2)
    sold = np.bincount(supplier, value, firms)
    return {
        "supplier": supplier,
        "buyer": buyer,
        "value": value,
        "sector": random.integers(0, sectors, firms),
        "essential": random.integers(0, 3, (sectors, sectors)),
        "revenue": sold * leak + 1.0,
    }


def dense(given: dict[str, Any]) -> Any:
    firms = given["sector"].size
    sales = np.zeros((firms, firms))
    np.add.at(sales, (given["supplier"], given["buyer"]), given["value"])
    return sales


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("replaceability", [True, False])
def test_the_published_cascade_is_that_of_the_equations(seed: int, replaceability: bool) -> None:
    given = network(seed)
    found = systemic_risk(**given, tolerance=1e-6, replaceability=replaceability)
    for firm in range(given["sector"].size):
        wanted = oracle.cascade(
            dense(given), given["sector"], given["essential"], np.eye(given["sector"].size)[firm],
            tolerance=1e-6, replaceability=replaceability, revenue=given["revenue"],
        )  # fmt: skip
        assert (found.esri[firm], found.esri_down[firm], found.esri_up[firm]) == pytest.approx(
            (wanted.esri, wanted.down, wanted.up), abs=1e-12
        )
        assert found.iterations[firm] == wanted.steps


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("replaceability", [True, False])
def test_the_converged_index_lies_within_its_proven_bound_of_the_fixed_point(seed: int, replaceability: bool) -> None:
    given = network(seed)
    found = systemic_risk(**given, mode="converged", tolerance=1e-3, replaceability=replaceability)
    assert (found.error_bound <= 1e-3).all()
    for firm in range(given["sector"].size):
        wanted = oracle.cascade(
            dense(given), given["sector"], given["essential"], np.eye(given["sector"].size)[firm],
            tolerance=1e-14, replaceability=replaceability, revenue=given["revenue"],
        )  # fmt: skip
        off = max(
            abs(found.esri[firm] - wanted.esri),
            abs(found.esri_down[firm] - wanted.down),
            abs(found.esri_up[firm] - wanted.up),
        )
        assert off <= found.error_bound[firm] + 1e-10


@pytest.mark.parametrize("mode", ["published", "converged"])
@pytest.mark.parametrize("seed", range(4))
def test_a_larger_shock_never_loses_less(mode: Any, seed: int) -> None:
    given = network(seed)
    random = np.random.default_rng([seed, 9])
    small = random.uniform(0, 1, (8, given["sector"].size)) * (random.random((8, given["sector"].size)) < 0.2)
    large = np.minimum(1.0, small + random.uniform(0, 0.5, small.shape) * (random.random(small.shape) < 0.3))
    less, more = (systemic_risk(**given, mode=mode, tolerance=1e-9, shocks=shocks) for shocks in (small, large))
    assert (more.esri >= less.esri - 1e-7).all()


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_neither_the_order_of_firms_nor_the_unit_of_money_matters(mode: Any) -> None:
    given = network(3)
    found = systemic_risk(**given, mode=mode, tolerance=1e-8)
    order = np.random.default_rng(1).permutation(given["sector"].size)
    place = np.argsort(order)
    links = np.random.default_rng(2).permutation(given["value"].size)
    other = systemic_risk(
        place[given["supplier"]][links], place[given["buyer"]][links], given["value"][links] * 1e-7,
        given["sector"][order], given["essential"], revenue=given["revenue"][order] * 1e-7, mode=mode, tolerance=1e-8,
    )  # fmt: skip
    np.testing.assert_allclose(other.esri, found.esri[order], atol=1e-7)


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_a_whole_park_that_stands_still_loses_at_least_what_its_firms_make(mode: Any) -> None:
    given = network(5)
    park = np.zeros((1, given["sector"].size))
    park[0, :8] = 1.0
    sold = np.bincount(given["supplier"], given["value"], given["sector"].size)
    found = systemic_risk(**given, mode=mode, tolerance=1e-4, shocks=park)
    assert found.esri[0] >= sold[:8].sum() / sold.sum() - 1e-4
    alone = systemic_risk(**given, mode=mode, tolerance=1e-4).esri[:8]
    assert found.esri[0] >= alone.max() - 2e-4


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_odd_networks_have_an_answer(mode: Any) -> None:
    # A closed loop, a sale to oneself, links that stand twice, a link of 0, a firm without inputs.
    found = systemic_risk(
        [0, 1, 2, 2, 3, 3], [1, 0, 2, 0, 1, 1], [5.0, 5.0, 3.0, 0.0, 2.0, 2.0], [0, 1, 2, 2],
        np.full((3, 3), 2), mode=mode, tolerance=1e-6,
    )  # fmt: skip
    assert np.isfinite(found.esri).all()
    assert ((found.esri >= 0) & (found.esri <= 1 + 1e-12)).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"supplier": [0, 9]},
        {"buyer": [1, -1]},
        {"value": [1.0, -2.0]},
        {"value": [1.0, float("nan")]},
        {"value": [1.0]},
        {"sector": [0, 7, 1]},
        {"essential": [[1, 1]]},
        {"tolerance": 0.0},
        {"mode": "exact"},
        {"shocks": [[0.0, 2.0, 0.0]]},
        {"shocks": [[0.0, 1.0]]},
        {"weights": [1.0, 1.0]},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_words(wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {
        "supplier": [0, 1], "buyer": [1, 2], "value": [1.0, 2.0], "sector": [0, 1, 1], "essential": [[2, 1], [1, 0]],
    }  # fmt: skip
    with pytest.raises(InputError):
        systemic_risk(**(given | wrong))
