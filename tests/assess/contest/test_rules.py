"""Every refusal: an act out of its state, after its deadline, or against the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from gaoyuan.assess.contest import ActRefused, Contest, Definition, seal

Begin = Callable[[Definition], Contest]


@pytest.fixture
def opened(begun: Begin, definition: Definition, play) -> Contest:
    """Entries are open; seven clusters, four judges."""
    return play.fill(begun(definition))


def test_entries_are_taken_in_their_state_only(begun: Begin, definition: Definition):
    contest = begun(definition)
    with pytest.raises(ActRefused, match=r"筹备 draft.*not in this state"):
        contest.enter("A1", "集群", group="equipment")


def test_an_entry_after_its_deadline_is_refused_with_the_deadline(opened: Contest, watch):
    watch.after(opened, "entries")
    with pytest.raises(ActRefused, match="deadline for entries is past: 2027-03-31T18:00:00\\+08:00"):
        opened.enter("A9", "集群", group="equipment")
    with pytest.raises(ActRefused, match="deadline for entries is past"):
        opened.withdraw("A1", "…")


def test_entries_are_not_closed_before_their_deadline(opened: Contest):
    with pytest.raises(ActRefused, match="deadline for entries is not past yet: 2027-03-31T18:00"):
        opened.advance()


def test_an_entry_at_the_deadline_itself_is_in_time(opened: Contest, watch):
    watch.now = opened.state.deadlines["entries"] - dt.timedelta(seconds=1)
    opened.enter("A9", "集群", group="equipment")
    assert opened.state.at == opened.state.deadlines["entries"]


def test_an_entry_names_a_group_and_an_id_of_its_own(opened: Contest):
    with pytest.raises(ActRefused, match="no group 'ships'"):
        opened.enter("A9", "集群", group="ships")
    with pytest.raises(ActRefused, match="id is taken: A1"):
        opened.enter("A1", "集群", group="equipment")
    with pytest.raises(ActRefused, match="name 不能为空"):
        opened.enter("A9", " ", group="equipment")


def test_an_entry_can_be_withdrawn_once_and_no_longer_counts(opened: Contest, watch):
    opened.withdraw("A3", "经费不足")
    with pytest.raises(ActRefused, match="withdrawn already"):
        opened.withdraw("A3", "…")
    with pytest.raises(ActRefused, match="no entrant 'Z9'"):
        opened.withdraw("Z9", "…")


def test_nobody_entered_is_no_contest(begun: Begin, definition: Definition, watch):
    contest = begun(definition)
    contest.advance()
    watch.after(contest, "entries")
    with pytest.raises(ActRefused, match="nobody has entered"):
        contest.advance()


def test_a_judge_is_registered_once_for_groups_that_exist(opened: Contest):
    with pytest.raises(ActRefused, match="registered already: J1"):
        opened.register_judge("J1", "评委", groups=["equipment"])
    with pytest.raises(ActRefused, match="none of these: ships"):
        opened.register_judge("J9", "评委", groups=["ships"])
    with pytest.raises(ActRefused, match="neither a group nor a final"):
        opened.register_judge("J9", "评委")


def test_a_judge_may_be_taken_off_the_register_and_registered_anew_before_scoring(opened: Contest):
    opened.dismiss_judge("J4", "登记有误")
    opened.register_judge("J4", "评委", groups=["equipment"])
    assert opened.state.judges["J4"].groups == ("equipment",)


def test_a_misspelt_conflict_stops_the_scoring(opened: Contest, watch):
    opened.register_judge("J9", "评委", groups=["equipment"], conflict_entrants=["A11"])
    watch.after(opened, "entries")
    opened.advance()
    with pytest.raises(ActRefused, match="entrants that do not exist: J9: A11"):
        opened.advance()


def test_scoring_begins_with_full_panels_only(begun: Begin, definition: Definition, watch):
    contest = begun(definition)
    contest.advance()
    contest.enter("A1", "集群", group="equipment", organisations=["某大学"])
    for at in range(3):
        contest.register_judge(f"J{at}", "评委", organisations=["某大学"] if at else [], groups=["equipment"])
    watch.after(contest, "entries")
    contest.advance()
    with pytest.raises(ActRefused, match="only 1 may score it after exclusions, 2 needed"):
        contest.advance()


def test_too_few_judges_are_named_by_group(begun: Begin, definition: Definition, watch):
    contest = begun(definition)
    contest.advance()
    contest.enter("A1", "集群", group="equipment")
    for at in range(2):
        contest.register_judge(f"J{at}", "评委", groups=["equipment"])
    watch.after(contest, "entries")
    contest.advance()
    with pytest.raises(ActRefused, match=r"equipment: .*2 judges, 3 asked for"):
        contest.advance()


@pytest.fixture
def scoring(begun: Begin, definition: Definition, watch, play) -> Contest:
    return play.to_group_scoring(begun(definition), watch)


def test_a_sheet_after_the_deadline_is_refused_with_the_deadline(scoring: Contest, watch, play):
    sheet = seal("yunling-2027", "group", "J1", play.scores_of(scoring, "J1", play.fair))
    watch.after(scoring, "group_scoring")
    with pytest.raises(ActRefused, match="deadline for group scoring is past: 2027-04-30T18:00:00"):
        scoring.seal(sheet)


def test_a_deadline_may_be_put_off_with_a_reason_and_never_brought_forward(scoring: Contest, watch, play):
    deadline = scoring.state.deadlines["group_scoring"]
    with pytest.raises(ActRefused, match="only put off"):
        scoring.extend("group_scoring", deadline - dt.timedelta(days=1), "…")
    with pytest.raises(ActRefused, match="not before the next deadline"):
        scoring.extend("group_scoring", deadline + dt.timedelta(days=30), "…")
    with pytest.raises(ActRefused, match="deadline for entries is over"):
        scoring.extend("entries", deadline, "…")
    with pytest.raises(ActRefused, match="reason 不能为空"):
        scoring.extend("group_scoring", deadline + dt.timedelta(days=1), "")
    watch.after(scoring, "group_scoring")
    scoring.extend("group_scoring", deadline + dt.timedelta(days=1), "评委生病")
    scoring.seal(seal("yunling-2027", "group", "J1", play.scores_of(scoring, "J1", play.fair)))


def test_sheets_are_of_this_contest_this_round_and_a_judge_who_scores(scoring: Contest):
    with pytest.raises(ActRefused, match="another contest"):
        scoring.seal(seal("other", "group", "J1", {}))
    with pytest.raises(ActRefused, match="'final' is not being scored"):
        scoring.seal(seal("yunling-2027", "final", "J1", {}))
    with pytest.raises(ActRefused, match="no judge 'J9'"):
        scoring.seal(seal("yunling-2027", "group", "J9", {}))
    with pytest.raises(ActRefused, match="64 hexadecimal"):
        scoring.act("sealed", {"round": "group", "judge": "J1", "commitment": "x" * 64})
    scoring.register_judge("J9", "评委", finals=["advanced"])
    with pytest.raises(ActRefused, match="nobody to score"):
        scoring.seal(seal("yunling-2027", "group", "J9", {}))


def test_nothing_is_opened_before_the_deadline_while_sheets_are_missing(scoring: Contest, play):
    sheet = seal("yunling-2027", "group", "J1", play.scores_of(scoring, "J1", play.fair))
    scoring.seal(sheet)
    with pytest.raises(ActRefused, match=r"before the deadline \(2027-04-30.*missing: J2, J3, J4"):
        scoring.reveal(sheet)


def test_a_sheet_that_is_not_the_sealed_one_is_refused_and_the_judge_named(scoring: Contest, play):
    sheets = play.sealed(scoring, play.fair)
    other = seal("yunling-2027", "group", "J1", play.scores_of(scoring, "J1", lambda *_: 0), nonce=sheets[0].nonce)
    with pytest.raises(ActRefused, match=r"J1 .*not the one that was sealed"):
        scoring.reveal(other)


def test_the_last_sheet_that_a_judge_seals_counts(scoring: Contest, play):
    first, *rest = play.sealed(scoring, play.fair)
    again = seal("yunling-2027", "group", "J1", play.scores_of(scoring, "J1", lambda *_: 0))
    scoring.seal(again)
    with pytest.raises(ActRefused, match="not the one that was sealed"):
        scoring.reveal(first)
    for sheet in (again, *rest):
        scoring.reveal(sheet)
    scoring.advance()


def test_after_the_first_sheet_is_open_none_is_taken_and_nothing_put_off(scoring: Contest, play):
    first, second, *_ = play.sealed(scoring, play.fair)
    scoring.reveal(first)
    with pytest.raises(ActRefused, match="no more sheets"):
        scoring.seal(second)
    with pytest.raises(ActRefused, match="opened already"):
        scoring.reveal(first)
    with pytest.raises(ActRefused, match="no extension"):
        scoring.extend("group_scoring", scoring.state.deadlines["group_scoring"] + dt.timedelta(days=1), "…")
    with pytest.raises(ActRefused, match="a matter for an appeal"):
        scoring.declare_conflict("J2", "A1", "…")
    with pytest.raises(ActRefused, match="finals only"):
        scoring.register_judge("J9", "评委", groups=["equipment"])
    with pytest.raises(ActRefused, match="not opened: J2, J3, J4"):
        scoring.advance()
    with pytest.raises(ActRefused, match="opened in this round already"):
        scoring.set_aside("group", "J1", "…")


@pytest.mark.parametrize(
    ("points", "said"),
    [("15.1", "above the maximum 15"), ("8.55", "more than 1 decimals"), ("8.50", "no score"), ("-1", "no score")],
)
def test_points_out_of_bounds_are_found_when_the_sheet_is_opened(scoring: Contest, play, points: str, said: str):
    scores = play.scores_of(scoring, "J1", play.fair)
    scores["A1"]["research"] = points
    bad = seal("yunling-2027", "group", "J1", scores)
    play.sealed(scoring, play.fair)
    scoring.seal(bad)
    with pytest.raises(ActRefused, match=f"J1, A1, research: .*{said}"):
        scoring.reveal(bad)


def test_a_sheet_that_lacks_an_entrant_or_a_criterion_is_refused(scoring: Contest, play):
    play.sealed(scoring, play.fair)
    scores = play.scores_of(scoring, "J1", play.fair)
    for wrong, said in (
        ({name: row for name, row in scores.items() if name != "A2"}, "lacks entrants: A2"),
        (scores | {"Z9": scores["A1"]}, "unknown entrants: Z9"),
        (scores | {"A1": {"research": "1"}}, "criteria are not those"),
    ):
        sheet = seal("yunling-2027", "group", "J1", wrong)
        scoring.seal(sheet)
        with pytest.raises(ActRefused, match=said):
            scoring.reveal(sheet)


def test_a_judge_whose_sheet_is_missing_can_be_set_aside_with_a_reason(scoring: Contest, watch, play):
    sheets = play.sealed(scoring, play.fair)
    scoring.set_aside("group", "J4", "评分表遗失")
    with pytest.raises(ActRefused, match=r"J4 .*set aside in this round: 评分表遗失"):
        scoring.reveal(sheets[3])
    for sheet in sheets[:3]:
        scoring.reveal(sheet)
    scoring.advance()
    assert set(scoring.state.sheets["group"]) == {"J1", "J2", "J3"}


def test_the_final_waits_for_appeals_after_the_group_round(scoring: Contest, watch, play):
    play.score(scoring, play.fair)
    with pytest.raises(ActRefused, match="appeals after the group round is not past yet: 2027-05-10"):
        scoring.advance()
    name = scoring.appeal("A3", "group", "评分偏低")
    with pytest.raises(ActRefused, match="the final has not been opened"):
        scoring.appeal("A3", "final", "…")
    watch.after(scoring, "group_appeals")
    with pytest.raises(ActRefused, match="after the group round is past"):
        scoring.appeal("A3", "group", "…")
    with pytest.raises(ActRefused, match="appeal-1: 申诉 appeal of A3"):
        scoring.advance()
    scoring.decide_appeal(name, upheld=False, reason="无依据")
    scoring.advance()
    assert scoring.state.stage == "final_scoring"


def test_an_upheld_appeal_after_the_group_round_changes_who_goes_to_the_final(scoring: Contest, watch, play):
    play.score(scoring, play.fair)
    name = scoring.appeal("A3", "group", "A2 弄虚作假")
    scoring.decide_appeal(name, upheld=True, reason="查实", corrections=[{"do": "disqualify", "entrant": "A2"}])
    watch.after(scoring, "group_appeals")
    scoring.advance()
    assert scoring.state.finalists["advanced"] == ("A1", "A3", "B1", "B2")


def test_appeals_have_their_time_and_are_decided_once(begun: Begin, definition: Definition, watch, play):
    contest = play.to_appeals(begun(definition), watch)
    with pytest.raises(ActRefused, match="deadline for appeals is not past yet: 2027-06-20"):
        contest.advance()
    name = contest.appeal("A2", "final", "…")
    with pytest.raises(ActRefused, match="id is taken"):
        contest.act("appealed", {"appeal": name, "entrant": "A2", "round": "final", "reason": "…"})
    with pytest.raises(ActRefused, match="no appeal 'appeal-7'"):
        contest.decide_appeal("appeal-7", upheld=True, reason="…")
    with pytest.raises(ActRefused, match="rejected corrects nothing"):
        contest.decide_appeal(name, upheld=False, reason="…", corrections=[{"do": "disqualify", "entrant": "A1"}])
    watch.after(contest, "appeals")
    with pytest.raises(ActRefused, match="deadline for appeals is past: 2027-06-20"):
        contest.appeal("A2", "final", "…")
    with pytest.raises(ActRefused, match="appeal-1"):
        contest.advance()
    contest.decide_appeal(name, upheld=False, reason="…")
    with pytest.raises(ActRefused, match="decided already"):
        contest.decide_appeal(name, upheld=True, reason="…")
    contest.advance()
    with pytest.raises(ActRefused, match="the contest is over"):
        contest.advance()
    with pytest.raises(ActRefused, match="not in this state"):
        contest.act("advanced", {"to": "draft"})


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        ({"do": "raise", "entrant": "A1"}, "no correction 'raise'"),
        ({"do": "void_sheet", "round": "final", "judge": "J9"}, "no judge 'J9'"),
        ({"do": "void_sheet", "round": "semi", "judge": "J1"}, "'semi' has not been opened"),
        ({"do": "void_scores", "round": "final", "judge": "J1", "entrant": "A3"}, "has not scored that entrant"),
        ({"do": "replace_scores", "round": "final", "judge": "J1", "entrant": "A1"}, "should be"),
        (
            {"do": "replace_scores", "round": "final", "judge": "J1", "entrant": "A1", "scores": {"research": "1"}},
            "criteria are not those",
        ),
    ],
)
def test_a_correction_that_cannot_be_made_is_refused(
    begun: Begin, definition: Definition, watch, play, correction: dict, said: str
):
    contest = play.to_appeals(begun(definition), watch)
    name = contest.appeal("A2", "final", "…")
    with pytest.raises(ActRefused, match=said):
        contest.decide_appeal(name, upheld=True, reason="…", corrections=[correction])
    assert contest.state.appeals[name].upheld is None


def test_a_matter_is_decided_while_it_waits_only(begun: Begin, definition: Definition, watch, play):
    contest = play.to_appeals(begun(definition), watch)
    with pytest.raises(ActRefused, match="nothing of this name waits"):
        contest.decide("class:advanced:winner", ["A1"], "…")
