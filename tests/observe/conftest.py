"""Reference values of other programs, read as arrays, and small worlds of firms."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely


@pytest.fixture(scope="session", autouse=True)
def one_thread_a_worker() -> None:
    """Let kernels use one thread where tests already run side by side; threads that wait for a busy core cost most."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        numba.set_num_threads(1)


@pytest.fixture(scope="session")
def econ(shared_data: Path) -> Path:
    """The folder of reference values that other programs gave for measures of regions, networks and points."""
    return shared_data / "reference" / "econ"


@pytest.fixture(scope="session")
def econgeo(econ: Path) -> dict[str, SimpleNamespace]:
    """Cases of the R package EconGeo by id: `inputs` by name, and `output`."""
    return _cases(econ / "econgeo" / "econgeo_examples.json")


@pytest.fixture(scope="session")
def reat(econ: Path) -> dict[str, SimpleNamespace]:
    """Cases of the R package REAT by id: `inputs` by name, `output`, and `documented` where its manual prints it."""
    return _cases(econ / "reat" / "reat_examples.json")


@pytest.fixture(scope="session")
def paracou(econ: Path) -> SimpleNamespace:
    """Trees of a rain forest and what the R package dbmss says of them: `points`, `weights`, masks `va` and `qr`, the
    `window`, and `reference` by name.
    """
    trees = pd.read_csv(econ / "dbmss" / "paracou16_points.csv")
    reference = json.loads((econ / "dbmss" / "paracou16_reference.json").read_text(encoding="utf-8"))
    corners = reference["window_polygon"]
    return SimpleNamespace(
        points=trees[["x", "y"]].to_numpy(),
        weights=trees["weight"].to_numpy(),
        va=(trees["type"] == "V. Americana").to_numpy(),
        qr=(trees["type"] == "Q. Rosea").to_numpy(),
        window=shapely.Polygon(list(zip(corners["x"], corners["y"], strict=True))),
        reference={name: _read(value) for name, value in reference.items()},
    )


@pytest.fixture(scope="session")
def exports(econ: Path) -> pd.DataFrame:
    """Exports of 226 countries in 21 sections."""
    rows = pd.read_csv(econ / "complexity" / "datawheel_global_exports_2019_2021.csv")
    return rows.pivot_table(
        index="Country ID", columns="Section ID", values="Trade Value", aggfunc="sum", fill_value=0.0
    )


@pytest.fixture
def random() -> np.random.Generator:
    """A seeded generator."""
    return np.random.default_rng(20261122)


@pytest.fixture(scope="session")
def town_world() -> Callable[..., SimpleNamespace]:
    """Make a world of firms in towns and between them, 100 km wide, with an industry that follows all firms and, where
    asked, more of its firms planted in discs.

    Gives `cells` (H3, resolution 8), `industry` (0 the industry, 1 the rest) and `planted` (the disc of each firm, -1
    for none).
    """
    from gaoyuan.codes.boundaries import cells_of_points

    def make(
        seed: int, *, firms: int = 20_000, own: int = 550, discs: int = 0, size: int = 60, radius: float = 2_500.0
    ) -> SimpleNamespace:
        draw = np.random.default_rng(seed)
        towns, spread = draw.uniform(0.0, 100e3, (40, 2)), draw.uniform(1_000.0, 4_000.0, 40)
        town = draw.integers(0, 40, firms)
        in_town = towns[town] + draw.normal(0.0, 1.0, (firms, 2)) * spread[town][:, None]
        places = np.where(draw.random((firms, 1)) < 0.6, in_town, draw.uniform(0.0, 100e3, (firms, 2)))
        industry = np.ones(firms, dtype=np.int32)
        industry[draw.choice(firms, own, replace=False)] = 0
        added, disc = [], np.repeat(np.arange(discs), size)
        for _ in range(discs):
            centre = draw.uniform(5e3, 95e3, 2)
            away, angle = radius * np.sqrt(draw.random(size)), draw.uniform(0.0, 2.0 * np.pi, size)
            added.append(centre + np.column_stack([away * np.cos(angle), away * np.sin(angle)]))
        everywhere = np.clip(np.concatenate([places, *added]), 0.0, 100e3)
        longitude = 113.0 + everywhere[:, 0] / (111_320.0 * np.cos(np.radians(30.0)))
        latitude = 29.5 + everywhere[:, 1] / 110_900.0
        return SimpleNamespace(
            cells=cells_of_points(longitude, latitude),
            industry=np.concatenate([industry, np.zeros(disc.size, dtype=np.int32)]),
            planted=np.concatenate([np.full(firms, -1), disc]),
        )

    return make


def _cases(path: Path) -> dict[str, SimpleNamespace]:
    return {
        case["id"]: SimpleNamespace(
            inputs={name: _read(value) for name, value in case["inputs"].items()},
            output=_read(case["output"]),
            documented=_read(case.get("documented")),
        )
        for case in json.loads(path.read_text(encoding="utf-8"))
    }


def _read(value: Any) -> Any:
    """Give tables and lists of numbers as arrays; R's NaN is NaN."""
    if isinstance(value, dict) and "values" in value:
        return _numbers(value["values"])
    if isinstance(value, list) and _numeric(value):
        return _numbers(value)
    if isinstance(value, dict):
        return {name: _read(part) for name, part in value.items()}
    return np.nan if value in ("NaN", "NA") else value


def _numeric(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_numeric(part) for part in value)
    return isinstance(value, int | float) or value == "NaN"


def _numbers(values: list[Any]) -> npt.NDArray[np.float64]:
    return np.array(pd.DataFrame(values).replace("NaN", np.nan).to_numpy(dtype=np.float64)).squeeze()
