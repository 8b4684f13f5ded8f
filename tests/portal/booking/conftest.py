"""What the tests of booking share: an owner and users of one county, and a salt spray chamber on a fixed week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.booking.acting import Wish
from gaoyuan.portal.booking.models import Resource
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import open_case

Firm = Callable[..., Viewer]
Book = Callable[..., "Case | Refusal"]


@pytest.fixture
def firm(db: None) -> Firm:
    """Make a firm of a county, and who acts for it."""

    def made(name: str, county: str = "370202") -> Viewer:
        office = Organisation.objects.get_or_create(name=f"office {county}", kind=Role.COUNTY, division=county)[0]
        own = Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=office)
        return Viewer(Role.ENTERPRISE, None, own)

    return made


@pytest.fixture
def owner(firm: Firm) -> Viewer:
    return firm("检测中心")


@pytest.fixture
def lab(owner: Viewer) -> Resource:
    """A chamber with one place that is open day and night in slots of an hour."""
    assert owner.organisation is not None
    return Resource.objects.create_for(
        owner.organisation,
        name="盐雾试验箱",
        capabilities="盐雾 腐蚀",
        hours=[[day, "00:00", "00:00"] for day in range(7)],
        prices={"internal": "0", "member": "80", "external": "120"},
        cancellations=[["24", "0"], ["2", "0.5"]],
        notice_hours=1,
        offer_hours=6,
    )


@pytest.fixture
def noon() -> dt.datetime:
    """Noon of the day after tomorrow, the beginning of a slot that is still cancelled for nothing."""
    day = timezone.localdate() + dt.timedelta(days=2)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


@pytest.fixture
def book(lab: Resource, noon: dt.datetime) -> Book:
    """Ask for hours of the chamber from noon of the day after tomorrow on."""

    def ask(viewer: Viewer, at: int = 0, hours: int = 1, *, wait: bool = False) -> Case | Refusal:
        begins = noon + dt.timedelta(hours=at)
        lab.refresh_from_db()
        wish = Wish(lab, begins, begins + dt.timedelta(hours=hours), wait)
        given = {"owner": str(lab.organisation.pk), "starts_at": begins}
        return open_case(viewer, "booking", role="user", title=lab.name, given=given, detail=wish)

    return ask
