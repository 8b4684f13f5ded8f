"""Two firms that have traded, who walk through evidence: what is done inside the portal that is served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import move_case, open_case
from gaoyuan.portal.evidence.entering import enter_new
from gaoyuan.portal.trades.recording import record_trade


def make(person: Callable[[str, Organisation], str]) -> dict[str, str]:
    """Make them and two trades between them; gives name to key of a session."""
    office = Organisation.objects.create(name="evidence office", kind="county", division="370203")
    keys, viewers = dict[str, str](), list[Viewer]()
    for name in ("印染一厂", "毛巾二厂"):
        own = Organisation.objects.create(name=name, kind="enterprise", parent=office)
        keys[name] = person(name, own)
        viewers.append(Viewer(Role.ENTERPRISE, User.objects.get(username=name), own))
    seller, buyer = viewers
    assert seller.organisation
    assert buyer.organisation
    for amount in ("86000.00", "120500.50"):
        case = open_case(
            buyer, "supply-demand", role="buyer", title="活性染色毛巾布", given={"title": "活性染色毛巾布"}
        )
        assert isinstance(case, Case)
        until = timezone.now() + dt.timedelta(days=5)
        move_case(buyer, case, "publish", role="buyer", given={"closes_at": until, "sealed": False})
        record_trade(
            case,
            seller=seller.organisation,
            buyer=buyer.organisation,
            what="活性染色毛巾布",
            amount_yuan=Decimal(amount),
            on=timezone.localdate(),
        )
    enter_new()
    keys["管理者"] = person("管理者", Organisation.objects.create(name="evidence keepers", kind="administrator"))
    return keys
