"""Sealed files beside the record, and the opening that checks them all before it shows one."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from gaoyuan.assess.contest import ActRefused, Contest, Definition, open_matters, open_round, write_sealed
from gaoyuan.assess.contest.sealing import sealed_file

Begin = Callable[[Definition], Contest]


@pytest.fixture
def sealed(begun: Begin, definition: Definition, watch, play, tmp_path: Path) -> Contest:
    contest = play.to_group_scoring(begun(definition), watch)
    for sheet in play.sealed(contest, play.fair):
        write_sealed(tmp_path, sheet)
    return contest


def test_all_sheets_are_opened_at_once(sealed: Contest, tmp_path: Path):
    assert open_round(sealed, tmp_path) == ("J1", "J2", "J3", "J4")
    assert sealed.state.stage == "group_opened"


def test_sealed_files_are_for_their_owner_only(sealed: Contest, tmp_path: Path):
    assert stat.S_IMODE(sealed_file(tmp_path, "group", "J1").stat().st_mode) == 0o600


def test_each_sheet_that_is_missing_damaged_or_another_is_named_and_none_is_opened(sealed: Contest, tmp_path: Path):
    sealed_file(tmp_path, "group", "J1").unlink()
    sealed_file(tmp_path, "group", "J2").write_text("{")
    changed = sealed_file(tmp_path, "group", "J3")
    changed.write_bytes(changed.read_bytes().replace(b'"9.5"', b'"9.6"', 1))
    sealed_file(tmp_path, "group", "J4").write_bytes(changed.read_bytes())
    before = sealed.record
    with pytest.raises(ActRefused) as found:
        open_round(sealed, tmp_path)
    lines = found.value.what.splitlines()[1:]
    for line, said in zip(
        lines, ("J1 .*is missing", "J2 .*damaged", "J3 .*not the one", "J4 .*judge 'J3'"), strict=True
    ):
        assert re.search(said, line)
    assert sealed.record == before


def test_a_judge_without_a_sheet_is_named_until_set_aside(
    begun: Begin, definition: Definition, watch, play, tmp_path: Path
):
    contest = play.to_group_scoring(begun(definition), watch)
    for sheet in play.sealed(contest, play.fair)[:3]:
        write_sealed(tmp_path, sheet)
    contest.register_judge("J5", "评委五", groups=["equipment"])
    watch.after(contest, "group_scoring")
    with pytest.raises(ActRefused, match=r"J5 评委五: .*has sealed no sheet"):
        open_round(contest, tmp_path)
    for judge in ("J4", "J5"):
        contest.set_aside("group", judge, "未交")
    assert open_round(contest, tmp_path) == ("J1", "J2", "J3")


def test_too_few_scores_stop_the_opening_unless_they_are_to_be_decided(sealed: Contest, tmp_path: Path):
    for judge in ("J2", "J3", "J4"):
        sealed.set_aside("group", judge, "…")
    with pytest.raises(ActRefused, match=r"equipment A1: .*only 1 may score it"):
        open_round(sealed, tmp_path)
    open_round(sealed, tmp_path, with_few=True)
    assert {matter.name for matter in open_matters(sealed.state)} >= {"few:group:A1", "few:group:C2"}
    sealed.decide("few:group:A1", ["A1"], "…")
    sealed.decide("few:group:A2", [], "不排名")
    assert "few:group:A2" not in {matter.name for matter in open_matters(sealed.state)}


def test_outside_scoring_there_is_nothing_to_open(begun: Begin, definition: Definition, tmp_path: Path):
    with pytest.raises(ActRefused, match="nothing to open"):
        open_round(begun(definition), tmp_path)


def test_an_earlier_sheet_stays_beside_the_last_one(sealed: Contest, play, tmp_path: Path):
    for sheet in play.sealed(sealed, lambda *_: 0):
        write_sealed(tmp_path, sheet)
    assert len(list(tmp_path.glob("group-J1.*.old"))) == 1
    open_round(sealed, tmp_path)
    assert sealed.state.sheets["group"]["J1"]["A1"]["research"] == "15"
