"""Which service a chain proposes next."""

from __future__ import annotations

from gaoyuan.exchange.proposals import COMMON, Idle, Link, propose


def kinds(*links: Link) -> set[tuple[str, str]]:
    return {(one.service, one.product) for one in propose(links)}


def test_a_missing_link_proposes_an_invitation_and_a_demand() -> None:
    assert kinds(Link("P1", "轴承", "missing", None)) == {("invite", "P1"), ("demand", "P1")}


def test_an_input_of_many_proposes_a_pool_and_one_of_few_does_not() -> None:
    assert kinds(Link("P1", "钢", "strong", COMMON)) == {("pool", "P1")}
    assert kinds(Link("P1", "钢", "strong", COMMON - 1)) == set()
    assert kinds(Link("P1", "钢", None, None)) == set()


def test_what_few_make_and_machines_that_stand_idle_propose_a_listing() -> None:
    assert kinds(Link("P1", "钢", "single_source", 1)) == {("listing", "P1")}
    assert [one.name for one in propose((), [Idle("甲", 0.4), Idle("乙", 0.1), Idle("丙", 0.9)])] == ["乙", "甲"]


def test_the_most_needed_come_first_and_no_kind_fills_the_page() -> None:
    many = [Link(f"P{at}", f"料{at}", "strong", at) for at in range(1, 30)]
    assert [one.product for one in propose(many, most=2)] == ["P29", "P28"]
