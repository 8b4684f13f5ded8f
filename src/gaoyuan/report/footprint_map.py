"""The map of a cluster's footprint in its counties, as SVG text: outlines only, at the right aspect, with its scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from gaoyuan.codes.boundaries import BOUNDARIES_NOTICE
from gaoyuan.report.chart_frame import ACCENT, FONT_SIZE, GREY, INK, PALETTE, WIDTH, chart, key_below, label_of
from gaoyuan.report.outlines import inner_point
from gaoyuan.report.packing import polygons_of

__all__ = ["footprint_map"]

_KILOMETRES_PER_DEGREE = 111.195
_LOWEST, _HIGHEST = 170.0, 380.0
_BELOW = 34.0
_GAP = 12.0
_ROOM = 0.06
_SMALL = 0.4
"""A footprint that takes a smaller part of its counties' extent than this is drawn a second time, larger."""
_LOCATOR = 0.36
_DETAIL = 1 / 1500
"""Corners that stand out less than this part of the view are left out: nobody sees them."""
_MOST_POINTS = 3_000
_FILL = "#e0b1a4"


class _View(NamedTuple):
    """A window of longitudes and latitudes, WGS-84, and how long a degree of longitude is by one of latitude."""

    west: float
    south: float
    east: float
    north: float
    squeeze: float

    @property
    def aspect(self) -> float:
        return (self.north - self.south) / ((self.east - self.west) * self.squeeze)

    @property
    def kilometres(self) -> float:
        return (self.east - self.west) * self.squeeze * _KILOMETRES_PER_DEGREE


def footprint_map(
    footprint: shapely.Geometry,
    counties: Mapping[str, shapely.Geometry],
    *,
    points: npt.NDArray[np.float64] | None = None,
    points_name: str = "企业",
    notice: str = BOUNDARIES_NOTICE,
) -> str:
    """Draw a cluster's footprint and the outlines of its counties by name, all in WGS-84 degrees.

    `points` (n × 2: longitude, latitude) are drawn as dots, at most 3,000 of them, evenly taken; those that are not
    finite are left out. A footprint that is small in its counties is drawn a second time, larger, beside them. The
    scale bar holds for the middle of the view. `notice` names the source of the boundaries, as its licence demands.

    Raises ValueError where footprint and counties are all empty, or reach beyond the degrees of the earth.
    """
    shapes = [footprint, *counties.values()]
    filled = [shape for shape in shapes if not shapely.is_empty(shape)]
    if not filled:
        raise ValueError("there is neither a footprint nor a county to draw")
    whole = _view(filled)
    near = whole if shapely.is_empty(footprint) else _view([footprint])
    split = bool(counties) and near.kilometres * max(1.0, near.aspect) < _SMALL * whole.kilometres * max(
        1.0, whole.aspect
    )
    dots = _dots(points)
    views = [whole, near] if split else [whole]
    widths = [WIDTH * _LOCATOR, WIDTH * (1 - _LOCATOR) - _GAP] if split else [WIDTH]
    tallest = max(view.aspect * width for view, width in zip(views, widths, strict=True))
    inner = min(max(tallest, _LOWEST), _HIGHEST)
    height = inner + _BELOW

    def draw(figure: Figure) -> None:
        left = 0.0
        for at, (view, width) in enumerate(zip(views, widths, strict=True)):
            axes = figure.add_axes((left / WIDTH, _BELOW / height, width / WIDTH, inner / height))
            seen = _grown(view, width, inner)
            main = at == len(views) - 1
            _draw_view(axes, seen, footprint, counties, dots if main else None, named=not split or not main)
            _scale_bar(axes, seen, width, inner)
            if split and not main:
                around = _grown(near, widths[1], inner)
                corner, across, up = (around.west, around.south), around.east - around.west, around.north - around.south
                axes.add_patch(Rectangle(corner, across, up, fill=False, edgecolor=INK, linewidth=0.7, zorder=6))
            left += width + _GAP
        entries = [] if shapely.is_empty(footprint) else [("box", _FILL, "集群范围")]
        entries += [("line", GREY, "县（市、区）界")] if counties else []
        dotted = [("dot", PALETTE[0], label_of(points_name))] if len(dots) else []
        _notice(figure, notice, height)
        key_below(figure, height, [*entries, *dotted])

    return chart(height, draw)


def _view(shapes: Sequence[shapely.Geometry]) -> _View:
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(np.array(shapes, dtype=object)))
    if not (-180 <= west <= east <= 180 and -90 < south <= north < 90):
        raise ValueError(f"{west}, {south}, {east}, {north} are not degrees of longitude and latitude")
    squeeze = math.cos(math.radians((south + north) / 2))
    room = max((east - west) * squeeze, north - south, 0.01) * _ROOM
    return _View(west - room / squeeze, south - room, east + room / squeeze, north + room, squeeze)


