#!/usr/bin/env python
"""Write the pages of the documentation that follow from the code: `docs/tables.md` and `docs/headings.md`.

.venv/bin/python scripts/table-schemas.py
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from gaoyuan.workspace import COMPARISON, SCHEMAS, THEME, TableSchema
from gaoyuan.workspace.chain_tables import CHAIN_SCHEMAS

DOCS = Path(__file__).parents[1] / "docs"
_CHAIN = (
    ("products", "Products of a chain"),
    ("uses", "What products need"),
    ("makes", "Who makes what"),
    ("trades", "Trades"),
)
_TYPES = {
    "string": "text",
    "int64": "whole number",
    "double": "number",
    "date32[day]": "date",
    "bool": "yes or no",
    "timestamp[us, tz=UTC]": "moment, UTC",
    "binary": "geometry (WKB, WGS-84)",
}
_MEANING = {
    "product_name": "the product (sold, made, or that needs another), by name",
    "product_code": "its code, where there is one",
    "input_code": "code of the product that is needed",
    "division_given": "division code of where the firm is",
    "name": "name of the firm; the one column that a file must have",
    "uscc": "unified social credit code, GB 32100",
    "legal_form": "legal form",
    "status": "status of registration",
    "established": "date of establishment",
    "scope": "business scope",
    "address": "registered address",
    "province": "province, by name",
    "city": "prefecture, by name",
    "district": "county, by name",
    "division": "division code, GB/T 2260",
    "industry_given": "industry, GB/T 4754: code or name",
    "employees": "persons employed",
    "revenue_yuan": "operating revenue",
    "assets_yuan": "total assets",
    "capital_yuan": "registered capital",
    "capital_currency": "currency of the registered capital",
    "longitude": "longitude",
    "latitude": "latitude",
    "title_given": "title; needed unless `--title` gives one for the whole file",
    "level": "level of the title",
    "batch": "batch",
    "granted": "date of the grant, to the day, the month or the year",
    "valid_to": "last day, period or years of validity",
}


def tables_page() -> str:
    """Give the page of table schemas."""
    parts = [
        "# Tables",
        "",
        "Every result is a row of one of these tables of a workspace. `gaoyuan tables WS` lists those that have been "
        "written, `gaoyuan export WS TABLE FILE` writes one as CSV, XLSX, Parquet, GeoJSON or GeoParquet, and "
        '`gaoyuan.open("WS").table("TABLE")` gives it in Python.',
        "",
        "An empty cell is unknown and never zero. Money is in yuan, area in km², shares are fractions from 0 to 1. "
        "Codes are text and keep their leading zeros. `run` names the run, a row of the table `run`, that made the "
        "row.",
        "",
        "This page is written by `scripts/table-schemas.py` from the schemas that the program uses.",
        "",
    ]
    for schema in SCHEMAS.values():
        parts += _table(schema)
    parts += [
        "## Results that no workspace keeps",
        "",
        "`gaoyuan theme` and `gaoyuan compare` give these.",
        "",
    ]
    for schema in (THEME, COMPARISON):
        parts += _table(schema, level="###")
    return "\n".join(parts).rstrip() + "\n"


def headings_page() -> str:
    """Give the page of the headings by which columns are recognised."""
    vocabulary = tomllib.loads((files("gaoyuan.registry") / "columns.toml").read_text(encoding="utf-8"))
    entries = [entry for entry in vocabulary.values() if "target" in entry]
    registers = [entry for entry in entries if "enterprises" in entry.get("kinds", ("enterprises",))]
    lists = [entry for entry in entries if "titles" in entry.get("kinds", ())]
    parts = [
        "# Headings that are recognised",
        "",
        "The columns of an enterprise register are recognised by their headings. Blanks, punctuation, upper and lower "
        "case, full and half width make no difference; what stands in brackets is read as a unit or a datum. Where a "
        "file has several columns for one target, the heading that stands first in the list wins. For any other "
        "heading, [name the column in a mapping file](own-files.md#columns-that-are-not-recognised).",
        "",
        "This page is written by `scripts/table-schemas.py` from the list that the program uses.",
        "",
        *_headings(registers),
        "",
        "## Lists of titled firms",
        "",
        "`gaoyuan import WS titles` looks for these.",
        "",
        *_headings(lists),
    ]
    for kind, title in _CHAIN:
        of_kind = [entry for entry in entries if kind in entry.get("kinds", ())]
        parts += ["", f"## {title}", "", f"`gaoyuan import WS {kind}` looks for these.", "", *_headings(of_kind)]
    units: dict[float, list[str]] = {}
    for unit, factor in vocabulary["units"].items():
        units.setdefault(factor, []).append(unit)
    parts += [
        "",
        "## Units of money",
        "",
        "In brackets behind a heading, as in 营业收入(万元), or in the cell itself, as in 500万元. Without a unit, "
        "amounts are in yuan.",
        "",
        "| yuan | written |",
        "|---:|---|",
        *(f"| {factor:,.0f} | {'、'.join(names)} |" for factor, names in units.items()),
        "",
        "## Datums of coordinates",
        "",
        "Named in the heading, as in 经度(GCJ-02), or by `datum` in the mapping file. Without one, coordinates are "
        "taken as WGS-84.",
        "",
        "| datum | marks |",
        "|---|---|",
    ]
    datums: dict[str, list[str]] = {}
    for mark, datum in vocabulary["datums"].items():
        datums.setdefault(datum, []).append(mark)
    parts += [f"| {datum} | {'、'.join(marks)} |" for datum, marks in datums.items()]
    words = "、".join(f"`{word}`" for word in vocabulary["nothing"]["words"] if word)
    parts += ["", "## Words for unknown", "", f"A cell is unknown where it is empty or holds one of: {words}", ""]
    return "\n".join(parts)


def _headings(entries: list[dict[str, Any]]) -> list[str]:
    rows = ["| read as | what it holds | headings |", "|---|---|---|"]
    for entry in entries:
        shown = "、".join(heading.replace("|", "\\|") for heading in entry["headings"])
        rows.append(f"| `{entry['target']}` | {_meaning(entry['target'])} | {shown} |")
    return rows


def _meaning(target: str) -> str:
    """Say what a target is, in words of its own or in those of the chain's tables."""
    of_chains = {column.name: column.meaning for schema in CHAIN_SCHEMAS for column in schema.columns}
    return _MEANING.get(target) or of_chains[target]


def _table(schema: TableSchema, level: str = "##") -> list[str]:
    return [
        f"{level} `{schema.name}` {schema.zh}",
        "",
        f"A row is {schema.grain}.",
        "",
        "| column | 中文 | type | meaning |",
        "|---|---|---|---|",
        *(
            f"| `{column.name}` | {column.zh} | {_type(column.type, column.unit)} | "
            f"{column.meaning.replace('|', chr(92) + '|')} |"
            for column in schema.columns
        ),
        "",
    ]


def _type(kind: pa.DataType, unit: str) -> str:
    return _TYPES[str(kind)] + (f", {unit}" if unit else "")


PAGES = {"tables.md": tables_page, "headings.md": headings_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
