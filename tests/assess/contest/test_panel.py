"""Conflicts of interest, assignments, and panels that fall apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gaoyuan.assess.contest import Contest, Definition, result, seal
from gaoyuan.assess.contest.panel import duty, exclusions, parts_of

Begin = Callable[[Definition], Contest]


@pytest.fixture
def opened(begun: Begin, definition: Definition, play) -> Contest:
    return play.fill(begun(definition))


def excluded(contest: Contest) -> dict[str, str]:
    return {f"{one.judge} {one.entrant}": one.reason for one in exclusions(contest.state, "group")}


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"conflict_entrants": ["A1"]}, "declared: an interest in the entrant"),
        ({"conflict_organisations": ["促进中心　Ａ1"]}, "declared: 单位 organisation"),
        ({"conflict_counties": ["530101"]}, "declared: 县区 county 530101"),
        ({"organisations": ["促进中心 a1"]}, "found: 同一单位 organisation"),
        ({"counties": ["530101"]}, "found: 同一县区 county 530101"),
    ],
)
def test_an_interest_excludes_a_judge_from_the_entrant_only(opened: Contest, parts: Any, reason: str):
    opened.register_judge("J9", "评委", groups=["equipment"], **parts)
    assert list(excluded(opened)) == ["J9 A1"]
    assert reason in excluded(opened)["J9 A1"]
    assert [entrant.id for entrant in duty(opened.state, "group", opened.state.judges["J9"])] == ["A2", "A3"]


@pytest.mark.parametrize("parts", [{"organisations": ["促进中心 A1"]}, {"counties": ["530101"]}])
def test_equal_organisations_and_counties_are_looked_for_where_the_definition_says_so(
    changed: Callable[..., Definition], begun: Begin, play, parts: Any
):
    contest = play.fill(begun(changed(conflicts={"same_organisation": False, "same_county": False})))
    contest.register_judge("J9", "评委", groups=["equipment"], **parts)
    assert excluded(contest) == {}


def test_scores_of_an_excluded_judge_never_count(begun: Begin, definition: Definition, watch, play):
    contest = play.to_group_scoring(begun(definition), watch)

    def level(judge: str, entrant: str, name: str) -> int:
        return 0 if (judge, entrant) == ("J1", "A3") else play.fair(judge, entrant, name)

    sheets = play.sealed(contest, level)
    # Declared after J1 has sealed high points for A3: they stand in the sheet, and count for nothing.
    contest.declare_conflict("J1", "A3", "亲属任职")
    for sheet in sheets:
        contest.reveal(sheet)
    contest.advance()
    document: Any = result(contest.state)
    held = document["rounds"]["group"]
    places = {place["entrant"]: place for place in held["units"]["equipment"]["places"]}
    assert set(places["A3"]["totals"]) == {"J2", "J3", "J4"}
    assert set(places["A1"]["totals"]) == {"J1", "J2", "J3", "J4"}
    assert held["exclusions"] == [{"judge": "J1", "entrant": "A3", "reason": "申报 declared: 亲属任职"}]
    # Left to the other three, who are stricter on the whole, A3 is not punished for it: 5 tenths of 6 points off.
    assert places["A3"]["score"] == str(100 - (5 + 3) * 0.6)
    assert float(places["A3"]["raw"]) < float(places["A3"]["score"])


def test_a_sheet_made_outside_with_an_excluded_entrant_counts_for_nothing_there(
    begun: Begin, definition: Definition, watch, play
):
    contest = play.fill(begun(definition))
    contest.register_judge("J9", "评委", groups=["equipment"], conflict_entrants=["A3"])
    watch.after(contest, "entries")
    contest.advance()
    contest.advance()
    sheets = play.sealed(contest, lambda judge, entrant, name: 1)[:-1]
    row = {leaf.id: "0" for leaf in definition.leaves}
    own = seal("yunling-2027", "group", "J9", {name: dict(row) for name in ("A1", "A2", "A3")})
    contest.seal(own)
    for sheet in (*sheets, own):
        contest.reveal(sheet)
    contest.advance()
    document: Any = result(contest.state)
    places = {place["entrant"]: place for place in document["rounds"]["group"]["units"]["equipment"]["places"]}
    assert "J9" not in places["A3"]["totals"]
    assert places["A1"]["totals"]["J9"] == "0"


def test_judges_may_be_limited_to_some_entrants_and_unconnected_panels_are_said(
    begun: Begin, definition: Definition, watch, play
):
    contest = begun(definition)
    contest.advance()
    for name in ("A1", "A2", "A3", "A4"):
        contest.enter(name, "集群", group="equipment")
    for judge, only in (("J1", "12"), ("J2", "12"), ("J3", "34"), ("J4", "34")):
        contest.register_judge(judge, "评委", groups=["equipment"], only=[f"A{at}" for at in only])
    assert parts_of(contest.state, "group", "equipment") == [(("A1", "A2"), ("J1", "J2")), (("A3", "A4"), ("J3", "J4"))]
    watch.after(contest, "entries")
    contest.advance()
    contest.advance()
    play.score(contest, lambda judge, entrant, name: {"J1": 0, "J2": 2, "J3": 10, "J4": 14}[judge] + int(entrant[1]))
    document: Any = result(contest.state)
    unit = document["rounds"]["group"]["units"]["equipment"]
    assert unit["parts"] == 2
    assert "2 unconnected parts: severity cannot be corrected between them" in unit["findings"][0]
    # Within a part severities sum to zero; the strict part stays below, uncorrected.
    assert [(one["judge"], one["severity"], one["part"]) for one in unit["judges"]] == [
        ("J1", "-0.6", 1),
        ("J2", "0.6", 1),
        ("J3", "-1.2", 2),
        ("J4", "1.2", 2),
    ]
    assert [place["entrant"] for place in unit["places"]] == ["A1", "A2", "A3", "A4"]
    assert all(place["score"] == place["raw"] for place in unit["places"])
