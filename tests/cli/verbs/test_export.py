from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gaoyuan.workspace import Workspace


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".geojson", ".geoparquet"])
def test_a_table_becomes_a_file(gaoyuan, sample_workspace: Workspace, tmp_path: Path, ending: str):
    file = tmp_path / f"clusters{ending}"
    rows = sample_workspace.read("cluster").num_rows
    shown = gaoyuan("export", sample_workspace.path, "cluster", file)
    assert shown.code == 0
    assert f"{rows} 行 rows" in shown.out
    assert str(file) in shown.out
    got = gaoyuan("export", sample_workspace.path, "cluster", file, "--json").json
    assert got == {"file": str(file), "rows": rows, "bytes": file.stat().st_size}
    shown = gaoyuan("export", sample_workspace.path, "cluster", file, "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")


def test_headings_may_be_chosen(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    gaoyuan("export", sample_workspace.path, "coverage", tmp_path / "c.csv", "--headings", "chinese")
    assert "省代码 province" in pd.read_csv(tmp_path / "c.csv").columns
    gaoyuan("export", sample_workspace.path, "coverage", tmp_path / "c.xlsx", "--headings", "names")
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx").worksheets[0]
    assert next(sheet.iter_rows(values_only=True))[0] == "province"


def test_progress_counts_the_rows(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    shown = gaoyuan("export", sample_workspace.path, "rejected", tmp_path / "r.xlsx")
    rows = sample_workspace.read("rejected").num_rows
    assert shown.err == f"… export rejected  {rows}\n"
