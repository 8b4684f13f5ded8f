"""A fund keeps its rules: cover within its caps, claims within its capital, every line a record, two at once too."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from gaoyuan.portal.cases.models import Attachment, Case, Notice
from gaoyuan.portal.cases.moving import move_case, pass_deadlines
from gaoyuan.portal.evidence.models import LogRecord
from gaoyuan.portal.finance.claiming import accepting
from gaoyuan.portal.finance.fund_account import standing_of
from gaoyuan.portal.finance.models import Fund, FundClaim, FundLine, FundLoan
from tests.portal.finance.conftest import RULES, Town, opened_fund, registered

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def claimed(town: Town, loan: FundLoan, loss: str = "400000") -> Case:
    given = {"loss_yuan": loss, "why": "逾期九十日，已起诉", "files": SimpleUploadedFile("判决书.pdf", PDF)}
    answer = town.bank.client.post(f"/credit/loans/{loan.pk}/claim/", given)
    assert answer.status_code == 302, answer.content.decode()
    return Case.unscoped.get(process="fund-claim", pk=FundClaim.unscoped.latest("pk").case_id)  # pyright: ignore[reportAttributeAccessIssue]


def moved(who, case: Case, move: str, **given: str) -> int:
    """Make a move on the page of a case."""
    form = {f"{move}-{name}": value for name, value in given.items()}
    return who.client.post(f"/services/case/{case.pk}/{move}/", form).status_code


def kinds(fund: Fund) -> list[str]:
    return [one.kind for one in FundLine.unscoped.filter(fund=fund).order_by("number")]


def test_a_loan_is_covered_a_claim_paid_and_what_comes_back_returned(town: Town) -> None:
    fund = opened_fund(town)
    loan = registered(town, fund)
    assert loan.cover_yuan == Decimal("200000.00")
    case = claimed(town, loan)
    assert "按规则应补偿" in town.office.client.get(f"/services/case/{case.pk}/").content.decode()
    assert moved(town.office, case, "accept", accepted_yuan="160000", why="核实无误") == 302
    assert moved(town.office, case, "pay") == 302
    assert moved(town.bank, case, "recover", recovered_yuan="100000") == 302
    assert moved(town.bank, case, "end_recovery", why="执行终结") == 302
    assert kinds(fund) == ["contribution", "cover", "accept", "release", "payment", "recovery"]
    standing = standing_of(fund)
    assert (standing.capital, standing.covered, standing.due) == (8_000_000, 0, 0)
    assert not FundClaim.unscoped.get().open
    assert LogRecord.objects.filter(kind="ledger").count() == 6
    assert LogRecord.objects.filter(kind="ledger").first().public == {"kind": "ledger"}  # pyright: ignore[reportOptionalMemberAccess]


def test_the_balance_is_what_the_exported_ledger_adds_up_to(town: Town) -> None:
    fund = opened_fund(town)
    registered(town, fund)
    file = town.office.client.get(f"/credit/funds/{fund.pk}/?format=csv&table=ledger").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file)))[1:3]
    assert [row[2] for row in rows] == ["缴入", "新增担保"]
    assert [float(row[6]) for row in rows] == [200_000, 200_000]
    assert float(rows[1][7]) == 200_000


def test_cover_stays_within_the_caps_of_the_rules(town: Town) -> None:
    fund = opened_fund(town)
    registered(town, fund, "900000")
    assert FundLoan.unscoped.get().cover_yuan == Decimal("300000.00")
    today = timezone.localdate().isoformat()
    given = {"borrower": "丁厂", "contract": "借2", "principal_yuan": "300000", "lent": today, "due": "2027-06-01"}
    answer = town.bank.client.post(f"/credit/funds/{fund.pk}/loans/", given)
    assert "还可担保 100000.00 元" in answer.content.decode()
    for changed, wrong in (
        ({"due": "2999-01-01"}, "due"),
        ({"due": "2020-01-01"}, "due"),
        ({"lent": "2999-01-01"}, "lent"),
        ({"contract": "借2026-1"}, "contract"),
        ({"principal_yuan": "0"}, "principal_yuan"),
        ({"principal_yuan": "0.01"}, "principal_yuan"),
    ):
        answer = town.bank.client.post(f"/credit/funds/{fund.pk}/loans/", {**given, **changed})
        assert wrong in answer.context["loan_form"].errors, changed
    assert FundLoan.unscoped.count() == 1


def test_capital_that_is_needed_cannot_be_taken_out(town: Town) -> None:
    fund = opened_fund(town)
    registered(town, fund)
    entry = {"kind": "withdrawal", "amount_yuan": "100000.01", "reference": "退还"}
    assert "不足以支撑在保余额" in town.office.client.post(f"/credit/funds/{fund.pk}/act/", entry).content.decode()
    entry["amount_yuan"] = "100000"
    assert town.office.client.post(f"/credit/funds/{fund.pk}/act/", entry).status_code == 302
    assert standing_of(fund).capital == 10_000_000


def test_two_claims_cannot_be_accepted_beyond_the_capital(town: Town) -> None:
    fund = opened_fund(town, "100000", multiple="4", per_loan_yuan="100000")
    cases = [claimed(town, registered(town, fund, "250000", f"借{at}"), "250000") for at in (1, 2)]
    assert moved(town.office, cases[0], "accept", accepted_yuan="60000", why="同意") == 302
    assert moved(town.office, cases[1], "accept", accepted_yuan="60000", why="同意") == 200
    assert moved(town.office, cases[1], "accept", accepted_yuan="40000", why="同意") == 302
    standing = standing_of(fund)
    assert (standing.due, standing.free) == (10_000_000, 0)


def test_more_than_the_rules_owe_is_not_accepted(town: Town) -> None:
    case = claimed(town, registered(town, opened_fund(town)), "100000")
    page = town.office.client.post(
        f"/services/case/{case.pk}/accept/", {"accept-accepted_yuan": "40000.01", "accept-why": "同意"}
    ).content.decode()
    assert "按规则最多补偿 40000.00 元" in page
    assert moved(town.office, case, "accept", accepted_yuan="-1", why="x") == 200
    case.refresh_from_db()
    assert case.state == "claimed"


def test_a_move_that_the_account_refuses_leaves_no_trace(town: Town) -> None:
    case = claimed(town, registered(town, opened_fund(town)))
    before = case.lines.count()  # pyright: ignore[reportAttributeAccessIssue]
    refused = move_case(
        town.office.viewer,
        case,
        "accept",
        role="fund",
        given={"accepted_yuan": Decimal(999_999)},
        why="x",
        detail=accepting(Decimal(999_999), None),
    )
    assert "按规则最多补偿" in str(refused)
    assert case.lines.count() == before  # pyright: ignore[reportAttributeAccessIssue]


def test_a_second_claim_for_a_loan_waits_for_the_first(town: Town) -> None:
    fund = opened_fund(town)
    loan = registered(town, fund)
    case = claimed(town, loan)
    given = {"loss_yuan": "1", "why": "又一次", "files": SimpleUploadedFile("b.pdf", PDF)}
    assert "已有申请在办" in town.bank.client.post(f"/credit/loans/{loan.pk}/claim/", given).content.decode()
    assert moved(town.office, case, "refuse", why="材料不实") == 302
    claimed(town, loan)
    assert FundClaim.unscoped.filter(open=True).count() == 1
    assert town.bank.client.post(f"/credit/loans/{loan.pk}/repaid/").status_code == 302
    assert "release" not in kinds(fund)


def test_a_claim_needs_evidence_and_no_more_than_the_principal(town: Town) -> None:
    loan = registered(town, opened_fund(town))
    for given, wrong in (
        ({"loss_yuan": "1", "why": "x"}, "files"),
        ({"loss_yuan": "500000.01", "why": "x", "files": SimpleUploadedFile("a.pdf", PDF)}, "loss_yuan"),
        ({"loss_yuan": "1", "why": "x", "files": SimpleUploadedFile("a.pdf", b"MZ")}, "files"),
    ):
        answer = town.bank.client.post(f"/credit/loans/{loan.pk}/claim/", given)
        assert wrong in answer.context["form"].errors
    assert not Case.unscoped.filter(process="fund-claim").exists()


def test_a_claim_that_nobody_decides_ends_and_frees_the_loan(town: Town) -> None:
    case = claimed(town, registered(town, opened_fund(town)))
    pass_deadlines(timezone.now() + dt.timedelta(days=21))
    case.refresh_from_db()
    assert case.state == "unanswered"
    assert not FundClaim.unscoped.get().open
    assert Notice.unscoped.filter(case=case, organisation=town.bank.organisation).exists()


def test_others_know_neither_funds_nor_loans_nor_claims(town: Town) -> None:
    fund = opened_fund(town)
    loan = registered(town, fund)
    case = claimed(town, loan)
    file = Attachment.unscoped.get(case=case)
    for who in (town.other_bank, town.firms.seller):
        for address in (
            f"/credit/funds/{fund.pk}/",
            f"/credit/funds/{fund.pk}/?format=csv&table=ledger",
            f"/credit/loans/{loan.pk}/claim/",
            f"/services/case/{case.pk}/",
            f"/services/attachment/{file.number}/",
        ):
            assert who.client.get(address).status_code == 404, address
    assert "借2026-1" not in town.firms.seller.client.get("/services/fund-claim/").content.decode()


def test_a_partner_sees_the_funds_totals_and_its_own_lines_alone(town: Town) -> None:
    fund = opened_fund(town, partners=[town.bank.organisation.pk, town.other_bank.organisation.pk])
    registered(town, fund)
    page = town.other_bank.client.get(f"/credit/funds/{fund.pk}/").content.decode()
    assert "200,000.00" in page
    assert "借2026-1" not in page
    assert "县财政" not in page
    assert "借2026-1" in town.bank.client.get(f"/credit/funds/{fund.pk}/").content.decode()


def test_a_fund_that_has_ended_takes_on_no_loan(town: Town) -> None:
    fund = opened_fund(town)
    assert town.office.client.post(f"/credit/funds/{fund.pk}/act/", {"what": "end"}).status_code == 302
    assert town.bank.client.post(f"/credit/funds/{fund.pk}/loans/", {}).status_code == 404


def test_rules_that_cannot_be_are_refused(town: Town) -> None:
    for changed, wrong in (
        ({"share": "101"}, "share"),
        ({"share": "0"}, "share"),
        ({"per_loan_yuan": "x"}, "per_loan_yuan"),
        ({"months": "0"}, "months"),
        ({"partners": ["999999"]}, "partners"),
    ):
        given = {**RULES, "partners": [town.bank.organisation.pk], **changed}
        answer = town.office.client.post("/credit/funds/new/", given)
        assert wrong in answer.context["form"].errors, changed
    assert not Fund.unscoped.exists()


def test_the_database_itself_refuses_a_second_line_of_a_number_and_a_broken_promise(town: Town) -> None:
    fund = opened_fund(town)
    line = FundLine.unscoped.get(fund=fund)
    for number, capital, due in ((line.number, 1, 0), (99, -1, 0), (99, 1, 2)):
        line.pk, line.number, line.capital_yuan, line.due_yuan = None, number, Decimal(capital), Decimal(due)
        line.record = LogRecord.objects.exclude(pk=line.record.pk)[0]
        line._state.adding = True
        with pytest.raises(IntegrityError), transaction.atomic():
            line.save(force_insert=True)
