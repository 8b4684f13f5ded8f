"""Notices reach a real mail server and a real web server, are tried again, and never reach the portal's own network."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message as MailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import move_case, open_case
from gaoyuan.portal.delivery.addresses import AddressRefused, target_of
from gaoyuan.portal.delivery.models import Channel, Delivery
from gaoyuan.portal.delivery.sending import send_due

pytestmark = pytest.mark.django_db


class Receiver(HTTPServer):
    """A program of a firm: keeps what it is sent, and answers as it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?from=gaoyuan"


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Receiver)
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({**self.headers, ":path": self.path}, body))
        self.send_response(self.server.status)
        self.send_header("location", self.server.address)
        self.end_headers()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        pass


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_INSIDE = True
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class _Box(Message):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[MailMessage] = []

    def handle_message(self, message: MailMessage) -> None:
        self.mails.append(message)


@pytest.fixture
def mail_box(settings: Any) -> Iterator[_Box]:
    box = _Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    settings.EMAIL_PORT = port
    yield box
    server.stop()


def firm(name: str) -> Viewer:
    return Viewer(Role.ENTERPRISE, None, Organisation.objects.create(name=name, kind=Role.ENTERPRISE))


def told(viewer: Viewer, bidder: str = "乙厂") -> Case:
    """A case whose buyer is told of a quotation."""
    opened = open_case(viewer, "supply-demand", role="buyer", title="法兰 DN50", given={"title": "法兰 DN50"})
    assert isinstance(opened, Case), opened
    given = {"closes_at": timezone.now() + dt.timedelta(days=5), "sealed": True}
    case = move_case(viewer, opened, "publish", role="buyer", given=given)
    assert isinstance(case, Case), case
    moved = move_case(firm(bidder), case, "quote", role="bidder")
    assert isinstance(moved, Case), moved
    return moved


def channel(viewer: Viewer, kind: str, address: str) -> tuple[Channel, str]:
    assert viewer.organisation is not None
    return Channel.make(viewer.organisation, kind, address)


def test_a_webhook_arrives_once_signed_so_that_a_strange_library_verifies_it(receiver: Receiver) -> None:
    buyer = firm("甲厂")
    _, secret = channel(buyer, "webhook", receiver.address)
    case = told(buyer)
    assert (send_due(), send_due()) == (1, 0)
    [(headers, body)] = receiver.got
    said = Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
    assert said["data"]["case"] == str(case.pk)
    assert (said["data"]["move"], headers[":path"]) == ("quote", "/hook?from=gaoyuan")
    assert "乙厂" not in body.decode()


def test_a_receiver_that_fails_is_asked_again_later_under_the_same_number(receiver: Receiver) -> None:
    buyer = firm("甲厂")
    channel(buyer, "webhook", receiver.address)
    told(buyer)
    receiver.status = 500
    now = timezone.now()
    assert (send_due(now), send_due(now)) == (0, 0)
    row = Delivery.unscoped.get()
    assert (row.failures, row.fault) == (1, "HTTP 500")
    receiver.status = 200
    assert send_due(now + dt.timedelta(seconds=6)) == 1
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    row.refresh_from_db()
    assert row.next_at is None
    assert row.arrived is not None


def test_a_redirection_is_not_followed(receiver: Receiver) -> None:
    buyer = firm("甲厂")
    channel(buyer, "webhook", receiver.address)
    told(buyer)
    receiver.status = 302
    assert (send_due(), len(receiver.got)) == (0, 1)
    assert Delivery.unscoped.get().fault == "HTTP 302"


def test_after_three_days_a_notice_is_given_up_and_shown_as_such(receiver: Receiver) -> None:
    buyer = firm("甲厂")
    channel(buyer, "webhook", receiver.address)
    told(buyer)
    receiver.status = 503
    now = timezone.now()
    for _ in range(12):
        send_due(now)
        now += dt.timedelta(days=2)
    row = Delivery.unscoped.get()
    assert (row.next_at, row.arrived, len(receiver.got)) == (None, None, 10)


def test_a_receiver_that_is_gone_holds_up_no_other(receiver: Receiver) -> None:
    buyer = firm("甲厂")
    channel(buyer, "webhook", "http://127.0.0.1:9/gone")
    channel(buyer, "webhook", receiver.address)
    told(buyer)
    assert send_due() == 1
    assert len(receiver.got) == 1


def test_a_mail_says_what_was_moved_in_both_languages_and_where_to_read_on(mail_box: _Box) -> None:
    buyer = firm("甲厂")
    channel(buyer, "mail", "office@example.com")
    case = told(buyer)
    assert send_due() == 1
    [mail] = mail_box.mails
    text = mail.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert str(make_header(decode_header(mail["subject"]))) == "[高原 Gaoyuan] 法兰 DN50：报价 quote"
    assert mail["to"] == "office@example.com"
    assert f"/services/case/{case.pk}/" in text.decode()
    assert "供需对接" in text.decode()


def test_what_was_told_before_a_channel_was_made_does_not_go_there(receiver: Receiver) -> None:
    buyer = firm("甲厂")
    told(buyer)
    channel(buyer, "webhook", receiver.address)
    assert send_due() == 0


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/",
        "https://user:word@93.184.215.14/",
        "https://[::ffff:10.0.0.1]/",
        "ftp://93.184.215.14/",
        "https://93.184.215.14:99999/",
        "https://[bad/",
        "https://no-such-host.invalid/",
        "",
    ],
)
def test_no_webhook_leads_into_the_portals_own_network(address: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(address)


def test_an_address_that_comes_to_lead_inside_gets_nothing(receiver: Receiver, settings: Any) -> None:
    buyer = firm("甲厂")
    channel(buyer, "webhook", receiver.address.replace("http:", "https:"))
    told(buyer)
    settings.WEBHOOKS_INSIDE = False
    assert (send_due(), receiver.got) == (0, [])
    assert "private network" in Delivery.unscoped.get().fault


def test_channels_are_added_and_removed_on_their_page_and_the_secret_is_shown_once(receiver: Receiver) -> None:
    own = Organisation.objects.create(name="甲厂", kind=Role.ENTERPRISE)
    user = User.objects.create(username="甲")
    Membership.objects.create(user=user, organisation=own)
    client = Client()
    client.force_login(user)
    shown = client.post("/services/channels/", {"kind": "webhook", "address": receiver.address}).content.decode()
    assert "whsec_" in shown
    again = client.get("/services/channels/").content.decode()
    assert receiver.address.replace("&", "&amp;") in again
    assert "whsec_" not in again
    assert "whsec_" not in str(bytes(Channel.unscoped.get().secret))
    twice = client.post("/services/channels/", {"kind": "webhook", "address": receiver.address}).content.decode()
    assert "该地址已在接收通知" in twice
    wrong = client.post("/services/channels/", {"kind": "mail", "address": "nobody"}).content.decode()
    assert "这不是邮件地址" in wrong
    client.post(f"/services/channels/{Channel.unscoped.get().pk}/remove/")
    assert not Channel.unscoped.exists()
