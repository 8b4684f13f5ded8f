"""The links to a table's files, and addresses of the same view with something changed."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import Context

from gaoyuan.portal.workbench.exports import FORMATS

register = template.Library()


@register.inclusion_tag("workbench/export_links.html", takes_context=True)
def export_links(context: Context, name: str) -> dict[str, object]:
    """Write the links to the files of a table; `name` is the one given to `exports.table_response`."""
    request = context["request"]
    return {"links": [(one.upper(), _address(request, table=name, format=one)) for one in FORMATS]}


@register.simple_tag(takes_context=True)
def same_view(context: Context, **changed: object) -> str:
    """Give the address of this view with parts of its query changed; an empty value takes a part away."""
    return _address(context["request"], **changed)


def _address(request: HttpRequest, **changed: object) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"


@register.inclusion_tag("workbench/heading.html", takes_context=True)
def sort_heading(context: Context, name: str, label: str) -> dict[str, object]:
    """Write a column's heading as a link that sorts by it, the greatest first, and the other way the second time.

    The view gives the order that is shown as `order`.
    """
    order, descending = str(context.get("order") or ""), f"-{name}"
    wanted = name if order == descending else descending
    return {
        "name": name,
        "descending": descending,
        "label": label,
        "order": order,
        "address": _address(context["request"], sort=wanted, page=""),
    }
