"""Pages of long lists."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ROWS = 50


def page_of(request: HttpRequest, rows: Sequence[object], parameter: str = "page") -> Page:
    """Give the page that the address names; a number that is none, or too great, gives the first or last."""
    return Paginator(rows, ROWS).get_page(request.GET.get(parameter))
