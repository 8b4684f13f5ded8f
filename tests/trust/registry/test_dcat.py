"""Descriptions as DCAT 3: sound by its terms, whole, and paged."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from gaoyuan.trust.registry.dcat import CONTEXT, Registered, SampleFile, catalogue_of, dataset_of
from gaoyuan.trust.registry.description import KINDS, LICENCES, PRICES, Description
from gaoyuan.trust.registry.terms import CLASSES, faults_of

_NAMES = """
Catalog CatalogRecord DataService Dataset DatasetSeries Distribution Relationship Resource Role accessService
accessURL bbox byteSize catalog centroid compressFormat contactPoint dataset distribution downloadURL endDate
endpointDescription endpointURL first hadRole hasCurrentVersion hasVersion inSeries isVersionOf keyword
landingPage last mediaType packageFormat prev previousVersion qualifiedRelation record resource servesDataset
service spatialResolutionInMeters startDate temporalResolution theme themeTaxonomy version
"""
DCAT_3 = frozenset(_NAMES.split())
"""All classes and properties of the namespace http://www.w3.org/ns/dcat# in the recommendation of 22 August 2024."""

SAID = Description(
    "用电量",
    "每日用电量",
    keywords=("电", "设备"),
    source="自采",
    spatial="青岛",
    begins="2025-01-01",
    frequency="DAILY",
    licence_text="仅限内部使用",
    forbidden=("distribute",),
    price="fixed",
    price_yuan="12.50",
    contact="data@example.org",
)
PRODUCT = Registered(
    "https://example.org/p/1/dcat.jsonld",
    "https://example.org/p/1/",
    "DP1",
    "甲厂",
    "市数据局",
    dt.date(2026, 1, 1),
    dt.date(2026, 2, 1),
    dt.date(2029, 1, 1),
    "已登记",
    SAID,
    sample=SampleFile("https://example.org/s/1", "text/csv", 30, "ab" * 32),
    measures=(("完整性", "completeness", 0.98),),
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("licence", LICENCES)
@pytest.mark.parametrize("price", PRICES)
def test_every_kind_licence_and_price_gives_a_sound_description(kind: str, licence: str, price: str) -> None:
    product = replace(PRODUCT, description=replace(SAID, kind=kind, licence=licence, price=price))
    found = dataset_of(product)
    assert faults_of(found, "dcat:DataService" if kind == "service" else "dcat:Dataset") == []
    assert found["@context"] == CONTEXT


def test_the_least_that_can_be_said_is_sound_too() -> None:
    least = replace(PRODUCT, description=Description("甲", "乙"), sample=None, measures=(), valid_until=None)
    assert faults_of(dataset_of(least), "dcat:Dataset") == []


def test_a_catalogue_leads_from_page_to_page() -> None:
    pages = [
        catalogue_of(
            [PRODUCT],
            address="https://example.org/c",
            title=("目录", "catalogue"),
            publisher="example.org",
            modified=dt.date(2026, 2, 1),
            page=page,
            pages=3,
            total=3,
        )
        for page in (1, 2, 3)
    ]
    for page in pages:
        assert faults_of(page, "dcat:Catalog") == []
    views = [json.loads(json.dumps(page["hydra:view"])) for page in pages]
    assert [view.get("hydra:next", {}).get("@id") for view in views] == [
        "https://example.org/c?page=2",
        "https://example.org/c?page=3",
        None,
    ]
    assert views[1]["hydra:previous"] == {"@id": "https://example.org/c"}


def test_a_price_is_a_duty_of_the_offer_and_a_forbidden_use_a_prohibition() -> None:
    offer = json.loads(json.dumps(dataset_of(PRODUCT)["odrl:hasPolicy"]))
    assert offer["odrl:permission"][0]["odrl:duty"]["odrl:constraint"]["odrl:rightOperand"]["@value"] == "12.50"
    assert offer["odrl:prohibition"] == [{"odrl:action": {"@id": "odrl:distribute"}}]


def test_a_document_with_a_slip_is_found() -> None:
    for change, said in (
        ({"dcat:titel": "x"}, "no term"),
        ({"dct:title": None}, "should be a text"),
        ({"dct:issued": {"@value": "2026-13-01"}}, "should be a date"),
        ({"dct:publisher": "甲厂"}, "should be a foaf:Agent"),
        ({"dcat:landingPage": {"@id": "no address"}}, "no address"),
        ({"dcat:distribution": [{"@type": "dcat:Distribution"}]}, "lacks dcat:accessURL"),
        ({"@type": "dcat:Catalog"}, "is no dcat:Dataset"),
        ({"@context": {}}, "another than that of the register"),
    ):
        faults = faults_of({**dataset_of(PRODUCT), **change}, "dcat:Dataset")  # pyright: ignore[reportArgumentType]
        assert any(said in fault for fault in faults), (change, faults)


def test_every_dcat_name_that_is_used_is_one_of_dcat_3() -> None:
    names = {*CLASSES, *(name for rules in CLASSES.values() for name in rules)}
    used = {name.removeprefix("dcat:") for name in names if name.startswith("dcat:")}
    assert used <= DCAT_3
    assert {name.partition(":")[0] for name in names} <= set(CONTEXT)
