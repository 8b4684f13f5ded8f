"""What the pages of organiser, judge and contestant show, from where the contest stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gaoyuan.assess import contest as engine
from gaoyuan.assess.contest.canonical import time_text
from gaoyuan.assess.contest.panel import assigned, duty, exclusions, panel_faults
from gaoyuan.assess.contest.state import ROUNDS
from gaoyuan.assess.contest.words import deadline_title, round_title, stage_title
from gaoyuan.assess.facts.yaml_reading import read_yaml
from gaoyuan.errors import FileUnreadable
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.contests.models import Contest, Entry, Seat
from gaoyuan.portal.contests.organising import PUBLISHABLE
from gaoyuan.portal.contests.words import one_language, title
from gaoyuan.portal.workbench.exports import Cell

Shown: TypeAlias = "dict[str, Any]"

NEXT = {
    "draft": _("Register the judges, then open the contest for entries."),
    "entries": _("Entries come in. After their deadline close them."),
    "entries_closed": _("Complete the panels, then begin the scoring of the groups."),
    "group_scoring": _("The judges seal their sheets. Open them when all are there."),
    "group_opened": _("Decide what is open, then begin the scoring of the final."),
    "final_scoring": _("The judges seal their sheets. Open them when all are there."),
    "final_opened": _("Decide what is open, then make the results provisional."),
    "provisional": _("Publish the results, then open for appeals."),
    "appeals": _("Decide the appeals. After their deadline make the results final."),
    "final": _("The results are final."),
}


def check_yaml(path: Path) -> None:
    """Refuse a definition that is none, nested without end, or grows by references to itself.

    Raises FileUnreadable.
    """
    read_yaml(path, "the definition", dates_as_text=True)
    events = yaml.parse(path.read_text("utf-8-sig"), Loader=yaml.SafeLoader)
    if any(isinstance(event, yaml.AliasEvent) for event in events):
        raise FileUnreadable("定义中不能用 YAML 引用（*） a definition takes no references (*) of YAML")


def organiser(row: Contest, state: engine.ContestState, typed: QueryDict) -> Shown:
    """Give what the organiser's page shows; `typed` is what was refused, to stand there again."""
    current = state.scoring_round
    sealed = state.commitments[current] if current else {}
    seats = {one.judge: one for one in Seat.unscoped.filter(contest=row).select_related("user")}
    judges = [
        {
            "id": one.id,
            "name": one.name,
            "groups": "、".join(one.groups),
            "finals": "、".join(one.finals),
            "seat": seats.get(one.id),
            "sealed": one.id in sealed,
            "aside": current is not None and one.id in state.set_aside[current],
        }
        for one in sorted(state.judges.values(), key=lambda one: one.id)
    ]
    return {
        **_where(row, state),
        "next": NEXT[state.stage],
        "typed": typed,
        "groups": [(group.id, title(group.title)) for track in state.definition.tracks for group in track.groups],
        "tracks": [(track.id, title(track.title)) for track in state.definition.tracks],
        "judges": judges,
        "entrants": sorted(state.entrants.values(), key=lambda one: one.id),
        "scoring": current is not None,
        "may_enter": state.stage == "entries",
        "may_dismiss": state.stage in ("draft", "entries", "entries_closed"),
        "may_register": state.stage not in ("final_opened", "provisional", "appeals", "final"),
        "may_advance": current is None and state.stage != "final",
        "may_publish": state.stage in PUBLISHABLE and row.published is None,
        "opened": state.opened("group"),
        "waiting": [one.id for one in assigned(state, current) if one.id not in sealed] if current else [],
        "lacking": panel_faults(state, current) if current else [],
        "exclusions": [
            (one_language(round_title(name)), one.judge, one.entrant, one.reason)
            for name in ROUNDS
            for one in exclusions(state, name)
        ],
        "matters": [one for one in engine.open_matters(state) if one.name not in state.appeals],
        "appeals": list(state.appeals.values()),
        "sheets": [(f"{name}:{judge}", f"{one_language(round_title(name))} {judge}") for name, judge in _sheets(state)]
        + [
            (f"{name}:{judge}:{entrant}", f"{one_language(round_title(name))} {judge} × {entrant}")
            for name, judge in _sheets(state)
            for entrant in state.sheets[name][judge]
        ],
        "may_appeal": state.stage in ("group_opened", "appeals"),
    }


ENTRANT_HEADINGS = (
    _("Id"),
    _("Cluster"),
    _("Group"),
    _("Organisations"),
    _("Counties"),
    _("Takes part"),
    _("Disqualified"),
)
JUDGE_HEADINGS = (_("Id"), pgettext_lazy("contest", "Name"), _("Groups"), _("Finals"), _("Seat"), _("sealed"))


