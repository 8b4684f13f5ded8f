"""A security key is registered and signs trades; what it did not sign, or signed for others, is refused."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from django.contrib.messages import get_messages
from tests.portal.evidence.conftest import Pair, Party, deal
from tests.portal.evidence.test_releasing import checked, fetched, granted
from tests.portal.evidence.test_signing import handed
from tests.trust.authenticators import Authenticator

from gaoyuan.portal.evidence.devices import creation_text
from gaoyuan.portal.evidence.keeping import log_signer
from gaoyuan.portal.evidence.models import LogRecord, Signature, SigningKey
from gaoyuan.trust import VerifierKey
from gaoyuan.trust.pack.statements import register_key, registration_text, statement_text
from gaoyuan.trust.webauthn import challenge_of

pytestmark = pytest.mark.django_db


def encoded(**given: bytes) -> dict[str, str]:
    return {name: b64encode(one).decode() for name, one in given.items()}


def answer(device: Authenticator, text: str) -> dict[str, str]:
    data, client, signature = device.get(challenge_of(text.encode()))
    return encoded(credential=device.credential, authenticator_data=data, client_data=client, signature=signature)


def said(response: object) -> str:
    return " ".join(str(one) for one in get_messages(response.wsgi_request))  # pyright: ignore[reportAttributeAccessIssue]


def registered(own: Party, device: Authenticator, *, as_of: Party | None = None) -> str:
    """Register a key as the page's script does, and give what the page says."""
    owner, name = (as_of or own).organisation, f"device/{sha256(device.credential).hexdigest()[:16]}"
    key = VerifierKey(name, device.kind, device.public_key)
    text = registration_text(log_signer().key.name, str(owner.pk), key)
    data, client = device.create(challenge_of(creation_text(owner).encode()))
    given = {**encoded(made_data=data, made_client_data=client), **answer(device, text)}
    return said(own.client.post("/evidence/keys/device/", given))


def signed(own: Party, device: Authenticator, records: list[LogRecord], text: str = "") -> str:
    leaves = [bytes.fromhex(one.leaf) for one in records]
    given = answer(device, text or statement_text(log_signer().key.name, leaves))
    return said(own.client.post("/evidence/sign/device/", {"record": [one.pk for one in records], **given}))


@pytest.mark.parametrize("ed25519", [False, True])
def test_a_trade_that_a_security_key_has_signed_counts_in_a_pack(pair: Pair, ed25519: bool) -> None:
    device = Authenticator(ed25519=ed25519)
    assert "安全密钥已登记" in registered(pair.seller, device)
    key = SigningKey.unscoped.get()
    assert key.registered.said["held"] == "device"
    assert key.counter == 1
    trade = LogRecord.objects.get(kind="trade")
    assert "1 笔" in signed(pair.seller, device, [trade])
    pair.buyer.client.post("/evidence/keys/", {"hold": "1"})
    pair.buyer.client.post("/evidence/sign/", {"here": "1", "record": [trade.pk]})
    report = checked(fetched(pair.seller, granted(pair.seller)))
    assert report.verdict == "holds", report.checks
    assert report.figures["both_signed_bp"] == 10_000
    key.refresh_from_db()
    assert key.counter == 2


def test_a_key_is_registered_once_and_by_its_own_organisation(pair: Pair) -> None:
    device = Authenticator()
    assert "不是认证器对本平台的应答" in registered(pair.seller, device, as_of=pair.buyer)
    assert not SigningKey.unscoped.exists()
    registered(pair.seller, device)
    assert "已登记" in registered(pair.seller, device)
    assert SigningKey.unscoped.count() == 1
    key = SigningKey.unscoped.get()
    pair.seller.client.post(f"/evidence/keys/{key.pk}/revoke/", {"reason": "lost"})
    assert "已登记" in registered(pair.seller, device)
    assert "未登记或已吊销" in signed(pair.seller, device, [LogRecord.objects.get(kind="trade")])
    assert not Signature.unscoped.exists()


def test_what_the_key_did_not_sign_here_and_now_is_refused(pair: Pair) -> None:
    device, other = Authenticator(), Authenticator(seed=9)
    registered(pair.seller, device)
    trade = LogRecord.objects.get(kind="trade")
    deal(pair.buyer, pair.seller)
    later = LogRecord.objects.filter(kind="trade").exclude(pk=trade.pk).get()
    text = statement_text(log_signer().key.name, [bytes.fromhex(later.leaf)])
    assert "有效密钥" in signed(pair.seller, device, [trade], text)
    assert "未登记或已吊销" in signed(pair.seller, other, [trade])
    assert "未登记或已吊销" in signed(pair.buyer, device, [trade])
    device.flags = 0x01
    assert "有效密钥" in signed(pair.seller, device, [trade])
    device.flags = 0x05
    move = LogRecord.objects.filter(kind="move").earliest("index")
    assert "请选择" in signed(pair.seller, device, [move])
    assert not Signature.unscoped.exists()
    device.counter = 0
    assert "可能已被复制" in signed(pair.seller, device, [trade])
    device.counter = 7
    assert "1 笔" in signed(pair.seller, device, [trade])


@pytest.mark.parametrize("field", ["credential", "authenticator_data", "client_data", "signature", "made_data"])
def test_rubbish_from_a_browser_is_answered_with_a_sentence(pair: Pair, field: str) -> None:
    device = Authenticator()
    data, client = device.create(b"c")
    good = {**encoded(made_data=data, made_client_data=client), **answer(device, "text")}
    for bad in ("", "?", "A" * 20_000, "AAAA"):
        for where in ("/evidence/keys/device/", "/evidence/sign/device/"):
            records = {"record": ["x", "9" * 30, str(LogRecord.objects.get(kind="trade").pk)]}
            response = pair.seller.client.post(where, {**good, field: bad, **records})
            assert response.status_code == 302
            assert said(response)
    assert not SigningKey.unscoped.exists()


def test_a_registration_file_of_a_security_key_is_not_taken_as_a_file(pair: Pair) -> None:
    signer = Authenticator().signer("device/7")
    content = register_key(log_signer().key.name, str(pair.seller.organisation.pk), signer)
    assert "浏览器" in handed(pair.seller, "/evidence/keys/", content)
