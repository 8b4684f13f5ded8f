"""Two-sided bounds of the index, and the figure that is given for them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.shocks.network import Floats

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Brackets:
    """Bounds of each scenario: `low` ≤ combined index ≤ `high`, the same for `down` and `up` alone, the likely `up`
    between its bounds, and `work`, the passes and sweeps that were spent on the scenario alone.
    """

    low: Floats
    high: Floats
    down_low: Floats
    down_high: Floats
    up_low: Floats
    up_high: Floats
    up_likely: Floats
    work: npt.NDArray[np.int64]

    def with_rows(self, rows: npt.NDArray[np.int64], found: Brackets) -> Brackets:
        """Give a copy in which some rows are others."""
        parts = {}
        for field in fields(self):
            part = getattr(self, field.name).copy()
            part[rows] = getattr(found, field.name)
            parts[field.name] = part
        return Brackets(**parts)

    def narrowed(self, shocked: Floats) -> Brackets:
        """Give the combined bounds as narrow as those of down and up allow.

        max(a, b) is at least either and at most a + b − min(a, b); where a firm was shocked both of its losses are at
        least the shock, of which the weighted sum is `shocked`.
        """
        low = np.maximum(self.low, np.maximum(self.down_low, self.up_low))
        high = np.minimum(self.high, np.minimum(1.0, self.down_high + self.up_high - shocked))
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return Brackets(**(parts | {"low": low, "high": np.maximum(low, high)}))

    def needs_work(self, tolerance: float) -> npt.NDArray[np.bool_]:
        """Say which scenarios have bounds too far apart for a figure within the tolerance."""
        return np.maximum(self.high - self.low, self.up_high - self.up_low) > 2.0 * _room(tolerance)

    def figures(self, shocked: Floats, tolerance: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Give the combined, downstream and upstream index, and the bound on the error of each of the three."""
        down, off_down = _within(self.down_low, self.down_high, self.down_low, tolerance)
        up, off_up = _within(self.up_low, self.up_high, self.up_likely, tolerance)
        # Who loses downstream and who loses upstream are mostly others.
        both, off = _within(self.low, self.high, down + up - shocked, tolerance)
        return both, down, up, np.maximum(off, np.maximum(off_down, off_up)) + ROUNDING


def _within(low: Floats, high: Floats, likely: Floats, tolerance: float) -> tuple[Floats, Floats]:
    """Give what is likely, but no farther than the tolerance from either bound where that can be, and its error."""
    room = _room(tolerance)
    middle = 0.5 * (low + high)
    figure = np.clip(likely, np.minimum(high - room, middle), np.maximum(low + room, middle))
    figure = np.clip(figure, low, high)
    return figure, np.maximum(high - figure, figure - low)


def _room(tolerance: float) -> float:
    """Give how far a figure may be from its bounds, with room for rounding."""
    return max(0.0, tolerance * (1.0 - ROUNDING) - 2.0 * ROUNDING)
