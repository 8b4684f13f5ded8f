"""Firms of a county with some months of trades, their peers, a bank and the office, inside a portal that is served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import open_case
from gaoyuan.portal.evidence.entering import enter_new
from gaoyuan.portal.snapshots.models import Firm, Snapshot
from gaoyuan.portal.trades.models import Consent, Trade

_COUNTY, _INDUSTRY = "371698", "1761"


def make(person: Callable[[str, Organisation], str]) -> dict[str, str]:
    """Make them; gives name to key of a session."""
    office = Organisation.objects.create(name="滨城区财政金融办", kind=Role.COUNTY, division=_COUNTY)
    bank = Organisation.objects.create(name="城关农商银行", kind=Role.BANK)
    firm = _firm("新丰毛巾厂", "finance-own", office)
    keys = {one.name: person(one.name, one) for one in (office, bank, firm)}
    buyers = [_firm(f"客户{number}号", "", office) for number in range(1, 7)]
    viewer = Viewer(Role.ENTERPRISE, User.objects.get(username=firm.name), firm)
    today = timezone.localdate()
    for number in range(30):
        buyer = buyers[number % 6]
        on = today - dt.timedelta(days=7 * number)
        _trade(_case(viewer, "提花毛巾"), firm, buyer, Decimal(18_000 + 400 * (30 - number)), on)
    _trade(_case(viewer, "棉纱"), buyers[0], firm, Decimal(42_000), today - dt.timedelta(days=20))
    for number in range(12):
        peer = _firm(f"同行{number}厂", f"finance-peer-{number}", office)
        for at in range(number % 5 + 1):
            _trade(_case(viewer, "同行"), peer, buyers[at], Decimal(9_000), today - dt.timedelta(days=30 * at))
    for one in Organisation.objects.filter(parent=office):
        Consent.objects.create_for(one, given=True)
    enter_new()
    return keys


def _firm(name: str, subject: str, office: Organisation) -> Organisation:
    made = Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=office, subject=subject)
    if subject:
        shown = Snapshot.objects.get(shown=True, public=True)
        known = {"county": _COUNTY, "industry": _INDUSTRY, "revenue_yuan": 3e6, "employees": 40.0}
        Firm.objects.create(snapshot=shown, enterprise_id=subject, name=name, **known)
    return made


def _case(viewer: Viewer, title: str) -> Case:
    made = open_case(viewer, "supply-demand", role="buyer", title=title, given={"title": title})
    assert isinstance(made, Case)
    return made


def _trade(case: Case, seller: Organisation, buyer: Organisation, amount: Decimal, on: dt.date) -> None:
    Trade.unscoped.create(organisation=seller, buyer=buyer, case=case, what="毛巾", amount_yuan=amount, date=on)