def _grown(view: _View, width: float, height: float) -> _View:
    """Widen a view so that it fills a panel of this size."""
    across, up = (view.east - view.west) * view.squeeze, view.north - view.south
    scale = max(across / width, up / height)
    more_across, more_up = (scale * width - across) / 2 / view.squeeze, (scale * height - up) / 2
    return _View(
        view.west - more_across, view.south - more_up, view.east + more_across, view.north + more_up, view.squeeze
    )


def _draw_view(
    axes: Axes,
    view: _View,
    footprint: shapely.Geometry,
    counties: Mapping[str, shapely.Geometry],
    dots: npt.NDArray[np.float64] | None,
    *,
    named: bool,
) -> None:
    axes.set_xlim(view.west, view.east)
    axes.set_ylim(view.south, view.north)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_color("#cccccc")
    window = shapely.box(*view[:4])
    for name, shape in counties.items():
        seen = _seen(shape, window, view)
        _patch(axes, seen, facecolor="#f6f7f8", edgecolor="none", zorder=1)
        _patch(axes, seen, facecolor="none", edgecolor=GREY, linewidth=0.8, zorder=4)
        if named and not shapely.is_empty(seen) and polygons_of(seen):
            x, y = inner_point(seen)
            axes.text(x, y, label_of(name), ha="center", va="center", color="#555555", zorder=7)
    _patch(axes, _seen(footprint, window, view), facecolor=_FILL, edgecolor=ACCENT, linewidth=0.8, zorder=3)
    if dots is not None and len(dots):
        axes.plot(dots[:, 0], dots[:, 1], "o", color=PALETTE[0], markersize=1.6, markeredgewidth=0, zorder=5)


def _seen(shape: shapely.Geometry, window: shapely.Geometry, view: _View) -> shapely.Geometry:
    """Cut a shape to a view and leave out what is too small to be seen."""
    if shapely.is_empty(shape):
        return shape
    simple = shapely.simplify(shapely.make_valid(shape), (view.north - view.south) * _DETAIL)
    return shapely.intersection(simple, shapely.buffer(window, (view.north - view.south) * 0.02))


def _patch(axes: Axes, shape: shapely.Geometry, **style: object) -> None:
    vertices, codes = [], []
    for polygon in polygons_of(shape):
        # Outer and inner rings run opposite ways, so that holes stay empty.
        for ring in (polygon.exterior, *polygon.interiors):
            corners = shapely.get_coordinates(ring)
            clockwise = shapely.is_ccw(ring) == (ring is not polygon.exterior)
            vertices.append(corners[::-1] if clockwise else corners)
            codes.append([Path.MOVETO] + [Path.LINETO] * (len(corners) - 2) + [Path.CLOSEPOLY])
    if vertices:
        axes.add_patch(PathPatch(Path(np.concatenate(vertices), np.concatenate(codes)), **style))  # pyright: ignore[reportArgumentType]


def _dots(points: npt.NDArray[np.float64] | None) -> npt.NDArray[np.float64]:
    if points is None:
        return np.empty((0, 2))
    known = points[np.isfinite(points).all(axis=1)]
    return known[:: max(1, math.ceil(len(known) / _MOST_POINTS))]


def _scale_bar(axes: Axes, view: _View, width: float, height: float) -> None:
    kilometres = _round_length(view.kilometres / 4)
    length = kilometres / view.kilometres
    x, y = 8 / width, 10 / height
    axes.plot(
        [x, x + length], [y, y], color=INK, linewidth=2, transform=axes.transAxes, zorder=8, solid_capstyle="butt"
    )
    axes.annotate(f"{kilometres:g} km", (x, y), (0, 3), "axes fraction", "offset points", color=INK, zorder=8)


def _round_length(kilometres: float) -> float:
    """Give the largest of 1, 2, 5 × a power of ten that is not longer.

    >>> [_round_length(length) for length in (0.7, 3, 49.9, 100)]
    [0.5, 2.0, 20.0, 100.0]
    """
    power = 10.0 ** math.floor(math.log10(kilometres))
    return max(step for step in (power, 2 * power, 5 * power) if step <= kilometres * (1 + 1e-9))


def _notice(figure: Figure, notice: str, height: float) -> None:
    figure.text(
        1 - 1 / WIDTH, (_BELOW - 4) / height, label_of(notice), ha="right", va="top", color="#777777",
        fontsize=FONT_SIZE - 2.3,
    )  # fmt: skip
