from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaoyuan.chain.input_output.sectors import IO_TABLES, sector_map
from gaoyuan.chain.input_output.tables import IoTable
from gaoyuan.chain.reconstruction.sector_maps import map_of_table
from gaoyuan.errors import InputError


def table(codes: list[str], names: list[str]) -> IoTable:
    nothing = np.zeros(len(codes))
    return IoTable("t", tuple(codes), tuple(names), np.zeros((len(codes),) * 2), nothing, nothing, nothing)


@pytest.mark.parametrize("name", sorted(IO_TABLES))
def test_an_official_table_is_known_by_its_codes_and_names(name: str):
    sectors = sector_map(name).sectors
    found = map_of_table(table([one.code for one in sectors], [one.name_zh for one in sectors]))
    assert found.sectors == sectors


def test_a_table_of_other_sectors_needs_a_map_of_its_own(tmp_path: Path):
    other = table(["A", "B"], ["轻工", "重工"])
    with pytest.raises(InputError, match="no sector map belongs to table t"):
        map_of_table(other)
    file = tmp_path / "map.csv"
    file.write_text("code,name_zh,industries\nA,轻工,13|14\nB,重工,33\n", encoding="utf-8")
    assert map_of_table(other, file).positions(["1311", "3311", "4511"]).tolist() == [0, 1, -1]
    file.write_text("code,name_zh,industries\nA,轻工,13|14\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks sectors of table t: B"):
        map_of_table(other, file)


def test_official_codes_with_other_names_are_no_official_table():
    codes = [one.code for one in sector_map("2017_42").sectors]
    with pytest.raises(InputError, match="no sector map"):
        map_of_table(table(codes, [f"x{code}" for code in codes]))
