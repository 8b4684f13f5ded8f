"""The page of an enterprise: for offices of its division, and for the enterprise itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.trades.proposing import next_of_firm
from gaoyuan.portal.workbench.cluster import title_rows
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.reading import NOBODYS, Look, Row, look_or_404, rows_of

_HEADINGS = (_("Figure"), _("Value"))


def enterprise(request: HttpRequest, enterprise_id: str) -> HttpResponse:
    """Show an enterprise that the viewer may see; any other is answered like one that there is not."""
    look = look_or_404(request)
    firm = get_object_or_404(look.firms(), enterprise_id=enterprise_id.replace(NOBODYS, " "))
    held = {row["cluster_id"]: row for row in look.clusters}
    clusters = [held[one] for one in firm.clusters.split("|") if one in held]
    titles = title_rows(dict.fromkeys((one for one in firm.titles.split("|") if one), 1))
    cells = [
        (_("Enterprise id"), firm.enterprise_id),
        (_("Unified social credit code"), firm.uscc),
        (_("Enterprise"), firm.name),
        (_("County"), firm.county),
        (_("Industry code"), firm.industry),
        (_("Persons employed"), firm.employees),
        (_("Revenue, yuan"), firm.revenue_yuan),
        *((_("Title"), row["zh"]) for row in titles),
        *((_("Cluster"), row["name"]) for row in clusters),
    ]
    file = table_response(request, "enterprise", _HEADINGS, cells, look.snapshot)
    if file is not None:
        return file
    context = {
        "look": look,
        "snapshot": look.snapshot,
        "firm": firm,
        "industry_name": look.frame.industry(firm.industry) if firm.industry in look.frame.industries else "",
        "clusters": clusters,
        "titles": titles,
        "path": look.frame.path(firm.county) if firm.county else [],
        "next_services": next_of_firm(look.viewer, firm.enterprise_id),
        "cell": _place(look, firm.county, firm.industry),
    }
    return render(request, "workbench/enterprise.html", context)


def _place(look: Look, county: str | None, industry: str | None) -> Row | None:
    """Give its industry in its county, as the viewer may know it."""
    region = look.find("region", county) if county else None
    if region is None:
        return None
    return next((row for row in rows_of(region["industries"]) if row["industry"] == industry), None)
