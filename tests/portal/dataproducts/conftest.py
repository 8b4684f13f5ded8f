"""What the tests of the register share: a registry, firms, and a product at each of its stages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import pass_deadlines
from gaoyuan.portal.dataproducts.models import Product

BACKEND = "django.contrib.auth.backends.ModelBackend"
SAMPLE = "日期,设备,用电量_千瓦时\n2026-01-01,一号机,120.5\n2026-01-02,二号机,98\n".encode()
DESCRIBED = {
    "title": "纺织设备用电量",
    "description": "某园区纺织设备每日用电量，按设备汇总",
    "kind": "dataset",
    "theme": "energy",
    "keywords": "用电, 纺织，设备",
    "source": "自有电表采集",
    "spatial": "青岛市",
    "begins": "2025-01-01",
    "ends": "2026-06-30",
    "frequency": "DAILY",
    "rows": "120000",
    "licence": "own",
    "licence_text": "仅限签约方内部使用",
    "permitted": ["use", "derive"],
    "forbidden": ["distribute"],
    "price": "fixed",
    "price_yuan": "12000.50",
    "contact": "data@example.org",
    "not_personal": "on",
    "lawful": "on",
}


def sample_file(content: bytes = SAMPLE, name: str = "样例.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/csv")


def in_days(days: float) -> str:
    return timezone.localtime(timezone.now() + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def later(days: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


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
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode("utf-8-sig")

    def opens(self, key: str, **given: object) -> str:
        """Open a case; empty where it was opened, else the page that says why not."""
        answer = self.client.post(f"/services/{key}/new/", given)
        assert answer.status_code in (200, 302), answer.status_code
        return "" if answer.status_code == 302 else answer.content.decode()

    def moves(self, case: Case, move: str, **given: object) -> str:
        """Make a move on the page of the case; empty where it was made, else the page that says why not."""
        fields = {f"{move}-{name}": value for name, value in given.items()}
        answer = self.client.post(f"/services/case/{case.pk}/{move}/", fields)
        assert answer.status_code in (200, 302), (move, answer.status_code)
        return "" if answer.status_code == 302 else answer.content.decode()

    def objects(self, product: Product, case: Case, why: str) -> int:
        """Object on the public page; the status of the answer."""
        given = {"case": str(case.pk), "object-why": why}
        return self.client.post(f"/data-products/{product.pk}/object/", given).status_code


@pytest.fixture
def people(db: None) -> dict[str, Person]:
    """A registry, the county office below it, another registry, and firms."""
    city = Organisation.objects.create(name="市数据局", kind=Role.CITY, division="370200")
    county = Organisation.objects.create(name="县局", kind=Role.COUNTY, division="370202", parent=city)
    elsewhere = Organisation.objects.create(name="外市数据局", kind=Role.CITY, division="320100")
    firms = [
        Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=county)
        for name in ("甲纺织", "乙科技", "丙软件")
    ]
    return {one.name: Person(one) for one in (city, county, elsewhere, *firms)}


@pytest.fixture
def applied(people: dict[str, Person]) -> Product:
    """甲纺织 has applied for the registration of a product."""
    assert people["甲纺织"].opens("data-product", **DESCRIBED, sample=sample_file()) == ""
    return Product.unscoped.get()


@pytest.fixture
def noticed(people: dict[str, Person], applied: Product) -> Product:
    assert people["市数据局"].moves(applied.case, "accept") == ""
    return fresh(applied)


@pytest.fixture
def registered(people: dict[str, Person], noticed: Product) -> Product:
    assert pass_deadlines(later(15)) == 1
    give_time(noticed.case)
    assert people["市数据局"].moves(noticed.case, "register", valid_until=in_days(1000)) == ""
    return fresh(noticed)


def give_time(case: Case) -> None:
    """Bring a case that was moved ahead of time back to now, deadline and all."""
    case.refresh_from_db()
    assert case.deadline is not None
    ahead = case.last_at - timezone.now()
    case.since, case.last_at, case.deadline = case.since - ahead, case.last_at - ahead, case.deadline - ahead
    case.save()


def fresh(product: Product) -> Product:
    """The product as it stands now, its case with it."""
    return Product.unscoped.select_related("case", "organisation", "entry").get(pk=product.pk)
