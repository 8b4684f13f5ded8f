"""Moves, refusals and deadlines of a case."""

from __future__ import annotations

import datetime as dt
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.process import (
    Case,
    Moved,
    Process,
    RecordBroken,
    Value,
    allowed_moves,
    begin,
    due_move,
    make_move,
    parse_process,
    pass_deadline,
    process,
    process_keys,
    replay,
)
from gaoyuan.exchange.refusal import Refusal

NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def loan(loan_text: str) -> Process:
    return parse_process(loan_text)


@pytest.fixture
def asked(loan: Process) -> Moved:
    return moved(begin(loan, actor="甲厂", role="borrower", at=NOON, given={"pieces": 3}))


@pytest.fixture
def lent(loan: Process, asked: Moved) -> Moved:
    return moved(step(loan, asked.case, "lend", "乙厂", "lender", NOON + HOUR, due=NOON + 7 * DAY))


def moved(result: Moved | Refusal | None) -> Moved:
    assert isinstance(result, Moved), result
    return result


def step(
    of: Process, case: Case, move: str, actor: str, role: str, at: dt.datetime, why: str = "", **given: Value
) -> Moved | Refusal:
    return make_move(of, case, move, actor=actor, role=role, at=at, given=given, why=why)


def code(result: Moved | Refusal) -> str:
    assert isinstance(result, Refusal), result
    assert result.zh
    assert result.en
    return result.code


def test_a_move_gives_a_record_of_who_when_what_and_why(loan: Process, asked: Moved) -> None:
    made = moved(step(loan, asked.case, "refuse", "乙厂", "lender", NOON + HOUR, "已借出"))
    record = made.record
    assert (record.number, record.move, record.actor, record.role, record.at, record.why) == (
        2, "refuse", "乙厂", "lender", NOON + HOUR, "已借出",
    )  # fmt: skip
    assert (made.case.state, made.case.deadline) == ("lost", None)
    with pytest.raises(FrozenInstanceError):
        record.why = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        asked.record.given["pieces"] = 4  # type: ignore[index]


def test_the_old_case_stays_as_it_was(loan: Process, asked: Moved) -> None:
    before = asked.case
    step(loan, asked.case, "lend", "乙厂", "lender", NOON + HOUR, due=NOON + DAY)
    assert asked.case == before
    assert asked.case.facts == {"pieces": 3, "left": 3, "borrower": "甲厂", "price": Decimal(0)}


def test_what_a_move_may_not_do_is_refused_with_its_kind(loan: Process, asked: Moved, lent: Moved) -> None:
    case, later = asked.case, NOON + HOUR
    due = NOON + DAY
    assert code(step(loan, case, "finish", "甲厂", "borrower", later)) == "not_from_here"
    assert code(step(loan, case, "no such", "甲厂", "borrower", later)) == "not_from_here"
    assert code(step(loan, case, "lapse", "甲厂", "borrower", later)) == "clock_only"
    assert code(step(loan, case, "lend", "甲厂", "borrower", later, due=due)) == "wrong_role"
    assert code(step(loan, lent.case, "finish", "丙厂", "borrower", later)) == "wrong_party"
    assert code(step(loan, case, "lend", " ", "lender", later, due=due)) == "nobody"
    assert code(step(loan, case, "lend", "乙厂", "lender", later)) == "missing"
    assert code(step(loan, case, "lend", "乙厂", "lender", later, due="soon")) == "wrong_kind"
    assert code(step(loan, case, "lend", "乙厂", "lender", later, due=dt.datetime(2027, 1, 1))) == "wrong_kind"
    assert code(step(loan, case, "lend", "乙厂", "lender", later, due=NOON)) == "past"
    end_of_time = dt.datetime.max.replace(tzinfo=dt.UTC)
    assert code(step(loan, case, "lend", "乙厂", "lender", later, due=end_of_time)) == "too_far"
    assert code(begin(loan, actor="甲厂", role="borrower", at=NOON, given={"pieces": 10**16})) == "wrong_kind"
    assert code(step(loan, case, "lend", "乙厂", "lender", later, due=due, pieces=4)) == "not_asked"
    assert code(step(loan, case, "refuse", "乙厂", "lender", later, "  ")) == "no_reason"
    assert code(step(loan, case, "lend", "甲厂", "lender", later, due=due)) == "guard"
    assert code(step(loan, case, "lend", "乙厂", "lender", NOON - HOUR, due=due)) == "before_last"
    assert code(step(loan, case, "refuse", "乙厂", "lender", dt.datetime(2026, 5, 1, 13), "x")) == "no_offset"
    assert code(begin(loan, actor="甲厂", role="borrower", at=NOON, given={"pieces": 0})) == "not_positive"
    assert code(begin(loan, actor="甲厂", role="borrower", at=NOON, given={"pieces": True})) == "wrong_kind"


