"""Sending notices: each goes once to every channel of its organisation, and is tried again for three days."""

from __future__ import annotations

import datetime as dt
import json
import logging
import smtplib

import certifi
import urllib3
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef
from django.utils import timezone

from gaoyuan.exchange.notices import next_attempt, signed_headers
from gaoyuan.exchange.process import process
from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.cases.models import Notice
from gaoyuan.portal.cases.service import service_of
from gaoyuan.portal.delivery.addresses import AddressRefused, target_of
from gaoyuan.portal.delivery.models import Channel, ChannelKind, Delivery

__all__ = ["SendingFailed", "body_of", "post", "send_due"]

_AT_ONCE = 200
_TIMEOUT = urllib3.Timeout(connect=5, read=10)
_log = logging.getLogger(__name__)


class SendingFailed(Exception):
    """A channel that did not take a notice; what it says is shown to the channel's organisation."""


def send_due(now: dt.datetime | None = None) -> int:
    """Send all notices that are due, and give how many arrived. One that fails is tried again later and holds up no
    other; a process that is killed after sending sends that one again, under the same number.
    """
    _write_down(now or timezone.now())
    arrived = 0
    waiting = Delivery.unscoped.filter(next_at__lte=now or timezone.now())
    ordered = waiting.select_related("channel", "notice__case", "notice__line").order_by("next_at", "notice")
    for one in ordered[:_AT_ONCE]:
        arrived += _send(one, now or timezone.now())
    return arrived


def body_of(delivery: Delivery) -> dict[str, object]:
    """Give what a webhook says: which case was moved how, and where to read on; nothing of what only the page shows to
    those who may see it.
    """
    notice = delivery.notice
    return {
        "type": "case.moved",
        "timestamp": notice.line.plain["at"],
        "data": {
            "case": str(notice.case.pk),
            "process": notice.case.process,
            "title": notice.case.title,
            "move": notice.line.plain["move"],
            "sequence": notice.line.sequence,
            "address": _address_of(notice),
        },
    }


def post(channel: Channel, number: str, body: bytes, when: dt.datetime) -> None:
    """Send a signed webhook; raises SendingFailed where the receiver does not answer 2xx, AddressRefused where its
    address has come to lead where the portal does not send. It follows no redirection.
    """
    target = target_of(channel.address)
    headers = {
        "content-type": "application/json",
        "user-agent": "gaoyuan",
        "host": target.host if target.port in (80, 443) else f"{target.host}:{target.port}",
        **signed_headers(channel.signing_secret, number, when, body),
    }
    pool: urllib3.HTTPConnectionPool
    if target.secure:
        pool = urllib3.HTTPSConnectionPool(
            target.ip,
            target.port,
            server_hostname=target.host,
            assert_hostname=target.host,
            cert_reqs="CERT_REQUIRED",
            ca_certs=certifi.where(),
        )
    else:
        pool = urllib3.HTTPConnectionPool(target.ip, target.port)
    with pool:
        try:
            answer = pool.request(
                "POST", target.path, body=body, headers=headers,
                timeout=_TIMEOUT, retries=False, redirect=False, preload_content=False,
            )  # fmt: skip
            answer.close()
        except urllib3.exceptions.HTTPError as fault:
            raise SendingFailed(f"{type(fault).__name__}: {fault}") from None
    if not 200 <= answer.status < 300:
        raise SendingFailed(f"HTTP {answer.status}")


def _write_down(now: dt.datetime) -> None:
    """Write down a delivery of every notice that a channel has not had yet, in the order of the moves."""
    for channel in Channel.unscoped.select_related("organisation"):
        told = Notice.unscoped.filter(organisation=channel.organisation, made__gte=channel.made)
        had = Delivery.unscoped.filter(channel=channel, notice=OuterRef("pk"))
        rows = [
            Delivery(organisation=channel.organisation, channel=channel, notice=notice, next_at=now)
            for notice in told.filter(~Exists(had)).order_by("line__sequence")
        ]
        Delivery.unscoped.bulk_create(rows, ignore_conflicts=True)


def _send(delivery: Delivery, now: dt.datetime) -> bool:
    channel = delivery.channel
    rows = Delivery.unscoped.filter(pk=delivery.pk, next_at=delivery.next_at)
    try:
        if channel.kind == ChannelKind.MAIL:
            _mail(delivery)
        else:
            body = json.dumps(body_of(delivery), ensure_ascii=False, sort_keys=True).encode()
            post(channel, str(delivery.pk), body, timezone.now())
    except (SendingFailed, AddressRefused, smtplib.SMTPException, OSError) as fault:
        again = next_attempt(delivery.failures + 1, now)
        update_logged(rows, failures=delivery.failures + 1, fault=str(fault)[:300], next_at=again)
        _log.warning("notice %s did not arrive by %s: %s", delivery.pk, channel.kind, fault)
        return False
    update_logged(rows, arrived=now, next_at=None, fault="")
    return True


def _mail(delivery: Delivery) -> None:
    notice = delivery.notice
    asked = process(notice.case.process)
    step = asked.moves[notice.line.plain["move"]]
    text = (
        f"{asked.zh}：{notice.case.title}\n{step.zh}\n\n{asked.en}: {notice.case.title}\n{step.en}\n\n"
        f"{_address_of(notice)}\n"
    )
    subject = f"[高原 Gaoyuan] {' '.join(notice.case.title.split())}：{step.zh} {step.en}"
    EmailMessage(
        subject, text, to=[delivery.channel.address], headers={"Message-ID": f"<{delivery.pk}@gaoyuan>"}
    ).send()


def _address_of(notice: Notice) -> str:
    return settings.ADDRESS + service_of(notice.case.process).address(notice.organisation, notice.case)
