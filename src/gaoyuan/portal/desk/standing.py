"""How things stand: what a workspace holds, how far a job has come, which runs there have been."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.desk.spaces import own_workspace
from gaoyuan.portal.jobs import showing
from gaoyuan.portal.jobs.models import ENDED, Job, State


@dataclass(frozen=True, slots=True)
class Standing:
    """What a workspace holds: enterprises in its register, all tables with their rows, when it was last observed, and
    whether the register has changed since.
    """

    name: str
    firms: int
    tables: list[tuple[str, int]]
    observed: dt.datetime | None
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run of a workspace, as people read it."""

    run: str
    step: str
    started: dt.datetime
    seconds: float
    inputs: list[str]
    outputs: list[str]
    version: str


def standing_of(organisation: Organisation) -> Standing | None:
    """Give how an organisation's own workspace stands, None where it has none that can be opened."""
    try:
        workspace = own_workspace(organisation)
    except GaoyuanError:
        return None
    states = workspace.tables()
    observed = [run.started for run in runs_of(organisation) if run.step == "observe"]
    return Standing(
        Path(organisation.workspace).name,
        next((state.rows for state in states if state.name == "register"), 0),
        [(state.zh + " " + state.name, state.rows) for state in states if state.name != "run"],
        observed[0] if observed else None,
        workspace.has("register") and (not workspace.has("enterprise") or workspace.outdated("enterprise")),
    )


def runs_of(organisation: Organisation) -> list[RunLine]:
    """Give the runs of an organisation's own workspace, the newest first."""
    try:
        rows = own_workspace(organisation).runs().to_pylist()
    except GaoyuanError:
        return []
    return [
        RunLine(
            row["run"],
            row["step"],
            row["started"],
            row["seconds"],
            _listed(json.loads(row["inputs"]), json.loads(row["parameters"])),
            [f"{name} {made.get('rows', 0):,}" for name, made in json.loads(row["outputs"]).items()],
            row["version"],
        )
        for row in rows
    ]


def progress_of(job: Job | None) -> dict[str, Any] | None:
    """Give how far a job that has not ended has come, in words; None for one that has."""
    if job is None or job.state in ENDED:
        return None
    waiting = job.state == State.QUEUED
    return {
        "stage": _("waiting for other work to end") if waiting else showing.stage(job.stage or "wait"),
        "done": job.done,
        "stopping": job.stop,
    }


def _listed(inputs: dict[str, Any], parameters: dict[str, Any]) -> list[str]:
    """Give what a run read: files by name with the beginning of their sums, tables by version."""
    said = [
        f"{name} ({value[:8]})" if isinstance(value, str) else f"{name} v{value}"
        for name, value in inputs.items()
        if value is not None
    ]
    kind = parameters.get("kind")
    return [*said, str(kind)] if kind else said