def test_after_the_deadline_only_the_clock_moves_the_case(loan: Process, asked: Moved) -> None:
    case, end = asked.case, NOON + 2 * DAY
    assert case.deadline == end
    assert pass_deadline(loan, case, end - HOUR) is None
    assert due_move(loan, case, end - HOUR) is None
    assert code(step(loan, case, "refuse", "乙厂", "lender", end, "late")) == "too_late"
    assert allowed_moves(loan, case, actor="乙厂", role="lender", at=end) == ()
    late = moved(pass_deadline(loan, case, end + 3 * HOUR))
    assert (late.case.state, late.record.actor, late.record.at) == ("lost", "clock", end + 3 * HOUR)


def test_a_deadline_that_hangs_on_a_fact_moves_with_it_and_not_with_other_moves(loan: Process, lent: Moved) -> None:
    assert lent.case.deadline == NOON + 8 * DAY
    back = moved(step(loan, lent.case, "give_back", "甲厂", "borrower", NOON + 2 * DAY))
    assert (back.case.deadline, back.case.since) == (NOON + 8 * DAY, NOON + HOUR)
    longer = moved(step(loan, back.case, "prolong", "乙厂", "lender", NOON + 3 * DAY, due=NOON + 20 * DAY))
    assert longer.case.deadline == NOON + 21 * DAY
    assert longer.case.facts["price"] == Decimal("1.5")


def test_the_first_timed_move_whose_guards_hold_is_made(loan: Process, lent: Moved) -> None:
    case = lent.case
    assert moved(pass_deadline(loan, case, NOON + 9 * DAY)).case.state == "lost"
    for hours in (2, 3):
        case = moved(step(loan, case, "give_back", "甲厂", "borrower", NOON + hours * HOUR)).case
    assert code(step(loan, case, "give_back", "甲厂", "borrower", NOON + 4 * HOUR)) == "guard"
    assert moved(pass_deadline(loan, case, NOON + 9 * DAY)).case.state == "returned"


def test_the_moves_that_someone_may_try_are_theirs_alone(loan: Process, lent: Moved) -> None:
    def names(actor: str, role: str) -> list[str]:
        return [move.name for move in allowed_moves(loan, lent.case, actor=actor, role=role, at=NOON + 2 * HOUR)]

    assert names("甲厂", "borrower") == ["give_back", "finish"]
    assert names("丙厂", "borrower") == []
    assert names("乙厂", "lender") == ["prolong"]


def test_a_changed_moved_or_missing_record_does_not_replay(loan: Process, asked: Moved, lent: Moved) -> None:
    done = moved(step(loan, lent.case, "finish", "甲厂", "borrower", NOON + DAY))
    records = (asked.record, lent.record, done.record)
    assert replay(loan, records) == done.case
    broken = (
        (),
        records[1:],
        (records[0], records[2]),
        (records[0], records[2], records[1]),
        (records[0], replace(records[1], actor="甲厂"), records[2]),
        (replace(records[0], process="other"), *records[1:]),
        (records[0], replace(records[1], role="clock"), records[2]),
        (replace(records[0], move="lend"),),
    )
    for wrong in broken:
        with pytest.raises(RecordBroken):
            replay(loan, wrong)


@given(st.data())
def test_whatever_people_try_a_case_is_never_stuck_and_always_replays(data: st.DataObject) -> None:
    of = process(data.draw(st.sampled_from(process_keys())))
    role = of.moves[of.opening].roles[0]
    tried = [*of.roles, "clock"]
    first = begin(of, actor=f"{role}-1", role=role, at=NOON, given=_facts(of, of.opening, NOON, data))
    case, records = moved(first).case, [moved(first).record]
    for _ in range(12):
        at = case.last_at + dt.timedelta(days=data.draw(st.sampled_from([0, 1, 3, 40])))
        late = pass_deadline(of, case, at)
        name = data.draw(st.sampled_from(sorted(of.moves)))
        role = data.draw(st.sampled_from(tried))
        actor = data.draw(st.sampled_from([f"{role}-1", "stranger"]))
        made = late or step(of, case, name, actor, role, at, "why", **_facts(of, name, at, data))
        if isinstance(made, Moved):
            case = made.case
            records.append(made.record)
        state = of.states[case.state]
        assert state.final == (case.deadline is None)
        if case.deadline is not None:
            assert due_move(of, case, case.deadline) is not None
    assert replay(of, records) == case


def _facts(of: Process, move: str, at: dt.datetime, data: st.DataObject) -> dict[str, Value]:
    values: dict[str, st.SearchStrategy[Value]] = {
        "text": st.sampled_from(["x", "extend", "cancel", "fall_back"]),
        "party": st.sampled_from(["supplier-1", "owner-1", "provider-1", "solver-1", "carrier-1", "stranger"]),
        "integer": st.integers(1, 5),
        "decimal": st.sampled_from([Decimal("0.5"), Decimal(3)]),
        "moment": st.integers(1, 9).map(lambda days: at + days * DAY),
        "flag": st.booleans(),
    }
    return {name: data.draw(values[of.facts[name].kind]) for name in of.moves[move].needs}
