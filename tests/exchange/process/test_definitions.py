"""The processes that ship: every path of each is walked with real moves."""

from __future__ import annotations

import pytest

from gaoyuan.exchange.process import Process, diagram, process, process_keys, replay, walk


@pytest.fixture(params=process_keys())
def shipped(request: pytest.FixtureRequest) -> Process:
    return process(request.param)


def test_every_move_and_every_state_is_met_on_some_path(shipped: Process) -> None:
    paths = list(walk(shipped))
    assert {record.move for path in paths for record in path.records} == set(shipped.moves)
    assert {path.case.state for path in paths} == {state.name for state in shipped.states.values() if state.final}


def test_every_path_ends_in_a_final_state_and_replays_from_its_records(shipped: Process) -> None:
    for path in walk(shipped):
        assert shipped.states[path.case.state].final
        assert path.case.deadline is None
        assert replay(shipped, path.records) == path.case


def test_every_waiting_state_names_its_owner_its_reason_and_its_deadline(shipped: Process) -> None:
    for state in shipped.states.values():
        if not state.final:
            assert state.owner in shipped.roles
            assert state.reason_zh
            assert state.reason_en
            assert state.deadline is not None
            assert shipped.moves[state.at_deadline[-1]].timed


def test_the_diagram_shows_every_state_and_every_arrow(shipped: Process) -> None:
    drawn = diagram(shipped)
    for state in shipped.states.values():
        assert f"    {state.name} : {state.zh}\n" in drawn
    arrows = sum(len(move.sources) for move in shipped.moves.values())
    ends = sum(state.final for state in shipped.states.values())
    assert drawn.count(" --> ") == 1 + arrows + ends
