"""The diagrams of the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.exchange.process import diagram, parse_process, process, process_keys

PAGE = Path(__file__).parents[3] / "docs" / "guides" / "exchange.md"


@pytest.mark.parametrize("key", process_keys())
def test_the_page_shows_the_diagram_of_every_process_as_it_is(key: str) -> None:
    assert f"```mermaid\n{diagram(process(key))}```" in PAGE.read_text("utf-8")


def test_a_diagram_names_who_moves_and_after_how_long_the_clock_does(loan_text: str) -> None:
    drawn = diagram(parse_process(loan_text))
    assert "    [*] --> asked : 借用方 申请\n" in drawn
    assert "    asked --> lost : ⏱ 2 天 逾期\n" in drawn
    assert "    lent --> lost : ⏱ 归还期限后 1 天 报失\n" in drawn
    assert "    lent --> lent : 出借方 续借\n" in drawn
