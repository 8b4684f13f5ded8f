from __future__ import annotations

import base64
import gzip
import re
from pathlib import Path
from typing import cast

import pyarrow as pa
import pytest

from gaoyuan.errors import ExtraMissing, InputError, StepMissing
from gaoyuan.report import write_map
from gaoyuan.report.packing import unpack
from gaoyuan.report.script_page import built, script_page
from gaoyuan.workspace import Workspace, create_workspace

HOSTILE = "</script><img src=x onerror=\"document.title='taken'\">甲集群"


def renamed(workspace: Workspace, name: str) -> Workspace:
    """Give every cluster of a workspace a name."""
    clusters = workspace.read("cluster")
    names = pa.array([name] * len(clusters), pa.string())
    with workspace.run("observe") as run:
        workspace.write("cluster", clusters.set_column(clusters.schema.get_field_index("name"), "name", names), run)
    return workspace


def test_the_summary_says_what_was_written(sample_workspace: Workspace, tmp_path: Path):
    summary = write_map(sample_workspace, tmp_path / "map.html")
    assert summary.file == tmp_path / "map.html"
    assert summary.megabytes == round(summary.file.stat().st_size / 1e6, 2)
    found_by = sample_workspace.read("cluster")["found_by"]
    found = len(found_by) - found_by.null_count
    assert summary.clusters == found
    assert str(summary.clusters) in str(summary)
    assert str(summary.file) in str(summary)


def test_the_page_of_a_province_stays_below_three_megabytes(sample_map: Path):
    assert sample_map.stat().st_size < 3_000_000


def test_the_page_of_a_real_register_stays_below_three_megabytes_a_few_provinces(
    real_workspace: Workspace, tmp_path: Path
):
    assert write_map(real_workspace, tmp_path / "real.html").megabytes < 3


def test_the_page_names_no_address_to_load_from_and_forbids_all(sample_map: Path):
    page = sample_map.read_text(encoding="utf-8")
    head = page[: page.index("<style>")]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', head)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "connect-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert "http" not in policy[1]
    assert not re.search(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(?!data:)', page)
    assert "url(http" not in page


def test_a_hostile_name_stays_inside_the_packed_data(own_sample: Workspace, tmp_path: Path):
    page = write_map(renamed(own_sample, HOSTILE), tmp_path / "map.html").file.read_text(encoding="utf-8")
    assert "onerror=" not in page[: page.index("<script>")]
    assert page.count("</script>") == 2
    data = re.search(r'<script id="data"[^>]*>([A-Za-z0-9+/=]+)</script>', page)
    assert data is not None
    header, _ = unpack(base64.b64decode(data[1]))
    assert set(cast("dict[str, list[str]]", header["cluster"])["name"]) == {HOSTILE}


def test_the_name_of_the_workspace_is_escaped_in_the_title(sample_workspace: Workspace, tmp_path: Path):
    folder = tmp_path / "<b>&x"
    folder.symlink_to(sample_workspace.path)
    page = script_page(f"{folder.name} map", "", "", gzip.compress(b""))
    assert "<title>&lt;b&gt;&amp;x map</title>" in page


def test_a_workspace_that_was_not_observed_says_which_step_to_run(tmp_path: Path):
    workspace = create_workspace(tmp_path / "new")
    with pytest.raises(StepMissing, match="gaoyuan observe"):
        write_map(workspace, tmp_path / "map.html")
    assert not (tmp_path / "map.html").exists()


def test_a_file_in_no_folder_or_that_is_one_is_refused(sample_workspace: Workspace, tmp_path: Path):
    with pytest.raises(InputError, match="does not exist"):
        write_map(sample_workspace, tmp_path / "nowhere" / "map.html")
    with pytest.raises(InputError, match="is a folder"):
        write_map(sample_workspace, tmp_path)


def test_a_script_that_was_not_built_names_the_command_that_builds_it():
    with pytest.raises(ExtraMissing, match="make setup"):
        built("never-built.js")


def test_a_page_that_cannot_be_made_leaves_the_old_one(own_sample: Workspace, tmp_path: Path):
    page = tmp_path / "map.html"
    page.write_text("old")
    empty = create_workspace(tmp_path / "new")
    with pytest.raises(StepMissing):
        write_map(empty, page)
    assert page.read_text() == "old"
