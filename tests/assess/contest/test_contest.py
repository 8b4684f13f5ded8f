"""A whole contest with groups and final through the calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gaoyuan.assess.contest import (
    ActRefused,
    Contest,
    Definition,
    RecordBroken,
    definition_from,
    editing,
    open_matters,
    replay,
    result,
    result_bytes,
    verify_result,
)
from gaoyuan.assess.contest.record import Event, as_bytes, event_after
from gaoyuan.errors import FileUnreadable, InputError

Begin = Callable[[Definition], Contest]


def classes(contest: Contest) -> Any:
    return result(contest.state)["classes"]


def test_a_whole_contest_ends_with_the_best_in_their_classes(begun: Begin, definition: Definition, watch, play):
    contest = play.to_the_end(begun(definition), watch)
    assert contest.state.stage == "final"
    assert contest.state.finalists == {"advanced": ("A1", "A2", "B1", "B2"), "featured": ("C1", "C2")}
    assert classes(contest) == {
        "advanced": {"classes": {"winner": ["A1", "B1"], "candidate": ["A2"]}, "undecided": []},
        "featured": {"classes": {"winner": ["C1"], "candidate": ["C2"]}, "undecided": []},
    }


def test_the_result_is_replayed_from_the_record_byte_for_byte(begun: Begin, definition: Definition, watch, play):
    contest = play.to_the_end(begun(definition), watch)
    document = result_bytes(contest.state)
    assert result_bytes(contest.record) == document
    assert replay(contest.record) == contest.state
    verify_result(contest.record, document)


def test_a_result_holds_for_the_record_as_it_was_and_not_for_another(begun: Begin, definition: Definition, watch, play):
    contest = play.to_appeals(begun(definition), watch)
    early = result_bytes(contest.record)
    watch.after(contest, "appeals")
    contest.advance()
    verify_result(contest.record, early)
    with pytest.raises(RecordBroken, match="contents do not give its hash"):
        verify_result(contest.record, early.replace(b'"97.6"', b'"97.7"'))
    shorter = as_bytes(contest.events[:-2])
    with pytest.raises(RecordBroken, match="lacks lines at its end"):
        verify_result(shorter, early)


def test_a_forged_result_with_a_right_hash_of_its_own_is_found(begun: Begin, definition: Definition, watch, play):
    from gaoyuan.assess.contest.canonical import canonical, sha256

    contest = play.to_the_end(begun(definition), watch)
    forged = {name: part for name, part in result(contest.state).items() if name != "hash"}
    forged["classes"] = {}
    document = canonical(forged | {"hash": sha256(canonical(forged))}) + b"\n"
    with pytest.raises(RecordBroken, match="gives other results"):
        verify_result(contest.record, document)


def test_the_order_in_which_sheets_are_opened_does_not_matter(begun: Begin, definition: Definition, watch, play):
    contest = play.to_group_scoring(begun(definition), watch)
    sheets = play.sealed(contest, play.fair)
    shown = []
    for order in (sheets, sheets[::-1], sheets[2:] + sheets[:2]):
        again = Contest(contest.events, actor="office", clock=watch)
        for sheet in order:
            again.reveal(sheet)
        again.advance()
        document = result(again.state)
        shown.append({name: part for name, part in document.items() if name not in ("record", "hash")})
    assert shown[0] == shown[1] == shown[2]


def test_no_score_is_in_the_record_before_the_opening(begun: Begin, definition: Definition, watch, play):
    contest = play.to_group_scoring(begun(definition), watch)
    before = len(contest.record)
    sheets = play.sealed(contest, play.fair)
    added = contest.record[before:].decode()
    assert all(sheet.nonce not in added for sheet in sheets)
    assert "research" not in added
    assert result(contest.state)["rounds"] == {}


def test_an_upheld_appeal_changes_the_result_and_a_rejected_one_does_not(
    begun: Begin, definition: Definition, watch, play
):
    def biased(judge: str, entrant: str, round_name: str) -> int:
        # One judge ruins B1 in the final; without him B1 would be second.
        return 60 if (judge, entrant, round_name) == ("J4", "B1", "final") else play.fair(judge, entrant, round_name)

    contest = play.to_appeals(begun(definition), watch, biased)
    assert classes(contest)["advanced"]["classes"] == {"winner": ["A1", "A2"], "candidate": ["B2"]}
    rejected = contest.appeal("B2", "final", "评分偏低")
    contest.decide_appeal(rejected, upheld=False, reason="无依据")
    assert classes(contest)["advanced"]["classes"] == {"winner": ["A1", "A2"], "candidate": ["B2"]}
    upheld = contest.appeal("B1", "final", "评委 J4 有利害关系")
    correction = {"do": "void_scores", "round": "final", "judge": "J4", "entrant": "B1"}
    contest.decide_appeal(upheld, upheld=True, reason="查实", corrections=[correction])
    assert classes(contest)["advanced"]["classes"] == {"winner": ["A1", "B1"], "candidate": ["A2"]}
    watch.after(contest, "appeals")
    contest.advance()
    assert result_bytes(contest.record) == result_bytes(contest.state)


@pytest.mark.parametrize("correction", ["void_sheet", "replace_scores", "disqualify"])
def test_every_kind_of_correction_counts(begun: Begin, definition: Definition, watch, play, correction: str):
    contest = play.to_appeals(begun(definition), watch)
    name = contest.appeal("B1", "final", "…")
    body: dict[str, Any] = {"do": correction, "round": "final", "judge": "J4", "entrant": "A1"}
    if correction == "replace_scores":
        body["scores"] = {leaf.id: "0" for leaf in definition.leaves}
    if correction == "disqualify":
        body = {"do": correction, "entrant": "A1"}
    contest.decide_appeal(name, upheld=True, reason="查实", corrections=[body])
    document: Any = result(contest.state)
    final = document["rounds"]["final"]
    places = {place["entrant"]: place for place in final["units"]["advanced"]["places"]}
    if correction == "void_sheet":
        assert final["set_aside"] == {"J4": "申诉 appeal appeal-1"}
        assert {place["judges"] for place in places.values()} == {3}
    elif correction == "replace_scores":
        assert places["A1"]["totals"]["J4"] == "0"
        assert places["A1"]["place"] == 4
    else:
        assert "A1" not in places
        # A3 would have gone to the final in A1's stead: the organiser has to say what becomes of it.
        assert [matter.name for matter in open_matters(contest.state)] == ["finalists:advanced"]
        contest.decide("finalists:advanced", [], "综合赛结果不变")
    watch.after(contest, "appeals")
    contest.advance()
    assert replay(contest.record) == contest.state


def test_too_few_scores_after_an_appeal_wait_for_a_decision(begun: Begin, definition: Definition, watch, play):
    contest = play.to_appeals(begun(definition), watch)
    name = contest.appeal("A2", "final", "…")
    corrections = [
        {"do": "void_scores", "round": "final", "judge": judge, "entrant": "A1"} for judge in ("J1", "J2", "J3")
    ]
    contest.decide_appeal(name, upheld=True, reason="查实", corrections=corrections)
    assert [matter.name for matter in open_matters(contest.state)] == ["few:final:A1"]
    assert classes(contest)["advanced"]["classes"]["winner"] == ["B1", "A2"]
    watch.after(contest, "appeals")
    with pytest.raises(ActRefused, match="few:final:A1"):
        contest.advance()
    contest.decide("few:final:A1", ["A1"], "一份有效评分即可")
    assert classes(contest)["advanced"]["classes"]["winner"] == ["A1", "B1"]
    contest.advance()


def test_a_replayed_record_has_to_follow_the_rules(begun: Begin, definition: Definition, watch):
    contest = begun(definition)
    body = {"entrant": "A1", "name": "集群", "group": "equipment"}
    forged = [*contest.events, event_after(contest.events[-1], "entered", body, actor="x", at=watch())]
    with pytest.raises(RecordBroken, match=r"line 2: .*breaks the rules"):
        replay(as_bytes(forged))


def _record(contest: Contest, *bodies: tuple[str, Any]) -> list[Event]:
    events = list(contest.events)
    for kind, body in bodies:
        events.append(event_after(events[-1], kind, body, actor="x", at=contest.state.at))
    return events


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("entered", {}),
        ("entered", {"entrant": 1, "name": "x", "group": "equipment"}),
        ("entered", {"entrant": "../x", "name": "x", "group": "equipment"}),
        ("entered", {"entrant": "x", "name": "x", "group": "equipment", "counties": "530101"}),
        ("entered", {"entrant": "x", "name": "x", "group": "equipment", "counties": [1]}),
        ("advanced", {"to": "final"}),
        ("advanced", {"to": None}),
        ("extended", {"deadline": "lunch", "to": "2027-05-01T00:00+08:00", "reason": "x"}),
        ("extended", {"deadline": "appeals", "to": "soon", "reason": "x"}),
        ("danced", {}),
        ("defined", {}),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_and_never_a_crash(
    begun: Begin, definition: Definition, kind: str, body: Any
):
    contest = begun(definition)
    contest.advance()
    with pytest.raises(RecordBroken, match="line 3"):
        replay(_record(contest, (kind, body)))


def test_a_definition_that_is_none_is_named_in_the_first_line(definition: Definition, watch):
    event = event_after(None, "defined", {"definition": {"id": "x"}}, actor="x", at=watch())
    with pytest.raises(RecordBroken, match=r"line 1: .*breaks its schema"):
        replay([event])


def test_a_record_in_a_file_is_added_to_and_a_refused_act_leaves_it(
    begun: Begin, definition: Definition, watch, tmp_path: Path
):
    path = tmp_path / "contest.jsonl"
    begun(definition).save(path)
    with editing(path, actor="office", clock=watch) as contest:
        contest.advance()
    before = path.read_bytes()

    def enter_twice() -> None:
        with editing(path, actor="office", clock=watch) as contest:
            contest.enter("A1", "集群", group="equipment")
            contest.enter("A1", "集群", group="equipment")

    with pytest.raises(ActRefused):
        enter_twice()
    assert path.read_bytes() == before
    assert replay(before).stage == "entries"
    with pytest.raises(InputError, match="exists"):
        begun(definition).save(path)
    with pytest.raises(FileUnreadable), editing(tmp_path / "none", actor="office", clock=watch):
        pass
    with pytest.raises(FileUnreadable), editing(tmp_path, actor="office", clock=watch):
        pass


def test_what_cannot_be_written_as_text_is_refused(begun: Begin, definition: Definition):
    contest = begun(definition)
    contest.advance()
    with pytest.raises(ActRefused, match="cannot be recorded"):
        contest.enter("A1", "\ud800", group="equipment")


def test_times_keep_their_offset_and_order(begun: Begin, definition: Definition, watch):
    contest = begun(definition)
    watch.now -= dt.timedelta(days=1)
    with pytest.raises(ActRefused, match="before the last event"):
        contest.advance()


def test_a_contest_of_one_group_and_no_appeals_after_it(begun: Begin, definition: Definition, watch, play):
    source: Any = dict(definition.source)
    source["deadlines"] = {name: at for name, at in source["deadlines"].items() if name != "group_appeals"}
    contest = play.to_group_scoring(begun(definition_from(source)), watch)
    play.score(contest, play.fair)
    with pytest.raises(ActRefused, match="takes no appeals after the group round"):
        contest.appeal("A3", "group", "…")
    contest.advance()
    assert contest.state.stage == "final_scoring"


def test_a_rehearsal_is_another_contest_than_the_one_of_its_definition(definition: Definition, watch, play):
    rehearsed = play.to_group_scoring(Contest.new(definition, actor="office", clock=watch, rehearsal=True), watch)
    assert replay(rehearsed.record) == rehearsed.state
    assert (rehearsed.state.rehearsal, rehearsed.state.id) == (True, "rehearsal:yunling-2027")
    with pytest.raises(ActRefused, match="of another contest"):
        play.sealed(rehearsed, play.fair, of=definition.id)
    play.score(rehearsed, play.fair)
    assert result(rehearsed.state)["rehearsal"] is True
    assert b'"rehearsal":true' in rehearsed.record.splitlines()[0]
    assert replay(Contest.new(definition, actor="office", clock=watch).record).rehearsal is False
