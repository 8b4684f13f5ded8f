from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest

from gaoyuan.errors import InputError
from gaoyuan.registry import import_enterprises
from gaoyuan.sample import write_sample, writing
from gaoyuan.workspace import Workspace, create_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "workspace")


def test_the_same_seed_writes_the_same_file(workspace: Workspace, tmp_path: Path):
    other = create_workspace(tmp_path / "other")
    first, again = write_sample(workspace, 4_000, 9), write_sample(other, 4_000, 9)
    assert first.file.read_bytes() == again.file.read_bytes()
    assert first.planted == again.planted
    truth, truth_again = (place.read("sample_truth").drop_columns(["run"]) for place in (workspace, other))
    assert truth.equals(truth_again)
    assert write_sample(other, 4_000, 10).file.read_bytes() != first.file.read_bytes()


def test_the_csv_is_as_offices_have_it(workspace: Workspace):
    summary = write_sample(workspace, 500)
    assert summary.file.suffix == ".csv"
    assert summary.file.read_bytes()[:3] == b"\xef\xbb\xbf"
    rows = pd.read_csv(summary.file, dtype=str, encoding="utf-8-sig")
    assert len(rows) == summary.enterprises == 500
    assert list(rows.columns) == [
        "企业名称",
        "统一社会信用代码",
        "成立日期",
        "经营范围",
        "注册地址",
        "行业代码",
        "从业人员",
        "营业收入(万元)",
        "注册资本(万元)",
        "经度",
        "纬度",
    ]


def test_a_large_sample_is_a_parquet_file(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writing, "_MOST_IN_CSV", 1_000)
    summary = write_sample(workspace, 1_001)
    assert summary.file.suffix == ".parquet"
    assert pyarrow.parquet.read_metadata(summary.file).num_rows == 1_001
    (imported,) = import_enterprises(workspace, [summary.file])
    assert imported.accepted + imported.rejected == 1_001


@pytest.mark.parametrize("enterprises", [0, -1, 50_000_001])
def test_a_number_that_cannot_be_made_is_refused_and_nothing_written(workspace: Workspace, enterprises: int):
    with pytest.raises(InputError) as refused:
        write_sample(workspace, enterprises)
    assert "50,000,000" in str(refused.value.mend)
    assert not workspace.has("sample_truth")
    assert not (workspace.path / "sample").exists()


def test_one_firm_is_a_sample_too(workspace: Workspace):
    assert write_sample(workspace, 1).planted == ()
    assert workspace.read("sample_truth").num_rows == 0


def test_progress_is_told_of_every_firm(workspace: Workspace):
    done: list[int] = []
    write_sample(workspace, 300, progress=done.append)
    assert sum(done) == 300


def test_a_sample_that_fails_leaves_the_last_one_and_nothing_half_written(workspace: Workspace):
    summary = write_sample(workspace, 300)
    before, truth = summary.file.read_bytes(), workspace.version("sample_truth")

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sample(workspace, 400, progress=interrupted)
    assert summary.file.read_bytes() == before
    names = sorted(file.name for file in summary.file.parent.iterdir())
    assert names == ["sample-enterprises.csv", "sample-facts.csv", "sample-titles.csv"]
    assert workspace.version("sample_truth") == truth
    assert workspace.runs().num_rows == 1


def test_the_run_remembers_number_and_seed(workspace: Workspace):
    write_sample(workspace, 250, 42)
    (run,) = workspace.runs().to_pylist()
    assert run["step"] == "sample"
    assert json.loads(run["parameters"]) == {"enterprises": 250, "seed": 42}


def test_the_rows_that_the_import_sets_aside_are_the_faults_that_were_put_in(sample_workspace: Workspace):
    given = pd.read_csv(
        sample_workspace.path / "sample" / "sample-enterprises.csv",
        dtype=str,
        encoding="utf-8-sig",
        keep_default_na=False,
    )
    rejected = sample_workspace.read("rejected").to_pandas()
    registered = set(sample_workspace.read("register", ["uscc"])["uscc"].to_pylist())
    dates = set(rejected.loc[rejected["reason"] == "no date, or one in the future", "row"])
    assert dates == set(given.index[given["成立日期"] == "2015-02-30"] + 2)
    industries = set(rejected.loc[rejected["column"] == "行业代码", "row"])
    assert industries == set(given.index[given["行业代码"] == "0000"] + 2)
    shortened = set(rejected.loc[rejected["reason"] == "a credit code has 18 characters", "row"])
    assert shortened == set(given.index[given["统一社会信用代码"].str.len() == 15] + 2)
    exchanged = set(rejected.loc[rejected["reason"] == "longitude and latitude are exchanged", "row"])
    assert exchanged == set(given.index[pd.to_numeric(given["纬度"]) > 100] + 2)
    wrong_end = set(rejected.loc[rejected["reason"].str.startswith("the check character does not fit"), "row"])
    assert wrong_end
    assert set(rejected["row"]) == dates | industries | shortened | exchanged | wrong_end
    assert len(rejected) == len(given) - len(registered)
    # Row 1 of the file is its heading, so that the number is the one that Excel shows.
    assert registered == set(given.drop(index=rejected["row"] - 2)["统一社会信用代码"])


def test_the_truth_agrees_with_the_register(sample_workspace: Workspace):
    truth = sample_workspace.read("sample_truth").to_pandas()
    firms = sample_workspace.read("enterprise").to_pandas()
    joined = truth.merge(firms, on="uscc", suffixes=("", "_found"), validate="one_to_one")
    assert len(joined) == len(truth)
    assert (joined["county"] == joined["county_found"]).all()
    given = joined["industry_by"] == "given"
    assert given.any()
    assert (joined["industry"] == joined["industry_found"])[given].all()
    assert joined["longitude"].isna().equals(joined["longitude_found"].isna())
    assert (joined["longitude"] - joined["longitude_found"]).abs().max() < 1e-6
