"""Ties at boundaries, tie-breakers, and the decisions that they need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gaoyuan.assess.contest import ActRefused, Contest, Definition, open_matters, result, seal

Begin = Callable[[Definition], Contest]


def equal(judge: str, entrant: str, round_name: str) -> int:
    """A1 is best, A2 and A3 are equal in everything."""
    return {"A2": 3, "A3": 3}.get(entrant, 1 + (entrant == "C2") + (entrant == "B2"))


def group(contest: Contest, name: str) -> Any:
    document: Any = result(contest.state)
    return document["rounds"]["group"]["units"][name]


@pytest.fixture
def tied(begun: Begin, definition: Definition, watch, play) -> Contest:
    contest = play.to_group_scoring(begun(definition), watch)
    play.score(contest, equal)
    watch.after(contest, "group_appeals")
    return contest


def test_a_tie_at_the_boundary_is_shared_listed_and_never_broken_silently(tied: Contest):
    held = group(tied, "equipment")
    assert [(place["place"], place["entrant"], place["shared_with"]) for place in held["places"]] == [
        (1, "A1", []),
        (2, "A2", ["A3"]),
        (2, "A3", ["A2"]),
    ]
    assert (held["advance"], held["undecided"]) == (["A1"], ["A2", "A3"])
    with pytest.raises(ActRefused, match=r"advance:equipment: .*1 places left for 2 who share a place: A2, A3"):
        tied.advance()


def test_a_decision_chooses_the_places_left_or_all(tied: Contest):
    with pytest.raises(ActRefused, match="choose 1, or all 2: 0 chosen"):
        tied.decide("advance:equipment", [], "…")
    with pytest.raises(ActRefused, match="among those concerned, each once: A1"):
        tied.decide("advance:equipment", ["A1"], "…")
    with pytest.raises(ActRefused, match="reason 不能为空"):
        tied.decide("advance:equipment", ["A3"], " ")
    tied.decide("advance:equipment", ["A3"], "抽签")
    tied.advance()
    assert tied.state.finalists["advanced"] == ("A1", "A3", "B1", "B2")
    document: Any = result(tied.state)
    assert document["decisions"][0]["reason"] == "抽签"


def test_all_who_share_the_place_may_go_on(tied: Contest):
    tied.decide("advance:equipment", ["A2", "A3"], "名额增加")
    tied.advance()
    assert tied.state.finalists["advanced"] == ("A1", "A2", "A3", "B1", "B2")


def test_a_tie_within_the_places_needs_no_decision(begun: Begin, definition: Definition, watch, play):
    contest = play.to_group_scoring(begun(definition), watch)
    play.score(contest, lambda judge, entrant, name: 5 if entrant == "A3" else 1)
    assert [place["place"] for place in group(contest, "equipment")["places"]] == [1, 1, 3]
    assert open_matters(contest.state) == ()


def test_a_tie_at_the_boundary_of_a_class_waits_and_so_do_those_behind(
    begun: Begin, definition: Definition, watch, play
):
    def level(judge: str, entrant: str, name: str) -> int:
        return {"A1": 1, "A2": 2, "B1": 2, "B2": 3}.get(entrant) or play.fair(judge, entrant, name)

    contest = play.to_appeals(begun(definition), watch, level)
    document: Any = result(contest.state)
    assert document["classes"]["advanced"] == {
        "classes": {"winner": ["A1"], "candidate": []},
        "undecided": ["A2", "B1", "B2"],
    }
    assert document["open"] == [{"matter": "class:advanced:winner", "between": ["A2", "B1"], "places": 1}]
    watch.after(contest, "appeals")
    with pytest.raises(ActRefused, match="class:advanced:winner"):
        contest.advance()
    contest.decide("class:advanced:winner", ["B1"], "评审委员会投票")
    contest.advance()
    document = result(contest.state)
    assert document["classes"]["advanced"]["classes"] == {"winner": ["A1", "B1"], "candidate": ["A2"]}


def test_a_decision_does_not_hold_for_another_tie(begun: Begin, definition: Definition, watch, play):
    def level(judge: str, entrant: str, name: str) -> int:
        return {"A1": 1, "A2": 2, "B1": 2, "B2": 3}.get(entrant) or play.fair(judge, entrant, name)

    contest = play.to_appeals(begun(definition), watch, level)
    contest.decide("class:advanced:winner", ["B1"], "…")
    name = contest.appeal("B2", "final", "…")
    lifted = [
        {"do": "replace_scores", "round": "final", "judge": judge, "entrant": "B2"}
        | {"scores": contest.state.sheets["final"][judge]["A2"]}
        for judge in ("J1", "J2", "J3", "J4")
    ]
    contest.decide_appeal(name, upheld=True, reason="…", corrections=lifted)
    assert [(matter.name, matter.between) for matter in open_matters(contest.state)] == [
        ("class:advanced:winner", ("A2", "B1", "B2"))
    ]


@pytest.mark.parametrize(
    ("ties", "winner", "by"),
    [
        ([{"by": "criterion", "criterion": "innovation"}], "A2", "criterion innovation"),
        ([{"by": "criterion", "criterion": "manufacturing"}], "A3", "criterion manufacturing"),
        ([{"by": "lowest"}], "A3", "lowest"),
        ([{"by": "spread"}], "A3", "spread"),
        ([{"by": "median"}, {"by": "criterion", "criterion": "innovation"}], "A2", "criterion innovation"),
    ],
)
def test_the_chain_of_tie_breakers_decides_and_is_named(
    changed: Callable[..., Definition], begun: Begin, watch, play, ties: list, winner: str, by: str
):
    contest = play.to_group_scoring(begun(changed(ties=ties, scoring={"correction": "none"})), watch)
    sheets = []
    for at, judge in enumerate(("J1", "J2", "J3", "J4")):
        scores = play.scores_of(contest, judge, lambda judge, entrant, name: 0 if entrant == "A1" else 20)
        # Equal totals: A2 better in innovation, A3 in manufacturing; A2's judges differ, one up by as much as one down.
        scores["A2"] |= {"research": "14", "manufacturing": "22", "firms": ("18", "19", "17", "18")[at]}
        scores["A3"] |= {"research": "13", "manufacturing": "23"}
        sheets.append(seal("yunling-2027", "group", judge, scores))
        contest.seal(sheets[-1])
    for sheet in sheets:
        contest.reveal(sheet)
    contest.advance()
    places = {place["entrant"]: place for place in group(contest, "equipment")["places"]}
    assert places["A2"]["score"] == places["A3"]["score"]
    loser = "A3" if winner == "A2" else "A2"
    assert places[winner]["place"] < places[loser]["place"]
    assert (places[winner]["broken_by"], places[winner]["equal_score"]) == (by, [loser])
