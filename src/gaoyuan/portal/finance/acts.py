"""What a bank does with a dossier: notes of its own, and the steps of an application, each a record."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import User
from gaoyuan.portal.finance.dossiers import ended
from gaoyuan.portal.finance.lines import enter_decision
from gaoyuan.portal.finance.models import BankAct, Dossier

__all__ = ["Doing", "add_act", "possible"]

_KIND = BankAct.Kind
_DECIDED = {_KIND.GRANTED, _KIND.REFUSED}


@dataclass(frozen=True, slots=True)
class Doing:
    """What a bank does: the kind, its words, and of a loan that it grants amount and months."""

    kind: str
    text: str
    amount_yuan: Decimal | None = None
    months: int | None = None


def possible(dossier: Dossier) -> list[str]:
    """Give the kinds of acts that are possible now: once decided, or the consent over, only notes and what follows from
    the paper that the bank has: it may refuse what it can no longer see, and grant nothing.
    """
    done = set(dossier.acts.values_list("kind", flat=True))  # pyright: ignore[reportAttributeAccessIssue]
    found = [_KIND.NOTE.value]
    if done & _DECIDED:
        return found
    if ended(dossier) is None:
        found += [_KIND.APPLIED.value] * (_KIND.APPLIED not in done)
        found += [_KIND.ASKED.value, _KIND.GRANTED.value]
    return [*found, _KIND.REFUSED.value]


def add_act(dossier: Dossier, doing: Doing, by: User | None) -> BankAct | Refusal:
    """Write an act down, or say why not; of two decisions at once the second is refused."""
    with transaction.atomic():
        rows = Dossier.unscoped.select_for_update(of=("self",)).select_related("organisation", "release__withdrawn")
        held = rows.defer("content", "release__content").get(pk=dossier.pk)
        if doing.kind not in possible(held):
            return Refusal("done", "已有决定，或授权已终止", "it has been decided, or the consent has ended")
        number = BankAct.unscoped.filter(dossier=held).count() + 1
        record = None
        if doing.kind != _KIND.NOTE:
            firm = [held.release.organisation] if held.release is not None else []
            fields = {
                "consent": held.consent,
                "what": doing.kind,
                "bank": str(held.organisation.pk),
                "reason": doing.text,
                "amount_yuan": "" if doing.amount_yuan is None else f"{doing.amount_yuan:.2f}",
                "months": "" if doing.months is None else str(doing.months),
            }
            record = enter_decision(f"finance.bankact:{held.pk}:{number}", [held.organisation, *firm], fields)
        return BankAct.objects.create_for(
            held.organisation,
            dossier=held,
            number=number,
            kind=doing.kind,
            plain=doing.text,
            amount_yuan=doing.amount_yuan,
            months=doing.months,
            record=record,
            by=by,
        )
