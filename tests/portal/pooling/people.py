"""Make an organiser, a supplier and members in a served portal; write the keys of their sessions as JSON.

A process of its own, for the portal that is served is not the one of the tests: `people.py PORTAL`; with a case behind
it, `people.py PORTAL CASE`, the deadline of that case is made to come now.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gaoyuan.portal.serving.starting import set_up

FIRMS = {
    "company": "钢件集群公司",
    "mill": "联合钢厂",
    "first": "第一冲压厂",
    "second": "第二冲压厂",
    "third": "第三冲压厂",
}


def main(portal: Path) -> None:
    """Write who to the key of a session."""
    set_up(portal)
    from django.test import Client

    from gaoyuan.portal.accounts.models import Membership, Organisation, User

    office = Organisation.objects.get_or_create(name="370785 工信局（集采测试）", kind="county", division="370785")[0]
    keys = {}
    for who, name in FIRMS.items():
        kind = "cluster" if who == "company" else "enterprise"
        own = Organisation.objects.create(name=name, kind=kind, parent=office)
        user = User.objects.create_user(f"pooling-{who}", f"pooling-{who}@example.org", "a long enough phrase 47")
        Membership.objects.create(user=user, organisation=own)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        keys[who] = client.cookies["sessionid"].value
    print(json.dumps(keys))


def close(portal: Path, case: str) -> None:
    """Let the deadline of a case come, and the worker look."""
    set_up(portal)
    from django.utils import timezone

    from gaoyuan.portal.cases.models import Case
    from gaoyuan.portal.cases.moving import pass_deadlines
    from gaoyuan.portal.pooling.clearing import announce_all

    Case.unscoped.filter(pk=case).update(deadline=timezone.now())
    pass_deadlines()
    announce_all()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        close(Path(sys.argv[1]), sys.argv[2])
    else:
        main(Path(sys.argv[1]))
