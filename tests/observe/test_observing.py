from __future__ import annotations

import json
import random
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from gaoyuan.codes import classes, counties, editions
from gaoyuan.errors import StepMissing, WorkspaceBusy
from gaoyuan.observe import observe
from gaoyuan.registry import import_enterprises
from gaoyuan.version import __version__
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace

WRITTEN = (
    "enterprise",
    "region_industry",
    "industry_measure",
    "industry_pair",
    "region_measure",
    "coverage",
    "cluster",
    "cluster_member",
    "recognised_cluster",
)
PROMISED = {
    "enterprise": ("uscc", "name", "county", "industry", "industry_confidence", "industry_alternatives", "located_by"),
    "region_industry": ("region", "industry", "firms", "expected", "location_quotient", "p_value", "q_value"),
    "industry_measure": ("industry", "firms", "ellison_glaeser", "raw_concentration", "herfindahl"),
    "region_measure": ("region", "firms", "complexity", "coverage"),
    "cluster": (
        "cluster_id",
        "name",
        "county",
        "industry",
        "theme",
        "firms",
        "expected",
        "location_quotient",
        "p_value",
        "q_value",
        "rank",
        "footprint",
        "area_km2",
        "employees",
        "revenue_yuan",
    ),
    "cluster_member": ("cluster_id", "uscc", "name"),
}


def content(workspace: Workspace, table: str) -> pd.DataFrame:
    """A table without its runs, in an order that does not depend on how it was written."""
    rows = workspace.read(table).drop_columns(["run"])
    keys = [name for name, kind in zip(rows.schema.names, rows.schema.types, strict=True) if kind == pa.string()]
    return (
        rows.to_pandas()
        .sort_values(keys + [name for name in ("year",) if name in rows.schema.names])
        .reset_index(drop=True)
    )


@pytest.mark.parametrize("table", WRITTEN)
def test_a_table_has_its_columns_and_rows(sample_workspace: Workspace, table: str):
    rows = sample_workspace.read(table)
    assert rows.num_rows > 0
    assert rows.schema.equals(SCHEMAS[table].arrow)
    assert set(PROMISED.get(table, ())) <= set(rows.schema.names)


@pytest.mark.parametrize("table", [*WRITTEN, "register", "rejected", "import", "sample_truth"])
def test_every_row_names_a_run_that_is_recorded(sample_workspace: Workspace, table: str):
    runs = set(sample_workspace.runs()["run"].to_pylist())
    named = set(sample_workspace.read(table, ["run"])["run"].to_pylist())
    assert named
    assert named <= runs


def test_the_run_names_versions_read_and_written_settings_editions_and_program(sample_workspace: Workspace):
    run = next(row for row in sample_workspace.runs().to_pylist() if row["step"] == "observe")
    assert (run["step"], run["version"]) == ("observe", __version__)
    assert json.loads(run["inputs"]) == {"register": sample_workspace.version("register")}
    outputs = json.loads(run["outputs"])
    assert set(outputs) == set(WRITTEN)
    for state in sample_workspace.tables():
        if state.name in outputs:
            assert outputs[state.name] == {"version": state.version, "rows": state.rows}
    assert json.loads(run["editions"]) == editions()
    assert json.loads(run["parameters"])["other_radii_km"] == [2.0, 5.0]
    assert sum(json.loads(run["timings"]).values()) <= run["seconds"] + 1.0


def test_every_firm_of_the_register_is_an_enterprise_and_keeps_what_it_gave(sample_workspace: Workspace):
    register = sample_workspace.read("register").to_pandas().set_index("enterprise_id").sort_index()
    firms = sample_workspace.read("enterprise").to_pandas().set_index("enterprise_id").sort_index()
    assert firms.index.is_unique
    assert firms.index.equals(register.index)
    for column in ("uscc", "name", "longitude", "latitude", "employees", "revenue_yuan", "capital_yuan", "established"):
        assert firms[column].equals(register[column]), column


def test_industries_are_four_digits_with_a_confidence_or_unknown(sample_workspace: Workspace):
    firms = sample_workspace.read("enterprise").to_pandas()
    known = firms["industry"].notna()
    assert set(firms.loc[known, "industry"]) <= set(classes())
    assert firms.loc[known, "industry_confidence"].between(0.0, 1.0).all()
    assert firms.loc[~known, ["industry_confidence", "industry_alternatives"]].isna().all().all()
    assert (firms["industry_by"] == "unknown").equals(~known)
    given = firms["industry_by"] == "given"
    assert (firms.loc[given, "industry_confidence"] == 1.0).all()
    alternatives = firms["industry_alternatives"].dropna().str.split("|")
    assert alternatives.map(len).between(1, 3).all()
    assert {code for codes in alternatives for code in codes} <= set(classes())
    repeated = [code in codes for code, codes in zip(firms["industry"][alternatives.index], alternatives, strict=True)]
    assert not any(repeated)


