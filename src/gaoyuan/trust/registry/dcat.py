"""Descriptions as DCAT 3 (W3C Recommendation, 22 August 2024) in JSON-LD, with the names and duties of DCAT-AP 3.0.

The context stands in each document, so that nobody has to fetch one to read it. Terms of other vocabularies are those
that DCAT 3 itself names for the purpose: terms and periods of Dublin Core, ODRL 2.2 policies, SPDX check sums, DQV
measurements, PROV. `terms.faults_of` checks a document against the terms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gaoyuan.trust.canonical import Json
from gaoyuan.trust.registry.description import FREQUENCIES, KINDS, LICENCES, THEMES, Description

__all__ = ["CONTEXT", "MEDIA_TYPE", "STATES", "Registered", "SampleFile", "catalogue_of", "dataset_of"]

MEDIA_TYPE = "application/ld+json"
CONTEXT: dict[str, Json] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "cc": "http://creativecommons.org/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "adms": "http://www.w3.org/ns/adms#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of all names in a document."""

STATES = {"公示中": "public notice", "已登记": "registered", "已到期失效": "expired", "已注销": "cancelled"}
"""What the state of a registration is called, in Chinese and English."""
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_LICENCE = "https://spdx.org/licenses/"
_ACTIONS = {
    "use": "odrl:use",
    "reproduce": "odrl:reproduce",
    "derive": "odrl:derive",
    "distribute": "odrl:distribute",
    "commercialize": "cc:CommercialUse",
}
_PRICE_WORDS = {"negotiable": ("价格面议", "price by agreement"), "exchange": ("以交换取得", "in exchange")}


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A sample: where it is fetched, its media type, size in bytes and SHA-256."""

    address: str
    media: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered product as catalogues show it: its addresses, number, holder, days and state.

    `measures` are those of its quality report: the dimension in both languages with a share from 0 to 1.
    """

    address: str
    page: str
    number: str
    holder: str
    registry: str
    registered: dt.date
    modified: dt.date
    valid_until: dt.date | None
    state: str
    description: Description
    version: int = 1
    sample: SampleFile | None = None
    measures: Sequence[tuple[str, str, float]] = ()


def dataset_of(product: Registered, *, context: bool = True) -> dict[str, Json]:
    """Describe a product as a dcat:Dataset, or as a dcat:DataService where it is an interface."""
    said = product.description
    service = said.kind == "service"
    found: dict[str, Json] = {"@context": CONTEXT} if context else {}
    found |= {
        "@id": product.address,
        "@type": "dcat:DataService" if service else "dcat:Dataset",
        "dct:identifier": product.number,
        "dct:title": _zh(said.title),
        "dct:description": _zh(said.description),
        "dct:type": _concept(KINDS.get(said.kind, ("", ""))),
        "dct:issued": _day(product.registered),
        "dct:modified": _day(product.modified),
        "dct:publisher": _agent(product.holder),
        "dct:creator": _agent(product.holder),
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/ZHO"},
        "dct:accessRights": _rights(said),
        "dct:license": _licence(said),
        "odrl:hasPolicy": _policy(product),
        "dcat:theme": _concept(THEMES.get(said.theme, ("", ""))),
        "dcat:landingPage": {"@id": product.page},
        "dcat:version": str(product.version),
        "adms:status": _concept((product.state, STATES.get(product.state, ""))),
    }
    if said.keywords:
        found["dcat:keyword"] = [_zh(one) for one in said.keywords]
    if said.contact:
        found["dcat:contactPoint"] = _contact(product.holder, said.contact)
    if said.source:
        found["dct:provenance"] = {"@type": "dct:ProvenanceStatement", "skos:prefLabel": _zh(said.source)}
    if said.spatial:
        found["dct:spatial"] = {"@type": "dct:Location", "skos:prefLabel": _zh(said.spatial)}
    if product.valid_until is not None:
        found["dct:valid"] = _period(product.registered.isoformat(), product.valid_until.isoformat())
    if service:
        found["dcat:endpointURL"] = {"@id": said.access or product.page}
        return found
    if said.begins or said.ends:
        found["dct:temporal"] = _period(said.begins, said.ends)
    if said.frequency in FREQUENCIES:
        found["dct:accrualPeriodicity"] = {"@id": _FREQUENCY + said.frequency}
    if product.measures:
        found["dqv:hasQualityMeasurement"] = [_measure(*one) for one in product.measures]
    found["dcat:distribution"] = _distributions(product)
    return found


def catalogue_of(
    products: Sequence[Registered],
    *,
    address: str,
    title: tuple[str, str],
    publisher: str,
    modified: dt.date,
    page: int,
    pages: int,
    total: int,
) -> dict[str, Json]:
    """Give a page of the catalogue; `address` is that of its first page, further ones add `?page=`. Where it goes on is
    said as DCAT-AP's exchange does: by a hydra:PartialCollectionView.
    """

    def at(number: int) -> str:
        return address if number == 1 else f"{address}?page={number}"

    view: dict[str, Json] = {
        "@id": at(page),
        "@type": "hydra:PartialCollectionView",
        "hydra:first": {"@id": at(1)},
        "hydra:last": {"@id": at(pages)},
    }
    if page > 1:
        view["hydra:previous"] = {"@id": at(page - 1)}
    if page < pages:
        view["hydra:next"] = {"@id": at(page + 1)}
    datasets = [one for one in products if one.description.kind != "service"]
    services = [one for one in products if one.description.kind == "service"]
    found: dict[str, Json] = {
        "@context": CONTEXT,
        "@id": address,
        "@type": ["dcat:Catalog", "hydra:Collection"],
        "dct:title": [_zh(title[0]), {"@value": title[1], "@language": "en"}],
        "dct:description": [
            _zh("已登记的数据产品，含登记编号、许可、质量与样例"),
            {"@value": "Registered data products with number, licence, quality and sample", "@language": "en"},
        ],
        "dct:publisher": _agent(publisher),
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/ZHO"},
        "dct:modified": _day(modified),
        "hydra:totalItems": total,
        "hydra:view": view,
        "dcat:dataset": [dataset_of(one, context=False) for one in datasets],
    }
    if services:
        found["dcat:service"] = [dataset_of(one, context=False) for one in services]
    return found


