"""A pack that an enterprise makes on its pages is one that a bank checks; it can be withdrawn, and uses are seen."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.portal.evidence.conftest import Pair, Party, deal, party

from gaoyuan.portal.evidence import keeping
from gaoyuan.portal.evidence.keeping import STORE, log_signer, newest_checkpoint
from gaoyuan.portal.evidence.models import LogRecord, Release
from gaoyuan.trust import check_log
from gaoyuan.trust.pack import Report, State, Verdict, verify_pack
from gaoyuan.trust.policy import Policy

pytestmark = pytest.mark.django_db


def granted(own: Party, **more: object) -> Release:
    month = f"{timezone.localdate():%Y-%m}"
    given = {
        "recipient": "某银行",
        "purpose": "首贷",
        "first": month,
        "last": month,
        "expires": (timezone.localdate() + dt.timedelta(days=9)).isoformat(),
    }
    answer = own.client.post("/evidence/new/", {**given, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Release.unscoped.latest("made")


def checked(content: bytes) -> Report:
    return verify_pack(content, timezone.now(), Policy((log_signer().key,)))


def fetched(own: Party, made: Release) -> bytes:
    answer = own.client.post(f"/evidence/{made.pk}/pack/")
    assert answer.status_code == 200
    return answer.content


def test_a_pack_of_the_portal_verifies_with_its_figures(pair: Pair) -> None:
    report = checked(fetched(pair.seller, granted(pair.seller)))
    assert report.verdict == Verdict.HOLDS, report.checks
    assert report.about["organisation_name"] == "乙厂"
    assert (report.figures["trades"], report.figures["sales_yuan"]) == (1, "1200.50")
    bought = checked(fetched(pair.buyer, granted(pair.buyer)))
    assert bought.verdict == Verdict.HOLDS, bought.checks
    assert (bought.figures["sales_yuan"], bought.figures["purchases_yuan"]) == ("0.00", "1200.50")


def test_a_pack_of_one_of_several_months_shows_that_nothing_is_left_out(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = timezone.now()
    for months in (1, 2):
        monkeypatch.setattr(keeping.timezone, "now", lambda months=months: begun + dt.timedelta(days=31 * months))
        deal(pair.buyer, pair.seller)
    month = f"{begun + dt.timedelta(days=31):%Y-%m}"
    monkeypatch.undo()
    made = granted(pair.seller, first=f"{begun:%Y-%m}", last=f"{begun:%Y-%m}")
    assert checked(fetched(pair.seller, made)).verdict == Verdict.HOLDS
    made.first = made.last = month
    assert LogRecord.objects.filter(kind="trade").count() == 3


def test_partners_that_are_masked_are_not_named_in_the_pack(pair: Pair) -> None:
    content = fetched(pair.seller, granted(pair.seller, masked=[pair.buyer.organisation.pk]))
    assert "甲厂".encode() not in content
    assert checked(content).verdict == Verdict.HOLDS


def test_only_partners_can_be_masked_and_bad_terms_are_answered_clearly(pair: Pair) -> None:
    stranger = party("丙厂")
    month = f"{timezone.localdate():%Y-%m}"
    good = {"recipient": "银行", "purpose": "首贷", "first": month, "last": month, "expires": "2999-01-01"}
    for changed, said in (
        ({"masked": [stranger.organisation.pk]}, "masked"),
        ({"expires": "2020-01-01"}, "expires"),
        ({"expires": "2999-01-01"}, "expires"),
        ({"first": "2026-13"}, "first"),
        ({"last": "2999-01"}, "last"),
        ({"first": month, "last": "2020-01"}, "last"),
        ({"recipient": "a\nb"}, "recipient"),
    ):
        answer = pair.seller.client.post("/evidence/new/", {**good, **changed})
        assert answer.status_code == 200
        assert said in answer.context["form"].errors, changed
    assert not Release.unscoped.exists()


def test_the_recipient_fetches_without_an_account_and_the_enterprise_sees_it(pair: Pair) -> None:
    made = granted(pair.seller)
    page = pair.seller.client.get(f"/evidence/{made.pk}/").content.decode()
    found = re.search(r"http://testserver(/evidence/shared/[^<]+)", page)
    assert found, page
    bank = Client()
    assert "某银行" in bank.get(found[1]).content.decode()
    answer = bank.post(found[1])
    assert checked(answer.content).verdict == Verdict.HOLDS
    assert "接收方" in pair.seller.client.get(f"/evidence/{made.pk}/").content.decode()
    assert LogRecord.objects.filter(kind="use").count() == 1
    assert bank.get("/evidence/shared/none/").status_code == 404


def test_a_consent_that_was_withdrawn_gives_nothing_and_the_log_says_so(pair: Pair) -> None:
    made = granted(pair.seller)
    page = pair.seller.client.get(f"/evidence/{made.pk}/").content.decode()
    shared = re.search(r"http://testserver(/evidence/shared/[^<]+)", page)
    assert shared
    status = f"/evidence/consents/{made.pk}/"
    assert "有效" in Client().get(status).content.decode()
    for _ in range(2):
        assert pair.seller.client.post(f"/evidence/{made.pk}/withdraw/").status_code == 302
    assert LogRecord.objects.filter(kind="withdrawal").count() == 1
    assert LogRecord.objects.get(kind="withdrawal").public["consent"] == str(made.pk)
    answer = Client().post(shared[1])
    assert "Content-Disposition" not in answer.headers
    assert "已撤回" in answer.content.decode()
    assert "已撤回" in Client().get(status).content.decode()


def test_nobody_else_reaches_a_pack(pair: Pair) -> None:
    made = granted(pair.seller)
    for address in (f"/evidence/{made.pk}/", f"/evidence/{made.pk}/pack/", f"/evidence/{made.pk}/withdraw/"):
        post = not address.endswith(f"{made.pk}/")
        ask = pair.buyer.client.post if post else pair.buyer.client.get
        assert ask(address).status_code == 404
    made.refresh_from_db()
    assert made.withdrawn is None


def test_a_figure_that_is_changed_in_a_pack_of_the_portal_is_found(pair: Pair) -> None:
    content = fetched(pair.seller, granted(pair.seller))
    forged = content.replace(b"1200.50", b"9200.50")
    assert forged != content
    report = checked(forged)
    assert report.verdict == Verdict.FAILS
    assert [one.key for one in report.checks if one.state == State.FAILS] == ["file"]


def test_the_log_is_published_and_stands_by_itself(pair: Pair) -> None:
    client = Client()
    assert b"tlog-tiles" in client.get("/log/").content
    content = client.get("/log/checkpoint").content
    size = newest_checkpoint().checkpoint.size
    assert f"\n{size}\n".encode() in content
    assert client.get(f"/log/tile/0/000.p/{size}").content == STORE.read(f"tile/0/000.p/{size}")
    assert client.get(f"/log/tile/entries/000.p/{size}").status_code == 200
    assert client.get("/log/proof/0").content.startswith(b"c2sp.org/tlog-proof@v1")
    for path in ("tile/0/../checkpoint", "tile/0/999", "tile/x", f"proof/{size}", "proof/99999999999999999999"):
        assert client.get(f"/log/{path}").status_code == 404
    assert check_log(STORE, log_signer().key) == ()
