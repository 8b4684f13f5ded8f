"""Explanations come from a process of their own, whatever happens to it."""

from __future__ import annotations

import pytest

from gaoyuan.portal.workbench import explaining
from gaoyuan.portal.workbench.explaining import ask_there, explain_here, explain_there


@pytest.fixture
def question(demonstrated) -> tuple[str, str, dict[str, str | int | None]]:
    versions = {state.name: state.version for state in demonstrated.tables() if state.name == "cluster"}
    cluster = demonstrated.read("cluster", ["cluster_id"])["cluster_id"][0].as_py()
    return str(demonstrated.path), cluster, versions


def test_the_other_process_says_what_this_one_would_also_after_it_was_killed(question) -> None:
    first = explain_there(*question)
    assert first is not None
    assert first == explain_here(*question)
    assert explaining._engine is not None
    explaining._engine.kill()
    assert explain_there(*question) == first


def test_an_enterprise_is_explained_by_its_row_of_the_register(demonstrated) -> None:
    known = demonstrated.read("register").slice(0, 1).to_pylist()[0]
    versions = {
        state.name: state.version for state in demonstrated.tables() if state.name in ("register", "enterprise")
    }
    told = ask_there("enterprise", str(demonstrated.path), known["enterprise_id"], versions)
    assert told is not None
    assert told["read"] == known
    assert told["found"]["enterprise_id"] == known["enterprise_id"]
    assert told["file"]["file"] == known["file"]
    assert ask_there("enterprise", str(demonstrated.path), "nobody", versions) is None
    assert ask_there("enterprise", str(demonstrated.path), known["enterprise_id"], {"register": -1}) is None


def test_tables_of_other_versions_and_folders_that_are_away_are_not_explained(question, tmp_path) -> None:
    folder, cluster, versions = question
    assert explain_there(folder, cluster, dict.fromkeys(versions, -1)) is None
    assert explain_there(str(tmp_path), cluster, versions) is None
    assert explain_there(folder, "no such cluster", versions) is None
