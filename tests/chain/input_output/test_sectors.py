"""The maps from industries to sectors: whole, unambiguous, and true to the official totals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gaoyuan.chain.input_output import (
    IO_TABLES,
    industries_of_io_sector,
    io_sector,
    io_sector_positions,
    read_sector_map,
    sector_map,
)
from gaoyuan.codes import classes, successors_of_2011
from gaoyuan.errors import ColumnsMissing, FileUnreadable, InputError, NotFound


@pytest.mark.parametrize("table", IO_TABLES)
def test_every_class_of_industry_has_exactly_one_sector(table: str) -> None:
    sectors = sector_map(table).sectors
    owners = {
        code: [sector.code for sector in sectors if code.startswith(tuple(sector.industries))] for code in classes()
    }
    assert {code: held for code, held in owners.items() if len(held) != 1} == {}
    assert all(io_sector(code, table) == held[0] for code, held in owners.items())
    assert sector_map(table).uncovered == ()


@pytest.mark.parametrize("table", IO_TABLES)
def test_every_sector_has_industries_and_says_how_it_got_them(table: str) -> None:
    sectors = sector_map(table).sectors
    assert len(sectors) == int(table.split("_")[1])
    assert [sector.code for sector in sectors] == [f"{i:0{len(sectors[0].code)}d}" for i in range(1, len(sectors) + 1)]
    for sector in sectors:
        assert sector.industries
        assert sector.version
        assert sector.reviewer == "product"
        assert sector.source.startswith("国家统计局")
        assert sector.name_en
        assert (sector.industries_confidence == "judged") == bool(sector.note)


@pytest.mark.parametrize("table", [table for table in IO_TABLES if table != "2012_42"])
def test_codes_and_names_are_those_of_the_official_table(table: str, china: dict[str, pd.DataFrame]) -> None:
    official = china[table]["DescriptionInChinese"]
    assert [(sector.code, sector.name_zh) for sector in sector_map(table).sectors] == list(official.items())


@pytest.mark.parametrize(
    ("fine", "coarse"), [("2017_149", "2017_42"), ("2018_153", "2018_42"), ("2020_153", "2020_42")]
)
def test_the_fine_sectors_add_up_to_the_coarse_ones_in_the_official_totals(
    fine: str, coarse: str, china: dict[str, pd.DataFrame]
) -> None:
    parents = {}
    for sector in sector_map(fine).sectors:
        above = {io_sector(code, coarse) for code in industries_of_io_sector(sector.code, fine)}
        assert len(above) == 1, sector
        parents[sector.code] = above.pop()
    summed = china[fine]["GO"].astype(float).groupby(parents).sum()
    np.testing.assert_allclose(summed, china[coarse]["GO"].astype(float).loc[summed.index], rtol=1e-12)


def test_tables_of_the_old_classification_keep_a_class_where_its_predecessors_were() -> None:
    """A class of 2017 stands, in the table of 2012, with what it was split from or renamed from; a new group stands
    with its division.
    """
    predecessors: dict[str, set[str]] = {}
    for old, new in successors_of_2011().items():
        for code in new:
            predecessors.setdefault(code, set()).add(old)
    # Castings, ceramics, scales, spectacles, offshore equipment, coal products, data, patents, photographs.
    moves = {
        "3391": "3120", "3392": "3211", "3071": "3031", "4050": "3461", "3587": "4012", "3737": "3513",
        "2524": "4190", "6450": "6550", "7520": "7211", "8060": "7410",
    }  # fmt: skip
    for code, neighbour in moves.items():
        assert predecessors[code] != {code}, "it is no move"
        assert io_sector(code, "2012_139") == io_sector(neighbour, "2012_139"), code
        assert io_sector(code, "2017_149") != io_sector(neighbour, "2017_149"), code


def test_codes_of_all_levels_are_looked_up() -> None:
    assert io_sector("C", "2020_42") is None
    assert io_sector("J", "2020_42") == "32"
    assert (io_sector("36", "2020_42"), io_sector("36", "2020_153")) == ("18", None)
    assert (io_sector("361", "2020_153"), io_sector("3670", "2020_153")) == ("079", "080")


def test_positions_of_a_register_are_unknown_where_the_code_is() -> None:
    found = io_sector_positions(["3711", None, "", "99", "C", "13", "131", "9700"], "2020_153")
    assert found.tolist() == [80, -1, -1, -1, -1, -1, 11, 152]
    assert io_sector_positions([], "2020_153").tolist() == []


@pytest.mark.parametrize("table", ["2017_42", "2020_153"])
def test_the_inverse_gives_back_all_classes(table: str) -> None:
    back = [code for sector in sector_map(table).sectors for code in industries_of_io_sector(sector.code, table)]
    assert sorted(back) == sorted(classes())


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(NotFound, match="no sector map for a table '2021_42'"):
        io_sector("3711", "2021_42")
    with pytest.raises(NotFound, match="no industry '9999'"):
        io_sector("9999", "2020_42")
    with pytest.raises(NotFound, match="no sector '43'"):
        industries_of_io_sector("43", "2020_42")


def test_a_table_of_ones_own_brings_its_map(tmp_path: Path) -> None:
    file = tmp_path / "zhuzhou.csv"
    file.write_text("﻿code,name_zh,industries\nA,轨道交通,371|372\nB,其他,\n", encoding="utf-8")
    own = read_sector_map(file)
    assert own.table == "zhuzhou"
    assert own.classes_of("A") == tuple(code for code in classes() if code[:3] in {"371", "372"})
    assert own.classes_of("B") == ()
    assert own.positions(["3711", "3731", "37"]).tolist() == [0, -1, -1]
    assert own.sector_of("3731") is None
    assert len(own.uncovered) == len(classes()) - len(own.classes_of("A"))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("code,name_zh\nA,甲\n", ColumnsMissing, "no industries"),
        ("code,name_zh,industries\n", ColumnsMissing, "no code"),
        ("code,name_zh,industries\nA,甲,37\nB,乙,3711\n", InputError, "row 3: class 3711 is in sector A already"),
        ("code,name_zh,industries\nA,甲,C\n", InputError, "row 2: 'C' is no division"),
        ("code,name_zh,industries\nA,甲,98\n", InputError, "row 2: '98' is no division"),
        ("code,name_zh,industries\nA,甲,37\nA,乙,38\n", InputError, "row 3: sector code 'A' is empty or comes twice"),
    ],
)
def test_a_map_that_contradicts_itself_is_refused(
    text: str, error: type[InputError], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message):
        read_sector_map(file)


def test_a_map_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes("code,name_zh,industries\nA,甲,37\n".encode("gb18030"))
    with pytest.raises(FileUnreadable, match="UTF-8"):
        read_sector_map(file)
