"""What the tests of whole pages share: visits of people of every role, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..walking import Visit


@pytest.fixture(params=["zh-CN", "en"], scope="module")
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def visit_of(people_with, sessions: dict[str, str]) -> Callable[..., Visit]:
    """Give the visit of a role in a language; one for each role, language and module."""
    people = people_with(sessions)

    def visit(role: str, language: str = "zh-CN") -> Visit:
        found = people.visit(role, language)
        found.complaints.clear()
        return found

    return visit
