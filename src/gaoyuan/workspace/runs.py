"""Provenance: what ran, on what, with which settings, and what it wrote."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

import pyarrow as pa

from gaoyuan.codes import editions
from gaoyuan.version import __version__
from gaoyuan.workspace.tables import RUN

Json: TypeAlias = "str | int | float | bool | list[Json] | Mapping[str, Json] | None"


@dataclass(slots=True)
class Run:
    """A run while it goes on; steps note here what they read, wrote and spent."""

    id: str
    step: str
    parameters: Mapping[str, Json]
    started: datetime
    inputs: dict[str, Json] = field(default_factory=dict)
    outputs: dict[str, Json] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    _clock: float = field(default_factory=time.perf_counter)

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Add the seconds spent inside to `part`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.timings[part] = round(self.timings.get(part, 0.0) + time.perf_counter() - began, 3)

    def record(self) -> pa.Table:
        """Give the run's row of the table `run`."""
        row = {
            "run": self.id,
            "step": self.step,
            "started": self.started,
            "seconds": round(time.perf_counter() - self._clock, 3),
            "parameters": _json(self.parameters),
            "inputs": _json(self.inputs),
            "outputs": _json(self.outputs),
            "timings": _json(self.timings),
            "version": __version__,
            "editions": _json(editions()),
        }
        return pa.Table.from_pylist([row], schema=RUN.arrow)


def new_run(step: str, parameters: Mapping[str, Json] | None = None) -> Run:
    """Begin a run of a step; its name sorts by time."""
    started = datetime.now(UTC)
    return Run(f"{started:%Y%m%dT%H%M%S}-{step}-{secrets.token_hex(3)}", step, parameters or {}, started)


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
