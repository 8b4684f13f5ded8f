"""Tables that the tests of input-output analysis share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def china(shared_data: Path) -> dict[str, pd.DataFrame]:
    """The official tables of 42, 139, 149 and 153 sectors, by year and size, indexed by code; the tables of 42 sectors
    with the rows of home-made goods only.
    """
    folder, tables = shared_data / "chain" / "china_io", {}
    for file in sorted(folder.glob("china_20*.csv")):
        table = pd.read_csv(file, dtype={"Code": str})
        if "Origin" in table:
            table = table[table["Origin"] == "Domestic"]
        tables[file.stem.removeprefix("china_")] = table[table["Code"].str.isdigit()].set_index("Code")
    return tables


@pytest.fixture(scope="session")
def random_table() -> tuple[np.ndarray, np.ndarray]:
    """Flows and outputs of 12 sectors, two of which trade nothing."""
    random = np.random.default_rng(7)
    flows = random.gamma(0.4, 30.0, (12, 12))
    flows[[3, 8]] = 0.0
    flows[:, 3] = 0.0
    return flows, 1.3 * np.maximum(flows.sum(axis=0), flows.sum(axis=1)) + 10.0
