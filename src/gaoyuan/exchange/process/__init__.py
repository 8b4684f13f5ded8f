"""The process engine: a process is data, a move gives a new record or a refusal, a case is the fold of its records."""

from gaoyuan.exchange.process.diagram import diagram
from gaoyuan.exchange.process.model import ACTOR, CLOCK, NOW, Deadline, Move, Process, Role, State, Value
from gaoyuan.exchange.process.reading import ProcessInvalid, parse_process, process, process_keys
from gaoyuan.exchange.process.record import Case, Record, RecordBroken, as_plain, from_plain
from gaoyuan.exchange.process.running import (
    Moved,
    allowed_moves,
    begin,
    due_move,
    make_move,
    pass_deadline,
    replay,
)
from gaoyuan.exchange.process.walking import Path, walk

__all__ = [
    "ACTOR",
    "CLOCK",
    "NOW",
    "Case",
    "Deadline",
    "Move",
    "Moved",
    "Path",
    "Process",
    "ProcessInvalid",
    "Record",
    "RecordBroken",
    "Role",
    "State",
    "Value",
    "allowed_moves",
    "as_plain",
    "begin",
    "diagram",
    "due_move",
    "from_plain",
    "make_move",
    "parse_process",
    "pass_deadline",
    "process",
    "process_keys",
    "replay",
    "walk",
]
