"""A small economy to draw networks of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from gaoyuan.chain.input_output.sectors import sector_map
from gaoyuan.chain.reconstruction.demand import RegionalFlows, regional_flows, regional_shares
from gaoyuan.chain.reconstruction.places import Cells, gathered, positions
from gaoyuan.registry.chain_files import import_io_table
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Economy:
    """Firms of a region with their sizes, sectors and places, and what sectors buy of each other."""

    size: Floats
    sector: npt.NDArray[np.int64]
    position: Floats
    regional: RegionalFlows

    def cells(self, decay_km: float) -> Cells:
        return gathered(self.position, decay_km)

    @property
    def sectors(self) -> int:
        return self.regional.for_firms.size


@pytest.fixture(scope="session")
def economy() -> Economy:
    """3,000 firms of eight sectors over 400 km, a fifth of their country."""
    random = np.random.default_rng(7)
    count, sectors = 3_000, 8
    sector = random.choice(sectors, count, p=np.array([30, 20, 15, 12, 10, 7, 4, 2]) / 100)
    size = np.exp(random.normal(15.0, 1.5, count))
    output = np.bincount(sector, weights=size, minlength=sectors).astype(np.float64)
    national = output * 5.0 * np.exp(random.normal(0.0, 0.3, sectors))
    coefficients = random.gamma(0.6, 0.1, (sectors, sectors))
    coefficients *= 0.6 / coefficients.sum(axis=0)
    flows = coefficients * national
    # A sector cannot sell more than it makes.
    flows *= np.minimum(1.0, 0.8 * national / flows.sum(axis=1))[:, None]
    position = positions(118 + 4 * random.random(count), 35 + 3 * random.random(count))
    return Economy(
        size,
        sector,
        position,
        regional_flows(flows, flows.sum(axis=0), national, output, regional_shares(output, national)),
    )


@pytest.fixture(scope="session")
def made_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """600 firms of two prefectures, half of them with revenue, and a table of made-up flows of the 42 sectors. Read it
    only; copy the folder to write.
    """
    workspace = create_workspace(tmp_path_factory.mktemp("reconstruction") / "workspace")
    random = np.random.default_rng(5)
    count = 600
    industry = random.choice(np.array(["3311", "3484", "3731", "1751", "5171", "5432", "2614", "3630"]), count)
    employees = np.round(np.exp(random.normal(3, 1, count))) + 1
    revenue = np.exp(12 + np.log(employees) + random.normal(0, 0.5, count))
    north = random.random(count) < 0.7
    columns = {
        "enterprise_id": [f"F{number:04d}" for number in range(count)],
        "name": [f"第{number}厂" for number in range(count)],
        "county": np.where(north, "370202", "370703"),
        "prefecture": np.where(north, "370200", "370700"),
        "longitude": pa.array(
            np.where(north, 120.4, 119.2) + random.normal(0, 0.1, count), mask=random.random(count) < 0.1
        ),
        "latitude": np.where(north, 36.1, 36.7) + random.normal(0, 0.1, count),
        "industry": pa.array(industry, mask=random.random(count) < 0.02),
        "employees": employees.astype(np.int64),
        "revenue_yuan": pa.array(revenue, mask=random.random(count) < 0.5),
    }
    schema = SCHEMAS["enterprise"].arrow
    columns |= {name: pa.nulls(count, schema.field(name).type) for name in schema.names if name not in columns}
    with workspace.run("import") as run:
        workspace.write("enterprise", pa.table({name: columns[name] for name in schema.names}).cast(schema), run)
    sectors = sector_map("2017_42").sectors
    flows = random.gamma(0.5, 1.0, (42, 42)) * 1e6
    output = 1.2 * np.maximum(flows.sum(axis=0), flows.sum(axis=1))
    lines = [",".join(["Code", "DescriptionInChinese", *(sector.code for sector in sectors), "GO"])]
    lines += [
        ",".join([sector.code, f'"{sector.name_zh}"', *map(str, flows[row]), str(output[row])])
        for row, sector in enumerate(sectors)
    ]
    file = workspace.path.parent / "made_42.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    import_io_table(workspace, [file])
    return workspace
