"""Footprints as drawings in the page itself: what a reader without scripts sees of a map, and what prints."""

from __future__ import annotations

import math
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_WIDTH, _HEIGHT, _MARGIN = 480.0, 300.0, 24.0
_KM_PER_DEGREE = 111.32
"""Kilometres of a degree of latitude."""


def footprint_svg(geojson: dict[str, Any]) -> SafeString:
    """Draw a polygon or several, WGS-84 degrees, north up, with a bar that tells the scale.

    A degree of longitude is taken as long as at the footprint's middle, which is right for the few tens of kilometres
    of a footprint. Gives an empty text for what has no rings.
    """
    polygons = geojson.get("coordinates", [])
    if geojson.get("type") == "Polygon":
        polygons = [polygons]
    rings = [ring for polygon in polygons for ring in polygon]
    points = [point for ring in rings for point in ring]
    if not points:
        return SafeString("")
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    shrink = math.cos(math.radians((south + north) / 2))
    width_km = max((east - west) * shrink * _KM_PER_DEGREE, 0.5)
    height_km = max((north - south) * _KM_PER_DEGREE, 0.5)
    scale = min((_WIDTH - 2 * _MARGIN) / width_km, (_HEIGHT - 3 * _MARGIN) / height_km)
    left = (_WIDTH - width_km * scale) / 2

    def place(x: float, y: float) -> str:
        across = left + (x - west) * shrink * _KM_PER_DEGREE * scale
        down = _MARGIN + (north - y) * _KM_PER_DEGREE * scale
        return f"{across:.1f} {down:.1f}"

    path = " ".join(f"M{' L'.join(place(x, y) for x, y in ring)} Z" for ring in rings)
    bar_km = _round_length(width_km / 2)
    return format_html(
        '<svg class="footprint" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path d="{}" fill="#f3c9b9" stroke="#8f2b10" stroke-width="1.5" fill-rule="evenodd"/>'
        '<path d="M{} {} h{}" stroke="#1c262d" stroke-width="2"/>'
        '<text x="{}" y="{}" font-size="13" fill="#1c262d">{} km</text></svg>',
        int(_WIDTH),
        int(_HEIGHT),
        _("Footprint, {width} by {height} km, north up").format(width=f"{width_km:.1f}", height=f"{height_km:.1f}"),
        mark_safe(path),  # numbers and letters of the path alone
        _MARGIN,
        _HEIGHT - 12,
        f"{bar_km * scale:.1f}",
        _MARGIN + bar_km * scale + 8,
        _HEIGHT - 8,
        f"{bar_km:g}",
    )


def _round_length(km: float) -> float:
    """Give the greatest of 1, 2, 5 times a power of ten that is not longer.

    >>> _round_length(7.3), _round_length(0.3), _round_length(24)
    (5.0, 0.2, 20.0)
    """
    power = 10.0 ** math.floor(math.log10(km))
    return round(next(step for step in (5.0, 2.0, 1.0) if step * power <= km) * power, 6)
