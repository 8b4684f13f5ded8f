"""Webhooks that a receiver can trust: signed as in the Standard Webhooks specification, tried again for three days.

Existing libraries of that specification (standardwebhooks.com) verify them.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from gaoyuan.errors import InputError

__all__ = ["RETRIES", "NoticeInvalid", "new_secret", "next_attempt", "signed_headers", "verify"]

_PREFIX = "whsec_"
_SECRET_BYTES = 24
_TOLERANCE = dt.timedelta(minutes=5)
RETRIES = tuple(
    dt.timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long after each failed attempt the next one is made; after the last the notice is given up and shown as such."""


class NoticeInvalid(InputError):
    """A webhook whose secret or signature does not hold."""


def new_secret() -> str:
    """Make the secret of a receiver: shown once, kept by both."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(secret: str, number: str, when: dt.datetime, body: bytes) -> dict[str, str]:
    """Give the headers of a webhook: its `number` (the same at every attempt, so that the receiver knows a repetition),
    the time of the attempt, and the signature of both and the body.

    >>> moment = dt.datetime.fromtimestamp(1614265330, dt.UTC)
    >>> secret, number = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    >>> signed_headers(secret, number, moment, b'{"test": 2432232314}')["webhook-signature"]
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    timestamp = str(int(when.timestamp()))
    return {
        "webhook-id": number,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{_signature(secret, number, timestamp, body)}",
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: dt.datetime) -> None:
    """Check a webhook as its receiver does. Raises NoticeInvalid where a header is missing, the signature is another,
    or the time is more than five minutes off, so that an old one is not played back.
    """
    held = {name.lower(): value for name, value in headers.items()}
    try:
        number, timestamp, signatures = (held[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
        sent = dt.datetime.fromtimestamp(int(timestamp), dt.UTC)
    except KeyError as missing:
        raise NoticeInvalid(f"no header {missing.args[0]}", zh=f"缺少请求头 {missing.args[0]}") from None
    except (ValueError, OverflowError, OSError):
        raise NoticeInvalid("the time of the webhook is no number", zh="回调时间不是数字") from None
    if abs(now - sent) > _TOLERANCE:
        raise NoticeInvalid("the webhook is more than five minutes old or ahead", zh="回调时间相差超过五分钟")
    expected = _signature(secret, number, timestamp, body).encode()
    given = [one.removeprefix("v1,").encode() for one in signatures.split() if one.startswith("v1,")]
    if not any(hmac.compare_digest(expected, one) for one in given):
        raise NoticeInvalid("the signature is not that of this secret and body", zh="签名与密钥或内容不符")


def next_attempt(failed: int, last: dt.datetime) -> dt.datetime | None:
    """Say when to try again after so many failed attempts, the last of them at `last`; None to give up.

    >>> next_attempt(1, dt.datetime(2026, 5, 1, 12)) - dt.datetime(2026, 5, 1, 12)
    datetime.timedelta(seconds=5)
    """
    return last + RETRIES[failed - 1] if 1 <= failed <= len(RETRIES) else None


def _signature(secret: str, number: str, timestamp: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise NoticeInvalid("the secret of the webhook is not in base64", zh="回调密钥不是 base64 文本") from None
    signed = b".".join((number.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
