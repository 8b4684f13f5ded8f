"""The walk over every path."""

from __future__ import annotations

from gaoyuan.exchange.process import parse_process, walk


def test_the_walk_takes_both_sides_of_every_guard(loan_text: str) -> None:
    paths = list(walk(parse_process(loan_text), times=2))
    taken = {tuple(record.move for record in path.records) for path in paths}
    assert ("ask", "lend", "report") in taken
    assert ("ask", "lend", "give_back", "report_small") in taken
    assert ("ask", "lend", "prolong", "prolong", "finish") in taken
    assert all(max(names.count(name) for name in names) <= 2 for names in taken)
