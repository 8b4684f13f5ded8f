"""What the tests of pools share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .campaigns import Campaign, opened


@pytest.fixture
def campaign(db: None) -> Callable[..., Campaign]:
    """Give what opens a pool."""
    return opened
