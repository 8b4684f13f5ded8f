"""How long to look for better routes, by the clock or by steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyvrp.stop import StoppingCriterion

__all__ = ["Effort"]

_ITERATIONS_A_ROUND = 20


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look: until the first of `seconds` and `iterations` is over. Only with iterations alone is a plan the
    same every time. `seed` starts the random numbers; `clock` gives seconds, of the processor where others use it too.
    """

    seconds: float | None = 5.0
    iterations: int | None = None
    seed: int = 1
    clock: Callable[[], float] = time.perf_counter

    def __post_init__(self) -> None:
        if self.seconds is None and self.iterations is None:
            raise ValueError("an effort without an end: give seconds, iterations or both")

    @property
    def rounds(self) -> int | None:
        """How many rounds ruin and recreate may make."""
        return None if self.iterations is None else max(2, self.iterations // _ITERATIONS_A_ROUND)

    def share(self, began: float, end: float) -> Callable[[], float]:
        """Give what says how much of the time from now until a share of the whole is over, from 0 to 1; the effort
        began at a time of `clock`.
        """
        if self.seconds is None:
            return lambda: 0.0
        now = self.clock()
        whole = max(began + self.seconds * end - now, 1e-9)
        return lambda: (self.clock() - now) / whole

    def until(self, began: float, share: float = 1.0) -> StoppingCriterion:
        """Give PyVRP's rule for stopping when a share of an effort is over that began at a time of `clock`."""
        done = 0

        def over(best_cost: int) -> bool:
            nonlocal done
            done += 1
            by_clock = self.seconds is not None and self.clock() - began >= self.seconds * share
            return by_clock or (self.iterations is not None and done > self.iterations * share)

        return over
