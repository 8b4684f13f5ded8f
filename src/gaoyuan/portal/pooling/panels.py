"""What the page of a pool shows above its facts, to each what is his to see."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, Sum

from gaoyuan.exchange.pools import Schedule, own_bills, pool_progress
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.service import Panel
from gaoyuan.portal.pooling.clearing import clearing_of
from gaoyuan.portal.pooling.credit import balance_of, line_of
from gaoyuan.portal.pooling.explaining import explain, price_text
from gaoyuan.portal.pooling.models import Commitment, Pool
from gaoyuan.portal.pooling.sealing import opened
from gaoyuan.portal.pooling.settling import charge_if_left, ordered_of

__all__ = ["lists_members", "panels_of"]

_NO_LIMIT = Decimal(10**12)
"""For a member's worst bill: the page does not open its limit before the clearing."""


def panels_of(viewer: Viewer, case: Case, own: Commitment | None) -> Sequence[Panel]:
    """Give the panels of a pool for a viewer who may know of its case; `own` is what he has committed himself."""
    pool = Pool.unscoped.select_related("organisation").filter(case=case).first()
    if pool is None:
        return ()
    schedule = pool.terms()
    panels = [_terms(case, pool, schedule)]
    if schedule is not None and own is not None:
        panels.append(_own(case, pool, schedule, own))
    elif schedule is not None and case.state == "open" and pool.on_credit and viewer.organisation is not None:
        line = line_of(pool.organisation, viewer.organisation)
        panels.append(Panel("pooling/credit_note.html", {"pool": pool, "balance": balance_of(line) if line else None}))
    if pool.result or pool.content:
        panels.append(_result(viewer, case, pool))
    return panels


def lists_members(viewer: Viewer, case: Case, pool: Pool) -> bool:
    """Whether a viewer may see who gets how much: once cleared, the organiser; the supplier where it delivers to each
    and bills each.
    """
    own = viewer.organisation
    if own is None or not pool.content or not pool.invoice:
        return False
    return own == case.organisation or (case.facts.get("supplier") == str(own.pk) and not pool.on_credit)


def _terms(case: Case, pool: Pool, schedule: Schedule | None) -> Panel:
    """What is bought, by which rules, and how far it is: totals only."""
    context: dict[str, object] = {"pool": pool, "schedule": schedule}
    if schedule is not None:
        held = Commitment.unscoped.filter(case=case).aggregate(
            wanted=Sum("quantity"), more=Sum("tolerance"), members=Count("pk")
        )
        progress = pool_progress(held["wanted"] or 0, held["more"] or 0, schedule)
        reached = schedule.unit_price(progress.volume) if progress.price is not None else None
        step = progress.next_step
        context |= {
            "members": held["members"],
            "wanted": held["wanted"] or 0,
            "progress": progress,
            "price": price_text(progress.price),
            "step": step,
            "step_price": price_text(step.price) if step else "",
            "share": min(100, 100 * (held["wanted"] or 0) // step.volume) if step else 100,
            "tiers": [
                {
                    "from": tier.volume,
                    "price": price_text(Fraction(tier.unit_price)),
                    "reached": reached is not None and Fraction(tier.unit_price) == reached,
                }
                for tier in schedule.tiers
            ],
            "open": case.state == "open",
        }
    return Panel("pooling/terms.html", context)


def _own(case: Case, pool: Pool, schedule: Schedule, own: Commitment) -> Panel:
    """What the viewer's organisation has committed and, once cleared, what it gets, pays, and why."""
    context: dict[str, object] = {"pool": pool, "own": own}
    if pool.on_credit and own.organisation != pool.organisation:
        line = line_of(pool.organisation, own.organisation)
        context["balance"] = balance_of(line) if line else None
    done = clearing_of(pool)
    if done is None:
        held = Commitment.unscoped.filter(case=case).aggregate(wanted=Sum("quantity"), more=Sum("tolerance"))
        progress = pool_progress(held["wanted"] or 0, held["more"] or 0, schedule)
        context["bills"] = own_bills(own.quantity, progress, schedule, _NO_LIMIT)
    else:
        limit, salt = opened(own)
        context |= {"why": explain(pool, own, done, limit), "limit": price_text(Fraction(limit)), "salt": salt}
        if case.state == "cleared":
            charge = charge_if_left(pool, own)
            context |= {"charge": charge[0] if charge else None, "keeps": charge[1] if charge else False}
    return Panel("pooling/own.html", context)


def _result(viewer: Viewer, case: Case, pool: Pool) -> Panel:
    """How the pool ended, for all who take part: no names, no limits."""
    served = Commitment.unscoped.filter(case=case, got__gt=0)
    return Panel(
        "pooling/result.html",
        {
            "pool": pool,
            "price": price_text(Fraction(pool.price)) if pool.price else "",
            "served": served.count(),
            "all": Commitment.unscoped.filter(case=case).count(),
            "withdrawn": served.filter(withdrawn__isnull=False).count(),
            "ordered": ordered_of(pool),
            "lists": lists_members(viewer, case, pool),
        },
    )
