from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gaoyuan.chain import systemic_risk

CASES = (
    "fig1_leontief_nosub_eps2", "fig1_leontief_nosub_eps6", "fig1_leontief_sub_eps2", "fig1_leontief_sub_eps6",
    "fig1_linear_nosub_R_eps2", "fig1_linear_nosub_R_eps6", "fig1_linear_nosub_eps2", "fig1_linear_nosub_eps6",
    "fig1_mixed_nosub_eps2", "fig1_mixed_nosub_eps6", "fig1_mixed_sub_R_eps2", "fig1_mixed_sub_R_eps6",
    "fig1_mixed_sub_eps2", "fig1_mixed_sub_eps6", "rnd60_nosub_eps2", "rnd60_nosub_eps8", "rnd60_sub_conv2_eps2",
    "rnd60_sub_conv2_eps8", "rnd60_sub_eps2", "rnd60_sub_eps8", "rnd60_sub_partial_eps8", "rnd60_sub_revcost_eps8",
    "rnd60_sub_weight_eps8",
)  # fmt: skip


def numbers(path: Path) -> Any:
    return np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)


def essential_of(folder: Path, case: str, sectors: int) -> Any:
    kind = case.split("_")[1]
    if case.startswith("fig1") and kind in ("linear", "leontief"):
        return np.full((sectors, sectors), 1 if kind == "linear" else 2)
    file = folder / ("fig1_ess_mixed.csv" if case.startswith("fig1") else "rnd60_ess.csv")
    with file.open(encoding="utf-8") as stream:
        return np.array([[int(cell) for cell in row[1:]] for row in list(csv.reader(stream))[1:]])


@pytest.mark.parametrize("case", CASES)
def test_the_reference_programs_values_and_steps_come_out(shared_data: Path, case: str) -> None:
    folder = shared_data / "reference" / "chain" / "esri"
    network = case.split("_")[0]
    edges = numbers(folder / f"{network}_edges.csv")
    with (folder / f"{network}_sector.csv").open(encoding="utf-8") as stream:
        labels = [row[1] for row in list(csv.reader(stream))[1:]]
    sector = np.unique(labels, return_inverse=True)[1]
    options: dict[str, Any] = {"replaceability": "nosub" not in case}
    options["tolerance"] = 10.0 ** -int(re.findall(r"eps(\d)", case)[0])
    if "conv2" in case:
        options["stop"] = "ratio"
    firm = numbers(folder / "rnd60_firm.csv")
    if "revcost" in case:
        options |= {"revenue": firm[:, 1], "costs": firm[:, 2]}
    if "weight" in case:
        options["weights"] = firm[:, 3]
    if "partial" in case:
        given = numbers(folder / "rnd60_psi.csv")
        options["shocks"] = np.zeros((5, sector.size))
        options["shocks"][given[:, 1].astype(int) - 1, given[:, 0].astype(int) - 1] = given[:, 2]
    found = systemic_risk(
        edges[:, 0].astype(int) - 1,
        edges[:, 1].astype(int) - 1,
        edges[:, 2],
        sector,
        essential_of(folder, case, sector.max() + 1),
        **options,
    )
    wanted = numbers(folder / f"{case}_result.csv")
    np.testing.assert_allclose(found.esri, wanted[:, 1], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.esri_down, wanted[:, 2], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.esri_up, wanted[:, 3], rtol=0, atol=1e-9)
    np.testing.assert_array_equal(found.iterations, wanted[:, 6])
