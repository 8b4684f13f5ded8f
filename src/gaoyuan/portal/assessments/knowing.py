"""What is known of a cluster when its assessment begins: facts of the workspace, with source and run, as plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from gaoyuan.assess.diagnosis import NearFirm
from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.parsing import Fact, Facts
from gaoyuan.assess.facts.rows import REGISTER
from gaoyuan.assess.places import other_region, place_of
from gaoyuan.assess.rules.model import Edition
from gaoyuan.errors import GaoyuanError

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace

Plain: TypeAlias = "dict[str, Any]"

_OF_SNAPSHOT = ("firms", "area_km2")


@dataclass(frozen=True, slots=True)
class Known:
    """Facts that are known, findings about them, members near to titles, and why some of it may be missing."""

    facts: Facts
    near: tuple[NearFirm, ...] = ()
    note: str = ""

    def as_data(self) -> Plain:
        """Give it as plain data."""
        return {
            "facts": {name: [_fact_data(one) for one in claims] for name, claims in self.facts.by_metric.items()},
            "findings": [asdict(one) for one in self.facts.findings],
            "near": [asdict(one) for one in self.near],
            "note": self.note,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Known:
        """Read what `as_data` gave."""
        facts = {
            name: tuple(_fact(name, one) for one in claims) for name, claims in data.get("facts", {}).items() if claims
        }
        findings = tuple(Finding(**one) for one in data.get("findings", ()))
        near = tuple(NearFirm(**{**one, "which": tuple(one["which"])}) for one in data.get("near", ()))
        return cls(Facts(facts, findings), near, data.get("note", ""))


def read_known(folder: str, cluster: Mapping[str, Any], rule: Edition, as_of: dt.date, *, names_firms: bool) -> Known:
    """Give what the workspace in a folder knows of a cluster of the snapshot; where it cannot be read, what the
    snapshot itself says. Nothing is written. `names_firms` says whether members may be named one by one.
    """
    # Loaded on demand: they compute with tables in memory, which no other page needs.
    from gaoyuan.assess.facts.known import known_facts
    from gaoyuan.assess.subjects import near_firms
    from gaoyuan.assess.titles.overlap import counted_twice

    subject = str(cluster["cluster_id"])
    try:
        workspace = _workspace(folder)
        facts = known_facts(workspace, subject, as_of)
        findings = (
            *other_region(rule, place_of(workspace, subject)),
            *facts.findings,
            *counted_twice(workspace, subject, rule, as_of),
        )
        near = tuple(near_firms(workspace, subject)) if names_firms else ()
        return Known(Facts(facts.by_metric, findings), near)
    except GaoyuanError as fault:
        shown = {name: cluster.get(name) for name in _OF_SNAPSHOT}
        held = {name: (Fact(name, float(value), {}, REGISTER),) for name, value in shown.items() if value is not None}
        return Known(Facts(held), (), fault.said)


def _workspace(folder: str) -> Workspace:
    from gaoyuan import open as open_workspace
    from gaoyuan.errors import NotFound

    if not folder or not Path(folder).is_dir():
        raise NotFound("the organisation has no workspace here", zh="该机构没有可用的工作区")
    return open_workspace(folder)


def _fact_data(fact: Fact) -> Plain:
    value = list(fact.value) if isinstance(fact.value, tuple) else fact.value
    series = {str(year): number for year, number in fact.series.items()}
    return {"value": value, "series": series, "source": fact.source, "run": fact.run}


def _fact(name: str, data: Mapping[str, Any]) -> Fact:
    value = tuple(data["value"]) if isinstance(data["value"], list) else data["value"]
    series = {int(year): number for year, number in data["series"].items()}
    return Fact(name, value, series, data["source"], data["run"])
