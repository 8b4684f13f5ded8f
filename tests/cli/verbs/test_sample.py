from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.workspace import open_workspace


def test_a_sample_is_written_into_a_workspace_that_is_made_for_it(gaoyuan, tmp_path: Path):
    shown = gaoyuan("sample", tmp_path / "w", "--enterprises", 4_100, "--seed", 3)
    assert shown.code == 0
    file = tmp_path / "w" / "sample" / "sample-enterprises.csv"
    assert file.is_file()
    assert "4,100 家企业 firms, 1 个植入集群 planted clusters" in shown.out
    assert f"gaoyuan import {tmp_path / 'w'} enterprises {file}" in shown.out
    assert shown.err == "… sample  4,100\n"
    assert open_workspace(tmp_path / "w").read("sample_truth").num_rows > 0


def test_as_json_with_the_planted_clusters(gaoyuan, tmp_path: Path):
    shown = gaoyuan("sample", tmp_path / "w", "--enterprises", 4_100, "--json")
    assert (shown.code, shown.err) == (0, "")
    (planted,) = shown.json["planted"]
    truth = open_workspace(tmp_path / "w").read("sample_truth").to_pandas()
    assert planted["firms"] == len(truth)
    assert set(truth["county"]) == {planted["county"]}


def test_quiet_says_nothing(gaoyuan, tmp_path: Path):
    shown = gaoyuan("sample", tmp_path / "w", "--enterprises", 50, "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")


@pytest.mark.parametrize("enterprises", [0, -5, 50_000_001])
def test_a_number_that_cannot_be_made_ends_with_2(gaoyuan, tmp_path: Path, enterprises: int):
    shown = gaoyuan("sample", tmp_path / "w", "--enterprises", enterprises)
    assert shown.code == 2
    assert "Name 1 to 50,000,000." in shown.err
