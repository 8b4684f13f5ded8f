"""Three firms and the office above them, who trade: what is done inside the portal that is served."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import pass_deadlines

FIRMS = {"buyer": "华清阀门厂", "near": "高密法兰厂", "far": "沂水管件厂"}
COUNTIES = {"buyer": "370785", "near": "370785", "far": "371323"}


def make(person: Callable[[str, Organisation], str]) -> dict[str, str]:
    """Make them; gives who to key of a session."""
    keys = {}
    for who, name in {**FIRMS, "office": ""}.items():
        county = COUNTIES.get(who, "370785")
        office = Organisation.objects.get_or_create(
            name=f"{county} 工信局（供需测试）", kind="county", division=county
        )[0]
        own = office if who == "office" else Organisation.objects.create(name=name, kind="enterprise", parent=office)
        keys[who] = person(f"trading-{who}", own)
    return keys


def close(_person: object, case: str) -> None:
    """Let the deadline of a case come."""
    Case.unscoped.filter(pk=case).update(deadline=timezone.now())
    pass_deadlines()
