"""The mutual guarantee account of a cluster company in the database: lines under a lock, each with its record.

What a member owes stands in its credit line with the company (`pooling.credit`): a call pays it from the account, in
one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import transaction

from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.finance.amounts import to_fen, to_yuan
from gaoyuan.portal.finance.lines import enter_line
from gaoyuan.portal.finance.models import MutualAccount, MutualLine
from gaoyuan.portal.pooling.credit import add, balance_of, line_of
from gaoyuan.portal.pooling.models import CreditLine
from gaoyuan.trust.credit import (
    MutualEntry,
    MutualStanding,
    add_to_mutual,
    call_shares,
    mutual_standing,
    repayment_shares,
)
from gaoyuan.trust.credit.failure import refused
from gaoyuan.trust.credit.mutual import MutualKind

__all__ = ["add_line", "call", "locked_account", "members_of", "owed_to", "repay", "standing_of"]


def standing_of(company: Organisation) -> MutualStanding:
    """Add the account of a company up from its lines."""
    rows = MutualLine.objects.of(company).order_by("number")
    return mutual_standing(
        MutualEntry(_KINDS[one.kind], str(one.payer_id), to_fen(one.amount_yuan), str(one.debtor_id or ""))  # pyright: ignore[reportAttributeAccessIssue]
        for one in rows
    )


def owed_to(company: Organisation) -> dict[str, int]:
    """Give what each member owes a company on its credit line, in fen."""
    lines = CreditLine.objects.of(company).select_related("member", "organisation")
    return {str(line.member.pk): max(to_fen(balance_of(line).owed), 0) for line in lines}


def members_of(company: Organisation) -> set[int]:
    """Give the numbers of those who have a credit line with a company, or are in its account."""
    lines = CreditLine.objects.of(company).values_list("member", flat=True)
    return {*lines, *(int(one) for one in standing_of(company).members)}


@contextmanager
def locked_account(company: Organisation) -> Iterator[MutualAccount]:
    """Hold the account of a company, a new one where there is none, against others until the transaction ends."""
    with transaction.atomic():
        made, _ = MutualAccount.unscoped.get_or_create(organisation=company)
        yield MutualAccount.unscoped.select_for_update(of=("self",)).select_related("organisation").get(pk=made.pk)


def add_line(
    account: MutualAccount,
    kind: MutualKind,
    payer: Organisation,
    amount: Decimal,
    *,
    debtor: Organisation | None = None,
    reference: str = "",
    by: User | None = None,
) -> MutualLine:
    """Add a line to an account that is locked; raises CreditRefused where it cannot be."""
    company = account.organisation
    entry = MutualEntry(kind, str(payer.pk), to_fen(amount), str(debtor.pk) if debtor else "")
    add_to_mutual(standing_of(company), entry, owed_to(company))
    number = MutualLine.unscoped.filter(account=account).count() + 1
    parties = [company, payer, *([debtor] if debtor else [])]
    fields = {
        "account": f"mutual guarantees {account.pk}",
        "number": str(number),
        "kind": kind,
        "amount_yuan": f"{amount:.2f}",
        "payer": entry.payer,
        "debtor": entry.debtor,
        "reference": reference,
    }
    return MutualLine.objects.create_for(
        company,
        account=account,
        number=number,
        kind=kind,
        payer=payer,
        debtor=debtor,
        amount_yuan=amount,
        reference=reference[:200],
        record=enter_line(f"finance.mutualline:{account.pk}:{number}", parties, fields),
        by=by,
    )


def call(account: MutualAccount, debtor: Organisation, amount: Decimal, reference: str, by: User | None) -> None:
    """Pay what a member owes from its own part and its guarantors'; raises CreditRefused where it owes less, or less
    stands behind it.
    """
    company = account.organisation
    line = line_of(company, debtor, locked=True)
    owed = balance_of(line).owed if line is not None else Decimal(0)
    if line is None or amount > owed:
        most = max(owed, Decimal(0))
        raise refused(f"该成员欠款为 {most:.2f} 元", f"what this member owes is {most:.2f} yuan")
    for payer, part in call_shares(standing_of(company), str(debtor.pk), to_fen(amount)):
        who = Organisation.objects.get(pk=int(payer))
        add_line(account, "call", who, to_yuan(part), debtor=debtor, reference=reference, by=by)
    done = add(line, "payment", amount, reference=reference, by=by)
    if isinstance(done, Refusal):
        raise refused(done.zh, done.en)


def repay(account: MutualAccount, debtor: Organisation, amount: Decimal, reference: str, by: User | None) -> None:
    """Give what a member pays after a call back to those who paid for it; raises CreditRefused for more than that."""
    standing = standing_of(account.organisation)
    for payer, part in repayment_shares(standing, str(debtor.pk), to_fen(amount)):
        who = Organisation.objects.get(pk=int(payer))
        add_line(account, "repayment", who, to_yuan(part), debtor=debtor, reference=reference, by=by)


_KINDS: dict[str, MutualKind] = {
    "contribution": "contribution",
    "refund": "refund",
    "pledge": "pledge",
    "unpledge": "unpledge",
    "call": "call",
    "repayment": "repayment",
}
