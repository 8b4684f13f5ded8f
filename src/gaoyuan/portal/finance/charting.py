"""The chart of a dossier: sales and purchases by month, drawn by the server, so that it prints and needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Bar", "Chart", "month_chart"]

WIDTH, HEIGHT = 720, 220
_LEFT, _BOTTOM, _TOP = 64, 28, 12
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: where it stands, in the units of the drawing, and what it says."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, the labels of months (place, text) and the lines of the scale (height, text)."""

    bars: Sequence[Bar]
    months: Sequence[tuple[float, str]]
    scale: Sequence[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT


def month_chart(by_month: Sequence[Sequence[str]], *, chinese: bool = True) -> Chart:
    """Draw months, each with sales and purchases in yuan, as `figures_of` gives them; Chinese scales count in 万.

    >>> chart = month_chart([["2026-01", "50.00", "0.00", "1"], ["2026-02", "100.00", "25.00", "2"]])
    >>> [(bar.kind, round(bar.height)) for bar in chart.bars]
    [('sales', 90), ('sales', 180), ('purchases', 45)]
    >>> [text for _, text in chart.scale]
    ['0', '50', '100']
    """
    rows = [(row[0], Decimal(row[1]), Decimal(row[2])) for row in by_month]
    top = _round_up(max((max(sold, paid) for _, sold, paid in rows), default=Decimal(0)))
    room = HEIGHT - _BOTTOM - _TOP
    step = (WIDTH - _LEFT) / max(len(rows), 1)
    bars = []
    for at, (month, *amounts) in enumerate(rows):
        for side, (kind, amount) in enumerate(zip(("sales", "purchases"), amounts, strict=True)):
            if amount:
                height = float(amount / top) * room
                x = _LEFT + step * (at + 0.12 + 0.38 * side)
                width, y = step * 0.36, HEIGHT - _BOTTOM - height
                bars.append(
                    Bar(round(x, 1), round(y, 1), round(width, 1), round(height, 1), kind, f"{month} {amount:,}")
                )
    every = -(-len(rows) // _MOST_LABELS) if rows else 1
    labels = [(round(_LEFT + step * (at + 0.5), 1), row[0]) for at, row in enumerate(rows) if at % every == 0]
    scale = [(round(HEIGHT - _BOTTOM - room * part / 2, 1), _short(top * part / 2, chinese)) for part in (0, 1, 2)]
    return Chart(bars, labels, scale)


def _round_up(amount: Decimal) -> Decimal:
    """Give the least 1, 2 or 5 times a power of ten that is no less."""
    if amount <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(amount.adjusted())
    return next(power * one for one in (1, 2, 5, 10) if power * one >= amount)


def _short(amount: Decimal, chinese: bool) -> str:
    """Write an amount for a scale, in Chinese in 万 from ten thousand on."""
    if chinese and amount >= 10_000:
        return f"{amount / 10_000:,.4f}".rstrip("0").rstrip(".") + "万"
    return f"{amount:,.2f}".rstrip("0").rstrip(".")
