"""The comparison matrix of a case, for whoever may read its quotations."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.codes.administrative_divisions import full_name
from gaoyuan.exchange.matching.distance import distances_km
from gaoyuan.exchange.quotations import Compared, compare
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.trading.models import Demand
from gaoyuan.portal.trading.places import county_of, point_of
from gaoyuan.portal.trading.quoting import quotation_of, quotes_seen_by
from gaoyuan.portal.workbench.exports import table_response

__all__ = ["Row", "matrix", "matrix_file"]


@dataclass(frozen=True, slots=True)
class Row:
    """A bidder's row: who, from where, how far away, his terms at the wanted quantity, and his remarks."""

    bidder: str
    name: str
    county: str
    km: float | None
    compared: Compared
    note: str

    @property
    def breaks(self) -> str:
        """The price breaks in one line; one price for every quantity alone."""
        breaks = self.compared.quotation.breaks
        if len(breaks) == 1 and not breaks[0].least:
            return _plain(breaks[0].price_yuan)
        return "；".join(f"≥{_plain(one.least)}: {_plain(one.price_yuan)}" for one in breaks)

    @property
    def short(self) -> str:
        """What falls short of the demand, in words; empty where nothing does."""
        one = self.compared
        said = [
            _("supplies only more than wanted") if one.too_little else "",
            _("no longer valid") if one.expired else "",
            _("%(days)s days late") % {"days": one.late_days} if one.late_days else "",
            _("without %(names)s") % {"names": "、".join(one.missing)} if one.missing else "",
            _("above your limit") if one.over_limit else "",
        ]
        return "；".join(part for part in said if part)

    @property
    def hint(self) -> str:
        """Where ordering more would cost less in all."""
        better = self.compared.cheaper_at
        if better is None:
            return ""
        return _("%(quantity)s cost less in all") % {"quantity": _plain(better.least)}

    @property
    def in_a_line(self) -> str:
        """The row as a choice."""
        one = self.compared
        cost = one.total if one.total is not None else one.unit_price
        price = "—" if cost is None else _("%(price)s yuan") % {"price": f"{cost:,.2f}"}
        days = _("%(days)s days") % {"days": one.quotation.lead_days}
        return " · ".join(part for part in (self.name, price, days, self.short) if part)


def matrix(viewer: Viewer, case: Case) -> list[Row]:
    """Compare the quotations that a viewer may read at the wanted quantity, the best first."""
    demand = Demand.unscoped.filter(case=case).first()
    rows = {str(one.organisation.pk): (one.organisation, *quotation_of(one)) for one in quotes_seen_by(viewer, case)}
    own = viewer.organisation is not None and viewer.organisation.pk == case.organisation.pk
    compared = compare(
        [quotation for _organisation, quotation, _note in rows.values()],
        quantity=demand.quantity if demand else None,
        on=timezone.localdate(),
        needed_on=demand.needed_on if demand else None,
        certificates=demand.certificates if demand else (),
        max_price=demand.max_price_yuan if demand and (own or demand.limit_open) else None,
    )
    return [_row(rows[one.quotation.bidder][0], rows[one.quotation.bidder][2], one, demand) for one in compared]


def matrix_file(request: HttpRequest, viewer: Viewer, case: Case) -> HttpResponse | None:
    """Answer with the matrix as a file where one is asked for: what the viewer may read and nothing else."""
    headings = (
        *(_("Place"), _("Bidder"), _("Price of a unit (yuan)"), _("Whole order with freight (yuan)")),
        *(_("Price breaks"), _("Freight (yuan)"), _("Minimum of an order"), _("Days until delivery")),
        *(_("Valid until"), _("Certificates"), _("County"), _("Distance (km)"), _("Falls short"), _("Remarks")),
    )
    rows = (
        (
            *(row.compared.place, row.name, _number(row.compared.unit_price), _number(row.compared.total), row.breaks),
            *(_number(row.compared.quotation.freight_yuan), _number(row.compared.quotation.least)),
            *(row.compared.quotation.lead_days, row.compared.quotation.valid_until),
            *("、".join(sorted(row.compared.quotation.certificates)), row.county),
            *(None if row.km is None else round(row.km, 1), row.short, row.note),
        )
        for row in matrix(viewer, case)
    )
    return table_response(request, "quotations", headings, rows, None)


def _row(organisation: Organisation, note: str, compared: Compared, demand: Demand | None) -> Row:
    county = county_of(organisation)
    return Row(
        compared.quotation.bidder,
        organisation.name,
        full_name(county) if county else "",
        _km(demand, county),
        compared,
        note,
    )


def _km(demand: Demand | None, county: str) -> float | None:
    there = point_of(county) if county else None
    if demand is None or demand.place is None or there is None:
        return None
    return float(distances_km(demand.place, np.array([there[0]]), np.array([there[1]]))[0])


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
