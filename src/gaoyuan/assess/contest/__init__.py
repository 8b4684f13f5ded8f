"""Contests (赛马) of clusters: groups, then a final; sealed scores, severe judges corrected, results replayable.

A contest is a definition (`read_definition`) and a record, one file of events linked by their hashes. `replay` gives
where it stands from the record alone; `Contest` adds acts to it, each checked against states, deadlines and rules;
`result` gives the result document, the same bytes on every machine.
"""

from gaoyuan.assess.contest.clocks import Clock, clock_of
from gaoyuan.assess.contest.contest import Contest, editing, replay
from gaoyuan.assess.contest.correcting import CORRECTIONS
from gaoyuan.assess.contest.defining import definition_from, read_definition
from gaoyuan.assess.contest.definition import Definition
from gaoyuan.assess.contest.faults import ActRefused, DefinitionInvalid, RecordBroken, SheetFault, SheetInvalid
from gaoyuan.assess.contest.forms import read_form, write_form
from gaoyuan.assess.contest.opening import open_round
from gaoyuan.assess.contest.record import Event, read_events, read_record
from gaoyuan.assess.contest.registers import read_entries, read_judges, write_entries_form, write_judges_form
from gaoyuan.assess.contest.result import result, result_bytes, verify_result
from gaoyuan.assess.contest.sealing import SealedSheet, read_sealed, seal, write_sealed
from gaoyuan.assess.contest.severity import SeverityFit, connected_parts, fit_severity
from gaoyuan.assess.contest.standings import Matter, open_matters, standing
from gaoyuan.assess.contest.state import ContestState
from gaoyuan.assess.contest.workbook import write_result_workbook

__all__ = [
    "CORRECTIONS",
    "ActRefused",
    "Clock",
    "Contest",
    "ContestState",
    "Definition",
    "DefinitionInvalid",
    "Event",
    "Matter",
    "RecordBroken",
    "SealedSheet",
    "SeverityFit",
    "SheetFault",
    "SheetInvalid",
    "clock_of",
    "connected_parts",
    "definition_from",
    "editing",
    "fit_severity",
    "open_matters",
    "open_round",
    "read_definition",
    "read_entries",
    "read_events",
    "read_form",
    "read_judges",
    "read_record",
    "read_sealed",
    "replay",
    "result",
    "result_bytes",
    "seal",
    "standing",
    "verify_result",
    "write_entries_form",
    "write_form",
    "write_judges_form",
    "write_result_workbook",
    "write_sealed",
]
