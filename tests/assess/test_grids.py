from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.assess.grids import read_grid, write_grid
from gaoyuan.errors import InputError, OutputUnknown

ROWS = [["名称 name", "数 number"], ['甲, "乙"', "=1+1"], ["@sum", "丙"]]


def test_rows_are_read_back_and_formulas_stay_text(tmp_path: Path):
    for ending, formula in ((".xlsx", "=1+1"), (".csv", "'=1+1")):
        write_grid(tmp_path / f"g{ending}", ROWS)
        assert read_grid(tmp_path / f"g{ending}")[:2] == [ROWS[0], [ROWS[1][0], formula]]


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_file_that_stands_is_refused_and_one_that_cannot_be_written_told(tmp_path: Path, ending: str):
    file = tmp_path / f"g{ending}"
    file.write_bytes(b"filled in")
    with pytest.raises(InputError, match="there already"):
        write_grid(file, ROWS)
    assert file.read_bytes() == b"filled in"
    write_grid(file, ROWS, replace=True)
    assert read_grid(file)[0] == ROWS[0]
    with pytest.raises(InputError, match="cannot be written"):
        write_grid(tmp_path / f"{'长' * 100}{ending}", ROWS)


def test_another_ending_is_refused(tmp_path: Path):
    with pytest.raises(OutputUnknown):
        write_grid(tmp_path / "g.ods", ROWS)
    assert list(tmp_path.iterdir()) == []
