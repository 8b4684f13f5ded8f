"""What of a need is public, how answers compare, and what support is left."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.challenges import (
    CRITERIA,
    Answer,
    ChallengeInvalid,
    Need,
    Payment,
    compare_answers,
    publishable,
    support_balance,
)
from gaoyuan.exchange.challenges.need import FIELDS

TEXTS = st.text("甲乙丙丁厂ab", min_size=2, max_size=6)
MARKS = st.none() | st.integers(0, 10)


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), TEXTS), TEXTS, st.frozensets(st.sampled_from(sorted(FIELDS))))
def test_nothing_that_is_kept_back_can_be_read_in_what_is_public(given_fields, title, public) -> None:
    need = Need({**given_fields, "title": title}, public)
    shown = publishable(need)
    assert set(shown) <= {"title", *public}
    for name, text in need.given.items():
        if name not in shown:
            assert not any(text in other for other in shown.values())


def test_a_need_without_title_and_an_unknown_field_are_refused() -> None:
    with pytest.raises(ChallengeInvalid, match="title"):
        Need({"title": " "}, frozenset())
    with pytest.raises(ChallengeInvalid, match="no field"):
        Need({"title": "x", "colour": "red"}, frozenset())


@st.composite
def answer_lists(draw: st.DrawFn) -> list[Answer]:
    return [
        Answer(name, {one: draw(MARKS) for one in CRITERIA}, draw(st.sampled_from([True, False, None])))
        for name in draw(st.lists(st.sampled_from("甲乙丙丁"), unique=True, max_size=4))
    ]


@given(answer_lists())
def test_ranks_hold_whatever_the_missing_marks_turn_out_to_be(answers: list[Answer]) -> None:
    judged = {one.party: one for one in compare_answers(answers)}
    ranked = [one for one in answers if one.is_small_or_medium is not False]
    for extreme in itertools.product((0, 10), repeat=len(ranked)):
        filled = {
            one.party: sum(value if mark is None else mark for mark in one.marks.values()) / 4
            for one, value in zip(ranked, extreme, strict=True)
        }
        for party, score in filled.items():
            rank = 1 + sum(other > score for other in filled.values())
            best, worst = judged[party].best_rank, judged[party].worst_rank
            assert best is not None
            assert worst is not None
            assert best <= rank <= worst
    for one in answers:
        if one.is_small_or_medium is False:
            assert judged[one.party].best_rank is None


def test_weights_decide_and_wrong_marks_are_refused() -> None:
    team, plan = (
        Answer(name, {"team": team, "ability": 5, "plan": plan, "fit": 5}, True)
        for name, team, plan in (("甲", 9, 1), ("乙", 1, 9))
    )
    assert compare_answers([team, plan], {"team": 1})[0].party == "甲"
    assert compare_answers([team, plan], {"plan": 1})[0].party == "乙"
    assert [one.worst_rank for one in compare_answers([team, plan])] == [1, 1]
    with pytest.raises(ChallengeInvalid, match="twice"):
        compare_answers([team, team])
    with pytest.raises(ChallengeInvalid, match="0 to 10"):
        compare_answers([Answer("甲", {"team": 11}, True)])
    with pytest.raises(ChallengeInvalid, match="weights"):
        compare_answers([team], {"team": -1})
    assert compare_answers([]) == []


def test_support_is_never_more_than_granted_nor_less_than_nothing() -> None:
    first, day = dt.datetime(2026, 5, 1), dt.timedelta(days=1)
    grant = Decimal("100.00")
    paid = [Payment(Decimal(60), first, "一"), Payment(Decimal("-10"), first + day, "退回")]
    assert support_balance(grant, paid).left == Decimal(50)
    with pytest.raises(ChallengeInvalid, match="granted"):
        support_balance(grant, [*paid, Payment(Decimal("50.01"), first + 2 * day, "二")])
    with pytest.raises(ChallengeInvalid, match="taken back"):
        support_balance(grant, [Payment(Decimal(-1), first - day, "错"), *paid])
    with pytest.raises(ChallengeInvalid, match="fen"):
        Payment(Decimal("0.001"), first, "x")
    with pytest.raises(ChallengeInvalid, match="reason"):
        Payment(Decimal(1), first, " ")
