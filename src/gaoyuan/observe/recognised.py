"""Clusters on official lists, and which found cluster is which of them.

The shipped list was compiled for this project from news and notices, each row with its source; it is incomplete, and
its industry codes are our guesses.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import pandas as pd

_COLUMNS = {"gbt4754_guess": "industries", "source_url": "source", "county_code": "county"}


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (files("gaoyuan.observe") / "data" / "recognised_clusters.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def recognised_clusters() -> pd.DataFrame:
    """Give the recognised clusters as the table `recognised_cluster` has them; unknown is missing.

    >>> recognised_clusters().query("county == '130628'")["name"].tolist()
    ['高阳县毛巾纺织产业集群']
    """
    rows = pd.DataFrame(list(_rows()))
    rows["county_name"] = rows.pop("county")
    rows = rows.rename(columns=_COLUMNS)
    rows["recognised_id"] = [f"{listed}-{i + 1:03d}" for i, listed in enumerate(rows["list"])]
    rows["year"] = pd.to_numeric(rows["year"], errors="coerce").astype("Int64")
    return rows.replace("", None)


def match_recognised(county: pd.Series, industry: pd.Series, recognised: pd.DataFrame) -> pd.Series:
    """Give for each found cluster (county and class) the position of the recognised cluster in its county whose
    industry code its class begins with, the closest one, else -1.

    >>> known = pd.DataFrame({"county": ["130628"], "industries": ["177"]})
    >>> match_recognised(pd.Series(["130628", "130628"]), pd.Series(["1771", "3670"]), known).tolist()
    [0, -1]
    """
    by_county: dict[str, list[tuple[str, int]]] = {}
    for position, (place, code) in enumerate(zip(recognised["county"], recognised["industries"], strict=True)):
        if isinstance(place, str) and isinstance(code, str):
            by_county.setdefault(place, []).append((code, position))

    def best(place: str, code: str) -> int:
        fitting = [(len(prefix), -position) for prefix, position in by_county.get(place, []) if code.startswith(prefix)]
        return -max(fitting)[1] if fitting else -1

    return pd.Series(
        [best(place, code) for place, code in zip(county, industry, strict=True)], index=county.index, dtype=int
    )
