"""Credit lines in the database: a company buys for its members, each within its limit (`exchange.pools.credit`).

What a commitment reserves follows from public prices, never from its sealed limit; until the pool is cleared, only the
member sees it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet

from gaoyuan.exchange.pools.credit import Balance, Entry, EntryKind, add_entry, balances
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.pooling.models import CreditEntry, CreditLine

__all__ = ["add", "balance_of", "bill", "hold", "line_of", "open_line"]

_ZERO = Decimal("0.00")


def line_of(company: Organisation, member: Organisation, *, locked: bool = False) -> CreditLine | None:
    """Give the account of a member with a company; `locked` until the transaction ends."""
    rows: QuerySet[CreditLine] = CreditLine.unscoped.filter(organisation=company, member=member)
    return (rows.select_for_update(of=("self",)) if locked else rows).first()


def open_line(company: Organisation, member: Organisation) -> CreditLine:
    """Give the account of a member with a company, a new one where there is none; locked."""
    made, _ = CreditLine.unscoped.get_or_create(organisation=company, member=member)
    return CreditLine.unscoped.select_for_update(of=("self",)).get(pk=made.pk)


def balance_of(line: CreditLine) -> Balance:
    """Give the balance of an account."""
    return balances(_entries(line)).get(str(line.member.pk), Balance())


def add(
    line: CreditLine,
    kind: EntryKind,
    amount: Decimal,
    *,
    case: Case | None = None,
    reference: str = "",
    by: User | None = None,
) -> Refusal | None:
    """Add an entry to an account that is locked, or say why not."""
    entry = Entry(kind, str(line.member.pk), amount, reference)
    done = add_entry(_entries(line), entry)
    if isinstance(done, Refusal):
        return done
    CreditEntry.objects.create_for(
        line.organisation, line=line, kind=kind, amount=amount, case=case, reference=reference[:200], by=by
    )
    return None


def hold(company: Organisation, member: Organisation, case: Case, amount: Decimal) -> None:
    """Make `amount` what a pool reserves on a member's line. Raises Refused where the line does not carry it."""
    line = line_of(company, member, locked=True)
    if line is None:
        if amount:
            raise Refused(
                Refusal(
                    "no_line",
                    f"本团由{company.name}代购：请先向其申请授信额度",
                    f"{company.name} buys for its members: ask it for a credit line first",
                )
            )
        return
    now = _held(CreditEntry.unscoped.filter(line=line, case=case))
    if now == amount:
        return
    kind: EntryKind = "reserve" if amount > now else "release"
    refused = add(line, kind, abs(amount - now), case=case, reference=case.title)
    if refused is not None:
        raise Refused(refused)


def bill(company: Organisation, member: Organisation, case: Case, amount: Decimal) -> None:
    """Release what a pool reserves and bill what it did cost; one that was billed before is left as it is."""
    hold(company, member, case, _ZERO)
    line = line_of(company, member, locked=True)
    if line is None or not amount or CreditEntry.unscoped.filter(line=line, case=case, kind="bill").exists():
        return
    refused = add(line, "bill", amount, case=case, reference=case.title)
    assert refused is None, "a bill of whole fen is never refused"


def _held(entries: Iterable[CreditEntry]) -> Decimal:
    signs = {"reserve": 1, "release": -1}
    return sum((signs.get(one.kind, 0) * one.amount for one in entries), _ZERO)


def _entries(line: CreditLine) -> list[Entry]:
    member = str(line.member.pk)
    rows = CreditEntry.unscoped.filter(line=line).order_by("pk").values_list("kind", "amount", "reference")
    return [Entry(kind, member, amount, reference) for kind, amount, reference in rows]  # pyright: ignore[reportArgumentType]
