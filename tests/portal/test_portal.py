"""The portal as a whole."""

from __future__ import annotations

import pytest

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.snapshots.models import Part


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_the_first_page(client_of, role) -> None:
    answer = client_of(role).get("/")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_snapshot_has_a_twin_for_the_public_of_every_part(published) -> None:
    keys = {
        audience: set(Part.objects.filter(snapshot=published, audience=audience).values_list("kind", "key"))
        for audience in ("office", "public")
    }
    assert keys["office"] == keys["public"] != set()