def _distributions(product: Registered) -> list[Json]:
    said = product.description
    whole: dict[str, Json] = {
        "@type": "dcat:Distribution",
        "dct:title": _zh("完整数据"),
        "dcat:accessURL": {"@id": said.access or product.page},
        "dct:license": _licence(said),
    }
    if product.sample is None:
        return [whole]
    sample: dict[str, Json] = {
        "@type": "dcat:Distribution",
        "dct:title": _zh("样例数据"),
        "dcat:accessURL": {"@id": product.page},
        "dcat:downloadURL": {"@id": product.sample.address},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{product.sample.media}"},
        "dcat:byteSize": {"@value": str(product.sample.size), "@type": "xsd:nonNegativeInteger"},
        "dct:license": _licence(said),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": product.sample.sha256, "@type": "xsd:hexBinary"},
        },
    }
    return [whole, sample]


def _licence(said: Description) -> dict[str, Json]:
    if said.licence != "own":
        return {"@id": f"{_LICENCE}{said.licence}"}
    text = said.licence_text or LICENCES["own"][0]
    return {"@type": "dct:LicenseDocument", "dct:title": _zh(LICENCES["own"][0]), "dct:description": _zh(text)}


def _rights(said: Description) -> dict[str, Json]:
    free = said.price == "free" and said.licence != "own"
    code = "PUBLIC" if free else "RESTRICTED"
    return {"@id": f"http://publications.europa.eu/resource/authority/access-right/{code}"}


def _policy(product: Registered) -> dict[str, Json]:
    """Give the offer (ODRL 2.2): what is permitted, at which price, and what is forbidden."""
    said = product.description
    permitted = said.permitted or (("use",) if said.licence == "own" else tuple(_ACTIONS))
    duty = _duty(said)
    permissions: list[Json] = []
    for name in permitted:
        permission: dict[str, Json] = {"odrl:action": {"@id": _ACTIONS.get(name, "odrl:use")}}
        permissions.append({**permission, "odrl:duty": duty} if duty else permission)
    found: dict[str, Json] = {
        "@type": "odrl:Offer",
        "odrl:uid": {"@id": f"{product.page}#offer"},
        "odrl:target": {"@id": product.address},
        "odrl:assigner": _agent(product.holder),
        "odrl:permission": permissions,
    }
    if said.forbidden:
        found["odrl:prohibition"] = [{"odrl:action": {"@id": _ACTIONS.get(one, "odrl:use")}} for one in said.forbidden]
    words = [text for text in (_PRICE_WORDS.get(said.price, ("", ""))[0], said.price_terms) if text]
    if words:
        found["dct:description"] = _zh("：".join(words))
    return found


def _duty(said: Description) -> dict[str, Json]:
    if said.price != "fixed":
        return {}
    return {
        "odrl:action": {"@id": "odrl:compensate"},
        "odrl:constraint": {
            "odrl:leftOperand": {"@id": "odrl:payAmount"},
            "odrl:operator": {"@id": "odrl:eq"},
            "odrl:rightOperand": {"@value": said.price_yuan, "@type": "xsd:decimal"},
            "odrl:unit": {"@id": "http://publications.europa.eu/resource/authority/currency/CNY"},
        },
    }


def _contact(holder: str, contact: str) -> dict[str, Json]:
    found: dict[str, Json] = {"@type": "vcard:Organization", "vcard:fn": holder}
    if "@" in contact:
        return {**found, "vcard:hasEmail": {"@id": f"mailto:{contact}"}}
    return {**found, "vcard:hasTelephone": contact}


def _agent(name: str) -> dict[str, Json]:
    return {"@type": "foaf:Agent", "foaf:name": name}


def _measure(zh: str, en: str, share: float) -> dict[str, Json]:
    return {
        "@type": "dqv:QualityMeasurement",
        "dqv:isMeasurementOf": {
            "@type": "dqv:Metric",
            "skos:prefLabel": [_zh(zh), {"@value": en, "@language": "en"}],
        },
        "dqv:value": {"@value": f"{share:.6f}", "@type": "xsd:decimal"},
    }


def _period(begins: str, ends: str) -> dict[str, Json]:
    found: dict[str, Json] = {"@type": "dct:PeriodOfTime"}
    for name, text in (("dcat:startDate", begins), ("dcat:endDate", ends)):
        if text:
            found[name] = {"@value": text, "@type": "xsd:date"}
    return found


def _concept(words: tuple[str, str]) -> dict[str, Json]:
    return {"@type": "skos:Concept", "skos:prefLabel": [_zh(words[0]), {"@value": words[1], "@language": "en"}]}


def _day(day: dt.date) -> Mapping[str, Json]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}


def _zh(text: str) -> dict[str, Json]:
    return {"@value": text, "@language": "zh"}
