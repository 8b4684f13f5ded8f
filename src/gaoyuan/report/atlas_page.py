"""An atlas as a page that needs no network: the chain level by level, the regions, and the lists."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from gaoyuan.chain.atlas import STATES, STATES_ZH, FilledList
from gaoyuan.chain.atlas.findings import STATES_EN
from gaoyuan.chain.atlas.profiles import Words
from gaoyuan.report.atlas_content import NO_ROWS, AtlasContent
from gaoyuan.report.atlas_regions import region_shapes
from gaoyuan.report.atlas_words import STATUS_WORDS, cell, industry_words, place_name
from gaoyuan.report.packing import JsonValue, pack
from gaoyuan.report.script_page import built, script_page

MOST_PRODUCTS = 3_000
"""So many products a page shows, the nearest first; a browser still answers at once."""
MOST_ROWS = 2_000
_SHARES = ("national_share", "local_supply_low", "local_supply_high", "imported_share")


def atlas_page(content: AtlasContent) -> str:
    """Give an atlas as the text of one HTML file; the same atlas gives the same text.

    Of an atlas with more than 3,000 products it shows the nearest, of a list the first 2,000 rows, and says so. Raises
    ExtraMissing where the page's script was not built.
    """
    script, style = built("atlas.js"), built("atlas.css")
    header, arrays = page_data(content)
    title = f"{content.atlas.product_name}产业链图谱"
    return script_page(title, script, style, pack(header, arrays))


def page_data(content: AtlasContent) -> tuple[dict[str, JsonValue], dict[str, np.ndarray]]:
    """Give what the page shows as a header and arrays for `packing.pack`."""
    atlas, profile, found = content.atlas, content.profile, content.findings
    nodes, index = _nodes(content)
    regions, arrays = region_shapes(atlas.regions) if _shows(content, "regions") else ({}, {})
    status = STATUS_WORDS[profile.status]
    header: dict[str, JsonValue] = {
        "product": atlas.product,
        "name": atlas.product_name,
        "place": content.locality.title,
        "as_of": atlas.as_of.isoformat(),
        "states": [[state, STATES_ZH[state], STATES_EN[state]] for state in STATES],
        "rules": [[name, rule.zh, rule.en] for name, rule in content.rules()],
        "profile": {
            "title": _both(profile.title),
            "status": [*status],
            "source": _both(profile.source),
            "url": profile.url,
            "note": _both(profile.note),
        },
        "headline": _both(found.headline),
        "urgent": _both(found.urgent),
        "total": atlas.nodes.num_rows,
        "nodes": nodes,
        "links": _links(content, index),
        "firms": _firms(content, index),
        "regions": regions,
        "maps": [
            {
                "id": one.form.id,
                "title": _both(one.form.title),
                "shows": one.form.shows,
                "no_data": _both(one.no_data),
                "table": _list(one.table) if one.table is not None else None,
            }
            for one in content.filled.maps
        ],
        "lists": [_list(one) for one in content.filled.lists],
        "sources": [_both(one) for one in content.sources],
    }
    return header, arrays


def _shows(content: AtlasContent, kind: str) -> bool:
    return any(one.form.shows == kind and one.no_data is None for one in content.filled.maps)


def _nodes(content: AtlasContent) -> tuple[dict[str, JsonValue], dict[str, int]]:
    """Give the products as columns, the nearest where there are too many, and the place of each by its id."""
    rows = content.atlas.nodes.to_pylist()
    if len(rows) > MOST_PRODUCTS:
        near = sorted(range(len(rows)), key=lambda at: abs(rows[at]["level"]))[:MOST_PRODUCTS]
        rows = [rows[at] for at in sorted(near)]
    index = {str(row["product"]): at for at, row in enumerate(rows)}
    columns: dict[str, JsonValue] = {
        "id": list(index),
        "name": [str(row["product_name"]) for row in rows],
        "chain": [row["chain"] for row in rows],
        "industry": [None if row["industry"] is None else industry_words(row["industry"]) for row in rows],
        "level": [row["level"] for row in rows],
        "loop": [bool(row["loop"]) for row in rows],
        "state": [STATES.index(row["state"]) for row in rows],
        "output": [_rounded(row["local_output_yuan"]) for row in rows],
    }
    for name in ("local_firms", "outside_firms", "unknown_firms", "possible_firms"):
        columns[name] = [row[name] for row in rows]
    for name in _SHARES:
        columns[name] = [_rounded(row[name]) for row in rows]
    return columns, index


def _links(content: AtlasContent, index: Mapping[str, int]) -> dict[str, JsonValue]:
    kept = [link for link in content.atlas.links.to_pylist() if link["product"] in index and link["input"] in index]
    return {
        "product": [index[link["product"]] for link in kept],
        "input": [index[link["input"]] for link in kept],
        "share": [_rounded(link["share"]) for link in kept],
        "quantity": [_rounded(link["quantity"]) for link in kept],
        "essential": [link["essential"] for link in kept],
    }


def _firms(content: AtlasContent, index: Mapping[str, int]) -> dict[str, JsonValue]:
    kept = [row for row in content.rows.makers if row["product"] in index]
    return {
        "node": [index[str(row["product"])] for row in kept],
        "name": [str(row["name"] or row["enterprise_id"] or "") for row in kept],
        "place": [str(row["place_kind"]) for row in kept],
        "where": [None if row["division"] is None else place_name(str(row["division"])) for row in kept],
        "size": [_json(cell(row["size"], "size")) for row in kept],
        "titles": [_json(row["titles"]) for row in kept],
        "employees": [_rounded(row["employees"]) for row in kept],
        "revenue": [_rounded(row["revenue_yuan"]) for row in kept],
        "output": [_rounded(row["output_yuan"]) for row in kept],
        "national": [_rounded(row["national_share"]) for row in kept],
    }


def _list(one: FilledList) -> dict[str, JsonValue]:
    shown = one.rows[:MOST_ROWS]
    note = one.no_data or (NO_ROWS if not one.rows else None)
    return {
        "id": one.form.id,
        "title": _both(one.form.title),
        "no_data": _both(one.no_data),
        "empty": _both(note),
        "note": _both(one.note),
        "total": len(one.rows),
        "columns": [[column.key, column.zh, column.en, column.kind] for column in one.columns],
        "rows": [
            [_json(cell(value, column.kind)) for value, column in zip(row, one.columns, strict=True)] for row in shown
        ],
    }


def _both(words: Words | None) -> Sequence[str] | None:
    return None if words is None else [words.zh, words.en]


def _json(value: object) -> JsonValue:
    if isinstance(value, float):
        return _rounded(value)
    return value if isinstance(value, str | int | bool) else None


def _rounded(value: object) -> float | None:
    """Give a number to six significant digits, which is more than the page shows; None where unknown."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(f"{value:.6g}")
