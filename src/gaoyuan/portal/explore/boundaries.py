"""Boundaries that the portal's owner has approved, in the place of the shipped ones: a GeoJSON file, packed once."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

import orjson
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_CODES = ("code", "adcode", "县代码", "区划代码", "代码")
"""Properties in which a county's code may stand."""
_TOLERANCE_DEGREES = 0.012
_STEP_DEGREES = 0.001


def approved_tag() -> str:
    """Give what tells the owner's boundaries from others, "" where the shipped ones are shown."""
    return _digest(settings.BOUNDARIES)[:16] if settings.BOUNDARIES else ""


def approved_outlines() -> bytes | None:
    """Give the owner's boundaries as the part `outlines` of a snapshot, compressed; None where none are set.

    The file is a GeoJSON FeatureCollection in WGS-84 degrees, a feature a county, with its six-digit code in a property
    `code` or `adcode`. What is made of it is kept beside the database. Raises ImproperlyConfigured for another file.
    """
    return _kept(settings.BOUNDARIES, _digest(settings.BOUNDARIES)) if settings.BOUNDARIES else None


def check_boundaries() -> None:
    """Raise ImproperlyConfigured where boundaries are set that cannot be shown, or no notice for them."""
    if settings.BOUNDARIES and not settings.BOUNDARIES_NOTICE:
        raise ImproperlyConfigured(
            "GAOYUAN_BOUNDARIES is set without GAOYUAN_BOUNDARIES_NOTICE: say whose boundaries they are, and the "
            "number of their approval (审图号)"
        )
    approved_outlines()


@lru_cache(maxsize=2)
def _kept(file: str, digest: str) -> bytes:
    kept = Path(settings.PORTAL) / f"boundaries-{digest[:16]}.json.gz"
    if kept.is_file():
        return kept.read_bytes()
    packed = gzip.compress(orjson.dumps(_packed(file)), mtime=0)
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_name(f"{kept.name}.{os.getpid()}")
    partial.write_bytes(packed)
    partial.replace(kept)
    return packed


def _packed(file: str) -> dict[str, object]:
    import numpy as np
    import shapely

    from gaoyuan.codes import counties
    from gaoyuan.report.outlines import inner_point
    from gaoyuan.report.packing import pack_shapes, polygons_of

    try:
        features = json.loads(Path(file).read_text("utf-8-sig"))["features"]
        held = {_code(feature): shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features}
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as fault:
        raise ImproperlyConfigured(f"GAOYUAN_BOUNDARIES: {file} is no GeoJSON of counties with their codes") from fault
    codes = sorted(code for code in held if code and polygons_of(held[code]))
    if not codes:
        raise ImproperlyConfigured(
            f"GAOYUAN_BOUNDARIES: no feature of {file} has a county's code in `code` or `adcode`"
        )
    whole = [shapely.multipolygons(polygons_of(shapely.make_valid(held[code]))) for code in codes]
    simple = shapely.coverage_simplify(np.array(whole, dtype=object), _TOLERANCE_DEGREES)
    shapes = [small if polygons_of(small) else full for small, full in zip(simple, whole, strict=True)]
    names, points = counties(), [inner_point(shape) for shape in shapes]
    return {
        "code": codes,
        "name": [names[code].name if code in names else code for code in codes],
        "x": [round(x, 4) for x, _ in points],
        "y": [round(y, 4) for _, y in points],
        "step": _STEP_DEGREES,
        "shapes": base64.b64encode(pack_shapes(shapes, _STEP_DEGREES).tobytes()).decode(),
    }


def _code(feature: dict[str, dict[str, object]]) -> str:
    given = feature.get("properties") or {}
    found = next((str(given[name]) for name in _CODES if given.get(name)), "")
    return found if len(found) == 6 and found.isdecimal() else ""


def _digest(file: str) -> str:
    try:
        stat = Path(file).stat()
        return _sum(file, stat.st_size, stat.st_mtime_ns)
    except OSError as fault:
        raise ImproperlyConfigured(f"GAOYUAN_BOUNDARIES: {file} cannot be read") from fault


@lru_cache(maxsize=2)
def _sum(file: str, size: int, changed: int) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()
