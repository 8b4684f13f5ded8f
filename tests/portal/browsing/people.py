"""Make an organisation and a person of every role in a served portal; write the keys of their sessions as JSON.

A process of its own, for the portal that is served is not the one of the tests: `people.py WS`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gaoyuan.portal.serving.starting import set_up
from gaoyuan.workspace import open_workspace

PARENTS = {"city": "province", "county": "city", "cluster": "county", "enterprise": "county"}
DIVISIONS = {"province": "370000", "city": "370200", "county": "370202"}


def main(folder: Path) -> None:
    """Write role to key of a session; a second judge and a second contestant too."""
    set_up(folder / "portal")
    from django.test import Client

    from gaoyuan.portal.accounts.models import Membership, Organisation, User
    from gaoyuan.portal.accounts.roles import Role

    workspace = open_workspace(folder)
    cluster = workspace.read("cluster", ["cluster_id"])["cluster_id"].to_pylist()[0]
    firm = workspace.read("cluster_member", ["enterprise_id"])["enterprise_id"].to_pylist()[0]
    subjects = {"cluster": cluster, "enterprise": firm}
    made = {"administrator": Organisation.objects.get(kind="administrator")}
    keys = {}
    for role in Role:
        if role == Role.PUBLIC:
            continue
        kind = role.value
        if kind not in made:
            made[kind] = Organisation.objects.create(
                name=f"{kind} of the tests",
                kind=kind,
                parent=made[PARENTS.get(kind, "administrator")],
                division=DIVISIONS.get(kind, ""),
                subject=subjects.get(kind, ""),
            )
        user = User.objects.create_user(kind, f"{kind}@example.org", "a long enough phrase 47")
        user.is_staff = user.is_superuser = role == Role.ADMINISTRATOR
        user.save()
        Membership.objects.create(user=user, organisation=made[kind])
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        keys[kind] = client.cookies["sessionid"].value
    print(json.dumps(keys))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
