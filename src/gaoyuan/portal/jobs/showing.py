"""How jobs are shown: what a kind and its stages are called, and where its result is to be seen. Each app that has
kinds of jobs says so when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from gaoyuan.portal.jobs.models import Job, State

Text = str | Promise
Link = Callable[[Job], str]


@dataclass(frozen=True)
class _Shown:
    title: Text
    stages: dict[str, Text] = field(default_factory=dict)
    link: Link | None = None


_KINDS: dict[str, _Shown] = {}


def show(kind: str, title: Text, stages: dict[str, Text] | None = None, link: Link | None = None) -> None:
    """Say what a kind of job and its stages are called, and give the address at which its result is to be seen."""
    _KINDS[kind] = _Shown(title, stages or {}, link)


def title(kind: str) -> str:
    """Give what a kind is called; its own name where nobody has said."""
    return str(_KINDS[kind].title) if kind in _KINDS else kind


def stage(name: str) -> str:
    """Give what a stage is called; its own name where nobody has said."""
    return next((str(one.stages[name]) for one in _KINDS.values() if name in one.stages), name)


def link(job: Job) -> str | None:
    """Give the address of a job's result, None where there is none."""
    shown = _KINDS.get(job.kind)
    return shown.link(job) if shown and shown.link and job.state == State.DONE else None


def lines(result: object) -> list[tuple[str, str]]:
    """Give what a result says at its first level, as names and values; what is deeper is for its own page."""
    if not isinstance(result, dict):
        return []
    return [(str(name), str(value)) for name, value in result.items() if isinstance(value, str | int | float)]
