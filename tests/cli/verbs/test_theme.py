from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gaoyuan.observe import theme
from gaoyuan.workspace import Workspace

PROMISED = ["county", "county_name", "firms", "expected", "location_quotient", "p_value", "q_value", "rank"]


def counties_in(text: str) -> list[str]:
    return re.findall(r"^\d{6}(?=\s)", text, re.MULTILINE)


def test_the_strongest_counties_are_listed(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("theme", sample_workspace.path, "轴承|塑料", "--top", 5)
    rows = theme(sample_workspace, "轴承|塑料", top=6)
    assert shown.code == 0
    assert {"县区代码", "county_name", "location_quotient"} <= set(shown.out.split())
    assert [county in shown.out for county in rows["county"]] == [True] * 5 + [False]
    assert len(counties_in(gaoyuan("theme", sample_workspace.path, "轴承").out)) == 20


def test_as_json_numbers_are_whole_and_unknown_is_null(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("theme", sample_workspace.path, "轴承", "--json", "--top", 0)
    rows = theme(sample_workspace, "轴承", top=0)
    assert (shown.code, shown.err) == (0, "")
    assert [row["county"] for row in shown.json] == rows["county"].tolist()
    assert [row["p_value"] for row in shown.json] == rows["p_value"].tolist()
    nothing = gaoyuan("theme", sample_workspace.path, "不存在的东西", "--json").json
    assert nothing[0]["location_quotient"] is None
    assert nothing[0]["firms"] == 0


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".geojson"])
def test_out_writes_a_file_with_the_promised_columns(gaoyuan, sample_workspace: Workspace, tmp_path: Path, ending: str):
    file = tmp_path / f"themes{ending}"
    shown = gaoyuan("theme", sample_workspace.path, "轴承", "--top", 0, "--out", file)
    rows = theme(sample_workspace, "轴承", top=0)
    assert shown.code == 0
    assert f"{len(rows)} 行 rows" in shown.out
    match ending:
        case ".csv":
            got = pd.read_csv(file, dtype={"county": str})
        case ".parquet":
            got = pd.read_parquet(file)
        case ".geojson":
            features = json.loads(file.read_text(encoding="utf-8"))["features"]
            assert all(feature["geometry"] is not None for feature in features)
            got = pd.DataFrame([feature["properties"] for feature in features])
        case _:
            head, *body = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
            got = pd.DataFrame(body, columns=[str(heading).split()[-1] for heading in head])
    assert list(got.columns[: len(PROMISED)]) == PROMISED
    assert got["county"].tolist() == rows["county"].tolist()
    assert got["firms"].tolist() == rows["firms"].tolist()
    assert got["q_value"].tolist() == pytest.approx(rows["q_value"].tolist())


def test_top_0_gives_every_county_with_at_least_30_firms(gaoyuan, real_workspace: Workspace, tmp_path: Path):
    gaoyuan("theme", real_workspace.path, "毛巾", "--top", 0, "--out", tmp_path / "t.csv", "--quiet")
    got = pd.read_csv(tmp_path / "t.csv", dtype={"county": str})
    firms = real_workspace.read("enterprise", ["county"]).to_pandas()["county"].value_counts()
    assert set(got["county"]) == set(firms[firms >= 30].index)
    assert len(firms) > len(got) > 100


def test_quiet_with_a_file_says_nothing_and_without_one_shows_the_result_alone(
    gaoyuan, sample_workspace: Workspace, tmp_path: Path
):
    shown = gaoyuan("theme", sample_workspace.path, "轴承", "--out", tmp_path / "t.csv", "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")
    shown = gaoyuan("theme", sample_workspace.path, "轴承", "--quiet", "--top", 2)
    assert len(counties_in(shown.out)) == 2
    assert shown.err == ""
