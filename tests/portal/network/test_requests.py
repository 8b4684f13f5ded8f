"""A request goes to the county first, then up; whoever is named answers, and the firm says how content it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from gaoyuan.exchange.network import DAYS_TO_ANSWER
from gaoyuan.exchange.process import process
from gaoyuan.portal.cases.models import Case, Notice, RecordLine
from gaoyuan.portal.cases.moving import PROGRAM, pass_deadlines
from gaoyuan.portal.network.models import Provider, ServiceRequest, Wait
from gaoyuan.portal.network.routing import LEVEL_OF, climb

from .conftest import in_days, register


def provider_of(name: str) -> str:
    return str(Provider.unscoped.get(party__name=name).pk)


def served(people, case: Case, station, mark: int = 5) -> None:
    assert people["县局"].moves(case, "assign", provider=provider_of("诊断站")) == ""
    assert station.moves(case, "take_on", done_by=in_days(5)) == ""
    assert station.moves(case, "finish") == ""
    assert people[case.organisation.name].moves(case, "rate", satisfaction=str(mark)) == ""


def test_a_request_is_asked_assigned_served_and_rated(people, station) -> None:
    case = people["甲厂"].asks()
    assert Notice.unscoped.filter(case=case, organisation=people["县局"].organisation).exists()
    page = people["县局"].reads(f"/services/case/{case.pk}/")
    assert "诊断站（提供诊断服务，还可受理 5 件）" in page
    served(people, case, station, 4)
    case.refresh_from_db()
    row = ServiceRequest.unscoped.get(case=case)
    assert (case.state, row.content) == ("completed", 4)
    waits = list(Wait.unscoped.filter(request=row))
    assert [(one.level, one.provider is None) for one in waits] == [("county", True), ("county", False)]
    assert all(one.answered is not None for one in waits)


def test_the_days_to_answer_are_those_of_the_process() -> None:
    states = process("service-request").states
    for state, level in LEVEL_OF.items():
        deadline = states[state].deadline
        assert deadline is not None
        assert deadline.days == DAYS_TO_ANSWER[level]


def test_a_request_climbs_when_its_time_is_over_and_the_wait_counts_as_unanswered(people, station) -> None:
    case = people["甲厂"].asks()
    assert pass_deadlines(timezone.now() + dt.timedelta(days=DAYS_TO_ANSWER["county"], hours=1)) == 1
    case.refresh_from_db()
    assert case.state == "at_city"
    first, second = Wait.unscoped.filter(request__case=case)
    assert (first.answered, first.left is not None) == (None, True)
    assert (second.level, second.division) == ("city", "370200")


def test_a_level_without_a_provider_is_passed_at_once_and_the_record_says_why(
    people, django_capture_on_commit_callbacks
) -> None:
    register(people["市局"], "乙厂")
    with django_capture_on_commit_callbacks(execute=True):
        case = people["甲厂"].asks()
    case.refresh_from_db()
    assert case.state == "at_city"
    line = RecordLine.unscoped.get(case=case, number=2)
    assert line.plain["actor"] == PROGRAM
    assert "县级没有此类机构" in line.plain["why"]
    climb(case.pk)
    case.refresh_from_db()
    assert case.state == "at_city"


def test_who_declines_is_not_named_again_and_the_province_may_name_others(people, station) -> None:
    register(people["县局"], "乙厂")
    case = people["甲厂"].asks()
    people["县局"].moves(case, "assign", provider=provider_of("诊断站"))
    assert station.moves(case, "decline", why="已满") == ""
    page = people["省厅"].reads(f"/services/case/{case.pk}/")
    assert "乙厂（提供诊断服务" in page
    assert "诊断站（提供诊断服务" not in page
    assert "errorlist" in people["省厅"].moves(case, "assign", provider=provider_of("诊断站"))
    assert station.client.get(f"/services/case/{case.pk}/").status_code == 404


def test_a_full_provider_cannot_be_named(people, station) -> None:
    Provider.unscoped.update(most_open=1)
    first, second = people["甲厂"].asks(), people["乙厂"].asks()
    people["县局"].moves(first, "assign", provider=provider_of("诊断站"))
    assert "errorlist" in people["县局"].moves(second, "assign", provider=provider_of("诊断站"))


def test_others_know_nothing_of_a_request_and_each_office_is_its_own_station(people, station) -> None:
    case = people["甲厂"].asks()
    for name in ("乙厂", "诊断站", "邻县局", "丁厂"):
        assert people[name].client.get(f"/services/case/{case.pk}/").status_code == 404
        assert "锅炉节能诊断" not in people[name].reads("/services/service-request/?format=csv")
    for name in ("市局", "省厅"):
        answer = people[name].client.post(
            f"/services/case/{case.pk}/assign/", {"assign-provider": provider_of("诊断站")}
        )
        assert answer.status_code == 404
    case.refresh_from_db()
    assert case.state == "at_county"


def test_figures_are_public_from_five_requests_of_three_firms_on(people, station, client) -> None:
    for name in ("甲厂", "乙厂", "丙厂", "甲厂"):
        served(people, people[name].asks(), station)
    Wait.unscoped.update(answered=timezone.now())
    assert "过少" in client.get("/network/").content.decode()
    hidden = client.get("/network/?format=csv&table=providers").content.decode("utf-8-sig")
    assert "诊断站,county,市南区,diagnosis,,,,,,0532-1" in hidden.replace("县级", "county").replace(
        "诊断,", "diagnosis,"
    )
    served(people, people["乙厂"].asks(), station, 3)
    shown = client.get("/network/?format=csv&table=providers").content.decode("utf-8-sig")
    assert ",5,100.0,0.0,4.6," in shown
    page = client.get("/network/", headers={"accept-language": "en"}).content.decode()
    assert "4.6" in page
    stations = client.get("/network/?format=csv&table=stations").content.decode("utf-8-sig")
    assert "市南区,5,100.0,0.0" in stations


def test_five_requests_of_one_firm_stay_hidden(people, station, client) -> None:
    for _ in range(5):
        served(people, people["甲厂"].asks(), station)
    assert "5.0" not in client.get("/network/?format=csv").content.decode()
    assert '<td class="number">5</td>' not in client.get("/network/").content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "没有的厂"}, "本部门辖内没有此名称"),
        ({"name": "丁厂"}, "本部门辖内没有此名称"),
        ({"industries": "9999"}, "9999"),
        ({"kinds": ["magic"]}, "errorlist"),
        ({"most_open": "0"}, "errorlist"),
    ],
)
def test_a_provider_that_cannot_be_is_refused_with_its_reason(people, given, words) -> None:
    assert words in register(people["县局"], str(given.pop("name", "诊断站")), **given)
    assert not Provider.unscoped.exists()


def test_an_office_changes_its_own_providers_and_those_below_and_no_others(people, station) -> None:
    assert "已登记" in register(people["县局"], "诊断站")
    pk = provider_of("诊断站")
    given = {"kinds": ["testing"], "most_open": "2", "industries": "1761"}
    assert people["邻县局"].client.get(f"/network/providers/{pk}/").status_code == 404
    assert people["市局"].sends(f"/network/providers/{pk}/", **given) == ""
    held = Provider.unscoped.get(pk=pk)
    assert (held.kinds, held.industries, held.active) == (["testing"], ["1761"], False)


def test_bad_requests_are_answered_in_words(people) -> None:
    firm = people["甲厂"]
    for given in ({"industry": "0000"}, {"kind": "magic"}, {"text": " "}):
        assert "errorlist" in firm.sends(
            "/services/service-request/new/", **{"title": "x", "kind": "testing", "text": "y", **given}
        )
    firm.organisation.parent = None
    firm.organisation.save()
    page = firm.sends("/services/service-request/new/", title="x", kind="testing", text="y")
    assert "没有所属县" in page
    assert not Case.unscoped.exists()
