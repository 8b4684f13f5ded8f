"""A definition whose cases could hang or fail is not accepted, and every fault is named."""

from __future__ import annotations

import pytest

from gaoyuan.exchange.process import ProcessInvalid, parse_process


def test_a_sound_definition_is_read(loan_text: str) -> None:
    assert parse_process(loan_text).initial.name == "asked"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("owner: lender, ", "", "state asked waits without an owner"),
        ("owner: lender", "owner: bank", "names the role bank, which does not exist"),
        ("deadline: {days: 2}, ", "", "state asked waits without a deadline"),
        (", at_deadline: [lapse]", "", "state asked waits without a deadline and a move for it"),
        ("zh: 等待出借方, en: the lender has to decide", "zh: 等待出借方", "without a reason in both languages"),
        ("at_deadline: [report_small, report]", "at_deadline: [report, report_small]", "should have no guards"),
        ("at_deadline: [report_small, report]", "at_deadline: [report]", "never sets off report_small"),
        ("deadline: {days: 2}", "deadline: {days: 0}", "should lie after it is entered"),
        ("归还期限, en: the date of return, future: true", "期限, en: the date", "might be given in the past"),
        ("deadline: {at: due, days: 1}", "deadline: {at: left, days: 1}", "its deadline left is no moment"),
        ("to: returned, by: [borrower]}", "to: gone, by: [borrower]}", "names the state gone"),
        ("en: returned, final: true}", "en: returned}", "state returned waits without an owner"),
        (
            "from: [lent], to: returned, by: [borrower]}",
            "from: [lost], to: returned, by: [borrower]}",
            "is final, but has moves",
        ),
        ("by: [lender], needs: [due], guards", "by: [], needs: [due], guards", "move lend may be made by nobody"),
        ("{fact: left, at_least: 2,", "{fact: left, at_least: two,", "compares integer with 'two'"),
        ("{fact: left, at_least: 2,", "{fact: borrower, at_least: two,", "at_least cannot be asked of borrower"),
        ("{take: left, by: 1}", "{take: borrower, by: x}", "counts with borrower, a party"),
        ("{set: left, to: $pieces}", "{set: left, to: $due}", "copies due, which may be unknown"),
        ("{set: borrower, to: $actor}", "{set: left, to: $actor}", "writes party into left, a integer"),
        ("does: [remind]", "does: [sue]", "names the act sue"),
        ("party: borrower}", "party: borower}", "names the fact borower"),
        ("opening: ask", "opening: begin", "the opening move begin does not exist"),
        ("by: [clock], does", "by: [clock], why: true, does", "can ask nobody"),
        ("zh: 不能借给自己, ", "", "does not say in both languages"),
        ("edition: 1", "edition: one", "cannot be read"),
        ("kind: integer, zh: 件数", "kind: number, zh: 件数", "is of no known kind"),
        ("not_actor: true", "is_nobody: true", "should have one operator"),
    ],
)
def test_a_fault_is_named(loan_text: str, old: str, new: str, fault: str) -> None:
    assert old in loan_text
    with pytest.raises(ProcessInvalid, match=fault.replace("(", r"\(")):
        parse_process(loan_text.replace(old, new, 1))


def test_a_state_from_which_no_end_can_be_reached_is_named(loan_text: str) -> None:
    loop = """
  parked:
    {zh: 停放, en: parked, owner: lender, reason: {zh: 停放, en: parked}, deadline: {days: 1}, at_deadline: [turn]}
  turned:
    {zh: 转, en: turned, owner: lender, reason: {zh: 转, en: turned}, deadline: {days: 1}, at_deadline: [turn_back]}
  returned:"""
    moves = """
  park: {zh: 停, en: park, from: [asked, parked, turned], to: parked, by: [lender]}
  turn: {zh: 转, en: turn, from: [parked], to: turned, by: [clock]}
  turn_back: {zh: 回, en: turn back, from: [turned], to: parked, by: [clock]}
"""
    with pytest.raises(ProcessInvalid, match="state parked can never come to an end"):
        parse_process(loan_text.replace("\n  returned:", loop, 1) + moves)
