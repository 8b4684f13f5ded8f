"""The published cascade, against the values of the program that its authors published."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from gaoyuan.chain.shocks import cascade, systemic_risk

CASES = [
    *(
        f"fig1_{needs}_{sub}_{eps}"
        for needs in ("linear", "leontief")
        for sub in ("nosub",)
        for eps in ("eps2", "eps6")
    ),
    "fig1_leontief_sub_eps2",
    "fig1_leontief_sub_eps6",
    "fig1_linear_nosub_R_eps2",
    "fig1_linear_nosub_R_eps6",
    "fig1_mixed_nosub_eps2",
    "fig1_mixed_nosub_eps6",
    "fig1_mixed_sub_R_eps2",
    "fig1_mixed_sub_R_eps6",
    "fig1_mixed_sub_eps2",
    "fig1_mixed_sub_eps6",
    "rnd60_nosub_eps2",
    "rnd60_nosub_eps8",
    "rnd60_sub_conv2_eps2",
    "rnd60_sub_conv2_eps8",
    "rnd60_sub_eps2",
    "rnd60_sub_eps8",
    "rnd60_sub_partial_eps8",
    "rnd60_sub_revcost_eps8",
    "rnd60_sub_weight_eps8",
]


def _numbers(path: Path) -> np.ndarray:
    return np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)


def _table(path: Path) -> np.ndarray:
    with path.open() as file:
        return np.array([[int(cell) for cell in row[1:]] for row in list(csv.reader(file))[1:]])


def _case(folder: Path, case: str) -> tuple[tuple, dict]:
    """Give the arguments that a reference file was made with."""
    network = case.split("_")[0]
    links = _numbers(folder / f"{network}_edges.csv")
    with (folder / f"{network}_sector.csv").open() as file:
        names = [row[1] for row in list(csv.reader(file))[1:]]
    labels = sorted(set(names))
    sector = np.array([labels.index(name) for name in names])
    if network == "rnd60":
        needs = _table(folder / "rnd60_ess.csv")
    else:
        kinds = {"linear": 1, "leontief": 2}
        kind = case.split("_")[1]
        plain = kind in kinds
        needs = np.full((len(labels),) * 2, kinds[kind]) if plain else _table(folder / "fig1_ess_mixed.csv")
    digits = re.search(r"eps(\d)", case)
    assert digits is not None
    options: dict = {
        "tolerance": 10.0 ** -int(digits[1]),
        "replaceability": "nosub" not in case,
        "stop": "ratio" if "conv2" in case else "firm",
    }
    if "partial" in case:
        listed = _numbers(folder / "rnd60_psi.csv")
        options["shocks"] = np.zeros((int(listed[:, 1].max()), sector.size))
        options["shocks"][listed[:, 1].astype(int) - 1, listed[:, 0].astype(int) - 1] = listed[:, 2]
    if network == "rnd60":
        firm = _numbers(folder / "rnd60_firm.csv")
        if "revcost" in case:
            options |= {"revenue": firm[:, 1], "costs": firm[:, 2]}
        if "weight" in case:
            options["weights"] = firm[:, 3]
    first = (links[:, 0].astype(int) - 1, links[:, 1].astype(int) - 1, links[:, 2], sector, needs)
    return first, options


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "reference" / "chain" / "esri"


def test_every_reference_file_is_a_case(folder: Path) -> None:
    assert {file.name.removesuffix("_result.csv") for file in folder.glob("*_result.csv")} == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_indices_and_steps_are_those_of_the_published_program(case: str, folder: Path) -> None:
    first, options = _case(folder, case)
    expected = _numbers(folder / f"{case}_result.csv")
    found = systemic_risk(*first, **options)
    assert found.iterations.tolist() == expected[:, 6].astype(int).tolist()
    for column, ours in ((1, found.esri), (5, found.esri), (2, found.esri_down), (3, found.esri_up)):
        assert ours == pytest.approx(expected[:, column], rel=0, abs=1e-9)
    assert np.isnan(found.error_bound).all()


@pytest.mark.parametrize("case", CASES)
def test_the_loss_of_every_firm_is_that_of_the_published_program(case: str, folder: Path) -> None:
    first, options = _case(folder, case)
    shocks = options.pop("shocks", np.eye(first[3].size))
    found = cascade(*first, shocks=shocks, **options)
    for name, ours in (("hd", found.down), ("hu", found.up)):
        file = folder / f"{case}_{name}.csv"
        remaining = np.loadtxt(file, delimiter=",", ndmin=2)
        np.testing.assert_allclose(1.0 - ours.T, remaining, rtol=0, atol=1e-9)


@pytest.mark.parametrize("replaceability", [True, False])
@pytest.mark.parametrize("stop", ["firm", "ratio"])
def test_sparse_steps_give_what_dense_steps_give(replaceability, stop, slow_cascade, small_network) -> None:
    for seed in range(40):
        links = small_network(seed)
        random = np.random.default_rng(seed)
        shocks = random.random((3, links.sector.size)) * (random.random((3, links.sector.size)) < 0.4)
        options = {"tolerance": 1e-4, "replaceability": replaceability, "stop": stop}
        found = systemic_risk(*links, shocks=shocks, **options)
        ours = {"tolerance": 1e-4, "replaceability": replaceability, "ratio": stop == "ratio"}
        slow = [slow_cascade(links, shock, **ours) for shock in shocks]
        assert found.iterations.tolist() == [one.steps for one in slow]
        indices = np.array([(one.esri, one.down, one.up) for one in slow]).T
        assert np.array([found.esri, found.esri_down, found.esri_up]) == pytest.approx(indices, rel=0, abs=1e-12)


def test_many_firms_give_what_dense_steps_give(slow_cascade, scale_free) -> None:
    links = scale_free(400, 20)
    riskiest = np.argsort(-links.table.sum(axis=1))[:10]
    shocks = np.eye(400)[riskiest]
    found = systemic_risk(*links, shocks=shocks)
    slow = [slow_cascade(links, shock, tolerance=1e-2) for shock in shocks]
    assert found.iterations.tolist() == [one.steps for one in slow]
    assert found.esri == pytest.approx([one.esri for one in slow], rel=0, abs=1e-12)
