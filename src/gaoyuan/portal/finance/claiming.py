"""Claims on funds: what is written beside the moves of their process, each with the fund locked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gaoyuan.exchange.process import Moved
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import User
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import CheckedFile, described, save_attachments
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import act, open_case
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.finance.amounts import to_fen, to_yuan
from gaoyuan.portal.finance.fund_account import add_line, locked_fund, rules_of, standing_of
from gaoyuan.portal.finance.models import Fund, FundClaim, FundLoan
from gaoyuan.trust.canonical import Json
from gaoyuan.trust.credit import CreditRefused

__all__ = ["PROCESS", "Carried", "accepting", "adding_files", "claim_of", "make_claim", "paying", "recovering"]

PROCESS = "fund-claim"
SIDES = ("bank", "fund")
"""Who may see the evidence of a claim."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A detail (`cases.service.Detail`): what the record commits to, and what is written beside it."""

    said: Mapping[str, Json]
    write: Callable[[Case, RecordLine], None]

    def plain(self) -> Mapping[str, Json]:
        """Give what the move says."""
        return self.said

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the rows of the move; what the ledger refuses undoes it."""
        try:
            self.write(case, line)
        except CreditRefused as wrong:
            raise Refused(Refusal("ledger", wrong.zh, wrong.what)) from None


def claim_of(case: Case) -> FundClaim:
    """Give the claim of a case."""
    rows = FundClaim.unscoped.select_related("loan__fund__organisation", "loan__organisation")
    return rows.get(case=case)


def make_claim(
    viewer: Viewer, loan: FundLoan, *, loss: Decimal, why: str, files: Sequence[CheckedFile]
) -> Case | Refusal:
    """Open the claim of a bank for a loan of its own, or say why not; of two at once one is refused."""

    def write(case: Case, line: RecordLine) -> None:
        with locked_fund(loan.fund.pk) as fund:
            if standing_of(fund).loan(str(loan.pk)).cover <= 0:
                raise Refused(Refusal("no_cover", "资金池对该贷款已无担保", "the fund covers nothing of this loan"))
            if FundClaim.unscoped.filter(loan=loan, open=True).exists():
                raise Refused(Refusal("twice", "该贷款已有申请在办", "a claim for this loan is under way"))
            FundClaim.objects.create_for(loan.organisation, case=case, loan=loan, loss_yuan=loss)
        save_attachments(case, line, loan.organisation, files, SIDES)

    detail = Carried({"contract": loan.contract, "files": described(files)}, write)
    given = {"title": f"{loan.borrower} {loan.contract}", "office": str(loan.fund.organisation.pk), "loss_yuan": loss}
    return open_case(viewer, PROCESS, role="bank", title=given["title"], given=given, why=why, detail=detail)


def adding_files(viewer: Viewer, files: Sequence[CheckedFile]) -> Carried:
    """Give what adds evidence to a claim."""

    def write(case: Case, line: RecordLine) -> None:
        assert viewer.organisation is not None
        save_attachments(case, line, viewer.organisation, files, SIDES)

    return Carried({"files": described(files)}, write)


def accepting(amount: Decimal, by: User | None) -> Carried:
    """Give what turns the cover of a loan into a debt of the fund, and frees the rest of it."""

    def write(case: Case, line: RecordLine) -> None:
        claim = claim_of(case)
        with locked_fund(claim.loan.fund.pk) as fund:
            _within(fund, claim, amount)
            add_line(fund, "accept", amount, loan=claim.loan, reference=case.title, by=by)
            rest = standing_of(fund).loan(str(claim.loan.pk)).cover
            if rest:
                add_line(fund, "release", to_yuan(rest), loan=claim.loan, reference=case.title, by=by)

    return Carried({}, write)


def paying(by: User | None) -> Carried:
    """Give what pays the debt of the fund for a loan."""

    def write(case: Case, line: RecordLine) -> None:
        claim = claim_of(case)
        with locked_fund(claim.loan.fund.pk) as fund:
            due = standing_of(fund).loan(str(claim.loan.pk)).due
            add_line(fund, "payment", to_yuan(due), loan=claim.loan, reference=case.title, by=by)

    return Carried({}, write)


def recovering(recovered: Decimal, by: User | None) -> Carried:
    """Give what returns the fund's share of what a bank has recovered, to what was paid at most."""

    def write(case: Case, line: RecordLine) -> None:
        claim = claim_of(case)
        with locked_fund(claim.loan.fund.pk) as fund:
            held = standing_of(fund).loan(str(claim.loan.pk))
            share = rules_of(fund).share_bp * to_fen(recovered) // 10_000
            part = min(share, held.paid - held.recovered)
            if part <= 0:
                raise Refused(
                    Refusal("returned", "补偿款已全部追回", "all that the fund has paid has come back already")
                )
            add_line(fund, "recovery", to_yuan(part), loan=claim.loan, reference=case.title, by=by)

    return Carried({}, write)


@act(PROCESS, "end_claim")
def end_claim(case: Case, moved: Moved, line: RecordLine) -> None:
    """Free the loan of a claim that has ended: while the fund covers it, the bank may claim again."""
    for one in FundClaim.unscoped.filter(case=case, open=True):
        one.open = False
        one.save()


def _within(fund: Fund, claim: FundClaim, amount: Decimal) -> None:
    """Refuse more than the rules owe of the loss."""
    cover = standing_of(fund).loan(str(claim.loan.pk)).cover
    most = to_yuan(rules_of(fund).compensation_of(to_fen(claim.loss_yuan), cover))
    if amount > most:
        raise Refused(
            Refusal("too_much", f"按规则最多补偿 {most:.2f} 元", f"by the rules {most:.2f} yuan at most are owed")
        )
