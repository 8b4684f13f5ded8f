"""Input-output tables: inverses, the position and the linkages of sectors, shocks to them, and their industries."""

from gaoyuan.chain.input_output.ario import ArioResult, simulate_ario
from gaoyuan.chain.input_output.ario_model import (
    ArioEconomy,
    ArioParameters,
    Shock,
    ario_economy,
    capacity_shock,
)
from gaoyuan.chain.input_output.leontief import domestic_flows, ghosh, leontief, technical_coefficients
from gaoyuan.chain.input_output.linkages import Linkages, linkages
from gaoyuan.chain.input_output.position import downstreamness, extraction_loss, upstreamness
from gaoyuan.chain.input_output.sectors import (
    IO_TABLES,
    Sector,
    SectorMap,
    industries_of_io_sector,
    io_sector,
    io_sector_positions,
    read_sector_map,
    sector_map,
)

__all__ = [
    "IO_TABLES",
    "ArioEconomy",
    "ArioParameters",
    "ArioResult",
    "Linkages",
    "Sector",
    "SectorMap",
    "Shock",
    "ario_economy",
    "capacity_shock",
    "domestic_flows",
    "downstreamness",
    "extraction_loss",
    "ghosh",
    "industries_of_io_sector",
    "io_sector",
    "io_sector_positions",
    "leontief",
    "linkages",
    "read_sector_map",
    "sector_map",
    "simulate_ario",
    "technical_coefficients",
    "upstreamness",
]
