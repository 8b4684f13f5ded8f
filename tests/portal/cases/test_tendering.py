"""Tenders leave the portal as valid OCDS releases that tell nobody more than the pages do."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.utils import timezone

from gaoyuan.exchange.process import Value
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import move_case, open_case, pass_deadlines
from gaoyuan.portal.cases.tendering import is_tender, releases_of

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).parents[2] / "exchange" / "tenders" / "schema" / "release-schema.json"


def firm(name: str) -> Viewer:
    return Viewer(Role.ENTERPRISE, None, Organisation.objects.create(name=name, kind=Role.ENTERPRISE))


def moved(viewer: Viewer, case: Case, move: str, role: str, **given: Value) -> Case:
    done = move_case(viewer, case, move, role=role, given=given, why="协商" if move == "decline" else "")
    assert isinstance(done, Case), done
    return done


def published(buyer: Viewer, *, sealed: bool) -> Case:
    opened = open_case(buyer, "supply-demand", role="buyer", title="毛巾布", given={"title": "毛巾布"})
    assert isinstance(opened, Case), opened
    assert not is_tender(opened)
    return moved(buyer, opened, "publish", "buyer", closes_at=timezone.now() + dt.timedelta(days=3), sealed=sealed)


def releases(viewer: Viewer, case: Case) -> list[dict[str, Any]]:
    package = releases_of(viewer, case, uri="https://example.org/t", published=timezone.now())
    made = json.loads(json.dumps(package))["releases"]
    schema = jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for one in made:
        schema.validate(one)
    return made


def number(viewer: Viewer) -> str:
    assert viewer.organisation is not None
    return str(viewer.organisation.pk)


def test_a_tender_tells_its_award_that_fell_through_and_the_one_that_held() -> None:
    buyer, first, second = firm("甲厂"), firm("乙厂"), firm("丙厂")
    case = published(buyer, sealed=False)
    moved(first, case, "quote", "bidder")
    moved(second, case, "quote", "bidder")
    pass_deadlines(timezone.now() + dt.timedelta(days=4))
    due = timezone.now() + dt.timedelta(days=30)
    moved(buyer, case, "award", "buyer", supplier=number(first), price_yuan=Decimal("9500"), delivery_due=due)
    moved(first, case, "decline", "supplier")
    moved(buyer, case, "award", "buyer", supplier=number(second), price_yuan=Decimal("9900.5"), delivery_due=due)
    case = moved(second, case, "confirm", "supplier")
    last = releases(buyer, case)[-1]
    assert [(one["status"], one["suppliers"][0]["name"]) for one in last["awards"]] == [
        ("cancelled", "乙厂"),
        ("active", "丙厂"),
    ]
    assert last["awards"][1]["value"] == {"amount": 9900.5, "currency": "CNY"}
    assert [one["status"] for one in last["contracts"]] == ["active"]
    assert {one["name"] for one in last["tender"]["tenderers"]} == {"乙厂", "丙厂"}
    assert last["buyer"]["name"] == "甲厂"


def test_no_release_tells_who_answers_a_sealed_tender_or_that_somebody_does() -> None:
    buyer, bidder, other = firm("甲厂"), firm("乙厂"), firm("丙厂")
    case = published(buyer, sealed=True)
    moved(bidder, case, "quote", "bidder")
    case.refresh_from_db()
    for viewer in (buyer, other):
        made = releases(viewer, case)
        assert [one["tag"] for one in made] == [["tender"]]
        assert "乙厂" not in json.dumps(made, ensure_ascii=False)
        assert "tenderers" not in made[-1]["tender"]


def test_a_price_is_in_the_releases_of_those_alone_who_may_see_it() -> None:
    buyer, bidder, other = firm("甲厂"), firm("乙厂"), firm("丙厂")
    case = published(buyer, sealed=False)
    moved(bidder, case, "quote", "bidder")
    pass_deadlines(timezone.now() + dt.timedelta(days=4))
    due = timezone.now() + dt.timedelta(days=30)
    case = moved(buyer, case, "award", "buyer", supplier=number(bidder), price_yuan=Decimal("777"), delivery_due=due)
    assert "777" in json.dumps(releases(bidder, case))
    assert "777" not in json.dumps(releases(other, case))
