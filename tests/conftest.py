"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data and reference values that may not ship: beside the checkout, or where GAOYUAN_TEST_DATA names it."""
    folder = Path(os.environ.get("GAOYUAN_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the real register and the reference values are not on this machine")
    return folder
