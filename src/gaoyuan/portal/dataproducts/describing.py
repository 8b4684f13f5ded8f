"""Descriptions in words and for catalogues: choices, what is searched, rows of pages, products as DCAT has them."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gaoyuan.portal.dataproducts.models import Act, Product
from gaoyuan.portal.dataproducts.seeing import shown_state
from gaoyuan.trust.registry.dcat import Registered, SampleFile
from gaoyuan.trust.registry.description import (
    ACTIONS,
    FREQUENCIES,
    KINDS,
    LICENCES,
    PRICES,
    THEMES,
    Description,
)
from gaoyuan.trust.registry.quality import DIMENSIONS

__all__ = ["choices", "registered_of", "rows_of", "said_in", "words_of"]

_STATE_ZH = {"noticed": "公示中", "registered": "已登记", "expired": "已到期失效", "cancelled": "已注销"}


def choices(known: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Give what can be chosen, in the language of the page."""
    return [(key, said_in(known, key)) for key in known]


def said_in(known: Mapping[str, tuple[str, ...]], key: str) -> str:
    """Give what a key is called, in the language of the page."""
    words = known.get(key, ("", ""))
    text = words[1] if get_language() == "en" else words[0]
    return text[:1].upper() + text[1:]


def words_of(said: Description, holder: str) -> str:
    """Give the words by which a product is found."""
    theme, kind = THEMES.get(said.theme, ("", "")), KINDS.get(said.kind, ("", ""))
    return "\n".join([said.title, said.description, *said.keywords, said.source, said.spatial, holder, *theme, *kind])


def rows_of(said: Description) -> list[tuple[str, str]]:
    """Give a description as rows of words and text for a page; what was not said is not there."""
    period = f"{said.begins or '…'} – {said.ends or '…'}" if said.begins or said.ends else ""
    price = said_in(PRICES, said.price)
    if said.price == "fixed":
        price = _("%(yuan)s yuan") % {"yuan": said.price_yuan}
    rows = [
        (_("Description"), said.description),
        (_("Kind of product"), said_in(KINDS, said.kind)),
        (_("Theme of the product"), said_in(THEMES, said.theme)),
        (_("Keywords"), "、".join(said.keywords)),
        (_("Source and how it was lawfully got"), said.source),
        (_("Area"), said.spatial),
        (_("Period"), period),
        (_("Renewed"), said_in(FREQUENCIES, said.frequency)),
        (_("Number of rows"), f"{said.rows:,}" if said.rows is not None else ""),
        (_("Columns"), "、".join(said.fields)),
        (_("Licence"), said_in(LICENCES, said.licence)),
        (_("Terms of the licence"), said.licence_text),
        (_("Permitted"), "、".join(said_in(ACTIONS, one) for one in said.permitted)),
        (_("Forbidden"), "、".join(said_in(ACTIONS, one) for one in said.forbidden)),
        (_("Price"), price),
        (_("Terms of price or exchange"), said.price_terms),
        (_("Contact of the organisation"), said.contact),
        (_("Address of access"), said.access),
    ]
    return [(words, text) for words, text in rows if text]


def registered_of(request: HttpRequest, product: Product, acts: list[Act]) -> Registered:
    """Give a registered product as catalogues show it; `acts` are all of it, in their order."""
    assert product.entry is not None, "a published product is described"
    assert product.registered is not None, "catalogues show what is registered"
    entry = product.entry
    page = request.build_absolute_uri(reverse("data_product", args=[product.pk]))
    sample = None
    if entry.sample_sha256:
        address = request.build_absolute_uri(reverse("data_product_sample", args=[entry.pk]))
        sample = SampleFile(address, entry.sample_media, len(bytes(entry.content)), entry.sample_sha256)
    measures: list[tuple[str, str, float]] = []
    if entry.quality is not None:
        for key, (zh, en, _what) in DIMENSIONS.items():
            share = entry.quality.content.get(key)
            if share is not None:
                measures.append((zh, en, float(share)))
    last = acts[-1]
    return Registered(
        address=request.build_absolute_uri(reverse("data_product_dcat", args=[product.pk])),
        page=page,
        number=product.code,
        holder=product.organisation.name,
        registry=last.registry.name if last.registry else "",
        registered=timezone.localtime(product.registered).date(),
        modified=timezone.localtime(last.at).date(),
        valid_until=timezone.localtime(product.until).date() if product.until else None,
        state=_STATE_ZH[shown_state(product)],
        description=entry.said,
        version=1 + sum(one.kind == Act.Kind.CHANGE for one in acts),
        sample=sample,
        measures=measures,
    )
