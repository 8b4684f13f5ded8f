"""A challenge goes its whole way between a firm, offices and those who answer."""

from __future__ import annotations

from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.challenges.models import Answer, Contract, Support
from gaoyuan.portal.trades.models import Trade


def test_a_challenge_goes_from_need_to_acceptance(people, working: Case) -> None:
    firm, solver, office = people["甲涂料厂"], people["乙科技"], people["省厅"]
    contract = Contract.unscoped.get(case=working)
    assert (str(contract.yuan), contract.solver, contract.signed is not None) == (
        "100000.00",
        solver.organisation,
        True,
    )
    assert "2026" in firm.reads(f"/services/case/{working.pk}/")
    assert office.moves(working, "support", kind="grant", yuan="50000", on="2026-01-05", why="省财〔2026〕5号") == ""
    assert office.moves(working, "support", kind="payment", yuan="30000", on="2026-02-05", why="首款") == ""
    for number in ("1", "2"):
        assert solver.moves(working, "report_milestone", milestone=number, report="样件 600 小时") == ""
        assert firm.moves(working, "meet_milestone", milestone=number) == ""
    assert solver.moves(working, "hand_over", report="全部指标达到") == ""
    assert firm.moves(working, "accept") == ""
    working.refresh_from_db()
    assert working.state == "solved"
    trade = Trade.unscoped.get(case=working)
    assert (trade.organisation, trade.buyer, str(trade.amount_yuan)) == (
        solver.organisation,
        firm.organisation,
        "100000.00",
    )
    assert "省财〔2026〕5号" in solver.reads("/challenges/support/?format=csv")
    assert Support.unscoped.filter(case=working).count() == 2
    assert Answer.unscoped.filter(case=working).count() == 2


def test_the_office_decides_where_the_firm_objects(people, working: Case) -> None:
    firm, solver, office = people["甲涂料厂"], people["乙科技"], people["省厅"]
    for number in ("1", "2"):
        solver.moves(working, "report_milestone", milestone=number, report="样件")
        firm.moves(working, "meet_milestone", milestone=number)
    assert solver.moves(working, "hand_over", report="全部指标达到") == ""
    assert firm.moves(working, "object", why="附着力不足") == ""
    assert people["县局"].client.post(f"/services/case/{working.pk}/decide_solved/", {}).status_code == 404
    assert office.moves(working, "decide_solved", why="专家组复测达标") == ""
    working.refresh_from_db()
    assert working.state == "solved"
    assert Trade.unscoped.filter(case=working, organisation=solver.organisation).exists()
