"""How states of several criteria make one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from gaoyuan.assess.logic.states import (
    MANUAL,
    MET,
    NOT_APPLICABLE,
    ORDER,
    UNKNOWN,
    UNMET,
    State,
    all_of,
    any_of,
    states_of,
)


def _codes(*values: int) -> list[np.ndarray]:
    return [np.array([value], dtype=np.int8) for value in values]


def test_there_are_five_states_each_with_words_in_both_languages() -> None:
    assert {state.value for state in State} == {"met", "unmet", "unknown", "manual_review", "not_applicable"}
    assert all(state.zh and state.en for state in State)
    assert [ORDER[state.code] for state in State] == list(State)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ((MET, MET), MET),
        ((MET, UNKNOWN), UNKNOWN),
        ((UNKNOWN, UNMET), UNMET),
        ((MANUAL, MET), MANUAL),
        ((MANUAL, UNKNOWN), UNKNOWN),
        ((NOT_APPLICABLE, MET), MET),
        ((NOT_APPLICABLE, NOT_APPLICABLE), NOT_APPLICABLE),
    ],
)
def test_all_of_is_as_bad_as_the_worst_part_that_counts(parts: tuple[int, ...], whole: int) -> None:
    assert all_of(_codes(*parts))[0] == whole


@pytest.mark.parametrize(
    ("parts", "at_least", "whole"),
    [
        ((MET, UNMET), 1, MET),
        ((MET, UNKNOWN), 1, MET),
        ((UNMET, UNMET), 1, UNMET),
        ((UNKNOWN, UNMET), 1, UNKNOWN),
        ((MANUAL, UNMET), 1, MANUAL),
        ((MANUAL, UNKNOWN), 1, UNKNOWN),
        ((MET, MET, UNMET), 2, MET),
        ((MET, UNKNOWN, UNMET), 2, UNKNOWN),
        ((MET, UNMET, UNMET), 2, UNMET),
        ((NOT_APPLICABLE, MET), 2, UNMET),
        ((NOT_APPLICABLE, NOT_APPLICABLE), 1, NOT_APPLICABLE),
    ],
)
def test_any_of_counts_what_is_met_and_what_still_may_be(parts: tuple[int, ...], at_least: int, whole: int) -> None:
    assert any_of(_codes(*parts), at_least)[0] == whole


def test_an_open_part_leaves_a_whole_open_only_where_its_outcome_matters() -> None:
    for size in (2, 3):
        for parts in product((UNMET, UNKNOWN, MET), repeat=size):
            for at_least in range(1, size + 1):
                ends = {
                    int(any_of(_codes(*filled), at_least)[0])
                    for filled in product(*((UNMET, MET) if part == UNKNOWN else (part,) for part in parts))
                }
                whole = int(any_of(_codes(*parts), at_least)[0])
                assert whole == (ends.pop() if len(ends) == 1 else UNKNOWN), (parts, at_least)


def test_states_stand_for_their_codes() -> None:
    assert states_of(np.arange(5, dtype=np.int8)) == list(ORDER)