def test_a_firm_is_located_or_its_place_is_unknown(sample_workspace: Workspace, real_workspace: Workspace):
    for workspace in (sample_workspace, real_workspace):
        firms = workspace.read("enterprise").to_pandas()
        by = firms["located_by"]
        assert set(by.dropna()) <= {"coordinates", "address", "division", "credit_code"}
        # The prefecture may be known where the county is not.
        assert by.isna().equals(firms["county"].isna())
        assert firms.loc[firms["county"].notna(), "prefecture"].notna().all()
        assert set(firms["county"].dropna()) <= set(counties())
        placed = firms["longitude"].notna()
        assert (by[placed] == "coordinates").all()


def test_the_real_register_is_observed_as_it_is(real_workspace: Workspace):
    firms = real_workspace.read("enterprise").to_pandas()
    imported = real_workspace.read("import").to_pylist()
    assert len(imported) == 2
    assert len(firms) == sum(file["accepted"] - file["updated"] for file in imported) > 250_000
    assert set(firms["industry_by"]) == {"derived", "unknown"}
    assert firms["industry"].notna().mean() > 0.9
    assert firms["county"].notna().mean() > 0.8
    assert real_workspace.read("cluster").num_rows > 100


def test_what_was_observed_is_told_in_numbers(own_sample: Workspace):
    parts: list[tuple[str, int]] = []
    observed = observe(own_sample, progress=lambda part, done: parts.append((part, done)))
    firms = own_sample.read("enterprise").to_pandas()
    assert observed.enterprises.firms == len(firms)
    assert observed.enterprises.industry_by == firms["industry_by"].value_counts().to_dict()
    assert observed.enterprises.located_by == firms["located_by"].fillna("unknown").value_counts().to_dict()
    clusters = own_sample.read("cluster").to_pandas()
    assert observed.clusters.on_cells == (clusters["found_by"] == "cells").sum()
    assert observed.clusters.on_counties == (clusters["found_by"] == "counties").sum()
    assert observed.clusters.members == own_sample.read("cluster_member").num_rows
    found, listed = clusters["recognised"].nunique(), clusters["found_by"].isna().sum()
    assert observed.clusters.recognised == observed.clusters.recognised_found + listed
    assert observed.clusters.recognised_found == found - listed
    assert observed.run == own_sample.runs()["run"].to_pylist()[0]
    assert list(dict.fromkeys(part for part, _ in parts)) == ["code and locate", "measure", "detect"]
    assert max(done for _, done in parts) == len(firms)
    assert f"{len(firms):,}" in str(observed)


def test_observing_twice_gives_the_same_tables_and_the_same_ids(sample_workspace: Workspace, own_sample: Workspace):
    observe(own_sample)
    for table in WRITTEN:
        assert own_sample.version(table) == sample_workspace.version(table) + 1
        pd.testing.assert_frame_equal(content(own_sample, table), content(sample_workspace, table), rtol=1e-9)


def test_the_order_of_the_rows_in_the_file_means_nothing(sample_workspace: Workspace, tmp_path: Path):
    lines = (sample_workspace.path / "sample" / "sample-enterprises.csv").read_text(encoding="utf-8-sig").splitlines()
    head, rows = lines[0], lines[1:]
    random.Random(1).shuffle(rows)
    (tmp_path / "shuffled.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    workspace = create_workspace(tmp_path / "workspace")
    import_enterprises(workspace, [tmp_path / "shuffled.csv"])
    observe(workspace)
    for table in WRITTEN:
        pd.testing.assert_frame_equal(content(workspace, table), content(sample_workspace, table), rtol=1e-9)


def test_a_workspace_without_a_register_names_the_step(tmp_path: Path):
    workspace = create_workspace(tmp_path / "w")
    with pytest.raises(StepMissing, match="gaoyuan import"):
        observe(workspace)
    assert workspace.runs().num_rows == 0


def test_while_another_process_writes_nothing_is_observed(own_sample: Workspace, held_by_another_process):
    before = {state.name: state.version for state in own_sample.tables()}
    with held_by_another_process(own_sample), pytest.raises(WorkspaceBusy, match="another process"):
        observe(own_sample)
    assert {state.name: state.version for state in own_sample.tables()} == before
