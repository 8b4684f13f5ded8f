"""A registry and three firms of the register: what is done inside the portal that is served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Q
from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import pass_deadlines
from gaoyuan.portal.evidence.keeping import log_signer

REGISTRY = "青岛市数据局"
FIRMS = ("海蓝纺织", "数联科技", "明码软件")


def make(person: Callable[[str, Organisation], str]) -> dict[str, str]:
    """Make a registry and three firms below it; gives name to key of a session."""
    registry = Organisation.objects.create(name=REGISTRY, kind="city", division="370200")
    firms = [Organisation.objects.create(name=name, kind="enterprise", parent=registry) for name in FIRMS]
    return {one.name: person(one.name, one) for one in (registry, *firms)}


def pass_days(_person: object, days: str) -> None:
    """Let the deadlines of the next days pass, of the cases of these firms: others are served by the same portal."""
    now = timezone.now()
    parties = [str(one.pk) for one in Organisation.objects.filter(name__in=FIRMS)]
    for case in Case.unscoped.filter(Q(facts__holder__in=parties), deadline__isnull=False):
        case.deadline = case.deadline - dt.timedelta(days=float(days))
        case.save()
    pass_deadlines(now)


def key(_person: object) -> str:
    """Give the key of the log."""
    return str(log_signer().key)
