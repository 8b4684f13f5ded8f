"""The peers of an enterprise: firms of its county and division of industry, of whom only quartiles are told.

Two circles: firms on the platform that let their trades be used, compared by the figures of the pack; and the published
register, whose revenue and employees say how large such firms are. Of fewer than ten neither says anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import PUBLIC
from gaoyuan.portal.evidence.rings import days_of
from gaoyuan.portal.snapshots.models import Firm, Snapshot
from gaoyuan.portal.trades.models import Consent, Trade
from gaoyuan.trust.credit import Quartiles, quartiles
from gaoyuan.trust.credit.peers import PEER_FIGURES
from gaoyuan.trust.pack.figures import Figure, sales_figures
from gaoyuan.trust.pack.trades import months_between

__all__ = ["Peers", "peers_of"]

_DIVISION_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Peers:
    """Where an enterprise stands: quartiles by figure (None: too few peers), of the register those of revenue in yuan
    and of employees, and which county and division of industry the peers are of, empty where the register does not
    know the enterprise.
    """

    figures: Mapping[str, Quartiles | None]
    revenue_yuan: Quartiles | None = None
    employees: Quartiles | None = None
    county: str = ""
    industry: str = ""


def peers_of(firm: Organisation | None, period: tuple[str, str], own: Mapping[str, Figure]) -> Peers:
    """Compare the figures of an enterprise with those of its peers in the same months."""
    nothing = Peers(dict.fromkeys(PEER_FIGURES))
    row = _registered(firm) if firm is not None else None
    if row is None or not row.county or not row.industry or firm is None:
        return nothing
    industry = row.industry[:_DIVISION_DIGITS]
    alike = Firm.objects.filter(snapshot=row.snapshot, county=row.county, industry__startswith=industry)
    others = alike.exclude(enterprise_id=row.enterprise_id)
    willing = Consent.unscoped.filter(given=True).values("organisation")
    peers = Organisation.objects.filter(
        kind=Role.ENTERPRISE, subject__in=others.values("enterprise_id"), pk__in=willing
    ).exclude(pk=firm.pk)
    theirs = _figures(list(peers.values_list("pk", flat=True)), period)
    known = {name: own.get(name) for name in PEER_FIGURES}
    sizes = list(others.values_list("revenue_yuan", "employees"))
    return Peers(
        {
            name: quartiles([one[name] for one in theirs], value if isinstance(value, int) else None)
            for name, value in known.items()
        },
        quartiles([None if revenue is None else round(revenue) for revenue, _ in sizes], None),
        quartiles([None if people is None else round(people) for _, people in sizes], None),
        row.county,
        industry,
    )


def _registered(firm: Organisation) -> Firm | None:
    """Find an enterprise in the published register: what everybody may know of its place and industry."""
    if not firm.subject:
        return None
    shown = Snapshot.objects.for_viewer(PUBLIC).values_list("pk", flat=True)
    rows = Firm.objects.filter(snapshot__in=list(shown), enterprise_id=firm.subject).select_related("snapshot")
    return rows.order_by("-snapshot__taken").first()


def _figures(peers: Sequence[int], period: tuple[str, str]) -> list[dict[str, int | None]]:
    """Compute the figures of each peer that has sold anything in the months."""
    months = months_between(*period)
    sales: dict[int, list[tuple[str, str, int]]] = {}
    rows = Trade.unscoped.filter(organisation__in=peers, date__range=days_of(*period))
    for seller, buyer, day, amount in rows.values_list("organisation", "buyer", "date", "amount_yuan"):
        sales.setdefault(seller, []).append((f"{day:%Y-%m}", str(buyer), int((amount or 0) * 100)))
    return [sales_figures(one, months) for one in sales.values()]
