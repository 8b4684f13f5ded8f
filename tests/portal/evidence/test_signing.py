"""Both sides sign a trade: with a key of their own, offline, or with one that the portal holds."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.portal.evidence.conftest import Pair, Party, deal
from tests.portal.evidence.test_releasing import checked, fetched, granted

from gaoyuan.portal.evidence.keeping import log_signer
from gaoyuan.portal.evidence.models import LogRecord, Signature, SigningKey
from gaoyuan.trust.keys import Signer, ed25519_signer
from gaoyuan.trust.pack.records import read_record
from gaoyuan.trust.pack.statements import register_key, sign_records

pytestmark = pytest.mark.django_db


def handed(own: Party, where: str, content: bytes) -> str:
    """Hand in a file, and give what the page says is wrong with it, empty where it was taken."""
    answer = own.client.post(where, {"note": SimpleUploadedFile("n.txt", content)})
    if answer.status_code == 302:
        return ""
    return str(answer.context["form"].errors["note"])


def own_key(own: Party, seed: bytes = b"k" * 32) -> Signer:
    signer = ed25519_signer(f"org/{own.organisation.pk}", seed)
    registration = register_key(log_signer().key.name, str(own.organisation.pk), signer)
    assert handed(own, "/evidence/keys/", registration) == ""
    return signer


def signed_offline(own: Party, signer: Signer) -> bytes:
    given = json.loads(own.client.get("/evidence/sign/?file=1").content)
    leaves = [read_record(one).leaf for one in given["records"]]
    return sign_records(log_signer().key.name, leaves, signer)


def test_a_trade_that_both_have_signed_counts_in_the_packs_of_both(pair: Pair) -> None:
    assert handed(pair.seller, "/evidence/sign/", signed_offline(pair.seller, own_key(pair.seller))) == ""
    once = checked(fetched(pair.seller, granted(pair.seller)))
    assert once.figures["both_signed_bp"] == 0, once.checks
    pair.buyer.client.post("/evidence/keys/", {"hold": "1"})
    trade = LogRecord.objects.get(kind="trade")
    answer = pair.buyer.client.post("/evidence/sign/", {"here": "1", "record": [trade.pk]})
    assert answer.status_code == 302
    for own in (pair.seller, pair.buyer):
        report = checked(fetched(own, granted(own)))
        assert report.figures["both_signed_bp"] == 10_000, report.checks
        assert report.verdict == "holds"
    masked = checked(fetched(pair.seller, granted(pair.seller, masked=[pair.buyer.organisation.pk])))
    assert masked.figures["both_signed_bp"] == 10_000
    assert "1 held by the platform, 1 of masked" in str(masked.checks)


def test_what_is_signed_offline_shows_all_that_one_may_see_and_no_more(pair: Pair) -> None:
    (record,) = json.loads(pair.seller.client.get("/evidence/sign/?file=1").content)["records"]
    shown = read_record(record).shown
    assert shown["buyer_name"] == "甲厂"
    assert not {"seller_as", "buyer_as"} & set(shown)
    assert {value.partition(":")[0] for name, value in shown.items() if name.startswith("count_")} == {
        str(pair.seller.organisation.pk)
    }


def test_what_cannot_be_taken_is_refused_with_its_reason(pair: Pair) -> None:
    signer = own_key(pair.seller)
    other = ed25519_signer("org/x", b"o" * 32)
    good = signed_offline(pair.seller, signer)
    assert "有效密钥" in handed(pair.seller, "/evidence/sign/", signed_offline(pair.seller, other))
    assert "有效密钥" in handed(pair.seller, "/evidence/sign/", b"\xff\x00rubbish")
    leaf = bytes.fromhex(LogRecord.objects.get(kind="trade").leaf)
    assert "另一日志" in handed(pair.seller, "/evidence/sign/", sign_records("example.com/b", [leaf], signer))
    move = bytes.fromhex(LogRecord.objects.filter(kind="move").earliest("index").leaf)
    for leaves in ([bytes(32)], [leaf, move]):
        foreign = sign_records(log_signer().key.name, leaves, signer)
        assert "不属于贵方" in handed(pair.seller, "/evidence/sign/", foreign)
    assert not Signature.unscoped.exists()
    assert handed(pair.seller, "/evidence/sign/", good) == ""
    assert "均已签署" in handed(pair.seller, "/evidence/sign/", good)
    assert Signature.unscoped.count() == 1
    for content in (
        b"rubbish",
        register_key("example.com/b", "1", other),
        register_key(log_signer().key.name, "1", other),
    ):
        assert handed(pair.seller, "/evidence/keys/", content)
    again = register_key(log_signer().key.name, str(pair.seller.organisation.pk), signer)
    assert "已登记" in handed(pair.seller, "/evidence/keys/", again)


def test_a_key_that_was_lost_signs_nothing_any_more_and_what_it_signed_stays(pair: Pair) -> None:
    signer = own_key(pair.seller)
    assert handed(pair.seller, "/evidence/sign/", signed_offline(pair.seller, signer)) == ""
    key = SigningKey.unscoped.get()
    assert pair.buyer.client.post(f"/evidence/keys/{key.pk}/revoke/", {"reason": "lost"}).status_code == 404
    for _ in range(2):
        assert pair.seller.client.post(f"/evidence/keys/{key.pk}/revoke/", {"reason": "lost"}).status_code == 302
    assert LogRecord.objects.filter(kind="revocation").count() == 1
    deal(pair.buyer, pair.seller)
    assert "有效密钥" in handed(pair.seller, "/evidence/sign/", signed_offline(pair.seller, signer))
    report = checked(fetched(pair.seller, granted(pair.seller)))
    assert report.verdict == "holds", report.checks


def test_the_private_key_that_the_portal_holds_is_encrypted(pair: Pair) -> None:
    pair.seller.client.post("/evidence/keys/", {"hold": "1"})
    key = SigningKey.unscoped.get()
    assert bytes(key.secret).startswith(b"gAAAA")
    pair.seller.client.post(f"/evidence/keys/{key.pk}/revoke/", {"reason": "replaced"})
    key.refresh_from_db()
    assert bytes(key.secret) == b""
