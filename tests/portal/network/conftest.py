"""What the tests of the network share: offices of three levels, firms of two counties, and who serves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case

BACKEND = "django.contrib.auth.backends.ModelBackend"


def in_days(days: float) -> str:
    return timezone.localtime(timezone.now() + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


class Person:
    """Somebody of an organisation, with a browser that speaks Chinese."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        user = User.objects.create(username=organisation.name)
        Membership.objects.create(user=user, organisation=organisation)
        self.client = Client(headers={"accept-language": "zh-hans"})
        self.client.force_login(user, BACKEND)
        self.viewer = Viewer(Role(organisation.kind), user, organisation)

    def reads(self, path: str) -> str:
        answer = self.client.get(path, follow=True)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode("utf-8-sig")

    def sends(self, path: str, **given: object) -> str:
        """Send a form; empty where it was taken, else the page that says why not."""
        answer = self.client.post(path, given)
        assert answer.status_code in (200, 302), (path, answer.status_code)
        return "" if answer.status_code == 302 else answer.content.decode()

    def moves(self, case: Case, move: str, **given: object) -> str:
        fields = {f"{move}-{name}": value for name, value in given.items()}
        return self.sends(f"/services/case/{case.pk}/{move}/", **fields)

    def asks(self, **changed: object) -> Case:
        """Ask for a service."""
        given = {"title": "锅炉节能诊断", "kind": "diagnosis", "text": "蒸汽锅炉能耗高", "industry": "1761", **changed}
        assert self.sends("/services/service-request/new/", **given) == ""
        return Case.unscoped.filter(process="service-request", organisation=self.organisation).latest("opened")


@pytest.fixture
def people(db: None) -> dict[str, Person]:
    province = Organisation.objects.create(name="省厅", kind=Role.PROVINCE, division="370000")
    city = Organisation.objects.create(name="市局", kind=Role.CITY, division="370200", parent=province)
    county = Organisation.objects.create(name="县局", kind=Role.COUNTY, division="370202", parent=city)
    aside = Organisation.objects.create(name="邻县局", kind=Role.COUNTY, division="370203", parent=city)
    firms = {
        name: Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=at)
        for name, at in (("甲厂", county), ("乙厂", county), ("丙厂", county), ("诊断站", county), ("丁厂", aside))
    }
    return {one.name: Person(one) for one in (province, city, county, aside, *firms.values())}


def register(office: Person, name: str, **changed: object) -> str:
    given = {"name": name, "kinds": ["diagnosis"], "industries": "", "most_open": "5", "active": "on", **changed}
    return office.sends("/network/providers/", **given)


@pytest.fixture
def station(people: dict[str, Person]) -> Person:
    """A provider that the county office has registered."""
    assert register(people["县局"], "诊断站", contact="0532-1") == ""
    return people["诊断站"]
