"""Machines that stand idle by their bookings are proposed to their owner, and to nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.viewer import PUBLIC, Viewer
from gaoyuan.portal.booking.idle import idle_of
from gaoyuan.portal.booking.models import Booking, Resource
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.trades.proposing import next_of_chain, next_of_cluster, next_of_firm

pytestmark = pytest.mark.django_db
Firm = Callable[..., Viewer]
Book = Callable[..., "Case | Refusal"]


def aged(lab: Resource, days: int = 40) -> Resource:
    lab.made = timezone.now() - dt.timedelta(days=days)
    lab.save()
    return lab


def used(lab: Resource, case: Case, days: int, hours: int) -> None:
    """Let a booking that was made lie some days ago, and take so many hours."""
    begins = timezone.now().replace(minute=0, second=0, microsecond=0) - dt.timedelta(days=days)
    row = Booking.unscoped.get(case=case)
    row.begins, row.ends, row.price = begins, begins + dt.timedelta(hours=hours), Decimal(0)
    row.save()


def test_a_shared_machine_without_bookings_proposes_to_offer_its_free_hours(lab: Resource, owner: Viewer) -> None:
    aged(lab)
    (one,) = idle_of(owner)
    assert (one.name, one.used, one.listed, one.free_hours) == ("盐雾试验箱", 0.0, True, 28 * 24.0)
    for proposed in (next_of_cluster(owner, {}), next_of_chain(owner, [], None)):
        (shown,) = proposed
        assert shown.address.startswith("/services/trading/offers/new/?text=")
        assert "0%" in shown.why or "0 %" in shown.why


def test_one_that_is_not_shared_proposes_to_share_it(lab: Resource, owner: Viewer) -> None:
    lab.listed = False
    aged(lab)
    (shown,) = next_of_cluster(owner, {})
    assert shown.address == f"/services/booking/resources/{lab.pk}/edit/"


def test_what_is_booked_counts_and_a_busy_machine_is_not_proposed(
    lab: Resource, owner: Viewer, firm: Firm, book: Book
) -> None:
    aged(lab, days=8)
    case = book(firm("用户"))
    assert isinstance(case, Case)
    used(lab, case, days=5, hours=48)
    (one,) = idle_of(owner)
    assert one.used == pytest.approx(48 / (8 * 24), abs=0.01)
    used(lab, case, days=7, hours=144)
    assert idle_of(owner)[0].used > 0.5
    assert next_of_cluster(owner, {}) == []


def test_a_new_machine_says_nothing_yet_and_others_are_told_nothing(lab: Resource, owner: Viewer, firm: Firm) -> None:
    assert idle_of(owner) == []
    aged(lab)
    for viewer in (firm("别人"), PUBLIC):
        assert idle_of(viewer) == []
        assert next_of_cluster(viewer, {}) == []


def test_an_enterprise_sees_its_idle_machines_on_its_own_page_alone(lab: Resource, owner: Viewer) -> None:
    aged(lab)
    assert owner.organisation is not None
    owner.organisation.subject = "E1"
    assert [one.address for one in next_of_firm(owner, "E1")]
    assert next_of_firm(owner, "E2") == []
