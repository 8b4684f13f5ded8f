from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from gaoyuan.assess.logic.states import State
from gaoyuan.assess.plain_data import plain


@dataclass(frozen=True)
class _Told:
    state: State
    on: dt.date


def test_results_become_what_json_can_hold():
    assert plain({"a": float("nan"), "b": (1, float("inf")), "c": Path("x"), 4: True}) == {
        "a": None, "b": [1, None], "c": "x", "4": True,
    }  # fmt: skip
    told = plain([_Told(State.MET, dt.date(2025, 1, 2))])
    assert told == [{"state": str(State.MET), "on": "2025-01-02"}]
    assert isinstance(told, list)
    assert isinstance(told[0], dict)
    assert type(told[0]["state"]) is str
