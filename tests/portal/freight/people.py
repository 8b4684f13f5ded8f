"""Make a planner, shippers and a carrier in a served portal; write the keys of their sessions as JSON.

A process of its own, for the portal that is served is not the one of the tests.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gaoyuan.portal.serving.starting import set_up

WHO = {"office": "潍坊物流办", "mill": "高密轴承厂", "trader": "青岛进出口公司", "carrier": "高密运输队"}


def main(portal: Path) -> None:
    """Write who to the key of a session."""
    set_up(portal)
    from django.test import Client

    from gaoyuan.portal.accounts.models import Membership, Organisation, User

    county = Organisation.objects.create(name="370785 工信局（货运测试）", kind="county", division="370785")
    office = Organisation.objects.create(name=WHO["office"], kind="cluster", parent=county)
    keys = {}
    for who, name in WHO.items():
        own = office
        if who != "office":
            own = Organisation.objects.create(name=name, kind="enterprise", parent=county)
        user = User.objects.create_user(f"freight-{who}", f"freight-{who}@example.org", "a long enough phrase 47")
        Membership.objects.create(user=user, organisation=own)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        keys[who] = client.cookies["sessionid"].value
    print(json.dumps(keys))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
