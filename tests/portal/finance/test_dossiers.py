"""A bank opens what an enterprise shows it: verified figures and reasons; each opening is seen, and consent obeyed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gaoyuan.portal.evidence.keeping import STORE, log_signer
from gaoyuan.portal.evidence.models import LogRecord, Release, Use
from gaoyuan.portal.evidence.releasing import pack_of
from gaoyuan.portal.finance.closing import close_ended
from gaoyuan.portal.finance.models import BankAct, Dossier
from gaoyuan.trust import check_log
from gaoyuan.trust.keys import ed25519_signer
from gaoyuan.trust.pack.sealing import open_seal, seal
from tests.portal.finance.conftest import Town, asked
from tests.trust.pack.conftest import Platform

pytestmark = pytest.mark.django_db


def test_a_bank_sees_verified_figures_reasons_and_limits_and_no_score(town: Town) -> None:
    held = asked(town)
    page = town.bank.client.get(f"/credit/dossiers/{held.pk}/").content.decode()
    for said in (
        "全部成立",
        "交易笔数过少",
        "1,200.5",
        "最大客户占销售额",
        "100.00 %",
        "不证明记录内容真实",
        "同行过少",
    ):
        assert said in page, said
    assert "平台陈述" in page
    for name, said in (("figures", "1200.50"), ("months", "1200.50"), ("reasons", "交易笔数"), ("peers", "客户数")):
        file = town.bank.client.get(f"/credit/dossiers/{held.pk}/?format=csv&table={name}")
        assert said in file.content.decode("utf-8-sig"), name


def test_the_enterprise_sees_every_opening_and_the_log_has_it(town: Town) -> None:
    held = asked(town)
    for _ in range(3):
        assert town.bank.client.get(f"/credit/dossiers/{held.pk}/").status_code == 200
    assert Use.unscoped.filter(release=held.release).count() == 3
    assert LogRecord.objects.filter(kind="use").count() == 3
    page = town.firms.seller.client.get("/credit/").content.decode()
    assert "城关农商银行" in page
    assert "(3)" in page
    release = town.firms.seller.client.get(f"/evidence/{held.release_id}/").content.decode()  # pyright: ignore[reportAttributeAccessIssue]
    assert release.count("平台上的银行") == 3
    assert check_log(STORE, log_signer().key) == ()


def test_a_consent_that_was_withdrawn_closes_the_view_and_its_files(town: Town) -> None:
    held = asked(town)
    assert town.firms.seller.client.post(f"/evidence/{held.release_id}/withdraw/").status_code == 302  # pyright: ignore[reportAttributeAccessIssue]
    for address in (f"/credit/dossiers/{held.pk}/", f"/credit/dossiers/{held.pk}/?format=csv&table=figures"):
        answer = town.bank.client.get(address)
        assert "企业已撤回授权" in answer.content.decode()
        assert "1200.50" not in answer.content.decode()
    assert not Use.unscoped.exists()


def test_a_consent_that_has_expired_closes_the_view(town: Town) -> None:
    held = asked(town)
    Release.unscoped.filter(pk=held.release_id).update(expires="2020-01-01")  # pyright: ignore[reportAttributeAccessIssue]
    assert "授权已到期" in town.bank.client.get(f"/credit/dossiers/{held.pk}/").content.decode()
    assert close_ended() == 1
    held.refresh_from_db()
    assert held.closed is not None


def test_nobody_but_the_bank_that_was_named_opens_a_dossier(town: Town) -> None:
    held = asked(town)
    for who in (town.other_bank, town.office, town.firms.seller, town.firms.buyer):
        assert who.client.get(f"/credit/dossiers/{held.pk}/").status_code == 404
        assert who.client.post(f"/credit/dossiers/{held.pk}/act/", {"kind": "note", "text": "x"}).status_code == 404
    assert "乙厂" not in town.other_bank.client.get("/credit/").content.decode()
    assert "城关农商银行" not in town.firms.buyer.client.get("/credit/").content.decode()


def sent(town: Town, content: bytes, who: str = "bank") -> str:
    file = SimpleUploadedFile("a.pack", content)
    return getattr(town, who).client.post("/credit/dossiers/upload/", {"pack": file}, follow=True).content.decode()


def test_a_file_of_this_platform_is_the_dossier_of_its_consent(town: Town) -> None:
    held = asked(town)
    assert held.release is not None
    content = pack_of(held.release)
    assert "全部成立" in sent(town, content)
    assert Dossier.unscoped.count() == 1
    assert "授权写明的接收方是别的机构" in sent(town, content, "other_bank")
    assert Use.unscoped.filter(release=held.release).count() == 2


def test_a_file_that_was_changed_is_not_kept(town: Town) -> None:
    held = asked(town)
    assert held.release is not None
    content = pack_of(held.release)
    for wrong in (content.replace(b"1200.50", b"9200.50"), b"nothing", content[:-9], b"gaoyuan/pack/v1\nx\n\n{}"):
        assert "未通过核验" in sent(town, wrong)
    assert Dossier.unscoped.count() == 1


def elsewhere(expires: str) -> bytes:
    """Make the pack of a firm on another platform."""
    other = Platform(ed25519_signer("elsewhere.example/log", b"o" * 32))
    other.trade("7", "8", "3100.00", "2026-03-05")
    return other.pack("7", other.consent("7", "2026-01", "2026-06", "2026-07-01", expires))


def test_a_file_of_another_platform_opens_with_its_key_to_compare_until_its_consent_ends(town: Town) -> None:
    page = sent(town, elsewhere("2099-12-31"))
    for said in ("前后一致，但日志密钥尚未核对", "elsewhere.example/log+", "3100.00", "授权写明的接收方是别的机构"):
        assert said in page, said
    held = Dossier.unscoped.get()
    assert held.release is None
    assert close_ended() == 0
    assert sent(town, elsewhere("2099-12-31"))
    assert Dossier.unscoped.count() == 1
    Dossier.unscoped.update(expires="2020-01-01")
    assert close_ended() == 1
    held.refresh_from_db()
    assert bytes(held.content) == b""
    assert "3100.00" not in town.bank.client.get(f"/credit/dossiers/{held.pk}/").content.decode()
    assert "未通过核验" in sent(town, elsewhere("2026-07-01"))


def test_a_pack_of_ours_under_anothers_seal_is_refused(town: Town) -> None:
    held = asked(town)
    assert held.release is not None
    ours = log_signer()
    other = ed25519_signer("elsewhere.example/log", b"o" * 32)
    assert "未通过核验" in sent(town, seal(open_seal(pack_of(held.release), ours.key), other))


def test_a_decision_is_a_record_that_the_enterprise_sees_and_a_note_is_not(town: Town) -> None:
    held = asked(town)
    address = f"/credit/dossiers/{held.pk}/act/"
    for given in (
        {"kind": "note", "text": "走访过，设备在用"},
        {"kind": "applied", "text": ""},
        {"kind": "asked", "text": "请补近三个月水电费单"},
        {"kind": "granted", "text": "信用贷款", "amount_yuan": "300000", "months": "12"},
    ):
        assert town.bank.client.post(address, given).status_code == 302, given
    assert [one.record is None for one in BankAct.unscoped.order_by("number")] == [True, False, False, False]
    granted = LogRecord.objects.get(pk=BankAct.unscoped.get(kind="granted").record_id)  # pyright: ignore[reportAttributeAccessIssue]
    assert (granted.kind, granted.said["what"], granted.said["amount_yuan"]) == ("use", "granted", "300000.00")
    assert granted.public == {"kind": "use"}
    page = town.firms.seller.client.get("/credit/").content.decode()
    assert "水电费" in page
    assert "300,000.00" in page
    assert "走访" not in page
    again = town.bank.client.post(address, {"kind": "refused", "text": "改主意"})
    assert again.status_code == 200
    assert BankAct.unscoped.count() == 4


def test_a_bank_is_asked_for_what_a_decision_needs(town: Town) -> None:
    held = asked(town)
    address = f"/credit/dossiers/{held.pk}/act/"
    for given, wrong in (
        ({"kind": "refused", "text": " "}, "text"),
        ({"kind": "granted", "text": "", "months": "12"}, "amount_yuan"),
        ({"kind": "granted", "text": "", "amount_yuan": "-5", "months": "12"}, "amount_yuan"),
        ({"kind": "granted", "text": "", "amount_yuan": "1e9999", "months": "12"}, "amount_yuan"),
        ({"kind": "approved", "text": "x"}, "kind"),
    ):
        answer = town.bank.client.post(address, given)
        assert wrong in answer.context["form"].errors, given
    assert not BankAct.unscoped.exists()


def test_after_a_withdrawal_a_bank_notes_and_refuses_and_grants_nothing(town: Town) -> None:
    held = asked(town)
    town.firms.seller.client.post(f"/evidence/{held.release_id}/withdraw/")  # pyright: ignore[reportAttributeAccessIssue]
    address = f"/credit/dossiers/{held.pk}/act/"
    granted = {"kind": "granted", "text": "", "amount_yuan": "1", "months": "1"}
    assert town.bank.client.post(address, granted).status_code == 200
    assert town.bank.client.post(address, {"kind": "refused", "text": "授权已撤回"}).status_code == 302
    assert BankAct.unscoped.get().kind == "refused"


def test_bad_terms_are_answered_clearly(town: Town) -> None:
    month = f"{timezone.localdate():%Y-%m}"
    good = {
        "bank": town.bank.organisation.pk,
        "purpose": "首贷",
        "first": month,
        "last": month,
        "expires": "2999-01-01",
    }
    for changed, said in (
        ({"bank": town.office.organisation.pk}, "bank"),
        ({"bank": "x"}, "bank"),
        ({"first": "2026-13"}, "first"),
        ({}, "expires"),
    ):
        answer = town.firms.seller.client.post("/credit/ask/", {**good, **changed})
        assert said in answer.context["form"].errors, changed
    assert not Dossier.unscoped.exists()
