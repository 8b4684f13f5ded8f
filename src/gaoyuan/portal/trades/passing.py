"""Writing trades into the table `trade` of the workspaces: those that both sides agree to, and no others.

A workspace's rows of the portal are always replaced as a whole: a trade whose consent was withdrawn is gone with the
next pass. What is computed from trades is marked outdated by it and computed anew when the office next runs it.
"""

from __future__ import annotations

import logging
from pathlib import Path

from django.utils import timezone

from gaoyuan.errors import GaoyuanError, WorkspaceBusy
from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.jobs.running import workspace_of
from gaoyuan.portal.trades.models import Trade, agreed

__all__ = ["SOURCE", "pass_trades"]

SOURCE = "高原服务平台 Gaoyuan services"
"""What the workspace names as the source of the rows."""
_log = logging.getLogger(__name__)


def pass_trades() -> int:
    """Bring the workspaces up to what both sides of each trade agree to now, and give how many were written. One that
    is busy, or cannot be written, is tried again the next time.
    """
    due = Trade.unscoped.filter(agreed(), passed=None) | Trade.unscoped.filter(~agreed(), passed__isnull=False)
    changed = list(due.select_related("organisation", "buyer"))
    folders: dict[str, list[Trade]] = {}
    for trade in changed:
        for folder in _folders(trade):
            folders.setdefault(folder, []).append(trade)
    written = 0
    failed: set[int] = set()
    for folder, trades in sorted(folders.items()):
        try:
            _write(folder)
            written += 1
        except WorkspaceBusy:
            failed |= {trade.pk for trade in trades}
        except (GaoyuanError, OSError) as fault:
            _log.warning("trades cannot be passed into %s: %s", folder, fault)
            failed |= {trade.pk for trade in trades}
    done = [trade.pk for trade in changed if trade.pk not in failed and _folders(trade)]
    wanted = Trade.unscoped.filter(pk__in=done)
    update_logged(wanted.filter(agreed(), passed=None), passed=timezone.now())
    update_logged(wanted.filter(~agreed(), passed__isnull=False), passed=None)
    return written


def _write(folder: str) -> None:
    # Here and not above: the portal's pages need none of it.
    from gaoyuan.registry.chain_files import LIST_KINDS, replace_rows
    from gaoyuan.workspace import open_workspace

    agreed_to = Trade.unscoped.filter(agreed()).select_related("organisation", "buyer").order_by("pk")
    rows = [_row(trade) for trade in agreed_to.iterator() if folder in _folders(trade)]
    replace_rows(open_workspace(Path(folder)), LIST_KINDS["trades"], rows, source=SOURCE)


def _row(trade: Trade) -> dict[str, object]:
    seller, buyer = trade.organisation, trade.buyer
    return {
        "seller": seller.name,
        "seller_uscc": _code(seller),
        "buyer": buyer.name,
        "buyer_uscc": _code(buyer),
        "product_name": trade.product or trade.what,
        "amount_yuan": None if trade.amount_yuan is None else float(trade.amount_yuan),
        "quantity": None if trade.quantity is None else float(trade.quantity),
        "date": trade.date,
        "number": f"GY-{trade.case.pk}",
    }


def _code(organisation: Organisation) -> str | None:
    """Give the credit code of an enterprise; one whose register knows none is found by its name."""
    subject = organisation.subject if organisation.kind == Role.ENTERPRISE else ""
    return subject if len(subject) == 18 else None


def _folders(trade: Trade) -> set[str]:
    return {folder for side in (trade.organisation, trade.buyer) if (folder := workspace_of(side))}
