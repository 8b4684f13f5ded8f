"""The links to a table's files, and addresses of the same view with something changed."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.http import urlencode

from gaoyuan.portal.workbench.exports import FORMATS

register = template.Library()


@register.inclusion_tag("workbench/export_links.html", takes_context=True)
def export_links(context: Context, name: str) -> dict[str, object]:
    """Write the links to the files of a table; `name` is the one given to `exports.table_response`, or that of a
    `<table data-export="name">` of the page, which `page_tables` reads.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        # A part of a page that is made without it: the address is that of the page.
        return {"links": [(one.upper(), f"?{urlencode({'table': name, 'format': one})}") for one in FORMATS]}
    # Source and date of a file that is read from the page.
    request.__dict__.setdefault("tables_are_of", context.get("snapshot"))
    return {"links": [(one.upper(), _address(request, table=name, format=one)) for one in FORMATS]}


@register.filter
def exact(value: object) -> str:
    """Give the attribute of a cell whose number is shown rounded, for its file; nothing where it is no number.

    >>> exact(0.1234567), exact("many")
    (' data-value="0.1234567"', '')
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return ""
    return format_html(' data-value="{}"', str(value))


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
