"""What the tests of challenges share: offices, firms, and a challenge at each of its stages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import pass_deadlines
from gaoyuan.portal.challenges.models import PublicChallenge

PROBLEM = "涂层在 1200 度下 50 小时后脱落，甲涂料厂的产线停机"
SECRET_CONDITION = "炉号七号炉，配方为氧化锆加钇"
BACKEND = "django.contrib.auth.backends.ModelBackend"
SELECTED = {
    "title_1": "样件",
    "yuan_1": "60000",
    "title_2": "量产工艺",
    "yuan_2": "40000",
    "terms": "成果归双方共有",
    "why": "团队和方案最好",
}


def in_days(days: float, form: str = "%Y-%m-%dT%H:%M") -> str:
    return timezone.localtime(timezone.now() + dt.timedelta(days=days)).strftime(form)


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

    def moves(self, case: Case, move: str, **given: object) -> str:
        """Make a move on the page of the case; empty where it was made, else the page that says why not."""
        fields = {f"{move}-{name}": value for name, value in given.items()}
        answer = self.client.post(f"/services/case/{case.pk}/{move}/", fields)
        assert answer.status_code in (200, 302), (move, answer.status_code)
        return "" if answer.status_code == 302 else answer.content.decode()

    def answers(self, challenge: PublicChallenge, **changed: object) -> str:
        """Answer on the public page; empty where it was taken."""
        given: dict[str, object] = {
            "team": "五人，含两名博士",
            "ability": "三项发明专利",
            "plan": "等离子喷涂加梯度层",
            "fit": "同类炉三座",
            "price": "9.5",
            "months": "6",
            "industry": "3311",
            "employees": "80",
            "revenue": "1200",
            **changed,
        }
        page = f"/challenges/{challenge.pk}/"
        move = "change_answer" if "修改揭榜材料" in self.reads(page) else "answer"
        answer = self.client.post(f"{page}answer/", {f"{move}-{name}": value for name, value in given.items()})
        assert answer.status_code in (200, 302), answer.status_code
        return "" if answer.status_code == 302 else answer.content.decode()


@pytest.fixture
def people(db: None) -> dict[str, Person]:
    """Offices of a province, a city and two counties, a challenging firm, three that may answer."""
    province = Organisation.objects.create(name="省厅", kind=Role.PROVINCE, division="370000")
    city = Organisation.objects.create(name="市局", kind=Role.CITY, division="370200", parent=province)
    county = Organisation.objects.create(name="县局", kind=Role.COUNTY, division="370202", parent=city)
    aside = Organisation.objects.create(name="邻县局", kind=Role.COUNTY, division="370203", parent=city)
    firms = {
        name: Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=at)
        for name, at in (("甲涂料厂", county), ("乙科技", county), ("丙材料", aside), ("丁旁观", aside))
    }
    return {one.name: Person(one) for one in (province, city, county, aside, *firms.values())}


@pytest.fixture
def drafted(people: dict[str, Person]) -> Case:
    """The need of 甲涂料厂, which keeps its name, its conditions and its contact back."""
    answer = people["甲涂料厂"].client.post(
        "/services/challenge/new/",
        {
            "title": "甲涂料厂寻高温涂层",
            "industry": "涂料",
            "problem": PROBLEM,
            "targets": "1200 度 500 小时不脱落",
            "conditions": SECRET_CONDITION,
            "contact": "王工 13900000000",
            "budget": "10 万元以内",
            "public": ["industry", "problem", "targets"],
            **{f"weight_{name}": "25" for name in ("team", "ability", "plan", "fit")},
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return Case.unscoped.get(process="challenge")


@pytest.fixture
def handed_in(people: dict[str, Person], drafted: Case) -> Case:
    given = {
        "industry": "涂料",
        "problem": PROBLEM,
        "targets": "1200 度 500 小时不脱落",
        "conditions": SECRET_CONDITION,
        "contact": "王工 13900000000",
        "budget": "10 万元以内",
        "public": ["industry", "problem", "targets"],
        **{f"weight_{name}": "25" for name in ("team", "ability", "plan", "fit")},
    }
    assert people["甲涂料厂"].moves(drafted, "submit", **given) == ""
    return drafted


@pytest.fixture
def published(people: dict[str, Person], handed_in: Case) -> PublicChallenge:
    checks = {"complete": "on", "genuine": "on", "lawful": "on"}
    assert people["县局"].moves(handed_in, "pass_check", **checks, opinion="属实") == ""
    assert people["省厅"].moves(handed_in, "admit", **checks, closes_at=in_days(10)) == ""
    return PublicChallenge.unscoped.get(case=handed_in)


@pytest.fixture
def answered(people: dict[str, Person], published: PublicChallenge) -> PublicChallenge:
    assert people["乙科技"].answers(published) == ""
    assert people["丙材料"].answers(published, price="8", plan="溶胶凝胶法") == ""
    return published


@pytest.fixture
def opened(answered: PublicChallenge) -> Case:
    """The deadline has passed: the answers are open."""
    assert pass_deadlines(timezone.now() + dt.timedelta(days=11)) == 1
    case = answered.case
    case.refresh_from_db()
    assert case.state == "selecting"
    return case


@pytest.fixture
def working(people: dict[str, Person], opened: Case) -> Case:
    assert chosen(people, opened, "乙科技") == ""
    assert people["乙科技"].moves(opened, "sign", agreed="on") == ""
    opened.refresh_from_db()
    return opened


def chosen(people: dict[str, Person], case: Case, party: str, /, **changed: object) -> str:
    dates = {"due": in_days(90), "due_1": in_days(30, "%Y-%m-%d"), "due_2": in_days(60, "%Y-%m-%d")}
    given = {**SELECTED, **dates, "solver": str(people[party].organisation.pk), **changed}
    return people["甲涂料厂"].moves(case, "select", **given)
