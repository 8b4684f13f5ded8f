"""Do something in a served portal, in a process of its own.

`people.py PORTAL make` gives the keys of people's sessions, `people.py PORTAL pass DAYS` passes the deadlines of the
next days.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

from gaoyuan.portal.serving.starting import set_up

OFFICES = (("省科技厅", "province", "370000"), ("市科技局", "city", "370200"), ("区科技局", "county", "370211"))
FIRMS = ("海蓝涂料厂", "新材科技", "高温实验室")


def make() -> dict[str, str]:
    """Make three offices, one below the other, and three firms below the last."""
    from django.test import Client

    from gaoyuan.portal.accounts.models import Membership, Organisation, User

    above = None
    made = []
    for name, kind, division in OFFICES:
        above = Organisation.objects.create(name=name, kind=kind, division=division, parent=above)
        made.append(above)
    made += [Organisation.objects.create(name=name, kind="enterprise", parent=above) for name in FIRMS]
    keys = {}
    for one in made:
        user = User.objects.create(username=one.name)
        Membership.objects.create(user=user, organisation=one)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        keys[one.name] = client.cookies["sessionid"].value
    return keys


def main() -> None:
    """Do what the words say."""
    set_up(Path(sys.argv[1]))
    if sys.argv[2] == "make":
        print(json.dumps(make()))
        return
    from django.utils import timezone

    from gaoyuan.portal.cases.models import Case
    from gaoyuan.portal.cases.moving import pass_deadlines

    now = timezone.now()
    # Only cases of these firms: other tests are served by the same portal.
    for case in Case.unscoped.filter(organisation__name__in=FIRMS, deadline__isnull=False):
        case.deadline = case.deadline - dt.timedelta(days=float(sys.argv[3]))
        case.save()
    print(pass_deadlines(now))


if __name__ == "__main__":
    main()
