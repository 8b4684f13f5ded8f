from __future__ import annotations

import json
import math

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from gaoyuan.errors import NotFound, StepMissing
from gaoyuan.observe import Explanation, Figure, explain
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace

OF_FOUND = {
    "firms", "expected", "location_quotient", "p_value", "minus_log10_p", "q_value", "rank", "employees",
    "revenue_yuan", "size_coverage", "counties",
}  # fmt: skip
OF_CELLS = {"area_km2", "within_100_km2", "stability"}
TAKES_THE_WHOLE_DETECTION = {"q_value", "stability"}


def found_ids(workspace: Workspace) -> list[str]:
    table = workspace.table("cluster")
    return workspace.to_arrow(table.filter(table.found_by.notnull()).order_by("cluster_id"))["cluster_id"].to_pylist()


def by_name(explanation: Explanation) -> dict[str, Figure]:
    return {figure.name: figure for figure in explanation.figures}


def rewritten(workspace: Workspace, column: str, values: pa.Array) -> None:
    """Write other values into a column of the table `cluster`, as a fault or a forger would."""
    table = workspace.read("cluster")
    with workspace.run("test") as run:
        workspace.write("cluster", table.set_column(table.schema.names.index(column), column, values), run)


def test_every_figure_of_every_cluster_agrees_when_it_is_computed_again(sample_workspace: Workspace):
    for name in found_ids(sample_workspace):
        figures = by_name(explain(sample_workspace, name))
        assert set(figures) == OF_FOUND | OF_CELLS
        for figure in figures.values():
            assert figure.agrees is (None if figure.name in TAKES_THE_WHOLE_DETECTION else True), str(figure)


def test_figures_of_clusters_of_counties_agree_too(real_workspace: Workspace):
    names = found_ids(real_workspace)
    for name in names[:: len(names) // 12]:
        figures = by_name(explain(real_workspace, name))
        assert set(figures) == OF_FOUND
        unknown = {figure.name for figure in figures.values() if figure.value is None}
        assert unknown == {"employees", "revenue_yuan"}
        for figure in figures.values():
            known = figure.name not in TAKES_THE_WHOLE_DETECTION | unknown
            assert figure.agrees is (True if known else None), str(figure)


def test_every_figure_says_what_the_table_says_with_formula_and_inputs(sample_workspace: Workspace):
    rows = sample_workspace.read("cluster").drop_columns(["footprint"]).to_pandas().set_index("cluster_id")
    for name in found_ids(sample_workspace):
        explanation = explain(sample_workspace, name)
        assert (explanation.cluster_id, explanation.name) == (name, rows.loc[name, "name"])
        assert explanation.found_by == "cells"
        for figure in explanation.figures:
            assert figure.value == rows.loc[name, figure.name]
            assert figure.formula
            assert figure.inputs
            assert figure.source
            assert figure.zh == next(c.zh for c in SCHEMAS["cluster"].columns if c.name == figure.name)


def test_numbers_of_firms_are_whole(sample_workspace: Workspace):
    name = found_ids(sample_workspace)[0]
    figures = by_name(explain(sample_workspace, name))
    assert all(type(figures[column].value) is int for column in ("firms", "rank", "employees"))
    json.dumps([figure.inputs for figure in figures.values()], allow_nan=False)


def test_the_run_names_what_it_read_its_settings_and_editions(sample_workspace: Workspace):
    explanation = explain(sample_workspace, found_ids(sample_workspace)[0])
    run = explanation.run
    assert run["step"] == "observe"
    assert run["inputs"] == {"register": 0}
    assert isinstance(run["parameters"], dict)
    assert run["parameters"]["false_discovery_rate"] == 0.05
    assert isinstance(run["editions"], dict)
    assert run["editions"]
    (file,) = explanation.files
    assert file["file_name"] == "sample-enterprises.csv"
    assert len(str(file["sha256"])) == 64
    assert file["rows"] == 24_000


def test_the_text_holds_every_figure_the_run_and_the_files(sample_workspace: Workspace):
    explanation = explain(sample_workspace, found_ids(sample_workspace)[0])
    text = str(explanation)
    assert text.startswith(explanation.name)
    assert all(f"{figure.zh} {figure.name} = " in text for figure in explanation.figures)
    assert str(explanation.run["run"]) in text
    assert str(explanation.files[0]["sha256"]) in text
    assert text.count("computed again: agrees") == len(explanation.figures) - len(TAKES_THE_WHOLE_DETECTION)


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("firms", lambda values: pc.add(values, 1)),
        ("expected", lambda values: pc.multiply(values, 1.000001)),
        ("area_km2", lambda values: pc.multiply(values, 0.5)),
        ("rank", lambda values: pc.add(values, 1)),
        ("within_100_km2", pc.invert),
        ("counties", lambda values: pc.utf8_reverse(values)),
        ("employees", lambda values: pc.add(values, 1)),
        ("minus_log10_p", lambda values: pc.add(values, 0.5)),
    ],
)
def test_a_figure_that_was_changed_is_told(own_sample: Workspace, column: str, change):
    name = found_ids(own_sample)[0]
    rewritten(own_sample, column, change(own_sample.read("cluster")[column]))
    figure = by_name(explain(own_sample, name))[column]
    assert figure.agrees is False
    assert f"computed again: {figure.recomputed}" in str(figure)


