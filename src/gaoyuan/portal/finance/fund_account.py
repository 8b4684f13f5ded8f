"""The account of a fund in the database: every line under a lock, by the rules, with its record in the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from gaoyuan.portal.accounts.models import User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.finance.amounts import to_fen, to_yuan
from gaoyuan.portal.finance.lines import enter_line
from gaoyuan.portal.finance.models import Fund, FundLine, FundLoan
from gaoyuan.trust.credit import FundEntry, FundRules, FundStanding, add_to_fund, fund_standing
from gaoyuan.trust.credit.fund import FundKind

__all__ = [
    "add_line",
    "funds_seen_by",
    "lines_seen_by",
    "loans_seen_by",
    "locked_fund",
    "rules_of",
    "standing_of",
]


def rules_of(fund: Fund) -> FundRules:
    """Give the rules of a fund."""
    return FundRules(
        fund.share_bp, to_fen(fund.per_loan_yuan), fund.multiple_percent, to_fen(fund.in_all_yuan), fund.months
    )


def standing_of(fund: Fund) -> FundStanding:
    """Add a fund's account up from its lines."""
    return fund_standing(_entries(FundLine.unscoped.filter(fund=fund).order_by("number")))


@contextmanager
def locked_fund(pk: object) -> Iterator[Fund]:
    """Hold a fund against other writers until the transaction ends."""
    with transaction.atomic():
        yield Fund.unscoped.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)


def add_line(
    fund: Fund,
    kind: FundKind,
    amount: Decimal,
    *,
    loan: FundLoan | None = None,
    reference: str = "",
    by: User | None = None,
) -> FundLine:
    """Add a line to the account of a fund that is locked; raises CreditRefused where the rules do not allow it."""
    entry = FundEntry(kind, to_fen(amount), str(loan.pk) if loan else "")
    after = add_to_fund(standing_of(fund), entry, rules_of(fund))
    number = FundLine.unscoped.filter(fund=fund).count() + 1
    parties = [fund.organisation, *([loan.organisation] if loan else [])]
    fields = {
        "account": f"fund {fund.pk}",
        "number": str(number),
        "kind": kind,
        "amount_yuan": f"{amount:.2f}",
        "loan": loan.contract if loan else "",
        "reference": reference,
    }
    return FundLine.objects.create_for(
        fund.organisation,
        fund=fund,
        number=number,
        kind=kind,
        amount_yuan=amount,
        loan=loan,
        reference=reference[:300],
        capital_yuan=to_yuan(after.capital),
        covered_yuan=to_yuan(after.covered),
        due_yuan=to_yuan(after.due),
        record=enter_line(f"finance.fundline:{fund.pk}:{number}", parties, fields),
        by=by,
    )


def funds_seen_by(viewer: Viewer) -> QuerySet[Fund]:
    """Give the funds that a viewer may see: an office its own and those of offices below, a bank those it is a partner
    of or has loans under, an administrator all.
    """
    own = viewer.organisation
    if own is None:
        return Fund.unscoped.none()
    if viewer.role == Role.BANK:
        part = Q(partners=own) | Q(pk__in=FundLoan.unscoped.filter(organisation=own).values("fund"))
        return Fund.unscoped.filter(pk__in=Fund.unscoped.filter(part).values("pk")).select_related("organisation")
    if not viewer.is_office:
        return Fund.unscoped.none()
    return Fund.objects.for_viewer(viewer).select_related("organisation")


def loans_seen_by(viewer: Viewer, fund: Fund) -> QuerySet[FundLoan]:
    """Give the loans under a fund that a viewer who sees it may see: a bank its own, an office all."""
    rows = FundLoan.unscoped.filter(fund=fund).select_related("organisation")
    return rows.filter(organisation=viewer.organisation) if viewer.role == Role.BANK else rows


def lines_seen_by(viewer: Viewer, fund: Fund) -> QuerySet[FundLine]:
    """Give the lines of a fund that a viewer who sees it may see: a bank those of its own loans, an office all."""
    rows = FundLine.unscoped.filter(fund=fund).select_related("loan__organisation", "record").order_by("number")
    return rows.filter(loan__organisation=viewer.organisation) if viewer.role == Role.BANK else rows


def _entries(lines: Iterable[FundLine]) -> list[FundEntry]:
    return [FundEntry(_KINDS[one.kind], to_fen(one.amount_yuan), str(one.loan_id or "")) for one in lines]  # pyright: ignore[reportAttributeAccessIssue]


_KINDS: dict[str, FundKind] = {
    "contribution": "contribution",
    "withdrawal": "withdrawal",
    "cover": "cover",
    "release": "release",
    "accept": "accept",
    "payment": "payment",
    "recovery": "recovery",
}
