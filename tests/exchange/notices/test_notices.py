"""A receiver with a library of the specification takes our webhooks and no others; calendars say what was put in."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from gaoyuan.exchange.notices import (
    RETRIES,
    Appointment,
    NoticeInvalid,
    calendar_of,
    new_secret,
    next_attempt,
    signed_headers,
    verify,
)

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
BODY = '{"move": "award", "名称": "甲厂"}'.encode()


def test_a_library_that_we_did_not_write_takes_our_webhooks() -> None:
    secret = new_secret()
    # The library looks at the clock.
    headers = signed_headers(secret, "m1", dt.datetime.now(dt.UTC), BODY)
    assert Webhook(secret).verify(BODY, headers) == {"move": "award", "名称": "甲厂"}
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, headers)


def test_webhooks_of_that_library_are_taken() -> None:
    secret = new_secret()
    signature = Webhook(secret).sign("m2", NOW, BODY.decode())
    headers = {"webhook-id": "m2", "webhook-timestamp": str(int(NOW.timestamp())), "webhook-signature": signature}
    verify(secret, headers, BODY, NOW)
    verify(secret, {**headers, "webhook-signature": f"v1,AAAA v2,x {signature}"}, BODY, NOW)


@pytest.mark.parametrize("spoiled", ["body", "id", "timestamp", "signature", "secret", "late", "early"])
def test_whatever_is_changed_is_found(spoiled: str) -> None:
    secret, body, now = new_secret(), BODY, NOW
    headers = signed_headers(secret, "m1", NOW, BODY)
    match spoiled:
        case "body":
            body += b" "
        case "secret":
            secret = new_secret()
        case "late":
            now += dt.timedelta(minutes=6)
        case "early":
            now -= dt.timedelta(minutes=6)
        case "timestamp":
            headers["webhook-timestamp"] = str(int(NOW.timestamp()) + 1)
        case _:
            headers[f"webhook-{spoiled}"] += "x"
    with pytest.raises(NoticeInvalid):
        verify(secret, headers, body, now)


@given(st.dictionaries(st.sampled_from(["webhook-id", "Webhook-Timestamp", "webhook-signature"]), st.text(max_size=30)))
def test_headers_of_any_kind_are_refused_and_break_nothing(headers: dict[str, str]) -> None:
    with pytest.raises(NoticeInvalid):
        verify("whsec_AAAA", headers, BODY, NOW)


def test_a_secret_that_is_none_is_told() -> None:
    with pytest.raises(NoticeInvalid, match="base64"):
        signed_headers("whsec_!", "m1", NOW, BODY)


def test_attempts_go_on_for_three_days_and_end() -> None:
    last, failed = NOW, 0
    while (again := next_attempt(failed + 1, last)) is not None:
        assert again > last
        last, failed = again, failed + 1
    assert failed == len(RETRIES)
    assert dt.timedelta(days=2) < last - NOW < dt.timedelta(days=4)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_a_calendar_says_what_was_put_in(words: str) -> None:
    moved = Appointment(
        "b1", 2, "天平 预约", NOON, NOON + dt.timedelta(hours=1), "实验室", words, "https://example.org/1"
    )
    ended = Appointment("d1", 1, "报价截止", NOON, cancelled=True)
    read = Calendar.from_ical(calendar_of([moved, ended], name="某集群", made=NOON))
    first, second = read.walk("VEVENT")
    assert str(first.get("description", "")) == words
    assert (str(first["uid"]), first["sequence"], str(first["summary"])) == ("b1", 2, "天平 预约")
    assert first.decoded("dtstart") == NOON
    assert first.decoded("dtend") - first.decoded("dtstart") == dt.timedelta(hours=1)
    assert str(second["status"]) == "CANCELLED"
