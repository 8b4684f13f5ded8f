"""What the tests of freight share: a county office that plans, shippers, carriers, and how they post and offer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.freight.models import Plan
from gaoyuan.portal.jobs.queue import queue

WEIFANG, QINGDAO, JINAN = "119.16, 36.71", "120.38, 36.07", "117.12, 36.65"


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """Jobs run where they are started."""
    before, queue.immediate = queue.immediate, True
    yield
    queue.immediate = before


def moment(hours: float) -> str:
    """Give a moment so many hours from now as forms take it."""
    return timezone.localtime(timezone.now() + dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def said(answer: HttpResponse) -> list[str]:
    """Give what a page complains of."""
    page = answer.content.decode()
    return [
        re.sub(r"<[^>]+>", "", one)
        for one in re.findall(r'class="errorlist[^>]*>(.*?)</ul>|role="alert">(.*?)</p>', page, re.S)
        for one in one
        if one
    ]


@dataclass(frozen=True)
class Party:
    """An organisation with one of its people, signed in."""

    own: Organisation
    client: Client
    catch: DjangoCaptureOnCommitCallbacks

    @property
    def viewer(self) -> Viewer:
        return Viewer(Role(self.own.kind), Membership.objects.get(organisation=self.own).user, self.own)

    def get(self, address: str, **asked: str) -> HttpResponse:
        return self.client.get(address, asked)

    def post(self, address: str, **given: object) -> HttpResponse:
        with self.catch(execute=True):
            return self.client.post(address, given)

    def load(self, title: str, planner: Organisation, /, **given: object) -> HttpResponse:
        """Post a load from Weifang to Qingdao."""
        usual = {
            "title": title,
            "weight_kg": "9000",
            "volume_m3": "10",
            "pallets": "8",
            "from_place": "某路 1 号",
            "from_point": WEIFANG,
            "pick_up_by": moment(30),
            "to_point": QINGDAO,
            "to_place": "某港",
            "deliver_by": moment(48),
            "handling_minutes": "30",
            "contact": "王某 0532",
            "planner": str(planner.pk),
        }
        return self.post("/services/freight/new/", **(usual | given))

    def vehicle(self, plate: str, planner: Organisation, /, **given: object) -> HttpResponse:
        """Offer a vehicle that stands in Weifang and comes back."""
        usual = {
            "plate": plate,
            "weight_kg": "10000",
            "volume_m3": "40",
            "pallets": "20",
            "point": WEIFANG,
            "returns": "on",
            "begins": moment(1),
            "ends": moment(60),
            "fixed_yuan": "200",
            "kilometre_yuan": "4",
            "hour_yuan": "0",
            "planner": str(planner.pk),
        }
        return self.post("/services/freight/vehicles/", **(usual | given))

    def plan(self, **given: object) -> Plan:
        """Have a plan built."""
        usual = {"title": "", "begins": moment(2), "detour": "1.3", "speed": "60", "seconds": "1"}
        answer = self.post("/services/freight/plans/", **(usual | given))
        assert answer.status_code == 302, said(answer)
        return Plan.objects.of(self.own).latest("made")


@dataclass(frozen=True)
class Parties:
    """Who takes part."""

    office: Party
    shipper: Party
    other: Party
    carrier: Party
    rival: Party


@pytest.fixture
def parties(db: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Parties:
    """A county office, two shippers and two carriers below it."""
    county = Organisation.objects.create(name="某县局", kind=Role.COUNTY, division="370785")

    def party(name: str, own: Organisation | None = None) -> Party:
        made = own or Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=county)
        user = User.objects.create(username=name)
        Membership.objects.create(user=user, organisation=made)
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return Party(made, client, django_capture_on_commit_callbacks)

    return Parties(party("局", county), party("甲厂"), party("乙厂"), party("丙运输"), party("丁运输"))
