"""Two firms with a trade between them, and clients of both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import move_case, open_case
from gaoyuan.portal.evidence.entering import enter_new
from gaoyuan.portal.trades.recording import record_trade


@dataclass(frozen=True)
class Party:
    """A firm, somebody who acts for it, and a browser."""

    viewer: Viewer
    organisation: Organisation
    client: Client


@dataclass(frozen=True)
class Pair:
    """A buyer and a seller whose order was delivered, and the trade recorded."""

    buyer: Party
    seller: Party
    case: Case


def party(name: str) -> Party:
    """Make a firm with a person."""
    office = Organisation.objects.get_or_create(name="office 370202", kind=Role.COUNTY, division="370202")[0]
    own = Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=office)
    user = User.objects.create(username=name)
    Membership.objects.create(user=user, organisation=own)
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return Party(Viewer(Role.ENTERPRISE, user, own), own, client)


def deal(buyer: Party, seller: Party, amount: str = "1200.50") -> Case:
    """Have two firms come to an order that is confirmed, and record its trade."""
    made = open_case(buyer.viewer, "supply-demand", role="buyer", title="毛巾布", given={"title": "毛巾布"})
    assert isinstance(made, Case), made
    given = {"closes_at": timezone.now() + dt.timedelta(days=5), "sealed": False}
    for viewer, role, move, facts in (
        (buyer.viewer, "buyer", "publish", given),
        (seller.viewer, "bidder", "quote", {}),
    ):
        done = move_case(viewer, made, move, role=role, given=facts)
        assert isinstance(done, Case), done
    record_trade(
        made,
        seller=seller.organisation,
        buyer=buyer.organisation,
        what="毛巾布",
        amount_yuan=Decimal(amount),
        on=timezone.localdate(),
    )
    enter_new()
    return made


@pytest.fixture
def pair(db: None) -> Pair:
    """A buyer and a seller with one trade."""
    buyer, seller = party("甲厂"), party("乙厂")
    return Pair(buyer, seller, deal(buyer, seller))


@pytest.fixture
def administrator(db: None) -> Client:
    """Somebody who runs the portal."""
    own = Organisation.objects.create(name="管理方", kind=Role.ADMINISTRATOR)
    user = User.objects.create(username="log keeper")
    Membership.objects.create(user=user, organisation=own)
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client
