"""Sizes in texts."""

from __future__ import annotations

import pytest

from gaoyuan.exchange.matching import Range, compare_specifications, specifications


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("法兰DN50-DN600", {"DN": Range(50, 600)}),
        ("法兰 DN 50 至 600", {"DN": Range(50, 600)}),
        ("ＤＮ５０～６００", {"DN": Range(50, 600)}),
        ("DN50、DN80", {"DN": Range(50, 80)}),
        ("PN1.6", {"PN": Range(1.6, 1.6)}),
        ("M24×80", {"M": Range(24, 24)}),
        ("M6-M36螺栓", {"M": Range(6, 36)}),
        ("Ø50", {"Φ": Range(50, 50)}),
        ("面积 m2，长 5 m", {}),
        ("ADN50 EPN16", {}),
        ("深沟球轴承6204", {}),
    ],
)
def test_sizes_are_read_by_kind(text: str, found: dict[str, Range]) -> None:
    assert specifications(text) == found


def test_a_range_is_held_as_a_whole_or_not() -> None:
    offered = specifications("DN50-600")
    assert compare_specifications(specifications("DN50-600"), offered) == (("DN",), ())
    assert compare_specifications(specifications("DN50-800"), offered) == ((), ("DN",))
    assert compare_specifications(specifications("PN16"), offered) == ((), ())
