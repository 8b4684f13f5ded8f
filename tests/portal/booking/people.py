"""Three firms of one county, who walk through booking: what is done inside the portal that is served."""

from __future__ import annotations

from collections.abc import Callable

from gaoyuan.portal.accounts.models import Organisation


def make(person: Callable[[str, Organisation], str]) -> dict[str, str]:
    """Make them; gives name to key of a session."""
    office = Organisation.objects.create(name="booking office", kind="county", division="370203")
    return {
        name: person(name, Organisation.objects.create(name=name, kind="enterprise", parent=office))
        for name in ("食品检测中心", "糕点一厂", "糕点二厂")
    }