def entrant_rows(shown: Shown) -> list[list[Cell]]:
    """Give the entrants of the organiser's page as rows, for files."""
    return [
        [
            one.id,
            one.name,
            one.group,
            "、".join(one.organisations),
            "、".join(one.counties),
            one.takes_part,
            one.disqualified or None,
        ]
        for one in shown["entrants"]
    ]


def judge_rows(shown: Shown) -> list[list[Cell]]:
    """Give the judges of the organiser's page as rows, for files; whether a sheet is sealed while scores come in."""
    return [
        [
            one["id"],
            one["name"],
            one["groups"],
            one["finals"],
            one["seat"].user.username if one["seat"] and one["seat"].user else None,
            one["sealed"] if shown["scoring"] else None,
        ]
        for one in shown["judges"]
    ]


def _sheets(state: engine.ContestState) -> list[tuple[Any, str]]:
    return [(name, judge) for name in ROUNDS if state.opened(name) for judge in sorted(state.sheets[name])]


def judge(
    own: Seat,
    state: engine.ContestState,
    typed: QueryDict | None,
    sealed: Mapping[str, Mapping[str, str]],
    faults: Mapping[tuple[str, str], str],
) -> Shown:
    """Give what a judge's page shows: the sheet of the round that is being scored, and no other judge's."""
    known, name = state.judges.get(own.judge), state.scoring_round
    leaves = state.definition.leaves
    rows = []
    for entrant in duty(state, name, known) if known is not None and name is not None else ():
        cells = []
        for leaf in leaves:
            key = f"points-{entrant.id}-{leaf.id}"
            value = sealed.get(entrant.id, {}).get(leaf.id, "") if typed is None else typed.get(key, "")
            fault = faults.get((entrant.id, leaf.id), "").partition(": ")[2]
            cells.append({"key": key, "value": value, "fault": fault, "words": title(leaf.title), "most": leaf.maximum})
        rows.append({"entrant": entrant, "cells": cells})
    key = "group_scoring" if name == "group" else "final_scoring"
    return {
        **_where(own.contest, state),
        "seat": own,
        "registered": known is not None,
        "round": one_language(round_title(name)) if name else "",
        "due": state.deadlines[key] if name else None,
        "decimals": state.definition.score_decimals,
        "leaves": [(title(leaf.title), leaf.maximum) for leaf in leaves],
        "rows": rows,
        "sealed": bool(name and own.judge in state.commitments[name]),
        "commitment": state.commitments[name].get(own.judge, "") if name else "",
        "excluded": [
            (one.entrant, state.entrants[one.entrant].name, one.reason)
            for one in exclusions(state, name or "group")
            if one.judge == own.judge and one.entrant in state.entrants
        ],
    }


def contestant(
    row: Contest, state: engine.ContestState, entry: Entry | None, own: Organisation, typed: QueryDict | None
) -> Shown:
    """Give what a contestant's page shows: the own entry and appeals, and what can be done now."""
    known = state.entrants.get(entry.entrant) if entry is not None else None
    return {
        **_where(row, state),
        "entry": known,
        "group": next(
            (
                title(one.title)
                for track in state.definition.tracks
                for one in track.groups
                if known and one.id == known.group
            ),
            "",
        ),
        "groups": [
            (one.id, f"{title(track.title)} · {title(one.title)}")
            for track in state.definition.tracks
            for one in track.groups
        ],
        "own": own,
        "typed": typed or {"name": own.name, "counties": own.division},
        "may_enter": state.stage == "entries" and known is None,
        "may_withdraw": state.stage == "entries" and known is not None and known.takes_part,
        "may_appeal": known is not None
        and (state.stage == "appeals" or (state.stage == "group_opened" and "group_appeals" in state.deadlines)),
        "appeals": [one for one in state.appeals.values() if known is not None and one.entrant == known.id],
    }


def free_id(state: engine.ContestState) -> str:
    """Give an id that no entrant has yet."""
    number = len(state.entrants) + 1
    while f"E{number}" in state.entrants:
        number += 1
    return f"E{number}"


def _where(row: Contest, state: engine.ContestState) -> Shown:
    return {
        "contest": row,
        "title": title(state.title),
        "stage": one_language(stage_title(state.stage)),
        "deadlines": [
            (name, one_language(deadline_title(name)), time_text(at)) for name, at in state.deadlines.items()
        ],
        "moment": row.moment[:16] if row.rehearsal else "",
        "head": state.head,
        "events": state.events,
    }
