"""Why an enterprise's county, industry and size are what they are: the row of the register that it was read from."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.snapshots.models import Firm
from gaoyuan.portal.workbench.explained import StillWorking, enterprise_source
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.reading import NOBODYS, Look, look_or_404
from gaoyuan.portal.workbench.why import still_working

_HEADINGS = (_("Column of the register"), _("As it was read"))
_READ: dict[str, str | Promise] = {
    "name": _("Enterprise"),
    "uscc": _("Unified social credit code"),
    "status": _("Status"),
    "established": _("Established"),
    "address": _("Registered address"),
    "division": _("Division code"),
    "longitude": _("Longitude"),
    "latitude": _("Latitude"),
    "scope": _("Business scope"),
    "industry_given": _("Industry as given"),
    "employees": _("Persons employed"),
    "revenue_yuan": _("Revenue, yuan"),
    "capital_yuan": _("Registered capital, yuan"),
}
_LOCATED: dict[str, str | Promise] = {
    "coordinates": _("the county in which its coordinates lie"),
    "address": _("the county that its address names"),
    "division": _("the division code of its row"),
    "credit_code": _("the registering office in its credit code, third to eighth digit"),
}
_CODED: dict[str, str | Promise] = {
    "given": _("as its row gives it"),
    "given_2011": _("as its row gives it by the edition of 2011, carried to that of 2017"),
    "derived": _("derived from its name and business scope"),
}
_AS_READ = _("as its row gives it")


def enterprise_why(request: HttpRequest, enterprise_id: str) -> HttpResponse:
    """Explain what an enterprise's page says of it, to whom may see the enterprise."""
    look = look_or_404(request)
    firm = get_object_or_404(look.firms(), enterprise_id=enterprise_id.replace(NOBODYS, " "))
    about = [(firm.name, "enterprise", firm.enterprise_id)]
    try:
        source = enterprise_source(look.snapshot, firm.enterprise_id)
    except StillWorking:
        return still_working(request, look, about)
    read = [(label, _plain(source["read"].get(name))) for name, label in _READ.items()] if source else []
    file = table_response(request, "source-row", _HEADINGS, read, look.snapshot)
    if file is not None:
        return file
    context = {
        "look": look,
        "snapshot": look.snapshot,
        "firm": firm,
        "county": look.frame.region(firm.county),
        "source": source,
        "read": [(label, value) for label, value in read if value is not None],
        "figures": _figures(look, firm, source["found"]) if source else [],
        "run": look.snapshot.runs.get("made", {}).get("observe"),
    }
    return render(request, "workbench/why_enterprise.html", context)


def _plain(value: object) -> object:
    """Give a value as the register has it: days as ISO 8601 has them, whole numbers without a point."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _figures(look: Look, firm: Firm, found: dict[str, Any]) -> list[tuple[str, str | Promise, str, object, object]]:
    """Give what the page says: its anchor, its name, how it is written, its value, and how it is known."""
    industry = f"{firm.industry} {look.frame.industry(firm.industry)}" if firm.industry else None
    return [
        ("county", _("County"), "text", look.frame.region(firm.county) or None, _LOCATED.get(found["located_by"], "")),
        ("industry", _("Industry"), "text", industry, _coded(found)),
        ("employees", _("Persons employed"), "count", firm.employees, _AS_READ if firm.employees is not None else ""),
        ("revenue_yuan", _("Revenue"), "money", firm.revenue_yuan, _AS_READ if firm.revenue_yuan is not None else ""),
    ]


def _coded(found: dict[str, Any]) -> object:
    how = _CODED.get(found["industry_by"], "")
    sure = found.get("industry_confidence")
    if found["industry_by"] != "derived" or sure is None:
        return how
    others = str(found.get("industry_alternatives") or "").replace("|", ", ")
    told = _("{how}; confidence {sure:.2f}").format(how=how, sure=sure)
    return _("{told}; next nearest: {others}").format(told=told, others=others) if others else told
