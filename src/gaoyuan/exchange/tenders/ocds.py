"""Tenders in the Open Contracting Data Standard 1.1: a release says how a tender stood after one record of its process.

Releases are never changed: the number of the record is part of their id. What is unknown is left out. The standard and
its schemas: standard.open-contracting.org/1.1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from gaoyuan.exchange.tenders.model import Award, Contract, Line, Milestone, Party, Tender

__all__ = ["release", "release_package", "tags_between"]

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
_ENDED = {"cancelled", "withdrawn", "unsuccessful"}


def release(
    tender: Tender, *, prefix: str, number: int, when: dt.datetime, before: Tender | None = None
) -> dict[str, Json]:
    """Give the release after record `number` of a tender's process; `before` is how the tender stood until then, and
    `prefix` the publisher's (ocds-xxxxxx, given by the standard's registry).

    >>> wanted = Tender("t1", "毛巾布", Party("b", "甲厂"), "active")
    >>> made = release(wanted, prefix="ocds-000000", number=3, when=dt.datetime(2026, 5, 1, tzinfo=dt.timezone.utc))
    >>> made["ocid"], made["id"], made["tag"]
    ('ocds-000000-t1', 'ocds-000000-t1-3', ['tender'])
    """
    ocid = f"{prefix}-{tender.key}"
    tags: list[Json] = [*tags_between(before, tender)]
    made: dict[str, Json] = {
        "ocid": ocid,
        "id": f"{ocid}-{number}",
        "date": _time(when),
        "language": "zh",
        "tag": tags,
        "initiationType": "tender",
        "parties": _parties(tender),
        "buyer": _reference(tender.buyer),
        "tender": _tender(tender),
        "awards": [_award(award) for award in tender.awards],
        "contracts": [_contract(contract) for contract in tender.contracts],
    }
    return _known(made)


def release_package(
    releases: Sequence[dict[str, Json]], *, uri: str, publisher: str, published: dt.datetime
) -> dict[str, Json]:
    """Give releases as a package that is published at an address."""
    return {
        "uri": uri,
        "version": "1.1",
        "publishedDate": _time(published),
        "publisher": {"name": publisher},
        "releases": [*releases],
    }


def tags_between(before: Tender | None, after: Tender) -> list[str]:
    """Say in the standard's words what happened between two states of a tender; "tenderUpdate" where nothing else.

    >>> open_one = Tender("t1", "毛巾布", Party("b", "甲厂"), "active")
    >>> tags_between(open_one, Tender("t1", "毛巾布", Party("b", "甲厂"), "cancelled"))
    ['tenderCancellation']
    """
    if before is None:
        tags = ["tender"]
    elif after.status in _ENDED and before.status not in _ENDED:
        tags = ["tenderCancellation"]
    elif (before.title, before.description, before.lines, before.closes) != (
        after.title,
        after.description,
        after.lines,
        after.closes,
    ):
        tags = ["tenderAmendment"]
    else:
        tags = []
    tags += _of_awards({} if before is None else {one.key: one for one in before.awards}, after.awards)
    tags += _of_contracts({} if before is None else {one.key: one for one in before.contracts}, after.contracts)
    return tags or ["tenderUpdate"]


def _of_awards(old: dict[str, Award], awards: Sequence[Award]) -> list[str]:
    tags: set[str] = set()
    for award in awards:
        earlier = old.get(award.key)
        if earlier is None:
            tags.add("award")
        elif earlier != award:
            cancelled = award.status == "cancelled" and earlier.status != "cancelled"
            tags.add("awardCancellation" if cancelled else "awardUpdate")
    return sorted(tags)


def _of_contracts(old: dict[str, Contract], contracts: Sequence[Contract]) -> list[str]:
    tags: set[str] = set()
    for contract in contracts:
        earlier = old.get(contract.key)
        if earlier is None:
            tags.add("contract")
        elif earlier.status != contract.status and contract.status in {"cancelled", "terminated"}:
            tags.add("contractTermination")
        elif earlier.milestones != contract.milestones:
            tags.add("implementationUpdate" if earlier.milestones else "implementation")
        elif earlier != contract:
            tags.add("contractUpdate")
    return sorted(tags)


def _tender(tender: Tender) -> dict[str, Json]:
    told = tender.tenderers
    return {
        "id": tender.key,
        "title": tender.title,
        "description": tender.description or None,
        "status": tender.status,
        "procuringEntity": _reference(tender.buyer),
        "items": [_line(line) for line in tender.lines],
        "value": _yuan(tender.value),
        "procurementMethod": tender.method,
        "mainProcurementCategory": tender.category,
        "tenderPeriod": {"startDate": _time(tender.opens), "endDate": _time(tender.closes)},
        "numberOfTenderers": None if told is None else len(told),
        "tenderers": None if told is None else [_reference(party) for party in told],
    }


def _award(award: Award) -> dict[str, Json]:
    return {
        "id": award.key,
        "status": award.status,
        "date": _time(award.date),
        "value": _yuan(award.value),
        "suppliers": [_reference(party) for party in award.suppliers],
        "items": [_line(line) for line in award.lines],
    }


def _contract(contract: Contract) -> dict[str, Json]:
    return {
        "id": contract.key,
        "awardID": contract.award,
        "status": contract.status,
        "dateSigned": _time(contract.signed),
        "value": _yuan(contract.value),
        "items": [_line(line) for line in contract.lines],
        "implementation": {"milestones": [_milestone(one) for one in contract.milestones]},
    }


def _milestone(one: Milestone) -> dict[str, Json]:
    return {
        "id": one.key,
        "title": one.title,
        "status": one.status,
        "dueDate": _time(one.due),
        "dateMet": _time(one.met),
    }


def _line(line: Line) -> dict[str, Json]:
    return {
        "id": line.key,
        "description": line.name,
        "quantity": _number(line.quantity),
        "unit": {"name": line.unit},
        "classification": {"scheme": "GB/T 4754", "id": line.industry} if line.industry else None,
    }


def _parties(tender: Tender) -> list[Json]:
    roles: dict[str, set[str]] = {}
    parties = {party.key: party for party in tender.parties()}
    roles.setdefault(tender.buyer.key, set()).update(("buyer", "procuringEntity"))
    for party in tender.tenderers or ():
        roles.setdefault(party.key, set()).add("tenderer")
    for award in tender.awards:
        for party in award.suppliers:
            roles.setdefault(party.key, set()).add("supplier")
    told: list[Json] = []
    for key, party in parties.items():
        own: list[Json] = [*sorted(roles[key])]
        identifier: Json = {"scheme": "CN-USCC", "id": party.uscc} if party.uscc else None
        told.append({"id": key, "name": party.name, "roles": own, "identifier": identifier})
    return told


def _reference(party: Party) -> dict[str, Json]:
    return {"id": party.key, "name": party.name}


def _yuan(value: Decimal | None) -> Json:
    return None if value is None else {"amount": _number(value), "currency": "CNY"}


def _number(value: Decimal | None) -> Json:
    """Give a number that JSON's readers take for the same: whole where it is."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _time(when: dt.datetime | None) -> str | None:
    return None if when is None else when.isoformat(timespec="seconds")


def _known(held: dict[str, Json]) -> dict[str, Json]:
    """Leave out what is unknown: nothing, and lists and objects of nothing."""
    kept: dict[str, Json] = {}
    for name, value in held.items():
        inner = value
        if isinstance(value, dict):
            inner = _known(value)
        elif isinstance(value, list):
            inner = [_known(one) if isinstance(one, dict) else one for one in value]
        if inner is not None and inner != [] and inner != {}:
            kept[name] = inner
    return kept
