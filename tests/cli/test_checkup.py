from __future__ import annotations

import importlib.metadata

import pytest

from gaoyuan.cli import checkup as checking
from gaoyuan.cli.checkup import checkup
from gaoyuan.codes import editions


def test_everything_that_is_needed_is_looked_at():
    found = {finding.name: finding for finding in checkup()}
    assert found["duckdb"].state == importlib.metadata.version("duckdb")
    assert {"gaoyuan", "python", "deltalake", "ibis-framework", "numba", "page", "cores", "memory", "disk"} <= set(
        found
    )
    assert {name: found[name].state for name in editions()} == editions()
    assert all(found[name].sound for name in ("duckdb", "numba", "pytest"))


def test_what_is_missing_comes_with_the_command_that_mends_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "_ENGINES", ("no-such-engine",))
    monkeypatch.setattr(checking, "_EXTRAS", {"docs": ("no-such-extra",)})
    found = {finding.name: finding for finding in checkup()}
    engine, extra = found["no-such-engine"], found["no-such-extra"]
    assert (engine.sound, engine.needed, engine.mend) == (False, True, "make setup")
    assert (extra.sound, extra.needed, extra.mend) == (False, False, "pip install 'gaoyuan[docs]'")
    assert "not installed" in engine.state


def test_extras_are_those_of_the_package():
    declared = set(importlib.metadata.metadata("gaoyuan").get_all("Provides-Extra") or ())
    assert set(checking._EXTRAS) <= declared


def test_every_unsound_part_has_a_mend():
    assert all(finding.mend for finding in checkup() if not finding.sound)
