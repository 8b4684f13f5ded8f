"""How all charts look, and how they become drawings (SVG) that are the same wherever they are drawn.

Texts stay texts: the reader of the page, the PDF or the Word file sets them in a Chinese font. Lengths are in points at
the text's full width, so a chart's letters are as large as a table's.
"""

from __future__ import annotations

import io
import re
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from gaoyuan.report.drawings import plain_drawing
from gaoyuan.report.plain_text import printable, width_in_ems

__all__ = [
    "ACCENT",
    "FONT_SIZE",
    "GREY",
    "INK",
    "PALETTE",
    "WIDTH",
    "Draw",
    "chart",
    "folded",
    "frame",
    "key_below",
    "label_of",
    "number_text",
    "text_width",
    "value_axis",
]

WIDTH: Final = 442.0
"""The width of a chart, in points: that of the text on an A4 page (15.6 cm)."""
FONT_SIZE: Final = 8.5
PALETTE: Final = ("#1d3f5e", "#4d7ea8", "#8fb3cf", "#c7d9e6", "#e6eef4")
"""One colour from dark to light: it stays in order when printed in grey."""
INK: Final = "#222222"
GREY: Final = "#8a8a8a"
ACCENT: Final = "#b5452c"
"""For the one thing that a chart is about: a threshold, a target, the reader's own cluster."""

_FAMILIES = (
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'SimHei', sans-serif"
)
_FONT_FAMILY = re.compile(r"font-family: [^;\"]*")
_SETTINGS: dict[Any, object] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gaoyuan",
    # Matplotlib's own font measures the texts, so that a drawing does not depend on the fonts of a machine.
    "font.family": ["DejaVu Sans"],
    "font.size": FONT_SIZE,
    "text.parse_math": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.unicode_minus": True,
    "hatch.linewidth": 0.6,
    "path.simplify": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0.0,
}
# Matplotlib's settings are of the process.
_DRAWING = threading.Lock()
_POINTS_PER_INCH = 72.0

Draw = Callable[[Figure], None]


def chart(height: float, draw: Draw) -> str:
    """Give the SVG of what `draw` puts on an empty figure of `WIDTH` by `height` points; equal input gives
    equal text.
    """
    with _DRAWING, mpl.rc_context(), warnings.catch_warnings():
        mpl.rcParams.update(_SETTINGS)
        # That its own font has no Chinese letters does not matter: it only measures with it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(WIDTH / _POINTS_PER_INCH, height / _POINTS_PER_INCH))
        FigureCanvasSVG(figure)
        draw(figure)
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return plain_drawing(_FONT_FAMILY.sub(f"font-family: {_FAMILIES}", text.getvalue()))


def frame(figure: Figure, height: float, left: float, bottom: float, right: float = 8, top: float = 20) -> Axes:
    """Give axes with these margins in points, without lines above and to the right."""
    axes = figure.add_axes(
        (left / WIDTH, bottom / height, (WIDTH - left - right) / WIDTH, (height - bottom - top) / height)
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    return axes


def value_axis(axes: Axes, along: str, unit: str) -> None:
    """Give an axis of values (`x` or `y`) few marks, thin lines across, and its unit at its end."""
    axis = axes.yaxis if along == "y" else axes.xaxis
    axis.set_major_locator(MaxNLocator(5))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number_text(value)))
    axes.grid(visible=True, axis="y" if along == "y" else "x", color="#dddddd", linewidth=0.5)
    if along == "y":
        axes.spines["left"].set_visible(False)
        axes.annotate(label_of(unit), (0, 1), (-2, 8), "axes fraction", "offset points", ha="right", color="#555555")
    elif unit:
        axes.set_xlabel(label_of(unit), loc="right", labelpad=2, color="#555555")


def key_below(figure: Figure, height: float, entries: Sequence[tuple[str, str, str]]) -> None:
    """Write the key along the lower edge: for each entry its mark (`box`, `hatch`, `line` or `dot`), its colour
    and its words.
    """
    axes = figure.add_axes((0, 0, 1, 14 / height))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, 14)
    axes.axis("off")
    at = (WIDTH - sum(text_width(words) + 32 for _, _, words in entries) + 12) / 2
    for mark, colour, words in entries:
        if mark in ("box", "hatch"):
            hatch = "////" if mark == "hatch" else None
            face = "white" if hatch else colour
            axes.bar(at + 5, 7, 10, 4, facecolor=face, edgecolor=colour, hatch=hatch, linewidth=0.5)
        elif mark == "dot":
            axes.plot([at + 5], [7.5], "o", color=colour, markersize=4.5)
        else:
            axes.plot([at, at + 12], [7.5, 7.5], color=colour, linewidth=1.4)
        axes.text(at + 16, 7, label_of(words), va="center_baseline")
        at += text_width(words) + 32


def text_width(text: str) -> float:
    """Estimate the width of a text in points."""
    return FONT_SIZE * max((width_in_ems(line) for line in text.split("\n")), default=0.0)


def label_of(text: str) -> str:
    """Give a text of users as a label in a drawing."""
    return printable(text)


def folded(text: str, width: float) -> str:
    r"""Fold a label into lines of at most `width` points; a third line and what follows is cut off with an ellipsis.

    >>> folded("高阳县毛巾产业集群", 60)
    '高阳县毛巾产业\n集群'
    """
    lines, line = [], ""
    for character in printable(text).replace("\n", " "):
        if line and text_width(line + character) > width:
            lines.append(line)
            line = ""
        line += character
    lines.append(line)
    if len(lines) > 2:
        lines = [lines[0], lines[1][:-1] + "…"]
    return "\n".join(lines)


def number_text(value: float) -> str:
    """Write a number with as many digits as tell it from others of its size.

    >>> [number_text(value) for value in (0, 0.25, 3.14159, 58.26, 12345.6)]
    ['0', '0.25', '3.14', '58.3', '12,346']
    """
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 0.1 else 4
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace("-", "−")