def test_a_recognised_cluster_that_was_not_found_is_explained_by_what_its_county_has(real_workspace: Workspace):
    rows = real_workspace.read("cluster").drop_columns(["footprint"]).to_pandas()
    listed = rows[rows["found_by"].isna()]
    known = listed[listed["location_quotient"].notna()].iloc[0]
    explanation = explain(real_workspace, str(known["cluster_id"]))
    assert explanation.found_by is None
    assert "recognised only" in explanation.figures_text()
    figures = by_name(explanation)
    assert set(figures) == {"firms", "expected", "location_quotient"}
    assert figures["location_quotient"].agrees is True
    unknown = listed[listed["firms"].isna()].iloc[0]
    figures = by_name(explain(real_workspace, str(unknown["cluster_id"])))
    assert figures["firms"].value is None
    assert "未知 unknown" in str(figures["firms"])


def test_an_unknown_figure_is_not_said_to_need_another_run():
    figure = Figure("employees", "从业人员", None, "", "sum over the members that have it", {}, None, "")
    assert "未知 unknown" in str(figure)
    assert "computed again" not in str(figure)
    assert "to compute it again" not in str(figure)


def test_an_unknown_id_is_refused_with_some_that_there_are(sample_workspace: Workspace):
    names = found_ids(sample_workspace)
    with pytest.raises(NotFound) as refused:
        explain(sample_workspace, f"{names[0][:4]}99-0000")
    assert names[0] in str(refused.value.mend)
    with pytest.raises(NotFound) as refused:
        explain(sample_workspace, "")
    assert "for example" in str(refused.value.mend)
    with pytest.raises(NotFound):
        explain(sample_workspace, "' OR 1=1 --")


def test_before_anything_was_observed_the_step_is_named(tmp_path):
    with pytest.raises(StepMissing, match="gaoyuan observe"):
        explain(create_workspace(tmp_path / "w"), "370214-2916")


@pytest.mark.parametrize(
    ("value", "recomputed", "agrees"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.001, False),
        (3, 3, True),
        (3, 4, False),
        (True, True, True),
        ("a|b", "a|b", True),
        ("a|b", "b|a", False),
        (None, 1.0, None),
        (1.0, None, None),
        (5e-324, 5e-324, True),
        (math.inf, 1.0, False),
    ],
)
def test_agreeing_allows_for_nothing_but_rounding(value, recomputed, agrees):
    assert Figure("x", "甲", value, "", "f", {}, recomputed, "").agrees is agrees


def test_a_cluster_of_which_no_run_is_known_is_still_explained(own_sample: Workspace):
    name = found_ids(own_sample)[0]
    rows = own_sample.read("cluster")
    rewritten(own_sample, "run", pa.array(["lost"] * rows.num_rows))
    assert explain(own_sample, name).run == {"run": "lost"}


def test_clusters_with_fewer_sizes_than_members_say_so(sample_workspace: Workspace):
    name = found_ids(sample_workspace)[0]
    members = sample_workspace.read("cluster_member").to_pandas()
    own = members[members["cluster_id"] == name]
    figures = by_name(explain(sample_workspace, name))
    assert figures["revenue_yuan"].inputs == {"members that have it": int(own["revenue_yuan"].notna().sum())}
    assert figures["revenue_yuan"].value == pytest.approx(float(own["revenue_yuan"].sum()))
    assert pd.notna(own["employees"]).sum() < len(own)
