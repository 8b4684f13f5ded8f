"""The pages of the services: a demand goes from draft to acceptance between two firms, in either language."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.models import Case

pytestmark = pytest.mark.django_db
DEMAND = {"title": "毛巾布", "text": "求购纯棉毛巾布", "quantity": "2000", "unit": "米"}


def client_for(name: str) -> Client:
    office = Organisation.objects.get_or_create(name="某县局", kind=Role.COUNTY, division="370202")[0]
    own = Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=office)
    user = User.objects.create(username=name)
    Membership.objects.create(user=user, organisation=own)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def in_days(days: int) -> str:
    return (timezone.now() + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def done(client: Client, case: Case, move: str, **given: str) -> None:
    answer = client.post(
        f"/services/case/{case.pk}/{move}/", {f"{move}-{name}": value for name, value in given.items()}
    )
    assert answer.status_code == 302, re.findall(
        r'role="alert">(.*?)<|errorlist[^>]*>(.*?)</ul', answer.content.decode()
    )


def test_a_demand_goes_from_draft_to_acceptance_between_two_firms() -> None:
    buyer, seller = client_for("甲厂"), client_for("乙厂")
    answer = buyer.post("/services/supply-demand/new/", DEMAND)
    case = Case.unscoped.get()
    assert answer["Location"] == f"/services/case/{case.pk}/"
    assert seller.get(f"/services/case/{case.pk}/").status_code == 404
    done(buyer, case, "publish", closes_at=in_days(5), sealed="")
    assert "毛巾布" in seller.get("/services/supply-demand/").content.decode()
    until = (timezone.localdate() + dt.timedelta(days=60)).isoformat()
    done(seller, case, "quote", breaks="12.5", lead_days="9", valid_until=until)
    Case.unscoped.filter(pk=case.pk).update(state="comparing")
    page = buyer.get(f"/services/case/{case.pk}/").content.decode()
    own = Organisation.objects.get(name="乙厂").pk
    assert f'<option value="{own}"' in page
    done(buyer, case, "award", supplier=str(own), price_yuan="25000", delivery_due=in_days(30))
    done(seller, case, "confirm")
    done(seller, case, "deliver")
    done(buyer, case, "accept")
    case.refresh_from_db()
    assert case.state == "completed"
    told = seller.get("/services/notices/").content.decode()
    assert "毛巾布" in told
    assert seller.post("/services/notices/").status_code == 302
    assert "badge warn" not in seller.get("/services/notices/").content.decode()
    english = buyer.get(f"/services/case/{case.pk}/", headers={"accept-language": "en"})
    assert "Every move is a record" in english.content.decode()


def test_what_was_typed_wrong_is_said_in_words_and_stands_there_again() -> None:
    buyer = client_for("甲厂")
    buyer.post("/services/supply-demand/new/", DEMAND)
    case = Case.unscoped.get()
    page = buyer.post(f"/services/case/{case.pk}/publish/", {"publish-closes_at": "2001-01-01T12:00"}).content.decode()
    assert "报价截止时间已经过去" in page
    assert "2001-01-01T12:00" in page
    page = buyer.post(f"/services/case/{case.pk}/publish/", {"publish-closes_at": "soon"}).content.decode()
    assert "errorlist" in page
    assert buyer.post(f"/services/case/{case.pk}/no-such-move/").status_code == 404
    assert buyer.get("/services/no-such-service/").status_code == 404
    assert "errorlist" in buyer.post("/services/supply-demand/new/", {"title": " "}).content.decode()
    case.refresh_from_db()
    assert case.state == "draft"


def test_a_foreign_case_is_answered_like_one_that_does_not_exist() -> None:
    buyer, other = client_for("甲厂"), client_for("乙厂")
    buyer.post("/services/supply-demand/new/", DEMAND)
    case = Case.unscoped.get()
    for path in ("", "publish/"):
        answers = [
            other.post(f"/services/case/{pk}/{path}") if path else other.get(f"/services/case/{pk}/")
            for pk in (case.pk, uuid.uuid4())
        ]
        assert answers[0].status_code == answers[1].status_code == 404
        bodies = [re.sub(rb'csrfmiddlewaretoken" value="\w+', b"", answer.content) for answer in answers]
        assert bodies[0].replace(str(case.pk).encode(), b"") == re.sub(rb"case/[0-9a-f-]{36}", b"case/", bodies[1])


def test_lists_are_files_and_deadlines_a_calendar() -> None:
    buyer = client_for("甲厂")
    buyer.post("/services/supply-demand/new/", DEMAND)
    assert "布" in buyer.get("/services/supply-demand/?format=csv").content.decode("utf-8-sig")
    assert buyer.get("/services/supply-demand/?format=xlsx").content.startswith(b"PK")
    (event,) = Calendar.from_ical(buyer.get("/services/calendar.ics").content).walk("VEVENT")
    assert str(event["summary"]) == "毛巾布：草稿"
    assert "供需对接" in buyer.get("/services/").content.decode()
