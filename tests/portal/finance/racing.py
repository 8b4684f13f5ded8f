"""An office accepts six claims at once on a fund that can pay two; ends with 1 where it promised more.

Run in a process of its own: threads need transactions that end, tests undo theirs.
"""

from __future__ import annotations

import datetime as dt
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import django

_LOANS = 6


def race() -> list[str]:
    """Let them race, and give what is wrong."""
    from django.db import connections
    from django.utils import timezone

    from gaoyuan.exchange.refusal import Refusal
    from gaoyuan.portal.accounts.models import Organisation
    from gaoyuan.portal.accounts.roles import Role
    from gaoyuan.portal.accounts.viewer import Viewer
    from gaoyuan.portal.cases.models import Case
    from gaoyuan.portal.cases.moving import move_case
    from gaoyuan.portal.finance.claiming import accepting, make_claim
    from gaoyuan.portal.finance.fund_account import add_line, locked_fund, standing_of
    from gaoyuan.portal.finance.models import Fund, FundLine, FundLoan

    office = Organisation.objects.create(name="办", kind=Role.COUNTY, division="370202")
    bank = Organisation.objects.create(name="行", kind=Role.BANK)
    rules = {"share_bp": 5000, "per_loan_yuan": 50, "multiple_percent": 500, "in_all_yuan": 900, "months": 12}
    fund = Fund.objects.create_for(office, title="池", basis="文", **rules)
    with locked_fund(fund.pk) as held:
        add_line(held, "contribution", Decimal(100))
    cases, today = list[Case](), timezone.localdate()
    for at in range(_LOANS):
        with locked_fund(fund.pk) as held:
            loan = FundLoan.objects.create_for(
                bank,
                fund=held,
                borrower="厂",
                contract=str(at),
                principal_yuan=100,
                cover_yuan=50,
                lent=today,
                due=today + dt.timedelta(days=9),
            )
            add_line(held, "cover", Decimal(50), loan=loan)
        made = make_claim(Viewer(Role.BANK, None, bank), loan, loss=Decimal(100), why="w", files=())
        assert isinstance(made, Case), made
        cases.append(made)
    together = Barrier(_LOANS)

    def accept(case: Case) -> Case | Refusal:
        try:
            together.wait(60)
            viewer = Viewer(Role.COUNTY, None, office)
            given = {"accepted_yuan": Decimal(50)}
            detail = accepting(Decimal(50), None)
            return move_case(viewer, case, "accept", role="fund", given=given, why="w", detail=detail)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_LOANS) as threads:
        answers = list(threads.map(accept, cases))
    wrong, standing = [], standing_of(fund)
    accepted = Case.unscoped.filter(process="fund-claim", state="accepted").count()
    if accepted != 2 or sum(isinstance(one, Case) for one in answers) != 2:
        wrong.append(f"{accepted} were accepted: {answers}")
    if (standing.capital, standing.due) != (10_000, 10_000):
        wrong.append(f"the account says {standing}")
    numbers = list(FundLine.unscoped.filter(fund=fund).order_by("number").values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        wrong.append(f"the lines have the numbers {numbers}")
    said = {one.zh for one in answers if isinstance(one, Refusal)}
    if said != {"资金池可用余额为 0.00 元"}:
        wrong.append(f"those who came too late were told {said}")
    return wrong


if __name__ == "__main__":
    django.setup()
    wrong = race()
    print("\n".join(wrong) or "never beyond the capital")
    sys.exit(1 if wrong else 0)
