"""Three offices and three firms of the challenges: what is done inside the portal that is served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import pass_deadlines

OFFICES = (("省科技厅", "province", "370000"), ("市科技局", "city", "370200"), ("区科技局", "county", "370211"))
FIRMS = ("海蓝涂料厂", "新材科技", "高温实验室")


def make(person: Callable[[str, Organisation], str]) -> dict[str, str]:
    """Make three offices, one below the other, and three firms below the last; gives name to key of a session."""
    above = None
    made = []
    for name, kind, division in OFFICES:
        above = Organisation.objects.create(name=name, kind=kind, division=division, parent=above)
        made.append(above)
    made += [Organisation.objects.create(name=name, kind="enterprise", parent=above) for name in FIRMS]
    return {one.name: person(one.name, one) for one in made}


def pass_days(_person: object, days: str) -> None:
    """Let the deadlines of the next days pass, of the cases of these firms: others are served by the same portal."""
    now = timezone.now()
    for case in Case.unscoped.filter(organisation__name__in=FIRMS, deadline__isnull=False):
        case.deadline = case.deadline - dt.timedelta(days=float(days))
        case.save()
    pass_deadlines(now)
