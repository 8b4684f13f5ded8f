"""Charts for reports, each as SVG text. What is unknown is marked 未知 and never drawn as zero.

A chart has no title: the caption of its figure says what it shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Sized
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from gaoyuan.report.chart_frame import (
    ACCENT,
    FONT_SIZE,
    GREY,
    PALETTE,
    WIDTH,
    chart,
    folded,
    frame,
    key_below,
    number_text,
    text_width,
    value_axis,
)

__all__ = [
    "RankInterval",
    "bars_over_years",
    "ranks_with_intervals",
    "shares",
]

UNKNOWN_WORD = "未知"
_HEIGHT = 190.0
_ROW = 21.0
_LABELS = 150.0
_BEYOND = 1.12
# What lets a number be read where a line crosses it.
_HALO = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}


class RankInterval(NamedTuple):
    """A place in a ranking, 1 the best, and the places between which it lies; `own` is the one the report is about."""

    label: str
    rank: float
    low: float
    high: float
    own: bool = False


def bars_over_years(values: Mapping[int, float | None], unit: str, *, target: tuple[str, float] | None = None) -> str:
    """Draw a bar for each year, and a line at a target with its name.

    Every year from the first to the last has its place; where the value is None or the year is missing, 未知 stands
    there. Raises ValueError where there are no years or a value is not finite.

    >>> bars_over_years({2022: 38.5, 2024: 44.1}, "亿元").count("未知")
    1
    """
    years = _years(values)
    _finite(values.values())

    def draw(figure: Figure) -> None:
        axes = frame(figure, _HEIGHT, left=46, bottom=22, right=_right_margin(target))
        known = {year: value for year in years if (value := values.get(year)) is not None}
        axes.bar(list(known), list(known.values()), width=0.58, color=PALETTE[1], linewidth=0)
        _limits(axes, [*known.values(), *([target[1]] if target else [])])
        value_axis(axes, "y", unit)
        for year, value in known.items():
            below = value < 0
            offset = (0, -3 if below else 3)
            axes.annotate(
                number_text(value), (year, value), offset, textcoords="offset points", ha="center",
                va="top" if below else "bottom", bbox=_HALO, zorder=4,
            )  # fmt: skip
        _mark_unknown(axes, [year for year in years if year not in known])
        _year_axis(axes, years)
        if target:
            _target_line(axes, target)

    return chart(_HEIGHT, draw)


def ranks_with_intervals(items: Sequence[RankInterval], of: int, interval_name: str = "名次区间") -> str:
    """Draw places in a ranking of `of` as dots on the lines between which they lie; the best is at the left.

    Raises ValueError where there are no items, or a place does not lie between its bounds and these in 1 to `of`.
    """
    _some(items)
    for item in items:
        if not 1 <= item.low <= item.rank <= item.high <= of:
            raise ValueError(f"{item.label!r}: place {item.rank} does not lie in {item.low}–{item.high} of 1–{of}")
    height = _ROW * len(items) + 58
    left = _label_margin([item.label for item in items])

    def draw(figure: Figure) -> None:
        axes = frame(figure, height, left=left, bottom=42, right=20, top=10)
        axes.set_xlim(0.5, max(of, 2) + 0.5)
        for at, item in enumerate(items):
            colour = ACCENT if item.own else PALETTE[0]
            axes.plot(
                [item.low, item.high], [at, at], color=ACCENT if item.own else PALETTE[2], linewidth=3.2,
                alpha=0.45 if item.own else 1, solid_capstyle="butt",
            )  # fmt: skip
            axes.plot([item.rank], [at], "o", color=colour, markersize=5)
        value_axis(axes, "x", "名次")
        step = max(1, math.ceil(of / 10))
        axes.set_xticks([1, *range(step, of + 1, step)] if step > 1 else list(range(1, of + 1)))
        _label_axis(axes, [item.label for item in items], left)
        entries = [("dot", PALETTE[0], "名次"), ("line", PALETTE[2], interval_name)]
        key_below(figure, height, [*entries, *([("dot", ACCENT, "本集群")] if any(i.own for i in items) else [])])

    return chart(height, draw)


def shares(rows: Mapping[str, Mapping[str, float | None]]) -> str:
    """Draw for each row how a whole is shared out, as one bar from 0 to 100 %; shares are fractions.

    Parts are in the order of their first mention, at most five. What the known parts leave open is 未知, hatched.
    Raises ValueError where there are no rows or more than five parts, or shares are negative or make more than 1.
    """
    _some(rows)
    parts = list(dict.fromkeys(part for row in rows.values() for part in row))
    if len(parts) > len(PALETTE):
        raise ValueError(f"a chart tells at most {len(PALETTE)} parts apart, not {len(parts)}: join the smallest")
    for label, row in rows.items():
        known = [share for share in row.values() if share is not None]
        _finite(known)
        if any(share < 0 for share in known) or sum(known) > 1 + 1e-6:
            raise ValueError(f"{label!r}: shares are fractions that make at most 1, not {known}")
    height = (_ROW + 4) * len(rows) + 48
    left = _label_margin(list(rows))
    gaps = {label: 1 - sum(share or 0 for share in row.values()) for label, row in rows.items()}

    def draw(figure: Figure) -> None:
        axes = frame(figure, height, left=left, bottom=36, right=18, top=6)
        axes.set_xlim(0, 1)
        for at, (label, row) in enumerate(rows.items()):
            begin = 0.0
            for part, colour in zip(parts, PALETTE, strict=False):
                share = row.get(part) or 0.0
                axes.barh(at, share, 0.6, begin, facecolor=colour, edgecolor="white", linewidth=0.6)
                if share * (WIDTH - left) > text_width("100.0%"):
                    light = colour in PALETTE[:2]
                    axes.text(
                        begin + share / 2, at, f"{share:.1%}", ha="center", va="center",
                        color="white" if light else "#222222",
                    )  # fmt: skip
                begin += share
            if gaps[label] > 1e-4:
                axes.barh(at, gaps[label], 0.6, begin, facecolor="white", edgecolor=GREY, hatch="////", linewidth=0.5)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
        axes.spines["bottom"].set_visible(False)
        _label_axis(axes, list(rows), left)
        entries = [("box", colour, part) for part, colour in zip(parts, PALETTE, strict=False)]
        unknown = [("hatch", GREY, UNKNOWN_WORD)] if any(gap > 1e-4 for gap in gaps.values()) else []
        key_below(figure, height, [*entries, *unknown])

    return chart(height, draw)


def _years(values: Mapping[int, object]) -> list[int]:
    _some(values)
    return list(range(min(values), max(values) + 1))


def _some(items: Sized) -> None:
    if not len(items):
        raise ValueError("there is nothing to draw")


def _finite(values: Iterable[float | None]) -> None:
    for value in values:
        if value is not None and not math.isfinite(value):
            raise ValueError(f"{value} cannot be drawn; None stands for an unknown value")


def _limits(axes: Axes, values: Sequence[float]) -> None:
    """Leave room beyond the values; bars begin at zero."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low) * (_BEYOND - 1) or abs(high) * 0.1 or 1.0
    begin = 0.0 if low >= 0 else low - room
    end = max(high, 0.0) * _BEYOND if high > 0 else 0.0
    axes.set_ylim(begin, end if end > begin else begin + 1)


