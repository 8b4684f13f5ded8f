from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa
import pytest

from gaoyuan.errors import StepMissing
from gaoyuan.sample import Recovery, recovery
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace


def workspace_of(folder: Path, planted: dict[int, str], members: dict[str, str]) -> Workspace:
    """Make a workspace whose firms are named by letters: `planted` by cluster number, `members` by cluster id."""
    workspace = create_workspace(folder)
    truth = [{"planted": number, "uscc": firm} for number, firms in planted.items() for firm in firms]
    found = [{"cluster_id": name, "uscc": firm} for name, firms in members.items() for firm in firms]
    with workspace.run("test") as run:
        workspace.write("sample_truth", pa.Table.from_pylist(truth, SCHEMAS["sample_truth"].arrow), run)
        workspace.write("cluster_member", pa.Table.from_pylist(found, SCHEMAS["cluster_member"].arrow), run)
    return workspace


def test_recovery_counts_as_one_would_by_hand(tmp_path: Path):
    # Cluster 1 (abcd) is found as x (abce): 3 of 5. Cluster 2 (fghi) lies in y with many others: 4 of 9. Cluster 3 is
    # torn in two halves, neither of which is more than half of it. z is of nobody's planting.
    workspace = workspace_of(
        tmp_path / "w",
        {1: "abcd", 2: "fghi", 3: "klmnop"},
        {"x": "abce", "y": "fghi12345", "v": "klm6", "w": "nop78", "z": "90"},
    )
    found = recovery(workspace)
    assert (found.planted, found.found, found.not_planted) == (3, 1, 1)
    assert found.precision == pytest.approx(13 / 24)
    assert found.recall == pytest.approx(13 / 14)
    assert found.f1 == pytest.approx(2 * 13 / (24 + 14))


def test_half_of_the_firms_of_both_together_is_enough(tmp_path: Path):
    assert recovery(workspace_of(tmp_path / "w", {1: "abc"}, {"x": "abd"})).found == 1
    assert recovery(workspace_of(tmp_path / "v", {1: "abcd"}, {"x": "abef"})).found == 0


def test_one_cluster_that_swallows_two_planted_ones_is_counted_by_overlap(tmp_path: Path):
    found = recovery(workspace_of(tmp_path / "w", {1: "abcdefgh", 2: "kl"}, {"x": "abcdefghkl"}))
    assert (found.planted, found.found, found.not_planted) == (2, 1, 0)
    assert (found.precision, found.recall) == (1.0, 1.0)


def test_where_nothing_was_found_precision_is_unknown_and_recall_is_0(tmp_path: Path):
    found = recovery(workspace_of(tmp_path / "w", {1: "abc"}, {}))
    assert (found.planted, found.found, found.not_planted, found.recall, found.f1) == (1, 0, 0, 0.0, 0.0)
    assert math.isnan(found.precision)
    assert "precision 未知 unknown" in str(found)


def test_where_nothing_was_planted_recall_is_unknown(tmp_path: Path):
    found = recovery(workspace_of(tmp_path / "w", {}, {"x": "abc"}))
    assert (found.planted, found.found, found.not_planted, found.precision, found.f1) == (0, 0, 1, 0.0, 0.0)
    assert math.isnan(found.recall)


def test_where_nothing_was_planted_and_nothing_found_all_is_unknown(tmp_path: Path):
    found = recovery(workspace_of(tmp_path / "w", {}, {}))
    assert (found.planted, found.found, found.not_planted) == (0, 0, 0)
    assert all(map(math.isnan, (found.precision, found.recall, found.f1)))


def test_f1_is_the_harmonic_mean():
    assert Recovery(1, 1, 0, 0.5, 1.0).f1 == pytest.approx(2 / 3)
    assert Recovery(1, 0, 1, 0.0, 0.0).f1 == 0.0


def test_it_says_which_step_is_missing(tmp_path: Path):
    workspace = create_workspace(tmp_path / "w")
    with pytest.raises(StepMissing, match="gaoyuan sample"):
        recovery(workspace)
    with workspace.run("test") as run:
        workspace.write("sample_truth", pa.Table.from_pylist([], SCHEMAS["sample_truth"].arrow), run)
    with pytest.raises(StepMissing, match="gaoyuan observe"):
        recovery(workspace)


def test_planted_clusters_of_the_sample_are_recovered(sample_workspace: Workspace):
    found = recovery(sample_workspace)
    assert found.planted == 6
    assert found.f1 >= 0.95
    assert found.found == found.planted
