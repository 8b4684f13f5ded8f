"""After the clearing: withdrawals that pay their difference, the delivery, bills by what came, trades, credit lines."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from gaoyuan.exchange.pools import charge_withdrawals, ordered_volume, settle_after_withdrawals
from gaoyuan.exchange.process import Moved
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import act
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.pooling.clearing import clearing_of
from gaoyuan.portal.pooling.credit import bill, hold
from gaoyuan.portal.pooling.models import Commitment, Pool
from gaoyuan.portal.trades.recording import record_trade
from gaoyuan.portal.units import english_unit

__all__ = ["charge_if_left", "ordered_of", "withdrawn_of"]


def withdrawn_of(case: Case) -> list[str]:
    """Give who has withdrawn after the deadline, by alias, in their order."""
    left = Commitment.unscoped.filter(case=case, withdrawn__isnull=False).order_by("withdrawn")
    return list(left.values_list("alias", flat=True))


def ordered_of(pool: Pool) -> int:
    """Give the volume that the supplier is asked for now, in whole packs."""
    done = clearing_of(pool)
    return ordered_volume(done, withdrawn_of(pool.case)) if done else 0


def charge_if_left(pool: Pool, commitment: Commitment) -> tuple[Decimal, bool] | None:
    """Give what a member would pay if it withdrew now, and whether it would keep the goods; None where it has none."""
    done = clearing_of(pool)
    if done is None or not commitment.got or commitment.withdrawn is not None:
        return None
    charged = charge_withdrawals(done, [*withdrawn_of(pool.case), commitment.alias])[-1]
    return charged.charge, charged.keeps_goods


@act("pool", "charge_difference")
def _withdraw(case: Case, moved: Moved, line: RecordLine) -> None:
    pool = Pool.unscoped.get(case=case)
    held = Commitment.unscoped.filter(case=case, organisation_id=int(moved.record.actor)).first()
    done = clearing_of(pool)
    if held is None or done is None or not held.got or held.withdrawn is not None:
        raise Refused(Refusal("no_share", "您没有可退出的份额", "you have no share to withdraw"))
    if moved.record.given["quantity"] != held.got:
        raise Refused(Refusal("whole_share", "只能整份退出", "a share is withdrawn as a whole"))
    names = [*withdrawn_of(case), held.alias]
    charged = {one.name: one for one in charge_withdrawals(done, names)}
    if charged[held.alias].keeps_goods:
        raise Refused(
            Refusal(
                "keeps_goods",
                "退出会使其他成员不成团，或差额高于您的账单：请按账单付款，货物归您",
                "your leaving would break the minimum, or cost you more than your bill: pay it and keep the goods",
            )
        )
    held.withdrawn = line.sequence
    held.save()
    for one in Commitment.unscoped.filter(case=case, withdrawn__isnull=False):
        one.charge = charged[one.alias].charge
        one.save()
    _adjust(case, pool)


@act("pool", "check_delivery")
def _check(case: Case, moved: Moved, line: RecordLine) -> None:
    pool = Pool.unscoped.get(case=case)
    delivered, ordered = moved.record.given["delivered"], ordered_of(pool)
    least = 1 if moved.record.move == "deliver" else 0
    if not isinstance(delivered, int) or not least <= delivered <= ordered:
        raise Refused(
            Refusal(
                "delivered",
                f"交货量须在 {least} 到订货量 {ordered} {pool.unit}之间",
                f"the delivered volume must lie between {least} and the ordered {ordered} {english_unit(pool.unit)}",
            )
        )
    pool.delivered = delivered
    pool.save()


@act("pool", "bill_members")
def _settle(case: Case, moved: Moved, line: RecordLine) -> None:
    pool = Pool.unscoped.select_related("organisation").get(case=case)
    done = clearing_of(pool)
    assert done is not None, "what is settled has been cleared"
    assert pool.delivered is not None, "what is settled has been delivered"
    settled = settle_after_withdrawals(done, withdrawn_of(case), pool.delivered)
    pool.settled_invoice, pool.surplus = settled.invoice, settled.surplus
    pool.save()
    charges = {one.name: one.charge for one in settled.charges}
    shares = {share.member.name: share for share in settled.shares}
    for one in Commitment.unscoped.filter(case=case).select_related("organisation"):
        share = shares.get(one.alias)
        one.settled_quantity = share.quantity if share else 0
        one.settled_bill = share.bill if share else Decimal(0)
        if one.withdrawn is not None:
            one.charge = charges[one.alias]
        one.save()
        if pool.on_credit and one.organisation != pool.organisation:
            bill(pool.organisation, one.organisation, case, one.settled_bill + (one.charge or 0))


@act("pool", "record_trade")
def _trade(case: Case, moved: Moved, line: RecordLine) -> None:
    pool = Pool.unscoped.select_related("organisation").get(case=case)
    supplier = Organisation.objects.get(pk=case.facts["supplier"])
    seller = pool.organisation if pool.on_credit else supplier
    on = timezone.localdate()
    total, quantity = Decimal(0), 0
    for one in Commitment.unscoped.filter(case=case, settled_quantity__gt=0).select_related("organisation"):
        assert one.settled_bill is not None, "it has been settled"
        assert one.settled_quantity is not None, "it has been settled"
        total, quantity = total + one.settled_bill, quantity + one.settled_quantity
        record_trade(
            case,
            seller=seller,
            buyer=one.organisation,
            what=case.title,
            product=pool.product,
            quantity=Decimal(one.settled_quantity),
            unit=pool.unit,
            amount_yuan=one.settled_bill,
            on=on,
        )
    if pool.on_credit and quantity:
        record_trade(
            case,
            seller=supplier,
            buyer=pool.organisation,
            what=case.title,
            product=pool.product,
            quantity=Decimal(quantity + pool.surplus),
            unit=pool.unit,
            amount_yuan=pool.settled_invoice,
            on=on,
        )


@act("pool", "adjust_credit")
def _adjust_credit(case: Case, moved: Moved, line: RecordLine) -> None:
    _adjust(case, Pool.unscoped.select_related("organisation").get(case=case))


def _adjust(case: Case, pool: Pool) -> None:
    """Reserve what the members' shares and charges cost while the pool lives, nothing once it has failed."""
    if not pool.on_credit:
        return
    lives = case.state in ("open", "clearing", "cleared", "ordered", "delivered", "disputed")
    for one in Commitment.unscoped.filter(case=case).select_related("organisation"):
        if one.organisation != pool.organisation:
            owed = (one.bill if one.withdrawn is None else one.charge) or Decimal(0)
            hold(pool.organisation, one.organisation, case, owed if lives else Decimal(0))