def _year_axis(axes: Axes, years: Sequence[int]) -> None:
    step = max(1, math.ceil(len(years) / 14))
    shown = years[::-1][::step][::-1]
    axes.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    axes.set_xticks(shown, [str(year) for year in shown])


def _mark_unknown(axes: Axes, years: Sequence[int]) -> None:
    """Write 未知 where a year has no value, above the axis, upright where there is room."""
    room = (WIDTH - 60) / max(1.0, axes.get_xlim()[1] - axes.get_xlim()[0])
    for year in years:
        words = UNKNOWN_WORD if room > 2.4 * FONT_SIZE else "\n".join(UNKNOWN_WORD)
        axes.annotate(
            words, (year, 0), (0, 4), ("data", "axes fraction"), "offset points", ha="center", va="bottom", color=GREY
        )
        across = axes.get_xaxis_transform()
        axes.add_patch(
            Rectangle((year - 0.29, 0), 0.58, 1, transform=across, facecolor="#f3f3f3", zorder=0, linewidth=0)
        )


def _right_margin(target: tuple[str, float] | None) -> float:
    return 10 if target is None else min(110.0, max(text_width(target[0]), text_width(number_text(target[1]))) + 14)


def _target_line(axes: Axes, target: tuple[str, float]) -> None:
    name, value = target
    axes.axhline(value, color=ACCENT, linewidth=1.1)
    words = f"{folded(name, 96)}\n{number_text(value)}"
    axes.annotate(
        words, (1, value), (4, 0), ("axes fraction", "data"), "offset points", va="center", color=ACCENT,
        annotation_clip=False,
    )  # fmt: skip


def _label_margin(labels: Sequence[str]) -> float:
    return min(_LABELS, max(text_width(label) for label in labels)) + 12


def _label_axis(axes: Axes, labels: Sequence[str], left: float) -> None:
    """Name the rows, the first at the top."""
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_yticks([])
    for at, label in enumerate(labels):
        # Line by line: of several lines in one text the widths would have to be known.
        lines = folded(label, left - 12).split("\n")
        for line, text in enumerate(lines):
            up = (len(lines) - 1) / 2 - line
            axes.annotate(
                text, (0, at), (-4, up * FONT_SIZE * 1.15), ("axes fraction", "data"), "offset points",
                ha="right", va="center_baseline",
            )  # fmt: skip
