"""A small process that the tests of the engine share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def loan_text() -> str:
    return (Path(__file__).parent / "loan.yaml").read_text("utf-8")
