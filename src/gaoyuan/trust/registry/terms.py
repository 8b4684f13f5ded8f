"""The terms of DCAT 3 that the register uses, and what each may hold: a document is checked against them.

For each class its properties with the kind of value, the least and the greatest number. Classes and properties are
those of DCAT 3; what must be there is what DCAT-AP 3.0.0 demands of a catalogue, a data set, a service and a
distribution. A name that is not here is a fault: so a slip of the pen never becomes a term that nobody reads.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from gaoyuan.trust.canonical import Json
from gaoyuan.trust.registry.dcat import CONTEXT

__all__ = ["CLASSES", "faults_of"]

_MANY = 1_000_000
_Rule = tuple[str, int, int]
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")

_RESOURCE: dict[str, _Rule] = {
    "dct:title": ("text", 1, _MANY),
    "dct:description": ("text", 1, _MANY),
    "dct:identifier": ("text", 0, _MANY),
    "dct:issued": ("date", 0, 1),
    "dct:modified": ("date", 0, 1),
    "dct:publisher": ("foaf:Agent", 0, 1),
    "dct:creator": ("foaf:Agent", 0, _MANY),
    "dct:language": ("iri", 0, _MANY),
    "dct:license": ("iri|dct:LicenseDocument", 0, 1),
    "dct:accessRights": ("iri", 0, 1),
    "dct:type": ("skos:Concept", 0, 1),
    "dct:spatial": ("dct:Location", 0, _MANY),
    "dct:valid": ("dct:PeriodOfTime", 0, 1),
    "dct:provenance": ("dct:ProvenanceStatement", 0, _MANY),
    "dcat:theme": ("skos:Concept", 0, _MANY),
    "dcat:keyword": ("text", 0, _MANY),
    "dcat:contactPoint": ("vcard:Organization", 0, _MANY),
    "dcat:landingPage": ("iri", 0, _MANY),
    "dcat:version": ("text", 0, 1),
    "adms:status": ("skos:Concept", 0, 1),
    "odrl:hasPolicy": ("odrl:Offer", 0, _MANY),
}
_DATASET: dict[str, _Rule] = {
    **_RESOURCE,
    "dcat:distribution": ("dcat:Distribution", 0, _MANY),
    "dct:temporal": ("dct:PeriodOfTime", 0, _MANY),
    "dct:accrualPeriodicity": ("iri", 0, 1),
    "dqv:hasQualityMeasurement": ("dqv:QualityMeasurement", 0, _MANY),
}
_RULE: dict[str, _Rule] = {
    "odrl:action": ("iri", 1, 1),
    "odrl:duty": ("odrl:Duty", 0, _MANY),
    "odrl:constraint": ("odrl:Constraint", 0, _MANY),
}

CLASSES: dict[str, dict[str, _Rule]] = {
    "dcat:Catalog": {
        **_DATASET,
        "dct:publisher": ("foaf:Agent", 1, 1),
        "dcat:dataset": ("dcat:Dataset", 0, _MANY),
        "dcat:service": ("dcat:DataService", 0, _MANY),
        "hydra:totalItems": ("integer", 0, 1),
        "hydra:view": ("hydra:PartialCollectionView", 0, 1),
    },
    "dcat:Dataset": _DATASET,
    "dcat:DataService": {
        **_RESOURCE,
        "dcat:endpointURL": ("iri", 1, 1),
        "dcat:endpointDescription": ("iri", 0, _MANY),
        "dcat:servesDataset": ("iri", 0, _MANY),
    },
    "dcat:Distribution": {
        "dct:title": ("text", 0, _MANY),
        "dct:description": ("text", 0, _MANY),
        "dct:license": ("iri|dct:LicenseDocument", 0, 1),
        "dcat:accessURL": ("iri", 1, _MANY),
        "dcat:downloadURL": ("iri", 0, _MANY),
        "dcat:mediaType": ("iri", 0, 1),
        "dcat:byteSize": ("integer", 0, 1),
        "spdx:checksum": ("spdx:Checksum", 0, 1),
    },
    "hydra:PartialCollectionView": {
        name: ("iri", least, 1)
        for name, least in (("hydra:first", 1), ("hydra:last", 1), ("hydra:next", 0), ("hydra:previous", 0))
    },
    "foaf:Agent": {"foaf:name": ("text", 1, _MANY)},
    "vcard:Organization": {
        "vcard:fn": ("text", 1, 1),
        "vcard:hasEmail": ("iri", 0, 1),
        "vcard:hasTelephone": ("text", 0, 1),
    },
    "skos:Concept": {"skos:prefLabel": ("text", 1, _MANY)},
    "dct:Location": {"skos:prefLabel": ("text", 1, _MANY)},
    "dct:ProvenanceStatement": {"skos:prefLabel": ("text", 1, _MANY)},
    "dct:LicenseDocument": {"dct:title": ("text", 0, _MANY), "dct:description": ("text", 0, _MANY)},
    "dct:PeriodOfTime": {"dcat:startDate": ("date", 0, 1), "dcat:endDate": ("date", 0, 1)},
    "spdx:Checksum": {"spdx:algorithm": ("iri", 1, 1), "spdx:checksumValue": ("text", 1, 1)},
    "dqv:QualityMeasurement": {"dqv:isMeasurementOf": ("dqv:Metric", 1, 1), "dqv:value": ("number", 1, 1)},
    "dqv:Metric": {"skos:prefLabel": ("text", 1, _MANY)},
    "odrl:Offer": {
        "odrl:uid": ("iri", 1, 1),
        "odrl:target": ("iri", 0, _MANY),
        "odrl:assigner": ("foaf:Agent", 1, 1),
        "odrl:permission": ("odrl:Permission", 1, _MANY),
        "odrl:prohibition": ("odrl:Prohibition", 0, _MANY),
        "dct:description": ("text", 0, _MANY),
    },
    "odrl:Permission": _RULE,
    "odrl:Prohibition": _RULE,
    "odrl:Duty": _RULE,
    "odrl:Constraint": {
        "odrl:leftOperand": ("iri", 1, 1),
        "odrl:operator": ("iri", 1, 1),
        "odrl:rightOperand": ("number", 1, 1),
        "odrl:unit": ("iri", 0, 1),
    },
}
"""Class to property to the kind of value, the least number and the greatest."""
_UNTYPED = frozenset({"odrl:Permission", "odrl:Prohibition", "odrl:Duty", "odrl:Constraint"})
"""Classes whose nodes follow from where they stand."""


def faults_of(document: Mapping[str, Json], kind: str) -> list[str]:
    """Give all that is wrong with a document of a class, in English, each with where; empty for a sound one.

    >>> faults_of({"@id": "urn:x:1", "@type": "dcat:Dataset", "dct:titel": "用电量"}, "dcat:Dataset")
    ['/dct:titel is no term of dcat:Dataset', '/ lacks dct:title', '/ lacks dct:description']
    """
    found = [] if document.get("@context") in (None, CONTEXT) else ["/@context is another than that of the register"]
    return [*found, *_node(document, kind, "/")]


def _node(node: Mapping[str, Json], kind: str, where: str) -> Iterator[str]:
    types = node.get("@type")
    named = types if isinstance(types, list) else [types]
    if kind not in named and not (types is None and kind in _UNTYPED):
        yield f"{where} is no {kind}"
        return
    identity = node.get("@id")
    if identity is not None and not _is_iri(identity):
        yield f"{where}@id is no address"
    rules = CLASSES[kind]
    for name, value in node.items():
        if name in ("@id", "@type", "@context"):
            continue
        if name not in rules:
            yield f"{where}{name} is no term of {kind}"
            continue
        expected, _least, most = rules[name]
        values = value if isinstance(value, list) else [value]
        if len(values) > most:
            yield f"{where}{name} stands there {len(values)} times, at most {most} may"
        for one in values:
            yield from _value(one, expected, f"{where}{name}")
    for name, (_expected, least, _most) in rules.items():
        held = node.get(name)
        if least and (held is None or held == []):
            yield f"{where} lacks {name}"


def _value(value: Json, expected: str, where: str) -> Iterator[str]:
    kinds = expected.split("|")
    if "iri" in kinds and isinstance(value, Mapping) and set(value) == {"@id"}:
        if not _is_iri(value["@id"]):
            yield f"{where} is no address"
        return
    classes = [one for one in kinds if one in CLASSES]
    if classes:
        if isinstance(value, Mapping):
            yield from _node(value, classes[0], f"{where}/")
        else:
            yield f"{where} should be a {classes[0]}"
        return
    text = value.get("@value") if isinstance(value, Mapping) else value
    if not _CHECKS[kinds[0]](text):
        yield f"{where} should be a {kinds[0]}"


def _is_iri(value: Json) -> bool:
    return isinstance(value, str) and _IRI.fullmatch(value) is not None


def _is_date(value: Json) -> bool:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _is_number(value: Json) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


_CHECKS: dict[str, Callable[[Json], bool]] = {
    "text": lambda value: isinstance(value, str) and bool(value.strip()),
    "date": _is_date,
    "number": _is_number,
    "integer": lambda value: not isinstance(value, bool) and re.fullmatch(r"[0-9]+", str(value)) is not None,
    "iri": lambda value: False,
}
