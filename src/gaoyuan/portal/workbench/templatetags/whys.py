"""Numbers that lead to why they are what they are."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from gaoyuan.portal.workbench.templatetags.figures import UNKNOWN

register = template.Library()


@register.simple_tag
def why_cell(text: str, figure: str, region: str, industry: str) -> str:
    """Write a number of an industry in a region as a link to its explanation; what is not known stays a dash."""
    return _link(text, reverse("region_why", args=[region, figure]), {"industry": industry})


@register.simple_tag
def why_region(text: str, figure: str, region: str) -> str:
    """Write a number of a region as a link to its explanation."""
    return _link(text, reverse("region_why", args=[region, figure]))


@register.simple_tag
def why_cluster(text: str, figure: str, cluster: str) -> str:
    """Write a number of a cluster as a link to its explanation."""
    return _link(text, reverse("why", args=[cluster, figure]))


@register.simple_tag
def why_industry(text: str, figure: str, industry: str, level: str) -> str:
    """Write a number of an industry over the regions of a level as a link to its explanation."""
    return _link(text, reverse("industry_why", args=[industry, figure]), {"level": level})


@register.simple_tag
def why_product(text: str, figure: str, product: str) -> str:
    """Write a number of a product's link in the chain as a link to its explanation."""
    return _link(text, reverse("product_why", args=[product, figure]))


def _link(text: str, address: str, query: dict[str, str] | None = None) -> str:
    if text == UNKNOWN:
        return text
    full = f"{address}?{urlencode(query)}" if query else address
    return format_html('<a class="asked" href="{}" title="{}">{}</a>', full, _("why?"), text)
