"""Requests climb from the county up, and how long they waited is not made better by not answering."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.network import (
    Answered,
    Level,
    NetworkInvalid,
    Provider,
    Request,
    ServiceKind,
    route_request,
    service_quality,
)

ASKED = dt.datetime(2026, 5, 1, 9)
TESTING: frozenset[ServiceKind] = frozenset({"testing"})
REQUEST = Request("r", "testing", "370202", "2710", ASKED)


def provider(key: str, level: Level, division: str, *industries: str, **given) -> Provider:
    return Provider(key, key, level, division, TESTING, frozenset(industries), **given)


def test_a_request_goes_to_the_county_first_and_climbs_when_its_time_is_over() -> None:
    providers = [
        provider("p", "province", "370000"),
        provider("c", "city", "370200"),
        provider("k", "county", "370202"),
    ]
    first = route_request(REQUEST, providers)
    assert (first.level, first.climbs) == ("county", ASKED + dt.timedelta(days=3))
    second = route_request(REQUEST, providers, passed=["county"], since=first.climbs)
    assert (second.level, second.climbs) == ("city", ASKED + dt.timedelta(days=8))
    last = route_request(REQUEST, providers, passed=["county", "city"])
    assert (last.level, last.climbs) == ("province", None)


def test_who_names_the_industry_more_exactly_is_asked_first_and_who_serves_others_is_not() -> None:
    providers = [
        provider("all", "county", "370202"),
        provider("class", "county", "370202", "2710"),
        provider("division", "county", "370202", "27"),
        provider("other", "county", "370202", "17"),
        provider("elsewhere", "county", "370203"),
        Provider("finance", "f", "county", "370202", frozenset[ServiceKind]({"finance"})),
    ]
    routed = route_request(REQUEST, providers)
    assert [one.provider.key for one in routed.asked] == ["class", "division", "all"]
    unknown = route_request(Request("r", "testing", "370202", None, ASKED), providers)
    assert [one.provider.key for one in unknown.asked] == ["all"]


def test_a_level_that_is_full_or_has_declined_is_passed_over_and_that_is_told() -> None:
    full = provider("k", "county", "370202", most_open=2, open_requests=2)
    above = provider("c", "city", "370200")
    routed = route_request(REQUEST, [full, above])
    assert (routed.level, "县级机构已满或已谢绝" in routed.zh) == ("city", True)
    nobody = route_request(REQUEST, [full, above], declined=["c"])
    assert (nobody.level, nobody.asked, nobody.climbs) == ("province", (), None)
    assert "no such provider" in nobody.en


@given(st.lists(st.floats(0, 500), min_size=1, max_size=12), st.integers(0, 11))
def test_not_answering_never_makes_the_wait_look_shorter(hours: list[float], at: int) -> None:
    now = ASKED + dt.timedelta(hours=1000)
    done = [Answered(REQUEST, "k", ASKED + dt.timedelta(hours=wait)) for wait in hours]
    hidden = [Answered(REQUEST) if number == at else one for number, one in enumerate(done)]
    whole, without = (service_quality(answers, now).median_hours for answers in (done, hidden))
    assert whole is not None
    assert without is None or without >= whole
    assert whole == pytest.approx(sorted(hours)[(len(hours) - 1) // 2], abs=1e-3)


def test_the_satisfaction_of_fewer_than_three_is_not_told() -> None:
    answers = [Answered(REQUEST, "k", ASKED, 4), Answered(REQUEST, "k", ASKED, 2), Answered(REQUEST)]
    assert service_quality(answers, ASKED).content is None
    assert service_quality([*answers, Answered(REQUEST, "k", ASKED, 3)], ASKED).content == 3
    nothing = service_quality([], ASKED)
    assert (nothing.answered_share, nothing.median_hours, nothing.content) == (None, None, None)


@given(st.lists(st.floats(0, 500), min_size=1, max_size=12), st.integers(0, 11), st.floats(0, 500))
def test_passing_a_request_on_never_makes_the_wait_look_shorter(hours: list[float], at: int, after: float) -> None:
    now = ASKED + dt.timedelta(hours=1000)
    done = [Answered(REQUEST, "k", ASKED + dt.timedelta(hours=wait)) for wait in hours]
    gone = Answered(REQUEST, left=ASKED + dt.timedelta(hours=after))
    passed_on = [gone if number == at else one for number, one in enumerate(done)]
    whole, without = (service_quality(answers, now).median_hours for answers in (done, passed_on))
    assert whole is not None
    assert without is None or without >= whole


def test_figures_are_public_from_five_cases_on() -> None:
    assert not service_quality([Answered(REQUEST)] * 4, ASKED).public
    assert service_quality([Answered(REQUEST)] * 5, ASKED).public


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(NetworkInvalid, match="six digits"):
        Request("r", "testing", "37020", None, ASKED)
    with pytest.raises(NetworkInvalid, match="before it was asked"):
        Answered(REQUEST, "k", ASKED - dt.timedelta(hours=1))
    with pytest.raises(NetworkInvalid, match="left after"):
        Answered(REQUEST, "k", ASKED, left=ASKED)
    with pytest.raises(NetworkInvalid, match="from 1 to 5"):
        Answered(REQUEST, content=6)
    with pytest.raises(NetworkInvalid, match="fewer than no"):
        provider("k", "county", "370202", most_open=-1)
