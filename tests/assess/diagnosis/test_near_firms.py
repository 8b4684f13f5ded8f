"""Firms near a title that a criterion counts."""

from __future__ import annotations

from gaoyuan.assess import edition
from gaoyuan.assess.diagnosis import NearFirm
from gaoyuan.assess.diagnosis.near_firms import firms_words, nearest_firms

CRITERIA = {one.id: one for one in edition("cn-sme-cluster.2022").criteria}


def test_the_nearest_come_first_and_other_titles_are_left_out() -> None:
    firms = [
        NearFirm("3", "丙", "gazelle", 0),
        NearFirm("2", "乙", "hightech_firm", 3),
        NearFirm("1", "甲", "innovative_sme", 1),
    ]
    assert [firm.enterprise for firm in nearest_firms(CRITERIA["2"], firms)] == ["1", "2"]
    assert nearest_firms(CRITERIA["1.5"], firms) == ()


def test_a_firm_that_lacks_nothing_may_apply() -> None:
    zh, en = firms_words([NearFirm("1", "甲", "little_giant", 0), NearFirm("2", "乙", "little_giant", 2)])
    assert "甲（可申报）" in zh
    assert "乙 (lacks 2)" in en
    assert firms_words([]) == ("", "")
