"""Cases that are tenders, as releases of the Open Contracting Data Standard 1.1: one after every record of the case,
each as far as its reader may see it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gaoyuan.exchange.process import Case as Standing
from gaoyuan.exchange.process import from_plain, process, replay
from gaoyuan.exchange.tenders import Award, Contract, Party, Tender, release, release_package
from gaoyuan.exchange.tenders.model import AwardStatus, Category, ContractStatus, Method, TenderStatus
from gaoyuan.exchange.tenders.ocds import Json
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.service import service_of

__all__ = ["PREFIX", "is_tender", "releases_of"]

PREFIX = "ocds-000000"
"""The publisher's prefix; an operator who publishes registers one of his own."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the parts of a tender are called in a process. States of `statuses` that are not named are "complete"; in
    those of `working` there is a contract.
    """

    buyer: str
    supplier: str
    answering: str
    category: Category
    method: Method
    statuses: Mapping[str, TenderStatus]
    working: frozenset[str]
    ended: Mapping[str, ContractStatus] = field(default_factory=dict)
    value: str | None = None


_TERMS = {
    "supply-demand": _Terms(
        "buyer", "supplier", "quote", "goods", "open",
        {"draft": "planned", "open": "active", "comparing": "active", "unawarded": "unsuccessful",
         "withdrawn": "withdrawn"},
        frozenset({"ordered", "delivered", "disputed"}),
        {"completed": "terminated", "settled": "terminated", "unsettled": "cancelled"},
        "price_yuan",
    ),
    "challenge": _Terms(
        "firm", "solver", "answer", "services", "selective",
        {"draft": "planned", "pre_check": "planned", "screening": "planned", "published": "active",
         "selecting": "active", "unanswered": "unsuccessful", "rejected": "cancelled", "withdrawn": "withdrawn"},
        frozenset({"working", "accepting", "refereed"}),
        {"solved": "terminated", "unsolved": "cancelled"},
    ),
    "pool": _Terms(
        "organiser", "supplier", "commit", "goods", "limited",
        {"draft": "planned", "proposed": "planned", "open": "active", "clearing": "active", "failed": "unsuccessful",
         "withdrawn": "withdrawn"},
        frozenset({"ordered", "delivered", "disputed"}),
        {"settled": "terminated", "unsettled": "cancelled"},
    ),
}  # fmt: skip


def is_tender(case: Case) -> bool:
    """Tell whether a case is a tender that has been published."""
    terms = _TERMS.get(case.process)
    return terms is not None and terms.statuses.get(case.state, "complete") != "planned"


def releases_of(viewer: Viewer, case: Case, *, uri: str, published: dt.datetime) -> dict[str, Json]:
    """Give the package of releases of a case, one for every record that the viewer may see; the first is that of its
    publication. A release tells of those who answered only where the viewer may see who they are.
    """
    terms, asked, service = _TERMS[case.process], process(case.process), service_of(case.process)
    lines = list(RecordLine.unscoped.filter(case=case).select_related("case").order_by("number"))
    names = _names(lines)
    seen = terms.value is not None and service.shows(viewer, case, terms.value)
    releases: list[dict[str, Json]] = []
    before: Tender | None = None
    awards: tuple[Award, ...] = ()
    answered: dict[str, Party] = {}
    secret = False
    records = []
    for line in lines:
        records.append(from_plain(line.plain, asked))
        standing = replay(asked, records)
        may_see = service.shows_line(viewer, case, line)
        if line.plain["move"] == terms.answering:
            answered[line.plain["actor"]] = names[line.plain["actor"]]
            secret = secret or not may_see
        status = terms.statuses.get(standing.state, "complete")
        if status == "planned" or not may_see:
            continue
        awards = _awards(awards, terms, standing, names, case, seen=seen)
        tender = Tender(
            str(case.pk),
            case.title,
            names[str(standing.facts[terms.buyer])],
            status,
            terms.method,
            terms.category,
            opens=None if before is None else before.opens,
            closes=_moment(standing, "closes_at"),
            tenderers=None if secret else tuple(answered.values()),
            awards=awards,
            contracts=_contracts(awards, terms, standing),
        )
        if before is None:
            tender = replace(tender, opens=standing.last_at)
        releases.append(release(tender, prefix=PREFIX, number=line.number, when=standing.last_at, before=before))
        before = tender
    return release_package(releases, uri=uri, publisher="高原 Gaoyuan", published=published)


def _names(lines: list[RecordLine]) -> dict[str, Party]:
    """Give everybody whom the records name."""
    keys = {line.plain["actor"] for line in lines} | {
        text for line in lines for text in line.plain["given"].values() if isinstance(text, str) and text.isdigit()
    }
    rows = Organisation.objects.filter(pk__in=[int(key) for key in keys if key.isdigit() and len(key) < 10])
    return {str(one.pk): Party(str(one.pk), one.name) for one in rows}


def _awards(
    awards: tuple[Award, ...], terms: _Terms, standing: Standing, names: Mapping[str, Party], case: Case, *, seen: bool
) -> tuple[Award, ...]:
    """Carry the awards on: a new supplier is a new one, one that is gone was cancelled."""
    chosen = standing.facts.get(terms.supplier)
    value = standing.facts.get(terms.value) if terms.value and seen else None
    held = [one for one in awards if one.status != "cancelled"]
    gone = tuple(replace(one, status="cancelled") if one in held else one for one in awards)
    if chosen is None or terms.statuses.get(standing.state, "complete") != "complete":
        return gone
    status: AwardStatus = "active" if standing.state in terms.working | set(terms.ended) else "pending"
    amount = value if isinstance(value, Decimal) else None
    if held and held[-1].suppliers[0].key == str(chosen):
        return (*awards[:-1], replace(held[-1], status=status, value=amount))
    made = Award(f"{case.pk}-award-{len(awards) + 1}", status, standing.last_at, (names[str(chosen)],), amount)
    return (*gone, made)


def _contracts(awards: tuple[Award, ...], terms: _Terms, standing: Standing) -> tuple[Contract, ...]:
    status: ContractStatus | None = "active" if standing.state in terms.working else terms.ended.get(standing.state)
    if status is None or not awards or awards[-1].status != "active":
        return ()
    award = awards[-1]
    return (Contract(award.key.replace("-award-", "-contract-"), award.key, status, value=award.value),)


def _moment(standing: Standing, name: str) -> dt.datetime | None:
    value = standing.facts.get(name)
    return value if isinstance(value, dt.datetime) else None
