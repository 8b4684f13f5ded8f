"""Notices to people and programs: signed webhooks with retries, and dates as calendars."""

from gaoyuan.exchange.notices.calendars import Appointment, calendar_of
from gaoyuan.exchange.notices.webhooks import RETRIES, NoticeInvalid, new_secret, next_attempt, signed_headers, verify

__all__ = [
    "RETRIES",
    "Appointment",
    "NoticeInvalid",
    "calendar_of",
    "new_secret",
    "next_attempt",
    "signed_headers",
    "verify",
]
