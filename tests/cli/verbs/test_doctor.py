from __future__ import annotations

import pytest

from gaoyuan.cli import checkup
from gaoyuan.version import __version__


def test_every_part_is_listed_and_the_end_says_whether_all_that_is_needed_is_there(gaoyuan):
    shown = gaoyuan("doctor")
    got = gaoyuan("doctor", "--json")
    assert shown.code == got.code == (0 if got.json["sound"] else 5)
    assert all(finding["name"] in shown.out for finding in got.json["findings"])
    assert any(finding["state"] == __version__ for finding in got.json["findings"])


def test_a_missing_engine_ends_with_5_and_the_command_that_mends_it(gaoyuan, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkup, "_ENGINES", ("duckdb", "no-such-engine"))
    shown = gaoyuan("doctor", "--quiet")
    assert shown.code == 5
    assert "no-such-engine" in shown.out
    assert "make setup" in shown.out
    assert "duckdb" not in shown.out
    assert gaoyuan("doctor", "--json").json["sound"] is False


def test_a_missing_extra_is_told_and_is_no_fault(gaoyuan, monkeypatch: pytest.MonkeyPatch):
    before = gaoyuan("doctor", "--json").json["sound"]
    monkeypatch.setattr(checkup, "_EXTRAS", {"docs": ("no-such-extra",)})
    shown = gaoyuan("doctor", "--json")
    assert shown.json["sound"] is before
    (extra,) = [finding for finding in shown.json["findings"] if finding["name"] == "no-such-extra"]
    assert extra["mend"] == "pip install 'gaoyuan[docs]'"
