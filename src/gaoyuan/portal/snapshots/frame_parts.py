"""The frame of a snapshot: regions, industries, and where the figures come from; and the boundaries."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pandas as pd
from pypinyin import Style, lazy_pinyin

from gaoyuan.codes import counties, divisions, industries
from gaoyuan.codes.boundaries import BOUNDARIES_NOTICE
from gaoyuan.portal.snapshots.columns import plain_column, plain_columns
from gaoyuan.portal.snapshots.figures import Figures
from gaoyuan.portal.snapshots.map_parts import divisions_with_clusters
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import PartContent, Plain, for_both
from gaoyuan.portal.snapshots.suppression import suppressed
from gaoyuan.report.industry_english import english_name
from gaoyuan.report.outlines import county_outlines, inner_point
from gaoyuan.report.packing import pack_shapes
from gaoyuan.workspace import Workspace

_TOLERANCE_DEGREES = 0.012
_STEP_DEGREES = 0.001
_COVERAGE = ["province", "province_name", "year", "firms", "expected", "ratio", "hole"]
MEASURES = ("coded", "coverage", "diversity", "krugman", "entropy", "herfindahl", "complexity")


def read(workspace: Workspace, figures: Figures) -> Iterator[PartContent]:
    """Give the frame for both audiences, and the boundaries."""
    for audience, shown in figures.items():
        coverage = _coverage_rows(workspace)
        if audience == Audience.PUBLIC:
            coverage = suppressed(coverage, dict.fromkeys(("firms", "ratio"), "firms"))
        with_clusters: list[Plain] = [*divisions_with_clusters(workspace, audience)]
        content = {**_frame(shown.regions, shown.measures, coverage), "with_clusters": with_clusters}
        yield PartContent(audience, "frame", "", content)
    yield from for_both("outlines", "county", _outlines())


def _frame(regions: pd.DataFrame, measured: pd.DataFrame, coverage: pd.DataFrame) -> dict[str, Plain]:
    return {
        "boundaries": BOUNDARIES_NOTICE,
        "regions": plain_columns(regions, ["region", "region_level", "region_name", "firms", *MEASURES]),
        "division_names": {f"{level}:{code}": one.name for (level, code), one in divisions().items()},
        "industries": _industries(measured),
        "coverage": plain_columns(coverage, _COVERAGE),
    }


def _industries(measured: pd.DataFrame) -> dict[str, Plain]:
    known = industries()
    county = measured[measured["region_level"] == "county"]
    held = set(county["industry"])
    codes = [code for code in known if code in held]
    firms = county.drop_duplicates("industry").set_index("industry")["firms"].reindex(codes)
    names = [known[code].name for code in codes]
    return {
        "code": list(codes),
        "name": list(names),
        "english": [english_name(code) for code in codes],
        "initials": [initials(name) for name in names],
        "firms": plain_column(firms),
    }


def initials(name: str) -> str:
    """Give the first letters of a Chinese name's syllables.

    >>> initials("毛巾类制品制造")
    'mjlzpzz'
    """
    return "".join(part[0] for part in lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore") if part).lower()


def _coverage_rows(workspace: Workspace) -> pd.DataFrame:
    if not workspace.has("coverage"):
        return pd.DataFrame({name: [] for name in _COVERAGE})
    return workspace.read("coverage").to_pandas()


def _outlines() -> dict[str, Plain]:
    shapes = county_outlines(_TOLERANCE_DEGREES)
    names = counties()
    codes = sorted(shapes)
    points = [inner_point(shapes[code]) for code in codes]
    packed = pack_shapes((shapes[code] for code in codes), _STEP_DEGREES)
    return {
        "code": list(codes),
        "name": [names[code].name if code in names else code for code in codes],
        "x": [round(x, 4) for x, _ in points],
        "y": [round(y, 4) for _, y in points],
        "step": _STEP_DEGREES,
        "shapes": base64.b64encode(packed.tobytes()).decode(),
    }
