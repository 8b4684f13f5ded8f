"""The next service that the page of a cluster, a chain or an enterprise proposes, with the form that it opens, filled
with what is known; and to the owner of a machine that stands idle, by its bookings, to share it or to offer its hours.

Only services that the viewer may open are proposed, and to the public none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import process
from gaoyuan.exchange.proposals import Idle, Link, Proposal, propose
from gaoyuan.portal.access import roles_of
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.booking.idle import idle_of
from gaoyuan.portal.cases.seeing import opening_roles

__all__ = ["Next", "next_of_chain", "next_of_cluster", "next_of_firm"]

_MOST = 3
_PROCESS = {"demand": "supply-demand", "pool": "pool"}


@dataclass(frozen=True, slots=True)
class Next:
    """A proposal in the words of the page, and the address of its form."""

    words: str
    why: str
    address: str


def next_of_cluster(viewer: Viewer, chain: Mapping[str, Any]) -> list[Next]:
    """Give what a cluster's part of the chain proposes: what members make, and what no member makes."""
    makers = dict(zip(chain.get("product_name", ()), chain.get("makers", ()), strict=True))
    lacking = zip(
        chain.get("lacks", ()),
        chain.get("lacks_name", ()),
        chain.get("lacks_state", ()),
        chain.get("lacks_for", ()),
        strict=True,
    )
    links = [
        Link(product, name, state, sum(makers.get(one) or 0 for one in wanted.split(", ")))
        for product, name, state, wanted in lacking
    ]
    made = zip(chain.get("product", ()), chain.get("product_name", ()), chain.get("state", ()), strict=True)
    links += [Link(product, name, state, None) for product, name, state in made]
    return _offered(viewer, propose(links, idle_of(viewer), most=_MOST))


def next_of_chain(viewer: Viewer, rows: Sequence[Mapping[str, Any]], uses: Mapping[str, Any] | None) -> list[Next]:
    """Give what the whole chain proposes: `rows` are its products, `uses` the columns of what needs what."""
    firms = {row["product"]: row.get("local_firms") or 0 for row in rows}
    users: dict[str, int] = {}
    for product, wanted in zip((uses or {}).get("product", ()), (uses or {}).get("input", ()), strict=True):
        if wanted is not None:
            users[wanted] = users.get(wanted, 0) + firms.get(product, 0)
    links = [Link(row["product"], row["product_name"], row.get("state"), users.get(row["product"])) for row in rows]
    return _offered(viewer, propose(links, idle_of(viewer), most=_MOST))


def next_of_firm(viewer: Viewer, subject: str) -> list[Next]:
    """Give what an enterprise's page proposes to the enterprise itself: its machines that stand idle."""
    own = viewer.organisation
    if own is None or own.subject != subject:
        return []
    return _offered(viewer, propose((), idle_of(viewer), most=_MOST))


def _offered(viewer: Viewer, proposals: Sequence[Proposal]) -> list[Next]:
    if viewer.role not in roles_of("services", "GET"):
        return []
    english = get_language() == "en"
    found = []
    for one in proposals:
        address = _address(viewer, one)
        if address:
            found.append(Next(_words(one) % {"name": one.name}, one.en if english else one.zh, address))
    return found


def _address(viewer: Viewer, proposal: Proposal) -> str:
    known = urlencode({"title": proposal.name, "name": proposal.name, "product": proposal.product})
    if proposal.service == "invite":
        return f"{reverse('chain_product', args=[proposal.product])}#candidates" if viewer.is_office else ""
    if proposal.idle is not None:
        return _address_of_idle(viewer, proposal.idle)
    if proposal.service == "listing":
        try:
            allowed = viewer.role in roles_of("resource_new", "GET")
            return f"{reverse('resource_new')}?{known}" if allowed else ""
        except NoReverseMatch:
            return ""
    key = _PROCESS[proposal.service]
    return f"{reverse('case_new', args=[key])}?{known}" if opening_roles(viewer, process(key)) else ""


def _address_of_idle(viewer: Viewer, machine: Idle) -> str:
    """Give the form in which a machine is shared, or in which its free hours are offered."""
    if not machine.listed:
        allowed = machine.key and viewer.role in roles_of("resource_edit", "GET")
        return reverse("resource_edit", args=[machine.key]) if allowed else ""
    if viewer.role not in roles_of("trading_offer_new", "GET"):
        return ""
    text = "，".join(one for one in (machine.name, machine.words) if one)
    return f"{reverse('trading_offer_new')}?{urlencode({'text': text, 'unit': '小时'})}"


def _words(proposal: Proposal) -> str:
    return {
        "invite": _("Invite a maker of %(name)s"),
        "demand": _("Ask for offers of %(name)s"),
        "pool": _("Buy %(name)s together"),
        "listing": _("Share %(name)s") if proposal.idle else _("Share capacity for %(name)s"),
        "advertise": _("Offer the free hours of %(name)s"),
    }[proposal.service]
