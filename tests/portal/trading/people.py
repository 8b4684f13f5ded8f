"""Make three firms and the office above them in a served portal; write the keys of their sessions as JSON.

A process of its own, for the portal that is served is not the one of the tests: `people.py PORTAL`; with a case behind
it, `people.py PORTAL CASE`, the deadline of that case is made to come now.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gaoyuan.portal.serving.starting import set_up

FIRMS = {"buyer": "华清阀门厂", "near": "高密法兰厂", "far": "沂水管件厂"}
COUNTIES = {"buyer": "370785", "near": "370785", "far": "371323"}


def main(portal: Path) -> None:
    """Write who to the key of a session."""
    set_up(portal)
    from django.test import Client

    from gaoyuan.portal.accounts.models import Membership, Organisation, User

    keys = {}
    for who, name in {**FIRMS, "office": ""}.items():
        county = COUNTIES.get(who, "370785")
        office = Organisation.objects.get_or_create(
            name=f"{county} 工信局（供需测试）", kind="county", division=county
        )[0]
        own = office if who == "office" else Organisation.objects.create(name=name, kind="enterprise", parent=office)
        user = User.objects.create_user(f"trading-{who}", f"trading-{who}@example.org", "a long enough phrase 47")
        Membership.objects.create(user=user, organisation=own)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        keys[who] = client.cookies["sessionid"].value
    print(json.dumps(keys))


def close(portal: Path, case: str) -> None:
    """Let the deadline of a case come."""
    set_up(portal)
    from django.utils import timezone

    from gaoyuan.portal.cases.models import Case
    from gaoyuan.portal.cases.moving import pass_deadlines

    Case.unscoped.filter(pk=case).update(deadline=timezone.now())
    pass_deadlines()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        close(Path(sys.argv[1]), sys.argv[2])
    else:
        main(Path(sys.argv[1]))
