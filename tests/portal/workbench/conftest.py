"""What the tests of pages share."""

from __future__ import annotations

from typing import Any

import pytest

from gaoyuan.portal.snapshots.models import Audience, Part, Snapshot
from gaoyuan.portal.workbench import explained


@pytest.fixture
def part_of(published: Snapshot) -> Any:
    """Give what a part of the published snapshot says."""

    def content(kind: str, key: str = "", audience: str = Audience.OFFICE) -> dict[str, Any]:
        return Part.objects.get(snapshot=published, audience=audience, kind=kind, key=key).content()

    return content


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for explanations however long the engine takes to start."""
    monkeypatch.setattr(explained, "PATIENCE_SECONDS", 120)


@pytest.fixture
def strongest(part_of: Any) -> dict[str, Any]:
    """The cluster of the strongest evidence, as offices have it."""
    listed = part_of("clusters")
    best = max(
        (at for at, by in enumerate(listed["found_by"]) if by),
        key=lambda at: listed["minus_log10_p"][at],
    )
    return part_of("cluster", listed["cluster_id"][best])
