"""The diagram of a process for its documentation page, as Mermaid text."""

from __future__ import annotations

from gaoyuan.exchange.process.model import Move, Process, State

__all__ = ["diagram"]


def diagram(process: Process) -> str:
    """Draw a process as a Mermaid state diagram (https://mermaid.js.org/syntax/stateDiagram.html), in Chinese.

    Each arrow says who moves and what the move is; a deadline's arrow begins with its period. The text is the same for
    the same process, so that a page can be checked against it.

    >>> from gaoyuan.exchange.process.reading import process
    >>> print(diagram(process("booking")).splitlines()[0])
    stateDiagram-v2
    """
    lines = ["stateDiagram-v2"]
    lines += [f"    {_id(state.name)} : {_shown(state.zh)}" for state in process.states.values()]
    opening = process.moves[process.opening]
    lines.append(f"    [*] --> {_id(process.initial.name)} : {_label(process, opening)}")
    for move in process.moves.values():
        for source in move.sources:
            label = _label(process, move)
            if move.timed:
                label = f"{_period(process, process.states[source])} {_shown(move.zh)}"
            lines.append(f"    {_id(source)} --> {_id(move.to or source)} : {label}")
    lines += [f"    {_id(state.name)} --> [*]" for state in process.states.values() if state.final]
    return "\n".join(lines) + "\n"


def _id(name: str) -> str:
    return name.replace("-", "_")


def _shown(text: str) -> str:
    """Take out what Mermaid reads as its own signs."""
    return text.replace(":", "：").replace(";", "；").replace("#", "＃")


def _label(process: Process, move: Move) -> str:
    return f"{_shown('、'.join(process.role(role).zh for role in move.roles))} {_shown(move.zh)}"


def _period(process: Process, state: State) -> str:
    deadline = state.deadline
    assert deadline is not None, "a state with a timed move has a deadline"
    days = f"{deadline.days:g} 天" if deadline.days else ""
    if deadline.at is None:
        return f"⏱ {days}"
    after = f"后 {days}" if days else ""
    return f"⏱ {_shown(process.facts[deadline.at].zh)}{after}"
